"""Reference records in the API: as known now, also where a deal is read as of another day.

Companies, events and projects are there only while a current edition names them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse, HttpResponsePermanentRedirect
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.serializers import BaseSerializer

from config.lib.api import (
    PAGING,
    PICKING,
    PICKING_PARAMETERS,
    PublicListViewSet,
    PublicViewSet,
)
from countries.models import Bloc, Country, Membership
from deals.api import filters, serializers
from deals.facets import facets_of
from deals.filters import DealFilterSet
from deals.models import Company, Edition, EditionSource, Event, Ownership, Project
from minerals.models import (
    CountryFact,
    CriticalityList,
    Listing,
    Mineral,
    PolicyMeasure,
    Production,
)

_KEY = "[-a-z0-9]+"


def documented(listed: str, one: str) -> Any:
    """Names an endpoint's list and record in the schema."""
    return extend_schema_view(
        list=extend_schema(summary=listed, parameters=PICKING_PARAMETERS),
        retrieve=extend_schema(summary=one, parameters=PICKING_PARAMETERS),
    )


class ReferenceViewSet(PublicViewSet):
    """A list and its records, each with its own serializer, and deals counted by a facet."""

    detail_serializer_class: ClassVar[type[BaseSerializer[Any]] | None] = None
    #: The facet that counts deals, if they are counted.
    facet: ClassVar[str] = ""
    #: What only the single record needs beside the list's queryset.
    detail_prefetches: ClassVar[Collection[str | Prefetch[Any]]] = ()

    def get_queryset(self) -> QuerySet[Any]:
        queryset = super().get_queryset()
        if self.action == "retrieve":
            queryset = queryset.prefetch_related(*self.detail_prefetches)
        return queryset

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        if self.action == "retrieve" and self.detail_serializer_class is not None:
            return self.detail_serializer_class
        return super().get_serializer_class()

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if self.facet:
            context |= {"name_field": self.lookup_field, "deal_counts": self._deal_counts}
        return context

    @cached_property
    def _deal_counts(self) -> dict[str, int]:
        if getattr(self, "swagger_fake_view", False):
            return {}
        return {
            one.value: one.count for one in facets_of(DealFilterSet(), [self.facet])[self.facet]
        }


@documented("Countries", "One country")
class CountryViewSet(ReferenceViewSet):
    queryset = Country.objects.prefetch_related(
        Prefetch("memberships", Membership.objects.select_related("bloc").order_by("bloc__key"))
    )
    serializer_class = serializers.CountrySerializer
    detail_serializer_class = serializers.CountryDetailSerializer
    detail_prefetches = (
        Prefetch("facts", CountryFact.objects.select_related("mineral", "reference")),
    )
    filterset_class = filters.CountryFilterSet
    lookup_field = "iso2"
    lookup_value_regex = "[A-Za-z]{2}"
    facet = "country"

    def get_object(self) -> Any:
        self.kwargs["iso2"] = self.kwargs["iso2"].upper()
        return super().get_object()


@documented("Blocs", "One bloc")
class BlocViewSet(ReferenceViewSet):
    queryset = Bloc.objects.prefetch_related(
        "references",
        Prefetch("memberships", Membership.objects.select_related("country")),
    )
    serializer_class = serializers.BlocSerializer
    filterset_class = filters.BlocFilterSet
    lookup_field = "key"
    lookup_value_regex = _KEY
    facet = "bloc"


@documented("Minerals", "One mineral or group")
class MineralViewSet(ReferenceViewSet):
    queryset = Mineral.objects.select_related("parent").prefetch_related(
        Prefetch("listings", Listing.objects.select_related("criticality_list", "via"))
    )
    serializer_class = serializers.MineralSerializer
    detail_serializer_class = serializers.MineralDetailSerializer
    detail_prefetches = ("children", "trade_codes", "references")
    filterset_class = filters.MineralFilterSet
    lookup_field = "slug"
    lookup_value_regex = _KEY
    facet = "mineral"


@documented("Lists of critical minerals", "One list of critical minerals")
class CriticalityListViewSet(ReferenceViewSet):
    queryset = CriticalityList.objects.all()
    serializer_class = serializers.CriticalityListSerializer
    detail_serializer_class = serializers.CriticalityListDetailSerializer
    detail_prefetches = (
        "references",
        Prefetch(
            "listings",
            Listing.objects.select_related("mineral", "via").order_by("mineral__sort_name"),
        ),
    )
    filterset_class = filters.CriticalityListFilterSet
    lookup_field = "key"
    lookup_value_regex = _KEY


