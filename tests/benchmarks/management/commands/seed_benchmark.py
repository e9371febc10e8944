"""`manage.py seed_benchmark`: a database of its own with synthetic deals in any number."""

from __future__ import annotations

import time
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from psycopg import sql
from tqdm import tqdm

from config.lib.fixtures import load_into_empty_tables
from tests import databases
from tests.benchmarks.seeding import ARCHETYPES, seed

PREFIX = "lodebook_bench_"


class Command(BaseCommand):
    """Deterministic: the same number gives the same deals everywhere."""

    help = "Fill a database of its own, lodebook_bench_<number>, with synthetic deals."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--deals",
            type=int,
            default=10_000,
            help=f"How many; above {ARCHETYPES} a multiple of it. Each takes about 10 kB of disk."
            " Default: 10000.",
        )
        parser.add_argument("--replace", action="store_true", help="Drop an older one first.")

    def handle(self, *args: Any, **options: Any) -> None:
        deals: int = options["deals"]
        if deals < 1 or (deals > ARCHETYPES and deals % ARCHETYPES):
            raise CommandError(f"--deals {deals}: above {ARCHETYPES} give a multiple of it.")
        name = f"{PREFIX}{deals}"
        self._make(name, replace=options["replace"])
        started = time.monotonic()
        spent = []
        with databases.pointed_at(name):
            call_command("migrate", verbosity=0)
            load_into_empty_tables(
                sorted((settings.BASE_DIR / "fixtures/reference").glob("*.json"))
            )
            with tqdm(total=deals, unit="deal", disable=options["verbosity"] == 0) as bar:
                before = started
                for step in seed(deals, bar.update):
                    spent.append(f"{step} {(now := time.monotonic()) - before:.0f} s")
                    before = now
        total = time.monotonic() - started
        self.stdout.write(f"{name}: {deals} deals in {total:.0f} s ({', '.join(spent)})")

    def _make(self, name: str, *, replace: bool) -> None:
        with psycopg.connect(databases.conninfo(), autocommit=True) as server:
            if replace:
                server.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
                )
            try:
                server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            except psycopg.errors.DuplicateDatabase as error:
                raise CommandError(f"{name} exists already: add --replace.") from error
