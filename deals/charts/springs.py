"""Places for the nodes of a network: ties pull, nodes push each other off (Fruchterman–Reingold).

Nothing is random: the nodes start on a spiral, in their order, so that the same network is always
drawn alike. After T. Fruchterman and E. Reingold, “Graph drawing by force-directed placement”,
Software: Practice and Experience 21 (1991), with a pull to the middle, which keeps parts together
that no tie holds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

type Place = tuple[float, float]

GOLDEN_ANGLE: Final = math.pi * (3 - math.sqrt(5))
ROUNDS: Final = 60
PULL: Final = 0.9
"""Of the middle, as a part of how strongly two nodes at their proper distance push."""
SPACE: Final = 5.0
"""Between the rims of two nodes, in pixels."""
LABEL_SPACE: Final = 8.0
"""Beside a node, what its label takes beyond its length."""
HALF_LINE: Final = 9.0
TURNS: Final = 40


@lru_cache(maxsize=128)
def placed(
    radii: tuple[float, ...],
    ties: tuple[tuple[int, int, float], ...],
    width: float,
    height: float,
    labels: tuple[float, ...] = (),
) -> tuple[Place, ...]:
    """A place for the middle of each node, so that it lies whole in the picture.

    ``radii`` has the size of each node, the largest first; a tie names two of them and how strong
    it is (1 for the weakest). The first nodes get room beside them for labels of these lengths.
    """
    if not radii:
        return ()
    # It is laid out in a square and stretched, so that a wide picture is used whole.
    xs, ys = _settled(len(radii), ties)
    margin = max(radii) + 2
    places = [
        (margin + x * (width - 2 * margin), margin + y * (height - 2 * margin))
        for x, y in zip(_spread(xs), _spread(ys), strict=True)
    ]
    return tuple(_apart(places, radii, labels, width, height))


def _settled(count: int, ties: Sequence[tuple[int, int, float]]) -> tuple[list[float], list[float]]:
    """Coordinates about 0, of no certain scale."""
    xs = [math.sqrt(place + 0.5) * math.cos(place * GOLDEN_ANGLE) for place in range(count)]
    ys = [math.sqrt(place + 0.5) * math.sin(place * GOLDEN_ANGLE) for place in range(count)]
    # The proper distance of two nodes is 1: on the spiral they stand about 1.8 apart.
    for turn in range(ROUNDS):
        most = 0.9 * (1 - turn / ROUNDS) ** 1.5 * math.sqrt(count) / 3 + 0.02
        dx, dy = [0.0] * count, [0.0] * count
        for one in range(count):
            x, y, push_x, push_y = xs[one], ys[one], 0.0, 0.0
            for other in range(one + 1, count):
                off_x, off_y = x - xs[other], y - ys[other]
                push = 1 / (off_x * off_x + off_y * off_y + 0.001)
                off_x *= push
                off_y *= push
                push_x += off_x
                push_y += off_y
                dx[other] -= off_x
                dy[other] -= off_y
            dx[one] += push_x - PULL * x * 0.35
            dy[one] += push_y - PULL * y * 0.35
        for one, other, strength in ties:
            off_x, off_y = xs[one] - xs[other], ys[one] - ys[other]
            pull = math.hypot(off_x, off_y) * (0.25 + 0.15 * math.log(strength + 1))
            dx[one] -= off_x * pull
            dy[one] -= off_y * pull
            dx[other] += off_x * pull
            dy[other] += off_y * pull
        for node in range(count):
            length = math.hypot(dx[node], dy[node])
            if length > most:
                dx[node] *= most / length
                dy[node] *= most / length
            xs[node] += dx[node]
            ys[node] += dy[node]
    return xs, ys


def _spread(values: Sequence[float]) -> list[float]:
    """Between 0 and 1; half way to even distances, so that a dense middle is loosened."""
    least, most = min(values), max(values)
    if most - least < 1e-9:
        return [0.5] * len(values)
    order = sorted(range(len(values)), key=lambda place: (values[place], place))
    even = {node: rank / (len(values) - 1) for rank, node in enumerate(order)}
    return [
        0.55 * (value - least) / (most - least) + 0.45 * even[node]
        for node, value in enumerate(values)
    ]


def _apart(
    places: list[Place],
    radii: Sequence[float],
    labels: Sequence[float],
    width: float,
    height: float,
) -> list[Place]:
    """Pushes nodes off each other and off the labels, and back into the picture."""
    xs, ys = [x for x, _ in places], [y for _, y in places]
    # A label stands on the side where the picture has more room.
    to_right = [x < 0.6 * width for x, _ in places[: len(labels)]]
    for _ in range(TURNS):
        moved = _nodes_apart(xs, ys, radii)
        moved |= _off_labels(xs, ys, radii, labels, to_right)
        for node, radius in enumerate(radii):
            left = right = radius + 1
            if node < len(labels):
                beside = radius + labels[node] + LABEL_SPACE
                left, right = (left, beside) if to_right[node] else (beside, right)
            xs[node] = max(min(xs[node], width - right), left)
            ys[node] = min(max(ys[node], max(radius, HALF_LINE) + 1), height - radius - 1)
        if not moved:
            break
    return list(zip(xs, ys, strict=True))


def _nodes_apart(xs: list[float], ys: list[float], radii: Sequence[float]) -> bool:
    moved = False
    for one in range(len(xs)):
        for other in range(one + 1, len(xs)):
            apart = radii[one] + radii[other] + SPACE
            off_x, off_y = xs[one] - xs[other], ys[one] - ys[other]
            if abs(off_x) >= apart or abs(off_y) >= apart:
                continue
            distance = math.hypot(off_x, off_y)
            if distance >= apart:
                continue
            moved = True
            if distance < 0.01:
                # On the same spot: part them by an angle that only they have.
                angle = one * GOLDEN_ANGLE + other
                off_x, off_y, distance = math.cos(angle), math.sin(angle), 1.0
            share = (apart - distance) / distance / 2
            xs[one] += off_x * share
            ys[one] += off_y * share
            xs[other] -= off_x * share
            ys[other] -= off_y * share
    return moved


def _off_labels(
    xs: list[float],
    ys: list[float],
    radii: Sequence[float],
    labels: Sequence[float],
    to_right: Sequence[bool],
) -> bool:
    """Moves nodes up or down that lie on a label, or whose own label does."""
    moved = False
    for one, length in enumerate(labels):
        for other in range(len(xs)):
            if other == one:
                continue
            radius = radii[other]
            start = (
                xs[one] + radii[one]
                if to_right[one]
                else xs[one] - radii[one] - length - LABEL_SPACE
            )
            left, right = xs[other] - radius, xs[other] + radius
            half = radius
            if other < len(labels):
                half = max(radius, HALF_LINE)
                if to_right[other]:
                    right += labels[other] + LABEL_SPACE
                else:
                    left -= labels[other] + LABEL_SPACE
            if right <= start or left >= start + length + LABEL_SPACE:
                continue
            off_y = ys[one] - ys[other]
            over = HALF_LINE + half + 1 - abs(off_y)
            if over <= 0:
                continue
            moved = True
            step = over / 2 if off_y > 0 or (off_y == 0 and one < other) else -over / 2
            ys[one] += step
            ys[other] -= step
    return moved
