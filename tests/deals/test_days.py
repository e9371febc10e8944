"""Days that the picker of a list offers."""

from __future__ import annotations

import datetime

import pytest
from django.db.models import Count
from django.http import QueryDict

from deals.days import MOST, days_of
from deals.filters import DealFilterSet
from deals.models import Edition, Event

pytestmark = pytest.mark.django_db


def test_the_days_of_events_with_most_deals_are_offered() -> None:
    """The summit of November 2025, though later meetings of less weight are on record."""
    offered = {one.day: one.words for one in days_of(DealFilterSet(QueryDict())).on}
    assert offered[datetime.date(2025, 11, 6)] == "C5+1 Washington summit 2025"
    assert list(offered) == sorted(offered, reverse=True)

    deals: dict[str, int] = dict(
        Edition.objects.current().order_by().values_list("event").annotate(n=Count("pk"))
    )
    names = {event.name: deals.get(event.key, 0) for event in Event.objects.public()}
    known = [words for words in offered.values() if words in names]
    assert len(known) == MOST
    assert min(names[words] for words in known) > 1
