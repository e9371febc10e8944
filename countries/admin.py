"""Countries, blocs and the sources of reference facts: live on save, changed by reviewers only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from config.lib.admin import RecordAdmin, date_column
from config.lib.generics import AnyTabularInline
from countries.models import Bloc, Country, Membership, Reference


@admin.register(Reference)
class ReferenceAdmin(RecordAdmin[Reference]):
    list_display = ("__str__", "publisher", date_column("published_on", "Published"), "url")
    list_filter = (("url", admin.EmptyFieldListFilter),)
    search_fields = ("title", "publisher", "url", "key")


class CountryMembershipInline(AnyTabularInline[Membership, Country]):
    model = Membership
    fields = ("bloc", "status", "since", "until")
    autocomplete_fields = ("bloc",)
    extra = 0


@admin.register(Country)
class CountryAdmin(RecordAdmin[Country]):
    list_display = ("name", "iso2", "iso3", "region", "subregion")
    list_filter = ("region", "subregion")
    search_fields = ("name", "iso2", "iso3", "iso_name", "official_name", "aliases")
    inlines = (CountryMembershipInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("iso2",) if obj else ()


class MemberInline(AnyTabularInline[Membership, Bloc]):
    model = Membership
    fields = ("country", "body", "status", "since", "until")
    autocomplete_fields = ("country",)
    extra = 0


@admin.register(Bloc)
class BlocAdmin(RecordAdmin[Bloc]):
    list_display = ("name", "short_name", "key")
    search_fields = ("name", "short_name", "key")
    autocomplete_fields = ("references",)
    inlines = (MemberInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("key",) if obj else ()


@admin.register(Membership)
class MembershipAdmin(RecordAdmin[Membership]):
    list_display = (
        "bloc",
        "country",
        "body",
        "status",
        date_column("since", "Since"),
        date_column("until", "Until"),
    )
    list_filter = ("status", "bloc")
    list_select_related = ("bloc", "country")
    search_fields = ("bloc__name", "country__name", "body")
    autocomplete_fields = ("bloc", "country")
