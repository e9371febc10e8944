"""The API: one router for every app, its schema and its human pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.routers import APIRootView, DefaultRouter

from config.lib.api import PublicView
from config.lib.caching import public_page
from config.lib.problems import answer_problems, problem_404
from config.schema import schema
from deals.api import reference
from deals.api.changes import ChangesView
from deals.api.deals import DealViewSet
from deals.api.vocabularies import VocabularyViewSet

app_name = "api"


@extend_schema(exclude=True)
class Root(PublicView, APIRootView):
    """The endpoints, each with its address."""


router = DefaultRouter()
router.include_format_suffixes = False
router.APIRootView = Root
router.register("deals", DealViewSet, basename="deal")
router.register("companies", reference.CompanyViewSet, basename="company")
router.register("countries", reference.CountryViewSet, basename="country")
router.register("blocs", reference.BlocViewSet, basename="bloc")
router.register("minerals", reference.MineralViewSet, basename="mineral")
router.register("criticality-lists", reference.CriticalityListViewSet, basename="criticality-list")
router.register("production", reference.ProductionViewSet, basename="production")
router.register("events", reference.EventViewSet, basename="event")
router.register("policies", reference.PolicyViewSet, basename="policy")
router.register("sources", reference.SourceViewSet, basename="source")
router.register("projects", reference.ProjectViewSet, basename="project")
router.register("vocabularies", VocabularyViewSet, basename="vocabulary")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="api:docs")),
    path("v1/changes/", ChangesView.as_view(), name="changes"),
    path("v1/", include(router.urls)),
    path("schema/", answer_problems(schema), name="schema"),
    path(
        "docs/",
        public_page(SpectacularSwaggerSplitView.as_view(url_name="api:schema")),
        name="docs",
    ),
    # Only with a slash at its end, so that an address without one is led to the one with it.
    re_path(r"^(?:[\s\S]*/)?$", problem_404),
]
