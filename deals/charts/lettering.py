"""Words at the marks of a drawing: cut to their room, and never on top of one another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from config.lib.typeface import Weight, width_of

SIZE: Final = 13.0
"""Size of type in all charts, in pixels."""
LINE: Final = 17.0
"""Height of a line of it."""
RISE: Final = 4.5
"""From the middle of a line down to where its letters stand."""


def fitted(words: str, room: float, weight: Weight = 400) -> str:
    """The words, or as many of their letters as the room in pixels takes, and an ellipsis."""
    if width_of(words, SIZE, weight) <= room:
        return words
    kept = words
    while kept and width_of(f"{kept}…", SIZE, weight) > room:
        kept = kept[:-1].rstrip(" ,–-")
    return f"{kept}…"


@dataclass(frozen=True)
class Box:
    """A rectangle in a drawing, by its upper left and lower right corners."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of_words(cls, x: float, middle: float, words: str, *, weight: Weight = 400) -> Box:
        """The room that a line takes which starts at ``x`` and has its middle at ``middle``."""
        right = x + width_of(words, SIZE, weight)
        return cls(x, middle - LINE / 2, right, middle + LINE / 2)

    @classmethod
    def of_circle(cls, x: float, y: float, radius: float) -> Box:
        return cls(x - radius, y - radius, x + radius, y + radius)

    def meets(self, other: Box) -> bool:
        """Whether they overlap; touching edges do not."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def is_clear_of(self, others: Iterable[Box]) -> bool:
        return not any(self.meets(other) for other in others)

    def is_within(self, width: float, height: float) -> bool:
        """Whether it lies in a drawing of this size."""
        return self.left >= 0 and self.top >= 0 and self.right <= width and self.bottom <= height
