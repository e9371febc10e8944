"""/companies/ and /companies/<slug>/."""

from __future__ import annotations

import datetime
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from deals.models import Company, Edition, EditionLine, Ownership
from deals.renaming import merge_companies
from deals.suggesting import suggest
from tests.deals.records import DFC, EXIM, a_line, a_record, published, written

pytestmark = pytest.mark.django_db


def a_company(*, slug: str, name: str, **fields: object) -> Company:
    return Company.objects.create(slug=slug, name=name, type="company", **fields)


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_list_holds_every_public_company_once(client: Client) -> None:
    found = []
    for number in range(1, client.get("/companies/").context["page"].last + 1):
        response = client.get(f"/companies/?page={number}")
        found += [company.slug for company, _ in response.context["rows"]]
    assert found == list(Company.objects.public().values_list("slug", flat=True))


def test_list_narrows_by_letter_type_country_and_words(client: Client) -> None:
    def found(query: str) -> list[Company]:
        return [company for company, _ in client.get(f"/companies/{query}").context["rows"]]

    assert {company.sort_name[0] for company in found("?letter=K")} == {"k"}
    assert {company.type for company in found("?type=fund")} == {"fund"}
    assert {company.country_id for company in found("?country=kz")} == {"KZ"}
    assert EXIM in {company.slug for company in found("?q=ex-im")}
    assert found("?letter=K&type=fund&country=kz&q=zzz") == []


@pytest.mark.parametrize("query", ["type=firm", "letter=KK", "country=Kazakhstan"])
def test_wrong_choice_is_an_error_without_rows(client: Client, query: str) -> None:
    response = client.get(f"/companies/?{query}")
    assert response.status_code == 400
    assert response.context["rows"] == []
    assert 'role="alert"' in response.content.decode()


def test_public_companies_have_profiles(client: Client) -> None:
    for company in Company.objects.public().order_by("pk")[::10]:
        response = client.get(company.get_absolute_url())
        assert response.status_code == 200, company
        assert response.context["deal_count"] > 0, company


def test_profile_sums_its_money_by_rung(client: Client) -> None:
    ladder = client.get(f"/companies/{EXIM}/").context["ladder"]
    lines = EditionLine.objects.present().filter(
        edition__in=Edition.objects.current(), providers__contains=[EXIM]
    )
    for rung in ladder.usd:
        counted = [line.amount_usd or 0 for line in lines.filter(rung=rung, is_counted=True)]
        assert ladder.usd[rung] == (sum(counted) if counted else None)


def test_profile_tells_roles_and_stakes(client: Client) -> None:
    response = client.get("/companies/tau-ken-samruk/")
    cove = next(
        row
        for row in response.context["involvements"]
        if row.deal["key"] == "kz-cove-kaz-tau-ken-samruk-tungsten"
    )
    assert cove.roles == ["partner"]
    assert cove.stake_percent == 30
    assert "<b>30%</b>" in response.content.decode()


def test_a_provider_that_is_no_party_shows_as_provider(client: Client) -> None:
    published(a_record(financing=[a_line(providers=[DFC])], title="Quetzal loan"))
    response = client.get(f"/companies/{DFC}/")
    row = next(r for r in response.context["involvements"] if r.deal["title"] == "Quetzal loan")
    assert row.roles == []
    assert "Quetzal loan" in {row.line.edition.title for row in response.context["lines"]}


def test_owners_show_only_while_they_are_public(client: Client) -> None:
    company = Company.objects.get(slug="tau-ken-samruk")
    hidden = a_company(slug="quetzal-holding", name="Quetzal Holding")
    Ownership.objects.create(owner=hidden, owned=company, percent=12)
    assert "Quetzal" not in text_of(client, "/companies/tau-ken-samruk/")
    published(a_record(parties=[{"ref": "p1", "company": hidden.slug, "role": "partner"}]))
    page = text_of(client, "/companies/tau-ken-samruk/")
    assert "Quetzal Holding" in page
    assert "12%" in page


def test_a_company_that_no_published_deal_names_is_404(client: Client) -> None:
    company = a_company(slug="quetzal-mines", name="Quetzal Mines")
    written(a_record(parties=[{"ref": "p1", "company": company.slug, "role": "partner"}]))
    assert client.get("/companies/quetzal-mines/").status_code == 404
    assert "Quetzal" not in text_of(client, "/companies/?q=quetzal").replace("“quetzal”", "")


def test_unknown_company_is_404(client: Client) -> None:
    assert client.get("/companies/nobody-at-all/").status_code == 404


def test_a_merged_company_leads_to_its_successor_for_good(client: Client) -> None:
    old = a_company(slug="quetzal-mines", name="Quetzal Mines")
    new = a_company(slug="quetzal-group", name="Quetzal Group")
    published(a_record(parties=[{"ref": "p1", "company": old.slug, "role": "partner"}]))
    merge_companies(old, into=new, by=None)
    response = client.get("/companies/quetzal-mines/?as_of=2020-01-01")
    assert response.status_code == 301
    assert response["Location"] == "/companies/quetzal-group/?as_of=2020-01-01"
    assert "A deal for tests" in text_of(client, "/companies/quetzal-group/")


