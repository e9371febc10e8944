"""What profile pages share: the time they are read at, numbered sources, bars of countries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any, Concatenate

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from config.lib.caching import public_page
from config.lib.imprecise import latest_first
from countries.models import Reference
from deals.charts import Figure
from deals.charts.catalogue import draw
from deals.filters import DealFilterSet
from deals.models.edition import Edition, EditionQuerySet
from deals.reading import Clock, ClockError, Summary, summaries
from deals.selecting import query_at
from minerals.models import PolicyMeasure

LATEST_SHOWN = 8
FEWEST_FOR_A_CHART = 3


def at_a_time[**P](
    view: Callable[Concatenate[HttpRequest, Clock, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A public page read at ``as_of``; a wrong day is answered with its error and no deals."""

    @public_page
    @wraps(view)
    def timed(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            clock = Clock.parse(as_of=request.GET.get("as_of", ""))
        except ClockError as error:
            return render(request, "deals/wrong_time.html", {"problem": error}, status=400)
        return view(request, clock, *args, **kwargs)

    return timed


def page(
    request: HttpRequest, template: str, clock: Clock, context: Mapping[str, Any]
) -> HttpResponse:
    """A profile or list, with its clock and, under ``as_of``, since when there are editions."""
    since = None
    if clock.as_of:
        since = Edition.objects.order_by("seq").values_list("published_at", flat=True).first()
    return render(request, template, {**context, "clock": clock, "publishing_since": since})


class References:
    """The sources of the reference facts on a page, numbered in the order of their first use."""

    def __init__(self) -> None:
        self._numbers: dict[Reference, int] = {}

    def number(self, reference: Reference | None) -> int | None:
        """The number of a source; None for a fact that is computed here."""
        if reference is None:
            return None
        return self._numbers.setdefault(reference, len(self._numbers) + 1)

    def numbers(self, references: Iterable[Reference]) -> list[int]:
        """The numbers of several sources of one fact."""
        return [number for reference in references if (number := self.number(reference))]

    def __iter__(self) -> Iterator[Reference]:
        return iter(self._numbers)

    def __bool__(self) -> bool:
        return bool(self._numbers)


def newest(editions: EditionQuerySet, clock: Clock, count: int = LATEST_SHOWN) -> list[Summary]:
    """The deals announced last: those without a date come last."""
    rows = editions.select_related("document").order_by(*latest_first("announced_on"), "key")
    return summaries(rows[:count], clock)


def in_time[Measures: QuerySet[PolicyMeasure]](measures: Measures) -> Measures:
    """Measures with their issuers, the latest first, those without a date last."""
    return measures.select_related("issuer_country", "issuer_bloc").order_by(
        Coalesce("announced_on__startswith", "in_force_on__startswith").desc(nulls_last=True),
        "key",
    )


def drawn(clock: Clock, *names: str, said: str = "Deals", **filters: str) -> list[Figure]:
    """Charts of the deals under these filters, as of the same day: those that show anything.

    ``said`` is what the subtitles call the deals: “Deals hosted”.
    """
    filterset = DealFilterSet(query_at(clock, filters))
    figures = (draw(name, filterset) for name in names)
    return [
        # A profile has no parameters for charts; their files and the list have.
        replace(figure, subtitle=re.sub("^Deals", said, figure.subtitle), choices=())
        for figure in figures
        if figure is not None
    ]
