"""Flows on a map: from partner to host, thin where they begin, thick where they end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from config.lib.projection import Box, Point
from countries.borders import label_point
from deals.charts.map_data import Flow
from deals.charts.map_frame import Frame
from deals.charts.map_labels import Edges, Stub

BEND: Final = 0.13
"""How far a flow leaves the straight line, against its length."""
THINNEST: Final = 1.4
"""Least width of a flow where it ends."""
THIN_END: Final = 0.7
MARGIN: Final = 0.05
"""Share of the width, from either edge, within which a partner is better named at the edge."""


@dataclass(frozen=True)
class Routes:
    """The flows that are drawn, and where those of each partner begin."""

    flows: list[Flow]
    starts: dict[str, Point]
    stubs: dict[str, Stub]
    """Partners beyond the frame."""


def place_of(frame: Frame, code: str) -> Point:
    """Where a country stands on the drawing. Raises ValueError for what has no land."""
    point = label_point(code)
    if point is None:
        raise ValueError(f"{code} has no place on a map.")
    return frame.place(point)


def routes(flows: Sequence[Flow], frame: Frame, *, most: int, apart: float) -> Routes:
    """The first ``most`` flows for which there is room, names at the edge ``apart``."""
    edges = Edges(frame.box, apart)
    aside = frame.width * MARGIN
    inner = Box(aside, 6, frame.width - aside, frame.height - 6)
    kept: list[Flow] = []
    for flow in flows:
        if len(kept) == most:
            break
        if not frame.box.holds(place_of(frame, flow.host)):
            continue
        start = place_of(frame, flow.partner)
        if inner.holds(start) or edges.add(flow.partner, start, place_of(frame, flow.host)):
            kept.append(flow)
    stubs = edges.stubs()
    starts = {
        flow.partner: stubs[flow.partner].start(frame.width)
        if flow.partner in stubs
        else place_of(frame, flow.partner)
        for flow in kept
    }
    return Routes(kept, starts, stubs)


def taper(start: Point, end: Point, width: float, frame: Frame) -> str:
    """Path data of one flow, ``width`` pixels wide at its end, bent upward within the frame."""
    inner = frame.box.inset(width / 2 + 1)
    end = _inside(inner, end)
    dx, dy = end[0] - start[0], end[1] - start[1]
    up = BEND if dx >= 0 else -BEND
    turn = _inside(inner, ((start[0] + end[0]) / 2 + dy * up, (start[1] + end[1]) / 2 - dx * up))
    x, y = _across(turn, end, width)
    # A point would fade away: the thin end has a width as well.
    thin_x, thin_y = _across(start, turn, THIN_END)
    return (
        f"M{_written(start[0] + thin_x, start[1] + thin_y)}"
        f"Q{_written(turn[0] + x / 2, turn[1] + y / 2)} {_written(end[0] + x, end[1] + y)}"
        f"L{_written(end[0] - x, end[1] - y)}"
        f"Q{_written(turn[0] - x / 2, turn[1] - y / 2)} "
        f"{_written(start[0] - thin_x, start[1] - thin_y)}z"
    )


def _across(start: Point, end: Point, width: float) -> Point:
    """Half of ``width``, square to the way from start to end."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy) or 1
    return -dy / length * width / 2, dx / length * width / 2


def _inside(box: tuple[float, float, float, float], point: Point) -> Point:
    left, low, right, high = box
    return min(max(point[0], left), right), min(max(point[1], low), high)


def _written(x: float, y: float) -> str:
    return f"{x:.1f} {y:.1f}"
