"""Deals by year for each of several things: small charts beside one another, on one scale.

What is compared is what the reader chose: two partners, three minerals. Where nothing is chosen
twice, the partners with most deals.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString

from config.lib import svg
from config.lib.words import count_in_words
from deals.charts.figure import FULL, LETTER, NARROW, Figure, Head, Row, cut, drawing, ticks
from deals.facets import labels_of
from deals.filters import DealFilterSet
from deals.selecting import deals_href
from deals.stats import cells_of

AS_CHOSEN: Final = "chosen"
DIMENSIONS: Final = {
    AS_CHOSEN: "what is chosen",
    "partner": "partner",
    "host": "host",
    "mineral": "mineral",
    "kind": "kind",
    "status": "agreement",
    "stage": "stage",
    "supply_chain_stage": "supply chain stage",
    "provider_country": "home of a provider",
    "company": "company",
}
MOST_SERIES: Final = 6
YEARS_SHOWN: Final = 12
PANEL_HEIGHT: Final = 150.0


@dataclass(frozen=True)
class Series:
    """Deals of one value by year; ``in_all`` counts the years that are not drawn, and undated."""

    value: str
    name: str
    by_year: Mapping[int, int]
    in_all: int


def series(filterset: DealFilterSet, by: str) -> Figure | None:
    """Deals by year for each value of ``by``: those chosen, or those with most deals."""
    by = _dimension(filterset, by)
    counted: dict[str, Counter[int]] = {}
    in_all: Counter[str] = Counter()
    for cell in cells_of(filterset, ("year", by), "deals"):
        year, value = cell.groups
        if value is None:
            continue
        in_all[value] += cell.deals
        if year is not None:
            counted.setdefault(value, Counter())[int(year)] += cell.deals
    labels = labels_of({by: list(in_all)})
    chosen = [value for value in _chosen(filterset, by) if value in in_all]
    ranked = sorted(in_all, key=lambda value: (-in_all[value], labels[by, value]))
    found = [
        Series(value, labels[by, value], counted[value], in_all[value])
        for value in (chosen or ranked)
        if value in counted
    ]
    if not found:
        return None
    shown = found[:MOST_SERIES]
    last = max(max(one.by_year) for one in shown)
    first = max(min(min(one.by_year) for one in shown), last - YEARS_SHOWN + 1)
    years = range(first, last + 1)
    until = filterset.clock.last_day
    title = _title(shown)
    return Figure(
        title=title,
        subtitle=f"Deals by year of announcement and {DIMENSIONS[by]}, on one scale; "
        "a deal with several stands in each",
        wide=_panels(shown, years, until, FULL, title),
        narrow=_panels(shown, years, until, NARROW, title),
        spans=True,
        name_head="Year",
        heads=tuple(Head(one.name) for one in shown),
        rows=[
            Row(
                str(year),
                tuple(one.by_year.get(year, 0) for one in shown),
                deals_href(filterset, announced_after=str(year), announced_before=str(year)),
            )
            for year in range(min(min(one.by_year) for one in shown), last + 1)
        ],
        note=" ".join(_notes(found, shown, years, until)),
    )


def _chosen(filterset: DealFilterSet, name: str) -> list[str]:
    codes = filterset.cleaned.get(name)
    # The first code of a value is what it stands for: a merged company's successor.
    return [stands_for[0] for stands_for in codes.values()] if codes else []


def _dimension(filterset: DealFilterSet, by: str) -> str:
    if by != AS_CHOSEN:
        return by
    return _set_against(filterset) or "partner"


def is_comparison(filterset: DealFilterSet) -> bool:
    """Whether the reader has chosen two or more values of one thing: China and the US."""
    return bool(_set_against(filterset))


def _set_against(filterset: DealFilterSet) -> str:
    several = (name for name in DIMENSIONS if len(_chosen(filterset, name)) > 1)
    return next(several, "")


def _title(shown: Sequence[Series]) -> str:
    """“Deals: United States 33, China 3”; of many, the first and the last."""
    if len(shown) == 1:
        return f"{shown[0].name}: {count_in_words(shown[0].in_all, 'deal')}"
    first = ", ".join(f"{one.name} {one.in_all}" for one in shown[:3])
    return f"Deals: {first}" if len(shown) <= 3 else f"Deals: {first}, {len(shown) - 3} more"


def _notes(
    found: Sequence[Series], shown: Sequence[Series], years: range, until: datetime.date
) -> Iterator[str]:
    if years[-1] == until.year:
        yield f"*{until.year} to {until.day} {until:%B}."
    if len(found) > len(shown):
        yield f"{len(found) - len(shown)} more not drawn."
    if any(min(one.by_year) < years[0] for one in shown):
        yield f"Years before {years[0]} stand in the data only."
    if any(one.in_all > sum(one.by_year.values()) for one in shown):
        yield "Deals without a date stand in no year."


def _panels(
    shown: Sequence[Series], years: range, until: datetime.date, width: float, title: str
) -> SafeString:
    """The small charts, three beside one another, on a phone one below the other."""
    across = 1 if width == NARROW else min(3, len(shown))
    gap = 36.0
    panel = (width - gap * (across - 1)) / across
    drawn = [one.by_year.get(year, 0) for one in shown for year in years]
    marks = ticks(max(drawn))
    parts: list[SafeString] = []
    for place, one in enumerate(shown):
        row, column = divmod(place, across)
        left, top = column * (panel + gap), row * (PANEL_HEIGHT + 56)
        parts += _panel(one, years, until, marks, left, top, panel)
    rows = -(-len(shown) // across)
    said = "; ".join(
        f"{one.name}: "
        + ", ".join(f"{year} {one.by_year[year]}" for year in years if one.by_year.get(year))
        for one in shown
    )
    return drawing(parts, width, rows * (PANEL_HEIGHT + 56) - 8, title, said)


def _panel(
    one: Series,
    years: range,
    until: datetime.date,
    marks: Sequence[int],
    left: float,
    top: float,
    width: float,
) -> Iterator[SafeString]:
    foot = top + 24 + PANEL_HEIGHT
    start = left + 26
    scale = (PANEL_HEIGHT - 14) / marks[-1]
    yield svg.text(left, top + 13, cut(one.name, int(width / LETTER) - 6), class_="label-bound")
    for mark in marks:
        y = foot - mark * scale
        class_ = "grid-line" if mark else "base-line"
        yield svg.line(start, y, left + width, y, class_=class_)
        yield svg.text(start - 6, y + 4.5, str(mark), text_anchor="end", class_="chart-axis")
    step = (left + width - start) / max(len(years), 4)
    bar = min(step * 0.74, 36.0)
    every = 1 if step >= 40 else 2 if step >= 22 else 4
    for place, year in enumerate(years):
        middle = start + step * (place + 0.5)
        deals = one.by_year.get(year, 0)
        if deals:
            tall = deals * scale
            yield svg.rect(middle - bar / 2, foot - tall, bar, tall, class_="fill-bound")
            yield svg.text(middle, foot - tall - 4, str(deals), text_anchor="middle")
        if (len(years) - 1 - place) % every == 0:
            star = "*" if year == until.year else ""
            word = f"{year}{star}" if step >= 40 else f"’{year % 100:02}{star}"
            yield svg.text(middle, foot + 17, word, text_anchor="middle", class_="chart-axis")
