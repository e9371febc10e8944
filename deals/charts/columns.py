"""Columns by year, each of one part or several upon one another, over gridlines."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.safestring import SafeString

from config.lib import svg
from deals.charts.figure import NARROW, drawing, ticks
from deals.filters import DealFilterSet
from deals.selecting import deals_href

YEARS_SHOWN: Final = 12
GAP: Final = 1.5
OUTLINED: Final = frozenset({"bar-ended", "bar-headline-open", "bar-headline-ended"})
"""Classes of parts that are drawn as a line: half of it lies within."""

type Amount = int | Decimal


@dataclass(frozen=True)
class Key:
    """What a part of a column means: its word, the class of the part, the class of the word."""

    word: str
    mark: str
    label: str


@dataclass(frozen=True)
class Column:
    """One year: its parts from the foot up, in the order of the keys, and the words on top."""

    year: int
    parts: tuple[Amount, ...]
    label: str = ""

    @property
    def whole(self) -> Amount:
        """All parts together."""
        return sum(self.parts)


def year_href(filterset: DealFilterSet, year: int) -> str:
    """The deals of the selection that were announced in a year.

    A choice of dates that is narrower than the year stays as it is.
    """
    since, until = (filterset.cleaned.get(f"announced_{side}") for side in ("after", "before"))
    changes = {"announced_after": str(year), "announced_before": str(year)}
    if since and since.earliest > datetime.date(year, 1, 1):
        changes["announced_after"] = str(since)
    if until and until.latest < datetime.date(year, 12, 31):
        changes["announced_before"] = str(until)
    return deals_href(filterset, **changes)


def unfinished(year: int, until: datetime.date) -> str:
    """The note on a year that is not over; empty for another."""
    return f"*{until.year} to {until.day} {until:%B}." if year == until.year else ""


def last_years[Row](rows: Sequence[Row], year_of: Callable[[Row], int]) -> list[Row]:
    """The rows of the last twelve years."""
    last = max(map(year_of, rows))
    return [row for row in rows if year_of(row) > last - YEARS_SHOWN]


def columns(
    rows: Sequence[Column],
    keys: Sequence[Key],
    width: float,
    title: str,
    said: str,
    *,
    until: datetime.date,
    tick_words: Callable[[int], str] = str,
) -> SafeString:
    """The drawing; only keys of parts that occur are shown, right of the columns or above them."""
    is_wide = width != NARROW
    used = [key for place, key in enumerate(keys) if any(row.parts[place] for row in rows)]
    marks = ticks(int(max(row.whole for row in rows)))
    words = [tick_words(mark) for mark in marks]
    left = max(30.0, 7.2 * max(map(len, words)) + 8)
    right = width - (112.0 if is_wide else 4.0)
    top, foot = (20.0, 240.0) if is_wide else (44.0, 240.0)
    scale = (foot - top) / marks[-1]
    parts = []
    for mark, word in zip(marks, words, strict=True):
        y = foot - mark * scale
        parts += [
            svg.line(left, y, right, y, class_="grid-line" if mark else "base-line"),
            svg.text(left - 8, y + 4.5, word, text_anchor="end", class_="chart-axis"),
        ]
    step = (right - left) / max(len(rows), 4)
    bar = min(step * 0.74, 42.0)
    every = 2 if max(len(row.label) for row in rows) * 6.4 > step else 1
    for place, row in enumerate(rows):
        middle = left + step * (place + 0.5)
        is_labelled = every == 1 or row.whole == max(one.whole for one in rows)
        parts += _column(row, keys, middle, bar, foot, scale, is_labelled=is_labelled)
        year = str(row.year) if is_wide else f"’{row.year % 100:02}"
        star = "*" if row.year == until.year else ""
        parts.append(
            svg.text(middle, foot + 19, year + star, text_anchor="middle", class_="chart-axis")
        )
    parts += _keys(used, right, foot) if is_wide else _keys_above(used)
    return drawing(parts, width, foot + 26, title, said)


def _column(
    row: Column,
    keys: Sequence[Key],
    middle: float,
    width: float,
    foot: float,
    scale: float,
    *,
    is_labelled: bool,
) -> Iterator[SafeString]:
    y, x = foot, middle - width / 2
    for amount, key in zip(row.parts, keys, strict=True):
        if not amount:
            continue
        tall = float(amount) * scale
        y -= tall
        if key.mark in OUTLINED:
            yield svg.rect(x + 0.75, y + 0.75, width - 1.5, tall - GAP - 1.5, class_=key.mark)
        else:
            yield svg.rect(x, y, width, max(tall - GAP, 0.75), class_=key.mark)
    if row.whole and is_labelled:
        yield svg.text(middle, y - 5, row.label or str(row.whole), text_anchor="middle")


def _keys(keys: Sequence[Key], x: float, foot: float) -> Iterator[SafeString]:
    """Words in the tones of their parts, right of the columns, in the order of the parts."""
    for place, key in enumerate(keys):
        yield svg.text(x + 8, foot - 4 - 18 * place, key.word, class_=key.label)


def _keys_above(keys: Sequence[Key]) -> Iterator[SafeString]:
    x = 0.0
    for key in keys:
        yield svg.rect(x + 0.75, 4, 10, 10, class_=key.mark)
        yield svg.text(x + 17, 13.5, key.word, class_=key.label)
        x += 17 + len(key.word) * 6.9 + 18
