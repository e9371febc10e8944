"""Companies and who owns whom; merging two records of one body, and renaming."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from config.lib.admin import KeyedAdmin, RecordAdmin, date_column, number_in
from config.lib.generics import AnyTabularInline
from deals.admin.reviewing import person
from deals.models import Company, Ownership, Renaming
from deals.publishing import PublishError
from deals.renaming import merge_companies, refresh_company
from deals.renewing import are_many, editions_naming, is_at_work

TOLD_IN_EDITIONS = frozenset({"name", "aliases", "country", "type"})
"""Fields that editions keep a copy of."""
DEALS_NAMED = 50
"""As many deals are named on the page that asks; of the others it tells the number."""


class OwnerInline(AnyTabularInline[Ownership, Company]):
    model = Ownership
    fk_name = "owned"
    fields = ("owner", "percent", "since", "until", "reference", "note")
    autocomplete_fields = ("owner", "reference")
    extra = 0
    verbose_name = "owner"
    verbose_name_plural = "Owners"


class HoldingInline(AnyTabularInline[Ownership, Company]):
    model = Ownership
    fk_name = "owner"
    fields = ("owned", "percent", "since", "until", "reference", "note")
    autocomplete_fields = ("owned", "reference")
    extra = 0
    verbose_name = "holding"
    verbose_name_plural = "Holdings"


class MergeForm(forms.Form):
    """The company that stays."""

    into = forms.ModelChoiceField(
        Company.objects.active(), label="Merge into", help_text="The record that stays."
    )

    def __init__(self, *args: Any, company: Company, site: admin.AdminSite, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.company = company
        field: Any = self.fields["into"]
        field.widget = AutocompleteSelect(
            Company._meta.get_field("merged_into"), site, choices=field.choices
        )

    def clean_into(self) -> Company:
        """Another company."""
        into: Company = self.cleaned_data["into"]
        if into == self.company:
            raise forms.ValidationError(f"{into} cannot be merged into itself: choose another.")
        return into


@admin.register(Company)
class CompanyAdmin(KeyedAdmin[Company]):
    class Media:
        js = (forms.Script("js/admin-renaming.js", type="module"),)

    key_field = "slug"
    fields = (
        "name",
        "slug",
        "aliases",
        ("type", "ownership"),
        "country",
        "tickers",
        "lei",
        "website",
        "note",
        "references",
        "merged_into",
    )
    inlines = (OwnerInline, HoldingInline)
    list_display = ("name", "type", "ownership", "country", "merged_into")
    list_filter = (
        "type",
        "ownership",
        ("merged_into", admin.EmptyFieldListFilter),
        ("country", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("country", "merged_into")
    search_fields = ("name", "slug", "aliases", "tickers", "lei")
    autocomplete_fields = ("country", "references")
    change_form_template = "admin/deals/company/change_form.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Merging moves parties and editions along: a page of its own does it.
        return (*super().get_readonly_fields(request, obj), "merged_into")

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:pk>/merge/",
                self.admin_site.admin_view(self.merge_view),
                name="deals_company_merge",
            ),
            path(
                "<int:pk>/refresh/",
                self.admin_site.admin_view(self.refresh_view),
                name="deals_company_refresh",
            ),
        ] + super().get_urls()

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """Fields that choose a company are not offered merged ones."""
        if request.path.endswith("/autocomplete/"):
            queryset = queryset.active()
        return super().get_search_results(request, queryset, search_term)

    def save_model(self, request: HttpRequest, obj: Company, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        told = TOLD_IN_EDITIONS & set(form.changed_data)
        if not (change and told):
            return
        count = editions_naming(obj).count()
        if count:
            self.message_user(
                request,
                format_html(
                    "{} published deal{} still say the old {}. "
                    '<a href="{}">Bring the new one into them</a>.',
                    count,
                    "" if count == 1 else "s",
                    " and ".join(sorted(told)),
                    reverse("admin:deals_company_refresh", args=[obj.pk]),
                ),
                messages.WARNING,
            )

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """With how far the last new name is, if there was one."""
        pk = number_in(object_id)
        renaming = (
            Renaming.objects.filter(company=pk).select_related("asked_by").first()
            if pk is not None
            else None
        )
        context = {"renaming": renaming, "is_at_work": bool(renaming) and is_at_work()}
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), **context}
        )

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks which record stays; then, on POST, lets it stand for this one everywhere."""
        company = self.company_for(request, pk)
        if company is None:
            return self.gone(request, pk)
        form = MergeForm(request.POST or None, company=company, site=self.admin_site)
        if request.method == "POST" and form.is_valid():
            into = form.cleaned_data["into"]
            try:
                renaming = merge_companies(company, into=into, by=person(request))
            except PublishError as error:
                for key, problems in error.problems.items():
                    for problem in problems:
                        self.message_user(request, f"{key}: {problem}", messages.ERROR)
            else:
                self.message_user(
                    request,
                    f"{company} is merged into {into}; {how_far(renaming)}",
                    messages.SUCCESS,
                )
                return HttpResponseRedirect(reverse("admin:deals_company_change", args=[into.pk]))
        return self.page(
            request, company, "merge", "Merge", form=form, media=self.media + form.media
        )

    def refresh_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lists the published deals that name the company; on POST, brings its name into them."""
        company = self.company_for(request, pk)
        if company is None:
            return self.gone(request, pk)
        if request.method == "POST":
            renaming = refresh_company(company, by=person(request))
            told = how_far(renaming)
            self.message_user(request, told[0].upper() + told[1:], messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:deals_company_change", args=[company.pk]))
        editions = editions_naming(company)
        count = editions.count()
        return self.page(
            request,
            company,
            "refresh",
            "Refresh",
            titles=editions.order_by("sort_title").values_list("title", flat=True)[:DEALS_NAMED],
            others=max(count - DEALS_NAMED, 0),
            is_in_background=are_many(count),
        )

    def company_for(self, request: HttpRequest, pk: int) -> Company | None:
        """The company, None if there is none; PermissionDenied for those who may not publish."""
        if not request.user.has_perms(["deals.change_company", "deals.publish_deal"]):
            raise PermissionDenied
        return Company.objects.filter(pk=pk).first()

    def page(
        self, request: HttpRequest, company: Company, name: str, title: str, **context: Any
    ) -> HttpResponse:
        """One of the pages around a name."""
        context = {
            **self.admin_site.each_context(request),
            "title": f"{title}: {company}",
            "opts": self.opts,
            "original": company,
            "media": self.media,
            **context,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, f"admin/deals/company/{name}.html", context)


def how_far(renaming: Renaming | None) -> str:
    """What became of the deals, or how to see what becomes of them; None where there are none."""
    if renaming is None:
        return "no published deal names it."
    if renaming.state == Renaming.State.FINISHED:
        deals = (
            "1 published deal says so."
            if renaming.done == 1
            else (f"{renaming.done:,} published deals say so.")
        )
        return deals
    return (
        f"{renaming.total:,} published deals get the new name in the background; "
        "the company's page says how far it is."
    )


@admin.register(Ownership)
class OwnershipAdmin(RecordAdmin[Ownership]):
    list_display = (
        "owner",
        "owned",
        "percent",
        date_column("since", "Since"),
        date_column("until", "Until"),
    )
    list_select_related = ("owner", "owned")
    search_fields = ("owner__name", "owned__name", "note")
    autocomplete_fields = ("owner", "owned", "reference")
