"""Horizontal bars: how many deals, or how much money, each of some things has."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Sized
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString

from config.lib import svg
from config.lib.typeface import width_of
from config.lib.words import count_in_words
from deals.charts.figure import HALF, NARROW, Figure, Head, Row, cut, drawing
from deals.charts.rungs import rung_rect

type Amount = int | Decimal

ROW_HEIGHT = 25.0


@dataclass(frozen=True)
class Bar:
    """One thing counted. ``deals`` is what is measured: deals, or US dollars."""

    name: str
    deals: Amount
    href: str = ""
    mark: str = "fill-bound"
    """The class of its bar."""


def bars(
    items: Sequence[Bar],
    *,
    title: str,
    subtitle: str,
    what: str,
    note: str = "",
    shown: int | None = None,
    measured: Head | None = None,
    words: Callable[[Amount], str] = str,
) -> Figure:
    """Horizontal bars, longest first as given; ``what`` heads the column of names.

    The first ``shown`` are drawn, all of them are in the table. ``measured`` heads the column of
    amounts, which ``words`` writes at the bars.
    """
    drawn = items[:shown]
    return Figure(
        title=title,
        subtitle=subtitle,
        wide=_bars(drawn, HALF, title, words),
        narrow=_bars(drawn, NARROW, title, words),
        name_head=what,
        heads=(measured or Head("Deals"),),
        rows=[Row(item.name, (item.deals,), item.href) for item in items],
        note=note,
    )


def ranked(
    items: Sequence[Bar], of_deals: int, *, one: str, many: str, shown: int, notes: str = ""
) -> Figure:
    """Bars of the first ``shown``, with a title that says which leads, alone or among others.

    ``one`` and ``many`` name what is counted: “partner”, “partners”.
    """
    first = leaders(items)
    share = f"in {items[0].deals} of {count_in_words(of_deals, 'deal')}"
    if len(first) == 1:
        title = f"{first[0]} first among {many}, {share}"
    elif len(first) == 2:
        title = f"{first[0]} and {first[1]} first among {many}, each {share}"
    else:
        title = f"{len(first)} {many} come first, each {share}"
    return bars(
        items,
        title=title,
        subtitle=f"Deals by {one}; a deal with several counts in each",
        what=one.capitalize(),
        note=" ".join(filter(None, (left_out(items, shown, one, many), notes))),
        shown=shown,
    )


def leaders(items: Sequence[Bar]) -> list[str]:
    """The names of those with most: one, or more that are equal."""
    return [item.name for item in items if item.deals == items[0].deals]


def left_out(items: Sized, shown: int, one: str, many: str = "") -> str:
    """The note on what is not drawn; empty where all is."""
    more = len(items) - shown
    return (
        f"{count_in_words(more, f'more {one}', f'more {many}' if many else '')} not drawn."
        if more > 0
        else ""
    )


def _bar(mark: str, x: float, y: float, length: float) -> SafeString:
    if mark.startswith("rung-"):
        return rung_rect(mark.removeprefix("rung-"), x, y, length, 16)
    return svg.rect(x, y, length, 16, class_=mark)


def _bars(
    items: Sequence[Bar], width: float, title: str, words: Callable[[Amount], str]
) -> SafeString:
    most = max(item.deals for item in items)
    longest = 26 if width == HALF else 18
    names = [cut(item.name, longest) for item in items]
    left = max(width_of(name, 13) for name in names) + 12
    room = width - left - max(width_of(words(item.deals), 13) for item in items) - 12
    parts = []
    for place, (item, name) in enumerate(zip(items, names, strict=True)):
        y = ROW_HEIGHT * place + 2
        length = max(2.0, room * float(item.deals / most) if most else 0)
        parts += [
            svg.text(left - 8, y + 15, name, text_anchor="end"),
            _bar(item.mark, left, y + 2, length),
            svg.text(left + length + 7, y + 15, words(item.deals)),
        ]
    height = ROW_HEIGHT * len(items) + 4
    parts.append(svg.line(left - 0.5, 0, left - 0.5, height, class_="base-line"))
    said = "; ".join(f"{item.name} {words(item.deals)}" for item in items)
    return drawing(parts, width, height, title, said)
