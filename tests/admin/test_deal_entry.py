"""An editor enters a deal whole, on one page and in one submit."""

from __future__ import annotations

import pytest
from django.test import Client

from deals.dossier import as_document, build
from deals.models import Deal, Edition
from deals.standing import Standing
from tests.admin.articles import COVE, article, entered
from tests.admin.pages import errors_on, form_of, send

pytestmark = pytest.mark.django_db


def test_a_deal_is_entered_whole_in_one_submit(as_editor: Client) -> None:
    deal = entered(as_editor, article(as_editor))
    record = as_document(build(deal), mode="short")
    assert record == {
        "key": "kz-testov-tungsten",
        "title": "Testov – Ministry tungsten venture",
        "summary": "A firm takes 60% of a mine; two lenders consider loans.",
        "kind": "joint_venture",
        "also_kinds": ["offtake", "loan"],
        "status": "announced",
        "stage": "feasibility",
        "announced_on": "2026-05",
        "value": {
            "low": 250000000,
            "high": 250000000,
            "currency": "USD",
            "basis": "total_investment",
        },
        "countries": [{"country": "KZ", "role": "host"}, {"country": "US", "role": "partner"}],
        "minerals": ["tungsten", "molybdenum"],
        "supply_chain_stages": ["mining", "processing"],
        "parties": [
            {"ref": "p1", "company": "tau-ken-samruk", "role": "partner", "stake_percent": 40},
            {
                "ref": "p2",
                "company": "cove-kaz-capital-group-llc",
                "role": "equity_investor",
                "stake_percent": 60,
            },
            {"ref": "p3", "company": "export-import-bank-of-the-united-states", "role": "lender"},
        ],
        "financing": [
            {
                "ref": "f1",
                "providers": [
                    "us-international-development-finance-corporation",
                    "export-import-bank-of-the-united-states",
                ],
                "instrument": "loan",
                "amount": 100000000,
                "currency": "USD",
                "events": [
                    {"ref": "e1", "status": "letter_of_interest", "happened_on": "2026-05-02"},
                    {
                        "ref": "e2",
                        "status": "committed",
                        "happened_on": "2026-06",
                        "source": "s2",
                    },
                ],
            },
            {
                "ref": "f2",
                "providers": ["export-import-bank-of-the-united-states"],
                "instrument": "loan",
                "amount": 20000000,
                "currency": "EUR",
                "within": "f1",
                "events": [{"ref": "e1", "status": "disbursed", "source": "s2"}],
            },
        ],
        "terms": ["60% to Testov", "Output goes to both partners"],
        "milestones": [
            {
                "ref": "m1",
                "happened_on": "2026-05-02",
                "status": "announced",
                "note": "Announced.",
                "source": "s1",
            },
            {
                "ref": "m2",
                "happened_on": "2026-06",
                "note": "The loan is committed.",
                "source": "s2",
            },
        ],
        "projects": [{"project": "northern-katpar", "note": "the deposit"}],
        "links": [{"type": "follows", "deal": COVE}],
        "sources": [
            {
                "ref": "s1",
                "url": "https://example.org/a",
                "publisher": "The Paper",
                "title": "A mine",
                "published_on": "2026-05-02",
                "language": "en",
                "kind": "press",
            },
            {
                "ref": "s2",
                "url": "https://example.org/b",
                "publisher": "Agency",
                "title": "A loan",
                "retrieved_on": "2026-06-03",
                "kind": "wire",
            },
        ],
        "citations": [
            {
                "ref": "c1",
                "source": "s1",
                "fact": "stake",
                "item": "p2",
                "quote": "sixty per cent",
            },
            {
                "ref": "c2",
                "source": "s2",
                "fact": "financing",
                "item": "f1",
                "stated": "$120m",
            },
        ],
        "disputes": [{"ref": "d1", "fact": "financing", "note": "100 or 120?", "status": "open"}],
        "confidence": "medium",
        "note": "Rests on one article.",
    }
    assert deal.review_state == "draft"
    assert deal.working_note == "Ask the ministry for the text."
    assert Standing.of(deal).problems == []
    assert not Edition.objects.filter(deal=deal).exists()


def test_saving_a_page_untouched_changes_nothing(as_editor: Client) -> None:
    deal = Deal.objects.get(key=COVE)
    before, updated_at = as_document(build(deal)), deal.updated_at
    address = f"/admin/deals/deal/{deal.pk}/change/"
    response = send(as_editor, address, form_of(as_editor.get(address)))
    assert response.status_code == 302, errors_on(response)
    deal.refresh_from_db()
    assert as_document(build(deal)) == before
    assert (deal.review_state, deal.updated_at) == ("approved", updated_at)
