"""What a map measures: deals hosted, or the money on one rung in five fixed classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from config.lib.words import count_in_words, money_in_words
from deals.charts.map_data import DEALS, Host
from deals.codes import Rung

MILLION: Final = 10**6

type Breaks = Sequence[tuple[int | None, str]]

DEAL_BREAKS: Final[Breaks] = (
    (1, "1"),
    (3, "2–3"),
    (10, "4–10"),
    (25, "11–25"),
    (None, "over 25"),
)
"""The most of each class, and how the key says it."""
USD_BREAKS: Final[Breaks] = (
    (50 * MILLION, "to $50m"),
    (250 * MILLION, "to $250m"),
    (1000 * MILLION, "to $1bn"),
    (5000 * MILLION, "to $5bn"),
    (None, "over $5bn"),
)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """Deals, or US dollars that stand exactly on a rung. ``name`` is its value of ``?measure=``."""

    name: str
    label: str
    ramp: str
    """The colours of its classes: ``map-<ramp>-1`` to 5."""
    breaks: Breaks
    rung: str = ""
    word: str = ""
    """The rung in a sentence."""

    def of(self, host: Host) -> Decimal:
        """Its value for a host; nothing is 0."""
        return (host.ladder[self.rung] or Decimal(0)) if self.rung else Decimal(host.deals)

    def class_of(self, value: Decimal) -> int:
        """The class of shade, 1 to 5; 0 for nothing."""
        if value <= 0:
            return 0
        classes = enumerate(self.breaks, 1)
        return next(place for place, (most, _) in classes if most is None or value <= most)

    def number(self, value: Decimal) -> str:
        """As it stands beside a name: ``59``, ``$1.6bn``; empty for nothing."""
        if not value:
            return ""
        return money_in_words(value) if self.rung else f"{value:,}"

    def said(self, value: Decimal) -> str:
        """As a sentence has it: “59 deals”, “$1.6bn committed”, “nothing committed”."""
        if not self.rung:
            return count_in_words(int(value), "deal")
        return f"{money_in_words(value) if value else 'nothing'} {self.word}"


MEASURES: Final = {
    measure.name: measure
    for measure in (
        Measure(name=DEALS, label="Deals hosted", ramp="seq", breaks=DEAL_BREAKS),
        *(
            Measure(
                name=f"{rung.value}_usd",
                label=f"Money {rung.label.lower()}",
                ramp="usd",
                breaks=USD_BREAKS,
                rung=rung.value,
                word=rung.label.lower(),
            )
            for rung in Rung
        ),
    )
}
