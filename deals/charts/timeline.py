"""The timeline of a selection, read page by page in the order of the list."""

from __future__ import annotations

import datetime
from typing import Final

from django.db.models import Count, Min
from django.urls import reverse

from config.lib.paging import read_paging
from config.lib.words import date_in_words
from deals.charts.lanes import Span, Timeline, lanes_drawn
from deals.filters import DealFilterSet
from deals.presenting import typeset
from deals.presenting.lanes import lane_of
from deals.reading import Clock, dated

KEEPS: Final = ("ordering", "page", "page_size")
"""Parameters of the list that say which of its deals are drawn."""


def timeline(filterset: DealFilterSet) -> Timeline | None:
    """The lanes of one page of the selection, on an axis that holds all of it.

    Two queries; four for a past day. Raises `InvalidParameters` for a wrong page.
    """
    number, size = read_paging(filterset.data)
    clock = filterset.clock
    first = (number - 1) * size
    editions = list(filterset.qs.select_related("document")[first : first + size])
    if not editions:
        return None
    until = clock.day if clock.is_past_world else None
    lanes = [lane_of(typeset(document), until=until) for document in dated(editions, clock)]
    own = [date.year for lane in lanes for date, _ in lane.dated]
    deals, years = _span_of(filterset, own)
    span = Span(
        deals=deals,
        first=first + 1,
        years=years,
        day=clock.day,
        day_words="now" if clock.day == clock.today else date_in_words(clock.day),
    )
    return lanes_drawn(lanes, span, hrefs={lane.key: _href(lane.key, clock) for lane in lanes})


def _span_of(filterset: DealFilterSet, own: list[int]) -> tuple[int, tuple[int, int]]:
    """How many deals there are, and the first and last year of what is known of them.

    The index knows no plain news, which belong to no status: ``own`` are the years of this page.
    """
    clock = filterset.clock
    found = filterset.filtered(filterset.editions).order_by()
    facts = found.aggregate(
        deals=Count("pk", distinct=True),
        first_state=Min("states__from_on"),
        first_line=Min("lines__from_on"),
    )
    days: list[datetime.date] = [
        day for name, day in facts.items() if name != "deals" and day is not None
    ]
    known = [day.year for day in days if day <= clock.day]
    return facts["deals"], (
        min([*known, *own, clock.day.year]),
        max([*own, clock.day.year]),
    )


def _href(key: str, clock: Clock) -> str:
    """The page of a deal at the same time."""
    path = reverse("deals:detail", args=[key])
    return f"{path}?{clock.query}" if clock.query else path
