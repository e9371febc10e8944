"""From an edition's document to what finds and shows it: index columns, lines, states, texts.

Everything here is derived from the record, the names kept with it and reference data (rates, bloc
memberships, mineral groups, linked deals), so it can be rebuilt at any time: `reindex`.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import zip_longest
from operator import add
from typing import Any, Self

import orjson
from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Value
from django.urls import reverse

from config.lib.imprecise import ImpreciseDate
from config.lib.sorting import sort_key
from countries.models import Membership
from deals import codes
from deals.dossier import (
    DOSSIER_VERSION,
    Record,
    as_document,
    plain_number,
    read,
    upgrade,
)
from deals.locking import hold_lock
from deals.models import (
    Edition,
    EditionDocument,
    EditionLine,
    EditionSource,
    EditionState,
    normalised_url,
)
from deals.models.edition import SORT_TITLE_MAX_LENGTH, EditionQuerySet
from deals.money import (
    RUNG_RANK,
    Ladder,
    LineSpan,
    Rates,
    ValueInUsd,
    line_spans,
    value_in_usd,
)
from deals.names import Names
from deals.totals import LinkWeb
from minerals.models import Mineral

BATCH = 500
LONGEST_SEARCHED = 100_000
"""Characters of each weight that search looks at: PostgreSQL refuses vectors over a megabyte."""


@dataclass
class Reference:
    """The reference data that an index is derived from, loaded once a run."""

    rates: Rates
    groups: dict[str, list[str]]
    blocs: dict[str, list[tuple[str, datetime.date | None, datetime.date | None]]]

    @classmethod
    def load(cls) -> Self:
        """As the database has it now, in three queries."""
        parents = dict(Mineral.objects.values_list("slug", "parent__slug"))
        groups = {}
        for slug in parents:
            chain, step = [], parents[slug]
            while step is not None:
                chain.append(step)
                step = parents[step]
            groups[slug] = chain
        blocs: dict[str, list[tuple[str, datetime.date | None, datetime.date | None]]]
        blocs = defaultdict(list)
        for membership in Membership.objects.full().select_related("bloc"):
            since, until = membership.since, membership.until
            blocs[str(membership.country_id)].append(
                (
                    membership.bloc.key,
                    since.earliest if since else None,
                    until.latest if until else None,
                )
            )
        return cls(Rates.load(), groups, dict(blocs))

    def blocs_of(self, country: str, day: datetime.date) -> list[str]:
        """Blocs of which ``country`` is a full member on ``day``; unknown dates count as always."""
        return [
            bloc
            for bloc, since, until in self.blocs.get(country, [])
            if (since is None or since <= day) and (until is None or day <= until)
        ]

    def with_blocs(self, places: Iterable[str | None], day: datetime.date) -> list[str]:
        """Codes of ``places`` and of the blocs they belong to on ``day``, sorted, each once."""
        found: set[str] = set()
        for place in filter(None, places):
            found.add(place)
            found.update(self.blocs_of(place, day))
        return sorted(found)

    def with_groups(self, minerals: Iterable[str]) -> list[str]:
        """``minerals`` and the groups above them, sorted, each once."""
        found: set[str] = set()
        for slug in minerals:
            found.add(slug)
            found.update(self.groups.get(slug, []))
        return sorted(found)


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
    facts = _Facts(record, reference)
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
        "search": _search_vector(record, names),
        "search_names": _search_names(record, names),
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
        states=_states(record),
        sources=_source_rows(record),
        summary={**_summary(record, names), **computed, **envelope},
        detail={
            "key": record.key,
            "title": record.title,
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


class _Facts:
    """What several parts of the index need of a record."""

    def __init__(self, record: Record, reference: Reference) -> None:
        self.record = record
        self.reference = reference
        day = record.announced_on or record.signed_on
        self.day = (
            ImpreciseDate.parse(day).earliest if day else datetime.datetime.now(datetime.UTC).date()
        )
        self.value: ValueInUsd = value_in_usd(record, reference.rates)
        self.spans = line_spans(record, reference.rates)
        self.ladder = Ladder.of(span for span in self.spans if span.is_present)

    def codes_in_roles(self, roles: Sequence[str]) -> list[str]:
        places = [place.code for place in self.record.countries if place.role in roles]
        return self.reference.with_blocs(places, self.day)

    @property
    def disputed(self) -> list[str]:
        """Facts with an open dispute or a source that says otherwise, in the order of the list."""
        found = {
            dispute.fact
            for dispute in self.record.disputes
            if dispute.status == codes.DisputeStatus.OPEN
        } | {citation.fact for citation in self.record.citations if citation.stated}
        return [fact for fact in codes.Fact.values if fact in found]

    @property
    def uncited(self) -> list[str]:
        """Facts that the record states and no source of its own is named for."""
        record = self.record
        present = {
            codes.Fact.VALUE: record.value is not None,
            codes.Fact.STAKE: any(party.stake_percent is not None for party in record.parties),
            codes.Fact.FINANCING: bool(record.financing),
            codes.Fact.PARTIES: bool(record.parties),
            codes.Fact.STATUS: True,
            codes.Fact.STAGE: record.stage is not None,
            codes.Fact.DATES: bool(record.announced_on or record.signed_on or record.closed_on),
            codes.Fact.MINERALS: bool(record.minerals),
            codes.Fact.TERMS: bool(record.terms),
            codes.Fact.PROJECTS: bool(record.projects),
        }
        cited = {citation.fact for citation in record.citations}
        return [fact.value for fact, stated in present.items() if stated and fact not in cited]

    @property
    def news_days(self) -> list[datetime.date]:
        """The latest possible day of each piece of news, in order."""
        record = self.record
        texts = [
            record.announced_on,
            record.signed_on,
            record.closed_on,
            *(milestone.happened_on for milestone in record.milestones),
            *(event.happened_on for line in record.financing for event in line.events),
            *(source.published_on for source in record.sources),
        ]
        return sorted({ImpreciseDate.parse(text).latest for text in texts if text})


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


def _computed(facts: _Facts, columns: dict[str, Any]) -> dict[str, Any]:
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
        "can_go_stale": columns["can_go_stale"],
        "last_news_on": str(last_news_on) if last_news_on else None,
    }


def _line_facts(facts: _Facts) -> list[dict[str, Any]]:
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


def _states(record: Record) -> list[dict[str, Any]]:
    """Spans of days over which status and stage are known, by dated events.

    A change counts from its latest possible day.
    """
    milestones = record.milestones
    stages = [(_latest(m.happened_on), m.stage) for m in milestones if m.stage and m.happened_on]
    return [
        {"axis": axis, **span}
        for axis, changes in (
            (EditionState.Axis.STATUS, _status_changes(record)),
            (EditionState.Axis.STAGE, sorted(stages, key=lambda change: change[0])),
        )
        for span in _state_spans(changes)
    ]


def _status_changes(record: Record) -> list[tuple[datetime.date, str]]:
    """Day and new status, in order; of several on one day the furthest in the list comes last."""
    only_offered = record.status in (codes.Status.RUMOURED, codes.Status.PROPOSED)
    changes = [(m.happened_on, m.status) for m in record.milestones if m.status]
    if not only_offered:  # else what was signed is a letter that binds nobody
        is_memorandum = (
            record.status in (codes.Status.ANNOUNCED, codes.Status.MOU_SIGNED)
            or record.kind == codes.Kind.MOU
        )
        signed = codes.Status.MOU_SIGNED if is_memorandum else codes.Status.AGREEMENT_SIGNED
        changes.append((record.signed_on, signed))
    changes.append((record.closed_on, codes.Status.CLOSED))
    dated = [(_latest(text), str(code)) for text, code in changes if text]
    if record.announced_on:
        day = _latest(record.announced_on)
        # An announcement makes a rumour or an offer public, and firmer things known: neither lifts
        # the one nor lowers the other.
        if only_offered:
            dated.append((day, record.status))
        elif not any(
            held <= day and _STATUS_PLACE[code] > _STATUS_PLACE[codes.Status.ANNOUNCED]
            for held, code in dated
        ):
            dated.append((day, codes.Status.ANNOUNCED.value))
    return sorted(dated, key=lambda change: (change[0], _STATUS_PLACE[change[1]]))


_STATUS_PLACE: dict[str, int] = {code: place for place, code in enumerate(codes.Status.values)}


def _latest(text: str) -> datetime.date:
    return ImpreciseDate.parse(text).latest


def _state_spans(changes: Sequence[tuple[datetime.date, str]]) -> list[dict[str, Any]]:
    by_day = dict(changes)
    days = sorted(by_day)
    return [
        {"code": by_day[day], "from_on": day, "until_on": until_on}
        for day, until_on in zip_longest(days, days[1:])
    ]


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


def _names_in(record: Record, names: Names) -> tuple[list[str], list[str]]:
    """Names to search by: those of companies and projects; those of countries and minerals."""
    first = [
        *(
            name
            for company in names["companies"].values()
            for name in (company["name"], *company["aliases"])
        ),
        *(project["name"] for project in names["projects"].values()),
    ]
    second = [
        *(
            name
            for mineral in names["minerals"].values()
            for name in (mineral["name"], *mineral["aliases"])
        ),
        *(names["countries"][p.country]["name"] for p in record.countries if p.country),
        *(name for bloc in names["blocs"].values() for name in (bloc["name"], bloc["short_name"])),
        *([names["event"]["name"]] if names["event"] else []),
    ]
    return first, second


def _search_vector(record: Record, names: Names) -> Any:
    first, second = _names_in(record, names)
    weighted = {
        "A": [record.title],
        "B": [*first, *second],
        "C": [record.summary],
        "D": [*record.terms, *(source.publisher for source in record.sources)],
    }
    return reduce(
        add,
        (
            SearchVector(
                Value(" . ".join(texts)[:LONGEST_SEARCHED]), weight=weight, config="lodebook"
            )
            for weight, texts in weighted.items()
        ),
    )


def _search_names(record: Record, names: Names) -> str:
    first, second = _names_in(record, names)
    return " | ".join(dict.fromkeys(sort_key(name) for name in [record.title, *first, *second]))


def canonical(document: object) -> str:
    """JSON text in the order of the document, as it is stored and sent."""
    return orjson.dumps(document).decode()


def stored_record(document: EditionDocument) -> Record:
    """The record of an edition, in today's shape."""
    stored = orjson.loads(document.record_text)
    return read(upgrade(stored, version=DOSSIER_VERSION), None)


