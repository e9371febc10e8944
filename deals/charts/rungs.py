"""What pictures of money share: the texture of each rung, and words for what stands on none."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from django.utils.safestring import SafeString

from config.lib import svg
from config.lib.words import NOTHING, money_in_words
from deals.labels import in_sentence, labels
from deals.stats import Cell

SMALLEST: Final = 2.0
"""The least length of a bar, in pixels, so that no sum is lost to sight."""
_OUTLINED: Final = ("indicated", "conditional")


def rung_label(rung: str) -> str:
    """“Committed”."""
    return labels()["rung"][rung]


def rung_word(rung: str) -> str:
    """“committed”."""
    return in_sentence(rung_label(rung))


def rung_rect(rung: str, x: float, y: float, width: float, height: float) -> SafeString:
    """A bar in the texture of its rung; the line of an outlined one lies within."""
    inset = 0.75 if rung in _OUTLINED else 0.0
    return svg.rect(
        x + inset,
        y + inset,
        width - 2 * inset,
        height - 2 * inset,
        class_=f"rung-{rung}",
        fill="url(#hatch)" if rung == "conditional" else None,
    )


def mark_of(measure: str) -> str:
    """The class of a bar that shows a measure of the statistics: ``committed_usd``."""
    if measure == "deals":
        return "fill-bound"
    return "fill-headline" if measure == "value_usd" else f"rung-{measure.removesuffix('_usd')}"


def sum_in_words(usd: Decimal | None, *, has_lines: bool) -> str:
    """“$1.6bn”; “nothing”; “an unknown amount” where lines stand without one."""
    if usd is not None:
        return money_in_words(usd)
    return "an unknown amount" if has_lines else NOTHING


def total(cells: Mapping[object, Cell]) -> Decimal | None:
    """The sum of cells that stand on one rung; None if none has an amount."""
    sums = [Decimal(cell.value) for cell in cells.values() if cell.value is not None]
    return sum(sums, Decimal(0)) if sums else None
