"""Minerals, lists, production and policies: live on save, changed by reviewers only."""

from __future__ import annotations

from django.contrib import admin

from config.lib.admin import KeyedAdmin, RecordAdmin, date_column
from config.lib.generics import AnyTabularInline
from minerals.models import (
    CountryFact,
    CriticalityList,
    Listing,
    Mineral,
    PolicyMeasure,
    Production,
    TradeCode,
)


class TradeCodeInline(AnyTabularInline[TradeCode, Mineral]):
    model = TradeCode
    extra = 0


class MineralListingInline(AnyTabularInline[Listing, Mineral]):
    model = Listing
    fk_name = "mineral"
    fields = ("criticality_list", "since", "via", "note")
    autocomplete_fields = ("criticality_list", "via")
    extra = 0


@admin.register(Mineral)
class MineralAdmin(KeyedAdmin[Mineral]):
    key_field = "slug"
    list_display = ("name", "short_form", "category", "parent", "slug")
    list_filter = ("category", ("parent", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("parent",)
    search_fields = ("name", "slug", "symbol", "aliases")
    autocomplete_fields = ("parent", "references")
    inlines = (TradeCodeInline, MineralListingInline)


class ListedMineralInline(AnyTabularInline[Listing, CriticalityList]):
    model = Listing
    fields = ("mineral", "since", "via", "note")
    autocomplete_fields = ("mineral", "via")
    extra = 0


@admin.register(CriticalityList)
class CriticalityListAdmin(KeyedAdmin[CriticalityList]):
    name_field = "label"
    list_display = (
        "label",
        "name",
        "issuer",
        date_column("published_on", "Published"),
        "mapped_count",
        "entry_count",
    )
    search_fields = ("label", "name", "issuer", "key")
    autocomplete_fields = ("references",)
    inlines = (ListedMineralInline,)


@admin.register(Listing)
class ListingAdmin(RecordAdmin[Listing]):
    list_display = ("mineral", "criticality_list", date_column("since", "Since"), "via")
    list_filter = ("criticality_list",)
    list_select_related = ("mineral", "criticality_list", "via")
    search_fields = ("mineral__name", "criticality_list__label")
    autocomplete_fields = ("mineral", "criticality_list", "via")


@admin.register(Production)
class ProductionAdmin(RecordAdmin[Production]):
    list_display = ("mineral", "country", "measure", "year", "amount", "unit", "is_preferred")
    list_filter = ("measure", "year", "is_preferred", "is_estimated")
    list_select_related = ("mineral", "country")
    search_fields = ("mineral__name", "country__name", "unit")
    autocomplete_fields = ("mineral", "country", "reference")


@admin.register(PolicyMeasure)
class PolicyMeasureAdmin(KeyedAdmin[PolicyMeasure]):
    name_field = "title"
    list_display = (
        "title",
        "kind",
        "status",
        "issuer_country",
        "issuer_bloc",
        date_column("announced_on", "Announced"),
        date_column("in_force_on", "In force"),
    )
    list_filter = ("kind", "status", ("issuer_country", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("issuer_country", "issuer_bloc")
    search_fields = ("title", "key", "summary")
    autocomplete_fields = ("issuer_country", "issuer_bloc", "targets", "minerals", "references")
    ordering = ("-announced_on__startswith", "key")


@admin.register(CountryFact)
class CountryFactAdmin(RecordAdmin[CountryFact]):
    list_display = ("country", "mineral", "statement", "as_of", "basis")
    list_filter = (
        "basis",
        ("country", admin.RelatedOnlyFieldListFilter),
        ("mineral", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("country", "mineral")
    search_fields = ("statement", "country__name", "mineral__name")
    autocomplete_fields = ("country", "mineral", "reference")
