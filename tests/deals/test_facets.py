"""Counts beside the filters: what the list would hold, in two queries."""

from __future__ import annotations

import random
from itertools import islice

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from deals.codes import Status
from deals.facets import FACETS, facets_of, labels_of
from deals.filters import DealFilterSet
from deals.models import Company
from deals.renaming import merge_companies
from tests.deals.oracle import World
from tests.deals.records import DFC, EXIM, a_line, a_record, published

pytestmark = pytest.mark.django_db

SELECTIONS = [
    "",
    "host=c5",
    "host=kz&mineral=tungsten&rung=indicated",
    "host=KZ&host__not=UZ&host__not=CN&stage__empty=true&mineral__not=uranium",
    "rung__empty=true&status__not=announced&partner__empty=true",
    f"rung=committed&provider__not={EXIM}&provider_country=US&company__not={EXIM}",
    "status=announced&status=proposed&kind=mou&disputed=true",
    "provider_country=US&instrument=loan&rung=conditional",
    f"provider={EXIM}",
    "q=tungstn&host=c5",
    "q=the",
    "mineral__all=copper&mineral__all=cobalt&host__not=CD",
    f"provider__not={EXIM}&instrument__empty=false",
    "stale=true&has_value=false&counts_toward_total=false",
    "on=2025-06-01&status=announced&stage=exploration",
    "on=2025-06-01&rung=indicated&stale=true",
    "announced_after=2025&min_usd=1000000",
    "company=tau-ken-samruk&event=c51-washington-2025",
]


def chosen(query: str) -> DealFilterSet:
    found = DealFilterSet(QueryDict(query))
    assert found.problems() == []
    return found


@pytest.mark.parametrize("query", SELECTIONS)
def test_a_count_is_that_of_the_list_with_this_choice(query: str) -> None:
    """Five values of each facet, picked by chance: choose each in place of the facet's choice."""
    facets = facets_of(chosen(query))
    assert list(facets) == list(FACETS)
    pick = random.Random(query)
    for name, values in facets.items():
        for one in pick.sample(values, min(5, len(values))):
            data = QueryDict(query, mutable=True)
            data.setlist(name, [one.value])
            data.pop(f"{name}__empty", None)
            if one.is_excluded:
                data.pop(f"{name}__not", None)
            assert one.count == chosen(data.urlencode()).qs.count(), (name, one)


def test_counts_are_those_of_the_documents() -> None:
    """Without the filters' own SQL: each facet of edition and line by brute force."""
    world = World.load()
    facets = facets_of(chosen("host=c5"))
    for name in ("host", "mineral", "kind", "stage", "provider", "rung", "party_country"):
        for one in facets[name][:8]:
            wanted = {"host": ["c5"]} | {name: [one.value]}
            assert one.count == len(world.keys(wanted)), (name, one)


def test_no_value_of_a_deal_is_missing() -> None:
    world = World.load()
    for name in ("host", "mineral", "company", "status", "instrument"):
        found = {one.value for one in facets_of(chosen(""), [name])[name]}
        assert found == {value for deal in world.deals for value in world.values(deal, name)}


def test_a_facet_ignores_its_own_choice_and_no_other() -> None:
    without = facets_of(chosen("mineral=tungsten"), ["host"])["host"]
    chosen_one = facets_of(chosen("mineral=tungsten&host=KZ"), ["host", "status"])
    assert [(v.value, v.count) for v in chosen_one["host"]] == [(v.value, v.count) for v in without]
    assert [v.value for v in chosen_one["host"] if v.is_chosen] == ["KZ"]
    total = sum(one.count for one in chosen_one["status"])
    assert total == chosen("mineral=tungsten&host=KZ").qs.count()


def test_a_chosen_value_is_there_even_without_deals() -> None:
    found = facets_of(chosen("host=AQ&mineral=tungsten"), ["host"])["host"]
    antarctica = next(one for one in found if one.value == "AQ")
    assert (antarctica.label, antarctica.count, antarctica.is_chosen) == ("Antarctica", 0, True)


def test_a_rung_counts_the_firmer_ones_too() -> None:
    counts = [one.count for one in facets_of(chosen(""), ["rung"])["rung"]]
    assert counts == sorted(counts, reverse=True)
    assert len(counts) == 4


def test_line_facets_count_what_stands_on_one_line() -> None:
    published(
        a_record(
            key="zz-lines",
            title="Quokkaburra",
            financing=[
                a_line(ref="f1", providers=[EXIM], status="letter_of_interest"),
                a_line(ref="f2", providers=[DFC], status="committed"),
            ],
        )
    )
    facets = facets_of(chosen(f"q=quokkaburra&provider={EXIM}"), ["rung", "provider"])
    assert {one.value: one.count for one in facets["rung"]} == {"indicated": 1}
    assert {one.value: one.count for one in facets["provider"]} == {EXIM: 1, DFC: 1}
    facets = facets_of(chosen("q=quokkaburra&rung=committed"), ["provider"])
    assert {one.value: one.count for one in facets["provider"]} == {DFC: 1}


def test_values_come_by_count_and_code_lists_in_their_order() -> None:
    facets = facets_of(chosen(""))
    counts = [one.count for one in facets["mineral"]]
    assert counts == sorted(counts, reverse=True)
    codes = [one.value for one in facets["status"]]
    assert codes == [code for code in Status.values if code in codes]


def test_values_carry_names() -> None:
    facets = facets_of(chosen("host=c5"))
    names = {(name, one.value): one.label for name, values in facets.items() for one in values}
    assert names["host", "KZ"] == "Kazakhstan"
    assert names["host", "c5"] == "Central Asia five (C5)"
    assert names["mineral", "tungsten"] == "Tungsten"
    assert names["provider", EXIM] == "Export-Import Bank of the United States"
    assert names["status", "mou_signed"] == "MoU signed"
    assert names["disputed", "true"] == "Yes"
    assert labels_of({"host": ["KZ"], "rung": ["committed"]}) == {
        ("host", "KZ"): "Kazakhstan",
        ("rung", "committed"): "Committed",
    }


def test_a_merged_company_counts_as_its_successor() -> None:
    published(a_record(key="zz-merging", parties=[{"ref": "p1", "company": DFC, "role": "lender"}]))
    old, new = Company.objects.get(slug=DFC), Company.objects.get(slug="kazatomprom")
    merge_companies(old, into=new, by=None)
    found = {one.value: one for one in facets_of(chosen(f"company={DFC}"), ["company"])["company"]}
    assert DFC not in found
    assert found[new.slug].is_chosen
    assert found[new.slug].count == chosen(f"company={DFC}").qs.count()


def test_an_invalid_choice_counts_nothing() -> None:
    found = DealFilterSet(QueryDict("mineral=tungstn"))
    assert facets_of(found, ["host", "mineral"]) == {"host": [], "mineral": []}


@pytest.mark.parametrize(
    ("query", "validation"), [("", 0), ("host=c5&mineral=tungsten&status=announced", 3)]
)
def test_all_facets_cost_three_queries(query: str, validation: int) -> None:
    with CaptureQueriesContext(connection) as queries:
        facets = facets_of(DealFilterSet(QueryDict(query)))
    assert len(queries) == validation + 3  # counts, companies' names, other names
    assert all(islice(facets.values(), 3))
