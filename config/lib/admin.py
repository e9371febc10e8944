"""What all of the admin shares: the history of a record, lists that load fast, dates as known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from config.lib.form_fields import LinesField, PlainDecimalField
from config.lib.generics import AnyModelAdmin
from config.lib.history import audit_rows, entries
from config.lib.imprecise import ImpreciseDate

_MOST_DIGITS = 18
"""No record has a longer number, and PostgreSQL takes none."""


def number_in(object_id: str | None) -> int | None:
    """The number of a record that an address of the admin names; None if it names none."""
    text = unquote(object_id) if object_id is not None else ""
    is_number = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else None


class RecordAdmin[M: models.Model](AnyModelAdmin[M]):
    """A kind of record. Its history is the audit trail: every change, whichever way it came in."""

    class Media:
        js = (forms.Script("js/admin-names.js", type="module"),)

    list_per_page = 50
    show_full_result_count = False
    formfield_overrides: ClassVar[Any] = {models.DecimalField: {"form_class": PlainDecimalField}}
    object_history_template = "admin/record_history.html"

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Lists of texts are written one a line."""
        if isinstance(db_field, ArrayField) and not db_field.base_field.choices:
            return LinesField(
                label=str(db_field.verbose_name).capitalize(),
                help_text="One a line. " + str(db_field.help_text).split(", sep")[0].rstrip("."),
                entry_max_length=db_field.base_field.max_length,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> M | None:
        """The record; None also for a text that no key can be."""
        return None if "\0" in object_id else super().get_object(request, object_id, from_field)

    def audit_querysets(self, record: M) -> Iterable[models.QuerySet[Any]]:
        """Audit rows of ``record`` and of what hangs on it."""
        yield audit_rows(type(record)).filter(pgh_obj=record.pk)

    def gone(self, request: HttpRequest, object_id: object) -> HttpResponse:
        """Back to the list, with a sentence: there is no such record."""
        self.message_user(
            request,
            f"There is no {self.opts.verbose_name} no. {object_id}. Perhaps it was deleted.",
            messages.WARNING,
        )
        opts = self.opts
        return redirect(f"admin:{opts.app_label}_{opts.model_name}_changelist")

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who changed what, newest first."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self.gone(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"History: {record}",
            "entries": entries(self.audit_querysets(record), record),
            "object": record,
            "opts": self.opts,
            "module_name": str(self.opts.verbose_name_plural).capitalize(),
            "preserved_filters": self.get_preserved_filters(request),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.object_history_template, context)


class KeyedAdmin[M: models.Model](RecordAdmin[M]):
    """A record whose key is chosen once, from its name: addresses and documents name it."""

    key_field = "key"
    name_field = "name"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (self.key_field,) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else {self.key_field: (self.name_field,)}


class ReadOnly:
    """Mixed into an admin or inline of what nobody edits."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def date_column(field: str, description: str) -> Any:
    """A list column that shows an imprecise date as it is known, and sorts by its first day."""

    @admin.display(description=description, ordering=f"{field}__startswith", empty_value="–")
    def column(record: models.Model) -> str | None:
        date: ImpreciseDate | None = getattr(record, field)
        return date.display() if date else None

    return column
