"""The user in whose name a command publishes."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError


def publisher(username: str) -> Any:
    """The user of that name; CommandError if there is none or they may not publish."""
    user = get_user_model()._default_manager.filter(username=username).first()
    if user is None:
        raise CommandError(f"There is no user “{username}”.")
    if not user.has_perm("deals.publish_deal"):
        raise CommandError(f"“{username}” may not publish: add them to the reviewers.")
    return user
