"""A whole deal as an editor types it."""

from __future__ import annotations

from typing import Any

from django.test import Client

from deals.models import Company, Deal, Project
from minerals.models import Mineral
from tests.admin.pages import ADD, add_rows, errors_on, form_of, send

COVE = "kz-cove-kaz-tau-ken-samruk-tungsten"


def company(slug: str) -> str:
    return str(Company.objects.get(slug=slug).pk)


def mineral(slug: str) -> str:
    return str(Mineral.objects.get(slug=slug).pk)


def article(client: Client) -> dict[str, Any]:
    """What an editor types who has an article about a tungsten mine before them."""
    data: dict[str, Any] = form_of(client.get(ADD))
    data |= {
        "title": "Testov – Ministry tungsten venture",
        "key": "kz-testov-tungsten",
        "summary": "A firm takes 60% of a mine; two lenders consider loans.",
        "kind": "joint_venture",
        "also_kinds": ["loan", "offtake"],
        "status": "announced",
        "stage": "feasibility",
        "announced_on": "2026-05",
        "value_low": "250000000",
        "value_currency": "usd",
        "value_basis": "total_investment",
        "minerals": [mineral("tungsten"), mineral("molybdenum")],
        "supply_chain_stages": ["mining", "processing"],
        "terms": "60% to Testov\n\n  Output goes to both partners \n",
        "confidence": "medium",
        "note": "Rests on one article.",
        "working_note": "Ask the ministry for the text.",
    }
    add_rows(
        data,
        "deal_countries",
        {"country": "KZ", "role": "host"},
        {"country": "US", "role": "partner"},
    )
    add_rows(
        data,
        "parties",
        {"company": company("tau-ken-samruk"), "role": "partner", "stake_percent": "40"},
        {
            "company": company("cove-kaz-capital-group-llc"),
            "role": "equity_investor",
            "stake_percent": "60.0",
        },
        {"company": company("export-import-bank-of-the-united-states"), "role": "lender"},
    )
    add_rows(
        data,
        "financing_lines",
        {
            "providers": [
                company("us-international-development-finance-corporation"),
                company("export-import-bank-of-the-united-states"),
            ],
            "instrument": "loan",
            "amount": "100000000",
            "currency": "USD",
        },
        {
            "providers": [company("export-import-bank-of-the-united-states")],
            "instrument": "loan",
            "amount": "20000000",
            "currency": "eur",
            "within_ref": "f1",
        },
    )
    add_rows(
        data,
        "financing_events",
        {"line_ref": "f1", "status": "letter_of_interest", "happened_on": "2026-05-02"},
        {"line_ref": "f1", "status": "committed", "happened_on": "2026-06", "source_ref": "s2"},
        {"line_ref": "F2", "status": "disbursed", "source_ref": "s2"},
    )
    add_rows(
        data,
        "milestones",
        {"happened_on": "2026-05-02", "note": "Announced.", "status": "announced",
         "source_ref": "s1"},
        {"happened_on": "2026-06", "note": "The loan is committed.", "source_ref": "s2"},
    )  # fmt: skip
    project = Project.objects.get(slug="northern-katpar")
    add_rows(data, "deal_projects", {"project": str(project.pk), "note": "the deposit"})
    cove = Deal.objects.get(key=COVE)
    add_rows(data, "links", {"type": "follows", "target": str(cove.pk)})
    add_rows(
        data,
        "sources",
        {"url": "https://example.org/a", "publisher": "The Paper", "title": "A mine",
         "published_on": "2026-05-02", "language": "en", "kind": "press"},
        {"url": "https://example.org/b", "publisher": "Agency", "title": "A loan",
         "retrieved_on": "2026-06-03", "kind": "wire"},
    )  # fmt: skip
    add_rows(
        data,
        "citations",
        {"source_ref": "s1", "fact": "stake", "item": "p2", "quote": "sixty per cent"},
        {"source_ref": "s2", "fact": "financing", "item": "f1", "stated": "$120m"},
    )
    add_rows(data, "disputes", {"fact": "financing", "note": "100 or 120?", "status": "open"})
    return data


def entered(client: Client, data: dict[str, Any]) -> Deal:
    """The deal that was entered; the test fails with the page's errors if there is none."""
    response = send(client, ADD, data)
    assert response.status_code == 302, errors_on(response)
    return Deal.objects.get(key=data["key"])


def least(client: Client, **fields: Any) -> dict[str, Any]:
    """The fields that a deal must have, and ``fields``; no rows."""
    return form_of(client.get(ADD)) | {
        "title": "A test",
        "key": "zz-test",
        "summary": "Two firms agree.",
        "kind": "loan",
        "status": "announced",
        "confidence": "low",
        **fields,
    }