def save_side_rows(pairs: Sequence[tuple[Edition, Index]]) -> None:
    """Writes lines, states and sources of editions that have none yet."""
    EditionLine.objects.bulk_create(
        [EditionLine(edition=e, **row) for e, index in pairs for row in index.lines],
        batch_size=BATCH,
    )
    EditionState.objects.bulk_create(
        [EditionState(edition=e, **row) for e, index in pairs for row in index.states],
        batch_size=BATCH,
    )
    EditionSource.objects.bulk_create(
        [EditionSource(edition=e, **row) for e, index in pairs for row in index.sources],
        batch_size=BATCH,
    )


def reindex(editions: EditionQuerySet) -> int:
    """Derives the index of ``editions`` anew from their documents; returns how many there were.

    What counts towards totals is judged among the editions that readers see now; of a past
    edition it stays as it was. Nobody publishes or expunges while a batch is written, or a text
    read before would bring back what was removed meanwhile.
    """
    count = 0
    pks = list(editions.readable().order_by("seq").values_list("pk", flat=True))
    for start in range(0, len(pks), BATCH):
        with transaction.atomic():
            hold_lock()
            batch = list(
                Edition.objects.readable()
                .filter(pk__in=pks[start : start + BATCH])
                .select_related("document")
            )
            _reindex_batch(batch, Reference.load(), LinkWeb.of(Edition.objects.current()))
        count += len(batch)
    return count


def _reindex_batch(batch: list[Edition], reference: Reference, web: LinkWeb) -> None:
    pairs = []
    for edition in batch:
        record = stored_record(edition.document)
        counts = web.counts(edition.key) if edition.is_current else edition.counts_toward_total
        names = orjson.loads(edition.document.names_text)
        index = derive(edition, record, names, reference, counts=counts)
        for name, value in index.columns.items():
            setattr(edition, name, value)
        edition.document.summary_text = canonical(index.summary)
        edition.document.detail_text = canonical(index.detail)
        pairs.append((edition, index))
    if not pairs:
        return
    Edition.objects.bulk_update(batch, list(pairs[0][1].columns), batch_size=100)
    EditionDocument.objects.bulk_update(
        [edition.document for edition in batch], ["summary_text", "detail_text"], batch_size=100
    )
    for model in (EditionLine, EditionState, EditionSource):
        model._default_manager.filter(edition__in=batch).delete()
    save_side_rows(pairs)
