"""From a document to its index: columns, lines, states, sources and the two texts."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from config.lib.imprecise import ImpreciseDate
from config.lib.sorting import sort_key
from deals import codes
from deals.dossier import (
    DOSSIER_VERSION,
    Record,
    as_document,
    plain_number,
)
from deals.indexing.facts import Facts
from deals.indexing.history import states
from deals.indexing.reference import Reference
from deals.indexing.words import search_names, search_vector
from deals.models import (
    Edition,
    normalised_url,
)
from deals.models.edition import SORT_TITLE_MAX_LENGTH
from deals.money import (
    RUNG_RANK,
    LineSpan,
)
from deals.names import Names


@dataclass
class Index:
    """What is derived from one document: columns, rows of the side tables and the two texts."""

    columns: dict[str, Any]
    lines: list[dict[str, Any]] = field(default_factory=list)
    states: list[dict[str, Any]] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    summary: dict[str, Any] = field(default_factory=dict)
    detail: dict[str, Any] = field(default_factory=dict)


def links_of(record: Record) -> list[str]:
    """The links of a record as ``type:key``."""
    return [f"{link.type}:{link.deal}" for link in record.links]


def stated_value(record: Record) -> str:
    """The value as stated, so that two deals can be compared; empty if there is none."""
    value = record.value
    return f"{value.currency} {value.low} {value.high}" if value else ""


def value_basis(record: Record) -> str:
    """The basis of the value; empty if there is none."""
    return record.value.basis if record.value else ""


def derive(
    edition: Edition, record: Record, names: Names, reference: Reference, *, counts: bool
) -> Index:
    """The index of an edition. ``counts`` says whether its value may stand in a sum."""
    facts = Facts(record, reference)
    columns = {
        "key": record.key,
        "title": record.title,
        "sort_title": sort_key(record.title)[:SORT_TITLE_MAX_LENGTH],
        "kind": record.kind,
        "kinds": [record.kind, *record.also_kinds],
        "status": record.status,
        "stage": record.stage or "",
        "confidence": record.confidence,
        "event": record.event or "",
        "announced_on": _date(record.announced_on),
        "signed_on": _date(record.signed_on),
        "closed_on": _date(record.closed_on),
        "countries": facts.codes_in_roles(codes.CountryRole.values),
        "hosts": facts.codes_in_roles([codes.CountryRole.HOST]),
        "partners": facts.codes_in_roles([codes.CountryRole.PARTNER]),
        "party_countries": reference.with_blocs(
            (names["companies"][party.company]["country"] for party in record.parties), facts.day
        ),
        "minerals": reference.with_groups(record.minerals),
        "companies": list(names["companies"]),
        "projects": [item.project for item in record.projects],
        "supply_chain_stages": record.supply_chain_stages,
        "links": links_of(record),
        "stated_value": stated_value(record),
        "value_basis": value_basis(record),
        "value_usd_low": facts.value.low,
        "value_usd_high": facts.value.high,
        "value_usd": facts.value.sorting,
        "counts_toward_total": counts,
        "is_disputed": bool(facts.disputed),
        **{f"{rung}_usd": amount for rung, amount in facts.ladder.usd.items()},
        "news_days": facts.news_days,
        "last_news_on": facts.news_days[-1] if facts.news_days else None,
        "can_go_stale": (
            record.status in codes.STALE_STATUSES and record.kind not in codes.NEVER_STALE_KINDS
        ),
        "search": search_vector(record, names, reference),
        "search_names": search_names(record, names, reference),
    }
    computed = _computed(facts, columns)
    url = reverse("deals:detail", args=[record.key])
    envelope = {
        "edition": edition.number,
        "published_at": edition.published_at.isoformat().replace("+00:00", "Z"),
        "url": url,
    }
    return Index(
        columns,
        lines=[_line_row(span, names, reference, facts.day) for span in facts.spans],
        states=states(record),
        sources=_source_rows(record),
        summary={**_summary(record, names), **computed, **envelope},
        detail={
            "key": record.key,
            "title": record.title,
            "kind": record.kind,
            "status": record.status,
            "stage": record.stage,
            **envelope,
            "edition_url": reverse("deals:edition", args=[record.key, edition.number]),
            **computed,
            "lines": _line_facts(facts),
            "uncited_facts": facts.uncited,
            "names": names,
            "dossier_version": DOSSIER_VERSION,
            "record": as_document(record),
        },
    )


def _date(text: str | None) -> ImpreciseDate | None:
    return ImpreciseDate.parse(text) if text else None


def _summary(record: Record, names: Names) -> dict[str, Any]:
    """One deal in a list: what it says, with names beside codes."""
    return {
        "key": record.key,
        "title": record.title,
        "summary": record.summary,
        "kind": record.kind,
        "also_kinds": record.also_kinds,
        "status": record.status,
        "stage": record.stage,
        "announced_on": record.announced_on,
        "signed_on": record.signed_on,
        "closed_on": record.closed_on,
        "value": record.value.model_dump() if record.value else None,
        "hosts": _places(record, names, codes.CountryRole.HOST),
        "partners": _places(record, names, codes.CountryRole.PARTNER),
        "third_parties": _places(record, names, codes.CountryRole.THIRD_PARTY),
        "minerals": [
            {
                "slug": slug,
                **{
                    name: names["minerals"][slug][name]
                    for name in ("name", "symbol", "short_form", "category")
                },
            }
            for slug in record.minerals
        ],
        "minerals_unspecified": record.minerals_unspecified,
        "supply_chain_stages": record.supply_chain_stages,
        "event": ({"key": record.event, "name": names["event"]["name"]} if record.event else None),
        "projects": [
            {"slug": item.project, "name": names["projects"][item.project]["name"]}
            for item in record.projects
        ],
        "parties": [
            {
                "slug": party.company,
                "name": names["companies"][party.company]["name"],
                "country": names["companies"][party.company]["country"],
                "role": party.role,
                "stake_percent": party.stake_percent,
            }
            for party in record.parties
        ],
        "providers": [
            {
                "slug": slug,
                "name": names["companies"][slug]["name"],
                "country": names["companies"][slug]["country"],
            }
            for slug in dict.fromkeys(
                provider for line in record.financing for provider in line.providers
            )
        ],
        "source_count": len({s.origin or normalised_url(s.url) for s in record.sources}),
        "confidence": record.confidence,
        "verified_on": record.verified_on,
    }


def _places(record: Record, names: Names, role: str) -> list[dict[str, Any]]:
    return [
        {"code": place.country, "name": names["countries"][place.country]["name"]}
        if place.country
        else {"bloc": place.bloc, **names["blocs"][place.bloc]}
        for place in record.countries
        if place.role == role
    ]


def _computed(facts: Facts, columns: dict[str, Any]) -> dict[str, Any]:
    """What Lodebook works out: the same in summary and detail."""
    last_news_on = columns["last_news_on"]
    return {
        "value_usd": plain_number(columns["value_usd"]),
        "value_usd_low": plain_number(columns["value_usd_low"]),
        "value_usd_high": plain_number(columns["value_usd_high"]),
        "counts_toward_total": columns["counts_toward_total"],
        "ladder": {rung: plain_number(amount) for rung, amount in facts.ladder.usd.items()},
        "ladder_lines": facts.ladder.lines,
        "lines_unknown": facts.ladder.unknown,
        "is_disputed": columns["is_disputed"],
        "disputed_facts": facts.disputed,
        "last_news_on": str(last_news_on) if last_news_on else None,
    }


def _line_facts(facts: Facts) -> list[dict[str, Any]]:
    """Per financing line: rung, US dollars and whether it stands in the sum of its rung."""
    return [
        {
            "ref": span.item.ref,
            "rung": span.rung,
            "amount_usd": plain_number(span.amount_usd),
            "is_counted": span.is_counted,
        }
        for span in facts.spans
        if span.is_present
    ]


def _line_row(
    span: LineSpan, names: Names, reference: Reference, day: datetime.date
) -> dict[str, Any]:
    homes = (names["companies"][slug]["country"] for slug in span.item.providers)
    return {
        "ref": span.item.ref,
        "providers": span.item.providers,
        "provider_countries": reference.with_blocs(homes, day),
        "instrument": span.item.instrument,
        "status": span.status,
        "rung": span.rung or "",
        "rung_rank": RUNG_RANK[span.rung] if span.rung else 0,
        "amount_usd": span.amount_usd,
        "is_counted": span.is_counted,
        "is_present": span.is_present,
        "from_on": span.from_on,
        "until_on": span.until_on,
    }


def _source_rows(record: Record) -> list[dict[str, Any]]:
    return [
        {
            "ref": source.ref,
            "url_key": normalised_url(source.url),
            "url": source.url,
            "publisher": source.publisher,
            "title": source.title,
            "published_on": _date(source.published_on),
            "kind": source.kind or "",
            "origin": source.origin or "",
        }
        for source in record.sources
    ]
