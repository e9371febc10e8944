"""/minerals/ and /minerals/<slug>/."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from deals.models import Edition
from minerals.models import CriticalityList, Listing, Mineral, Production
from tests.deals.records import a_record, published, written

pytestmark = pytest.mark.django_db


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_list_names_every_mineral_once(client: Client) -> None:
    page = text_of(client, "/minerals/")
    for mineral in Mineral.objects.all():
        assert page.count(f'href="/minerals/{mineral.slug}/"') == 1, mineral


def test_tree_stands_under_its_groups(client: Client) -> None:
    families = dict(client.get("/minerals/").context["families"])
    rare_earths = next(n for n in families["Rare earths"] if n.mineral.slug == "rare-earths")
    light = next(n for n in rare_earths.parts if n.mineral.slug == "light-rare-earths")
    assert "neodymium" in {node.mineral.slug for node in light.parts}
    assert rare_earths.deals >= light.deals >= max(node.deals for node in light.parts)


@pytest.mark.parametrize(
    ("query", "slug"), [("wolfram", "tungsten"), ("W", "tungsten"), ("Tungst", "tungsten")]
)
def test_search_finds_by_alias_symbol_and_name(client: Client, query: str, slug: str) -> None:
    page = text_of(client, f"/minerals/?q={query}")
    assert f"/minerals/{slug}/" in page
    assert "/minerals/lithium/" not in page


def test_search_without_a_match_says_what_to_write(client: Client) -> None:
    assert "No mineral matches." in text_of(client, "/minerals/?q=unobtainium")


def test_every_mineral_has_a_profile(client: Client) -> None:
    for mineral in Mineral.objects.all():
        page = text_of(client, mineral.get_absolute_url())
        assert f"<title>{escape(mineral.name)} · Lodebook</title>" in page


def test_a_group_counts_the_deals_of_its_parts(client: Client) -> None:
    before = client.get("/minerals/rare-earths/").context["counts"]["deals"]
    published(a_record(minerals=["neodymium"]))
    assert client.get("/minerals/rare-earths/").context["counts"]["deals"] == before + 1
    assert (
        Edition.objects.current().filter(minerals__contains=["rare-earths"]).count() == before + 1
    )


def test_profile_of_tungsten_says_who_mines_it_and_how_concentrated_it_is(client: Client) -> None:
    response = client.get("/minerals/tungsten/")
    page = response.content.decode()
    mined, reserves = response.context["tables"]
    assert "China mined 79% of the world’s in 2025." in page
    rows = Production.objects.filter(
        mineral__slug="tungsten",
        measure="mine_production",
        year=2025,
        reference__publisher__contains="Geological",
    )
    shares = [100 * row.amount / 85_000 for row in rows]
    assert mined.concentration.hhi == round(sum(share**2 for share in shares))
    assert "at least <b>6,255</b> of 10,000" in page
    assert reserves.measure == "reserves"


def test_profile_keeps_sources_that_differ(client: Client) -> None:
    page = text_of(client, "/minerals/uranium/")
    assert "23,270" in page
    assert "27,440" in page
    assert "sources differ" in page


def test_profile_lists_official_lists_codes_measures_and_relatives(client: Client) -> None:
    page = text_of(client, "/minerals/tungsten/")
    for listing in Listing.objects.filter(mineral__slug="tungsten"):
        assert listing.criticality_list.label in page
    assert "261100" in page
    assert "/policies/cn-tungsten-indium-tellurium-bismuth-molybdenum-2025/" in page
    assert 'href="/minerals/praseodymium/"' in text_of(client, "/minerals/neodymium/")


def test_measures_on_a_group_stand_on_its_parts(client: Client) -> None:
    assert "/policies/cn-rare-earth-technology-ban-2023/" in text_of(client, "/minerals/neodymium/")


def test_unknown_mineral_is_404(client: Client) -> None:
    assert client.get("/minerals/unobtainium/").status_code == 404


def test_draft_shows_only_once_published(client: Client) -> None:
    document = a_record(title="Quetzal venture", minerals=["hafnium"])
    written(document)
    assert "Quetzal" not in text_of(client, "/minerals/hafnium/")
    published(document)
    assert "Quetzal" in text_of(client, "/minerals/hafnium/")


def test_before_the_first_edition_there_are_no_deals(client: Client) -> None:
    response = client.get("/minerals/tungsten/?as_of=2020-01-01")
    assert response.context["counts"]["deals"] == 0
    assert "As of 1 Jan 2020." in response.content.decode()


def test_no_such_day_is_an_error(client: Client) -> None:
    assert client.get("/minerals/tungsten/?as_of=soon").status_code == 400


@pytest.mark.parametrize(
    ("path", "queries"),
    [("/minerals/", 3), ("/minerals/lithium/", 22), ("/minerals/hafnium/", 13)],
)
def test_number_of_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, path: str, queries: int
) -> None:
    with django_assert_num_queries(queries):
        client.get(path)


def test_a_group_says_where_only_its_parts_are_listed(client: Client) -> None:
    response = client.get("/minerals/rare-earths/")
    rows = dict(response.context["list_rows"])
    us = rows["US"][response.context["list_years"].index(2025)]
    listed = Listing.objects.filter(
        criticality_list__key="us-2025", mineral__category__endswith="_rare_earth"
    )
    assert us.listing is None
    assert us.parts >= listed.count() > 10
    assert f"{us.parts} parts listed" in response.content.decode()


def test_a_mineral_stands_in_the_list_of_each_year(client: Client) -> None:
    response = client.get("/minerals/tungsten/")
    cells = [cell for _, row in response.context["list_rows"] for cell in row if cell]
    assert len(cells) == CriticalityList.objects.count()
    on_lists = {cell.of.key for cell in cells if cell.listing}
    assert on_lists == set(
        Listing.objects.filter(mineral__slug="tungsten").values_list(
            "criticality_list__key", flat=True
        )
    )
