"""From the working tables to a record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from deals.dossier.reading import RecordError, read
from deals.dossier.schema import Record, as_document
from deals.models import (
    Citation,
    Deal,
    DealCountry,
    DealLink,
    DealProject,
    Dispute,
    FinancingEvent,
    FinancingLine,
    Milestone,
    Party,
    Source,
)
from deals.models.deal import DealMineral
from deals.models.financing import FinancingProvider

type Document = dict[str, Any]
type Rows = dict[int, list[dict[str, Any]]]
"""Rows of a table with the columns that a record tells, by the number of what they hang on."""


def build(deal: Deal) -> Record:
    """The record of one deal. RecordError if the working record is not sound."""
    return read(build_documents([deal])[0], None)


def build_documents(deals: Iterable[Deal]) -> list[Document]:
    """Records of many deals as plain values, unchecked, in the order of the schema.

    Takes a fixed number of queries however many deals there are.
    """
    keys = [deal.pk for deal in deals]
    loaded = Deal.objects.select_related("event").in_bulk(keys)
    parts = _Parts(keys)
    return [_document(loaded[key], parts) for key in keys]


class _Parts:
    """What hangs on some deals: plain rows, since objects of models take most of the time."""

    def __init__(self, keys: list[int]) -> None:
        self.countries = _rows(
            DealCountry.objects.filter(deal__in=keys), "deal_id", "country_id", "bloc__key", "role"
        )
        # The rows of a joining table keep the order in which its ends were named.
        self.minerals = _rows(
            DealMineral.objects.filter(deal__in=keys).order_by("pk"), "deal_id", "mineral__slug"
        )
        self.parties = _rows(
            Party.objects.filter(deal__in=keys),
            *("deal_id", "ref", "company__slug", "role", "stake_percent", "note"),
        )
        self.financing = _rows(
            FinancingLine.objects.filter(deal__in=keys),
            *("deal_id", "pk", "ref", "instrument", "amount", "currency", "within__ref", "note"),
        )
        lines = [line["pk"] for rows in self.financing.values() for line in rows]
        self.providers = _rows(
            FinancingProvider.objects.filter(financingline__in=lines).order_by("pk"),
            *("financingline_id", "company__slug"),
        )
        self.events = _rows(
            FinancingEvent.objects.filter(line__in=lines),
            *("line_id", "ref", "status", "happened_on", "note", "source__ref"),
        )
        self.milestones = _rows(
            Milestone.objects.filter(deal__in=keys),
            *("deal_id", "ref", "happened_on", "status", "stage", "note", "source__ref"),
        )
        self.projects = _rows(
            DealProject.objects.filter(deal__in=keys), "deal_id", "project__slug", "note"
        )
        self.links = _rows(DealLink.objects.filter(deal__in=keys), "deal_id", "type", "target__key")
        self.sources = _rows(
            Source.objects.filter(deal__in=keys),
            *("deal_id", "ref", "url", "publisher", "title", "published_on", "retrieved_on"),
            *("language", "kind", "origin"),
        )
        self.citations = _rows(
            Citation.objects.filter(deal__in=keys),
            *("deal_id", "ref", "source__ref", "fact", "item", "locator", "quote", "stated"),
        )
        self.disputes = _rows(
            Dispute.objects.filter(deal__in=keys),
            *("deal_id", "ref", "fact", "note", "status", "resolution"),
        )


def _rows(queryset: QuerySet[Any], owner: str, *columns: str) -> Rows:
    """The rows of ``queryset``, in its order, by the column ``owner``."""
    rows: Rows = defaultdict(list)
    for row in queryset.values(owner, *columns):
        rows[row[owner]].append(row)
    return rows


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


def _document(deal: Deal, parts: _Parts) -> Document:
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
            {"country": row["country_id"], "bloc": row["bloc__key"], "role": row["role"]}
            for row in parts.countries[deal.pk]
        ],
        "minerals": [row["mineral__slug"] for row in parts.minerals[deal.pk]],
        "minerals_unspecified": deal.minerals_unspecified,
        "supply_chain_stages": list(deal.supply_chain_stages),
        "event": deal.event.key if deal.event else None,
        "parties": [
            {
                "ref": row["ref"],
                "company": row["company__slug"],
                "role": row["role"],
                "stake_percent": plain_number(row["stake_percent"]),
                "note": _text(row["note"]),
            }
            for row in parts.parties[deal.pk]
        ],
        "financing": [_line(row, parts) for row in parts.financing[deal.pk]],
        "terms": list(deal.terms),
        "milestones": [
            {
                "ref": row["ref"],
                "happened_on": _text(row["happened_on"]),
                "status": _text(row["status"]),
                "stage": _text(row["stage"]),
                "note": row["note"],
                "source": row["source__ref"],
            }
            for row in parts.milestones[deal.pk]
        ],
        "projects": [
            {"project": row["project__slug"], "note": _text(row["note"])}
            for row in parts.projects[deal.pk]
        ],
        "links": [
            {"type": row["type"], "deal": row["target__key"]} for row in parts.links[deal.pk]
        ],
        "sources": [
            {
                "ref": row["ref"],
                "url": row["url"],
                "publisher": row["publisher"],
                "title": row["title"],
                "published_on": _text(row["published_on"]),
                "retrieved_on": _text(row["retrieved_on"]),
                "language": _text(row["language"]),
                "kind": _text(row["kind"]),
                "origin": _text(row["origin"]),
            }
            for row in parts.sources[deal.pk]
        ],
        "citations": [
            {
                "ref": row["ref"],
                "source": row["source__ref"],
                "fact": row["fact"],
                "item": _text(row["item"]),
                "locator": _text(row["locator"]),
                "quote": _text(row["quote"]),
                "stated": _text(row["stated"]),
            }
            for row in parts.citations[deal.pk]
        ],
        "disputes": [
            {
                "ref": row["ref"],
                "fact": row["fact"],
                "note": row["note"],
                "status": row["status"],
                "resolution": _text(row["resolution"]),
            }
            for row in parts.disputes[deal.pk]
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


def _line(row: dict[str, Any], parts: _Parts) -> Document:
    return {
        "ref": row["ref"],
        "providers": [provider["company__slug"] for provider in parts.providers[row["pk"]]],
        "instrument": row["instrument"],
        "amount": plain_number(row["amount"]),
        "currency": _text(row["currency"]),
        "within": row["within__ref"],
        "note": _text(row["note"]),
        "events": [
            {
                "ref": event["ref"],
                "status": event["status"],
                "happened_on": _text(event["happened_on"]),
                "note": _text(event["note"]),
                "source": event["source__ref"],
            }
            for event in parts.events[row["pk"]]
        ],
    }
