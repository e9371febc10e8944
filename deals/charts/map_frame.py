"""The frame of a map: which part of the world it shows, how large, and the land in it.

A map is turned to the middle of its hosts and framed by them, so that a region fills the picture
instead of a speck on a world.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from config.lib.projection import (
    Box,
    Point,
    box_of,
    central_meridian,
    clipped,
    cut_at_edge,
    cut_line,
    natural_earth,
    turned,
    unwrapped,
)
from countries.borders import Ring, Shape, level_for, world

GREENWICH_MAP: Final = 11.0
"""Central meridian of a map of the whole world: its edge runs through the Bering Strait."""
UNIT: Final = 0.5
"""Land is drawn in whole halves of a pixel, which are shorter to write than decimals."""
MAIN_SHARE: Final = 0.25
"""Parts of a country at least so large, against its largest, belong in the frame."""
LOST: Final = 1.35
"""A frame of the core is taken where it shows it so much larger."""
DENSE: Final = 120
"""Pixels a radius below which meridians stand further apart."""
COARSE: Final = 3
SMALLEST: Final = 2.5
"""Pixels below which an island is left out, unless its country hosts a deal."""


@dataclass(frozen=True)
class Size:
    """How a drawing is framed: its width, its bounds of height, and the room around hosts."""

    width: float
    least_height: float
    most_height: float
    across: float
    """Share of the width that hosts fill at most."""
    up: float
    """Share of the height that hosts fill at most."""
    least_degrees: float
    """Degrees of latitude, about, that the height shows at least."""


@dataclass(frozen=True)
class Frame:
    """A part of the projected world on a drawing, in pixels, y downward."""

    central: float
    view: Box
    width: float
    height: float

    @property
    def box(self) -> Box:
        return Box(0, 0, self.width, self.height)

    @property
    def scale(self) -> float:
        """Pixels a radius of the sphere."""
        return self.width / self.view.width

    @property
    def level(self) -> int:
        return level_for(self.scale * math.pi / 180)

    def place(self, point: Point) -> Point:
        """Where a point of the sphere (longitude, latitude) stands on the drawing."""
        return self._on_drawing((turned(point[0], self.central), point[1]))

    def _on_drawing(self, point: Point) -> Point:
        x, y = natural_earth(*point)
        return (x - self.view.left) * self.scale, (self.view.high - y) * self.scale

    def rings(self, shape: Shape, level: int | None = None) -> Iterator[list[Point]]:
        """The land of a shape that lies within the frame, as closed rings in pixels."""
        for ring in shape.rings(self.level if level is None else level):
            for piece in cut_at_edge(ring, self.central):
                drawn = [self._on_drawing(point) for point in piece]
                around = box_of(drawn)
                if (
                    around.right < 0
                    or around.left > self.width
                    or around.high < 0
                    or around.low > self.height
                ):
                    continue
                if inside := drawn if self._holds(around) else clipped(drawn, self.box):
                    yield inside

    def _holds(self, other: Box) -> bool:
        return self.box.holds((other.left, other.low)) and self.box.holds((other.right, other.high))

    def land(self, code: str) -> str:
        """The land of a country as path data in `UNIT`; empty where none can be seen."""
        return _land_of(self).get(code, "")

    def breadth(self, code: str) -> float:
        """Pixels across of the main part of a country, the wider way; 0 for a mere point."""
        boxes = [box_of([self.place(point) for point in ring]) for ring in main_rings(code)[:1]]
        return max((max(box.width, box.height) for box in boxes), default=0)

    def land_without(self, codes: Collection[str]) -> str:
        """All other land, that of no country included."""
        return "".join(data for code, data in _land_of(self).items() if code not in codes)

    def graticule(self) -> str:
        """Meridians and parallels as path data in pixels."""
        step = 20 if self.scale > DENSE else 40
        lines = [
            [(float(longitude), float(latitude)) for latitude in range(-80, 85, 8)]
            for longitude in range(-180, 180, step)
        ]
        # Parallels are straight in this projection.
        lines += [[(-180.0, float(at)), (179.99, float(at))] for at in range(-80, 81, step)]
        found = []
        for line in lines:
            last = None
            for ends in pairwise(self._on_drawing(point) for point in line):
                if part := cut_line(*ends, self.box):
                    first, second = map(_written, part)
                    found.append(f"L{second}" if first == last else f"M{first}L{second}")
                    last = second
        return "".join(found)


def _written(point: Point) -> str:
    return f"{point[0]:.0f} {point[1]:.0f}"


def frame_for(codes: Sequence[str], core: Sequence[str], size: Size) -> Frame:
    """The frame that shows the main parts of the countries; the world without any.

    Where it shows so much more than that of the ``core`` of them that the core would be lost in
    it, it is that of the core.
    """
    frame = _frame_of(codes, size)
    if len(core) < len(codes):
        smaller = _frame_of(core, size)
        if smaller.scale >= LOST * frame.scale:
            return smaller
    return frame


def _frame_of(codes: Sequence[str], size: Size) -> Frame:
    main = [ring for code in codes for ring in main_rings(code)]
    central = round(central_meridian([_span(ring) for ring in main], default=GREENWICH_MAP), 1)
    edge = natural_earth(180, 0)[0]
    whole = Box(-edge, natural_earth(0, -57)[1], edge, natural_earth(0, 84)[1])
    points = [
        natural_earth(*point)
        for ring in main
        for piece in cut_at_edge(ring, central)
        for point in piece
    ] or [(whole.left, whole.low), (whole.right, whole.high)]
    return _framed(box_of(points), whole, central, size)


def _framed(hosts: Box, whole: Box, central: float, size: Size) -> Frame:
    height = max(hosts.height / size.up, math.radians(size.least_degrees))
    height = min(height, whole.height)
    width = hosts.width / size.across
    least, most = size.least_height / size.width, size.most_height / size.width
    if width * most < height:
        width = height / most
    width = min(width, whole.width)
    height = max(min(height, width * most), width * least)
    middle = hosts.middle
    left = _within(middle[0] - width / 2, whole.left, whole.right - width)
    low = _within(middle[1] - height / 2, whole.low, whole.high - height)
    view = Box(*(round(edge, 3) for edge in (left, low, left + width, low + height)))
    return Frame(central, view, size.width, round(size.width * view.height / view.width))


def _within(value: float, least: float, most: float) -> float:
    """The value within bounds, or the middle of them where they leave no room."""
    return (least + most) / 2 if most < least else min(max(value, least), most)


@lru_cache(maxsize=512)
def main_rings(code: str) -> tuple[Ring, ...]:
    """The largest part of a country and others near its size; its label point if it has none."""
    shape = world().countries.get(code)
    if shape is None or shape.point is None:
        return ()
    rings = shape.rings(COARSE) or shape.rings(0)
    if not rings:
        return ((shape.point,) * 4,)
    areas = [_area(ring) for ring in rings]
    least = max(areas) * MAIN_SHARE
    return tuple(ring for ring, area in zip(rings, areas, strict=True) if area >= least)


def _area(ring: Ring) -> float:
    """Square degrees of latitude, about."""
    points = [(x * math.cos(math.radians(y)), y) for x, y in unwrapped(ring)]
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(points))) / 2


def _span(ring: Ring) -> tuple[float, float]:
    longitudes = [x for x, _ in unwrapped(ring)]
    return min(longitudes), max(longitudes)


@lru_cache(maxsize=24)
def _land_of(frame: Frame) -> dict[str, str]:
    """Path data of all land in the frame, by country; land of none under ""."""
    found = {}
    for code, shape in [*world().countries.items(), ("", world().others)]:
        if data := "".join(_path(ring) for ring in frame.rings(shape)):
            found[code] = data
    return found


def _path(ring: Sequence[Point]) -> str:
    """A ring as relative lines in whole `UNIT`; empty if it is too small to be seen."""
    around = box_of(ring)
    if around.width < SMALLEST and around.height < SMALLEST:
        return ""
    points = [(round(x / UNIT), round(y / UNIT)) for x, y in ring[:-1]]
    steps = []
    for (x1, y1), (x2, y2) in pairwise(points):
        if (x1, y1) != (x2, y2):
            steps.append(_joined(x2 - x1, y2 - y1))
    if len(steps) < 2:
        return ""
    line = steps[0] + "".join(step if step[0] == "-" else f" {step}" for step in steps[1:])
    return f"M{_joined(*points[0])}l{line}z"


def _joined(x: int, y: int) -> str:
    return f"{x}{y}" if y < 0 else f"{x} {y}"
