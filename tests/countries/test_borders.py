"""Borders: every country that can be drawn, one border for both neighbours, points within."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from config.lib.projection import Point, unwrapped
from countries.borders import TOLERANCES, Ring, label_point, level_for, world
from countries.models import Country


def is_inside(point: Point, ring: Ring) -> bool:
    longitudes = unwrapped(ring)
    x, y = point
    x += 360 * round((longitudes[0][0] - x) / 360)
    crossings = 0
    for (ax, ay), (bx, by) in pairwise(longitudes):
        crossings += (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax
    return crossings % 2 == 1


@pytest.mark.django_db
def test_countries_have_codes_of_ours() -> None:
    known = set(Country.objects.values_list("iso2", flat=True))
    drawn = set(world().countries)
    assert drawn <= known
    # Parts of France and others that Natural Earth does not tell apart, and Antarctica.
    assert known - drawn == {
        "AQ", "BQ", "BV", "CC", "CX", "GF", "GP", "MQ", "RE", "SJ", "TK", "YT",
    }  # fmt: skip


def test_labels_stand_within_the_largest_part() -> None:
    for code, shape in world().countries.items():
        if rings := shape.rings(0):
            assert shape.point is not None
            assert any(is_inside(shape.point, ring) for ring in rings), code


def test_a_label_stands_well_inside_and_not_in_the_middle_of_the_box() -> None:
    # The middle of the box around Croatia is in Bosnia, that around the United States in Canada.
    latitude = (label_point("US") or (0, 0))[1]
    assert 35 < latitude < 45
    croatia = label_point("HR")
    assert croatia is not None
    assert any(is_inside(croatia, ring) for ring in world().countries["HR"].rings(0))


def test_the_smallest_have_a_point_and_no_land() -> None:
    assert world().countries["NR"].rings(0) == []
    assert label_point("NR") == pytest.approx((166.93, -0.53), abs=0.05)
    assert label_point("eu27") is None


def test_over_the_antimeridian_land_is_one() -> None:
    for code in ("RU", "FJ"):
        longitudes = [x for ring in world().countries[code].rings(0) for x, _ in unwrapped(ring)]
        assert max(longitudes) > 180 or min(longitudes) < -180


@pytest.mark.parametrize("level", range(len(TOLERANCES)))
def test_neighbours_share_their_border(level: int) -> None:
    # Every stretch between two countries is drawn from both sides, point by point.
    sides = Counter(
        frozenset(ends)
        for code in ("KZ", "UZ")
        for ring in world().countries[code].rings(level)
        for ends in pairwise(ring)
    )
    assert sum(count == 2 for count in sides.values()) >= 5


def test_coarser_levels_have_fewer_points() -> None:
    counts = [
        sum(len(ring) for shape in world().countries.values() for ring in shape.rings(level))
        for level in range(len(TOLERANCES))
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 5 * counts[-1]


def test_the_level_follows_the_scale() -> None:
    levels = [level_for(pixels) for pixels in (1, 3.4, 8, 16, 40)]
    assert levels == sorted(levels, reverse=True)
    assert levels[0] == len(TOLERANCES) - 1
    assert levels[-1] == 0
