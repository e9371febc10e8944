"""Deals by year for each of several values: the same as a plain reading of the documents."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from django.http import QueryDict

from config.lib.problems import InvalidParameters
from deals.charts.catalogue import draw
from deals.charts.figure import Figure
from deals.filters import DealFilterSet
from tests.deals.oracle import World

pytestmark = pytest.mark.django_db


def a_figure(query: str) -> Figure | None:
    return draw("series", DealFilterSet(QueryDict(query)))


def test_chosen_values_are_compared_year_by_year() -> None:
    figure = a_figure("mineral=rare-earths&partner=CN&partner=US")
    assert figure is not None
    assert [head.label for head in figure.heads] == ["China", "United States"]
    world = World.load()
    by_key = {deal["key"]: deal for deal in world.deals}
    for place, code in enumerate(("CN", "US")):
        found = world.keys({"mineral": ["rare-earths"], "partner": [code]})
        years = [(by_key[key]["record"]["announced_on"] or "")[:4] for key in found]
        counted = {row.name: row.cells[place] for row in figure.rows}
        assert counted == {year: years.count(year) for year in counted}
        assert sum(count for count in counted.values() if isinstance(count, int)) == sum(
            1 for year in years if year
        )


def test_without_a_choice_the_first_partners_are_compared() -> None:
    figure = a_figure("")
    assert figure is not None
    assert figure.heads[0].label == "United States"
    assert "more not drawn" in figure.note


def test_another_dimension_can_be_asked_for() -> None:
    figure = a_figure("by=status&host=KZ")
    assert figure is not None
    assert "agreement" in figure.subtitle
    assert figure.query == "by=status&host=KZ"


def test_pictures_hold_what_they_say() -> None:
    figure = a_figure("partner=CN&partner=US&partner=JP&partner=KR&partner=AU&partner=FR")
    assert figure is not None
    for picture in (figure.wide, figure.narrow):
        root = ET.fromstring(picture)
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        for node in root.iter("{http://www.w3.org/2000/svg}text"):
            assert 0 <= float(node.attrib["x"]) <= width
            assert 0 <= float(node.attrib["y"]) <= height


def test_nothing_dated_draws_nothing() -> None:
    assert a_figure("host=NO&mineral=tungsten&disputed=true") is None


def test_a_wrong_dimension_names_the_nearest() -> None:
    with pytest.raises(InvalidParameters) as caught:
        a_figure("by=partners")
    assert caught.value.problems[0].nearest == "partner"
