"""`manage.py bench`, or `./dev bench`: what answers cost beside the least they could."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
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
from tests.benchmarks import profiling, results
from tests.benchmarks.choice import choose
from tests.benchmarks.exports import EXPORTS, measure_export
from tests.benchmarks.load import SHARES, Load, load
from tests.benchmarks.management.commands.seed_benchmark import PREFIX
from tests.benchmarks.measuring import Bench, Effort, clients_of_all, unit_ms, wait_until_ready
from tests.benchmarks.page import markdown, profile_table
from tests.benchmarks.results import Result, RowResult
from tests.benchmarks.rows import UNIT, Row, rows_of, wanted
from tests.serving import Site, collect_static, log_of, serving

WORKERS: Final = 2
KEPT_OPEN_SECONDS: Final = 75
SETTINGS: Final = "tests.benchmarks.settings"
LOG_LINES: Final = 30

type Say = Callable[[str], object]


class Command(BaseCommand):
    """Starts the production server on a database of synthetic deals and measures its answers."""

    help = "Measure what answers cost, beside an empty view and beside psycopg."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--deals",
            type=int,
            nargs="*",
            metavar="N",
            help="Sizes; each has its database, which is filled if there is none. Default: 10000.",
        )
        parser.add_argument("--database", help="Measure this one instead, for instance a copy.")
        parser.add_argument(
            "--migrate",
            action="store_true",
            help="Bring a database that is older up to date first.",
        )
        parser.add_argument(
            "--only",
            default="",
            metavar="NAME,…",
            help="Rows whose names begin like one of these: html,api50. export: the files.",
        )
        parser.add_argument("--rounds", type=int, default=Effort.rounds, help="Default: 30.")
        parser.add_argument(
            "--seconds",
            type=float,
            default=Effort.row_seconds,
            help="A row that has taken so long is done, whatever the round. Default: 10.",
        )
        parser.add_argument(
            "--export-seconds",
            type=float,
            default=60,
            metavar="SECONDS",
            help="A file of everything is read for so long, and COPY beside it. Default: 60.",
        )
        parser.add_argument(
            "--load",
            type=float,
            metavar="SECONDS",
            help="Let several clients read for so long instead.",
        )
        parser.add_argument(
            "--profile", action="store_true", help="Say how the time of each page divides instead."
        )
        parser.add_argument(
            "--with",
            dest="older",
            type=Path,
            nargs="+",
            default=[],
            metavar="JSON",
            help="Show what was measured earlier beside it; with an empty --deals nothing else.",
        )
        parser.add_argument("--json", type=Path, help="Where to write all that was measured.")
        parser.add_argument("--markdown", type=Path, help="Where to write a page with tables.")
        parser.add_argument(
            "--check", action="store_true", help="Fail if a row is not as promised."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.options = options
        sizes = [10_000] if options["deals"] is None else options["deals"]
        names = [f"{PREFIX}{deals}" for deals in sizes]
        if options["database"]:
            names = [options["database"]]
        else:
            for deals, name in zip(sizes, names, strict=True):
                if not _exists(name):
                    call_command("seed_benchmark", deals=deals)
        for name in names:
            with databases.pointed_at(name):
                if options["migrate"]:
                    call_command("migrate", verbosity=0)
                _refuse_unmigrated(name)
        found = [self._measured(name) for name in names]
        self._write(found)
        missed = [f"{one.deals:,} deals: {line}" for one in found for line in one.missed]
        if options["check"] and missed:
            raise CommandError("Not as promised:\n" + "\n".join(missed))

    def _measured(self, name: str) -> Result:
        """One database, behind a server of its own."""
        with (
            tempfile.TemporaryDirectory() as folder,
            tqdm(bar_format="{desc}", disable=None, leave=False) as status,
        ):
            static_root = Path(folder) / "static"
            collect_static(static_root)
            with (
                databases.pointed_at(name),
                psycopg.connect(databases.conninfo(name), autocommit=True) as limit,
                serving(
                    name,
                    static_root,
                    settings_module=SETTINGS,
                    options=(
                        *("--workers", str(WORKERS)),
                        *("--keep-alive", str(KEPT_OPEN_SECONDS)),
                    ),
                ) as site,
            ):
                result = self._result(site, limit, status.set_description_str)
            if any(row.statuses for row in result.rows):
                lines = log_of(static_root, name).read_text().splitlines()
                self.stderr.write("\n".join(["The server's last words:", *lines[-LOG_LINES:]]))
        return result

    def _result(self, site: Site, limit: psycopg.Connection, say: Say) -> Result:
        """What the options ask for: rows, or a load, or profiles."""
        choice = choose(limit)
        all_rows = rows_of(choice)
        names = [row.name for row in all_rows] + [export.name for export in EXPORTS]
        try:
            names = wanted(names, [one for one in self.options["only"].split(",") if one])
        except ValueError as error:
            raise CommandError(str(error)) from error
        rows = [row for row in all_rows if row.name in names]
        result = Result(
            deals=choice.deals,
            database=site.database,
            measured_at=results.now(),
            machine=results.machine(limit),
        )
        if 0 < settings.BITMAPS_FROM_DEALS <= choice.deals and not self.options["profile"]:
            say("loading the index")
            with clients_of_all(site.port, WORKERS) as clients:
                if not wait_until_ready(clients):
                    self.stderr.write("No index of deals was loaded: the database answers.")
        if self.options["load"]:
            result.load = asdict(self._load(site, rows, say))
        elif self.options["profile"]:
            result.profiles = self._profiles(site, rows)
        else:
            units = [row for row in all_rows if row.name == UNIT and row not in rows]
            result.unit_ms, result.rows = self._rows(site, limit, units + rows, names, say)
            self.stdout.write(f"{choice.deals:,} deals, u = {result.unit_ms:.2f} ms")
            self.stdout.write("\n".join(results.table(result)))
        return result

    def _rows(
        self,
        site: Site,
        limit: psycopg.Connection,
        rows: Sequence[Row],
        names: Sequence[str],
        say: Say,
    ) -> tuple[float, list[RowResult]]:
        with clients_of_all(site.port, WORKERS) as clients:
            bench = Bench(site.port, limit, clients)
            effort = Effort(rounds=self.options["rounds"], row_seconds=self.options["seconds"])
            readings = bench.measure(rows, effort, say)
        unit = unit_ms(readings)
        found = [RowResult.of(one, unit) for one in readings]
        for export in EXPORTS:
            if export.name in names:
                say(export.name)
                most_seconds = self.options["export_seconds"]
                exported = measure_export(export, site.port, limit, site.pid, most_seconds)
                found += results.rows_of_export(exported)
        return unit, found

    def _load(self, site: Site, rows: Sequence[Row], say: Say) -> Load:
        read = [row for row in rows if row.name in SHARES]
        if not read:
            raise CommandError(f"A load is of some of these rows: {', '.join(SHARES)}.")
        say(f"reading for {self.options['load']:g} s")
        found = load(site.port, read, self.options["load"])
        self.stdout.write(found.sentence)
        return found

    def _profiles(self, site: Site, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """In a process with the server's settings: in this one DEBUG is on."""
        process = subprocess.run(
            [sys.executable, "-m", profiling.__name__],
            cwd=settings.BASE_DIR,
            env=site.environment,
            input=json.dumps(profiling.asked(rows)),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        profiles: list[dict[str, Any]] = json.loads(process.stdout)
        for one in profiles:
            self.stdout.write(f"{one['name']}: {one['path']}: {one['status']}")
            self.stdout.write("\n".join(one["functions"]) + "\n")
        self.stdout.write("\n".join(profile_table(profiles)))
        return profiles

    def _write(self, found: Sequence[Result]) -> None:
        """All as JSON; the page also has what was measured earlier of the same or other sizes."""
        path: Path = self.options["json"] or settings.BASE_DIR / ".lodebook" / "bench.json"
        if found:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps([one.as_dict() for one in found], indent=1) + "\n")
            self.stdout.write(f"All that was measured: {path}")
        page: Path | None = self.options["markdown"]
        if page is None:
            return
        older = [
            Result.from_dict(one)
            for file in self.options["older"]
            for one in json.loads(file.read_text())
        ]
        page.write_text(markdown(results.merged([*older, *found])))
        self.stdout.write(f"As a page: {page}")


def _exists(database: str) -> bool:
    with psycopg.connect(databases.conninfo(), autocommit=True) as server:
        found = server.execute("SELECT FROM pg_database WHERE datname = %s", [database])
        return found.fetchone() is not None


def _refuse_unmigrated(name: str) -> None:
    """Stop if what is pointed at lacks migrations: it would show as errors, or as slow pages."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        names = ", ".join(str(migration) for migration, _ in missing)
        raise CommandError(
            f"{name} was seeded before these migrations: {names}. Add --migrate, or seed it anew"
            " with manage.py seed_benchmark --replace."
        )
