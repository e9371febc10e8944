"""A chart as files: a picture that stands alone with its words, and a table for a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal

from django.utils.safestring import SafeString

from config.lib import svg
from config.lib.columns import Column, Kind, Summary
from config.lib.pictures import LACKING_LETTERS, Picture, lacks_letters, standalone
from config.lib.stylesheets import Theme
from config.lib.typeface import wrapped
from config.lib.words import date_in_words
from deals.charts.catalogue import Chart
from deals.charts.figure import HALF, NARROW, CellKind, Figure, drawing
from deals.filters import DealFilterSet
from deals.licence import LICENCE
from deals.reading import Clock
from deals.selecting import NOT_CHIPS, Selection

type Size = Literal["wide", "narrow"]

SIZES: Final[tuple[Size, ...]] = ("wide", "narrow")
_KINDS: Final[dict[CellKind, tuple[Kind, str]]] = {
    "count": ("number", ""),
    "usd": ("usd", "_usd"),
    "percent": ("number", "_percent"),
    "text": ("text", ""),
    "date": ("text", ""),
    "url": ("text", ""),
}
"""Kind of column and end of its name, by kind of cell."""


def source_of(clock: Clock) -> str:
    """Where a chart comes from and of which days it tells, to stand under it."""
    edition = f"Lodebook, edition of {date_in_words(clock.last_day)}"
    if not clock.on:
        return edition
    known = "then" if clock.as_of else "now"
    return f"{edition}; the world on {date_in_words(clock.on)} as known {known}"


def selection_of(filterset: DealFilterSet) -> str:
    """The selection in words; empty where it is all deals."""
    if not filterset.cleaned.keys() - NOT_CHIPS:
        return ""
    return Selection(filterset, {}).sentence


def picture_of(
    chart: Chart,
    figure: Figure | None,
    filterset: DealFilterSet,
    *,
    size: Size = "wide",
    theme: Theme = "light",
    site: str,
    address: str,
    is_png: bool = False,
) -> Picture:
    """The drawing with its words, or with the sentence that there is nothing to draw."""
    shown = figure or _nothing(chart)
    selection = selection_of(filterset)
    foot = [f"Source: {source_of(filterset.clock)}. {LICENCE}."]
    if shown.note:
        foot.append(shown.note)
    drawn = shown.wide if size == "wide" else shown.narrow
    if is_png and lacks_letters(drawn, selection, shown.title, shown.subtitle, *foot):
        foot.append(LACKING_LETTERS)
    return standalone(
        drawn,
        theme=theme,
        title=shown.title,
        subtitle=shown.subtitle,
        selection=selection,
        foot=foot,
        site=site,
        address=address,
    )


def _nothing(chart: Chart) -> Figure:
    """A picture that says that there is nothing to draw."""

    def said(width: float) -> SafeString:
        lines = wrapped(chart.nothing, width, 15)
        texts = [svg.text(0, 22 + 20 * place, line) for place, line in enumerate(lines)]
        return drawing(texts, width, 20.0 * len(lines) + 12, chart.label, chart.nothing)

    return Figure(
        title=chart.label,
        subtitle="Nothing to draw",
        wide=said(HALF),
        narrow=said(NARROW),
        name_head="",
        heads=(),
        rows=[],
    )


def table_of(
    figure: Figure | None, clock: Clock, *, site: str, address: str
) -> tuple[list[Column], Iterator[Summary]]:
    """Columns and rows of a chart's data.

    Names of columns end in their unit. Two more say where each row's deals are (``deals_url``) and
    whose data it is (``cite_as``), so that a table keeps its source wherever it is pasted.
    """
    columns: dict[str, Kind] = {}
    if figure is not None:
        columns[_name(figure.name_head, columns)] = "text"
        for head in figure.heads:
            kind, unit = _KINDS[head.kind]
            columns[_name(head.label, columns, unit)] = kind
    names = list(columns)
    has_links = figure is not None and any(row.href for row in figure.rows)
    if has_links:
        columns["deals_url"] = "text"
    columns["cite_as"] = "text"
    cite_as = f"{source_of(clock)}, {LICENCE}, {address}"

    def rows() -> Iterator[Summary]:
        for row in figure.rows if figure is not None else ():
            values = dict(zip(names, (row.name, *row.cells), strict=True))
            links = {"deals_url": f"{site}{row.href}" if row.href else None} if has_links else {}
            yield {**values, **links, "cite_as": cite_as}

    # Its label is what a spreadsheet's heading says: here the name, which says the unit.
    return [Column(name=name, label=name, kind=kind) for name, kind in columns.items()], rows()


def _name(label: str, taken: Sequence[str] | dict[str, Kind], unit: str = "") -> str:
    """A heading as the name of a column: ``indicated_usd``."""
    name = re.sub(r"\W+", "_", label.casefold()).strip("_") or "value"
    name = name if name.endswith(unit) else f"{name}{unit}"
    return name if name not in taken else f"{name}_{len(taken)}"
