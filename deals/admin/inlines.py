"""The rows of the deal page, in the order in which an article tells them."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.checks import InlineModelAdminChecks
from django.db import models
from django.forms.models import modelformset_factory
from django.http import HttpRequest

from config.lib.form_fields import OrderedChoiceField, OrderedSelect, PlainDecimalField
from config.lib.generics import AnyStackedInline, AnyTabularInline
from deals.admin import page
from deals.admin.forms import (
    CitationForm,
    DisputeForm,
    EventForm,
    LineForm,
    MilestoneForm,
    PartyForm,
    SourceForm,
)
from deals.admin.page import RowForm
from deals.models import (
    Citation,
    Deal,
    DealCountry,
    DealLink,
    DealProject,
    Dispute,
    FinancingEvent,
    FinancingLine,
    Milestone,
    Party,
    Source,
)


class _Rows:
    """Shared by all rows: one empty row on a new deal, none on a saved one but by the link.

    Beside a choice stands only the link that adds what is missing: each of Django's other three
    would be one more stop on the way through the page by keyboard.
    """

    extra_on_new: ClassVar[int] = 1
    formfield_overrides: ClassVar[Any] = {
        models.DecimalField: {"form_class": PlainDecimalField},
        models.URLField: {"widget": forms.URLInput(attrs={"class": "vTextField"})},
        models.DateField: {
            "widget": forms.DateInput(attrs={"placeholder": "YYYY-MM-DD", "size": 12})
        },
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"})},
    }

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A form field with fewer links beside it."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        for name in ("can_change_related", "can_delete_related", "can_view_related"):
            if field is not None and hasattr(field.widget, name):
                setattr(field.widget, name, False)
        return field

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj and obj.pk else self.extra_on_new

    @admin.display(description="Source", empty_value="–")
    def source_ref(self, row: Any) -> str | None:
        """For those who may only look."""
        return row.source.ref if row.source else None


class CountryInline(_Rows, AnyTabularInline[DealCountry, Deal]):
    model = DealCountry
    form = RowForm[DealCountry]
    formset = page.CountryRows
    fields = ("country", "bloc", "role")
    autocomplete_fields = ("country", "bloc")
    extra_on_new = 2
    verbose_name = "country"
    verbose_name_plural = "Where: countries and blocs"


class PartyInline(_Rows, AnyTabularInline[Party, Deal]):
    model = Party
    form = PartyForm
    formset = page.PartyRows
    fields = ("ref", "company", "role", "stake_percent", "note")
    autocomplete_fields = ("company",)
    extra_on_new = 2
    verbose_name_plural = "Who: parties and stakes"


class LineInline(_Rows, AnyTabularInline[FinancingLine, Deal]):
    model = FinancingLine
    form = LineForm
    formset = page.LineRows
    fields = ("ref", "providers", "instrument", "amount", "currency", "within_ref", "note")
    autocomplete_fields = ("providers",)
    verbose_name_plural = "Money: financing lines"

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Providers keep the order in which they were chosen."""
        kwargs["widget"] = OrderedSelect(db_field, self.admin_site)
        kwargs["form_class"] = OrderedChoiceField
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description="Within", empty_value="–")
    def within_ref(self, row: FinancingLine) -> str | None:
        """For those who may only look."""
        return row.within.ref if row.within else None


class EventInlineChecks(InlineModelAdminChecks):
    """Its rows belong to the deal's lines, not to the deal, so there is no foreign key to check."""

    def _check_exclude_of_parent_model(self, obj: Any, parent_model: Any) -> list[Any]:
        return []

    def _check_relation(self, obj: Any, parent_model: Any) -> list[Any]:
        return []


class EventInline(_Rows, AnyTabularInline[FinancingEvent, Deal]):
    """Steps of all lines in one table, since Django's inlines do not nest."""

    model = FinancingEvent
    form = EventForm
    formset = page.EventRows  # type: ignore[assignment]
    fields = ("line_ref", "status", "happened_on", "source_ref", "note")
    checks_class = EventInlineChecks
    verbose_name = "step of a line"
    verbose_name_plural = "Money: how firm each line is, step by step"

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """A set of rows over all lines of the deal."""
        return modelformset_factory(
            self.model,
            form=self.form,
            formset=self.formset,
            fields=("status", "happened_on", "note"),
            formfield_callback=partial(self.formfield_for_dbfield, request=request),
            extra=self.get_extra(request, obj),
            can_delete=self.has_delete_permission(request, obj),
        )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[FinancingEvent]:
        return (
            super()
            .get_queryset(request)
            .select_related("line", "source")
            .order_by("line__order", "line_id", "order", "id")
        )

    @admin.display(description="Line")
    def line_ref(self, row: FinancingEvent) -> str:
        """For those who may only look."""
        return row.line.ref


class MilestoneInline(_Rows, AnyTabularInline[Milestone, Deal]):
    model = Milestone
    form = MilestoneForm
    formset = page.MilestoneRows
    fields = ("ref", "happened_on", "note", "status", "stage", "source_ref")
    verbose_name_plural = "What happened since: milestones"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Milestone]:
        return super().get_queryset(request).select_related("source")


class ProjectInline(_Rows, AnyTabularInline[DealProject, Deal]):
    model = DealProject
    form = RowForm[DealProject]
    formset = page.ProjectRows
    fields = ("project", "note")
    autocomplete_fields = ("project",)
    extra_on_new = 0
    verbose_name = "project"
    verbose_name_plural = "Projects"


class LinkInline(_Rows, AnyTabularInline[DealLink, Deal]):
    model = DealLink
    form = RowForm[DealLink]
    formset = page.LinkRows
    fields = ("type", "target")
    fk_name = "deal"
    autocomplete_fields = ("target",)
    extra_on_new = 0
    verbose_name = "link"
    verbose_name_plural = "Links to other deals"


class SourceInline(_Rows, AnyStackedInline[Source, Deal]):
    model = Source
    form = SourceForm
    formset = page.SourceRows
    fields = (
        ("ref", "url"),
        ("publisher", "title"),
        ("published_on", "retrieved_on", "language", "kind", "origin"),
    )
    verbose_name_plural = "Sources"


class CitationInline(_Rows, AnyTabularInline[Citation, Deal]):
    model = Citation
    form = CitationForm
    formset = page.CitationRows
    fields = ("ref", "source_ref", "fact", "item", "locator", "quote", "stated")
    verbose_name_plural = "Citations: which source speaks to which fact"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Citation]:
        return super().get_queryset(request).select_related("source")


class DisputeInline(_Rows, AnyStackedInline[Dispute, Deal]):
    model = Dispute
    form = DisputeForm
    formset = page.DisputeRows
    fields = (("ref", "fact", "status"), "note", "resolution")
    extra_on_new = 0
    verbose_name_plural = "Disputes: where sources contradict each other"
