"""Renamings that were asked for: how far they are, and a way on for one that stopped."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from config.lib.admin import ReadOnly
from config.lib.generics import AnyModelAdmin
from deals.models import Renaming
from deals.renewing import start_again


@admin.register(Renaming)
class RenamingAdmin(ReadOnly, AnyModelAdmin[Renaming]):
    list_display = ("__str__", "state", "progress", "asked_by", "asked_at", "finished_at")
    list_filter = ("state", "asked_at")
    list_select_related = ("asked_by", "company")
    search_fields = ("old_name", "new_name", "company__slug")
    show_full_result_count = False
    list_per_page = 50
    actions = ("start_again",)
    exclude = ("after_seq", "until_seq")

    @admin.display(description="Published deals", ordering="done")
    def progress(self, renaming: Renaming) -> SafeString:
        """How many of how many, as a bar and in words."""
        return format_html(
            '<progress max="{}" value="{}" aria-hidden="true"></progress> {} of {}',
            renaming.total,
            renaming.done,
            f"{renaming.done:,}",
            f"{renaming.total:,}",
        )

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """For Django's `permissions` of actions."""
        return request.user.has_perm("deals.publish_deal")

    @admin.action(description="Start again those that stopped", permissions=["publish"])
    def start_again(self, request: HttpRequest, queryset: Any) -> None:
        """They wait for a worker anew, from the first deal on."""
        stopped = queryset.filter(state=Renaming.State.FAILED)
        for renaming in stopped:
            if start_again(renaming):
                self.message_user(request, f"{renaming} waits for a worker.", messages.SUCCESS)
            else:
                self.message_user(
                    request,
                    f"{renaming}: one of {renaming.company} waits or is under way already.",
                    messages.WARNING,
                )
