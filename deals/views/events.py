"""Summits and visits where deals were announced, and what became of them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from config.lib.sorting import sort_key
from config.lib.words import count_in_words, money_in_words
from countries.models import Country
from deals.codes import BINDING_STATUSES
from deals.labels import labels
from deals.models import EditionState, Event
from deals.models.edition import EditionQuerySet
from deals.money import RUNGS
from deals.portfolios import (
    EventSums,
    Headlines,
    PortfolioLadder,
    headlines_of,
    ladder_of,
    sums_by_event,
)
from deals.reading import Clock, Summary, summaries
from deals.views.listing import ListQuery
from deals.views.profile import References, at_a_time, page

OTHERS_SHOWN = 6
LARGE_PART = Decimal("0.5")
ORDERS: dict[str, Callable[[Event, EventSums | None], Any]] = {
    "name": lambda event, _: sort_key(event.name),
    "happened_on": lambda event, _: event.happened_on.earliest,
    "deals": lambda _, sums: sums.deals if sums else 0,
    "binding": lambda _, sums: sums.binding if sums else 0,
    "stale": lambda _, sums: sums.stale if sums else 0,
    "headline_usd": lambda _, sums: sums.headline_usd if sums else None,
}


@at_a_time
def event_list(request: HttpRequest, clock: Clock) -> HttpResponse:
    """Public events with their deals then and now in numbers; ``q`` and ``country`` narrow it."""
    query = ListQuery(request.GET)
    words, ordering = query.text("q"), query.ordering(ORDERS, "-happened_on")
    countries = Country.objects.filter(
        Q(events_held__in=Event.objects.public()) | Q(events_attended__in=Event.objects.public())
    ).distinct()
    known = {country.iso2: country for country in countries}
    iso2 = query.choice("country", known, "a country that took part in an event", upper=True)
    sums = sums_by_event(clock.editions(), clock)
    events = Event.objects.public().select_related("country").order_by("-happened_on", "key")
    if iso2:
        took_part = Q(country=iso2) | Q(participants=iso2)
        events = events.filter(pk__in=Event.objects.filter(took_part).values("pk"))
    found = [event for event in events if not words or _names(event, words)]
    chosen = query.page(_in_order(found, ordering, sums))
    context = {
        "query": words,
        "country": known.get(iso2),
        "countries": sorted(known.values(), key=lambda country: country.sort_name),
        "ordering": ordering,
        "page": chosen,
        "rows": [(event, _row(sums[event.key]) if event.key in sums else None) for event in chosen],
        "is_narrowed": bool(words or iso2),
        "deal_count": sum(of_one.deals for of_one in sums.values()),
    }
    return query.answer(request, "deals/event_list.html", clock, context)


def _names(event: Event, words: str) -> bool:
    return any(sort_key(words) in sort_key(text) for text in (event.name, event.city))


def _in_order(events: list[Event], ordering: str, sums: dict[str, EventSums]) -> list[Event]:
    """In an order of `ORDERS`; of equal ones the latest first, and those without a number last."""
    column, down = ORDERS[ordering.lstrip("-")], ordering.startswith("-")
    known = [event for event in events if column(event, sums.get(event.key)) is not None]
    known.sort(key=lambda event: column(event, sums.get(event.key)), reverse=down)
    return [*known, *(event for event in events if column(event, sums.get(event.key)) is None)]


@dataclass(frozen=True)
class Fate:
    """A deal of an event: how it stood that day and how it stands."""

    deal: Summary
    then: str | None
    """Status on the event's last day, or the first one known after it; None: none is dated."""
    then_on: datetime.date | None
    """The day of that status where it is later than the event."""

    @property
    def has_moved(self) -> bool:
        """Its status is another now."""
        return self.then is not None and self.then != self.deal["status"]


@at_a_time
def event_detail(request: HttpRequest, clock: Clock, key: str) -> HttpResponse:
    """What became of an event: deal by deal, promised against committed, beside other events."""
    event = get_object_or_404(Event.objects.public().select_related("country"), key=key)
    editions = clock.editions().filter(event=key)
    fates = _fates(editions, clock, event)
    headlines = headlines_of(editions)
    ladder = ladder_of(editions, clock, deal_count=len(fates))
    references = References()
    references.numbers(event.references.all())
    sums = sums_by_event(clock.editions().exclude(event=key), clock)
    others = {other.key: other for other in Event.objects.public().filter(key__in=sums)}
    ranked = sorted(others, key=lambda other: (-sums[other].deals, other))
    context = {
        "event": event,
        "participants": event.participants.all(),
        "deck": _deck(len(fates), headlines, ladder, event, clock),
        "fates": fates,
        "facts": _facts(fates, event, clock),
        "headlines": headlines,
        "headline_words": f"{headlines.deals} of {count_in_words(len(fates), 'deal')}",
        "largest": _largest(fates, headlines),
        "ladder": ladder,
        "others": [(others[other], _row(sums[other])) for other in ranked[:OTHERS_SHOWN]],
        "references": references,
    }
    return page(request, "deals/event_detail.html", clock, context)


