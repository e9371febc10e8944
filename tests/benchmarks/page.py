"""The page of results: tables in Markdown, several sizes side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from tests.benchmarks.load import Load
from tests.benchmarks.results import Result, RowResult, missed
from tests.benchmarks.targets import GROWTH, MOST_SPREAD, SIZES, TARGETS

INTRODUCTION: Final = """\
# What Lodebook's answers cost

Made by `./dev bench`; do not edit. Deals are synthetic (`./dev manage seed_benchmark`), the server
is production's: gunicorn with two processes of four threads, persistent connections to the
database, `DEBUG` off. Server, database and client share the machine.

Absolute times drift on a shared machine, so two yardsticks are measured in turn with everything
else. The unit **u** is the median of an empty view through the same server and middleware. The
**limit** is psycopg's median for the best statement that fetches the same answer, prepared and on a
connection that stays open; where several can do it, each is tried and the fastest counts. A file's
yardstick is `COPY` of the stored text that it is made from, in the same order.

- Each kind of answer is asked for with several parameters in turn, chosen from the data. A
  *typical* pair is the country and the mineral of a deal drawn at random, the *hottest* have the
  most deals in common; of *middling* ones, with a thousandth to a hundredth of all deals, only the
  slowest are measured.
- Pages are asked for with gzip, as browsers do; the API and files without.
- Each process of the server has answered each address before. Nothing keeps whole answers.
- p95 should be at most three times p50 in every row.
"""


def markdown(results: Sequence[Result]) -> str:
    """The whole page, for one or more sizes."""
    results = sorted(results, key=lambda result: result.deals)
    sections = [
        INTRODUCTION,
        *_section("Beside what was promised", _promises(results)),
        *_section("Not as promised", _misses(results)),
        *_section("Growth", _growth(results)),
        *(
            section
            for result in results
            for section in _section(f"{result.deals:,} deals", _times(result))
        ),
        *_section("Many readers at once", _loads(results)),
        *_section("Where the time goes", _profiles(results)),
        *_section("Measured on", _machines(results)),
    ]
    return "\n".join(sections)


def _section(title: str, lines: Iterator[str]) -> list[str]:
    """A heading with what stands under it; nothing where nothing does."""
    found = list(lines)
    return [f"## {title}\n", *found, ""] if found else []


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table whose first column is words and all others figures."""
    yield f"| {' | '.join(head)} |"
    yield f"|---{'|---:' * (len(head) - 1)}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _promises(results: Sequence[Result]) -> Iterator[str]:
    names = list(dict.fromkeys(row.name for result in results for row in result.rows))
    rows = []
    for name in names:
        if name not in TARGETS or name == "export-memory":
            continue
        rows.append(_promise(name, [(result, result.row(name)) for result in results]))
    for place, kind in enumerate(("NDJSON", "CSV")):
        memory = [(result, _memory(result, place)) for result in results]
        if any(row for _, row in memory):
            rows.append(_promise(f"export-memory: {kind}", memory))
    if rows:
        yield from _table(["p50", *(f"{result.deals:,}" for result in results)], rows)
        yield ""
        yield "What was measured and, in brackets, what was promised; what is missed is **bold**."


def _memory(result: Result, place: int) -> RowResult | None:
    found = [row for row in result.rows if row.name == "export-memory"]
    return found[place] if place < len(found) else None


def _promise(name: str, rows: Sequence[tuple[Result, RowResult | None]]) -> list[str]:
    labels = [row.label for _, row in rows if row is not None]
    return [labels[0] if labels else name, *(_against(row, result) for result, row in rows)]


def _against(row: RowResult | None, result: Result) -> str:
    """What was measured beside what was promised."""
    if row is None or row.target is None:
        return "–"
    measure = row.target.measure
    sign = "≥" if measure == "of COPY" else "≤"
    promised = f"({sign} {_figure(row.target.bound(result.deals), measure)})"
    if row.value is None:
        return f"**not answered** {promised}" if row.statuses else f"– {promised}"
    figure = _figure(row.value, measure)
    is_met = row.target.is_met(row.value, result.deals)
    return f"{figure if is_met else f'**{figure}**'} {promised}"


def _figure(value: float, measure: str) -> str:
    if measure == "of COPY":
        return f"{value:.0%} of COPY".replace("%", " %")
    digits = 1 if value < 10 and value != round(value) else 0
    return f"{value:,.{digits}f} {measure}"


