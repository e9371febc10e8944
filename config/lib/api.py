"""What every public endpoint of the API shares: open to all, strict, conditional, JSON.

An endpoint names the parameters it takes; any other is refused. Answers carry an ETag of their
content and the reference day, so that an unchanged one costs its reader a few bytes.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar, Final

import orjson
from django.conf import settings
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from drf_spectacular.utils import OpenApiParameter
from rest_framework import mixins, viewsets
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.lib.caching import remember_answer, unchanged_answer
from config.lib.filterset import StrictFilter, StrictFilterBackend, StrictFilterSet, described
from config.lib.imprecise import ImpreciseDate
from config.lib.paging import ListPagination
from config.lib.parameters import chosen_names
from config.lib.problems import InvalidParameters, unknown_parameter

ANYTHING: Final = "*/*"
"""What most programs accept."""
MAX_AGE_SECONDS: Final = 60
PICKING: Final = frozenset({"fields", "omit"})
"""The parameters that choose parts of an answer."""
PAGING: Final = frozenset({"page", "page_size"})

PICKING_PARAMETERS: Final = [
    OpenApiParameter(
        "fields", str, description="Members to give, separated by commas or repeated.", many=True
    ),
    OpenApiParameter(
        "omit", str, description="Members to leave out, separated by commas or repeated.", many=True
    ),
]


class JSONRenderer(BaseRenderer):
    """JSON by orjson; a stored text is passed on as ``orjson.Fragment``."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        if data is None:
            return b""
        return orjson.dumps(data, default=json_default, option=orjson.OPT_APPEND_NEWLINE)


def json_default(value: object) -> object:
    """Numbers in shortest form and dates as precise as they are known."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case ImpreciseDate():
            return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON.")


class Negotiation(DefaultContentNegotiation):
    """Who takes anything gets JSON; what others take is read as Django REST framework does."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        if request.META.get("HTTP_ACCEPT", ANYTHING) == ANYTHING:
            return renderers[0], renderers[0].media_type
        chosen: tuple[BaseRenderer, str] = super().select_renderer(
            request, renderers, format_suffix
        )
        return chosen


class PublicView(APIView):
    """An endpoint that everyone may read and nobody signs in to."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = Negotiation
    http_method_names = ["get", "head"]
    #: Parameters that are no filters: the others are refused.
    extra_parameters: ClassVar[Collection[str]] = PICKING

    #: The day that the answer depends on, part of its ETag.
    reference_day: datetime.date | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if unchanged := unchanged_answer(request):
            patch_cache_control(unchanged, public=True, max_age=MAX_AGE_SECONDS)
            return unchanged
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if isinstance(response, Response):
            response.add_post_render_callback(self._conditional)
        return response

    def _conditional(self, response: Any) -> HttpResponseBase | None:
        request: HttpRequest = self.request._request
        if response.status_code != 200 or settings.DEBUG:
            patch_cache_control(response, no_store=True)
            return None
        patch_cache_control(response, public=True, max_age=MAX_AGE_SECONDS)
        day = str(self.reference_day or "").encode()
        digest = hashlib.sha256(day + b"\0" + response.content).hexdigest()
        response["ETag"] = f'W/"{digest[:32]}"'
        remember_answer(request, response["ETag"])
        answer: HttpResponseBase | None = get_conditional_response(
            request, etag=response["ETag"], response=response
        )
        return None if answer is response else answer


class PublicListViewSet(PublicView, mixins.ListModelMixin, viewsets.GenericViewSet[Any]):
    """A list: filtered, paged, with a choice of members."""

    pagination_class = ListPagination
    filter_backends = (StrictFilterBackend,)
    extra_parameters: ClassVar[Collection[str]] = PAGING | PICKING

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response = super().list(request, *args, **kwargs)
        rows = response.data["results"]
        response.data["results"] = picked(request, rows, self.member_names())
        return response

    def member_names(self) -> Collection[str]:
        """The members that a record of this endpoint has."""
        serializer: Any = self.get_serializer_class()()
        return tuple(serializer.fields)


class PublicViewSet(PublicListViewSet, mixins.RetrieveModelMixin):
    """A list and its records, each under its name."""

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        refuse_other_parameters(request.query_params, PICKING)
        response = super().retrieve(request, *args, **kwargs)
        return Response(picked(request, [response.data], self.member_names())[0])

    def get_object(self) -> Any:
        try:
            return super().get_object()
        except Http404 as error:
            meta, name = self.get_queryset().model._meta, self.kwargs[self.lookup_field]
            raise Http404(f"There is no {meta.verbose_name} “{name}”.") from error

    def filter_queryset(self, queryset: Any) -> Any:
        # Filters are those of the list; a record is found by its name alone.
        return super().filter_queryset(queryset) if self.action == "list" else queryset


def refuse_other_parameters(query: QueryDict, known: Collection[str]) -> None:
    """Raise `InvalidParameters` for parameters that are not `known`."""
    if unknown := [name for name in query if name not in known]:
        raise InvalidParameters([unknown_parameter(name, sorted(known)) for name in unknown[:20]])


def picked(
    request: Request, rows: Iterable[Mapping[str, Any]], known: Collection[str]
) -> list[Mapping[str, Any]]:
    """`rows` with the members that ``fields`` names and without those that ``omit`` does."""
    fields = chosen_names(request.query_params, "fields", known, what="a member of this answer")
    omit = chosen_names(request.query_params, "omit", known, what="a member of this answer")
    if not fields and not omit:
        return list(rows)
    left_out = set(omit)
    wanted = [name for name in fields or known if name not in left_out]
    return [{name: row[name] for name in wanted if name in row} for row in rows]


def filter_parameters(
    filterset: type[StrictFilterSet], without: Collection[str] = ()
) -> list[OpenApiParameter]:
    """The filters as OpenAPI describes them, for endpoints that are no lists."""
    return [
        OpenApiParameter(
            name,
            dict(one.schema),
            OpenApiParameter.QUERY,
            description=described(one),
            style="form" if one.is_many else None,
            explode=True if one.is_many else None,
        )
        for name, one in filterset.base_filters.items()
        if isinstance(one, StrictFilter) and name not in without
    ]
