"""From records to the working tables, many at once: rows match by ref, so only changes move."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone

from config.lib.imprecise import ImpreciseDate
from deals.dossier.catalogue import Catalogue
from deals.dossier.schema import Record
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
    ReviewState,
    Source,
)
from deals.models.deal import DealMineral
from deals.models.financing import FinancingProvider

BATCH = 1000
type Fields = dict[str, Any]
type Key = tuple[object, ...]


def write(records: Sequence[Record], catalogue: Catalogue) -> list[Deal]:
    """Writes ``records`` as drafts and returns their deals in the same order.

    New deals are made, known ones are changed; nested items that a record no longer names are
    removed, deals that no record names are left alone. Call it inside a transaction.
    """
    deals = _write_deals(records, catalogue)
    by_key = {deal.key: deal for deal in deals}
    pairs = [(by_key[record.key], record) for record in records]
    catalogue.ids["deal"].update({deal.key: deal.pk for deal in deals})

    _sync(
        DealCountry,
        pairs,
        lambda record: record.countries,
        lambda place: {
            "country_id": place.country,
            "bloc_id": catalogue.pk("bloc", place.bloc) if place.bloc else None,
            "role": place.role,
        },
        key=("country_id", "bloc_id"),
    )
    _sync_minerals(pairs, catalogue)
    _sync(
        Party,
        pairs,
        lambda record: record.parties,
        lambda party: {
            "ref": party.ref,
            "company_id": catalogue.pk("company", party.company),
            "role": party.role,
            "stake_percent": _decimal(party.stake_percent),
            "note": party.note or "",
        },
    )
    _sync(
        DealProject,
        pairs,
        lambda record: record.projects,
        lambda item: {
            "project_id": catalogue.pk("project", item.project),
            "note": item.note or "",
        },
        key=("project_id",),
    )
    _sync(
        DealLink,
        pairs,
        lambda record: record.links,
        lambda link: {"type": link.type, "target_id": catalogue.pk("deal", link.deal)},
        key=("type", "target_id"),
    )
    _sync(
        Dispute,
        pairs,
        lambda record: record.disputes,
        lambda dispute: {
            "ref": dispute.ref,
            "fact": dispute.fact,
            "note": dispute.note,
            "status": dispute.status,
            "resolution": dispute.resolution or "",
        },
    )
    sources = _sync(
        Source,
        pairs,
        lambda record: record.sources,
        lambda source: {
            "ref": source.ref,
            "url": source.url,
            "publisher": source.publisher,
            "title": source.title,
            "published_on": _date(source.published_on),
            "retrieved_on": _day(source.retrieved_on),
            "language": source.language or "",
            "kind": source.kind or "",
            "origin": source.origin or "",
        },
    )
    source_pk = {(source.deal_id, source.ref): source.pk for source in sources}
    _sync_with_deal(
        Citation,
        pairs,
        lambda record: record.citations,
        lambda deal, citation: {
            "ref": citation.ref,
            "source_id": source_pk[deal.pk, citation.source],
            "fact": citation.fact,
            "item": citation.item or "",
            "locator": citation.locator or "",
            "quote": citation.quote or "",
            "stated": citation.stated or "",
        },
    )
    _sync_with_deal(
        Milestone,
        pairs,
        lambda record: record.milestones,
        lambda deal, milestone: {
            "ref": milestone.ref,
            "happened_on": _date(milestone.happened_on),
            "status": milestone.status or "",
            "stage": milestone.stage or "",
            "note": milestone.note,
            "source_id": source_pk.get((deal.pk, milestone.source)),
        },
    )
    _sync_financing(pairs, catalogue, source_pk)
    return [by_key[record.key] for record in records]


def forget_links(records: Sequence[Record]) -> None:
    """Removes the links of known deals that their records no longer state."""
    stated = {record.key: {(link.type, link.deal) for link in record.links} for record in records}
    links = DealLink.objects.filter(deal__key__in=stated)
    gone = [
        pk
        for pk, key, kind, target in links.values_list("pk", "deal__key", "type", "target__key")
        if (kind, target) not in stated[key]
    ]
    DealLink.objects.filter(pk__in=gone).delete()


def _decimal(value: int | float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _date(value: str | None) -> ImpreciseDate | None:
    return None if value is None else ImpreciseDate.parse(value)


def _day(value: str | None) -> Any:
    return None if value is None else ImpreciseDate.parse(value).earliest


def _write_deals(records: Sequence[Record], catalogue: Catalogue) -> list[Deal]:
    known = {
        deal.key: deal for deal in Deal.objects.filter(key__in=[record.key for record in records])
    }
    new, changed = [], []
    for record in records:
        fields = _deal_fields(record, catalogue)
        deal = known.get(record.key)
        if deal is None:
            new.append(Deal(**fields))
        elif _apply(deal, fields):
            changed.append(deal)
    if changed:
        now = timezone.now()
        for deal in changed:
            deal.updated_at = now
        Deal.objects.bulk_update(changed, [*_deal_field_names(), "review_state"], batch_size=BATCH)
    return [*known.values(), *Deal.objects.bulk_create(new, batch_size=BATCH)]


def _deal_field_names() -> list[str]:
    return [
        "title", "summary", "kind", "also_kinds", "status", "stage", "announced_on", "signed_on",
        "closed_on", "value_low", "value_high", "value_currency", "value_basis", "value_note",
        "minerals_unspecified", "supply_chain_stages", "event", "terms", "confidence",
        "verified_on", "note", "updated_at",
    ]  # fmt: skip


def _deal_fields(record: Record, catalogue: Catalogue) -> Fields:
    value = record.value
    return {
        "key": record.key,
        "title": record.title,
        "summary": record.summary,
        "kind": record.kind,
        "also_kinds": record.also_kinds,
        "status": record.status,
        "stage": record.stage or "",
        "announced_on": _date(record.announced_on),
        "signed_on": _date(record.signed_on),
        "closed_on": _date(record.closed_on),
        "value_low": _decimal(value.low) if value else None,
        "value_high": _decimal(value.high) if value else None,
        "value_currency": value.currency if value else "",
        "value_basis": value.basis if value else "",
        "value_note": (value.note or "") if value else "",
        "minerals_unspecified": record.minerals_unspecified,
        "supply_chain_stages": record.supply_chain_stages,
        "event_id": catalogue.pk("event", record.event) if record.event else None,
        "terms": record.terms,
        "confidence": record.confidence,
        "verified_on": _day(record.verified_on),
        "note": record.note or "",
        "review_state": ReviewState.DRAFT,
    }


def _apply(row: models.Model, fields: Fields) -> bool:
    """Sets ``fields`` on ``row``; true if anything differed."""
    differs = False
    for name, value in fields.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            differs = True
    return differs


def _sync[T: models.Model](
    model: type[T],
    pairs: Sequence[tuple[Deal, Record]],
    items: Callable[[Record], Sequence[Any]],
    fields: Callable[[Any], Fields],
    *,
    key: tuple[str, ...] = ("ref",),
) -> list[T]:
    return _sync_with_deal(model, pairs, items, lambda _deal, item: fields(item), key=key)


def _sync_with_deal[T: models.Model](
    model: type[T],
    pairs: Sequence[tuple[Deal, Record]],
    items: Callable[[Record], Sequence[Any]],
    fields: Callable[[Deal, Any], Fields],
    *,
    key: tuple[str, ...] = ("ref",),
) -> list[T]:
    """Makes the rows of ``model`` under each deal what the record says."""
    wanted = [
        {"deal_id": deal.pk, "order": order, **fields(deal, item)}
        for deal, record in pairs
        for order, item in enumerate(items(record))
    ]
    return _sync_rows(
        model, {"deal__in": [deal.pk for deal, _ in pairs]}, wanted, ("deal_id", *key)
    )


def _sync_rows[T: models.Model](
    model: type[T], scope: Fields, wanted: Sequence[Fields], key: tuple[str, ...]
) -> list[T]:
    manager = model._default_manager
    present: dict[Key, T] = {
        tuple(getattr(row, name) for name in key): row for row in manager.filter(**scope)
    }
    new, changed, kept = [], [], []
    for row_fields in wanted:
        row = present.pop(tuple(row_fields[name] for name in key), None)
        if row is None:
            new.append(model(**row_fields))
        else:
            kept.append(row)
            if _apply(row, row_fields):
                changed.append(row)
    if present:
        manager.filter(pk__in=[row.pk for row in present.values()]).delete()
    if changed:
        names = [name for name in wanted[0] if name not in key]
        manager.bulk_update(changed, names, batch_size=BATCH)
    return [*kept, *manager.bulk_create(new, batch_size=BATCH)]


def _sync_minerals(pairs: Sequence[tuple[Deal, Record]], catalogue: Catalogue) -> None:
    sync_joined(
        DealMineral,
        ("deal_id", "mineral_id"),
        {
            deal.pk: [catalogue.pk("mineral", slug) for slug in record.minerals]
            for deal, record in pairs
        },
    )


def sync_joined(
    model: type[models.Model], columns: tuple[str, str], wanted: dict[int, list[int]]
) -> None:
    """A joining table in the order wanted: rows of an owner whose list differs are written anew."""
    owner, other = columns
    manager = model._default_manager
    present: dict[int, list[int]] = defaultdict(list)
    rows = manager.filter(**{f"{owner}__in": list(wanted)}).order_by("pk")
    for owner_pk, other_pk in rows.values_list(owner, other):
        present[owner_pk].append(other_pk)
    differing = [pk for pk, others in wanted.items() if present[pk] != others]
    manager.filter(**{f"{owner}__in": [pk for pk in differing if present[pk]]}).delete()
    manager.bulk_create(
        [model(**{owner: pk, other: other_pk}) for pk in differing for other_pk in wanted[pk]],
        batch_size=BATCH,
    )


def _sync_financing(
    pairs: Sequence[tuple[Deal, Record]],
    catalogue: Catalogue,
    source_pk: dict[tuple[int, Any], int],
) -> None:
    # A line that lies within another is tied to it only when both have a row.
    FinancingLine.objects.filter(deal__in=[deal.pk for deal, _ in pairs]).exclude(
        within=None
    ).update(within=None)
    lines = _sync(
        FinancingLine,
        pairs,
        lambda record: record.financing,
        lambda line: {
            "ref": line.ref,
            "instrument": line.instrument,
            "amount": _decimal(line.amount),
            "currency": line.currency or "",
            "note": line.note or "",
        },
    )
    by_ref = {(line.deal_id, line.ref): line for line in lines}
    tied = []
    for deal, record in pairs:
        for item in record.financing:
            if item.within is not None:
                line = by_ref[deal.pk, item.ref]
                line.within = by_ref[deal.pk, item.within]
                tied.append(line)
    if tied:
        FinancingLine.objects.bulk_update(tied, ["within"], batch_size=BATCH)
    sync_joined(
        FinancingProvider,
        ("financingline_id", "company_id"),
        {
            by_ref[deal.pk, item.ref].pk: [catalogue.pk("company", slug) for slug in item.providers]
            for deal, record in pairs
            for item in record.financing
        },
    )
    _sync_rows(
        FinancingEvent,
        {"line__in": [line.pk for line in lines]},
        [
            {
                "line_id": by_ref[deal.pk, item.ref].pk,
                "order": order,
                "ref": event.ref,
                "status": event.status,
                "happened_on": _date(event.happened_on),
                "note": event.note or "",
                "source_id": source_pk.get((deal.pk, event.source)),
            }
            for deal, record in pairs
            for item in record.financing
            for order, event in enumerate(item.events)
        ],
        ("line_id", "ref"),
    )