@pytest.mark.parametrize("column", ["parties", "financing"])
def test_a_merge_under_way_shows_everywhere_the_deals_of_both(client: Client, column: str) -> None:
    old, new = (
        a_company(slug=f"quetzal-{name}", name=f"Quetzal {name}") for name in ("old", "new")
    )
    for place, slugs in enumerate((["quetzal-old"], ["quetzal-new"], ["quetzal-old"])):
        roles = [{"ref": "p1", "company": slug, "role": "partner"} for slug in slugs]
        lines = [a_line(providers=slugs, usd=1_000_000, on="2025-01")]
        told = {"parties": roles} if column == "parties" else {"financing": lines}
        published(a_record(key=f"zz-{place}", title=f"Deal {place}", **told))
    # Both in one deal, in different roles.
    roles = [
        {"ref": "p1", "company": "quetzal-old", "role": "partner"},
        {"ref": "p2", "company": "quetzal-new", "role": "seller"},
    ]
    published(a_record(key="zz-both", title="Deal of both", parties=roles))
    Company.objects.filter(pk=old.pk).update(merged_into=new)

    page = client.get("/companies/quetzal-new/")

    assert page.context["deal_count"] == 4
    assert len(page.context["involvements"]) == 4
    both = next(one for one in page.context["involvements"] if one.deal["key"] == "zz-both")
    assert set(both.roles) == {"partner", "seller"}
    if column == "financing":
        assert page.context["ladder"].deal_count == 3
    listed = client.get("/companies/?q=quetzal").context["rows"]
    assert [(company.slug, deals) for company, deals in listed] == [("quetzal-new", 4)]
    (hit,) = (hit for group in suggest("quetzal", ["company"]) for hit in group.hits)
    assert (hit.key, hit.deals) == ("quetzal-new", 4)
    (of_api,) = client.get("/api/v1/companies/?q=quetzal").json()["results"]
    assert of_api["deal_count"] == 4
    assert client.get("/api/v1/deals/?company=quetzal-new").json()["count"] == 4


def test_a_company_merged_into_one_that_is_not_public_is_404(client: Client) -> None:
    new = a_company(slug="quetzal-group", name="Quetzal Group")
    a_company(slug="quetzal-mines", name="Quetzal Mines", merged_into=new)
    assert client.get("/companies/quetzal-mines/").status_code == 404


def test_before_the_first_edition_it_is_named_in_no_deal(client: Client) -> None:
    response = client.get(f"/companies/{EXIM}/?as_of=2020-01-01")
    assert response.context["deal_count"] == 0
    assert response.context["ladder"] is None


@pytest.mark.parametrize(("path", "queries"), [("/companies/", 5), (f"/companies/{EXIM}/", 35)])
def test_number_of_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, path: str, queries: int
) -> None:
    with django_assert_num_queries(queries):
        client.get(path)


@pytest.mark.parametrize("parameter", ["q", "letter", "type", "country", "page"])
@pytest.mark.parametrize("value", ["\x00", "\ud83d", "%", "9" * 400])
def test_no_value_breaks_the_list(client: Client, parameter: str, value: str) -> None:
    response = client.get(f"/companies/?{urlencode({parameter: value}, errors='surrogatepass')}")
    assert response.status_code in {200, 400, 404}


def test_a_provider_shows_its_own_lines_by_year_and_rung(client: Client) -> None:
    other = "export-finance-australia"
    published(
        a_record(
            announced_on="2021-05-01",
            financing=[
                a_line(ref="f1", providers=[DFC], usd=7_000_000, status="committed", on="2021-06"),
                a_line(ref="f2", providers=[other], usd=900_000_000, status="committed"),
            ],
        )
    )
    context = client.get(f"/companies/{DFC}/").context
    by_year = next(row for row in context["portfolio"][0].rows if row.name == "2021")
    assert by_year.cells[2] == 7_000_000
    (line,) = [row for row in context["lines"] if row.line.edition.key == "zz-test-deal"]
    assert line.since == datetime.date(2021, 6, 30)


def test_chains_of_owners_carry_their_dates(client: Client) -> None:
    company = Company.objects.get(slug="tau-ken-samruk")
    above = Company.objects.public().exclude(pk=company.pk).order_by("slug")[:2]
    Ownership.objects.create(owner=above[0], owned=company, percent=60, since="2019", until="2023")
    Ownership.objects.create(owner=above[1], owned=above[0], percent=51, since="2015-04")
    response = client.get("/companies/tau-ken-samruk/")
    steps = {row["step"].company.slug: row["step"].depth for row in response.context["owners"]}
    assert (steps[above[0].slug], steps[above[1].slug]) == (1, 2)
    page = response.content.decode()
    assert "since 2019 until 2023" in page
    assert "since Apr 2015" in page