def _last_day(event: Event) -> datetime.date:
    return (event.ends_on or event.happened_on).latest


def _fates(editions: EditionQuerySet, clock: Clock, event: Event) -> list[Fate]:
    """The deals, those with the largest headline first."""
    rows = list(editions.select_related("document"))
    day = _last_day(event)
    states: dict[int, list[EditionState]] = defaultdict(list)
    for state in EditionState.objects.filter(
        edition__in=rows, axis=EditionState.Axis.STATUS
    ).order_by("from_on"):
        states[state.edition_id].append(state)
    fates = []
    for edition, deal in zip(rows, summaries(rows, clock), strict=True):
        known = states[edition.pk]
        held = [s for s in known if s.from_on <= day and (s.until_on is None or s.until_on > day)]
        later = [s for s in known if s.from_on > day]
        if held:
            fates.append(Fate(deal, held[-1].code, None))
        elif later:
            fates.append(Fate(deal, later[0].code, later[0].from_on))
        else:
            fates.append(Fate(deal, None, None))
    return sorted(fates, key=lambda f: (-(f.deal["value_usd"] or 0), f.deal["title"]))


def _deck(
    count: int, headlines: Headlines, ladder: PortfolioLadder, event: Event, clock: Clock
) -> str:
    announced = f"{count_in_words(count, 'recorded deal')} {'was' if count == 1 else 'were'}"
    promised = (
        f" with {money_in_words(headlines.usd)} in headlines" if headlines.usd is not None else ""
    )
    sums = [
        f"{money_in_words(usd)} is {labels()['rung'][rung].lower()}"
        for rung in RUNGS
        if (usd := ladder.usd[rung]) is not None
    ]
    if ladder.is_empty:
        firm = "no money is on record"
    elif not sums:
        firm = "no amount is known of the money on record"
    elif ladder.lines["committed"] or ladder.lines["disbursed"]:
        firm = " and ".join([", ".join(sums[:-1]), sums[-1]] if len(sums) > 1 else sums)
    else:
        firm = f"{', '.join(sums)} and nothing is committed"
    return f"{announced.capitalize()} announced there{promised}. {time_since(event, clock)} {firm}."


def time_since(event: Event, clock: Clock) -> str:
    """How much time has passed, in words, as exactly as the day of the event is known."""
    months = (clock.last_day - _last_day(event)).days * 12 // 365
    years = months // 12
    if years > 1:
        return f"{years} years on,"
    if years == 1:
        return "A year on,"
    return f"{count_in_words(months, 'month').capitalize()} on," if months > 0 else "So far"


def _facts(fates: list[Fate], event: Event, clock: Clock) -> dict[str, object]:
    """The numbers of the head: binding now, moved since, silent since, last news."""
    days = sorted(fate.deal["last_news_on"] for fate in fates if fate.deal["last_news_on"])
    year = _last_day(event).year
    return {
        "binding": sum(fate.deal["status"] in BINDING_STATUSES for fate in fates),
        "moved": [fate for fate in fates if fate.has_moved],
        "year": year,
        "silent": sum((fate.deal["last_news_on"] or "") <= f"{year}-12-31" for fate in fates)
        if clock.last_day.year > year
        else None,
        "last_news_on": days[-1] if days else None,
    }


def _largest(fates: list[Fate], headlines: Headlines) -> Summary | None:
    """The deal that makes up most of the headlines, if one does among several."""
    counted = [f.deal for f in fates if f.deal["value_usd"] and f.deal["counts_toward_total"]]
    if headlines.usd is None or len(counted) < 2:
        return None
    first = max(counted, key=lambda deal: deal["value_usd"])
    return first if first["value_usd"] > headlines.usd * LARGE_PART else None


def _row(sums: EventSums) -> dict[str, object]:
    """An event's sums as a row of the table: the tag of ladders takes a mapping."""
    return {
        "deals": sums.deals,
        "binding": sums.binding,
        "stale": sums.stale,
        "headline_usd": sums.headline_usd,
        "ladder": sums.ladder,
        "ladder_lines": sums.ladder_lines,
        "lines_unknown": sums.lines_unknown,
    }
