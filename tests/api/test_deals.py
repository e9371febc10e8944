"""The list of deals in the API."""

from __future__ import annotations

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deals.api.shapes import DealSummary
from deals.filters import DealFilterSet
from deals.models import Edition, EditionDocument
from deals.reading import Clock, summaries, utc_today
from deals.texts import summary_texts
from tests.api.answers import API, ask, names_refused, refused
from tests.deals.records import COVE_DEAL, a_record, published, written

pytestmark = pytest.mark.django_db


def test_every_deal_is_there_in_the_shape_that_is_promised() -> None:
    answer = ask("deals/", page_size=500)
    assert set(answer) == {"count", "next", "previous", "results"}
    assert answer["count"] == len(answer["results"]) == Edition.objects.current().count()
    for summary in answer["results"]:
        DealSummary.model_validate_json(orjson.dumps(summary))


def test_a_summary_has_what_the_contract_names() -> None:
    cove = next(deal for deal in ask("deals/", q="Cove Kaz")["results"] if deal["key"] == COVE_DEAL)
    assert cove["status"] == "agreement_signed"
    assert cove["announced_on"] == "2025-11-06"
    assert cove["hosts"] == [{"code": "KZ", "name": "Kazakhstan"}]
    assert cove["minerals"][0]["slug"] == "tungsten"
    assert cove["ladder"] == {
        "indicated": 1_600_000_000,
        "conditional": None,
        "committed": None,
        "disbursed": None,
    }
    assert [party["stake_percent"] for party in cove["parties"][:2]] == [70, 30]
    assert cove["value_usd"] == 1_100_000_000
    assert cove["url"] == f"/deals/{COVE_DEAL}/"


def test_pages_follow_one_another() -> None:
    seen: list[str] = []
    path = f"{API}/deals/?host=c5&page_size=40&fields=key"
    while path:
        answer = Client().get(path).json()
        seen += [deal["key"] for deal in answer["results"]]
        path = answer["next"]
    assert len(seen) == len(set(seen)) == answer["count"]
    assert "page=2" in answer["previous"]


def test_a_cursor_reads_everything_once() -> None:
    seen: list[str] = []
    path = f"{API}/deals/?cursor=&page_size=200&fields=key"
    while path:
        answer = Client().get(path).json()
        seen += [deal["key"] for deal in answer["results"]]
        path = answer["next"]
    assert sorted(seen) == sorted(Edition.objects.current().values_list("key", flat=True))


def test_fields_and_omit_choose_members() -> None:
    answer = ask("deals/", fields="title,key", page_size=1)
    assert list(answer["results"][0]) == ["title", "key"]
    answer = ask("deals/", omit=["summary", "parties"], page_size=1)
    assert set(DealSummary.model_fields) - set(answer["results"][0]) == {"summary", "parties"}


def test_the_order_is_that_of_the_filter_set() -> None:
    listed = [deal["key"] for deal in ask("deals/", ordering="-value_usd")["results"]]
    expected = DealFilterSet({"ordering": "-value_usd"}).qs.values_list("key", flat=True)[:50]  # type: ignore[arg-type]
    assert listed == list(expected)


def test_on_a_past_day_deals_are_told_as_of_then() -> None:
    answer = ask("deals/", q="Severniy Katpar", on="2025-12-01")
    cove = next(deal for deal in answer["results"] if deal["key"] == COVE_DEAL)
    assert cove["status"] == "announced"
    assert cove["ladder"]["indicated"] == 900_000_000


def test_before_the_first_edition_there_is_nothing_and_it_says_since_when() -> None:
    first = Edition.objects.earliest("published_at").published_at
    answer = ask("deals/", as_of="2020-01-01")
    assert (answer["count"], answer["results"]) == (0, [])
    assert str(first.date()) in answer["notice"]
    assert "notice" not in ask("deals/", mineral="tungsten", as_of=str(first.date()))


