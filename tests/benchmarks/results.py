"""What was measured, as plain data: for JSON, and for the tables made from it."""

from __future__ import annotations

import datetime
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Self

import psycopg

from tests.benchmarks.exports import Exported
from tests.benchmarks.measuring import Readings
from tests.benchmarks.targets import MOST_SPREAD, TARGETS, Target

PACKAGES: Final = ("django", "djangorestframework", "gunicorn", "psycopg", "orjson")


@dataclass(frozen=True)
class RowResult:
    """One row. `value` is in the measure of its target; None where it was not answered."""

    name: str
    label: str
    p50_ms: float | None = None
    p95_ms: float | None = None
    samples: int = 0
    in_units: float | None = None
    limit_ms: float | None = None
    of_limit: float | None = None
    """p50 as a multiple of the limit's."""
    per_second: float | None = None
    slowest: str = ""
    """The parameter that takes longest, and its p50 in ms."""
    slowest_ms: float | None = None
    body_bytes: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    """Answers that were not what the row asks for, by status; “0”: none came."""
    detail: str = ""
    value: float | None = None

    @property
    def target(self) -> Target | None:
        return TARGETS.get(self.name)

    @property
    def spread(self) -> float | None:
        """p95 as a multiple of p50."""
        return self.p95_ms / self.p50_ms if self.p95_ms and self.p50_ms else None

    @classmethod
    def of(cls, readings: Readings, unit_ms: float) -> Self:
        """From what was read."""
        row = readings.row
        statuses = {str(status): count for status, count in sorted(readings.statuses.items())}
        if readings.timings is None:
            return cls(row.name, row.label, statuses=statuses)
        timings, limit = readings.timings, readings.limit_timings
        slowest = readings.slowest or ("", timings)
        in_units = timings.p50_ms / unit_ms
        of_limit = timings.p50_ms / limit.p50_ms if limit else None
        target = TARGETS.get(row.name)
        return cls(
            name=row.name,
            label=row.label,
            p50_ms=timings.p50_ms,
            p95_ms=timings.p95_ms,
            samples=timings.count,
            in_units=in_units,
            limit_ms=limit.p50_ms if limit else None,
            of_limit=of_limit,
            per_second=readings.per_second,
            slowest=slowest[0],
            slowest_ms=slowest[1].p50_ms,
            body_bytes=readings.body_bytes,
            statuses=statuses,
            value=of_limit if target and target.measure == "× limit" else in_units,
        )


@dataclass
class Result:
    """All that was measured of one database."""

    deals: int
    database: str
    measured_at: str
    machine: dict[str, Any]
    unit_ms: float = 0
    rows: list[RowResult] = field(default_factory=list)
    load: dict[str, Any] | None = None
    profiles: list[dict[str, Any]] = field(default_factory=list)

    def row(self, name: str) -> RowResult | None:
        return next((row for row in self.rows if row.name == name), None)

    @property
    def missed(self) -> list[str]:
        """What is not as promised, a line each."""
        return [line for row in self.rows for line in missed(row, self.deals)]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """From what `as_dict` gave."""
        return cls(**{**data, "rows": [RowResult(**row) for row in data["rows"]]})


def merged(found: Sequence[Result]) -> list[Result]:
    """One for each size: of its rows, load and profiles each as measured last."""
    sizes: dict[int, Result] = {}
    for one in sorted(found, key=lambda result: result.measured_at):
        before = sizes.get(one.deals)
        if before is not None:
            one = replace(
                one,
                unit_ms=one.unit_ms or before.unit_ms,
                rows=one.rows or before.rows,
                load=one.load or before.load,
                profiles=one.profiles or before.profiles,
            )
        sizes[one.deals] = one
    return list(sizes.values())


def missed(row: RowResult, deals: int) -> list[str]:
    """What a row does not keep of what was promised."""
    lines = []
    if row.statuses:
        answers = ", ".join(f"{count} × {status}" for status, count in row.statuses.items())
        lines.append(f"{row.name}: wrong answers: {answers}")
    if row.target is not None:
        bound, measure = row.target.bound(deals), row.target.measure
        if row.value is None:
            lines.append(f"{row.name}: not measured")
        elif not row.target.is_met(row.value, deals):
            by = row.target.missed_by(row.value, deals)
            lines.append(
                f"{row.name}: {row.value:.3g} {measure}, promised {bound:g}: missed {by:.1f}-fold"
            )
    if row.spread is not None and row.spread > MOST_SPREAD:
        lines.append(f"{row.name}: p95 is {row.spread:.1f} × p50, promised at most {MOST_SPREAD:g}")
    return lines


def rows_of_export(exported: Exported) -> list[RowResult]:
    """Speed and memory of one kind of file, a row each."""
    kind = exported.name.removeprefix("export-")
    wrong = {} if exported.status == 200 else {str(exported.status): 1}
    scope = "all" if exported.is_whole else "the first"
    speed = RowResult(
        name=exported.name,
        label=f"{kind.upper()} of everything",
        p50_ms=exported.first_byte_ms,
        samples=1,
        statuses=wrong,
        detail=(
            f"{exported.rows_per_second:,.0f} rows/s of {scope} {exported.rows:,};"
            f" COPY {exported.copy_rows_per_second:,.0f} rows/s; p50 is the first byte's"
        ),
        value=None if wrong else exported.share_of_copy,
    )
    memory = RowResult(
        name="export-memory",
        label=f"The server's growth by {kind.upper()} of everything",
        detail="" if exported.memory_mb is not None else "this system does not tell",
        value=exported.memory_mb,
    )
    return [speed, memory]


def machine(connection: psycopg.Connection) -> dict[str, Any]:
    """What it was measured on."""
    row: Any = connection.execute("SHOW server_version").fetchone()
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "postgresql": row[0].split()[0],
        **{package: version(package) for package in PACKAGES},
    }


def now() -> str:
    """This moment, to the second, in UTC."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def table(result: Result) -> list[str]:
    """The rows for a terminal, a line each under a heading."""
    width = max(len(row.name) for row in result.rows)
    head = f"{'':{width}}  {'p50 ms':>8} {'p95/p50':>7} {'u':>6} {'limit ms':>8} {'× limit':>7}"
    lines = [f"{head} {'8 cl./s':>8}  {'target':>12}"]
    for row in result.rows:
        cells = (
            _cell(row.p50_ms, 8, 2),
            _cell(row.spread, 7, 1),
            _cell(row.in_units, 6, 1),
            _cell(row.limit_ms, 8, 2),
            _cell(row.of_limit, 7, 1),
            _cell(row.per_second, 8, 0),
        )
        lines.append(
            f"{row.name:{width}}  {' '.join(cells)}  {verdict(row, result.deals)}".rstrip()
        )
        if row.detail:
            lines.append(f"{'':{width}}  {row.detail}")
    return lines


def verdict(row: RowResult, deals: int) -> str:
    """The target and whether it was met, or by how much it was missed."""
    if row.statuses and row.value is None:
        return f"failed: {', '.join(row.statuses)}"
    if row.target is None:
        return ""
    bound = f"{row.target.bound(deals):g} {row.target.measure}"
    if row.value is None:
        return f"{bound:>12}  not measured"
    if row.target.is_met(row.value, deals):
        return f"{bound:>12}  met ({row.value:.3g})"
    by = row.target.missed_by(row.value, deals)
    return f"{bound:>12}  MISSED {by:.1f}-fold ({row.value:.3g})"


def _cell(value: float | None, width: int, digits: int) -> str:
    return f"{'–' if value is None else f'{value:,.{digits}f}':>{width}}"
