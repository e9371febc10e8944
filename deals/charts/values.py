"""Headline values by year of announcement, in grey, since no rung of the ladder holds them."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import dropwhile
from typing import Final

from config.lib.words import count_in_words, money_in_words
from deals.charts.columns import Column, Key, columns, last_years, unfinished, year_href
from deals.charts.figure import HALF, NARROW, Figure, Head, Row
from deals.charts.years import group_of
from deals.filters import DealFilterSet
from deals.stats import cells_of

KEYS: Final = (
    Key("Binding", "fill-headline", "chart-axis"),
    Key("Not binding", "bar-headline-open", "chart-axis"),
    Key("Ended", "bar-headline-ended", "chart-axis"),
)
GROUPS: Final = ("binding", "not_binding", "ended")


def values(filterset: DealFilterSet) -> Figure | None:
    """Headline values in US dollars by year and by whether the agreement binds."""
    sums: defaultdict[int, dict[str, Decimal]] = defaultdict(dict)
    deals: Counter[int] = Counter()
    undated = without_value = 0
    for cell in cells_of(filterset, ("year", "status"), "value_usd"):
        year, status = cell.groups
        without_value += cell.without_amount or 0
        if cell.value is None:
            continue
        if year is None:
            undated += 1
            continue
        group, found = group_of(status), sums[int(year)]
        found[group] = found.get(group, Decimal(0)) + Decimal(cell.value)
        deals[int(year)] += cell.deals - (cell.without_amount or 0)
    if not sums:
        return None
    span = range(min(sums), max(sums) + 1)
    until = filterset.clock.day
    shown = last_years(span, lambda year: year)
    rows = [_column(year, sums[year]) for year in shown]
    rows = list(dropwhile(lambda row: not row.whole, rows))
    title = _title([_column(year, sums[year]) for year in span])
    said = "; ".join(f"{row.year}: {row.label}" for row in rows if row.whole)
    return Figure(
        title=title,
        subtitle="Headline values in US dollars by year of announcement, and whether the "
        "agreement binds",
        wide=columns(rows, KEYS, HALF, title, said, until=until, tick_words=_tick),
        narrow=columns(rows, KEYS, NARROW, title, said, until=until, tick_words=_tick),
        name_head="Year",
        heads=tuple(Head(label, "usd") for label in ("Binding", "Not binding", "Ended", "All")),
        rows=[
            Row(
                str(year),
                (*(sums[year].get(group) for group in GROUPS), _whole(sums[year])),
                year_href(filterset, year),
            )
            for year in span
        ],
        note=" ".join(_notes(rows, span, until, undated, without_value)),
    )


def _tick(amount: int) -> str:
    return money_in_words(amount) if amount else "0"


def _column(year: int, sums: dict[str, Decimal]) -> Column:
    whole = _whole(sums)
    parts = tuple(sums.get(group, Decimal(0)) for group in GROUPS)
    return Column(year, parts, money_in_words(whole) if whole is not None else "")


def _whole(sums: dict[str, Decimal]) -> Decimal | None:
    return sum(sums.values(), Decimal(0)) if sums else None


def _title(rows: Sequence[Column]) -> str:
    most = max(rows, key=lambda row: row.whole)
    if len([row for row in rows if row.whole]) == 1:
        return f"Headline values of {most.label}, all in {most.year}"
    return f"Headline values of {most.label} in {most.year}, the most of any year"


def _notes(
    rows: Sequence[Column],
    span: range,
    until: datetime.date,
    undated: int,
    without_value: int,
) -> Iterator[str]:
    if words := unfinished(rows[-1].year, until):
        yield words
    if rows[0].year > span[0]:
        yield f"Years before {rows[0].year} stand in the data only."
    if undated:
        yield "Values of deals without a date stand in no year."
    if without_value:
        yield f"{count_in_words(without_value, 'deal').capitalize()} without a value in US dollars."
    yield "Programmes, enterprise values and values stated twice are left out."
