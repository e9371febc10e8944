"""Records of deals for tests: each function states only what matters to the one who calls it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User

from deals.dossier import Catalogue, read, write
from deals.models import Deal, Edition
from deals.publishing import publish_many

type Document = dict[str, Any]

DFC = "us-international-development-finance-corporation"
EXIM = "export-import-bank-of-the-united-states"
COVE_KAZ = "cove-kaz-capital-group-llc"
COVE_DEAL = "kz-cove-kaz-tau-ken-samruk-tungsten"


def a_source(*, ref: str = "s1", **fields: object) -> Document:
    return {
        "ref": ref,
        "url": f"https://example.org/{ref}",
        "publisher": "Example Wire",
        "title": "Two firms sign",
        **fields,
    }


def a_record(*, key: str = "zz-test-deal", **fields: object) -> Document:
    """The least that can be published, in the shape that a YAML file has."""
    return {
        "key": key,
        "title": "A deal for tests",
        "summary": "Two firms agree on something.",
        "kind": "offtake",
        "status": "agreement_signed",
        "announced_on": "2025-11-06",
        "countries": [{"country": "KZ", "role": "host"}],
        "sources": [a_source()],
        "confidence": "low",
        **fields,
    }


def a_value(*, usd: float = 100, **fields: object) -> Document:
    return {"low": usd, "high": usd, "currency": "USD", "basis": "total_investment", **fields}


def an_event(*, status: str, on: str | None = None, ref: str = "e1", **fields: object) -> Document:
    dated = {"happened_on": on} if on else {}
    return {"ref": ref, "status": status, **dated, **fields}


def a_line(
    *,
    ref: str = "f1",
    usd: float | None = 100,
    status: str = "committed",
    on: str | None = None,
    events: Sequence[Document] | None = None,
    **fields: object,
) -> Document:
    """A financing line that stands where its one event says, or as ``events`` say."""
    money = {} if usd is None else {"amount": usd, "currency": "USD"}
    return {
        "ref": ref,
        "providers": [DFC],
        "instrument": "loan",
        **money,
        "events": list(events or [an_event(status=status, on=on)]),
        **fields,
    }


def written(*documents: Document) -> list[Deal]:
    """Deals with these records as drafts."""
    catalogue = Catalogue.load()
    catalogue.admit("deal", [document["key"] for document in documents])
    return write([read(document, catalogue) for document in documents], catalogue)


def published(*documents: Document) -> list[Edition]:
    """Current editions with these records. One that links to another comes after it."""
    editions = []
    for document in documents:
        editions += publish_many(written(document), by=None)
    return editions


def a_reviewer(*, username: str = "rosa") -> User:
    return get_user_model()._default_manager.create_superuser(username, password=None)
