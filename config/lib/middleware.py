"""Which answers depend on who asks: those below `SESSION_PATHS`, and no others.

Elsewhere a request's cookies are dropped before anything sees them, so that no page, file or API
answer can depend on a session: every reader gets the same bytes, and a cache may keep them.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control


class PublicPagesMiddleware:
    """Keep sessions and public pages apart. It stands before the session's middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer without cookies in and out, or privately."""
        if request.path.startswith(tuple(settings.SESSION_PATHS)):
            response = self.get_response(request)
            patch_cache_control(response, private=True, no_store=True)
            return response
        request.META.pop("HTTP_COOKIE", None)
        request.COOKIES.clear()
        response = self.get_response(request)
        response.cookies.clear()
        _forget_cookie(response)
        if "Cache-Control" not in response:  # else browsers guess how long, for ever with a 301
            patch_cache_control(response, no_cache=True)
        return response


def _forget_cookie(response: HttpResponseBase) -> None:
    """Take Cookie out of Vary: asking for a user looks into the session, which holds none."""
    if "Vary" in response:
        others = [name.strip() for name in response["Vary"].split(",")]
        others = [name for name in others if name.casefold() not in {"cookie", ""}]
        if others:
            response["Vary"] = ", ".join(others)
        else:
            del response["Vary"]
