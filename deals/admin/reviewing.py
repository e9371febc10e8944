"""Submit, publish, withdraw, rename and preview a deal: the staff side of publishing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from config.lib.keys import KEY_MAX_LENGTH, validate_key
from deals import publishing
from deals.admin.preview import preview
from deals.dossier import Problem
from deals.locking import hold_lock
from deals.models import Deal, DealRedirect
from deals.publishing import PublishError
from deals.renaming import rename_key
from deals.standing import Standing

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from config.lib.admin import RecordAdmin

    class _Admin(RecordAdmin[Deal]): ...
else:

    class _Admin: ...


PREFIXES = {
    "countries": "deal_countries",
    "parties": "parties",
    "financing": "financing_lines",
    "milestones": "milestones",
    "projects": "deal_projects",
    "links": "links",
    "sources": "sources",
    "citations": "citations",
    "disputes": "disputes",
}
"""Lists of a record, and the rows of the page that hold them."""


class ReasonForm(forms.Form):
    """Why a deal is withdrawn. Readers see it."""

    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        max_length=500,
        help_text="Readers see this sentence in place of the deal.",
    )


class KeyForm(forms.Form):
    """The new key of a deal."""

    key = forms.SlugField(
        label="New key",
        max_length=KEY_MAX_LENGTH,
        validators=[validate_key],
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="The old key keeps leading to the deal, for good.",
    )

    def __init__(self, *args: Any, deal: Deal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deal = deal

    def clean_key(self) -> str:
        """A key that no deal has or had."""
        key = str(self.cleaned_data["key"])
        if key == self.deal.key:
            raise ValidationError(f"“{key}” is its key already: write another or go back.")
        if Deal.objects.filter(key=key).exists():
            raise ValidationError(f"“{key}” is the key of another deal: write another.")
        redirect = DealRedirect.objects.filter(key=key).exclude(deal=self.deal).first()
        if redirect is not None:
            raise ValidationError(
                f"“{key}” is a former key of {redirect.deal.key} and keeps leading there: "
                "write another."
            )
        return key


class ReviewViews(_Admin):
    """The pages and actions around an edition. Mixed into the deals' admin."""

    actions = ("submit_deals", "publish_deals", "withdraw_deals")

    # -- who may ----------------------------------------------------------------------------

    def may_enter(self, request: HttpRequest) -> bool:
        """Editors and reviewers."""
        return request.user.has_perm("deals.change_deal")

    def may_publish(self, request: HttpRequest) -> bool:
        """Reviewers."""
        return request.user.has_perm("deals.publish_deal")

    def has_enter_permission(self, request: HttpRequest) -> bool:
        """For Django's `permissions` of actions."""
        return self.may_enter(request)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """For Django's `permissions` of actions."""
        return self.may_publish(request)

    # -- pages ------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        pages = {
            "submit": self.submit_view,
            "publish": self.publish_view,
            "withdraw": self.withdraw_view,
            "rename": self.rename_view,
            "preview": self.preview_view,
        }
        return [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"deals_deal_{name}")
            for name, view in pages.items()
        ] + super().get_urls()

    def submit_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks a reviewer to look at the deal as it is saved."""
        deal = self.deal_for(request, pk, allowed=self.may_enter(request))
        if deal is None:
            return self.gone(request, pk)
        if request.method == "POST":
            publishing.submit(deal)
            self.message_user(request, f"“{deal}” waits for a reviewer.", messages.SUCCESS)
            return self.to_deal(deal)
        return self.page(request, "submit", deal, "Submit for review", standing=self.standing(deal))

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What readers would see changed; then, on POST, the new edition."""
        deal = self.deal_for(request, pk, allowed=self.may_publish(request))
        if deal is None:
            return self.gone(request, pk)
        with transaction.atomic():
            if request.method == "POST":
                hold_lock()  # before any row: whoever publishes takes the lock and then rows
            # Whoever edits the deal takes this lock too, so what was looked at is what comes out.
            Deal.objects.select_for_update().get(pk=deal.pk)
            standing = self.standing(deal)
            if request.method == "POST":
                if request.POST.get("digest") != standing["digest"]:
                    self.message_user(
                        request,
                        "Nothing was published: the deal changed after you opened this page. "
                        "Look at the differences below, then publish.",
                        messages.WARNING,
                    )
                elif edition := self.try_to_publish(request, [deal]):
                    self.message_user(
                        request,
                        f"Readers see edition {edition[0].number} of “{deal}”.",
                        messages.SUCCESS,
                    )
                    return self.to_deal(deal)
        return self.page(request, "publish", deal, "Publish", standing=standing)

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks for the reason; then, on POST, takes the deal from publication."""
        deal = self.deal_for(request, pk, allowed=self.may_publish(request))
        if deal is None:
            return self.gone(request, pk)
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                publishing.withdraw(
                    deal, by=person(request), reason=form.cleaned_data["reason"].strip()
                )
            except PublishError as error:
                self.tell_problems(request, error)
            else:
                self.message_user(request, f"“{deal}” is withdrawn.", messages.SUCCESS)
            return self.to_deal(deal)
        return self.page(request, "withdraw", deal, "Withdraw", form=form, deals=[deal])

    def rename_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks for a new key; then, on POST, gives it and lets the old one lead there."""
        deal = self.deal_for(request, pk, allowed=self.may_publish(request))
        if deal is None:
            return self.gone(request, pk)
        old = deal.key
        form = KeyForm(request.POST or None, deal=deal)
        if request.method == "POST" and form.is_valid():
            made = rename_key(deal, form.cleaned_data["key"], by=person(request))
            self.message_user(
                request,
                f"{old} is now {deal.key}; {len(made)} published deals name it so.",
                messages.SUCCESS,
            )
            return self.to_deal(deal)
        return self.page(request, "rename", deal, "Rename the key", form=form)

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The draft as readers would see it, for staff alone."""
        deal = self.deal_for(request, pk, allowed=self.has_view_permission(request))
        if deal is None:
            return self.gone(request, pk)
        standing = Standing.of(deal)
        if standing.record is None:
            return self.page(request, "unshowable", deal, "Preview", standing=self.standing(deal))
        return preview(request, standing, standing.record)

    # -- actions on a list ------------------------------------------------------------------

    @admin.action(description="Submit for review", permissions=["enter"])
    def submit_deals(self, request: HttpRequest, queryset: models.QuerySet[Deal]) -> None:
        """Each of the chosen deals waits for a reviewer."""
        for deal in queryset:
            publishing.submit(deal)
        self.message_user(request, f"{len(queryset)} deals wait for a reviewer.")

    @admin.action(description="Publish", permissions=["publish"])
    def publish_deals(self, request: HttpRequest, queryset: models.QuerySet[Deal]) -> None:
        """All of the chosen deals or, if one of them cannot be published, none."""
        deals = list(queryset)
        if self.try_to_publish(request, deals) is not None:
            self.message_user(request, f"{len(deals)} deals are published.", messages.SUCCESS)

    @admin.action(description="Withdraw…", permissions=["publish"])
    def withdraw_deals(
        self, request: HttpRequest, queryset: models.QuerySet[Deal]
    ) -> HttpResponse | None:
        """Asks for one reason, then takes all of the chosen deals from publication."""
        deals = list(queryset)
        confirmed = "confirmed" in request.POST
        form = ReasonForm(request.POST if confirmed else None)
        if not (confirmed and form.is_valid()):
            return self.page(request, "withdraw", None, "Withdraw", form=form, deals=deals)
        try:
            with transaction.atomic():
                for deal in deals:
                    publishing.withdraw(
                        deal, by=person(request), reason=form.cleaned_data["reason"].strip()
                    )
        except PublishError as error:
            self.tell_problems(request, error)
        else:
            self.message_user(request, f"{len(deals)} deals are withdrawn.", messages.SUCCESS)
        return None

    # -- parts ------------------------------------------------------------------------------

    def standing(self, deal: Deal) -> dict[str, Any]:
        """What the page says about the deal's standing."""
        standing = Standing.of(deal)
        return {
            "deal": deal,
            "current": standing.current,
            "last": standing.last,
            "digest": standing.digest,
            "differences": standing.differences,
            "differs": standing.differs,
            "problems": [
                {"problem": problem, "anchor": anchor(problem)} for problem in standing.problems
            ],
        }

    def deal_for(self, request: HttpRequest, pk: int, *, allowed: bool) -> Deal | None:
        """The deal, None if there is none; PermissionDenied if the user may not do this."""
        if not allowed:
            raise PermissionDenied
        return Deal.objects.filter(pk=pk).first()

    def to_deal(self, deal: Deal) -> HttpResponse:
        """Back to the deal's page."""
        return HttpResponseRedirect(reverse("admin:deals_deal_change", args=[deal.pk]))

    def try_to_publish(self, request: HttpRequest, deals: list[Deal]) -> Any:
        """The editions, or None after every reason against it was told."""
        try:
            return publishing.publish_many(deals, by=person(request))
        except PublishError as error:
            self.tell_problems(request, error)
            return None

    def tell_problems(self, request: HttpRequest, error: PublishError) -> None:
        """All reasons at once, each with the deal it is about."""
        for key, problems in error.problems.items():
            for problem in problems:
                self.message_user(request, f"{key}: {problem}", messages.ERROR)

    def page(
        self, request: HttpRequest, name: str, deal: Deal | None, title: str, **context: Any
    ) -> HttpResponse:
        """One of the pages around an edition."""
        context = {
            **self.admin_site.each_context(request),
            "title": f"{title}: {deal}" if deal else title,
            "opts": self.opts,
            "original": deal,
            "action": name,
            "media": self.media,
            **context,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, f"admin/deals/deal/{name}.html", context)


def person(request: HttpRequest) -> User:
    """The member of staff who asks; the admin lets nobody else in."""
    user: Any = request.user
    return user  # type: ignore[no-any-return]


def anchor(problem: Problem) -> str:
    """The id of the row or field on the deal page that a problem is about."""
    match = re.match(r"([a-z_]+)(?:\[([0-9]+)\])?", problem.path)
    if match is None:
        return "content-main"
    name, index = match.groups()
    if name in PREFIXES:
        return f"{PREFIXES[name]}-{index}" if index else f"{PREFIXES[name]}-group"
    return f"id_{name}_low" if name == "value" else f"id_{name}"
