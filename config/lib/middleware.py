"""Which answers depend on who asks: those below `SESSION_PATHS`, and no others.

Elsewhere a request's cookies are dropped before anything sees them, so that no page, file or API
answer can depend on a session: every reader gets the same bytes, and a cache may keep them.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.utils.cache import patch_cache_control, patch_vary_headers
from pghistory.middleware import HistoryMiddleware

GZIP_LEVEL: Final = 1
"""The quickest: more makes a page a seventh smaller and takes three times as long."""
_GZIP_FORMAT: Final = 16 + zlib.MAX_WBITS
LEAST_BYTES: Final = 200
"""What is shorter is not compressed."""


def is_for_staff(request: HttpRequest) -> bool:
    """Whether it may matter who asks."""
    return request.path.startswith(tuple(settings.SESSION_PATHS))


class PublicPagesMiddleware:
    """Keep sessions and public pages apart. It stands before the session's middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer without cookies in and out, or privately."""
        if is_for_staff(request):
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


class _ForStaff:
    """Mixed into a middleware that public addresses have no use for: there it is passed by."""

    get_response: Callable[[HttpRequest], Any]

    def __call__(self, request: HttpRequest) -> Any:
        called: Callable[[HttpRequest], Any] = super().__call__  # type: ignore[misc]
        return called(request) if is_for_staff(request) else self.get_response(request)


class StaffSessionMiddleware(_ForStaff, SessionMiddleware):
    """A session below `SESSION_PATHS`."""


class StaffAuthenticationMiddleware(_ForStaff, AuthenticationMiddleware):
    """The user of a session."""


class StaffMessageMiddleware(_ForStaff, MessageMiddleware):
    """Messages to that user."""


class StaffHistoryMiddleware(_ForStaff, HistoryMiddleware):
    """The user behind each audited change; public addresses change nothing."""


class PublicGZipMiddleware(GZipMiddleware):
    """Compresses public answers quickly, and those for staff as Django does.

    What Django adds against guessing a secret by the size of a page (BREACH) is for pages that
    hold one.
    """

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        if is_for_staff(request):
            return super().process_response(request, response)
        if response.has_header("Content-Encoding") or not _is_worth_it(response):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if not re_accepts_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            return response
        if response.streaming:
            response.streaming_content = _compressed(response.streaming_content)
            del response.headers["Content-Length"]
        else:
            response.content = zlib.compress(response.content, GZIP_LEVEL, _GZIP_FORMAT)
            response.headers["Content-Length"] = str(len(response.content))
        response.headers["Content-Encoding"] = "gzip"
        return response


def _is_worth_it(response: Any) -> bool:
    return bool(response.streaming or len(response.content) >= LEAST_BYTES)


def _compressed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """`parts` as one gzip file; each is given on as soon as it is there."""
    packing = zlib.compressobj(GZIP_LEVEL, wbits=_GZIP_FORMAT)
    for part in parts:
        yield packing.compress(part) + packing.flush(zlib.Z_SYNC_FLUSH)
    yield packing.flush()
