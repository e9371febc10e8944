"""The two days of a list: which ones are chosen, and days worth choosing.

``on`` asks how the world stood; ``as_of`` what Lodebook had published. They are kept apart.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.db import connection
from django.urls import reverse

from config.lib.caching import while_unchanged
from config.lib.words import date_in_words
from deals.codes import Cause
from deals.filters import DealFilterSet
from deals.models import Edition, Event
from deals.rail import printable
from deals.selecting import Addresses, known_query
from deals.tallying import tally

YEARS: Final = 3
MOST: Final = 6
LAST_DAYS: Final = 30
"""Days of publication that are looked at, since some may have brought new names alone."""
PARAMETERS: Final = ("on", "as_of")
_EDITIONS: Final = Edition._meta.db_table


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
    """The days of a list whose parameters are right."""
    query = known_query(filterset)
    href = partial(Addresses(query).href, reverse("deals:list"))
    today = filterset.clock.today
    values = {name: printable(query.get(name) or "") for name in PARAMETERS}
    starts = [
        (datetime.date(today.year - back, 1, 1), f"the start of {today.year - back}")
        for back in range(YEARS)
    ]

    def quick(name: str, day: datetime.date, words: str) -> QuickDay:
        return QuickDay(day, words, href({name: str(day)}), query.get(name) == str(day))

    return Days(
        values=values,
        kept=[
            (name, printable(value))
            for name, given in query.lists()
            if name not in PARAMETERS
            for value in given
        ],
        today=today,
        on=[quick("on", *one) for one in sorted([*starts, *_event_days(today)], reverse=True)],
        as_of=[quick("as_of", *one) for one in _days_of_publication()],
        today_href=href(dict.fromkeys(PARAMETERS, "")),
    )


type _Days = tuple[tuple[datetime.date, str], ...]


@while_unchanged
def _event_days(today: datetime.date) -> _Days:
    """The days of the events with most deals: those that have happened and are known to the day."""
    deals = {
        key: one.count for key, one in tally(DealFilterSet(), ["event"]).values["event"].items()
    }
    events = Event.objects.order_by().filter(key__in=deals)
    rows = sorted(
        (
            (deals[key], date.earliest, name)
            for key, date, name in events.values_list("key", "happened_on", "name")
            if date.precision == "day" and date.earliest <= today
        ),
        reverse=True,
    )
    return tuple((day, name) for _, day, name in rows[:MOST])


@while_unchanged
def _days_of_publication() -> _Days:
    """The last days on which anything was published; new names alone are no news."""
    with connection.cursor() as cursor:
        cursor.execute(_PUBLISHED_SQL, {"last_days": LAST_DAYS, "refresh": Cause.REFRESH})
        days = [day for day, is_news in cursor.fetchall() if is_news]
    return tuple((day, "editions published") for day in days[:MOST])


# Editions are numbered in the order of their publication, so the last one before a day is found
# by halving, without reading those of a day on which a million were published.
_PUBLISHED_SQL: Final = f"""
    WITH RECURSIVE halved (days, midnight, nothing, low, high) AS (
        SELECT 1, date_trunc('day', last.published_at, 'UTC'), nothing, nothing, last.seq
        FROM (SELECT min(seq) - 1 AS nothing FROM {_EDITIONS}) AS before,
        LATERAL (
            SELECT seq, published_at FROM {_EDITIONS} ORDER BY seq DESC LIMIT 1
        ) AS last
        UNION ALL
        SELECT
            days + is_found::int,
            CASE WHEN is_found THEN date_trunc('day', published_at, 'UTC') ELSE midnight END,
            nothing,
            CASE WHEN is_found THEN nothing WHEN published_at < midnight THEN seq ELSE low END,
            CASE WHEN is_found THEN low WHEN published_at < midnight THEN high ELSE middle END
        FROM halved,
        LATERAL (SELECT high - low <= 1 AS is_found, (low + high) / 2 AS middle) AS half,
        LATERAL (
            SELECT seq, published_at FROM {_EDITIONS}
            WHERE seq >= CASE WHEN is_found THEN low ELSE middle END ORDER BY seq LIMIT 1
        ) AS probe
        WHERE days < %(last_days)s AND NOT (is_found AND low = nothing)
    )
    SELECT
        (midnight AT TIME ZONE 'UTC')::date,
        EXISTS (
            SELECT 1 FROM {_EDITIONS}
            WHERE seq BETWEEN min(high) AND max(high) AND cause <> %(refresh)s
        )
    FROM halved GROUP BY days, midnight ORDER BY days
"""
