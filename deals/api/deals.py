"""Deals in the API: list, one deal, its editions, facets and statistics."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any, Final, cast

import orjson
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from config.lib.api import (
    PAGING,
    PICKING,
    PICKING_PARAMETERS,
    PublicView,
    filter_parameters,
    picked,
    refuse_other_parameters,
)
from config.lib.filterset import StrictFilterBackend
from config.lib.paging import ListPagination
from config.lib.parameters import chosen_names
from config.lib.problems import problem_response
from deals import stats
from deals.api.shapes import DealDetail, DealSummary, EditionEntry, Editions, Facets, Stats
from deals.bitmap_index import Selected, selected
from deals.bitmap_index.quietness import quiet_in_memory
from deals.bitmap_index.selection import held_for
from deals.codes import Cause
from deals.facet_rows import facet_rows
from deals.facets import FACETS
from deals.filters import ClockFilterSet, DealFilterSet
from deals.finding import (
    DealGone,
    DealMoved,
    DealNotFound,
    editions_of,
    find_edition,
    first_published_at,
)
from deals.models import Edition
from deals.ranking import ranking_notice
from deals.reading import Clock, Detail, current_detail, detail, summaries
from deals.texts import summary_texts

SORTED_AT_MOST: Final = 20_000
"""So many primary keys are sorted sooner than PostgreSQL finds the next ones of them."""
_CLOCK = filter_parameters(ClockFilterSet)
_FILTERS = filter_parameters(DealFilterSet, without={"ordering"})
_FACET_NAMES = list(FACETS)
_DIMENSIONS = list(stats.DIMENSIONS)
_MEASURES = list(stats.MEASURES)


@extend_schema_view(
    list=extend_schema(
        summary="Deals",
        description=(
            "Deals under all filters. Values of one parameter are alternatives, parameters narrow "
            "each other. Before anything was published `notice` says since when there is; it also "
            "says where only the newest deals found are in order of relevance."
        ),
        parameters=PICKING_PARAMETERS,
        responses=DealSummary,
    ),
)
class DealViewSet(PublicView, viewsets.GenericViewSet[Edition]):
    """What readers see of deals: always editions, never drafts."""

    queryset = Edition.objects.none()
    lookup_field = "key"
    lookup_value_regex = "[-a-z0-9]+"
    pagination_class = ListPagination
    filter_backends = (StrictFilterBackend,)
    filterset_class = DealFilterSet
    cursor_column = "id"  # later editions have higher ones

    def list(self, request: Request) -> Response:
        filterset = self._filterset(request, PAGING | PICKING | {"cursor"})
        pks = self._page(request, filterset)
        response = self.get_paginated_response(_summaries(request, pks, filterset))
        count = selected(filterset).count
        if notice := before_first_edition(filterset.clock) or ranking_notice(filterset, count):
            response.data["notice"] = notice
        return response

    @extend_schema(
        summary="One deal",
        description="The edition that readers see, now or on `as_of`. A renamed key redirects.",
        parameters=[*_CLOCK, *PICKING_PARAMETERS],
        responses=DealDetail,
    )
    def retrieve(self, request: Request, key: str) -> Response | HttpResponse:
        clock = self._clock(request)
        document = current_detail(key) if clock.is_now else None
        if document is not None:
            return self._document(
                request, document, is_current=True, is_withdrawn=False, superseded_at=None
            )
        try:
            edition = find_edition(key, clock)
        except DealMoved as moved:
            return self._redirect(request, "deal-detail", key=moved.key)
        except DealGone as gone:
            return _gone(request, gone.closing, str(gone), gone.last_number)
        except DealNotFound as missing:
            raise Http404(str(missing)) from missing
        return self._detail(request, edition, clock)

    @extend_schema(
        operation_id="deals_editions_list",
        summary="Editions of a deal",
        description="Its history, newest first. An edition never changes and can be cited.",
        parameters=[OpenApiParameter("page", int), OpenApiParameter("page_size", int)],
        responses=Editions,
    )
    @action(detail=True, filter_backends=())
    def editions(self, request: Request, key: str) -> Response:
        refuse_other_parameters(request.query_params, PAGING)
        editions = _editions(key).order_by("-number").defer("search", "search_names")
        page = self.paginate_queryset(editions) or []
        return self.get_paginated_response([_entry(request, edition) for edition in page])

    @extend_schema(
        operation_id="deals_editions_retrieve",
        summary="One edition of a deal",
        parameters=[OpenApiParameter("number", int, OpenApiParameter.PATH), *PICKING_PARAMETERS],
        responses=DealDetail,
    )
    @action(
        detail=True,
        url_path=r"editions/(?P<number>[0-9]{1,6})",
        url_name="edition",
        filter_backends=(),
        pagination_class=None,
    )
    def edition(self, request: Request, key: str, number: str) -> Response | HttpResponse:
        refuse_other_parameters(request.query_params, PICKING)
        editions = _editions(key)
        edition = editions.filter(number=number).select_related("document").first()
        if edition is None:
            raise Http404(f"“{key}” has no edition {number}.")
        if edition.cause in Cause.hidden():
            last = editions.readable().filter(number__lt=number).order_by("-number").first()
            gone = DealGone(edition, last.number if last else None)
            return _gone(request, edition, str(gone), gone.last_number)
        return self._detail(request, edition, Clock())

    @extend_schema(
        summary="Counts beside the filters",
        description="For each value of each filter, how many deals it would leave.",
        parameters=[
            *_FILTERS,
            OpenApiParameter(
                "facets", str, many=True, enum=_FACET_NAMES, description="Only these filters."
            ),
        ],
        responses=Facets,
    )
    @action(detail=False, filter_backends=(), pagination_class=None)
    def facets(self, request: Request) -> Response:
        filterset = self._filterset(request, {"facets"})
        names = chosen_names(request.query_params, "facets", FACETS, what="a facet")
        facets = facet_rows(filterset, names or FACETS)
        return Response({"count": selected(filterset).count, "facets": facets})

    @extend_schema(
        summary="Deals counted and summed",
        description=(
            "A measure of the selected deals by up to two dimensions. A deal with several hosts "
            "counts whole in each, so cells add up only where `is_additive` says so."
        ),
        parameters=[
            *_FILTERS,
            OpenApiParameter("by", str, many=True, enum=_DIMENSIONS, description="At most two."),
            OpenApiParameter("measure", str, enum=_MEASURES, default="deals"),
        ],
        responses=Stats,
    )
    @action(detail=False, filter_backends=(), pagination_class=None)
    def stats(self, request: Request) -> Response:
        filterset = self._filterset(request, {"by", "measure"})
        return Response(stats.read_and_count(filterset, request.query_params))

    def _page(self, request: Request, filterset: DealFilterSet) -> Sequence[int]:
        """Primary keys of the editions on the page asked for."""
        found = selected(filterset)
        paginator = cast(ListPagination, self.paginator)
        if "cursor" not in request.query_params:
            return paginator.paginate_queryset(_Places(found), request, self, count=found.count)
        editions = filterset.filtered(filterset.editions).values("id")
        is_held = held_for(filterset) is not None and found.count <= SORTED_AT_MOST
        following = partial(_following, found) if is_held else None
        rows = paginator.paginate_queryset(
            editions, request, self, count=found.count, following=following
        )
        return [row["id"] for row in rows]

    def _filterset(self, request: Request, others: Collection[str]) -> DealFilterSet:
        filterset = DealFilterSet(request.query_params, request=request)
        filterset.raise_for_problems(others)
        self.reference_day = filterset.clock.day
        return filterset

    def _clock(self, request: Request) -> Clock:
        filterset = ClockFilterSet(request.query_params)
        filterset.raise_for_problems(PICKING)
        self.reference_day = filterset.clock.day
        return filterset.clock

    def _detail(self, request: Request, edition: Edition, clock: Clock) -> Response:
        self.reference_day = clock.day
        is_withdrawn = (
            not edition.is_current
            and not Edition.objects.current().filter(deal=edition.deal_id).exists()
        )
        return self._document(
            request,
            detail(edition, clock),
            is_current=edition.is_current,
            is_withdrawn=is_withdrawn,
            superseded_at=edition.period.upper,
        )

    def _document(self, request: Request, document: Detail, **standing: Any) -> Response:
        """A document with how its edition stands, or the members of these asked for."""
        return Response(picked(request, [{**document, **standing}], DealDetail.model_fields)[0])

    def _redirect(self, request: Request, name: str, **arguments: str) -> HttpResponse:
        url = reverse(f"api:{name}", kwargs=arguments)
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{url}?{query}" if query else url)


def _following(found: Selected, after: int | None, most: int) -> QuerySet[Any, Any]:
    """The next editions of a selection by primary key, found without asking the database."""
    pks = sorted(found.page_pks(0, found.count))
    start = 0 if after is None else bisect_right(pks, after)
    return Edition.objects.filter(pk__in=pks[start : start + most]).values("id")


class _Places:
    """The primary keys of a selection by their places, read a page at a time."""

    def __init__(self, found: Selected) -> None:
        self._found = found

    def __getitem__(self, places: slice) -> list[int]:
        return self._found.page_pks(places.start, places.stop)


def _summaries(request: Request, pks: Sequence[int], filterset: DealFilterSet) -> list[Any]:
    """Summaries with the members asked for; where these are all, as texts that nobody reads."""
    clock = filterset.clock
    is_picking = not PICKING.isdisjoint(request.query_params)
    if not clock.is_past_world:
        texts = summary_texts(pks, clock, quiet_in_memory(filterset, pks))
        if not is_picking:
            return [orjson.Fragment(text) for text in texts]
        rows = [orjson.loads(text) for text in texts]
    else:
        editions = Edition.objects.for_list().in_bulk(pks)
        rows = summaries([editions[pk] for pk in pks], clock)
    return picked(request, rows, DealSummary.model_fields)


def before_first_edition(clock: Clock) -> str | None:
    """A sentence for readings of a time when Lodebook had published nothing."""
    first = first_published_at() if clock.as_of else None
    if first is None or clock.as_of is None or clock.as_of >= first:
        return None
    return f"Lodebook publishes since {first.date()}: there is nothing as of {clock.as_of.date()}."


def _editions(key: str) -> Any:
    try:
        return editions_of(key)
    except DealNotFound as missing:
        raise Http404(str(missing)) from missing


def _gone(
    request: Request, closing: Edition, sentence: str, last_number: int | None
) -> HttpResponse:
    headers: Mapping[str, str] = {}
    if last_number is not None:
        url = reverse("api:deal-edition", args=[closing.key, last_number])
        headers = {"Link": f'<{url}>; rel="predecessor-version"'}
    return problem_response(request, HTTPStatus.GONE, sentence, headers=headers)


def _entry(request: Request, edition: Edition) -> dict[str, Any]:
    is_readable = edition.cause not in Cause.hidden()
    entry = {
        "number": edition.number,
        "seq": edition.seq,
        "key": edition.key,
        "title": edition.title,
        "cause": edition.cause,
        "reason": edition.reason,
        "published_at": edition.published_at,
        "superseded_at": edition.period.upper,
        "is_current": edition.is_current,
        "url": edition_url(request, edition) if is_readable else None,
    }
    assert entry.keys() == EditionEntry.model_fields.keys()
    return entry


def edition_url(request: Request, edition: Edition) -> str:
    """The address of an edition in the API."""
    return reverse("api:deal-edition", args=[edition.key, edition.number], request=request)
