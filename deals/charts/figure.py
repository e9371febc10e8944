"""A chart with its words and its data, and what all drawings share.

A `Figure` says in its title what is to be seen, computed from the data and never a judgement. It is
drawn twice, wide and 350 wide, and the style sheet shows one, so that text keeps its size. Its rows
are the same data as a table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.utils.safestring import SafeString

from config.lib import svg

type Cell = int | Decimal | str | None
type CellKind = Literal["count", "usd", "percent", "text", "date", "url"]

HALF, WIDE, FULL, NARROW = 540.0, 660.0, 1076.0, 350.0
"""Widths that figures are drawn in, so that type keeps its size: for one of two columns, for a
column alone, for all of a wide page, and for a phone."""
LETTER = 6.9
"""Mean width of a letter at the size of type of charts, in pixels."""
_HEIGHT = re.compile(r'viewBox="0 0 [\d.]+ ([\d.]+)"')


@dataclass(frozen=True)
class Head:
    """The head of a column of a chart's table: its words and what its cells hold.

    Cells of the kind ``usd`` are US dollars and None where nothing is on record; ``percent`` are
    per cent; ``text`` is set to the left, all else to the right; ``date`` is
    ``YYYY[-MM[-DD]]`` and empty where no source dates it; ``url`` is an address elsewhere, shown as
    a link.
    """

    label: str
    kind: CellKind = "count"

    @property
    def is_text(self) -> bool:
        """Whether its cells stand to the left."""
        return self.kind in ("text", "date", "url")


@dataclass(frozen=True)
class Row:
    """A row of the table under a chart; ``href`` leads to the deals counted."""

    name: str
    cells: tuple[Cell, ...]
    href: str = ""


@dataclass(frozen=True)
class Choice:
    """An option of a chart: its words, its parameter, codes and words to choose from, the code."""

    label: str
    parameter: str
    choices: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A chart with its words and its data."""

    title: str
    subtitle: str
    """What is measured, in what unit, over what time."""
    wide: SafeString
    narrow: SafeString
    name_head: str
    """Head of the first column of the table, which holds the rows' names."""
    heads: tuple[Head, ...]
    """One for each cell of a row."""
    rows: list[Row]
    rows_on_page: int | None = None
    """How many rows the page shows, where there are more than anyone would read there."""
    spans: bool = False
    """Whether the wide drawing takes the whole width (`FULL`) rather than half of it."""
    note: str = ""
    """What the reader must know: an unfinished year, what is left out."""
    name: str = ""
    """Its name in `deals.charts.catalogue`; empty for one that has no files of its own."""
    query: str = ""
    """The query string of the selection that it is drawn of."""
    choices: tuple[Choice, ...] = ()
    """What a reader can choose about the chart itself."""

    @property
    def page_rows(self) -> list[Row]:
        """The rows that the page shows; the file of the data has all."""
        return self.rows[: self.rows_on_page]

    @property
    def has_files(self) -> bool:
        """Whether it can be downloaded and embedded: `deals.views.charts` draws it anew."""
        return bool(self.name)

    @property
    def embed_height(self) -> int:
        """A height in pixels for a frame that holds picture and words at the width drawn."""
        height = float(_HEIGHT.search(self.wide)[1])  # type: ignore[index]
        return round(height) + 190


def ticks(most: int) -> list[int]:
    """Zero and up to four whole steps that reach ``most``."""
    sizes = (digit * 10**power for power in range(15) for digit in (1, 2, 5))
    size = next(size for size in sizes if size * 4 >= most)
    return list(range(0, max(1, -(-most // size)) * size + 1, size))


def cut(name: str, longest: int) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"


def drawing(
    parts: Sequence[SafeString],
    width: float,
    height: float,
    title: str,
    said: str,
    *,
    has_links: bool = False,
) -> SafeString:
    """A drawing: ``said`` is its alternative text, beside the title.

    One with links is a group, since a picture (role img) may hold none.
    """
    size = "narrow" if width == NARROW else "wide"
    return svg.svg(
        *parts,
        width=width,
        height=height,
        title=title,
        description=said,
        role="group" if has_links else "img",
        class_=f"chart chart-{size}",
    )
