"""Charts of a set of deals, drawn as SVG on the server: a picture needs no script.

A `Figure` says in its title what is to be seen, computed from the data and never a judgement. It is
drawn twice, wide and 350 wide, and the style sheet shows one, so that text keeps its size. Its rows
are the same data as a table.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from config.lib import svg
from config.lib.words import count_in_words
from deals.portfolios import YearCount, Years

WIDE, NARROW = 660.0, 350.0
YEARS_SHOWN = 12
GAP = 1.5
LETTER = 6.9
"""Mean width of a letter at the size of type of charts, in pixels."""


@dataclass(frozen=True)
class Row:
    """A row of the table under a chart; ``href`` leads to the deals counted."""

    name: str
    cells: tuple[int, ...]
    href: str = ""


@dataclass(frozen=True)
class Figure:
    """A chart with its words and its data."""

    title: str
    subtitle: str
    wide: SafeString
    narrow: SafeString
    heads: tuple[str, ...]
    """Head of the first column of the table, then one a cell."""
    rows: list[Row]
    note: str = ""
    """What the reader must know: an unfinished year, what is left out."""


@dataclass(frozen=True)
class Bar:
    """One thing counted."""

    name: str
    deals: int
    href: str = ""


def bars(items: Sequence[Bar], *, title: str, subtitle: str, what: str, note: str = "") -> Figure:
    """Horizontal bars, longest first as given; ``what`` heads the column of names."""
    return Figure(
        title=title,
        subtitle=subtitle,
        wide=_bars(items, WIDE, title),
        narrow=_bars(items, NARROW, title),
        heads=(what, "Deals"),
        rows=[Row(item.name, (item.deals,), item.href) for item in items],
        note=note,
    )


def ranked(items: Sequence[Bar], of_deals: int, *, one: str, many: str, shown: int) -> Figure:
    """Bars of the first ``shown``, with a title that says which leads, alone or among others.

    ``one`` and ``many`` name what is counted: “partner”, “partners”.
    """
    most = items[0].deals
    first = [item.name for item in items if item.deals == most]
    left_out = len(items) - shown
    share = f"in {most} of {count_in_words(of_deals, 'deal')}"
    if len(first) == 1:
        title = f"{first[0]} first among {many}, {share}"
    elif len(first) == 2:
        title = f"{first[0]} and {first[1]} first among {many}, each {share}"
    else:
        title = f"{len(first)} {many} come first, each {share}"
    return bars(
        items[:shown],
        title=title,
        subtitle=f"Deals by {one}; a deal with several counts in each",
        what=one.capitalize(),
        note=f"{count_in_words(left_out, f'more {one}')} not drawn." if left_out > 0 else "",
    )


def _bars(items: Sequence[Bar], width: float, title: str) -> SafeString:
    most = max(item.deals for item in items)
    longest = 26 if width == WIDE else 18
    left = min(longest, max(len(item.name) for item in items)) * LETTER + 10
    room = width - left - 34
    parts = []
    for place, item in enumerate(items):
        y = 25.0 * place + 2
        length = max(2.0, room * item.deals / most)
        parts += [
            svg.text(left - 8, y + 15, _cut(item.name, longest), text_anchor="end"),
            svg.rect(left, y + 2, length, 16, class_="fill-bound"),
            svg.text(left + length + 7, y + 15, str(item.deals)),
        ]
    height = 25.0 * len(items) + 4
    parts.append(svg.line(left - 0.5, 0, left - 0.5, height, class_="base-line"))
    return _drawing(parts, width, height, title, "; ".join(f"{i.name} {i.deals}" for i in items))


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
    rows = [row for row in counted.rows if row.year > counted.rows[-1].year - YEARS_SHOWN]
    title = title_of_years(counted)
    return Figure(
        title=title,
        subtitle=subtitle,
        wide=_columns(rows, WIDE, title, until),
        narrow=_columns(rows, NARROW, title, until),
        heads=("Year", "Binding", "Not binding", "Ended", "All"),
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
    ticks = _ticks(max(row.deals for row in rows))
    scale = (foot - top) / ticks[-1]
    parts = []
    for tick in ticks:
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
    return _drawing(parts, width, foot + 26, title, said)


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


def _ticks(most: int) -> list[int]:
    """Zero and up to four whole steps that reach ``most``."""
    sizes = (digit * 10**power for power in range(9) for digit in (1, 2, 5))
    size = next(size for size in sizes if size * 4 >= most)
    return list(range(0, max(1, -(-most // size)) * size + 1, size))


def _cut(name: str, longest: int) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"


def _drawing(
    parts: Sequence[SafeString], width: float, height: float, title: str, said: str
) -> SafeString:
    size = "wide" if width == WIDE else "narrow"
    return svg.svg(
        *parts,
        width=width,
        height=height,
        title=title,
        description=said,
        class_=f"chart chart-{size}",
    )
