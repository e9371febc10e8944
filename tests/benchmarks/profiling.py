"""How the time of a page divides: waiting for SQL, templates, JSON, compression, other Python.

Run as a process of its own with the server's settings: ``python -m tests.benchmarks.profiling``
reads what to ask for as JSON and writes the profiles as JSON.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import sys
import zlib
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import wraps
from pathlib import Path
from time import perf_counter, process_time, sleep
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

import orjson
import psycopg
from django.template.base import Template

from tests.benchmarks.timings import READY_EVERY_SECONDS, READY_SECONDS

if TYPE_CHECKING:
    from tests.benchmarks.rows import Row

WARM_UPS: Final = 3
RUNS: Final = 7
FUNCTIONS: Final = 10
SQL, TEMPLATE, JSON, COMPRESSION = "sql", "template", "json", "compression"


@dataclass(frozen=True)
class Profile:
    """One page, in milliseconds: its median run."""

    name: str
    path: str
    status: int
    total_ms: float
    cpu_ms: float
    """Of this process; the database's is not among it."""
    statements: int
    """Statements sent, those of the middleware among them."""
    sql_ms: float
    template_ms: float
    json_ms: float
    compression_ms: float
    python_ms: float
    """All other time."""
    functions: list[str]
    """Functions with the most time of their own: ms, calls, name."""


@dataclass
class Meter:
    """Time by kind; a kind stands still while another is within it."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    times: Counter[str] = field(default_factory=Counter)
    _within: list[str] = field(default_factory=list)
    _since: float = 0

    @contextmanager
    def within(self, kind: str) -> Iterator[None]:
        self._turn()
        self._within.append(kind)
        self.times[kind] += 1
        try:
            yield
        finally:
            self._turn()
            self._within.pop()

    def _turn(self) -> None:
        now = perf_counter()
        if self._within:
            self.seconds[self._within[-1]] += now - self._since
        self._since = now

    def timed[**P, R](self, kind: str, function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def measured(*args: P.args, **kwargs: P.kwargs) -> R:
            with self.within(kind):
                return function(*args, **kwargs)

        return measured


def asked(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows as the process reads them: of each its first address."""
    return [
        {"name": row.name, "path": row.asks[0].path, "headers": dict(row.headers)} for row in rows
    ]


def profile(name: str, path: str, headers: Mapping[str, str]) -> Profile:
    """One page, asked for in this process through all of its middleware."""
    from django.test import Client

    client = Client(headers={"Host": "127.0.0.1", **headers}, raise_request_exception=False)

    def ask() -> int:
        answer = client.get(path)
        if answer.streaming:
            deque(answer, maxlen=0)
        return answer.status_code

    status = [ask() for _ in range(WARM_UPS)][-1]
    runs = sorted((_run(ask) for _ in range(RUNS)), key=lambda run: run[0])
    total, cpu, meter = runs[len(runs) // 2]
    named = {kind: meter.seconds[kind] * 1000 for kind in (SQL, TEMPLATE, JSON, COMPRESSION)}
    return Profile(
        name=name,
        path=path,
        status=status,
        total_ms=total * 1000,
        cpu_ms=cpu * 1000,
        statements=meter.times[SQL],
        sql_ms=named[SQL],
        template_ms=named[TEMPLATE],
        json_ms=named[JSON],
        compression_ms=named[COMPRESSION],
        python_ms=total * 1000 - sum(named.values()),
        functions=_functions(ask),
    )


def _run(ask: Callable[[], Any]) -> tuple[float, float, Meter]:
    from rest_framework.renderers import JSONRenderer

    meter = Meter()
    with (
        patch.object(psycopg.Connection, "wait", meter.timed(SQL, psycopg.Connection.wait)),
        patch.object(Template, "render", meter.timed(TEMPLATE, Template.render)),
        patch.object(JSONRenderer, "render", meter.timed(JSON, JSONRenderer.render)),
        patch.object(orjson, "dumps", meter.timed(JSON, orjson.dumps)),
        patch.object(zlib, "compress", meter.timed(COMPRESSION, zlib.compress)),
    ):
        started, cpu_started = perf_counter(), process_time()
        ask()
        return perf_counter() - started, process_time() - cpu_started, meter


def _wait_for_index() -> None:
    """Let this process load its index of deals, if there are deals enough for one."""
    from django.conf import settings

    from deals.bitmap_index.keeping import held_now
    from deals.models import Edition

    if 0 < settings.BITMAPS_FROM_DEALS <= Edition.objects.current().count():
        end = perf_counter() + READY_SECONDS
        while held_now("default") is None and perf_counter() < end:
            sleep(READY_EVERY_SECONDS)


def _functions(ask: Callable[[], Any]) -> list[str]:
    profiler = cProfile.Profile()
    profiler.runcall(ask)
    stats: Any = pstats.Stats(profiler)
    own = sorted(stats.stats.items(), key=lambda one: -one[1][2])[:FUNCTIONS]
    return [
        f"{own_seconds * 1000:8.2f} ms {calls:7} × {_place(file, line)}{name}"
        for (file, line, name), (_, calls, own_seconds, _, _) in own
    ]


def _place(file: str, line: int) -> str:
    """The end of a file's path, with the line; empty for what is no Python."""
    if file.startswith("~"):
        return ""
    return f"{'/'.join(Path(file).parts[-3:])}:{line} "


def main() -> None:
    """Profiles of what is asked for on standard input, on standard output."""
    import django

    django.setup()
    _wait_for_index()
    found = [asdict(profile(**one)) for one in json.load(sys.stdin)]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
