"""One deal in the API, and its editions."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deals.api.shapes import DealDetail, Editions
from deals.models import Deal, Edition
from deals.publishing import withdraw
from deals.renaming import rename_key
from tests.api.answers import API, ask, ask_in_shape, names_refused, refused
from tests.deals.records import COVE_DEAL, a_record, a_reviewer, published

pytestmark = pytest.mark.django_db


def test_cove_is_there_to_the_last_figure() -> None:
    cove = ask_in_shape(DealDetail, f"deals/{COVE_DEAL}/")
    record = cove["record"]
    assert [(p["company"], p["stake_percent"]) for p in record["parties"][:2]] == [
        ("cove-kaz-capital-group-llc", 70),
        ("tau-ken-samruk", 30),
    ]
    assert [(line["amount"], line["currency"]) for line in record["financing"]] == [
        (900_000_000, "USD"),
        (700_000_000, "USD"),
    ]
    assert cove["ladder"]["indicated"] == 1_600_000_000
    assert cove["is_current"] is True
    assert cove["is_withdrawn"] is False


def test_every_deal_has_the_shape_that_is_promised() -> None:
    for key in Edition.objects.current().values_list("key", flat=True):
        ask_in_shape(DealDetail, f"deals/{key}/")


def test_members_can_be_chosen() -> None:
    assert list(ask(f"deals/{COVE_DEAL}/", fields="ladder,key")) == ["ladder", "key"]
    assert "record" not in ask(f"deals/{COVE_DEAL}/", omit="record")
    assert names_refused(f"deals/{COVE_DEAL}/", fields="recrod") == {"fields": "record"}


def test_the_two_times() -> None:
    then = ask(f"deals/{COVE_DEAL}/", on="2025-12-01")
    assert then["status"] == "announced"
    assert then["record"]["status"] == "agreement_signed"
    problem = refused(f"deals/{COVE_DEAL}/", status=404, as_of="2020-01-01")
    assert "first published" in problem["detail"]


def test_no_name_of_staff_is_in_it() -> None:
    published(a_record())
    Edition.objects.filter(key="zz-test-deal").update(published_by=a_reviewer(username="rosalind"))
    for path in ("deals/zz-test-deal/", "deals/zz-test-deal/editions/", "changes/"):
        assert b"rosalind" not in Client().get(f"{API}/{path}").content


def test_an_unknown_key_is_404() -> None:
    for path in ("deals/no-such-deal/", "deals/no-such-deal/editions/"):
        assert "no-such-deal" in refused(path, status=404)["detail"]
    assert "edition 99" in refused(f"deals/{COVE_DEAL}/editions/99/", status=404)["detail"]


def test_a_renamed_key_leads_to_the_new_one_for_good() -> None:
    rename_key(Deal.objects.get(key=COVE_DEAL), "kz-cove-tungsten", by=None)
    response = Client().get(f"{API}/deals/{COVE_DEAL}/?fields=key")
    assert response.status_code == 301
    assert response["Location"] == f"{API}/deals/kz-cove-tungsten/?fields=key"
    assert ask("deals/kz-cove-tungsten/", fields="key") == {"key": "kz-cove-tungsten"}
    assert [e["key"] for e in ask("deals/kz-cove-tungsten/editions/")["results"]] == [
        "kz-cove-tungsten",
        COVE_DEAL,
    ]


def test_a_withdrawn_deal_is_gone_and_its_editions_stay() -> None:
    published(a_record(title="First words"))
    deal = Deal.objects.get(key="zz-test-deal")
    withdraw(deal, by=None, reason="It was never true.")
    problem = refused("deals/zz-test-deal/", status=410)
    assert "It was never true." in problem["detail"]
    assert "number 1" in problem["detail"]
    response = Client().get(f"{API}/deals/zz-test-deal/")
    assert response["Link"] == (
        f'<{API}/deals/zz-test-deal/editions/1/>; rel="predecessor-version"'
    )
    edition = ask_in_shape(DealDetail, "deals/zz-test-deal/editions/1/")
    assert (edition["title"], edition["is_current"]) == ("First words", False)
    assert edition["is_withdrawn"] is True
    assert edition["superseded_at"] is not None
    assert "withdrawn" in refused("deals/zz-test-deal/editions/2/", status=410)["detail"]
    assert ask("deals/", q='"First words"')["count"] == 0


def test_editions_are_the_history_newest_first() -> None:
    published(a_record(title="First words"))
    published(a_record(title="Second words"))
    answer = ask_in_shape(Editions, "deals/zz-test-deal/editions/")
    assert [(e["number"], e["title"], e["is_current"]) for e in answer["results"]] == [
        (2, "Second words", True),
        (1, "First words", False),
    ]
    assert answer["results"][1]["superseded_at"] == answer["results"][0]["published_at"]
    assert ask("deals/zz-test-deal/editions/1/", fields="title") == {"title": "First words"}
    assert names_refused("deals/zz-test-deal/editions/", pages=1) == {"pages": "page"}


def test_links_lead_both_ways_and_only_to_what_can_be_read() -> None:
    published(
        a_record(key="zz-umbrella"),
        a_record(key="zz-part", links=[{"type": "part_of", "deal": "zz-umbrella"}]),
    )
    part, umbrella = ask("deals/zz-part/"), ask("deals/zz-umbrella/")
    assert [(x["deal"], x["direction"]) for x in part["links"]] == [("zz-umbrella", "out")]
    assert [(x["deal"], x["direction"]) for x in umbrella["links"]] == [("zz-part", "in")]
    withdraw(Deal.objects.get(key="zz-umbrella"), by=None, reason="No.")
    part = ask("deals/zz-part/")
    assert part["links"] == part["record"]["links"] == []


def test_a_deal_costs_one_query_and_one_more_where_it_links_to_others() -> None:
    published(
        a_record(key="zz-umbrella"),
        a_record(key="zz-part", links=[{"type": "part_of", "deal": "zz-umbrella"}]),
    )
    for key, cost in ((COVE_DEAL, 1), ("zz-umbrella", 1), ("zz-part", 2)):
        with CaptureQueriesContext(connection) as queries:
            ask(f"deals/{key}/")
        assert len(queries) == cost, key