def test_drafts_are_nowhere() -> None:
    written(a_record(key="zz-draft", title="Quokkaburra"))
    assert ask("deals/", q="quokkaburra")["count"] == 0
    refused("deals/zz-draft/", status=404)
    published(a_record(key="zz-draft", title="Quokkaburra"))
    assert ask("deals/", q="quokkaburra")["count"] == 1


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"minral": "tungsten"}, {"minral": "mineral"}),
        ({"mineral": "tungstn"}, {"mineral": "tungsten"}),
        ({"mineral": "tungstn", "statu": "x"}, {"mineral": "tungsten", "statu": "status"}),
        ({"ordering": "title,"}, {"ordering": "title"}),
        ({"fields": "kye"}, {"fields": "key"}),
        ({"omit": "sumary"}, {"omit": "summary"}),
        ({"page": "0"}, {"page": None}),
        ({"page_size": "501"}, {"page_size": None}),
        ({"cursor": "???"}, {"cursor": None}),
        ({"cursor": "", "ordering": "title"}, {"ordering": None}),
        ({"as_of": "2999-01-01"}, {"as_of": None}),
        ({"on": "yesterday"}, {"on": None}),
    ],
)
def test_what_is_wrong_is_named(
    parameters: dict[str, str], expected: dict[str, str | None]
) -> None:
    found = names_refused("deals/", **parameters)
    assert set(found) == set(expected)
    assert {name: found[name] for name, near in expected.items() if near} == {
        name: near for name, near in expected.items() if near
    }


@pytest.mark.parametrize("name", ["view", "columns", "format", "facets", "by", "utm_source"])
def test_parameters_of_pages_are_refused(name: str) -> None:
    assert list(names_refused("deals/", **{name: "x"})) == [name]


def test_there_is_no_page_behind_the_last() -> None:
    assert "the last is" in refused("deals/", status=404, page=1000)["detail"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(method: str) -> None:
    response = getattr(Client(), method)(f"{API}/deals/")
    assert response.status_code == 405
    assert response["Content-Type"] == "application/problem+json"


def test_a_list_costs_three_queries_and_one_for_each_table_of_names() -> None:
    """The count, the places and the texts; names are kept, but never within a transaction."""
    with CaptureQueriesContext(connection) as queries:
        ask("deals/", page_size=100)
    assert len(queries) == 3
    with CaptureQueriesContext(connection) as queries:
        ask("deals/", host="c5", mineral="tungsten")
    assert len(queries) == 6


def test_texts_are_those_that_are_read() -> None:
    """A list without a choice of members adds to stored texts; other answers read them."""
    for parameters in ({}, {"as_of": str(utc_today())}, {"stale": "true"}, {"ordering": "title"}):
        whole = ask("deals/", page_size=500, **parameters)
        editions = Edition.objects.current().select_related("document").in_bulk(field_name="seq")
        read = {one["key"]: one for one in summaries(editions.values(), Clock())}
        assert whole["results"] == [read[one["key"]] for one in whole["results"]]
        picked = ask("deals/", page_size=500, fields=list(DealSummary.model_fields), **parameters)
        assert picked == whole
    assert any(one["is_stale"] for one in whole["results"])
    assert any(one["is_presumed_lapsed"] for one in whole["results"])


def test_texts_that_wait_for_reindexing_are_told_as_well() -> None:
    """They still say themselves whether the deal can go stale."""
    edition = Edition.objects.current().filter(can_go_stale=True).select_related("document")[0]
    text = edition.document.summary_text
    before, after = text.split('"last_news_on":')
    assert "can_go_stale" not in text
    told = summary_texts([edition.pk], Clock())
    edition.document.summary_text = f'{before}"can_go_stale":true,"last_news_on":{after}'
    edition.document.save(update_fields=["summary_text"])
    assert summary_texts([edition.pk], Clock()) == told


def test_a_text_that_was_removed_meanwhile_is_left_out() -> None:
    first, second = Edition.objects.current()[:2]
    EditionDocument.objects.filter(edition=first).update(summary_text="")
    assert len(summary_texts([first.pk, second.pk], Clock())) == 1


def test_a_past_day_costs_two_queries_more() -> None:
    with CaptureQueriesContext(connection) as queries:
        ask("deals/", on="2025-06-01")
    assert len(queries) == 5
