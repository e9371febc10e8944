"""A search whose words are all names is offered as the filters that these names stand for."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.test import Client

from deals.choosing import Choices, choices_of
from deals.filters import DealFilterSet
from deals.suggesting import records_named
from tests.deals.records import a_record, published

pytestmark = pytest.mark.django_db


def meant(text: str, **others: str) -> Choices | None:
    return choices_of(DealFilterSet(QueryDict(urlencode({"q": text, **others}))))


def urlencode(values: dict[str, str]) -> str:
    query = QueryDict(mutable=True)
    query.update(values)
    return query.urlencode()


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("tungsten central asia", "mineral=tungsten&bloc=c5"),
        ("Tungsten deals in Kazakhstan", "mineral=tungsten&country=KZ"),
        ("wolfram USA", "mineral=tungsten&country=US"),
        ("exim", "company=export-import-bank-of-the-united-states"),
        ("kazakhstan uzbekistan", "country=KZ&country=UZ"),
    ],
)
def test_names_become_filters(text: str, query: str) -> None:
    found = meant(text)
    assert found is not None
    assert found.href == f"/deals/?{query}"
    assert found.deals == DealFilterSet(QueryDict(query)).qs.count() > 0


def test_a_word_that_is_no_name_stays_a_search() -> None:
    assert meant("tungsten quagga") is None
    assert meant("tungsten -kazakhstan") is None
    assert meant("tungsten or tin") is None
    assert meant("deals in the") is None


def test_other_filters_stay_and_none_is_widened() -> None:
    published(a_record(key="zz-kept", status="mou_signed", countries=_hosted("KZ")))
    kept = meant("kazakhstan", status="mou_signed", ordering="relevance", on="2026-01-01")
    assert kept is not None
    assert QueryDict(kept.href.partition("?")[2]).dict() == {
        "status": "mou_signed",
        "country": "KZ",
        "on": "2026-01-01",
    }
    assert meant("tungsten kazakhstan", mineral="lithium") is None


def test_what_gives_no_deal_is_not_offered() -> None:
    assert meant("lithium vatican city") is None


def test_little_words_name_no_mineral() -> None:
    """“in” is the symbol of indium, and two letters that any search has."""
    assert [hit.key for hit in records_named("tungsten in kazakhstan")] == ["KZ", "tungsten"]
    assert "indium" in [hit.key for hit in records_named("in")]


def test_the_list_offers_it(client: Client) -> None:
    text = client.get("/deals/", {"q": "tungsten central asia"}).text
    assert 'As filters: <a href="/deals/?mineral=tungsten&amp;bloc=c5">' in text
    assert "Tungsten deals involving the Central Asia five" in text
    assert "As filters" not in client.get("/deals/", {"mineral": "tungsten"}).text


def _hosted(code: str) -> list[dict[str, str]]:
    return [{"country": code, "role": "host"}]
