"""Columns by year of announcement: binding at the foot, then not binding, then ended."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from itertools import dropwhile

from django.utils.safestring import SafeString

from config.lib import svg
from config.lib.words import count_in_words
from deals.charts.figure import LETTER, NARROW, WIDE, Figure, Head, Row, drawing, ticks
from deals.portfolios import YearCount, Years

YEARS_SHOWN = 12
GAP = 1.5


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
    last = counted.rows[-1].year
    rows = list(
        dropwhile(
            lambda row: not row.deals, (r for r in counted.rows if r.year > last - YEARS_SHOWN)
        )
    )
    title = title_of_years(counted)
    return Figure(
        title=title,
        subtitle=subtitle,
        wide=_columns(rows, WIDE, title, until),
        narrow=_columns(rows, NARROW, title, until),
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
    if shown[-1].year == until.year:
        yield f"*{until.year} to {until.day} {until:%B}."
    earlier = sum(row.deals for row in counted.rows) - sum(row.deals for row in shown)
    if earlier:
        yield f"{count_in_words(earlier, 'deal').capitalize()} before {shown[0].year} not drawn."
    if counted.undated:
        yield f"{count_in_words(counted.undated, 'deal').capitalize()} without a date left out."


def _columns(
    rows: Sequence[YearCount], width: float, title: str, until: datetime.date
) -> SafeString:
    is_wide = width == WIDE
    kinds = [
        (name, word, tone)
        for name, word, tone in (
            ("ended", "Ended", "ended"),
            ("not_binding", "Not binding", "open"),
            ("binding", "Binding", "bound"),
        )
        if any(getattr(row, name) for row in rows)
    ]
    left, right = 30.0, width - (112.0 if is_wide else 4.0)
    top, foot = (20.0, 240.0) if is_wide else (44.0, 240.0)
    scale_ticks = ticks(max(row.deals for row in rows))
    scale = (foot - top) / scale_ticks[-1]
    parts = []
    for tick in scale_ticks:
        y = foot - tick * scale
        parts += [
            svg.line(left, y, right, y, class_="grid-line" if tick else "base-line"),
            svg.text(left - 8, y + 4.5, str(tick), text_anchor="end", class_="chart-axis"),
        ]
    step = (right - left) / max(len(rows), 4)
    bar = min(step * 0.74, 42.0)
    for place, row in enumerate(rows):
        middle = left + step * (place + 0.5)
        parts += _column(row, middle, bar, foot, scale)
        year = str(row.year) if is_wide else f"’{row.year % 100:02}"
        star = "*" if row.year == until.year else ""
        parts.append(
            svg.text(middle, foot + 19, year + star, text_anchor="middle", class_="chart-axis")
        )
    parts += _keys(kinds, right, foot) if is_wide else _keys_above(kinds)
    said = "; ".join(
        f"{row.year}: {row.deals}, {row.binding} of them binding" for row in rows if row.deals
    )
    return drawing(parts, width, foot + 26, title, said)


def _column(
    row: YearCount, middle: float, width: float, foot: float, scale: float
) -> Iterator[SafeString]:
    y, x = foot, middle - width / 2
    for deals, tone in ((row.binding, "bound"), (row.not_binding, "open")):
        if deals:
            y -= deals * scale
            yield svg.rect(x, y, width, deals * scale - GAP, class_=f"fill-{tone}")
    if row.ended:
        y -= row.ended * scale
        height = row.ended * scale - GAP - 1.5
        yield svg.rect(x + 0.75, y + 0.75, width - 1.5, height, class_="bar-ended")
    if row.deals:
        yield svg.text(middle, y - 5, str(row.deals), text_anchor="middle")


def _keys(kinds: list[tuple[str, str, str]], x: float, foot: float) -> Iterator[SafeString]:
    """Words in the tones of their parts, right of the columns, in the order of the parts."""
    for place, (_, word, tone) in enumerate(kinds):
        y = foot - 4 - 18 * (len(kinds) - 1 - place)
        yield svg.text(x + 8, y, word, class_=f"label-{tone}")


def _keys_above(kinds: list[tuple[str, str, str]]) -> Iterator[SafeString]:
    x = 0.0
    for _, word, tone in reversed(kinds):
        mark = "bar-ended" if tone == "ended" else f"fill-{tone}"
        yield svg.rect(x + 0.75, 4, 10, 10, class_=mark)
        yield svg.text(x + 17, 13.5, word, class_=f"label-{tone}")
        x += 17 + len(word) * LETTER + 18
