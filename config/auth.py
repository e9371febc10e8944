"""Who may sign in."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest


class StaffBackend(ModelBackend):
    """Django's own users, of which the demo one exists only on a developer's machine.

    Its password was printed on a screen, so it opens nothing unless `DEBUG` is on and the request
    comes from this machine; a session of it ends with `DEBUG` too.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """The user whom the credentials name, or None."""
        if username == settings.DEMO_USERNAME and request and not comes_from_loopback(request):
            return None
        return super().authenticate(request, username=username, password=password, **kwargs)

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        """Whether a session or password of this user is worth anything now."""
        if user and user.get_username() == settings.DEMO_USERNAME and not settings.DEBUG:
            return False
        return super().user_can_authenticate(user)


def comes_from_loopback(request: HttpRequest) -> bool:
    """Whether the peer is this machine itself."""
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
