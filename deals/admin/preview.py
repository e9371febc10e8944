"""A draft on the page that readers would get, marked as such and kept from every cache."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from config.lib.caching import private_page
from deals.dossier import Record, as_document
from deals.indexing import Reference, canonical, derive
from deals.models import Edition, EditionDocument
from deals.names import NameBook
from deals.reading import Clock
from deals.standing import Standing
from deals.views.deal_context import deal_context


def draft_edition(standing: Standing, record: Record) -> Edition:
    """The edition that publishing would make now, with its document. Nothing is written."""
    edition = Edition(
        deal=standing.deal,
        number=standing.last.number + 1 if standing.last else 1,
        published_at=timezone.now(),
        key=record.key,
        title=record.title,
    )
    names = NameBook([record]).of(record)
    index = derive(edition, record, names, Reference.load(), counts=True)
    edition.can_go_stale = index.columns["can_go_stale"]
    edition.document = EditionDocument(
        record_text=canonical(as_document(record)),
        names_text=canonical(names),
        detail_text=canonical(index.detail),
    )
    return edition


@private_page
def preview(request: HttpRequest, standing: Standing, record: Record) -> HttpResponse:
    """The public page of a draft, under a strip that says what it is."""
    edition = draft_edition(standing, record)
    context = deal_context(request, edition, Clock())
    return render(request, "admin/deals/deal/preview.html", {**context, "original": standing.deal})
