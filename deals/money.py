"""Money: exchange rates, the ladder of a deal and what may be summed.

A rung's sum is the US dollars of the lines that stand exactly there, have an amount, are money
(`SUMMED_INSTRUMENTS`) and do not lie within another line on the same rung. An empty sum is None.
Rungs are never added together.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Self

from config.lib.imprecise import ImpreciseDate
from deals.codes import RUNG_OF_STATUS, SUMMED_INSTRUMENTS, Rung, ValueBasis
from deals.dossier.schema import FinancingEventItem, FinancingItem, Record

CENT = Decimal("0.01")
RUNGS: tuple[str, ...] = tuple(Rung.values)
RUNG_RANK: dict[str, int] = {rung: rank for rank, rung in enumerate(RUNGS, start=1)}


@dataclass(frozen=True)
class Rates:
    """Yearly rates to the US dollar. Where none is on record there is no US dollar figure."""

    usd_per_unit: dict[tuple[str, int], Decimal]

    def usd(
        self, amount: int | float | None, currency: str | None, year: int | None
    ) -> Decimal | None:
        """``amount`` in US dollars of ``year``, to the cent; None if a part is unknown."""
        if amount is None or currency is None:
            return None
        exact = Decimal(str(amount))
        if currency == "USD":
            return exact
        if year is None or (rate := self.usd_per_unit.get((currency, year))) is None:
            return None
        return (exact * rate).quantize(CENT, ROUND_HALF_UP)


def deal_year(record: Record) -> int | None:
    """The year whose rates a deal uses: that of its announcement, else of its signing."""
    day = record.announced_on or record.signed_on
    return ImpreciseDate.parse(day).earliest.year if day else None


@dataclass(frozen=True)
class ValueInUsd:
    """The headline value in US dollars; ``sorting`` is what sorts and sums."""

    low: Decimal | None = None
    high: Decimal | None = None

    basis: str = ""

    @property
    def sorting(self) -> Decimal | None:
        """The low end, or the high end of an “up to”."""
        return self.high if self.basis == ValueBasis.UP_TO else self.low


def value_in_usd(record: Record, rates: Rates) -> ValueInUsd:
    """The headline value of a deal at the rate of its year."""
    value = record.value
    if value is None:
        return ValueInUsd()
    year = deal_year(record)
    # A deal without a date has no year, so no value in dollars unless it is stated in them.
    return ValueInUsd(
        rates.usd(value.low, value.currency, year),
        rates.usd(value.high, value.currency, year),
        value.basis,
    )


def in_order(events: Sequence[FinancingEventItem]) -> list[FinancingEventItem]:
    """Events by date; an undated one stays behind the one it follows in the list."""
    dated: list[tuple[datetime.date, int, FinancingEventItem]] = []
    day = datetime.date.min
    for place, event in enumerate(events):
        if event.happened_on:
            day = ImpreciseDate.parse(event.happened_on).latest
        dated.append((day, place, event))
    return [event for _, _, event in sorted(dated, key=lambda row: row[:2])]


@dataclass(frozen=True)
class LineSpan:
    """A financing line on one rung: as it stands now, or over past days."""

    item: FinancingItem
    status: str
    rung: str | None
    amount_usd: Decimal | None
    is_counted: bool
    is_present: bool
    from_on: datetime.date | None = None
    until_on: datetime.date | None = None


def line_spans(record: Record, rates: Rates) -> list[LineSpan]:
    """Every line as it stands, and every span of days over which it stood otherwise.

    The span of a past day rests on dated events alone: an event dated with a month or year counts
    from its latest possible day. Spans end where the line or one that it lies within moves.
    """
    return [*_present(record, rates), *_past(record, rates)]


def _present(record: Record, rates: Rates) -> Iterator[LineSpan]:
    standing = {line.ref: in_order(line.events)[-1] for line in record.financing}
    yield from _spans(record, rates, standing, is_present=True)


def _past(record: Record, rates: Rates) -> Iterator[LineSpan]:
    days = sorted(
        {
            ImpreciseDate.parse(event.happened_on).latest
            for line in record.financing
            for event in line.events
            if event.happened_on
        }
    )
    for from_on, until_on in pairwise([*days, None]):
        assert from_on is not None
        standing = {}
        for line in record.financing:
            known = [
                event
                for event in in_order(line.events)
                if event.happened_on and ImpreciseDate.parse(event.happened_on).latest <= from_on
            ]
            if known:
                standing[line.ref] = known[-1]
        yield from _spans(
            record, rates, standing, is_present=False, from_on=from_on, until_on=until_on
        )


def _spans(
    record: Record,
    rates: Rates,
    standing: dict[str, FinancingEventItem],
    *,
    is_present: bool,
    from_on: datetime.date | None = None,
    until_on: datetime.date | None = None,
) -> Iterator[LineSpan]:
    rungs = {ref: RUNG_OF_STATUS[event.status] for ref, event in standing.items()}
    above = {line.ref: line.within for line in record.financing}
    for line in record.financing:
        event = standing.get(line.ref)
        if event is None:
            continue
        year = (
            ImpreciseDate.parse(event.happened_on).earliest.year
            if event.happened_on
            else deal_year(record)
        )
        amount = rates.usd(line.amount, line.currency, year)
        rung = rungs[line.ref]
        lies_within = any(rungs.get(ref) == rung for ref in _ancestors(line.ref, above))
        yield LineSpan(
            item=line,
            status=event.status,
            rung=rung,
            amount_usd=amount,
            is_counted=(
                rung is not None
                and amount is not None
                and line.instrument in SUMMED_INSTRUMENTS
                and not lies_within
            ),
            is_present=is_present,
            from_on=from_on,
            until_on=until_on,
        )


def _ancestors(ref: str, above: dict[str, str | None]) -> Iterator[str]:
    step = above[ref]
    while step is not None:
        yield step
        step = above.get(step)


@dataclass(frozen=True)
class Ladder:
    """Per rung: the sum in US dollars, the number of lines, and of those without an amount."""

    usd: dict[str, Decimal | None]
    lines: dict[str, int]
    unknown: dict[str, int]

    @classmethod
    def of(cls, spans: Iterable[LineSpan]) -> Self:
        """The ladder of lines that all stand at one time."""
        usd: dict[str, Decimal | None] = dict.fromkeys(RUNGS)
        lines, unknown = dict.fromkeys(RUNGS, 0), dict.fromkeys(RUNGS, 0)
        for span in spans:
            if span.rung is None:
                continue
            lines[span.rung] += 1
            unknown[span.rung] += span.amount_usd is None
            if span.is_counted and span.amount_usd is not None:
                usd[span.rung] = (usd[span.rung] or Decimal(0)) + span.amount_usd
        return cls(usd, lines, unknown)
