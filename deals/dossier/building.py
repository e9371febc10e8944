"""From the working tables to a record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from deals.dossier.reading import RecordError, read
from deals.dossier.schema import Record, as_document
from deals.models import Citation, Deal, FinancingLine
from deals.models.deal import DealMineral
from deals.models.financing import FinancingProvider

type Document = dict[str, Any]


def build(deal: Deal) -> Record:
    """The record of one deal. RecordError if the working record is not sound."""
    return read(build_documents([deal])[0], None)


def build_documents(deals: Iterable[Deal]) -> list[Document]:
    """Records of many deals as plain values, unchecked, in the order of the schema.

    Takes a fixed number of queries however many deals there are.
    """
    keys = [deal.pk for deal in deals]
    loaded = {deal.pk: deal for deal in Deal.objects.filter(pk__in=keys).with_dossier()}
    minerals: dict[int, list[str]] = defaultdict(list)
    # The rows of the joining table keep the order in which minerals were named.
    for deal_id, slug in (
        DealMineral.objects.filter(deal__in=keys)
        .order_by("pk")
        .values_list("deal", "mineral__slug")
    ):
        minerals[deal_id].append(slug)
    providers: dict[int, list[str]] = defaultdict(list)
    for line_id, slug in (
        FinancingProvider.objects.filter(financingline__deal__in=keys)
        .order_by("pk")
        .values_list("financingline", "company__slug")
    ):
        providers[line_id].append(slug)
    return [_document(loaded[key], minerals[key], providers) for key in keys]


def working_documents(deals: Iterable[Deal]) -> list[Document]:
    """Records of many deals as publishing would store them; an unsound one as it stands.

    Text typed into a form has spaces at its ends and line breaks of its own kind, which are no
    edits.
    """
    return [_as_stored(document) for document in build_documents(deals)]


def _as_stored(document: Document) -> Document:
    try:
        return as_document(read(document, None))
    except RecordError:
        return document


def plain_number(value: Decimal | None) -> int | float | None:
    """A stored number as a JSON number in its shortest form."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _text(value: object) -> str | None:
    """Text of a date or a text; nothing is None."""
    return str(value) if value not in (None, "") else None


def _document(deal: Deal, minerals: list[str], providers: dict[int, list[str]]) -> Document:
    return {
        "key": deal.key,
        "title": deal.title,
        "summary": deal.summary,
        "kind": deal.kind,
        "also_kinds": list(deal.also_kinds),
        "status": deal.status,
        "stage": _text(deal.stage),
        "announced_on": _text(deal.announced_on),
        "signed_on": _text(deal.signed_on),
        "closed_on": _text(deal.closed_on),
        "value": _value(deal),
        "countries": [
            {
                "country": place.country_id,
                "bloc": place.bloc.key if place.bloc else None,
                "role": place.role,
            }
            for place in deal.deal_countries.all()
        ],
        "minerals": minerals,
        "minerals_unspecified": deal.minerals_unspecified,
        "supply_chain_stages": list(deal.supply_chain_stages),
        "event": deal.event.key if deal.event else None,
        "parties": [
            {
                "ref": party.ref,
                "company": party.company.slug,
                "role": party.role,
                "stake_percent": plain_number(party.stake_percent),
                "note": _text(party.note),
            }
            for party in deal.parties.all()
        ],
        "financing": [_line(line, providers[line.pk]) for line in deal.financing_lines.all()],
        "terms": list(deal.terms),
        "milestones": [
            {
                "ref": milestone.ref,
                "happened_on": _text(milestone.happened_on),
                "status": _text(milestone.status),
                "stage": _text(milestone.stage),
                "note": milestone.note,
                "source": milestone.source.ref if milestone.source else None,
            }
            for milestone in deal.milestones.all()
        ],
        "projects": [
            {"project": item.project.slug, "note": _text(item.note)}
            for item in deal.deal_projects.all()
        ],
        "links": [{"type": link.type, "deal": link.target.key} for link in deal.links.all()],
        "sources": [
            {
                "ref": source.ref,
                "url": source.url,
                "publisher": source.publisher,
                "title": source.title,
                "published_on": _text(source.published_on),
                "retrieved_on": _text(source.retrieved_on),
                "language": _text(source.language),
                "kind": _text(source.kind),
                "origin": _text(source.origin),
            }
            for source in deal.sources.all()
        ],
        "citations": [_citation(citation) for citation in deal.citations.all()],
        "disputes": [
            {
                "ref": dispute.ref,
                "fact": dispute.fact,
                "note": dispute.note,
                "status": dispute.status,
                "resolution": _text(dispute.resolution),
            }
            for dispute in deal.disputes.all()
        ],
        "confidence": deal.confidence,
        "verified_on": _text(deal.verified_on),
        "note": _text(deal.note),
    }


def _value(deal: Deal) -> Document | None:
    if deal.value_low is None:
        return None
    return {
        "low": plain_number(deal.value_low),
        "high": plain_number(deal.value_high),
        "currency": deal.value_currency,
        "basis": deal.value_basis,
        "note": _text(deal.value_note),
    }


def _line(line: FinancingLine, providers: list[str]) -> Document:
    return {
        "ref": line.ref,
        "providers": providers,
        "instrument": line.instrument,
        "amount": plain_number(line.amount),
        "currency": _text(line.currency),
        "within": line.within.ref if line.within else None,
        "note": _text(line.note),
        "events": [
            {
                "ref": event.ref,
                "status": event.status,
                "happened_on": _text(event.happened_on),
                "note": _text(event.note),
                "source": event.source.ref if event.source else None,
            }
            for event in line.events.all()
        ],
    }


def _citation(citation: Citation) -> Document:
    return {
        "ref": citation.ref,
        "source": citation.source.ref,
        "fact": citation.fact,
        "item": _text(citation.item),
        "locator": _text(citation.locator),
        "quote": _text(citation.quote),
        "stated": _text(citation.stated),
    }
