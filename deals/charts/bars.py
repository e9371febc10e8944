"""Horizontal bars: how many deals each of some things has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from config.lib import svg
from config.lib.words import count_in_words
from deals.charts.figure import LETTER, NARROW, WIDE, Figure, Head, Row, cut, drawing


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
        name_head=what,
        heads=(Head("Deals"),),
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
            svg.text(left - 8, y + 15, cut(item.name, longest), text_anchor="end"),
            svg.rect(left, y + 2, length, 16, class_="fill-bound"),
            svg.text(left + length + 7, y + 15, str(item.deals)),
        ]
    height = 25.0 * len(items) + 4
    parts.append(svg.line(left - 0.5, 0, left - 0.5, height, class_="base-line"))
    return drawing(parts, width, height, title, "; ".join(f"{i.name} {i.deals}" for i in items))
