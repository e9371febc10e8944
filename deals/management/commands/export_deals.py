"""`manage.py export_deals DIR`: every current edition's record, one YAML file a deal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from config.lib.documents import dump_yaml
from deals.dossier import as_document
from deals.indexing import stored_record
from deals.models import Edition


class Command(BaseCommand):
    """What it writes, `import_deals` reads back unchanged."""

    help = "Export every published deal as a YAML document into a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="Folder to write to; made if needed.")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(f"{folder} is no folder to write to: {error}") from error
        editions = Edition.objects.current().select_related("document").order_by("key")
        count = editions.count()
        for edition in tqdm(
            editions.iterator(chunk_size=500),
            total=count,
            unit="deal",
            disable=options["verbosity"] == 0,
        ):
            record = as_document(stored_record(edition.document), mode="short")
            (folder / f"{edition.key}.yaml").write_text(dump_yaml(record), encoding="utf-8")
        self.stdout.write(f"{count} deals written to {folder}")
