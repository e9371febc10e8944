"""Sources in the API: every page once, with the current deals that rest on it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deals.models import Deal, Edition, EditionSource
from deals.publishing import withdraw
from tests.api.answers import ask, names_refused
from tests.deals.records import COVE_DEAL, a_record, a_source, published, written

pytestmark = pytest.mark.django_db

PAGE = a_source(url="https://example.org/shared", publisher="Quokka Wire")


def test_every_page_once() -> None:
    current = EditionSource.objects.filter(edition__in=Edition.objects.current())
    assert ask("sources/")["count"] == current.values("url_key").distinct().count()


def test_a_page_names_all_its_deals() -> None:
    published(a_record(key="zz-one", sources=[PAGE]), a_record(key="zz-two", sources=[PAGE]))
    for parameters in ({"publisher": "Quokka Wire"}, {"deal": "zz-one"}, {"q": "quokka"}):
        rows = ask("sources/", **parameters)["results"]
        assert len(rows) == 1, parameters
        assert [deal["key"] for deal in rows[0]["deals"]] == ["zz-one", "zz-two"]


def test_sources_of_drafts_and_withdrawn_deals_are_not_there() -> None:
    written(a_record(key="zz-one", sources=[PAGE]))
    assert ask("sources/", q="quokka")["count"] == 0
    published(a_record(key="zz-two", sources=[PAGE]))
    assert ask("sources/", q="quokka")["count"] == 1
    withdraw(Deal.objects.get(key="zz-two"), by=None, reason="No.")
    assert ask("sources/", q="quokka")["count"] == 0


def test_cove_rests_on_eight() -> None:
    answer = ask("sources/", deal=COVE_DEAL, fields=["url", "publisher"])
    assert answer["count"] == 8
    assert "Qazinform" in {row["publisher"] for row in answer["results"]}


def test_what_is_wrong_is_named() -> None:
    assert names_refused("sources/", publisher="Qazinfrom") == {"publisher": "Qazinform"}
    assert names_refused("sources/", kind="wires") == {"kind": "wire"}
    assert names_refused("sources/", cursor="").keys() == {"cursor"}


def test_a_list_costs_three_queries() -> None:
    with CaptureQueriesContext(connection) as queries:
        ask("sources/")
    assert len(queries) == 3
