"""Who gives the money: a row a provider, a column a rung, never summed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.safestring import SafeString

from config.lib import svg
from config.lib.typeface import width_of
from config.lib.words import count_in_words, money_in_words
from deals.charts.bars import left_out
from deals.charts.figure import FULL, NARROW, Figure, Head, Row, cut, drawing
from deals.charts.rungs import SMALLEST, rung_label, rung_rect, rung_word
from deals.facets import labels_of
from deals.filters import DealFilterSet
from deals.money import RUNGS
from deals.selecting import deals_href
from deals.stats import LINE_USD, Cell, cells_of

SHOWN: Final = 12
UNKNOWN: Final = "unknown"


@dataclass(frozen=True)
class Provider:
    """A provider with a cell for each rung that a line of it stands on."""

    slug: str
    name: str
    cells: dict[str, Cell]

    def usd(self, rung: str) -> Decimal | None:
        cell = self.cells.get(rung)
        return None if cell is None or cell.value is None else Decimal(cell.value)

    @property
    def largest(self) -> Decimal:
        """Its largest sum on one rung: rungs are not added."""
        return max((self.usd(rung) or Decimal(0) for rung in RUNGS), default=Decimal(0))


def providers(filterset: DealFilterSet) -> Figure | None:
    """The providers of a selection, the largest sum on one rung first."""
    found: dict[str, dict[str, Cell]] = {}
    for cell in cells_of(filterset, ("provider", "rung"), LINE_USD):
        slug, rung = cell.groups
        if slug is not None and rung is not None:
            found.setdefault(slug, {})[rung] = cell
    if not found:
        return None
    names = labels_of({"provider": list(found)})
    rows = [Provider(slug, names["provider", slug], cells) for slug, cells in found.items()]
    rows.sort(key=lambda row: (-row.largest, row.name.casefold()))
    title = _title(rows)
    chosen = "provider" in filterset.cleaned
    return Figure(
        title=title,
        subtitle="US dollars by provider and rung of the ladder, on one scale; "
        "a line of several providers stands whole in each",
        wide=_wide(rows[:SHOWN], title),
        narrow=_narrow(rows[:SHOWN], title),
        spans=True,
        name_head="Provider",
        heads=(
            *(Head(rung_label(rung), "usd") for rung in RUNGS),
            Head("Lines of unknown amount"),
        ),
        rows=[
            Row(
                row.name,
                (
                    *(row.usd(rung) for rung in RUNGS),
                    sum(cell.without_amount or 0 for cell in row.cells.values()),
                ),
                "" if chosen else deals_href(filterset, provider=row.slug),
            )
            for row in rows
        ],
        note=" ".join(
            filter(
                None,
                (
                    left_out(rows, SHOWN, "provider"),
                    "Rungs are never added together; nor are rows, which share lines.",
                ),
            )
        ),
    )


def _title(rows: Sequence[Provider]) -> str:
    first = rows[0]
    if not first.largest:
        return f"{count_in_words(len(rows), 'provider')}, all of unknown amounts".capitalize()
    rung = max(reversed(RUNGS), key=lambda rung: first.usd(rung) or Decimal(0))
    amount = f"{first.name}: {money_in_words(first.largest)} {rung_word(rung)}"
    return amount if len(rows) == 1 else f"{amount}, the largest sum on one rung"


def _cell(
    row: Provider, rung: str, x: float, y: float, room: float, most: Decimal
) -> Iterator[SafeString]:
    """The sum in words and below it its bar; a dot where nothing is on record."""
    if rung not in row.cells:
        yield svg.circle(x + 3, y + 9, 1.75, class_="rung-none")
        return
    usd = row.usd(rung)
    words = UNKNOWN if usd is None else money_in_words(usd)
    yield svg.text(x, y + 13, words, class_="chart-axis" if usd is None else "label-money")
    if usd is not None and most:
        yield rung_rect(rung, x, y + 19, max(SMALLEST, room * float(usd / most)), 10)


def _wide(rows: Sequence[Provider], title: str) -> SafeString:
    left = min(340.0, max(width_of(row.name, 13) for row in rows) + 24)
    step = (FULL - left) / 4
    most = max(row.largest for row in rows)
    parts = [
        svg.text(left + step * place, 13, rung_label(rung), class_="label-panel")
        for place, rung in enumerate(RUNGS)
    ]
    for place, row in enumerate(rows):
        y = 24.0 + 38 * place
        parts += [
            svg.line(0, y, FULL, y, class_="grid-line"),
            svg.text(0, y + 22, cut(row.name, 50)),
        ]
        for column, rung in enumerate(RUNGS):
            parts += _cell(row, rung, left + step * column, y + 2, step - 24, most)
    return drawing(parts, FULL, 24.0 + 38 * len(rows), title, _said(rows))


def _narrow(rows: Sequence[Provider], title: str) -> SafeString:
    step = NARROW / 4
    most = max(row.largest for row in rows)
    parts = [
        svg.text(step * place, 13, rung_label(rung), class_="label-panel")
        for place, rung in enumerate(RUNGS)
    ]
    for place, row in enumerate(rows):
        y = 22.0 + 58 * place
        parts += [
            svg.line(0, y, NARROW, y, class_="grid-line"),
            svg.text(0, y + 17, cut(row.name, 48)),
        ]
        for column, rung in enumerate(RUNGS):
            parts += _cell(row, rung, step * column, y + 20, step - 8, most)
    return drawing(parts, NARROW, 22.0 + 58 * len(rows), title, _said(rows))


def _said(rows: Sequence[Provider]) -> str:
    return "; ".join(
        f"{row.name}: "
        + ", ".join(
            f"{'an unknown amount' if (usd := row.usd(rung)) is None else money_in_words(usd)}"
            f" {rung_word(rung)}"
            for rung in RUNGS
            if rung in row.cells
        )
        for row in rows
    )
