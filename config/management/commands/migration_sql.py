"""`manage.py migration_sql`: the SQL of Lodebook's migrations, for the SQL linter."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.loader import MigrationLoader


class Command(BaseCommand):
    """One file for each migration, all in one run: `sqlmigrate` starts Django for every one."""

    help = "Write the SQL of this project's own migrations into a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder."""
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder: Path, **options: Any) -> None:
        """Write `<app>.<migration>.sql` files."""
        loader = MigrationLoader(connection, replace_migrations=False)
        own = {
            app.label
            for app in apps.get_app_configs()
            if Path(app.path).parent == settings.BASE_DIR
        }
        for (label, name), migration in sorted(loader.graph.nodes.items()):
            if label in own:
                statements = loader.collect_sql([(migration, False)])
                if migration.atomic:
                    statements = ["BEGIN;", *statements, "COMMIT;"]
                (folder / f"{label}.{name}.sql").write_text("\n".join(statements) + "\n")
