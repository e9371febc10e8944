"""What is counted in memory is what the database counts, whatever was chosen or changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis_settings

from deals.batches import batches_of
from deals.bitmap_index import freshness, selected
from deals.bitmap_index.quietness import quiet_in_memory
from deals.bitmap_index.selection import SelectedByBitmaps, SelectedBySql
from deals.facet_list import FACETS, UNKNOWN
from deals.facet_rows import facet_rows
from deals.facets import values_of
from deals.filters import DealFilterSet
from deals.indexing import reindex
from deals.models import Company, Deal, Edition
from deals.publishing import publish, withdraw
from deals.questions import Question
from deals.rail import BANDS
from deals.renaming import refresh_company
from deals.tallying import Tally, tally, tally_by_sql
from deals.texts import summary_texts
from tests.deals.test_agreement import selections

ORDERS = ("announced_on", "value_usd", "title", "status", "published_at")


@pytest.fixture
def indexed(own_database: str, settings: Any) -> str:
    """A database of its own, of which everything is held in memory."""
    settings.BITMAPS_FROM_DEALS = 1
    return own_database


def asked(query: str) -> DealFilterSet:
    filterset = DealFilterSet(QueryDict(query))
    assert filterset.problems() == []
    return filterset


def counted(filterset: DealFilterSet, count: Callable[..., Tally]) -> Tally:
    return count(
        filterset,
        list(FACETS),
        unknown=list(UNKNOWN),
        bands=[band for _, band in BANDS],
        has_years=True,
    )


def by_sql(filterset: DealFilterSet, *names: Any, **more: Any) -> Tally:
    return tally_by_sql(Question(filterset, *names, **more))


def rows_by_sql(filterset: DealFilterSet) -> dict[str, list[dict[str, Any]]]:
    found = values_of(filterset, by_sql(filterset, list(FACETS), [], [], has_years=False))
    return {name: [value.as_dict() for value in values] for name, values in found.items()}


def agree(query: str) -> None:
    """That both ways give the same counts, sums and rows."""
    filterset = asked(query)
    found, plain = selected(filterset), SelectedBySql(asked(query))
    assert isinstance(found, SelectedByBitmaps)
    expected = counted(asked(query), by_sql)
    assert counted(filterset, tally) == expected, query
    rows = orjson.loads(orjson.dumps(facet_rows(filterset, FACETS)))
    assert rows == rows_by_sql(asked(query)), query
    assert found.count == expected.found == plain.count
    assert found.ladder() == plain.ladder(), query
    assert found.headlines() == plain.headlines(), query
    for start, stop in ((0, 5), (3, found.count + 9)):
        assert found.page_pks(start, stop) == plain.page_pks(start, stop), query
    pks = plain.page_pks(0, 5)
    assert [one.pk for one in found.page(0, 5)] == pks
    quiet = quiet_in_memory(filterset, pks)
    assert quiet is not None
    texts = summary_texts(pks, filterset.clock)
    assert summary_texts(pks, filterset.clock, quiet) == texts, query
    with override_settings(BITMAPS_FROM_DEALS=0):
        whole = marked(asked(query))
    assert marked(filterset) == whole, query


def marked(filterset: DealFilterSet) -> list[tuple[int, int]]:
    """What a file of the selection holds: primary keys in order, each with its mark."""
    return [
        (pk, mark)
        for batch in batches_of(filterset)
        for pk, mark in zip(batch.pks, batch.marks, strict=True)
    ]


def agree_by_chance(number: int, examples: int) -> None:
    @seed(number)
    @hypothesis_settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(parameters=selections())
    def check(parameters: dict[str, list[str]]) -> None:
        agree(urlencode(parameters, doseq=True))

    check()


SOME = (
    "",
    "host=c5&mineral=tungsten",
    "company=tau-ken-samruk&provider_country=US&rung=committed",
    "provider_country__not=US&rung=indicated&instrument=loan&instrument=grant",
    "q=tungstn",
    "q=lithium or cobalt&disputed=false",
    "announced_after=2025-06&dates=possible&stale=false",
    "signed_before=2024&min_usd=1000000.5",
    "mineral__all=nickel&mineral__all=cobalt",
    "event__empty=false&rung__empty=true",
)


def test_selections_made_by_chance_agree(indexed: str) -> None:
    agree_by_chance(1, 60)


@pytest.mark.parametrize("query", ["", "host=c5", "q=copper&rung=committed"])
def test_every_order_is_that_of_the_database(indexed: str, query: str) -> None:
    for name in (*ORDERS, *(f"-{name}" for name in ORDERS)):
        agree(f"{query}&ordering={name}")
    if "q=" in query:
        agree(f"{query}&ordering=relevance")


def test_what_changes_is_counted_at_once(indexed: str) -> None:
    for query in SOME:
        agree(query)

    deal = Deal.objects.get(key="kz-cove-kaz-tau-ken-samruk-tungsten")
    deal.title, deal.status = "Another title", "closed"
    deal.save()
    publish(deal, by=None)
    withdraw(Deal.objects.exclude(pk=deal.pk).earliest("pk"), by=None, reason="A mistake.")
    for query in (*SOME, *(f"ordering={name}" for name in ORDERS)):
        agree(query)

    reindex(Edition.objects.filter(pk__in=list(Edition.objects.values_list("pk", flat=True)[:40])))
    company = Company.objects.get(slug="kazatomprom")
    company.name = "Kazatomprom renamed"
    company.save()
    refresh_company(company, by=None)
    for query in (*SOME, *(f"ordering=-{name}" for name in ORDERS)):
        agree(query)
    agree_by_chance(2, 20)


def test_companies_that_are_merged_count_as_one(indexed: str) -> None:
    agree("")
    left, right = (Company.objects.get(slug=slug) for slug in ("kazatomprom", "tau-ken-samruk"))
    # What readers see still names it: its deals are not refreshed.
    Company.objects.filter(pk=left.pk).update(merged_into=right)
    for query in ("", "company=tau-ken-samruk", "company__not=kazatomprom", "rung=committed"):
        agree(query)


def test_too_much_at_once_is_loaded_anew_while_the_database_answers(
    indexed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree("host=c5")
    threads: list[threading.Thread] = []
    monkeypatch.setattr(threading.Thread, "start", lambda thread: threads.append(thread))
    monkeypatch.setattr(freshness, "MOST_CHANGES", 100)
    Edition.objects.current().update(is_disputed=True)

    assert isinstance(selected(asked("disputed=true")), SelectedBySql)
    assert tally(asked("disputed=true"), ["status"]).found == Edition.objects.current().count()
    (loading,) = threads
    loading.run()
    agree("disputed=true&host=c5")


def test_nothing_uncommitted_is_counted_and_a_transaction_counts_its_own(indexed: str) -> None:
    agree("")
    before = selected(asked("")).count
    deal = Deal.objects.earliest("pk")
    with transaction.atomic():
        withdraw(deal, by=None, reason="A mistake.")
        assert selected(asked("")).count == before - 1
        with ThreadPoolExecutor(1) as elsewhere:
            assert elsewhere.submit(in_a_thread, "").result() == before
        transaction.set_rollback(True)
    agree("")
    assert selected(asked("")).count == before


def test_threads_read_while_deals_are_published(indexed: str) -> None:
    agree("")
    deals = list(Deal.objects.order_by("pk")[:12])
    with ThreadPoolExecutor(3) as readers:
        reading = [readers.submit(read_often, "host=c5") for _ in range(3)]
        for place, deal in enumerate(deals):
            deal.title = f"Title {place}"
            deal.save()
            publish(deal, by=None)
        for one in reading:
            assert one.result() == []
    agree("")
    agree("host=c5&ordering=title")


def test_another_time_is_asked_of_the_database(indexed: str) -> None:
    for query in ("on=2024-01-01", "as_of=2026-11-21"):
        assert isinstance(selected(asked(query)), SelectedBySql)
    given = DealFilterSet(QueryDict(""), Edition.objects.current().filter(status="closed"))
    assert isinstance(selected(given), SelectedBySql)
    assert isinstance(selected(DealFilterSet(QueryDict("host=nowhere"))), SelectedBySql)


def test_who_does_not_know_a_deal_leaves_its_last_news_to_the_database(indexed: str) -> None:
    pks = selected(asked("stale=true")).page_pks(0, 5)
    known = quiet_in_memory(asked(""), pks)
    assert known is not None
    assert list(known) == pks
    assert quiet_in_memory(asked(""), [*pks, 0]) is None
    assert quiet_in_memory(asked("on=2024-01-01"), pks) is None


def test_few_deals_or_none_wanted_leave_it_to_the_database(
    own_database: str, settings: Any
) -> None:
    for least in (0, 458):
        settings.BITMAPS_FROM_DEALS = least
        assert isinstance(selected(asked("")), SelectedBySql)


def in_a_thread(query: str) -> int:
    try:
        return selected(asked(query)).count
    finally:
        connection.close()


def read_often(query: str) -> list[str]:
    """What is wrong: a page that does not hold what was counted."""
    wrong = []
    try:
        for _ in range(25):
            filterset = asked(query)
            counted = tally(filterset, ["host", "company", "provider"], has_years=True)
            found = selected(filterset)
            if not counted.found == found.count == len(found.page_pks(0, 500)):
                wrong.append(f"{counted.found}, {found.count}")
            if sum(counted.years.values()) + counted.undated != found.count:
                wrong.append(f"{counted.years} are not {found.count}")
    finally:
        connection.close()
    return wrong
