"""`manage.py load_fixtures`: reference data and all deals of `fixtures/` into an empty database."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from tqdm import tqdm

from config.lib.documents import load_yaml
from config.lib.fixtures import FixtureError, load_into_empty_tables
from deals.importing import ImportRefused, import_documents, read_paths
from deals.models import Edition


class Command(BaseCommand):
    """One transaction: all of it or nothing."""

    help = "Load the reference data and publish all deals of fixtures/ into an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--folder",
            type=Path,
            default=settings.BASE_DIR / "fixtures",
            help="Folder with manifest.yaml, reference/ and deals/.",
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if Edition.objects.exists():
            raise CommandError(
                "The database has deals already. Use import_deals to add or change some."
            )
        folder: Path = options["folder"]
        manifest = load_yaml((folder / "manifest.yaml").read_bytes())
        if not isinstance(manifest, dict) or not isinstance(manifest.get("published_at"), str):
            raise CommandError(f"{folder / 'manifest.yaml'} states no published_at.")
        published_at = datetime.datetime.fromisoformat(str(manifest["published_at"]))
        files = sorted((folder / "reference").glob("*.json"))
        try:
            count = load_into_empty_tables(files)
        except FixtureError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} reference records loaded")
        documents = list(read_paths([str(folder / "deals")]))
        try:
            with tqdm(total=len(documents), unit="deal", disable=options["verbosity"] == 0) as bar:
                report = import_documents(
                    documents, publish=True, published_at=published_at, progress=bar.update
                )
        except ImportRefused as error:
            raise CommandError("\n".join(map(str, error.problems))) from error
        self.stdout.write(f"{len(report.published)} deals published")
