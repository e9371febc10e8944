"""Events, projects and exchange rates: live on save, so changed by reviewers only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from config.lib.admin import KeyedAdmin, RecordAdmin, date_column
from config.lib.generics import AnyTabularInline
from deals.models import DealRedirect, Event, ExchangeRate, Project, ProjectFigure


@admin.register(Event)
class EventAdmin(KeyedAdmin[Event]):
    fields = (
        "name",
        "key",
        ("happened_on", "ends_on"),
        ("city", "country"),
        "participants",
        "summary",
        "references",
    )
    list_display = ("name", date_column("happened_on", "First day"), "city", "country")
    list_filter = (("country", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("country",)
    search_fields = ("name", "key", "city", "summary")
    autocomplete_fields = ("country", "participants", "references")
    ordering = ("-happened_on__startswith", "key")


class FigureInline(AnyTabularInline[ProjectFigure, Project]):
    model = ProjectFigure
    fields = ("measure", "amount", "unit", "statement", "reference")
    autocomplete_fields = ("reference",)
    extra = 0


@admin.register(Project)
class ProjectAdmin(KeyedAdmin[Project]):
    key_field = "slug"
    fields = (
        "name",
        "slug",
        ("country", "region"),
        ("latitude", "longitude"),
        "note",
        "references",
    )
    inlines = (FigureInline,)
    list_display = ("name", "country", "region", "has_place")
    list_filter = (("country", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("country",)
    search_fields = ("name", "slug", "region")
    autocomplete_fields = ("country", "references")

    @admin.display(description="Place known", boolean=True)
    def has_place(self, project: Project) -> bool:
        """It can stand on the map."""
        return project.latitude is not None


@admin.register(ExchangeRate)
class ExchangeRateAdmin(RecordAdmin[ExchangeRate]):
    list_display = ("currency", "year", "usd_per_unit", "is_estimate", "covered_until")
    list_filter = ("currency", "is_estimate", "year")
    search_fields = ("currency", "year")
    autocomplete_fields = ("reference",)


@admin.register(DealRedirect)
class DealRedirectAdmin(RecordAdmin[DealRedirect]):
    """Former keys. Renaming a deal makes them; they lead to it for good."""

    list_display = ("key", "deal")
    list_select_related = ("deal",)
    search_fields = ("key", "deal__key", "deal__title")
    readonly_fields = ("key", "deal")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
