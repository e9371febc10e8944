"""Deals by year and status: a circle for each, in the tone of the status, its area the number."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import dropwhile
from math import sqrt
from typing import Final

from django.utils.safestring import SafeString

from config.lib import svg
from config.lib.words import count_in_words
from deals.charts.columns import unfinished, year_href
from deals.charts.figure import HALF, NARROW, Figure, Head, Row, drawing
from deals.charts.years import group_of
from deals.codes import Status
from deals.filters import DealFilterSet
from deals.labels import in_sentence, labels
from deals.stats import cells_of

ROW_HEIGHT: Final = 27.0
HALF_YEARS, NARROW_YEARS = 8, 6
_MARKS: Final = {"binding": "fill-bound", "not_binding": "fill-open", "ended": "mark-ended"}
_UNKNOWN: Final = "not known"


def statuses(filterset: DealFilterSet) -> Figure | None:
    """Deals by year of announcement, one row for each status from the loosest on."""
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    undated = 0
    for cell in cells_of(filterset, ("year", "status"), "deals"):
        year, status = cell.groups
        if year is None:
            undated += cell.deals
        else:
            counts[int(year)][status or ""] += cell.deals
    if not counts:
        return None
    span = range(min(counts), max(counts) + 1)
    years = list(dropwhile(lambda year: not counts[year], span[-HALF_YEARS:]))
    every = sum(counts.values(), Counter[str]())
    codes = [code for code in (*Status.values, "") if every[code]]
    title = _title(every)
    until = filterset.clock.day
    earlier = sum(counts[year].total() for year in span if year < years[0])
    notes = [
        unfinished(years[-1], until),
        f"{count_in_words(earlier, 'deal').capitalize()} before {years[0]} not drawn."
        if earlier
        else "",
        f"A narrow picture shows the last {NARROW_YEARS} years."
        if len(years) > NARROW_YEARS
        else "",
        f"{count_in_words(undated, 'deal').capitalize()} without a date left out."
        if undated
        else "",
    ]
    star = until.year
    return Figure(
        title=title,
        subtitle="Deals by year of announcement and by how binding the agreement is now"
        if filterset.clock.on is None
        else "Deals by year of announcement and by how binding the agreement was then",
        wide=_matrix(codes, years, counts, star, HALF, title),
        narrow=_matrix(codes, years[-NARROW_YEARS:], counts, star, NARROW, title),
        name_head="Year",
        heads=tuple(Head(_label(code)) for code in codes),
        rows=[
            Row(
                str(year),
                tuple(counts[year][code] for code in codes),
                year_href(filterset, year),
            )
            for year in span
        ],
        note=" ".join(filter(None, notes)),
    )


def _label(code: str) -> str:
    return labels()["status"][code] if code else _UNKNOWN.capitalize()


def _title(every: Counter[str]) -> str:
    """“93 of 457 deals stand at MoU signed, more than at any other status”."""
    (code, most), *others = every.most_common()
    deals = count_in_words(every.total(), "deal")
    word = in_sentence(_label(code))
    if not others:
        verb = "stands" if most == 1 else "all stand"
        return f"{deals}, {verb} at {word}" if most > 1 else f"{deals}, which {verb} at {word}"
    if others[0][1] == most:
        return f"No status holds more than {most} of {deals}"
    return f"{most} of {deals} stand at {word}, more than at any other status"


def _matrix(
    codes: Sequence[str],
    years: Sequence[int],
    counts: dict[int, Counter[str]],
    star_year: int,
    width: float,
    title: str,
) -> SafeString:
    left = 128.0
    step = min((width - left) / max(len(years), 4), 88.0)
    most = max(counts[year][code] for year in years for code in codes)
    widest = min(ROW_HEIGHT / 2 - 1, step / 2 - 13)
    parts: list[SafeString] = []
    for row, code in enumerate(codes):
        y = 4 + ROW_HEIGHT * (row + 0.5)
        parts.append(svg.text(left - 14, y + 4.5, _label(code), text_anchor="end"))
        parts.append(svg.line(left, y, left + step * len(years), y, class_="grid-line"))
        for column, year in enumerate(years):
            middle = left + step * (column + 0.5) - 6
            parts += _circle(code, counts[year][code], most, middle, y, widest)
    foot = 4 + ROW_HEIGHT * len(codes)
    parts.append(svg.line(left, foot, left + step * len(years), foot, class_="base-line"))
    for column, year in enumerate(years):
        star = "*" if year == star_year else ""
        word = f"{year}{star}" if step >= 36 else f"’{year % 100:02}{star}"
        middle = left + step * (column + 0.5)
        parts.append(svg.text(middle, foot + 18, word, text_anchor="middle", class_="chart-axis"))
    said = "; ".join(
        f"{_label(code)}: "
        + (
            ", ".join(f"{year} {counts[year][code]}" for year in years if counts[year][code])
            or "none"
        )
        for code in codes
    )
    return drawing(parts, width, foot + 24, title, said)


def _circle(
    code: str, deals: int, most: int, x: float, y: float, widest: float
) -> Iterator[SafeString]:
    if not deals:
        return
    radius = max(2.0, widest * sqrt(deals / most))
    mark = _MARKS[group_of(code)] if code else "rung-none"
    yield svg.circle(x, y, radius, class_=mark)
    yield svg.text(x + radius + 4, y + 4.5, str(deals), class_="label-over-line")
