"""Kinds of filters that only deals have: places, companies, states by day, rungs, relevance."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable, OrderBy

from config.lib.filterset import (
    ArrayFilter,
    CodesFilter,
    DayField,
    DayFilter,
    EmptyFilter,
    Order,
    OrderingFilter,
    StrictFilter,
)
from config.lib.filterset.filters import Clause
from deals.codes import Status
from deals.filters.choices import company_slugs, place_choices, public_companies
from deals.models import EditionState
from deals.money import RUNG_RANK
from deals.reading import Clock, utc_today
from deals.search import MOST_RANKED

if TYPE_CHECKING:
    from deals.filters.sets import DealFilterSet


class PlaceFilter(ArrayFilter):
    """Countries and blocs in an array that names both; a bloc so finds its members' deals."""

    def __init__(self, column: str, *, label: str, help_text: str, **options: Any) -> None:
        options = {"what": "a country or bloc", "choices": place_choices, **options}
        super().__init__(column, label=label, help_text=help_text, **options)


class CompanyFilter(ArrayFilter):
    """Companies by slug; too many to be listed as choices."""

    def __init__(self, column: str, **options: Any) -> None:
        super().__init__(column, expand=company_slugs, candidates=public_companies, **options)


class StateFilter(CodesFilter):
    """Status or stage as it stands, or by dated events on a past day."""

    def __init__(self, axis: EditionState.Axis, **options: Any) -> None:
        self.axis = axis
        super().__init__(axis.value, **options)

    def any_of(self, codes: Sequence[str]) -> Q:
        clock: Clock = self.parent.clock
        if not clock.is_past_world:
            return super().any_of(codes)
        return Q(Exists(state_on(clock, self.axis).filter(code__in=list(codes))))

    def companions(self, name: str) -> dict[str, StrictFilter]:
        return super().companions(name) | {
            f"{name}__empty": StateEmptyFilter(self.axis, label=f"{self.label}: unknown")
        }


class StateEmptyFilter(EmptyFilter):
    """Whether status or stage is unknown, now or on a past day."""

    def __init__(self, axis: EditionState.Axis, **options: Any) -> None:
        self.axis = axis
        super().__init__(is_empty=Q(**{axis.value: ""}), **options)

    def clauses(self, value: Any) -> Iterable[Clause]:
        clock: Clock = self.parent.clock
        if not clock.is_past_world:
            return super().clauses(value)
        return [Clause(Q(Exists(state_on(clock, self.axis))), is_negated=value)]


class RungFilter(CodesFilter):
    """A rung or a firmer one."""

    def any_of(self, codes: Sequence[str]) -> Q:
        return Q(rung_rank__gte=min(RUNG_RANK[code] for code in codes))


class PastDayField(DayField):
    """A day that is not in the future (UTC)."""

    def to_python(self, value: Any) -> datetime.date | None:
        day = super().to_python(value)
        if day is not None and day > (today := utc_today()):
            raise ValidationError(
                f"{day} lies in the future: today is {today} (UTC).",
                params={"value": str(day), "nearest": str(today)},
            )
        return day


class PastDayFilter(DayFilter):
    field_class = PastDayField


class DealOrderingFilter(OrderingFilter):
    """Orders, two of which depend on other parameters: relevance on `q`, status on the day."""

    def __init__(self, **options: Any) -> None:
        orders = {
            "announced_on": Order.by_date("Announced", "announced_on"),
            "value_usd": Order.by("Value in US dollars", "value_usd"),
            "title": Order.by("Title", "sort_title"),
            "status": Order.by("Agreement", "status"),
            "published_at": Order.by("Published", "published_at"),
        }
        super().__init__(orders, default="-announced_on", last="key", **options)
        choices = [*self.extra["choices"](), ("relevance", "Relevance to the search")]
        self.extra["choices"] = lambda: choices
        self.schema = {**self.schema, "enum": [code for code, _ in choices]}

    def terms(self, value: str | None) -> tuple[OrderBy | str, ...]:
        match value:
            case "relevance":
                return self._by_relevance(self.parent)
            case "status" | "-status":
                place = status_place(self.parent.clock)
                in_order = place.desc if value.startswith("-") else place.asc
                return (in_order(nulls_last=True), self.last)
        return super().terms(value)

    def _by_relevance(self, filterset: DealFilterSet) -> tuple[OrderBy | str, ...]:
        """The newest of the deals found, the nearest first; then the others, the newest first."""
        nearness = filterset.search.nearness
        if nearness is None:
            return (self.last,)
        candidates = filterset.newest_first.values("pk")[:MOST_RANKED]
        weighed = Case(When(pk__in=candidates, then=nearness), default=None)
        return (weighed.desc(nulls_last=True), *super().terms(None))


def state_on(clock: Clock, axis: EditionState.Axis) -> Any:
    """The state of the outer query's edition on the day of `clock`."""
    return clock.states(axis).filter(edition=OuterRef("pk"))


def state_code(clock: Clock, axis: EditionState.Axis) -> Combinable:
    """Status or stage of an edition on the day of `clock`, as an expression."""
    if not clock.is_past_world:
        return F(axis.value)
    return Subquery(state_on(clock, axis).values("code")[:1])


def status_place(clock: Clock) -> Case:
    """The place of a status in its code list, from the loosest on."""
    if not clock.is_past_world:
        whens = [When(status=code, then=place) for place, code in enumerate(Status.values)]
    else:
        whens = [
            When(
                Exists(state_on(clock, EditionState.Axis.STATUS).filter(code=code)),
                then=place,
            )
            for place, code in enumerate(Status.values)
        ]
    return Case(*whens, default=Value(None))
