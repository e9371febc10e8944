"""Write ``world.json`` anew from world-atlas, the TopoJSON form of Natural Earth.

    python -m countries.borders.build FOLDER

FOLDER is the unpacked npm package world-atlas 2.0.2. Shapes are those of 1:50 million; a country
that has none there (or none large enough to draw) keeps its label point, if need be from 1:10
million. Antarctica is left out: no deal is there, and it alone encloses a pole.
"""

from __future__ import annotations

import heapq
import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from config.lib.projection import Point, unwrapped
from countries.borders import STEPS_A_DEGREE, TOLERANCES, WORLD

ANTARCTICA = "010"
CODES = Path(__file__).parents[2] / "fixtures/reference/02-countries.json"

type Line = list[tuple[int, int]]


def main(folder: Path) -> None:
    fine = _topology(folder / "countries-10m.json")
    topology = _topology(folder / "countries-50m.json")
    arcs = [_hundredths(arc) for arc in _decoded(topology)]
    finer_arcs = [_hundredths(arc) for arc in _decoded(fine)]
    finer = {shape["id"]: _rings(shape) for shape in _shapes(fine) if "id" in shape}
    simple = [_with_levels(arc) for arc in arcs]
    countries: dict[str, dict[str, Any]] = {}
    others: list[list[int]] = []
    iso2 = {row["fields"]["numeric"]: row["pk"] for row in json.loads(CODES.read_text())}
    for shape in _shapes(topology):
        if (numeric := shape.get("id")) == ANTARCTICA:
            continue
        rings = [ring for ring in _rings(shape) if len(_stitched(ring, simple)) > 3]
        if numeric is None:
            others += rings
        else:
            point = _label_point([_stitched(ring, arcs) for ring in _rings(shape)])
            one = countries.setdefault(iso2[numeric], {"point": point, "rings": []})
            one["rings"] += rings
    for numeric, code in iso2.items():
        if numeric != ANTARCTICA and code not in countries and numeric in finer:
            lines = [_stitched(ring, finer_arcs) for ring in finer[numeric]]
            countries[code] = {"point": _label_point(lines), "rings": []}
    used = sorted({~arc if arc < 0 else arc for ring in _all(countries, others) for arc in ring})
    place = {arc: index for index, arc in enumerate(used)}
    for ring in _all(countries, others):
        ring[:] = [~place[~arc] if arc < 0 else place[arc] for arc in ring]
    _write([simple[arc] for arc in used], countries, others)


def _all(countries: dict[str, dict[str, Any]], others: list[list[int]]) -> Iterator[list[int]]:
    for country in countries.values():
        yield from country["rings"]
    yield from others


def _topology(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def _shapes(topology: dict[str, Any]) -> list[dict[str, Any]]:
    shapes: list[dict[str, Any]] = topology["objects"]["countries"]["geometries"]
    return shapes


def _decoded(topology: dict[str, Any]) -> Iterator[list[Point]]:
    """The arcs in degrees: TopoJSON 1.0 (section 2.1.4) writes them as differences in steps."""
    (scale_x, scale_y), (left, low) = (topology["transform"][key] for key in ("scale", "translate"))
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * scale_x + left, y * scale_y + low))
        yield line


def _rings(shape: dict[str, Any]) -> list[list[int]]:
    """Outer rings and holes alike, each a list of arcs; ``~n`` is arc n backwards."""
    if shape["type"] == "Polygon":
        return [list(ring) for ring in shape["arcs"]]
    return [list(ring) for polygon in shape["arcs"] for ring in polygon]


def _hundredths(arc: Sequence[Point]) -> Line:
    line = [(round(x * STEPS_A_DEGREE), round(y * STEPS_A_DEGREE)) for x, y in arc]
    kept = line[:1]
    kept += [point for before, point in zip(line, line[1:], strict=False) if point != before]
    return kept if len(kept) > 1 else [line[0], line[-1]]


def _stitched(ring: Sequence[int], arcs: Sequence[Any]) -> list[tuple[int, int]]:
    points: list[tuple[int, int]] = []
    for arc in ring:
        line = [point[:2] for point in (arcs[~arc][::-1] if arc < 0 else arcs[arc])]
        points += line[1:] if points else line
    return points


