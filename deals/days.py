"""The two days of a list: which ones are chosen, and days worth choosing.

``on`` asks how the world stood; ``as_of`` what Lodebook had published. They are kept apart.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import DateField, F, Func, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import TruncDate
from django.http import QueryDict

from config.lib.words import date_in_words
from deals.filters import DealFilterSet
from deals.models import Edition, Event
from deals.rail import printable
from deals.selecting import known_query, list_href

YEARS: Final = 3
MOST: Final = 6
PARAMETERS: Final = ("on", "as_of")


@dataclass(frozen=True)
class QuickDay:
    """A day worth seeing: its address, and what happened then."""

    day: datetime.date
    words: str
    href: str
    is_chosen: bool


@dataclass(frozen=True)
class Days:
    """What the picker of days shows."""

    values: Mapping[str, str]
    """What stands in the two fields."""
    kept: list[tuple[str, str]]
    """The other parameters, which the form sends along."""
    today: datetime.date
    on: list[QuickDay]
    as_of: list[QuickDay]
    today_href: str
    """The same list without either day."""

    @property
    def words(self) -> str:
        """“today”, “1 Jun 2025”, “1 Jun 2025, published by 31 Dec 2025”."""
        on, as_of = (
            date_in_words(value) if (value := self.values[name]) else "" for name in PARAMETERS
        )
        if on and as_of:
            return f"{on}, published by {as_of}"
        return on or (f"published by {as_of}" if as_of else "today")


def days_of(filterset: DealFilterSet) -> Days:
    """The days of a list whose parameters are right, in one query."""
    query = known_query(filterset)
    today = filterset.clock.today
    values = {name: printable(query.get(name) or "") for name in PARAMETERS}
    starts = [
        (datetime.date(today.year - back, 1, 1), f"the start of {today.year - back}")
        for back in range(YEARS)
    ]
    events, published = _days_on_record(today)
    return Days(
        values=values,
        kept=[
            (name, printable(value))
            for name, given in query.lists()
            if name not in PARAMETERS
            for value in given
        ],
        today=today,
        on=[_quick(query, "on", *one) for one in sorted([*starts, *events], reverse=True)],
        as_of=[_quick(query, "as_of", *one) for one in published],
        today_href=list_href(query, dict.fromkeys(PARAMETERS, "")),
    )


type _Days = list[tuple[datetime.date, str]]


def _days_on_record(today: datetime.date) -> tuple[_Days, _Days]:
    """The days of the events with most deals, and the last days on which anything was published."""
    day = DateField()
    announced_there = (
        Edition.objects.current()
        .order_by()
        .filter(event=OuterRef("key"))
        .annotate(n=Func(F("pk"), function="COUNT", output_field=IntegerField()))
        .values("n")
    )
    events = (
        Event.objects.public()
        .order_by()
        .annotate(
            first=Func(F("happened_on"), function="lower", output_field=day),
            after=Func(F("happened_on"), function="upper", output_field=day),
            words=F("name"),
            weight=Subquery(announced_there),
        )
        .values_list("weight", "first", "after", "words")
    )
    published_on = TruncDate("published_at", tzinfo=datetime.UTC)
    editions = (
        Edition.objects.news()
        .order_by()
        .annotate(weight=Value(0), first=published_on, after=published_on, words=Value(""))
        .values_list("weight", "first", "after", "words")
        .distinct()
    )
    # An event of which only month or year is known has no day to offer.
    one_day = datetime.timedelta(days=1)
    rows = sorted(events.union(editions).order_by(), reverse=True)
    known = [
        (first, words)
        for _, first, after, words in rows
        if words and after - first == one_day and first <= today
    ]
    published = [(first, "editions published") for _, first, _, words in rows if not words]
    return known[:MOST], published[:MOST]


def _quick(query: QueryDict, name: str, day: datetime.date, words: str) -> QuickDay:
    return QuickDay(day, words, list_href(query, {name: str(day)}), query.get(name) == str(day))
