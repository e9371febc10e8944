"""`manage.py reindex_editions`: derives the index of every edition anew, past ones too."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from deals.indexing import BATCH, reindex
from deals.models import Edition


class Command(BaseCommand):
    """For when a rule, a rate, a bloc or a group of minerals changed."""

    help = "Rebuild the index and the derived texts of all editions from their documents."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--key", action="append", help="Only editions of this deal; repeat it.")

    def handle(self, *args: Any, **options: Any) -> None:
        editions = Edition.objects.readable()
        if options["key"]:
            editions = editions.filter(deal__key__in=options["key"])
        pks = list(editions.order_by("seq").values_list("pk", flat=True))
        with tqdm(total=len(pks), unit="edition", disable=options["verbosity"] == 0) as bar:
            for start in range(0, len(pks), BATCH):
                bar.update(reindex(Edition.objects.filter(pk__in=pks[start : start + BATCH])))
        self.stdout.write(f"{len(pks)} editions have a new index.")
