"""`manage.py refresh_editions`: brings changed names into the published deals."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from tqdm import tqdm

from deals import publishing
from deals.management.publisher import publisher
from deals.models import Edition

BATCH = 100


class Command(BaseCommand):
    """One transaction: readers see all new names or none."""

    help = "Make a new edition of each published deal whose companies or places changed a name."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--by", required=True, metavar="USER", help="In whose name.")
        parser.add_argument("--company", action="append", help="Only deals that name this slug.")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        by = publisher(options["by"])
        editions = Edition.objects.current()
        if options["company"]:
            editions = editions.filter(companies__overlap=options["company"])
        pks = list(editions.order_by("seq").values_list("pk", flat=True))
        made = 0
        with tqdm(total=len(pks), unit="deal", disable=options["verbosity"] == 0) as bar:
            for start in range(0, len(pks), BATCH):
                batch = pks[start : start + BATCH]
                made += len(publishing.refresh(Edition.objects.filter(pk__in=batch), by=by))
                bar.update(len(batch))
        self.stdout.write(f"{made} of {len(pks)} published deals have new names.")
