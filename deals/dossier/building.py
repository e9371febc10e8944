"""From the working tables to a record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet

from config.lib.prepared import Among, Row, Together
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

_DEAL_COLUMNS = (
    *("pk", "key", "title", "summary", "kind", "also_kinds", "status", "stage", "announced_on"),
    *("signed_on", "closed_on", "value_low", "value_high", "value_currency", "value_basis"),
    *("value_note", "minerals_unspecified", "supply_chain_stages", "event__key", "terms"),
    *("confidence", "verified_on", "note"),
)
_PART_COLUMNS: dict[str, tuple[str, ...]] = {
    "countries": ("deal_id", "country_id", "bloc__key", "role"),
    "minerals": ("deal_id", "mineral__slug"),
    "parties": ("deal_id", "ref", "company__slug", "role", "stake_percent", "note"),
    "financing": (
        *("deal_id", "pk", "ref", "instrument", "amount", "currency", "within__ref", "note"),
    ),
    "providers": ("financingline_id", "company__slug"),
    "events": ("line_id", "ref", "status", "happened_on", "note", "source__ref"),
    "milestones": ("deal_id", "ref", "happened_on", "status", "stage", "note", "source__ref"),
    "projects": ("deal_id", "project__slug", "note"),
    "links": ("deal_id", "type", "target__key"),
    "sources": (
        *("deal_id", "ref", "url", "publisher", "title", "published_on", "retrieved_on"),
        *("language", "kind", "origin"),
    ),
    "citations": (
        *("deal_id", "ref", "source__ref", "fact", "item", "locator", "quote", "stated"),
    ),
    "disputes": ("deal_id", "ref", "fact", "note", "status", "resolution"),
}
"""What a record tells of each table that hangs on a deal; first what a row hangs on."""


def _queries() -> dict[str, QuerySet[Any, Any]]:
    of_deal, of_line = Among("deal", "deals"), Among("line__deal", "deals")
    parts: dict[str, QuerySet[Any, Any]] = {
        "countries": DealCountry.objects.filter(of_deal),
        # The rows of a joining table keep the order in which its ends were named.
        "minerals": DealMineral.objects.filter(of_deal).order_by("pk"),
        "parties": Party.objects.filter(of_deal),
        "financing": FinancingLine.objects.filter(of_deal),
        "providers": FinancingProvider.objects.filter(
            Among("financingline__deal", "deals")
        ).order_by("pk"),
        "events": FinancingEvent.objects.filter(of_line),
        "milestones": Milestone.objects.filter(of_deal),
        "projects": DealProject.objects.filter(of_deal),
        "links": DealLink.objects.filter(of_deal),
        "sources": Source.objects.filter(of_deal),
        "citations": Citation.objects.filter(of_deal),
        "disputes": Dispute.objects.filter(of_deal),
    }
    return {
        "deals": Deal.objects.filter(Among("pk", "deals")).order_by().values_list(*_DEAL_COLUMNS),
        **{name: queryset.values_list(*_PART_COLUMNS[name]) for name, queryset in parts.items()},
    }


_WORKING_RECORDS: Final = Together(_queries)


def build(deal: Deal) -> Record:
    """The record of one deal. RecordError if the working record is not sound."""
    return read(build_documents([deal])[0], None)


def build_documents(deals: Iterable[Deal]) -> list[Document]:
    """Records of many deals as plain values, unchecked, in the order of the schema.

    They are read in one go however many deals there are, and as plain rows: objects of models
    would take most of the time.
    """
    keys = [deal.pk for deal in deals]
    found = _WORKING_RECORDS(deals=keys)
    loaded = {row[0]: dict(zip(_DEAL_COLUMNS, row, strict=True)) for row in found["deals"]}
    parts = _Parts(found)
    return [_document(loaded[key], parts) for key in keys]


class _Parts:
    """What hangs on some deals: the rows of each table by the number of what they hang on."""

    def __init__(self, found: Mapping[str, Iterable[Row]]) -> None:
        self._rows: dict[str, dict[int, list[dict[str, Any]]]] = {}
        for name, columns in _PART_COLUMNS.items():
            rows = self._rows[name] = defaultdict(list)
            for row in found[name]:
                rows[row[0]].append(dict(zip(columns, row, strict=True)))

    def of(self, owner: int, name: str) -> list[dict[str, Any]]:
        """The rows of the table ``name`` that hang on ``owner``, in order."""
        return self._rows[name].get(owner, [])


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


def _document(deal: dict[str, Any], parts: _Parts) -> Document:
    return {
        "key": deal["key"],
        "title": deal["title"],
        "summary": deal["summary"],
        "kind": deal["kind"],
        "also_kinds": list(deal["also_kinds"]),
        "status": deal["status"],
        "stage": _text(deal["stage"]),
        "announced_on": _text(deal["announced_on"]),
        "signed_on": _text(deal["signed_on"]),
        "closed_on": _text(deal["closed_on"]),
        "value": _value(deal),
        "countries": [
            {"country": row["country_id"], "bloc": row["bloc__key"], "role": row["role"]}
            for row in parts.of(deal["pk"], "countries")
        ],
        "minerals": [row["mineral__slug"] for row in parts.of(deal["pk"], "minerals")],
        "minerals_unspecified": deal["minerals_unspecified"],
        "supply_chain_stages": list(deal["supply_chain_stages"]),
        "event": deal["event__key"],
        "parties": [
            {
                "ref": row["ref"],
                "company": row["company__slug"],
                "role": row["role"],
                "stake_percent": plain_number(row["stake_percent"]),
                "note": _text(row["note"]),
            }
            for row in parts.of(deal["pk"], "parties")
        ],
        "financing": [_line(row, parts) for row in parts.of(deal["pk"], "financing")],
        "terms": list(deal["terms"]),
        "milestones": [
            {
                "ref": row["ref"],
                "happened_on": _text(row["happened_on"]),
                "status": _text(row["status"]),
                "stage": _text(row["stage"]),
                "note": row["note"],
                "source": row["source__ref"],
            }
            for row in parts.of(deal["pk"], "milestones")
        ],
        "projects": [
            {"project": row["project__slug"], "note": _text(row["note"])}
            for row in parts.of(deal["pk"], "projects")
        ],
        "links": [
            {"type": row["type"], "deal": row["target__key"]}
            for row in parts.of(deal["pk"], "links")
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
            for row in parts.of(deal["pk"], "sources")
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
            for row in parts.of(deal["pk"], "citations")
        ],
        "disputes": [
            {
                "ref": row["ref"],
                "fact": row["fact"],
                "note": row["note"],
                "status": row["status"],
                "resolution": _text(row["resolution"]),
            }
            for row in parts.of(deal["pk"], "disputes")
        ],
        "confidence": deal["confidence"],
        "verified_on": _text(deal["verified_on"]),
        "note": _text(deal["note"]),
    }


def _value(deal: dict[str, Any]) -> Document | None:
    if deal["value_low"] is None:
        return None
    return {
        "low": plain_number(deal["value_low"]),
        "high": plain_number(deal["value_high"]),
        "currency": deal["value_currency"],
        "basis": deal["value_basis"],
        "note": _text(deal["value_note"]),
    }


def _line(row: dict[str, Any], parts: _Parts) -> Document:
    return {
        "ref": row["ref"],
        "providers": [provider["company__slug"] for provider in parts.of(row["pk"], "providers")],
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
            for event in parts.of(row["pk"], "events")
        ],
    }