def _misses(results: Sequence[Result]) -> Iterator[str]:
    for result in results:
        for row in result.rows:
            for line in missed(row, result.deals):
                yield f"- {result.deals:,} deals, {line}"


def _growth(results: Sequence[Result]) -> Iterator[str]:
    if len(results) < 2:
        return
    first, last = results[0], results[-1]
    rows = []
    for small in first.rows:
        large = last.row(small.name)
        if large is None or not small.in_units or not large.in_units:
            continue
        factor = large.in_units / small.in_units
        bound = GROWTH.get(small.name) if (first.deals, last.deals) == SIZES[::2] else None
        cell = f"{factor:.1f} ×"
        if bound is not None:
            cell = f"{cell if factor <= bound else f'**{cell}**'} (≤ {bound:g} ×)"
        rows.append([small.label, f"{small.in_units:.1f} u", f"{large.in_units:.1f} u", cell])
    for small in first.rows:
        large = last.row(small.name)
        if (
            small.name in ("export-ndjson", "export-csv")
            and large
            and small.p50_ms
            and large.p50_ms
        ):
            rows.append(
                [
                    f"{small.label}: first byte",
                    f"{small.p50_ms:.1f} ms",
                    f"{large.p50_ms:.1f} ms",
                    f"{large.p50_ms / small.p50_ms:.1f} ×",
                ]
            )
    if rows:
        yield from _table(["p50", f"{first.deals:,}", f"{last.deals:,}", "growth"], rows)


def _times(result: Result) -> Iterator[str]:
    if not result.rows:
        return
    head = [
        "",
        "p50 ms",
        "p95 / p50",
        "u",
        "limit ms",
        "× limit",
        "8 clients, answers/s",
        "slowest",
    ]
    rows = []
    for row in result.rows:
        if row.p50_ms is None or row.name.startswith("export"):
            continue
        spread = _number(row.spread, 1)
        if row.spread and row.spread > MOST_SPREAD:
            spread = f"**{spread}**"
        slowest = f"{row.slowest_ms:,.1f} ms: `{row.slowest}`" if row.slowest else "–"
        rows.append(
            [
                row.label,
                _number(row.p50_ms, 2),
                spread,
                _number(row.in_units, 1),
                _number(row.limit_ms, 2),
                _number(row.of_limit, 1),
                _number(row.per_second, 0),
                slowest,
            ]
        )
    yield f"u is {result.unit_ms:.2f} ms."
    yield ""
    yield from _table(head, rows)
    for row in result.rows:
        if row.detail and row.name in ("export-ndjson", "export-csv"):
            yield ""
            speeds = row.detail.rpartition(";")[0]
            yield f"{row.label}: first byte after {_number(row.p50_ms, 1)} ms, {speeds}."


def _loads(results: Sequence[Result]) -> Iterator[str]:
    for result in results:
        if result.load:
            yield f"- {result.deals:,} deals: {Load(**result.load).sentence}."


def _profiles(results: Sequence[Result]) -> Iterator[str]:
    for result in results:
        if not result.profiles:
            continue
        yield f"{result.deals:,} deals, in one process and without a network; ms of the median run."
        yield ""
        yield from profile_table(result.profiles)
        yield ""


def profile_table(profiles: Sequence[dict[str, Any]]) -> Iterator[str]:
    """How the time of each page divides."""
    kinds = ("total", "sql", "template", "json", "compression", "python", "cpu")
    head = ["", "all", "SQL", "template", "JSON", "gzip", "other Python", "CPU", "statements"]
    yield from _table(
        head,
        [
            [
                one["name"],
                *(_number(one[f"{kind}_ms"], 1) for kind in kinds),
                str(one["statements"]),
            ]
            for one in profiles
        ],
    )


def _machines(results: Sequence[Result]) -> Iterator[str]:
    machines: dict[str, list[str]] = {}
    for result in results:
        words = ", ".join(f"{name} {value}" for name, value in result.machine.items())
        machines.setdefault(words, []).append(
            f"{result.deals:,} deals on {result.measured_at[:10]}"
        )
    for words, sizes in machines.items():
        yield f"{'; '.join(sizes)}: {words}."


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"
