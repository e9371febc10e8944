"""Editions, to look at: nobody edits one."""

from __future__ import annotations

from typing import Any

import orjson
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from config.lib.admin import ReadOnly
from config.lib.generics import AnyModelAdmin, AnyTabularInline
from deals.models import (
    Edition,
    EditionChange,
    EditionDocument,
    EditionLine,
    EditionRow,
    EditionSource,
    EditionState,
)


class LineInline(ReadOnly, AnyTabularInline[EditionLine, Edition]):
    model = EditionLine
    fields = ("ref", "providers", "instrument", "status", "rung", "amount_usd", "is_counted")


class StateInline(ReadOnly, AnyTabularInline[EditionState, Edition]):
    model = EditionState
    fields = ("axis", "code", "from_on", "until_on")


class SourceInline(ReadOnly, AnyTabularInline[EditionSource, Edition]):
    model = EditionSource
    fields = ("ref", "publisher", "title", "url", "published_on")


class DocumentInline(ReadOnly, AnyTabularInline[EditionDocument, Edition]):
    model = EditionDocument
    fields = ("record",)
    readonly_fields = ("record",)

    @admin.display(description="Record")
    def record(self, document: EditionDocument) -> SafeString:
        """The record as JSON, indented."""
        if not document.record_text:
            return format_html("<p>{}</p>", "removed")
        text = orjson.dumps(orjson.loads(document.record_text), option=orjson.OPT_INDENT_2)
        return format_html("<pre>{}</pre>", text.decode())


class RowInline(ReadOnly, AnyTabularInline[EditionRow, Edition]):
    model = EditionRow
    fields = ("layout", "text")


@admin.register(Edition)
class EditionAdmin(ReadOnly, AnyModelAdmin[Edition]):
    list_display = ("title", "number", "cause", "published_at", "published_by", "is_current")
    list_filter = ("cause", "published_at", "kind", "status")
    list_select_related = ("published_by",)
    search_fields = ("key", "title")
    ordering = ("-seq",)
    show_full_result_count = False
    list_per_page = 50
    inlines = (DocumentInline, LineInline, StateInline, SourceInline, RowInline)
    exclude = ("search", "search_names", "news_days")

    @admin.display(description="Readers see it", boolean=True)
    def is_current(self, edition: Edition) -> bool:
        """No later edition has replaced it."""
        return edition.is_current

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("search", "search_names")


@admin.register(EditionChange)
class EditionChangeAdmin(ReadOnly, AnyModelAdmin[EditionChange]):
    list_display = ("xact", "made_at", "written")
    search_fields = ("xact",)
    ordering = ("-pk",)
    show_full_result_count = False
    list_per_page = 50

    @admin.display(description="Editions")
    def written(self, change: EditionChange) -> str:
        """How many one statement wrote."""
        return "many" if change.editions is None else str(len(change.editions))
