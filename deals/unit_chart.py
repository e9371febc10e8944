"""The unit chart of the front page: one square a deal, by year, the firmest money at the foot.

A deal's square shows the firmest rung on which a line of it stands; a dot, that nothing is on
record. Drawn twice: wide with a column a year, and 350 wide with rows a year.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Max, Q
from django.utils.safestring import SafeString

from config.lib import svg
from config.lib.words import count_in_words
from deals.models.edition import EditionQuerySet
from deals.money import RUNGS

YEARS_SHOWN = 7
SQUARE, PITCH = 11, 14
ACROSS = 12
COLUMN, FOOT = 198.0, 34
WIDE, NARROW = COLUMN * YEARS_SHOWN - (COLUMN - ACROSS * PITCH), 350.0
NARROW_LABEL, NARROW_PITCH, NARROW_SQUARE = 44, 12, 9.5
NARROW_ACROSS = 25
TEXT_WIDTH = 680
"""How far the words at the top left of the page reach into the wide drawing."""

FIRMEST_FIRST = (*reversed(RUNGS), "")


@dataclass(frozen=True)
class YearOfDeals:
    """Deals announced in one year by the firmest rung they stand on; ``""``: none on record."""

    year: int
    by_rung: Mapping[str, int]

    @property
    def deals(self) -> int:
        return sum(self.by_rung.values())

    @property
    def without_financing(self) -> int:
        return self.by_rung.get("", 0)

    def squares(self) -> Iterator[str]:
        """The rung of each square, firmest first."""
        for rung in FIRMEST_FIRST:
            yield from [rung] * self.by_rung.get(rung, 0)


@dataclass(frozen=True)
class UnitChart:
    """The picture, its data, and what is not drawn."""

    years: Sequence[YearOfDeals]
    deals: int
    undated: int
    older: int
    unfinished: int | None
    """The last year shown, if it is not over."""
    wide: SafeString
    narrow: SafeString
    rises: bool
    """The wide drawing leaves room for words at its top left."""


def firmest_by_year(editions: EditionQuerySet) -> dict[int | None, Counter[str]]:
    """Deals by year of announcement (None: not known) and firmest rung, in one query."""
    rows = editions.order_by().annotate(
        firmest=Max("lines__rung_rank", filter=Q(lines__is_present=True))
    )
    found: dict[int | None, Counter[str]] = {}
    for announced_on, rank in rows.values_list("announced_on", "firmest"):
        year = announced_on.year if announced_on else None
        found.setdefault(year, Counter())[RUNGS[rank - 1] if rank else ""] += 1
    return found


def unit_chart(editions: EditionQuerySet, today: datetime.date) -> UnitChart:
    """The chart of ``editions``: the last years, up to this one."""
    found = firmest_by_year(editions)
    last = max([year for year in found if year is not None], default=today.year)
    shown = [
        YearOfDeals(year, found.get(year, Counter()))
        for year in range(last - YEARS_SHOWN + 1, last + 1)
    ]
    in_all = sum(sum(rungs.values()) for rungs in found.values())
    undated = sum(found.get(None, Counter()).values())
    return UnitChart(
        years=shown,
        deals=in_all,
        undated=undated,
        older=in_all - undated - sum(year.deals for year in shown),
        unfinished=last if last == today.year else None,
        wide=_wide(shown, in_all),
        narrow=_narrow(shown, in_all),
        rises=_rises(shown),
    )


def _rows(count: int, across: int) -> int:
    return -(-count // across)


def _rises(years: Sequence[YearOfDeals]) -> bool:
    """Whether the columns under the words are at least 9 rows lower than the highest."""
    rows = [_rows(year.deals, ACROSS) for year in years]
    under_words = rows[: int(TEXT_WIDTH // COLUMN) + 1]
    return max(rows) - max(under_words) >= 9


def _title(in_all: int) -> str:
    return f"{count_in_words(in_all, 'deal')}, one square each, by year and firmest money"


def _wide(years: Sequence[YearOfDeals], in_all: int) -> SafeString:
    tall = max(_rows(year.deals, ACROSS) for year in years) * PITCH
    height = max(tall, PITCH) + FOOT
    base = height - FOOT
    drawn = list(_annotation(years, base))
    for place, year in enumerate(years):
        left = place * COLUMN
        drawn += _squares(year, left, base, across=ACROSS, upwards=True)
        right = left + ACROSS * PITCH
        drawn += [
            svg.line(left, base + 4, right, base + 4, class_="axis-line"),
            svg.text(left, base + 20, str(year.year), class_="year"),
            svg.text(right, base + 20, count_in_words(year.deals, "deal"), text_anchor="end"),
        ]
    return svg.svg(
        *drawn,
        width=WIDE,
        height=height,
        title=_title(in_all),
        class_="chart unit-chart chart-wide",
    )


def _annotation(years: Sequence[YearOfDeals], base: float) -> Iterator[SafeString]:
    """Beside the fullest year, how many of its deals have no financing on record."""
    most = max(years, key=lambda year: year.deals)
    place = years.index(most)
    if place + 1 == len(years) or not most.without_financing:
        return
    top = base - _rows(most.deals, ACROSS) * PITCH
    foot = base - _rows(most.deals - most.without_financing, ACROSS) * PITCH
    beside = base - _rows(years[place + 1].deals, ACROSS) * PITCH
    if beside - top < 90:
        return
    edge = place * COLUMN + ACROSS * PITCH + 2
    yield svg.path(
        f"M{svg.number(edge)} {svg.number(top + 2)}h5V{svg.number(foot - 3)}h-5",
        class_="axis-line unit-bracket",
    )
    middle = min((top + foot) / 2, beside - 64)
    said = (
        (f"{most.without_financing} of {most.deals}", "year"),
        (f"deals of {most.year} have", None),
        ("no financing on", None),
        ("record", None),
    )
    for row, (words, name) in enumerate(said):
        yield svg.text(edge + 12, middle + 17 * row, words, class_=name)


def _narrow(years: Sequence[YearOfDeals], in_all: int) -> SafeString:
    top, drawn = 0.0, []
    for year in years:
        rows = max(_rows(year.deals, NARROW_ACROSS), 2)
        drawn += [
            svg.text(0, top + 11, str(year.year), class_="year"),
            svg.text(0, top + 26, str(year.deals)),
            *_squares(
                year,
                NARROW_LABEL,
                top,
                across=NARROW_ACROSS,
                upwards=False,
                pitch=NARROW_PITCH,
                square=NARROW_SQUARE,
            ),
        ]
        top += max(rows * NARROW_PITCH, 30) + 8
    return svg.svg(
        *drawn,
        width=NARROW,
        height=top,
        title=_title(in_all),
        class_="chart unit-chart chart-narrow",
    )


def _squares(
    year: YearOfDeals,
    left: float,
    edge: float,
    *,
    across: int,
    upwards: bool,
    pitch: float = PITCH,
    square: float = SQUARE,
) -> Iterator[SafeString]:
    """One path a rung: squares in rows away from ``edge``, firmest first."""
    data: dict[str, list[str]] = {}
    for place, rung in enumerate(year.squares()):
        row, column = divmod(place, across)
        x = left + column * pitch
        y = edge - (row + 1) * pitch + (pitch - square) if upwards else edge + row * pitch
        data.setdefault(rung, []).append(_square(x, y, rung, square))
    for rung, squares in data.items():
        yield svg.path(
            "".join(squares),
            class_=f"rung-{rung or 'none'}",
            fill="url(#hatch)" if rung == "conditional" else None,
        )


def _square(x: float, y: float, rung: str, square: float) -> str:
    """A square, or the dot of nothing on record; outlined ones lie half a stroke inside."""
    inset = {"": (square - 3.5) / 2, "indicated": 0.75, "conditional": 0.75}.get(rung, 0)
    side = svg.number(square - 2 * inset)
    return f"M{svg.number(x + inset)} {svg.number(y + inset)}h{side}v{side}h-{side}z"
