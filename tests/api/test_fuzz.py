"""No question breaks the API: whatever is asked, it answers or says what is wrong."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from deals.facets import FACETS
from deals.filters import DealFilterSet
from deals.stats import DIMENSIONS, MEASURES
from tests.api.answers import API
from tests.deals.oracle import SAMPLES

pytestmark = pytest.mark.django_db

ENDPOINTS = [
    "deals/",
    "deals/facets/",
    "deals/stats/",
    "companies/",
    "countries/",
    "minerals/",
    "production/",
    "policies/",
    "events/",
    "sources/",
    "projects/",
    "changes/",
]
NAMES = sorted(
    {*DealFilterSet.base_filters, "page", "page_size", "cursor", "fields", "omit", "by", "measure"}
    | {"facets", "since", "q", "type", "group", "year", "target", "publisher", "has_deals", "deal"}
)
VALUES = st.one_of(
    st.sampled_from(sorted({value for values in SAMPLES.values() for value in values})),
    st.sampled_from(
        [*DIMENSIONS, *MEASURES, *FACETS, "true", "0", "1", "2024-02-30", "9999-12-31"]
    ),
    st.sampled_from(["", " ", "-1", "1e999", "NaN", "%", "%s", "\x00", "null", "../x", "a,b", "é"]),
    st.text(max_size=30).map(lambda text: text.encode("utf-8", "surrogatepass").decode("latin-1")),
)


@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    path=st.sampled_from(ENDPOINTS),
    query=st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=4),
)
@example("deals/", [("announced_after", "9999")])
@example("deals/", [("announced_before", "0000")])
@example("deals/", [("min_usd", "9" * 15)])
@example("deals/", [("as_of", "1000-01-01"), ("on", "1000-01-01")])
@example("production/", [("year", "999999999999999")])
@example("changes/", [("since", "9" * 15)])
@example("deals/", [("cursor", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5")])
@example("production/", [("cursor", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5")])
def test_whatever_is_asked_is_answered(path: str, query: list[tuple[str, str]]) -> None:
    asked = "&".join(f"{name}={quote(value.encode('latin-1', 'replace'))}" for name, value in query)
    response = Client().get(f"{API}/{path}?{asked}")
    assert response.status_code in {200, 400, 404}, asked
    if response.status_code == 400:
        assert response.json()["errors"], asked


@pytest.mark.parametrize("query", ["q=%ff%fe", "host=%00", "%00=1", "=", "&&&", "q=" + "%20" * 500])
def test_odd_bytes_are_answered(query: str) -> None:
    assert Client().get(f"{API}/deals/?{query}").status_code in {200, 400}
