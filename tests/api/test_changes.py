"""The change feed of the API: every publication once, in order, without gaps."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deals.api.shapes import Changes
from deals.models import Company, Deal, Edition
from deals.publishing import withdraw
from deals.renaming import refresh_company
from tests.api.answers import API, ask, ask_in_shape, names_refused
from tests.deals.records import a_record, published

pytestmark = pytest.mark.django_db


def last_seq() -> int:
    return Edition.objects.latest("seq").seq


def test_all_changes_in_order_without_gaps() -> None:
    seen: list[int] = []
    path: str | None = f"{API}/changes/?since=0&page_size=200"
    while path:
        answer = Client().get(path).json()
        seen += [change["seq"] for change in answer["results"]]
        assert answer["latest"] == seen[-1]
        path = answer["next"]
    assert seen == sorted(Edition.objects.values_list("seq", flat=True))


def test_only_what_came_after() -> None:
    since = last_seq()
    assert ask_in_shape(Changes, "changes/", since=since) == {
        "count": 0,
        "next": None,
        "previous": None,
        "latest": since,
        "results": [],
    }
    published(a_record(title="First words"))
    published(a_record(title="Second words"))
    company = Company.objects.get(slug="tau-ken-samruk")
    company.name = "Renamed"
    company.save()
    refresh_company(company, by=None)
    refreshed = Edition.objects.filter(cause="refresh").order_by("seq")
    withdraw(Deal.objects.get(key="zz-test-deal"), by=None, reason="It was never true.")
    answer = ask_in_shape(Changes, "changes/", since=since)
    told = [(c["key"], c["cause"], c["edition"]) for c in answer["results"]]
    assert told == [
        ("zz-test-deal", "publish", 1),
        ("zz-test-deal", "publish", 2),
        *((edition.key, "refresh", 2) for edition in refreshed),
        ("zz-test-deal", "withdraw", 3),
    ]
    assert answer["latest"] == last_seq()
    last = answer["results"][-1]
    assert (last["reason"], last["url"]) == ("It was never true.", None)
    assert Client().get(answer["results"][0]["url"]).json()["title"] == "First words"


@pytest.mark.parametrize("since", ["-1", "x", "1.5", "1" * 20])
def test_a_wrong_number_is_named(since: str) -> None:
    assert names_refused("changes/", since=since) == {"since": "0"}


def test_other_parameters_are_refused() -> None:
    assert names_refused("changes/", sinc=1) == {"sinc": "since"}
    assert names_refused("changes/", page_size=0).keys() == {"page_size"}


def test_an_answer_costs_two_queries() -> None:
    with CaptureQueriesContext(connection) as queries:
        ask("changes/")
    assert len(queries) == 2
