"""The charts of a selection, in the order of what the reader seems to ask."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from deals.charts.catalogue import draw
from deals.filters import DealFilterSet
from deals.views.ways import WAYS

pytestmark = pytest.mark.django_db


def shown(query: str) -> list[str]:
    filterset = DealFilterSet(QueryDict(query))
    return [figure.name for figure in WAYS["charts"].figures(filterset)]


def test_two_partners_are_set_side_by_side_first() -> None:
    assert shown("mineral=rare-earths&partner=CN&partner=US")[0] == "series"
    one = shown("mineral=rare-earths&partner=CN")
    assert one[-1] == "series"
    assert sorted(one) == sorted(set(one))


def test_members_that_stand_for_their_group_are_said_to() -> None:
    """Rare earths are in all of these deals: no other mineral is the first of all."""
    figure = draw("minerals", DealFilterSet(QueryDict("mineral=rare-earths&partner=US")))
    assert figure is not None
    assert "first among minerals within or beside rare earths" in figure.title
    plain = draw("minerals", DealFilterSet(QueryDict("host=KZ")))
    assert plain is not None
    assert "first among minerals, in" in plain.title
