"""Deals by year of announcement: binding at the foot, then not binding, then ended."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import dropwhile
from typing import Final

from config.lib.words import count_in_words
from deals.charts.columns import Column, Key, columns, last_years, unfinished, year_href
from deals.charts.figure import HALF, NARROW, Figure, Head, Row
from deals.codes import BINDING_STATUSES, ENDED_STATUSES
from deals.filters import DealFilterSet
from deals.stats import cells_of

KEYS: Final = (
    Key("Binding", "fill-bound", "label-bound"),
    Key("Not binding", "fill-open", "label-open"),
    Key("Ended", "bar-ended", "label-ended"),
)


@dataclass(frozen=True)
class YearCount:
    """Deals announced in a year, by whether the agreement binds, does not, or has ended."""

    year: int
    binding: int = 0
    not_binding: int = 0
    ended: int = 0

    @property
    def deals(self) -> int:
        return self.binding + self.not_binding + self.ended


@dataclass(frozen=True)
class Years:
    """Deals by year of announcement, without gaps, and how many have no date."""

    rows: list[YearCount]
    undated: int

    @property
    def most(self) -> int:
        """Deals of the fullest year."""
        return max((row.deals for row in self.rows), default=0)


def years_of(filterset: DealFilterSet) -> Figure | None:
    """The chart of a selection; agreements as they stand on the day of its clock."""
    counted = counted_by_year(filterset)
    if not counted.rows:
        return None
    return years(
        counted,
        subtitle="Deals by year of announcement, and whether the agreement binds",
        until=filterset.clock.day,
        href=partial(year_href, filterset),
    )


def counted_by_year(filterset: DealFilterSet) -> Years:
    """Deals of a selection by year, without gaps, in one query."""
    found: defaultdict[int | None, Counter[str]] = defaultdict(Counter)
    for cell in cells_of(filterset, ("year", "status"), "deals"):
        year, status = cell.groups
        found[int(year) if year else None][group_of(status)] += cell.deals
    undated = found.pop(None, Counter()).total()
    dated = [year for year in found if year is not None]
    span = range(min(dated), max(dated) + 1) if dated else range(0)
    return Years([YearCount(year, **found[year]) for year in span], undated)


def group_of(status: str | None) -> str:
    """Whether an agreement of this status binds: the name of a count of `YearCount`."""
    if status in BINDING_STATUSES:
        return "binding"
    return "ended" if status in ENDED_STATUSES else "not_binding"


def years(
    counted: Years,
    *,
    subtitle: str,
    until: datetime.date,
    href: Callable[[int], str],
) -> Figure:
    """Columns by year of announcement: binding at the foot, then not binding, then ended.

    ``until`` is the last day known: its year is unfinished and bears an asterisk.
    """
    shown = last_years(counted.rows, lambda row: row.year)
    rows = list(dropwhile(lambda row: not row.deals, shown))
    title = title_of_years(counted)
    said = "; ".join(
        f"{row.year}: {row.deals}, {row.binding} of them binding" for row in rows if row.deals
    )
    drawn = [Column(row.year, (row.binding, row.not_binding, row.ended)) for row in rows]
    return Figure(
        title=title,
        subtitle=subtitle,
        wide=columns(drawn, KEYS, HALF, title, said, until=until),
        narrow=columns(drawn, KEYS, NARROW, title, said, until=until),
        name_head="Year",
        heads=tuple(map(Head, ("Binding", "Not binding", "Ended", "All"))),
        rows=[
            Row(str(row.year), (row.binding, row.not_binding, row.ended, row.deals), href(row.year))
            for row in counted.rows
        ],
        note=" ".join(_notes_on_years(counted, rows, until)),
    )


def title_of_years(counted: Years) -> str:
    """What is to be seen: the fullest year, or the fullest ones."""
    most = counted.most
    deals = count_in_words(most, "deal")
    fullest = [str(row.year) for row in counted.rows if row.deals == most]
    if len(counted.rows) == 1:
        return f"{deals}, in {fullest[0]}" if most == 1 else f"{deals}, all in {fullest[0]}"
    if len(fullest) == 1:
        return f"{deals} in {fullest[0]}, the most of any year"
    if len(fullest) == 2:
        return f"{deals} each in {fullest[0]} and {fullest[1]}, the most of any year"
    return f"No more than {deals} in any year"


def _notes_on_years(
    counted: Years, shown: Sequence[YearCount], until: datetime.date
) -> Iterator[str]:
    if words := unfinished(shown[-1].year, until):
        yield words
    earlier = sum(row.deals for row in counted.rows) - sum(row.deals for row in shown)
    if earlier:
        yield f"{count_in_words(earlier, 'deal').capitalize()} before {shown[0].year} not drawn."
    if counted.undated:
        yield f"{count_in_words(counted.undated, 'deal').capitalize()} without a date left out."
