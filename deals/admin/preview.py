"""A draft on the page that readers would get, marked as such and kept from every cache."""

from __future__ import annotations

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from deals.dossier import Record
from deals.indexing import Reference, canonical, derive
from deals.models import Edition
from deals.names import NameBook
from deals.standing import Standing


def draft_detail(standing: Standing, record: Record) -> dict[str, object]:
    """The detail document that publishing would make now. Nothing is written."""
    number = standing.last.number + 1 if standing.last else 1
    edition = Edition(
        deal=standing.deal, number=number, published_at=timezone.now(), key=standing.deal.key
    )
    names = NameBook([record]).of(record)
    index = derive(edition, record, names, Reference.load(), counts=True)
    detail: dict[str, object] = orjson.loads(canonical(index.detail))
    return detail


def preview(request: HttpRequest, standing: Standing, record: Record) -> HttpResponse:
    """To be joined with the detail page."""
    return HttpResponse(canonical(draft_detail(standing, record)), content_type="application/json")
