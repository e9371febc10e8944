"""The money ladder over time: four small charts with one scale, a rung each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from django.utils.safestring import SafeString

from config.lib import svg
from config.lib.words import count_in_words, money_in_words
from deals.charts.columns import last_years, unfinished, year_href
from deals.charts.figure import HALF, NARROW, Figure, Head, Row, drawing
from deals.charts.rungs import (
    SMALLEST,
    rung_label,
    rung_rect,
    rung_word,
    sum_in_words,
    total,
)
from deals.filters import DealFilterSet
from deals.money import RUNGS
from deals.stats import LINE_USD, Cell, cells_of

NOTHING_ON_RECORD: Final = "nothing on record"
_GAP: Final = 22.0

type ByYear = dict[int, Cell]


def ladder(filterset: DealFilterSet, cells: Iterable[Cell] | None = None) -> Figure:
    """US dollars by year of the deal on each rung, also where nothing is on record.

    ``cells`` by year and rung are those of the selection, unless others are given: some lines of
    its deals.
    """
    by_rung: dict[str, ByYear] = {rung: {} for rung in RUNGS}
    everything: dict[str, dict[object, Cell]] = {rung: {} for rung in RUNGS}
    for cell in cells_of(filterset, ("year", "rung"), LINE_USD) if cells is None else cells:
        year, rung = cell.groups
        everything[str(rung)][year] = cell
        if year is not None:
            by_rung[str(rung)][int(year)] = cell
    dated = sorted({year for of_rung in by_rung.values() for year in of_rung})
    title = _title(everything)
    until = filterset.clock.day
    span = list(range(dated[0], dated[-1] + 1)) if dated else []
    years = last_years(span, lambda year: year) if span else []
    return Figure(
        title=title,
        subtitle="US dollars by year of the deal and rung of the ladder; one scale for all four",
        wide=_panels(by_rung, years, until.year, HALF, title),
        narrow=_panels(by_rung, years, until.year, NARROW, title),
        name_head="Year",
        heads=(
            *(Head(rung_label(rung), "usd") for rung in RUNGS),
            Head("Lines of unknown amount"),
        ),
        rows=[
            Row(
                str(year),
                (
                    *(_value(by_rung[rung].get(year)) for rung in RUNGS),
                    sum(_unknown(by_rung[rung].get(year)) for rung in RUNGS),
                ),
                year_href(filterset, year),
            )
            for year in span
        ],
        note=" ".join(_notes(everything, years, unfinished(years[-1], until) if years else "")),
    )


def _value(cell: Cell | None) -> Decimal | None:
    return None if cell is None or cell.value is None else Decimal(cell.value)


def _unknown(cell: Cell | None) -> int:
    return (cell.without_amount or 0) if cell else 0


def _title(everything: Mapping[str, Mapping[object, Cell]]) -> str:
    """“$5.9bn indicated, $164m committed, nothing disbursed”: an empty middle rung is left out."""
    if not any(everything.values()):
        return "No financing on record"
    said = []
    for rung in RUNGS:
        cells = everything[rung]
        if cells or rung != "conditional":
            words = sum_in_words(total(cells), has_lines=bool(cells))
            said.append(f"{words} {rung_word(rung)}")
    title = ", ".join(said)
    return title[:1].upper() + title[1:]


def _notes(
    everything: Mapping[str, Mapping[object, Cell]], years: Sequence[int], year_note: str
) -> Iterator[str]:
    if year_note:
        yield year_note
    if years and any(
        int(str(year)) < years[0] for cells in everything.values() for year in cells if year
    ):
        yield f"Years before {years[0]} stand in the data only."
    undated = max((cells[None].deals for cells in everything.values() if None in cells), default=0)
    if undated:
        yield "Money of deals without a date stands in no year."
    unknown = sum(_unknown(cell) for cells in everything.values() for cell in cells.values())
    if unknown:
        yield f"{count_in_words(unknown, 'line').capitalize()} of unknown amount not drawn."
    if any(everything.values()):
        yield "Rungs are never added together."


def _panels(
    by_rung: Mapping[str, ByYear], years: Sequence[int], until_year: int, width: float, title: str
) -> SafeString:
    is_wide = width != NARROW
    sums = [
        value
        for cells in by_rung.values()
        for year in years
        if (value := _value(cells.get(year))) is not None
    ]
    most = max(sums, default=Decimal(0))
    tall = 160.0 if is_wide else 52.0
    panel = (width - 3 * _GAP) / 4 if is_wide else width
    height = tall + 70
    parts: list[SafeString] = []
    for place, rung in enumerate(RUNGS):
        left = place * (panel + _GAP) if is_wide else 0.0
        top = 0.0 if is_wide else place * height
        parts += _panel(rung, by_rung[rung], years, until_year, left, top, panel, tall, most)
    said = "; ".join(_said(rung, by_rung[rung], years) for rung in RUNGS)
    return drawing(parts, width, height if is_wide else 4 * height - 8, title, said)


def _panel(
    rung: str,
    cells: ByYear,
    years: Sequence[int],
    until_year: int,
    left: float,
    top: float,
    width: float,
    tall: float,
    most: Decimal,
) -> Iterator[SafeString]:
    foot = top + 44 + tall
    yield svg.text(left, top + 13, rung_label(rung), class_="label-panel")
    drawn = {year: value for year in years if (value := _value(cells.get(year))) is not None}
    step = width / max(len(years), 4)
    bar = step * 0.78
    for place, year in enumerate(years):
        x = left + step * place + (step - bar) / 2
        if year in drawn:
            length = max(SMALLEST, tall * float(drawn[year] / most) if most else 0)
            yield rung_rect(rung, x, foot - length, bar, length)
        elif cells.get(year):
            yield svg.text(x + bar / 2, foot - 5, "?", text_anchor="middle", class_="chart-axis")
    if drawn:
        peak = max(drawn, key=lambda year: drawn[year])
        middle = left + step * (years.index(peak) + 0.5)
        half = 30.0
        middle = min(max(middle, left + half), left + width - half)
        y = foot - max(SMALLEST, tall * float(drawn[peak] / most)) - 6
        words = money_in_words(drawn[peak])
        yield svg.text(middle, y, words, text_anchor="middle", class_="label-money")
    elif not cells:
        yield svg.text(left, foot - 7, NOTHING_ON_RECORD, class_="chart-axis")
    yield svg.line(left, foot, left + width, foot, class_="base-line")
    if years:
        star = "*" if years[-1] == until_year else ""
        yield svg.text(left, foot + 18, str(years[0]), class_="chart-axis")
        if len(years) > 1:
            end = left + (width if len(years) >= 4 else step * len(years))
            yield svg.text(
                end, foot + 18, f"{years[-1]}{star}", text_anchor="end", class_="chart-axis"
            )


def _said(rung: str, cells: ByYear, years: Sequence[int]) -> str:
    told = [
        f"{year} {'amount unknown' if value is None else money_in_words(value)}"
        for year in years
        if year in cells
        for value in [_value(cells[year])]
    ]
    return f"{rung_label(rung)}: {', '.join(told) or NOTHING_ON_RECORD}"
