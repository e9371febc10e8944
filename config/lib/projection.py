"""The Natural Earth projection, turned to any meridian, and what it takes to cut land for it.

The projection is Tom Patterson's (2007) in the polynomial form of Bojan Šavrič: B. Šavrič,
B. Jenny, T. Patterson, D. Petrovič and L. Hurni, “A Polynomial Equation for the Natural Earth
Projection”, Cartography and Geographic Information Science 38(4), 2011. Longitudes and latitudes
are in degrees, what is projected in radii of the sphere, y upward.

Land is cut where the map ends (half a turn from its central meridian) before it is projected, and
at the frame after. Rings are closed, first point last. None may enclose a pole.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

type Point = tuple[float, float]

MERIDIAN_STEP: Final = 5.0
"""Degrees between points put on a cut, so that it bends as the edge of the map does."""


class Box(NamedTuple):
    """An upright rectangle."""

    left: float
    low: float
    right: float
    high: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.high - self.low

    @property
    def middle(self) -> Point:
        return (self.left + self.right) / 2, (self.low + self.high) / 2

    def holds(self, point: Point) -> bool:
        """Whether it lies inside or on the edge."""
        return self.left <= point[0] <= self.right and self.low <= point[1] <= self.high

    def inset(self, by: float) -> Box:
        return Box(self.left + by, self.low + by, self.right - by, self.high - by)


def natural_earth(longitude: float, latitude: float) -> Point:
    """A point of the sphere on the plane; longitude from the central meridian, -180 to 180."""
    phi = math.radians(latitude)
    phi2 = phi * phi
    phi4 = phi2 * phi2
    x = 0.870700 - 0.131979 * phi2 + phi4 * (-0.013791 + phi4 * (0.003971 * phi2 - 0.001529 * phi4))
    y = 1.007226 + phi2 * (0.015085 + phi4 * (-0.044475 + 0.028874 * phi2 - 0.005916 * phi4))
    return math.radians(longitude) * x, phi * y


def turned(longitude: float, central: float) -> float:
    """A longitude as seen from a central meridian: -180 up to, but not including, 180."""
    return (longitude - central + 180) % 360 - 180


def unwrapped(ring: Sequence[Point], turn: float = 360) -> list[Point]:
    """The same points without jumps of a whole ``turn``: longitudes run on past its half."""
    found: list[Point] = []
    shift = 0.0
    for x, y in ring:
        if found:
            step = x + shift - found[-1][0]
            shift -= turn * round(step / turn) if abs(step) > turn / 2 else 0
        found.append((x + shift, y))
    return found


def cut_at_edge(ring: Sequence[Point], central: float) -> Iterator[list[Point]]:
    """A ring as seen from ``central``, in as many pieces as the edge of the map cuts it into."""
    whole = unwrapped([(longitude - central, latitude) for longitude, latitude in ring])
    west, east = min(x for x, _ in whole), max(x for x, _ in whole)
    for turn in range(math.floor((west + 180) / 360), math.floor((east + 180) / 360) + 1):
        shift = 360 * turn
        piece = [(x - shift, y) for x, y in whole]
        if west - shift < -180 or east - shift > 180:
            piece = _along_edges(clipped(piece, Box(-180, -90, 180, 90)))
        if len(piece) > 3:
            yield piece


def _along_edges(ring: Sequence[Point]) -> list[Point]:
    """With points along cuts, which are straight in degrees and bent on the plane."""
    found = list(ring[:1])
    for (x1, y1), (x2, y2) in zip(ring, ring[1:], strict=False):
        if x1 == x2 and abs(x1) == 180:
            steps = math.ceil(abs(y2 - y1) / MERIDIAN_STEP)
            found += [(x1, y1 + (y2 - y1) * step / steps) for step in range(1, steps)]
        found.append((x2, y2))
    return found


def clipped(ring: Sequence[Point], box: Box) -> list[Point]:
    """The part of a closed ring within the box (Sutherland and Hodgman 1974); empty if none.

    Parts that fall asunder stay joined along the edge of the box, where no area is between them.
    """
    points = list(ring[:-1])
    sides: tuple[tuple[int, float, int], ...] = (
        (0, box.left, 1),
        (0, box.right, -1),
        (1, box.low, 1),
        (1, box.high, -1),
    )
    for axis, limit, sign in sides:
        if not points:
            return []
        kept: list[Point] = []
        before = points[-1]
        was_in = (before[axis] - limit) * sign >= 0
        for point in points:
            is_in = (point[axis] - limit) * sign >= 0
            if is_in != was_in:
                kept.append(_crossing(before, point, axis, limit))
            if is_in:
                kept.append(point)
            before, was_in = point, is_in
        points = kept
    return [*points, points[0]] if len(points) > 2 else []


def _crossing(a: Point, b: Point, axis: int, limit: float) -> Point:
    share = (limit - a[axis]) / (b[axis] - a[axis])
    other = a[1 - axis] + share * (b[1 - axis] - a[1 - axis])
    return (limit, other) if axis == 0 else (other, limit)


def cut_line(a: Point, b: Point, box: Box) -> tuple[Point, Point] | None:
    """The part of a straight line within the box (Liang and Barsky 1984), or None."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    first, last = 0.0, 1.0
    for step, room in (
        (-dx, a[0] - box.left),
        (dx, box.right - a[0]),
        (-dy, a[1] - box.low),
        (dy, box.high - a[1]),
    ):
        if step == 0:
            if room < 0:
                return None
        elif step < 0:
            first = max(first, room / step)
        else:
            last = min(last, room / step)
    if first >= last:
        return None
    return (a[0] + first * dx, a[1] + first * dy), (a[0] + last * dx, a[1] + last * dy)


def box_of(points: Sequence[Point]) -> Box:
    """The least box around the points. Raises ValueError without any."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def central_meridian(
    spans: Sequence[tuple[float, float]], *, default: float, least_gap: float = 60
) -> float:
    """The meridian to turn the map to, so that no span of longitudes lies across its edge.

    It is opposite the middle of the widest gap between the spans, each from west to east, the
    east greater though it be past 180. Where no gap is ``least_gap`` wide it is ``default``: a
    map of the whole world is best known as it is always drawn.
    """
    if not spans:
        return default
    ordered = sorted((turned(west, 0), turned(west, 0) + east - west) for west, east in spans)
    widest, middle = 0.0, default
    reach = max(east for _, east in ordered) - 360
    for west, east in ordered:
        if west - reach > widest:
            widest, middle = west - reach, (west + reach) / 2
        reach = max(reach, east)
    return turned(middle + 180, 0) if widest >= least_gap else default
