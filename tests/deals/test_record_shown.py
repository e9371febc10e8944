"""Every field of a record is shown to readers, or is named here as one that is not."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any, get_args

from django.test import Client
from django.urls import reverse
from pydantic import BaseModel

from deals.dossier import Record
from tests.deals.records import COVE_DEAL, Document, published

PROBE: Document = {
    "key": "zz-probe",
    "title": "Probetitle",
    "summary": "Probesummary.",
    "kind": "joint_venture",
    "also_kinds": ["offtake"],
    "status": "suspended",
    "stage": "permitting",
    "announced_on": "2019-01-02",
    "signed_on": "2019-03-04",
    "closed_on": "2019-05-06",
    "value": {
        "low": 111e6,
        "high": 222e6,
        "currency": "NOK",
        "basis": "total_investment",
        "note": "Valuenote",
    },
    "countries": [{"country": "NO", "role": "host"}, {"bloc": "msp", "role": "third_party"}],
    "minerals": ["tungsten"],
    "minerals_unspecified": True,
    "supply_chain_stages": ["recycling"],
    "event": "c51-washington-2025",
    "parties": [
        {
            "ref": "p1",
            "company": "tau-ken-samruk",
            "role": "claimant",
            "stake_percent": 12.5,
            "note": "Partynote",
        }
    ],
    "financing": [
        {
            "ref": "f1",
            "providers": ["export-import-bank-of-the-united-states"],
            "instrument": "convertible",
            "amount": 333e6,
            "currency": "SEK",
            "events": [{"ref": "e1", "status": "conditional"}],
        },
        {
            "ref": "f2",
            "providers": ["export-import-bank-of-the-united-states"],
            "instrument": "loan",
            "within": "f1",
            "note": "Linenote",
            "events": [
                {
                    "ref": "e1",
                    "status": "disbursed",
                    "happened_on": "2019-07-08",
                    "note": "Stepnote",
                    "source": "s1",
                }
            ],
        },
    ],
    "terms": ["Probeterm"],
    "milestones": [
        {
            "ref": "m1",
            "happened_on": "2019-09-10",
            "status": "expired",
            "stage": "commissioning",
            "note": "Milestonenote",
            "source": "s1",
        }
    ],
    "projects": [{"project": "northern-katpar", "note": "Projectnote"}],
    "links": [{"type": "supersedes", "deal": COVE_DEAL}],
    "sources": [
        {
            "ref": "s1",
            "url": "https://probe.example.org/page",
            "publisher": "Probepublisher",
            "title": "Probesourcetitle",
            "published_on": "2019-11-12",
            "retrieved_on": "2020-01-02",
            "language": "kk",
            "kind": "mirror",
            "origin": "Probeorigin",
        }
    ],
    "citations": [
        {
            "ref": "c1",
            "source": "s1",
            "fact": "volume",
            "item": "p1",
            "locator": "Probelocator",
            "quote": "Probequote",
            "stated": "Probestated",
        }
    ],
    "disputes": [
        {
            "ref": "d1",
            "fact": "location",
            "note": "Disputenote",
            "status": "resolved",
            "resolution": "Disputeresolution",
        }
    ],
    "confidence": "medium",
    "verified_on": "2020-03-04",
    "note": "Probecaveat",
}

SHOWN_AS: dict[str, str] = {
    "key": "zz-probe",
    "title": "Probetitle",
    "summary": "Probesummary.",
    "kind": "Joint venture",
    "also_kinds": "offtake",
    "status": "Suspended",
    "stage": "Permitting",
    "announced_on": "2 Jan 2019",
    "signed_on": "4 Mar 2019",
    "closed_on": "6 May 2019",
    "value.low": "111",
    "value.high": "222",
    "value.currency": "NOK",
    "value.basis": "total investment",
    "value.note": "Valuenote",
    "countries.country": "Norway",
    "countries.bloc": "Minerals Security Partnership",
    "countries.role": "Third party",
    "minerals": "Tungsten",
    "minerals_unspecified": "and others, not specified",
    "supply_chain_stages": "Recycling",
    "event": "C5+1",
    "parties.company": "Tau-Ken Samruk",
    "parties.role": "Claimant",
    "parties.stake_percent": "12.5",
    "parties.note": "Partynote",
    "financing.providers": "Export-Import Bank of the United States",
    "financing.instrument": "convertible",
    "financing.amount": "333",
    "financing.currency": "SEK",
    "financing.within": "part of the line of",
    "financing.note": "Linenote",
    "financing.events.status": "Disbursed",
    "financing.events.happened_on": "8 Jul 2019",
    "financing.events.note": "Stepnote",
    "financing.events.source": "Linenote source 1",
    "terms": "Probeterm",
    "milestones.happened_on": "10 Sep 2019",
    "milestones.status": "Expired",
    "milestones.stage": "commissioning",
    "milestones.note": "Milestonenote",
    "milestones.source": "Milestonenote. source 1",
    "projects.project": "Northern Katpar",
    "projects.note": "Projectnote",
    "links.type": "Replaced by this deal",
    "links.deal": "Cove",
    "sources.url": "https://probe.example.org/page",
    "sources.publisher": "Probepublisher",
    "sources.title": "Probesourcetitle",
    "sources.published_on": "12 Nov 2019",
    "sources.retrieved_on": "2 Jan 2020",
    "sources.language": "in kk",
    "sources.kind": "mirror",
    "sources.origin": "Probeorigin",
    "citations.source": "Probepublisher source 1",
    "citations.fact": "Volume",
    "citations.item": "Tau-Ken Samruk",
    "citations.locator": "Probelocator",
    "citations.quote": "Probequote",
    "citations.stated": "Probestated",
    "disputes.fact": "Place",
    "disputes.note": "Disputenote",
    "disputes.status": "Settled",
    "disputes.resolution": "Disputeresolution",
    "confidence": "Medium",
    "verified_on": "4 Mar 2020",
    "note": "Probecaveat",
}
"""Path in a record → how a reader finds it on the page of the deal."""

EXEMPT = {
    # Names of items within a record, for editors and other programs: the API has them.
    *(f"{items}.ref" for items in ("parties", "financing", "financing.events", "milestones")),
    *(f"{items}.ref" for items in ("sources", "citations", "disputes")),
}


def leaves(model: type[BaseModel], path: str = "") -> Iterator[str]:
    """The path of every plain field of a record."""
    for name, column in model.model_fields.items():
        here = f"{path}.{name}" if path else name
        inner = [kind for kind in kinds_in(column.annotation) if issubclass(kind, BaseModel)]
        if inner:
            yield from leaves(inner[0], here)
        else:
            yield here


def kinds_in(annotation: Any) -> Iterator[type]:
    """The classes within a type such as ``list[Place] | None``."""
    if isinstance(annotation, type):
        yield annotation
    for part in get_args(annotation):
        yield from kinds_in(part)


def values_at(document: Any, path: str) -> Iterator[object]:
    """What a document says at a path, in each item of a list."""
    name, _, rest = path.partition(".")
    for item in document if isinstance(document, list) else [document]:
        if name in item:
            if rest:
                yield from values_at(item[name], rest)
            else:
                yield item[name]


def test_every_field_of_a_record_has_a_probe() -> None:
    """A new field fails here until it says below how readers see it, or why they do not."""
    paths = set(leaves(Record))

    assert paths == SHOWN_AS.keys() | EXEMPT
    assert [path for path in paths if not list(values_at(PROBE, path))] == []


def test_every_field_of_a_record_stands_on_the_deals_page(db: None) -> None:
    published(PROBE)

    page = Client().get(reverse("deals:detail", args=["zz-probe"])).content.decode()

    body = page[page.index("<main") : page.index("</main>")]
    text = html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))
    links = " ".join(re.findall(r'(?:href|title|aria-label|id|content)="([^"]*)"', page))
    missing = [
        path
        for path, words in SHOWN_AS.items()
        if words not in text and words not in html.unescape(links)
    ]
    assert missing == []
