"""Reference records in the API: countries, blocs, minerals, lists, production, policies."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deals.models import Edition
from minerals.models import Production
from tests.api.answers import API, ask, names_refused, refused

pytestmark = pytest.mark.django_db

LISTS = {
    "countries/": "KZ",
    "blocs/": "c5",
    "minerals/": "tungsten",
    "criticality-lists/": "us-2025",
    "policies/": "us-forge-2026",
}
"""Endpoints with a record that stands in the fixtures."""


@pytest.mark.parametrize("path", LISTS)
def test_lists_and_records_agree(path: str) -> None:
    answer = ask(path, page_size=500)
    assert set(answer) == {"count", "next", "previous", "results"}
    assert answer["count"] == len(answer["results"]) > 0
    name = next(iter(answer["results"][0]))
    key = LISTS[path] if LISTS[path] in {row[name] for row in answer["results"]} else None
    assert key is not None, [row[name] for row in answer["results"]]
    row = next(row for row in answer["results"] if row[name] == key)
    record = ask(f"{path}{key}/")
    assert {member: record[member] for member in row} == row


@pytest.mark.parametrize("path", [*LISTS, "production/"])
def test_what_is_wrong_is_named(path: str) -> None:
    assert names_refused(path, pagesize=2) == {"pagesize": "page_size"}
    assert names_refused(path, fields="xyz").keys() == {"fields"}
    assert names_refused(path, ordering="xyz").keys() == {"ordering"}


@pytest.mark.parametrize("path", LISTS)
def test_an_unknown_record_is_404(path: str) -> None:
    key = "QQ" if path == "countries/" else "no-such-record"
    assert key in refused(f"{path}{key}/", status=404)["detail"]
    assert names_refused(f"{path}{LISTS[path]}/", page=1).keys() == {"page"}


def test_a_country_in_small_letters_is_the_same() -> None:
    assert ask("countries/kz/")["name"] == "Kazakhstan"
    assert "c5" in {row["bloc"]["key"] for row in ask("countries/kz/")["blocs"]}


def test_deals_are_counted() -> None:
    current = Edition.objects.current()
    assert ask("countries/KZ/")["deal_count"] == current.filter(countries__contains=["KZ"]).count()
    assert ask("blocs/c5/")["deal_count"] == current.filter(countries__contains=["c5"]).count()
    rare_earths = current.filter(minerals__contains=["rare-earths"]).count()
    assert ask("minerals/rare-earths/")["deal_count"] == rare_earths


@pytest.mark.parametrize(
    ("path", "parameters", "expected"),
    [
        ("countries/", {"q": "kazakh"}, {"KZ"}),
        ("countries/", {"bloc": "c5"}, {"KZ", "KG", "TJ", "TM", "UZ"}),
        ("blocs/", {"q": "five"}, {"c5"}),
        ("minerals/", {"q": "wolfram"}, {"tungsten"}),
        ("minerals/", {"group": "light-rare-earths", "q": "neod"}, {"neodymium"}),
    ],
)
def test_filters(path: str, parameters: dict[str, str], expected: set[str]) -> None:
    answer = ask(path, **parameters)
    name = next(iter(answer["results"][0]))
    assert {row[name] for row in answer["results"]} == expected


def test_only_what_deals_name() -> None:
    named = ask("minerals/", has_deals="true")["count"]
    assert 0 < named < ask("minerals/")["count"]
    assert named + ask("minerals/", has_deals="false")["count"] == ask("minerals/")["count"]


def test_a_group_of_minerals_has_members_and_lists() -> None:
    record = ask("minerals/rare-earths/")
    assert {"heavy-rare-earths", "light-rare-earths"} == {one["slug"] for one in record["members"]}
    assert record["lists"]
    key = record["lists"][0]["criticality_list"]["key"]
    listed = ask(f"criticality-lists/{key}/")["listings"]
    assert "rare-earths" in {one["mineral"]["slug"] for one in listed}


def test_production_is_a_list_of_figures_with_sources() -> None:
    answer = ask("production/", mineral="tungsten", country="cn", measure="mine_production")
    assert (
        answer["count"]
        == Production.objects.filter(
            mineral__slug="tungsten", country="CN", measure="mine_production"
        ).count()
    )
    figure = answer["results"][0]
    assert figure["reference"]["publisher"]
    assert isinstance(figure["amount"], int | float)
    refused("production/1/", status=404)


def test_production_can_be_read_by_cursor() -> None:
    count, path = 0, f"{API}/production/?cursor=&page_size=500"
    while path:
        answer = Client().get(path).json()
        count += len(answer["results"])
        path = answer["next"]
    assert count == Production.objects.count() > 500


def test_policies_by_target_and_mineral() -> None:
    answer = ask("policies/", target="KZ")
    assert answer["results"]
    assert all("KZ" in {c["code"] for c in row["targets"]} for row in answer["results"])
    answer = ask("policies/", mineral="rare-earths")
    keys = [row["key"] for row in answer["results"]]
    assert len(keys) == len(set(keys)) == answer["count"]


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("countries/", 5),
        ("blocs/", 6),
        ("minerals/", 5),
        ("criticality-lists/", 2),
        ("production/", 2),
        ("policies/", 5),
        ("countries/KZ/", 5),
        ("minerals/tungsten/", 7),
    ],
)
def test_query_counts(path: str, queries: int) -> None:
    with CaptureQueriesContext(connection) as captured:
        ask(path)
    assert len(captured) == queries
