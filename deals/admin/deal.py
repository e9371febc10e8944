"""The deal in the admin: entered whole on one page, in the order of an article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from config.lib.admin import RecordAdmin, date_column, number_in
from config.lib.form_fields import OrderedChoiceField, OrderedSelect
from config.lib.generics import AnyModelForm
from config.lib.history import audit_rows
from deals import publishing
from deals.admin import inlines
from deals.admin.forms import DealForm
from deals.admin.page import DealPage
from deals.admin.reviewing import ReviewViews
from deals.dossier.writing import sync_joined
from deals.models import (
    Citation,
    Deal,
    DealCountry,
    DealLink,
    DealProject,
    DealRedirect,
    Dispute,
    Edition,
    FinancingEvent,
    FinancingLine,
    Milestone,
    Party,
    ReviewState,
    Source,
)
from deals.models.deal import DealMineral
from deals.models.financing import FinancingProvider
from deals.standing import published_record

WHAT = (
    "What",
    {"fields": ("title", "key", "summary", ("kind", "status"), "also_kinds", "minerals",
                ("minerals_unspecified",), "supply_chain_stages")},
)  # fmt: skip
WHEN = ("When", {"fields": (("announced_on", "signed_on", "closed_on"), "event")})
HOW_MUCH = (
    "How much: the headline value",
    {"fields": (("value_low", "value_high", "value_currency", "value_basis"), "value_note")},
)
TERMS = ("What was agreed", {"fields": ("terms", "stage")})
CAVEATS = ("How sure, and caveats", {"fields": (("confidence", "verified_on"), "note")})
WORKING_NOTE = ("For colleagues, never public", {"fields": ("working_note",)})

LAYOUT: tuple[Any, ...] = (
    WHAT,
    inlines.PartyInline,
    inlines.CountryInline,
    WHEN,
    HOW_MUCH,
    TERMS,
    inlines.LineInline,
    inlines.EventInline,
    inlines.MilestoneInline,
    inlines.ProjectInline,
    inlines.LinkInline,
    inlines.SourceInline,
    inlines.CitationInline,
    inlines.DisputeInline,
    CAVEATS,
    WORKING_NOTE,
)
"""The page from top to bottom: sections of fields, and sets of rows."""

LINES_OF_TEXT = {"summary": 4, "note": 3, "working_note": 3}
ITEMS = (Party, FinancingLine, Milestone, Dispute)


def has_current_edition() -> models.Exists:
    """Whether readers see a deal now, in a query."""
    return models.Exists(Edition.objects.current().filter(deal=models.OuterRef("pk")))


class PublishedFilter(admin.SimpleListFilter):
    """Whether readers see it now."""

    title = "published"
    parameter_name = "published"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Yes"), ("no", "No")]

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Deal]
    ) -> models.QuerySet[Deal]:
        """Deals with, or without, a current edition."""
        if self.value() == "yes":
            return queryset.filter(has_current_edition())
        if self.value() == "no":
            return queryset.filter(~has_current_edition())
        return queryset


@admin.register(Deal)
class DealAdmin(ReviewViews, RecordAdmin[Deal]):
    form = DealForm
    fieldsets = tuple(part for part in LAYOUT if isinstance(part, tuple))
    inlines = tuple(part for part in LAYOUT if not isinstance(part, tuple))
    list_display = (
        "title",
        "kind",
        "status",
        date_column("announced_on", "Announced"),
        "review_state",
        "published",
        "updated_at",
    )
    list_filter = (
        "review_state",
        PublishedFilter,
        "status",
        "kind",
        "stage",
        "confidence",
        ("event", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = (
        "title",
        "key",
        "summary",
        "parties__company__name",
        "sources__url",
        "working_note",
    )
    ordering = ("-updated_at", "key")
    autocomplete_fields = ("event", "minerals")
    save_on_top = True
    view_on_site = False
    change_form_template = "admin/deals/deal/change_form.html"

    class Media:
        css: ClassVar[Any] = {"all": ["css/deal-form.css"]}
        js = (forms.Script("js/deal-form.js", type="module"),)

    # -- list -------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Deal]:
        return super().get_queryset(request).annotate(is_published=has_current_edition())

    @admin.display(description="Published", boolean=True)
    def published(self, deal: Deal) -> bool:
        """Readers see an edition of it."""
        return bool(deal.is_published)  # type: ignore[attr-defined]

    # -- the page ---------------------------------------------------------------------------

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("key",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a deal that was never published is deleted; any other is withdrawn."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not obj.editions.exists())

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else {"key": ("title",)}

    def get_form(
        self, request: HttpRequest, obj: Deal | None = None, change: bool = False, **kwargs: Any
    ) -> type[AnyModelForm[Deal]]:
        form = cast("type[DealForm]", super().get_form(request, obj, change, **kwargs))
        form.page = DealPage.of(request)
        return form

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Deal, inline: Any, prefix: str
    ) -> dict[str, Any]:
        """Every set of rows joins the page."""
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        return kwargs | {"page": DealPage.of(request)}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Longer texts in boxes of the size that they need; no link beside what is chosen."""
        if db_field.name in LINES_OF_TEXT:
            attrs = {"rows": LINES_OF_TEXT[db_field.name], "class": "vLargeTextField"}
            kwargs["widget"] = forms.Textarea(attrs=attrs)
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        for name in ("can_change_related", "can_delete_related", "can_view_related"):
            if field is not None and hasattr(field.widget, name):
                setattr(field.widget, name, False)
        return field

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Minerals keep the order in which they were chosen."""
        if db_field.name == "minerals":
            kwargs["widget"] = OrderedSelect(db_field, self.admin_site)
            kwargs["form_class"] = OrderedChoiceField
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """The page; what the database refuses is shown on it like any other error."""
        if request.method != "POST":
            DealPage.start_again(request)
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            with transaction.atomic():
                page = DealPage.start_again(request, *self.overtaken(request, object_id))
                page.used_refs = self.published_refs(object_id)
                return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            page = DealPage.start_again(request, refusal(error))
            page.used_refs = self.published_refs(object_id)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def overtaken(self, request: HttpRequest, object_id: str | None) -> Iterator[str]:
        """Why this submit would undo somebody else's, if it would. Locks the deal."""
        seen_at = request.POST.get("seen_at")
        pk = number_in(object_id)
        if pk is None or not seen_at:
            return
        deal = Deal.objects.select_for_update().filter(pk=pk).first()
        if deal is not None and deal.updated_at.isoformat() != seen_at:
            vars(request)["overtaken"] = True
            yield (
                f"This deal was saved by someone else at {deal.updated_at:%H:%M:%S} UTC, after you "
                "opened it. Your entries are kept below. Look at the history, then save again to "
                "write yours over theirs."
            )

    def published_refs(self, object_id: str | None) -> set[str]:
        """Refs in the published edition, which no new row may take for something else."""
        pk = number_in(object_id)
        record = None if pk is None else published_record(pk)
        if record is None:
            return set()
        lists = (record.parties, record.financing, record.milestones, record.sources)
        return {item.ref for items in (*lists, record.citations, record.disputes) for item in items}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Sections and rows in the order of `LAYOUT`, the refs to choose from, the standing."""
        sections = {fieldset.name: fieldset for fieldset in context["adminform"]}
        rows = {type(item.opts): item for item in context["inline_admin_formsets"]}
        deal: Deal | None = context["original"]
        page = DealPage.of(request)
        if not request.POST or vars(request).get("overtaken") or deal is None:
            seen_at = deal.updated_at.isoformat() if deal else ""
        else:
            seen_at = request.POST.get("seen_at", "")
        context |= {
            "parts": [
                {"fieldset": sections.get(part[0])}
                if isinstance(part, tuple)
                else {"rows": rows.get(part)}
                for part in LAYOUT
            ],
            "ref_lists": {
                "source-refs": choices(page, Source),
                "line-refs": choices(page, FinancingLine),
                "item-refs": choices(page, *ITEMS),
            },
            "seen_at": seen_at,
            "show_save_and_add_another": False,
            "can_submit": self.may_enter(request),
            "can_publish": self.may_publish(request),
        }
        context["mistakes"] = list(mistakes(context["adminform"].form, page))
        if deal is not None:
            context["standing"] = self.standing(deal)
        return super().render_change_form(request, context, *args, **kwargs)

    # -- saving -----------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Deal, form: Any, change: bool) -> None:
        """Whatever changes a deal makes it a draft again."""
        page = DealPage.of(request)
        rows_changed = any(rows.has_changed() for rows in page.rows.values())  # type: ignore[attr-defined]
        if not change or form.has_changed() or rows_changed:
            obj.review_state = ReviewState.DRAFT
            obj.updated_at = timezone.now()
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """What is named is saved before what names it."""
        sync_joined(
            DealMineral,
            ("deal_id", "mineral_id"),
            {form.instance.pk: [mineral.pk for mineral in form.cleaned_data["minerals"]]},
        )
        DealPage.of(request).save()

    def response_add(
        self, request: HttpRequest, obj: Deal, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self.go_on(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Deal) -> HttpResponse:
        return self.go_on(request, obj) or super().response_change(request, obj)

    def go_on(self, request: HttpRequest, deal: Deal) -> HttpResponse | None:
        """Where the buttons beside Save lead, or None for those that are Django's own."""
        if "_submit" in request.POST:
            publishing.submit(deal)
            self.message_user(request, f"“{deal}” is saved and waits for a reviewer.")
            return HttpResponseRedirect(reverse("admin:deals_deal_change", args=[deal.pk]))
        if "_publish" in request.POST:
            self.message_user(request, f"“{deal}” is saved.", messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:deals_deal_publish", args=[deal.pk]))
        return None

    # -- history ----------------------------------------------------------------------------

    def audit_querysets(self, record: Deal) -> Iterable[models.QuerySet[Any]]:
        """The deal and every row that ever hung on it."""
        yield from super().audit_querysets(record)
        for model in (
            *(DealCountry, DealMineral, Party, FinancingLine, Milestone, DealProject),
            *(DealLink, Source, Citation, Dispute, DealRedirect),
        ):
            yield audit_rows(model).filter(deal=record.pk)
        lines = audit_rows(FinancingLine).filter(deal=record.pk).values("id")
        yield audit_rows(FinancingProvider).filter(financingline__in=lines)
        yield audit_rows(FinancingEvent).filter(line__in=lines)


def choices(page: DealPage, *kinds: type[models.Model]) -> list[tuple[str, str]]:
    """Refs that a field may name, each with a few words that tell what it is."""
    return [
        (ref, str(form.instance) if form.instance.pk else "new")
        for ref, form in page.refs(*kinds).items()
    ]


def mistakes(form: Any, page: DealPage) -> Iterator[dict[str, Any]]:
    """What is wrong on the page, from top to bottom, each with the place that it is about."""
    if not form.is_bound:
        return
    yield from mistakes_in(form, "", "deal_form")
    for rows in page.rows.values():
        for number, row in enumerate(rows.forms):  # type: ignore[attr-defined]
            name = f"{rows.model._meta.verbose_name} {row.shown_ref or number + 1}"
            yield from mistakes_in(row, f"{name}, ".capitalize(), f"{rows.prefix}-{number}")  # type: ignore[attr-defined]


def mistakes_in(form: Any, where: str, otherwise: str) -> Iterator[dict[str, Any]]:
    """The mistakes of one form."""
    for name, errors in form.errors.items():
        known = name in form.fields
        yield {
            "where": f"{where}{form[name].label if known else 'as a whole'}",
            "anchor": (form[name].id_for_label if known else "") or otherwise,
            "errors": errors,
        }


def refusal(error: IntegrityError) -> str:
    """What the database refused, in its own words and with the way out."""
    diagnosis = getattr(error.__cause__, "diag", None)
    words = getattr(diagnosis, "message_primary", None) or str(error)
    detail = getattr(diagnosis, "message_detail", None) or ""
    rule = getattr(diagnosis, "constraint_name", None) or "a rule of the database"
    return f"Nothing was saved: {rule} refuses it ({words}. {detail}). Change that row and save."
