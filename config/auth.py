"""Who may sign in."""

from __future__ import annotations

from hashlib import sha256
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, User
from django.core.cache import cache
from django.http import HttpRequest

MISTAKES_ALLOWED = 10
PAUSE_SECONDS = 300
"""Wrong passwords for one name from one place, and how long no more are taken after the first.

Counted in each process of its own: enough against guessing, with nothing to run beside it.
"""


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
        attempts = f"sign-in {username!r:.80} {request.META.get('REMOTE_ADDR') if request else ''}"
        attempts = sha256(attempts.encode("utf-8", "replace")).hexdigest()
        if cache.get(attempts, 0) >= MISTAKES_ALLOWED:
            return None
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if user is None:
            cache.add(attempts, 0, PAUSE_SECONDS)
            cache.incr(attempts)
        else:
            cache.delete(attempts)
        return user

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