def _with_levels(arc: Line) -> list[tuple[int, int, int]]:
    """The points worth keeping, each with the coarsest level that still has it.

    Visvalingam and Whyatt 1993: the point whose triangle with its neighbours is smallest goes
    first, so what is left at a level is as like the whole as so few points can be.
    """
    line = [
        (x * math.cos(math.radians(y / STEPS_A_DEGREE)) / STEPS_A_DEGREE, y / STEPS_A_DEGREE)
        for x, y in unwrapped(arc, 360 * STEPS_A_DEGREE)
    ]
    last = len(line) - 1
    before, after = list(range(-1, last)), list(range(1, last + 2))
    weight = [math.inf] * len(line)
    heap = [(_triangle(line, i - 1, i, i + 1), i, i - 1, i + 1) for i in range(1, last)]
    heapq.heapify(heap)
    reached = 0.0
    while heap:
        area, i, left, right = heapq.heappop(heap)
        if weight[i] != math.inf or (before[i], after[i]) != (left, right):
            continue
        weight[i] = reached = max(reached, area)
        after[left], before[right] = right, left
        for one in (left, right):
            if 0 < one < last:
                sides = before[one], after[one]
                heapq.heappush(heap, (_triangle(line, sides[0], one, sides[1]), one, *sides))
    return [
        (*point, sum(math.sqrt(2 * area) >= tolerance for tolerance in TOLERANCES) - 1)
        for point, area in zip(arc, weight, strict=True)
        if math.sqrt(2 * area) >= TOLERANCES[0]
    ]


def _triangle(line: Sequence[Point], a: int, b: int, c: int) -> float:
    (ax, ay), (bx, by), (cx, cy) = line[a], line[b], line[c]
    return abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2


def _label_point(rings: Sequence[Line]) -> list[float]:
    """Where a label stands best: the point of the largest ring that is furthest from its edge."""
    flat = [_flattened(ring) for ring in rings]
    largest = max(flat, key=lambda ring: abs(_area(ring[0])))
    x, y = _furthest_inside(largest[0])
    longitude = x / largest[1]
    return [round((longitude + 180) % 360 - 180, 2), round(y, 2)]


def _flattened(ring: Line) -> tuple[list[Point], float]:
    """A ring in degrees of latitude both ways, and the cosine by which it was made so."""
    points = [(x / STEPS_A_DEGREE, y / STEPS_A_DEGREE) for x, y in ring]
    middle = math.cos(math.radians(sum(y for _, y in points) / len(points)))
    return [(x * middle, y) for x, y in unwrapped(points, 360)], middle


def _area(ring: Sequence[Point]) -> float:
    pairs = zip(ring, ring[1:], strict=False)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2


def _furthest_inside(ring: Sequence[Point], precision: float = 0.02) -> Point:
    """The pole of inaccessibility, by ever smaller squares (as in Mapbox's polylabel)."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    size = max(min(max(xs) - min(xs), max(ys) - min(ys)), precision)
    heap: list[tuple[float, float, float, float]] = []

    def add(x: float, y: float, half: float) -> None:
        heapq.heappush(heap, (-(_depth(ring, x, y) + half * math.sqrt(2)), x, y, half))

    x = min(xs)
    while x < max(xs):
        y = min(ys)
        while y < max(ys):
            add(x + size / 2, y + size / 2, size / 2)
            y += size
        x += size
    best, deepest = (sum(xs) / len(xs), sum(ys) / len(ys)), -math.inf
    while heap:
        bound, x, y, half = heapq.heappop(heap)
        if -bound - deepest <= precision:
            break
        if (depth := _depth(ring, x, y)) > deepest:
            best, deepest = (x, y), depth
        quarter = half / 2
        for dx in (-quarter, quarter):
            for dy in (-quarter, quarter):
                add(x + dx, y + dy, quarter)
    return best


def _depth(ring: Sequence[Point], x: float, y: float) -> float:
    """How far inside the ring a point lies; negative outside."""
    nearest, is_inside = math.inf, False
    for (ax, ay), (bx, by) in zip(ring, ring[1:], strict=False):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            is_inside = not is_inside
        dx, dy = bx - ax, by - ay
        length = dx * dx + dy * dy
        share = max(0.0, min(1.0, ((x - ax) * dx + (y - ay) * dy) / length)) if length else 0.0
        nearest = min(nearest, math.hypot(ax + share * dx - x, ay + share * dy - y))
    return nearest if is_inside else -nearest


def _write(
    arcs: list[list[tuple[int, int, int]]],
    countries: dict[str, dict[str, Any]],
    others: list[list[int]],
) -> None:
    """One arc, country and list a line, so that a change can be read as a difference."""

    def line(value: object) -> str:
        return json.dumps(value, separators=(",", ":"))

    written = []
    for arc in arcs:
        steps = [arc[0][:2]]
        steps += [
            (x2 - x1, y2 - y1) for (x1, y1, _), (x2, y2, _) in zip(arc, arc[1:], strict=False)
        ]
        levels = "".join(str(level) for _, _, level in arc)
        written.append(line([levels, [number for step in steps for number in step]]))
    shapes = [f'"{code}":{line(countries[code])}' for code in sorted(countries)]
    WORLD.write_text(
        '{"arcs":[\n'
        + ",\n".join(written)
        + '\n],"countries":{\n'
        + ",\n".join(shapes)
        + '\n},"others":'
        + line(others)
        + "}\n"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
