"""`manage.py bench`, or `./dev bench`: what answers cost beside the least they could."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any, Final

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from tqdm import tqdm

from tests import databases
from tests.benchmarks import results
from tests.benchmarks.choice import choose
from tests.benchmarks.exports import EXPORTS, measure_export
from tests.benchmarks.management.commands.seed_benchmark import PREFIX
from tests.benchmarks.measuring import Bench, Effort, clients_of_all, unit_ms
from tests.benchmarks.results import Result, RowResult
from tests.benchmarks.rows import UNIT, rows_of, wanted
from tests.serving import Site, collect_static, serving

WORKERS: Final = 2
KEPT_OPEN_SECONDS: Final = 75
EXPORT_SECONDS: Final = 30


class Command(BaseCommand):
    """Starts the production server on a database of synthetic deals and measures its answers."""

    help = "Measure what answers cost, beside an empty view and beside psycopg."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--deals",
            type=int,
            nargs="+",
            default=[10_000],
            metavar="N",
            help="Sizes; each has its database, which is filled if there is none. Default: 10000.",
        )
        parser.add_argument("--database", help="Measure this one instead, for instance a copy.")
        parser.add_argument(
            "--only", default="", help="Rows whose names begin like one of these: html,api50."
        )
        parser.add_argument("--rounds", type=int, default=Effort.rounds, help="Default: 30.")
        parser.add_argument("--json", type=Path, help="Where to write all that was measured.")
        parser.add_argument(
            "--check", action="store_true", help="Fail if a row is not as promised."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        names = [f"{PREFIX}{deals}" for deals in options["deals"]]
        if options["database"]:
            names = [options["database"]]
        else:
            for deals, name in zip(options["deals"], names, strict=True):
                if not _exists(name):
                    call_command("seed_benchmark", deals=deals)
        for name in names:
            _refuse_unmigrated(name)
        found = []
        for name in names:
            with tempfile.TemporaryDirectory() as folder:
                static_root = Path(folder) / "static"
                collect_static(static_root)
                found.append(self._measured(name, static_root, options))
        self._write(found, options["json"])
        missed = [f"{one.deals:,} deals: {line}" for one in found for line in one.missed]
        if options["check"] and missed:
            raise CommandError("Not as promised:\n" + "\n".join(missed))

    def _measured(self, name: str, static_root: Path, options: dict[str, Any]) -> Result:
        with (
            databases.pointed_at(name),
            psycopg.connect(databases.conninfo(name), autocommit=True) as limit,
            serving(
                name,
                static_root,
                settings_module="tests.benchmarks.settings",
                options=(
                    *("--workers", str(WORKERS)),
                    *("--keep-alive", str(KEPT_OPEN_SECONDS)),
                ),
            ) as site,
        ):
            return self._result(name, site, limit, options)

    def _result(
        self, name: str, site: Site, limit: psycopg.Connection, options: dict[str, Any]
    ) -> Result:
        port = int(site.url.rpartition(":")[2])
        choice = choose(limit)
        all_rows = rows_of(choice)
        names = [row.name for row in all_rows] + [export.name for export in EXPORTS]
        try:
            names = wanted(names, [one for one in options["only"].split(",") if one])
        except ValueError as error:
            raise CommandError(str(error)) from error
        rows = [row for row in all_rows if row.name in names or row.name == UNIT]
        found: list[RowResult] = []
        with tqdm(bar_format="{desc}", disable=None, leave=False) as status:
            with clients_of_all(port, WORKERS) as clients:
                bench = Bench(port, limit, clients)
                effort = Effort(rounds=options["rounds"])
                readings = bench.measure(rows, effort, status.set_description_str)
            unit = unit_ms(readings)
            found += (RowResult.of(one, unit) for one in readings)
            for export in EXPORTS:
                if export.name in names:
                    status.set_description_str(export.name)
                    exported = measure_export(export, port, limit, site.pid, EXPORT_SECONDS)
                    found += results.rows_of_export(exported)
        result = Result(
            deals=choice.deals,
            database=name,
            measured_at=results.now(),
            machine=results.machine(limit),
            unit_ms=unit,
            rows=found,
        )
        self.stdout.write(f"{choice.deals:,} deals, u = {unit:.2f} ms")
        self.stdout.write("\n".join(results.table(result)))
        return result

    def _write(self, found: list[Result], path: Path | None) -> None:
        if path is None:
            path = Path(settings.BASE_DIR) / ".lodebook" / "bench.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps([one.as_dict() for one in found], indent=1) + "\n")
        self.stdout.write(f"All that was measured: {path}")


def _exists(database: str) -> bool:
    with psycopg.connect(databases.conninfo(), autocommit=True) as server:
        found = server.execute("SELECT FROM pg_database WHERE datname = %s", [database])
        return found.fetchone() is not None


def _refuse_unmigrated(name: str) -> None:
    """Migrations that are missing would show as errors of pages, or as pages without indexes."""
    with databases.pointed_at(name):
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        names = ", ".join(str(migration) for migration, _ in missing)
        raise CommandError(
            f"{name} was seeded before these migrations: {names}. Seed it anew (manage.py "
            "seed_benchmark --replace), or migrate it with DATABASE_URL set to it."
        )
