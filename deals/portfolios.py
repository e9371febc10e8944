"""Sums and counts over a set of deals: the ladder, headline values, counts by code.

Every function takes a queryset of editions, however it was filtered, and asks the database once or
a few times, whatever the number of deals. Rungs are never added together. A deal with several
hosts, partners or minerals counts whole in each, so no column of such counts may be added up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    F,
    Func,
    JSONField,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
)

from deals.codes import BINDING_STATUSES, SUMMED_INSTRUMENTS
from deals.models import EditionLine
from deals.models.edition import EditionQuerySet, Unnest
from deals.money import RUNGS
from deals.reading import Clock


@dataclass(frozen=True)
class PortfolioLadder:
    """The money of a set of deals, rung by rung, and what stands in no sum.

    Mappings have all four rungs as keys. ``usd`` is None where nothing stands (never 0).
    """

    usd: Mapping[str, Decimal | None]
    """Sum of the lines that stand exactly there and count."""
    deals: Mapping[str, int]
    """Deals with a line there, of known amount or not."""
    lines: Mapping[str, int]
    unknown: Mapping[str, int]
    """Lines there without an amount in US dollars: counted, never guessed."""
    deal_count: int
    """Deals of the set."""
    without_financing: int
    """Deals of which no line stands on any rung."""
    not_money: int
    """Lines with an amount that are shown and not summed: guarantees, insurance, programmes …"""
    within: int
    """Lines with an amount that lie within another line on the same rung."""

    @property
    def unknown_amounts(self) -> int:
        """Lines without an amount on any rung."""
        return sum(self.unknown.values())

    @property
    def is_empty(self) -> bool:
        """No line stands anywhere."""
        return not any(self.lines.values())


def lines_standing(editions: EditionQuerySet, clock: Clock | None = None) -> QuerySet[EditionLine]:
    """The financing lines of ``editions`` on their rungs, on the day of the clock."""
    return (
        (clock or Clock())
        .lines()
        .filter(edition__in=editions.order_by().values("pk"))
        .exclude(rung="")
    )


def ladder_of(
    editions: EditionQuerySet, clock: Clock | None = None, *, deal_count: int | None = None
) -> PortfolioLadder:
    """The ladder of a set of deals in two queries, or one where ``deal_count`` is known."""
    return ladder_of_lines(
        lines_standing(editions, clock),
        deal_count=editions.count() if deal_count is None else deal_count,
    )


def ladder_of_lines(lines: QuerySet[EditionLine], *, deal_count: int) -> PortfolioLadder:
    """The ladder of some lines of ``deal_count`` deals: those of one provider, for instance."""
    valued, money = Q(amount_usd__isnull=False), Q(instrument__in=sorted(SUMMED_INSTRUMENTS))
    # Beside each rung, so that one query gives both: a deal may have lines on several.
    financed = (
        lines.order_by()
        .annotate(all_of_them=Value(1))
        .values("all_of_them")
        .annotate(deals=Count("edition", distinct=True))
        .values("deals")
    )
    rows: dict[str, Mapping[str, Any]] = {
        row["rung"]: row
        for row in lines.order_by()
        .values("rung")
        .annotate(
            usd=Sum("amount_usd", filter=Q(is_counted=True)),
            deals=Count("edition", distinct=True),
            lines=Count("pk"),
            unknown=Count("pk", filter=~valued),
            not_money=Count("pk", filter=valued & ~money),
            within=Count("pk", filter=valued & money & Q(is_counted=False)),
            financed=Subquery(financed),
        )
    }
    return PortfolioLadder(
        usd={rung: rows[rung]["usd"] if rung in rows else None for rung in RUNGS},
        deals=_whole(rows, "deals"),
        lines=_whole(rows, "lines"),
        unknown=_whole(rows, "unknown"),
        deal_count=deal_count,
        without_financing=deal_count - max((row["financed"] for row in rows.values()), default=0),
        not_money=sum(row["not_money"] for row in rows.values()),
        within=sum(row["within"] for row in rows.values()),
    )


def _whole(rows: Mapping[str, Mapping[str, Any]], name: str) -> dict[str, int]:
    return {rung: rows[rung][name] if rung in rows else 0 for rung in RUNGS}


@dataclass(frozen=True)
class Headlines:
    """Headline values of a set of deals: those that may stand in a sum, and those left out."""

    usd: Decimal | None
    """Sum of the values that count; None where none does."""
    deals: int
    """Deals in that sum."""
    left_out: int
    """Deals with a value that does not count: programmes, umbrellas whose parts are recorded …"""
    without_value: int
    """Deals that state none, or none in a currency and year with a rate."""


def headlines_of(editions: EditionQuerySet) -> Headlines:
    """Headline values, in one query."""
    counts, valued = Q(counts_toward_total=True), Q(value_usd__isnull=False)
    row = editions.order_by().aggregate(
        usd=Sum("value_usd", filter=counts),
        deals=Count("pk", filter=counts & valued),
        left_out=Count("pk", filter=~counts & valued),
        without_value=Count("pk", filter=~valued),
    )
    return Headlines(**row)


@dataclass(frozen=True)
class BasisSum:
    """Headline values that measure the same thing: planned investment, an upper limit, a loan …"""

    basis: str
    usd: Decimal | None
    deals: int
    left_out: int


@dataclass(frozen=True)
class HeadlineBases:
    """Headline values of a set of deals by what they measure, the largest sum first."""

    total: Headlines
    rows: list[BasisSum]


def headlines_by_basis(editions: EditionQuerySet) -> HeadlineBases:
    """Headline values and what each measures, in one query.

    A basis of which every value is left out stands too, without a sum.
    """
    counts, valued = Q(counts_toward_total=True), Q(value_usd__isnull=False)
    rows = list(
        editions.order_by()
        .values("value_basis")
        .annotate(
            usd=Sum("value_usd", filter=counts),
            deals=Count("pk", filter=counts & valued),
            left_out=Count("pk", filter=~counts & valued),
            without_value=Count("pk", filter=~valued),
        )
        .values_list("value_basis", "usd", "deals", "left_out", "without_value")
    )
    sums = [
        BasisSum(basis, usd, deals, left_out)
        for basis, usd, deals, left_out, _ in rows
        if deals or left_out
    ]
    summed = [one.usd for one in sums if one.usd is not None]
    total = Headlines(
        usd=sum(summed, Decimal(0)) if summed else None,
        deals=sum(one.deals for one in sums),
        left_out=sum(one.left_out for one in sums),
        without_value=sum(without for *_, without in rows),
    )
    return HeadlineBases(total, sorted(sums, key=lambda one: (-(one.usd or 0), one.basis)))


def counts_by(editions: EditionQuerySet, column: str) -> dict[str, int]:
    """Deals by what stands in an array ``column``, or by the code in a plain one.

    Country columns hold ISO codes in upper case and the blocs of those countries in lower case;
    ``minerals`` holds the groups above them too. Nothing unknown ("") is counted.
    """
    is_array = hasattr(editions.model._meta.get_field(column), "base_field")
    code = Unnest(F(column), output_field=TextField()) if is_array else F(column)
    rows = (
        editions.order_by()
        .annotate(code=code)
        .values("code")
        .annotate(deals=Count("pk"))
        .values_list("code", "deals")
    )
    return {code: deals for code, deals in rows if code}


class SummaryItems(Func):
    """The items of a list in the summaries of editions, one a row, as JSON."""

    template = "jsonb_array_elements(%(expressions)s::jsonb -> '%(list)s')"
    set_returning = True
    output_field = JSONField()


def counts_by_place(editions: EditionQuerySet, role: str) -> dict[str, int]:
    """Deals by country, or by bloc where the bloc itself takes part; ``role``: hosts or partners.

    Unlike the index columns it tells a bloc that signs from a bloc that a country belongs to.
    """
    if role not in {"hosts", "partners"}:
        raise ValueError(f"“{role}” is no role of a country: write hosts or partners.")
    rows = (
        editions.order_by()
        .annotate(place=SummaryItems(F("document__summary_text"), list=role))
        .values("place")
        .annotate(deals=Count("pk"))
        .values_list("place", "deals")
    )
    found: Counter[str] = Counter()
    for place, deals in rows:
        found[place.get("code") or place["bloc"]] += deals
    return dict(found)


@dataclass
class EventSums:
    """The deals of one event: how many, how they stand, their headlines and their ladder."""

    deals: int
    binding: int
    stale: int
    headline_usd: Decimal | None
    headline_deals: int
    ladder: dict[str, Decimal | None]
    ladder_lines: dict[str, int]
    lines_unknown: dict[str, int]


def sums_by_event(editions: EditionQuerySet, clock: Clock) -> dict[str, EventSums]:
    """The sums of every event, by its key, in two queries."""
    at_events = editions.exclude(event="").order_by()
    counts = Q(counts_toward_total=True, value_usd__isnull=False)
    rows = (
        at_events.values("event")
        .annotate(
            deals=Count("pk"),
            binding=Count("pk", filter=Q(status__in=BINDING_STATUSES)),
            stale=Count("pk", filter=clock.stale()),
            headline_usd=Sum("value_usd", filter=counts),
            headline_deals=Count("pk", filter=counts),
        )
        .values_list("event", "deals", "binding", "stale", "headline_usd", "headline_deals")
    )
    found = {
        event: EventSums(
            deals,
            binding,
            stale,
            headline_usd,
            headline_deals,
            dict.fromkeys(RUNGS),
            dict.fromkeys(RUNGS, 0),
            dict.fromkeys(RUNGS, 0),
        )
        for event, deals, binding, stale, headline_usd, headline_deals in rows
    }
    rungs = (
        lines_standing(at_events, clock)
        .order_by()
        .values("edition__event", "rung")
        .annotate(
            usd=Sum("amount_usd", filter=Q(is_counted=True)),
            lines=Count("pk"),
            unknown=Count("pk", filter=Q(amount_usd__isnull=True)),
        )
        .values_list("edition__event", "rung", "usd", "lines", "unknown")
    )
    for event, rung, usd, lines, unknown in rungs:
        found[event].ladder[rung] = usd
        found[event].ladder_lines[rung] = lines
        found[event].lines_unknown[rung] = unknown
    return found
