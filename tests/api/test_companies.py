"""Companies, events and projects in the API: there only while a current edition names them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deals.models import Company, Deal, Edition, Event, Ownership, Project
from deals.publishing import withdraw
from deals.renaming import merge_companies
from tests.api.answers import API, ask, names_refused, refused
from tests.deals.records import COVE_DEAL, DFC, EXIM, a_record, published, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def hidden() -> str:
    """The name of a company, an event and a project that no edition names."""
    name = "quokkaburra"
    Company.objects.create(slug=name, name=name, type="company")
    Event.objects.create(key=name, name=name, happened_on="2025", summary=name)
    Project.objects.create(slug=name, name=name, country_id="KZ")
    return name


@pytest.mark.parametrize(
    ("path", "model", "name"),
    [("companies/", Company, "slug"), ("events/", Event, "key"), ("projects/", Project, "slug")],
)
def test_only_public_records_are_listed(
    path: str, model: type[Company | Event | Project], name: str, hidden: str
) -> None:
    public = set(model.objects.public().values_list(name, flat=True))
    assert ask(path)["count"] == len(public) > 0
    assert {row[name] for row in ask(path, page_size=500)["results"]} <= public
    assert ask(path, q=hidden)["count"] == 0
    refused(f"{path}{hidden}/", status=404)


def test_a_company_of_a_draft_comes_with_publication_and_goes_with_withdrawal() -> None:
    Company.objects.create(slug="quokkaburra", name="Quokkaburra", type="company")
    record = a_record(parties=[{"ref": "p1", "company": "quokkaburra", "role": "seller"}])
    written(record)
    refused("companies/quokkaburra/", status=404)
    published(record)
    assert ask("companies/quokkaburra/")["deal_count"] == 1
    withdraw(Deal.objects.get(key="zz-test-deal"), by=None, reason="No.")
    refused("companies/quokkaburra/", status=404)


def test_a_company_in_full() -> None:
    company = ask(f"companies/{EXIM}/")
    assert company["name"] == "Export-Import Bank of the United States"
    assert company["country"] == {"code": "US", "name": "United States"}
    assert company["type"] == "export_credit_agency"
    assert "EXIM" in company["aliases"]
    named = Edition.objects.current().filter(companies__contains=[EXIM]).count()
    assert company["deal_count"] == named


def test_owners_that_no_deal_names_are_not_shown() -> None:
    hidden = Company.objects.create(slug="quokkaburra", name="Quokkaburra", type="company")
    owned, owner = Company.objects.get(slug=DFC), Company.objects.get(slug=EXIM)
    Ownership.objects.create(owner=hidden, owned=owned, percent=60)
    Ownership.objects.create(owner=owner, owned=owned, percent=40)
    owners = {row["owner"]["slug"]: row["percent"] for row in ask(f"companies/{DFC}/")["owners"]}
    assert owners[EXIM] == 40
    assert "quokkaburra" not in owners
    holdings = {row["owned"]["slug"] for row in ask(f"companies/{EXIM}/")["holdings"]}
    assert DFC in holdings


def test_a_merged_company_leads_to_its_successor() -> None:
    old, new = Company.objects.get(slug="tau-ken-samruk"), Company.objects.get(slug="kazatomprom")
    merge_companies(old, into=new, by=None)
    response = Client().get(f"{API}/companies/tau-ken-samruk/?fields=slug")
    assert response.status_code == 301
    assert response["Location"] == f"{API}/companies/kazatomprom/?fields=slug"
    assert "tau-ken-samruk" not in {
        row["slug"] for row in ask("companies/", page_size=500)["results"]
    }


def test_companies_by_name_country_and_type() -> None:
    assert EXIM in {row["slug"] for row in ask("companies/", q="EXIM")["results"]}
    found = ask("companies/", country="kz", type="state_owned_enterprise")["results"]
    assert found
    assert all(row["country"]["code"] == "KZ" for row in found)
    assert names_refused("companies/", country="Kazakhstan") == {"country": "KZ"}
    assert names_refused("companies/", type="state_owned") == {"type": "state_owned_enterprise"}


def test_an_event_has_participants_and_deals() -> None:
    event = ask("events/c51-washington-2025/")
    assert event["happened_on"] == "2025-11-06"
    assert {"KZ", "UZ", "US"} <= {country["code"] for country in event["participants"]}
    assert event["deal_count"] == Edition.objects.current().filter(event=event["key"]).count()
    keys = {
        row["key"] for row in ask("events/", happened_after="2025-11", page_size=100)["results"]
    }
    assert event["key"] in keys


def test_a_project_names_its_deals() -> None:
    project = ask("projects/northern-katpar/")
    assert COVE_DEAL in {deal["key"] for deal in project["deals"]}
    assert project["country"]["code"] == "KZ"
    assert "northern-katpar" in {
        row["slug"] for row in ask("projects/", country="KZ", page_size=200)["results"]
    }


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("companies/", 4),
        (f"companies/{EXIM}/", 7),
        ("events/", 6),
        ("projects/", 5),
    ],
)
def test_query_counts(path: str, queries: int) -> None:
    with CaptureQueriesContext(connection) as captured:
        ask(path)
    assert len(captured) == queries
