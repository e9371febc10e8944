"""`manage.py expunge KEY`: removes a deal's content, or one kind of text in it, for good."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from deals.expunging import ExpungeError, expunge, expunge_text, texts
from deals.models import Deal


class Command(BaseCommand):
    """Asks before it acts, unless told `--yes`."""

    help = (
        "Remove what a deal says for good: documents, index, working tables and audit rows. "
        "Number, dates, key and the word “removed” stay. For an administrator, as the tables' "
        "owner. Back-ups still hold what was removed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help="Key of the deal.")
        parser.add_argument(
            "--field",
            metavar="PATH",
            help="Remove one kind of text only: " + ", ".join(texts()),
        )
        parser.add_argument("--reason", required=True, help="Why. Readers see it.")
        parser.add_argument("--by", required=True, metavar="USER", help="An administrator.")
        parser.add_argument("--yes", action="store_true", help="Do not ask.")

    def handle(self, *args: Any, **options: Any) -> None:
        by = get_user_model()._default_manager.filter(username=options["by"]).first()
        if by is None:
            raise CommandError(f"There is no user “{options['by']}”.")
        if not by.is_superuser:
            raise CommandError(f"“{by}” is no administrator: only one may expunge.")
        deal = Deal.objects.filter(key=options["key"]).first()
        if deal is None:
            raise CommandError(f"There is no deal “{options['key']}”.")
        what = f"every “{options['field']}”" if options["field"] else "everything"
        if not options["yes"]:
            answer = input(f"Remove {what} that {deal.key} says, for good? Write its key: ")
            if answer.strip() != deal.key:
                raise CommandError("Nothing was removed.")
        try:
            if options["field"]:
                expunge_text(deal, options["field"], by=by, reason=options["reason"])
            else:
                expunge(deal, by=by, reason=options["reason"])
        except ExpungeError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Removed {what} of {deal.key}. Back-ups still hold it.")
