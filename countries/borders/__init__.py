"""Borders of countries, for maps: Natural Earth's, simplified, in a file of our own.

    from countries.borders import label_point, world

    world().countries["KZ"].rings(level_for(3.0))   # rings of (longitude, latitude) in degrees
    label_point("SG")                               # (103.81, 1.36)

Neighbours share their borders point by point at every level, so no gaps open between them. The
file is made by ``countries/borders/build.py``; where it comes from says ``README.md`` beside it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from config.lib.projection import Point

WORLD: Final = Path(__file__).parent / "world.json"
STEPS_A_DEGREE: Final = 100
"""Coordinates are whole hundredths of a degree: 1.1 km at the equator."""
TOLERANCES: Final = (0.05, 0.1, 0.2, 0.45, 0.9)
"""Size in degrees of the smallest bend that each level keeps, from the finest to the coarsest."""
LEAST_BEND: Final = 1.6
"""Pixels below which a bend need not be drawn."""

type Ring = tuple[Point, ...]


@dataclass(frozen=True)
class Arc:
    """A stretch of border or coast: its points, and for each the coarsest level that has it."""

    points: tuple[Point, ...]
    levels: tuple[int, ...]

    def at(self, level: int) -> list[Point]:
        return [
            point for point, kept in zip(self.points, self.levels, strict=True) if kept >= level
        ]


@dataclass(frozen=True)
class Shape:
    """A country's land: rings of arcs, and the point at which its label stands best."""

    point: Point | None
    arcs: Sequence[Arc]
    outlines: Sequence[Sequence[int]]
    """Rings as numbers of arcs; ``~n`` is arc n backwards. Holes are rings like any other."""

    def rings(self, level: int) -> list[Ring]:
        """Closed rings in degrees, without those that a level leaves no area; holes among them."""
        found = (self._ring(outline, level) for outline in self.outlines)
        return [ring for ring in found if len(ring) > 3]

    def _ring(self, outline: Sequence[int], level: int) -> Ring:
        points: list[Point] = []
        for number in outline:
            arc = self.arcs[~number].at(level)[::-1] if number < 0 else self.arcs[number].at(level)
            points += arc[1:] if points else arc
        return tuple(points)


@dataclass(frozen=True)
class World:
    """All land but Antarctica."""

    countries: Mapping[str, Shape]
    """By ISO 3166-1 alpha-2; the smallest have a label point and no rings."""
    others: Shape
    """Land without a code of its own in ISO 3166-1: drawn, and never named."""


@lru_cache(maxsize=1)
def world() -> World:
    """The borders, read once a process."""
    stored = json.loads(WORLD.read_text())
    arcs = [_arc(levels, steps) for levels, steps in stored["arcs"]]
    return World(
        {
            code: Shape((one["point"][0], one["point"][1]), arcs, one["rings"])
            for code, one in stored["countries"].items()
        },
        Shape(None, arcs, stored["others"]),
    )


def label_point(code: str) -> Point | None:
    """Longitude and latitude at which the name of a country stands; None for what has no land.

    It lies well inside the largest part of the country and says nothing of any place in it.
    """
    shape = world().countries.get(code)
    return shape.point if shape else None


def level_for(pixels_a_degree: float) -> int:
    """The coarsest level whose loss can hardly be seen at this scale."""
    seen = [level for level, size in enumerate(TOLERANCES) if size * pixels_a_degree <= LEAST_BEND]
    return seen[-1] if seen else 0


def _arc(levels: str, steps: Sequence[int]) -> Arc:
    x = y = 0
    points = []
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x / STEPS_A_DEGREE, y / STEPS_A_DEGREE))
    return Arc(tuple(points), tuple(map(int, levels)))
