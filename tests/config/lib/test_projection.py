"""The Natural Earth projection against published values, and cutting where the map ends."""

from __future__ import annotations

import pytest

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

# Lengths of parallels and their distances from the equator, as Patterson drew them (every 15°).
PATTERSON = [
    (0, 1.0, 0.0),
    (15, 0.9894, 0.1860),
    (30, 0.9570, 0.3720),
    (45, 0.9006, 0.5571),
    (60, 0.8196, 0.7346),
    (75, 0.7160, 0.8936),
]
SQUARE: list[Point] = [(170, -10), (190, -10), (190, 10), (170, 10), (170, -10)]


@pytest.mark.parametrize("longitude", [2, -2])
@pytest.mark.parametrize("latitude", [1, -1])
def test_agrees_with_proj(longitude: int, latitude: int) -> None:
    # PROJ's own test of its projection natearth, on a sphere of 6,400 km.
    x, y = natural_earth(longitude, latitude)
    assert x * 6_400_000 == pytest.approx(194507.265257889288 * longitude / 2, abs=1e-6)
    assert y * 6_400_000 == pytest.approx(112508.737358294515 * latitude, abs=1e-6)


@pytest.mark.parametrize(("latitude", "length", "distance"), PATTERSON)
def test_is_close_to_the_drawing_it_stands_for(
    latitude: float, length: float, distance: float
) -> None:
    x, y = natural_earth(180, latitude)
    assert x / natural_earth(180, 0)[0] == pytest.approx(length, abs=0.001)
    assert y / natural_earth(0, 90)[1] == pytest.approx(distance, abs=0.001)


def test_turns_longitudes_to_a_central_meridian() -> None:
    assert turned(170, 0) == 170
    assert turned(-170, 170) == 20
    assert turned(180, 0) == -180


def test_unwraps_a_ring_over_the_antimeridian() -> None:
    assert unwrapped([(179, 0), (-179, 0), (-178, 1), (179, 0)]) == [
        (179, 0),
        (181, 0),
        (182, 1),
        (179, 0),
    ]


def test_cuts_a_ring_in_two_where_the_map_ends() -> None:
    pieces = sorted(cut_at_edge(SQUARE, 0), key=lambda piece: box_of(piece).left)
    assert [box_of(piece) for piece in pieces] == [Box(-180, -10, -170, 10), Box(170, -10, 180, 10)]
    # The cut bends with the edge of the map: it has points between its ends.
    for piece in pieces:
        assert sorted({y for x, y in piece if abs(x) == 180}) == [-10, -5, 0, 5, 10]


def test_leaves_a_ring_whole_that_the_edge_does_not_touch() -> None:
    [piece] = cut_at_edge(SQUARE, 180)
    assert box_of(piece) == Box(-10, -10, 10, 10)


def test_clips_to_a_box() -> None:
    square: list[Point] = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)]
    assert box_of(clipped(square, Box(2, -1, 9, 3))) == Box(2, 0, 4, 3)
    assert clipped(square, Box(5, 5, 9, 9)) == []
    assert set(clipped(square, Box(-1, -1, 9, 9))) == set(square)


def test_cuts_a_line_at_a_box() -> None:
    box = Box(0, 0, 10, 10)
    assert cut_line((-5, 5), (15, 5), box) == ((0, 5), (10, 5))
    assert cut_line((2, 2), (3, 3), box) == ((2, 2), (3, 3))
    assert cut_line((-5, 11), (15, 11), box) is None
    assert cut_line((-5, 4), (4, -5), box) is None


def test_clipped_rings_are_closed() -> None:
    ring = clipped([(0, 0), (4, 0), (2, 4), (0, 0)], Box(1, 1, 3, 3))
    assert ring[0] == ring[-1]


def test_the_map_is_turned_away_from_the_widest_gap() -> None:
    # Chile and Australia: the Indian and Atlantic Oceans and Africa are the wider gap.
    assert central_meridian([(-75, -67), (113, 153)], default=11) == pytest.approx(-157)
    assert central_meridian([(47, 87)], default=11) == pytest.approx(67)


def test_spans_beyond_the_antimeridian_are_one() -> None:
    assert central_meridian([(177, 182), (166, 179)], default=11) == pytest.approx(174)


def test_hosts_all_round_the_world_leave_it_as_it_is_always_drawn() -> None:
    spans = [(west, west + 40.0) for west in range(-180, 180, 60)]
    assert central_meridian(spans, default=11) == 11
    assert central_meridian([], default=11) == 11
