"""What several parts of an index need of a record."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from config.lib.imprecise import ImpreciseDate
from deals import codes
from deals.dossier import (
    Record,
)
from deals.indexing.reference import Reference
from deals.money import (
    Ladder,
    ValueInUsd,
    line_spans,
    value_in_usd,
)


class Facts:
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
