"""`manage.py withdraw_deal KEY`: takes a deal from publication."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from deals import publishing
from deals.management.publisher import publisher
from deals.models import Deal
from deals.publishing import PublishError


class Command(BaseCommand):
    """Past editions stay readable, marked as withdrawn."""

    help = "Withdraw a published deal. Its page then says so, with the reason."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help="Key of the deal.")
        parser.add_argument("--reason", required=True, help="Why. Readers see it.")
        parser.add_argument("--by", required=True, metavar="USER", help="Who withdraws it.")

    def handle(self, *args: Any, **options: Any) -> None:
        by = publisher(options["by"])
        deal = Deal.objects.filter(key=options["key"]).first()
        if deal is None:
            raise CommandError(f"There is no deal “{options['key']}”.")
        try:
            edition = publishing.withdraw(deal, by=by, reason=options["reason"])
        except PublishError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{deal.key} is withdrawn with edition {edition.number}.")
