"""Names on a map: where there is room for them, and at its edge for what lies beyond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from config.lib.projection import Box, Point

LETTER: Final = 6.7
"""Mean width of a letter of a name and its number, in pixels."""
ASCENT, DESCENT = 11.0, 4.0
STUB: Final = 9.0
"""Length of the stroke at the edge from which a partner beyond it enters."""

type Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Label:
    """A name and its number; x and y are those of the baseline."""

    x: float
    y: float
    anchor: Anchor
    name: str
    number: str

    @property
    def box(self) -> Box:
        """The room that it takes, about."""
        width = LETTER * (len(self.name) + 1 + len(self.number))
        left = {"start": self.x, "middle": self.x - width / 2, "end": self.x - width}[self.anchor]
        return Box(left, self.y - ASCENT, left + width, self.y + DESCENT)


@dataclass
class Room:
    """What of a drawing is still free of names."""

    box: Box
    taken: list[Box] = field(default_factory=list)

    def take(self, label: Label) -> None:
        self.taken.append(label.box)

    def first_free(self, labels: Sequence[Label]) -> Label | None:
        """Takes the room of the first label that is wholly within the drawing and in no other."""
        for label in labels:
            box = label.box
            is_inside = self.box.holds((box.left, box.low)) and self.box.holds(
                (box.right, box.high)
            )
            if is_inside and not any(_meet(box, other) for other in self.taken):
                self.taken.append(box)
                return label
        return None


def _meet(a: Box, b: Box) -> bool:
    return a.left < b.right and b.left < a.right and a.low < b.high and b.low < a.high


def on_land(point: Point, name: str, number: str) -> list[Label]:
    """Places for the name of a host: on its point, above it, below it."""
    x, y = point
    return [Label(x, y + up, "middle", name, number) for up in (4.5, -9, 19, -24, 34)]


def beside(point: Point, name: str, number: str) -> list[Label]:
    """Places for the name of a point: right of it, left of it, above and below."""
    x, y = point
    return [
        Label(x + 7, y + 4.5, "start", name, number),
        Label(x - 7, y + 4.5, "end", name, number),
        Label(x, y - 7, "middle", name, number),
        Label(x, y + 17, "middle", name, number),
    ]


@dataclass(frozen=True)
class Stub:
    """Where a partner beyond the frame enters: a stroke at the edge, its name above it."""

    code: str
    is_left: bool
    y: float

    def start(self, width: float) -> Point:
        """Where its flows begin."""
        return (STUB if self.is_left else width - STUB), self.y

    def label(self, width: float, name: str, number: str) -> Label:
        if self.is_left:
            return Label(STUB + 3, self.y - 5, "start", name, number)
        return Label(width - STUB - 3, self.y - 5, "end", name, number)


@dataclass
class Edges:
    """The two sides of a frame, with partners waiting for a place on them."""

    box: Box
    apart: float
    """Least distance between two names."""
    wanted: dict[str, tuple[bool, float]] = field(default_factory=dict)

    @property
    def most(self) -> int:
        """Names for which one side has room."""
        return max(1, int((self._last - self._first) // self.apart) + 1)

    @property
    def _first(self) -> float:
        return self.box.low + 20

    @property
    def _last(self) -> float:
        return self.box.high - 6

    def add(self, code: str, beyond: Point, towards: Point) -> bool:
        """A partner at the point ``beyond`` the frame; whether there is room for it."""
        if code in self.wanted:
            return True
        is_left = beyond[0] < self.box.middle[0]
        if sum(side == is_left for side, _ in self.wanted.values()) >= self.most:
            return False
        edge = self.box.left if is_left else self.box.right
        y = beyond[1]
        if (beyond[0] < edge) if is_left else (beyond[0] > edge):
            share = (edge - towards[0]) / (beyond[0] - towards[0])
            y = towards[1] + share * (beyond[1] - towards[1])
        self.wanted[code] = (is_left, y)
        return True

    def stubs(self) -> dict[str, Stub]:
        """All of them, each as near to where it would enter as the others let it."""
        found = {}
        for is_left in (True, False):
            side = sorted((y, code) for code, (side, y) in self.wanted.items() if side == is_left)
            ys = spread([y for y, _ in side], self.apart, self._first, self._last)
            for (_, code), y in zip(side, ys, strict=True):
                found[code] = Stub(code, is_left, y)
        return found


def spread(wanted: Sequence[float], apart: float, first: float, last: float) -> list[float]:
    """Ascending places moved as little as it takes to stand ``apart``, from first to last."""
    found: list[float] = []
    for y in wanted:
        found.append(max(first, y, *(before + apart for before in found[-1:])))
    limit = last
    for place in range(len(found) - 1, -1, -1):
        found[place] = min(found[place], limit)
        limit = found[place] - apart
    return found
