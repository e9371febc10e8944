"""Page, API, files, facets and queryset agree on how many deals a selection has."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deals.filters import DealFilterSet
from tests.deals.oracle import LIST_FILTERS, SAMPLES, World

pytestmark = pytest.mark.django_db

type Parameters = dict[str, list[str]]

_COUNT = re.compile(r'data-count="(\d+)"')


@st.composite
def selections(draw: st.DrawFn) -> Parameters:
    """Up to four filters with up to three values each, some of them turned round."""
    chosen: Parameters = {}
    for name in draw(st.lists(st.sampled_from(sorted(SAMPLES)), max_size=4, unique=True)):
        values = st.lists(st.sampled_from(SAMPLES[name]), min_size=1, max_size=3, unique=True)
        if name not in LIST_FILTERS:
            chosen[name] = [draw(values)[0]]
            continue
        mode = draw(st.sampled_from(["", "", "", "__not", "__empty"]))
        if mode == "__empty":
            chosen[name + mode] = [draw(st.sampled_from(["true", "false"]))]
        else:
            chosen[name + mode] = draw(values)
    if draw(st.integers(0, 4)) == 0:
        chosen["mineral__all"] = draw(
            st.lists(st.sampled_from(SAMPLES["mineral"]), min_size=1, max_size=2, unique=True)
        )
    return chosen


@pytest.fixture(scope="module")
def worlds() -> list[World]:
    """The documents, read once; empty until the first test reads them."""
    return []


@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(parameters=selections())
def test_all_ways_to_a_selection_agree(worlds: list[World], parameters: Parameters) -> None:
    """The page's count, the API's, the queryset's, and that of a plain reading of documents."""
    if not worlds:
        worlds.append(World.load())
    query = urlencode(parameters, doseq=True)
    expected = worlds[0].keys(parameters)

    found = set(DealFilterSet(QueryDict(query)).qs.values_list("key", flat=True))
    assert found == expected
    answer = Client().get(f"/api/v1/deals/?{query}&page_size=1&fields=key").json()
    assert answer["count"] == len(expected)
    page = Client().get(f"/deals/?{query}")
    assert page.status_code == 200
    counts = {int(count) for count in _COUNT.findall(page.content.decode())}
    assert counts == {len(expected)}


@pytest.mark.parametrize(
    "query", ["", "host=c5&mineral=tungsten", "on=2025-06-01", "q=tungstn", "rung=committed"]
)
def test_files_and_facets_agree_too(query: str) -> None:
    count = DealFilterSet(QueryDict(query)).qs.count()
    lines = Client().get(f"/deals/export.ndjson?{query}")
    assert b"".join(lines.streaming_content).count(b"\n") == count  # type: ignore[attr-defined]
    for path in ("facets", "stats"):
        answer = Client().get(f"/api/v1/deals/{path}/?{query}").json()
        assert answer["count"] == count
