"""Facets in the API: the counts of `deals.facets`, chosen and refused."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from deals.api.shapes import Facets
from deals.facets import FACETS, facets_of
from deals.filters import DealFilterSet
from tests.api.answers import ask, ask_in_shape, names_refused

pytestmark = pytest.mark.django_db


def test_all_facets_with_their_counts() -> None:
    answer = ask_in_shape(Facets, "deals/facets/", host="c5", mineral="tungsten")
    filterset = DealFilterSet(QueryDict("host=c5&mineral=tungsten"))
    assert answer["count"] == filterset.qs.count()
    assert answer["facets"] == {
        name: [one.as_dict() for one in values] for name, values in facets_of(filterset).items()
    }
    assert list(answer["facets"]) == list(FACETS)


def test_facets_are_named_like_filters() -> None:
    assert set(FACETS) <= set(DealFilterSet.base_filters)


@pytest.mark.parametrize("facets", ["mineral,host", ["mineral", "host"]])
def test_facets_can_be_chosen(facets: str | list[str]) -> None:
    answer = ask("deals/facets/", facets=facets)
    assert list(answer["facets"]) == ["mineral", "host"]
    assert {"value", "label", "count"} == set(answer["facets"]["mineral"][0])


def test_what_is_wrong_is_named() -> None:
    assert names_refused("deals/facets/", facets="mineal") == {"facets": "mineral"}
    assert names_refused("deals/facets/", mineral="tungstn") == {"mineral": "tungsten"}
    assert "page" in names_refused("deals/facets/", page="2")


def test_an_answer_costs_three_queries() -> None:
    with CaptureQueriesContext(connection) as queries:
        ask("deals/facets/")
    assert len(queries) == 3