@extend_schema_view(
    list=extend_schema(
        summary="Production and reserves",
        description="Figures by mineral, country, measure, year and source. Where sources differ "
        "all are here, and `is_preferred` marks the one that pages show.",
        parameters=PICKING_PARAMETERS,
    )
)
class ProductionViewSet(PublicListViewSet):
    queryset = Production.objects.select_related("mineral", "country", "reference")
    serializer_class = serializers.ProductionSerializer
    filterset_class = filters.ProductionFilterSet
    extra_parameters = PAGING | PICKING | {"cursor"}
    cursor_column = "id"


@documented("Policy measures", "One policy measure")
class PolicyViewSet(ReferenceViewSet):
    queryset = PolicyMeasure.objects.select_related(
        "issuer_country", "issuer_bloc"
    ).prefetch_related("targets", "minerals", "references")
    serializer_class = serializers.PolicySerializer
    filterset_class = filters.PolicyFilterSet
    lookup_field = "key"
    lookup_value_regex = _KEY


@documented("Companies and other bodies", "One company or body")
class CompanyViewSet(ReferenceViewSet):
    queryset = Company.objects.none()
    serializer_class = serializers.CompanySerializer
    detail_serializer_class = serializers.CompanyDetailSerializer
    filterset_class = filters.CompanyFilterSet
    lookup_field = "slug"
    lookup_value_regex = _KEY
    facet = "company"

    def get_queryset(self) -> QuerySet[Any]:
        companies = Company.objects.public().active().select_related("country")
        if self.action != "retrieve":
            return companies
        public = Company.objects.public()
        holdings = Ownership.objects.select_related("owner", "owned", "reference").in_order()
        return companies.prefetch_related(
            "references",
            Prefetch("owners", holdings.filter(owner__in=public), to_attr="public_owners"),
            Prefetch("holdings", holdings.filter(owned__in=public), to_attr="public_holdings"),
        )

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response | HttpResponse:  # type: ignore[override]
        merged = Company.objects.filter(slug=kwargs["slug"], merged_into__isnull=False)
        successor = Company.objects.public().filter(merged_from__in=merged).only("slug").first()
        if successor is not None:
            url = reverse("api:company-detail", args=[successor.slug])
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(f"{url}?{query}" if query else url)
        return super().retrieve(request, *args, **kwargs)


@documented("Events", "One event")
class EventViewSet(ReferenceViewSet):
    queryset = Event.objects.none()
    serializer_class = serializers.EventSerializer
    filterset_class = filters.EventFilterSet
    lookup_field = "key"
    lookup_value_regex = _KEY
    facet = "event"

    def get_queryset(self) -> QuerySet[Any]:
        return (
            Event.objects.public()
            .select_related("country")
            .prefetch_related("participants", "references")
        )


@documented("Projects", "One project")
class ProjectViewSet(PublicViewSet):
    queryset = Project.objects.none()
    serializer_class = serializers.ProjectSerializer
    filterset_class = filters.ProjectFilterSet
    lookup_field = "slug"
    lookup_value_regex = _KEY

    def get_queryset(self) -> QuerySet[Any]:
        return (
            Project.objects.public()
            .select_related("country")
            .prefetch_related("figures__reference", "references")
        )

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "deals": self._deals}

    @cached_property
    def _deals(self) -> dict[str, list[dict[str, str]]]:
        """The current deals about each project."""
        found: dict[str, list[dict[str, str]]] = defaultdict(list)
        editions = Edition.objects.current().exclude(projects=[]).order_by("key")
        for key, title, projects in editions.values_list("key", "title", "projects"):
            for slug in projects:
                found[slug].append({"key": key, "title": title})
        return found


@extend_schema_view(
    list=extend_schema(
        summary="Sources",
        description="Every page that a current deal rests on, once, with those deals.",
        parameters=PICKING_PARAMETERS,
    )
)
class SourceViewSet(PublicListViewSet):
    """Sources are rows of editions; one page has one row here, whatever the number of deals."""

    queryset = EditionSource.objects.none()
    serializer_class = serializers.SourceSerializer
    filterset_class = filters.SourceFilterSet

    def get_queryset(self) -> QuerySet[EditionSource]:
        return EditionSource.objects.filter(edition__in=Edition.objects.current())

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        matching = super().filter_queryset(queryset).order_by("url_key", "pk")
        return EditionSource.objects.filter(
            pk__in=matching.distinct("url_key").values("pk")
        ).order_by("publisher", "url_key")

    def paginate_queryset(self, queryset: Any) -> Any:
        page: list[EditionSource] = super().paginate_queryset(queryset) or []
        rows = (
            self.get_queryset()
            .filter(url_key__in=[source.url_key for source in page])
            .order_by("edition__key")
            .values_list("url_key", "edition__key", "edition__title")
            .distinct()
        )
        self.deals: dict[str, list[dict[str, str]]] = defaultdict(list)
        for url_key, key, title in rows:
            self.deals[url_key].append({"key": key, "title": title})
        return page

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "deals": getattr(self, "deals", {})}
