"""/countries/ and /countries/<iso2>/."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from countries.models import Country
from deals.models import Deal, Edition
from deals.publishing import withdraw
from deals.reading import Clock, summaries
from tests.deals.pages import count_of
from tests.deals.records import a_line, a_record, published, written

pytestmark = pytest.mark.django_db

BEFORE_ALL = "2020-01-01"


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_list_names_every_country_once(client: Client) -> None:
    page = text_of(client, "/countries/")
    for country in Country.objects.all():
        assert page.count(f'href="/countries/{country.iso2.lower()}/"') == 1, country


def test_list_counts_deals_as_host_and_as_partner(client: Client) -> None:
    rows = {
        country.iso2: (hosted, partnered)
        for region in client.get("/countries/").context["regions"]
        for country, hosted, partnered in region.rows
    }
    deals = summaries(Edition.objects.current().select_related("document"), Clock())
    for iso2, counted in rows.items():
        assert counted == tuple(
            sum(iso2 in {place.get("code") for place in deal[role]} for deal in deals)
            for role in ("hosts", "partners")
        ), iso2


@pytest.mark.parametrize("query", ["kazakh", "KZ", "kaz", "Republic of Kazakhstan"])
def test_search_finds_by_name_formal_name_and_code(client: Client, query: str) -> None:
    page = text_of(client, f"/countries/?q={query}")
    assert "/countries/kz/" in page
    assert "/countries/us/" not in page


def test_search_without_a_match_says_what_to_write(client: Client) -> None:
    assert "No country matches." in text_of(client, "/countries/?q=atlantis")


def test_every_country_has_a_profile(client: Client) -> None:
    for country in Country.objects.all():
        page = text_of(client, country.get_absolute_url())
        assert f"<title>{escape(country.name)} · Lodebook</title>" in page


def test_profile_counts_its_deals(client: Client) -> None:
    context = client.get("/countries/kz/").context
    deals = [
        deal
        for deal in summaries(Edition.objects.current().select_related("document"), Clock())
        if "KZ" in {place.get("code") for place in deal["hosts"]}
    ]
    counts = context["counts"]
    assert counts["hosted"] == len(deals)
    assert counts["binding"] == sum(d["status"] in {"agreement_signed", "closed"} for d in deals)
    assert counts["stale"] == sum(deal["is_stale"] for deal in deals)
    assert counts["disputed"] == sum(deal["is_disputed"] for deal in deals)
    years, partners = context["figures"][:2]
    dated = sum(deal["announced_on"] is not None for deal in deals)
    assert sum(row.cells[-1] for row in years.rows) == dated
    china = sum("CN" in {place.get("code") for place in deal["partners"]} for deal in deals)
    assert ("China", (china,)) in [(row.name, row.cells) for row in partners.rows]


def test_money_is_that_of_projects_there(client: Client) -> None:
    before = client.get("/countries/kz/").context["ladder"]
    published(a_record(financing=[a_line(usd=7_000_000, status="disbursed")]))
    after = client.get("/countries/kz/").context["ladder"]
    assert before.usd["disbursed"] is None
    assert after.usd["disbursed"] == 7_000_000
    assert after.usd["indicated"] == before.usd["indicated"]
    assert after.deals["disbursed"] == before.deals["disbursed"] + 1


def test_figures_of_two_sources_are_both_shown(client: Client) -> None:
    page = text_of(client, "/countries/kz/")
    assert "23,270" in page
    assert "27,440" in page


def test_standing_facts_carry_their_source(client: Client) -> None:
    page = text_of(client, "/countries/kz/")
    assert "largest source" in page
    assert 'href="#source-r1"' in page
    assert 'id="source-r1"' in page


def test_upper_case_leads_to_the_canonical_address(client: Client) -> None:
    response = client.get("/countries/KZ/?as_of=2020-01-01")
    assert response.status_code == 301
    assert response["Location"] == "/countries/kz/?as_of=2020-01-01"


@pytest.mark.parametrize("code", ["zz", "kaz", "k"])
def test_unknown_country_is_404(client: Client, code: str) -> None:
    assert client.get(f"/countries/{code}/").status_code == 404


def test_draft_shows_only_once_published_and_not_once_withdrawn(client: Client) -> None:
    document = a_record(title="Quetzal venture", announced_on="2026-11-01")
    written(document)
    assert "Quetzal" not in text_of(client, "/countries/kz/")
    published(document)
    assert "Quetzal" in text_of(client, "/countries/kz/")
    withdraw(Deal.objects.get(key="zz-test-deal"), by=None, reason="Published by mistake.")
    assert "Quetzal" not in text_of(client, "/countries/kz/")


def test_before_the_first_edition_there_are_no_deals_and_the_page_says_so(client: Client) -> None:
    response = client.get(f"/countries/kz/?as_of={BEFORE_ALL}")
    page = response.content.decode()
    assert response.context["counts"]["hosted"] == 0
    assert "it publishes since" in page
    assert "as known now" in page
    assert "23,270" in page


def test_links_keep_the_day(client: Client) -> None:
    page = text_of(client, f"/countries/kz/?as_of={BEFORE_ALL}")
    assert f"bloc=c5&amp;as_of={BEFORE_ALL}" in page


@pytest.mark.parametrize("as_of", ["2025", "yesterday", "9000-01-01"])
def test_no_such_day_is_an_error_without_deals(client: Client, as_of: str) -> None:
    response = client.get(f"/countries/kz/?as_of={as_of}")
    assert response.status_code == 400
    assert as_of in response.content.decode()
    assert "/deals/kz-" not in response.content.decode()


@pytest.mark.parametrize(
    ("path", "queries"),
    [("/countries/", 6), ("/countries/kz/", 23), ("/countries/us/", 30), ("/countries/aq/", 13)],
)
def test_number_of_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, path: str, queries: int
) -> None:
    with django_assert_num_queries(queries):
        client.get(path)


def test_the_numbers_of_a_profile_lead_to_as_many_deals(client: Client) -> None:
    for path in (
        "/countries/kz/",
        "/minerals/tungsten/",
        "/companies/export-import-bank-of-the-united-states/",
    ):
        text = client.get(path).content.decode()
        stats = text.split('<dl class="stats">')[1].split("</dl>")[0]
        links = re.findall(r'href="(/deals/\?[^"]*(?:status|stale|disputed)[^"]*)">(\d+)<', stats)
        assert links, path
        for href, number in links:
            assert count_of(client.get(html.unescape(href))) == int(number), href
