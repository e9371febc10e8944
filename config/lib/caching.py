"""Conditional answers: an unchanged page costs its reader a few bytes and us one query.

@public_page
def deal_list(request): ...

An answer depends on the address, our code, the day and what is committed in the database, and
PostgreSQL names the last exactly: `database_version`. So nothing has to be told what a page
shows, and no page is ever answered from before a change.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from http import HTTPStatus
from pathlib import Path
from typing import Any, Concatenate, Final

import psycopg
from django.conf import settings
from django.db import connection
from django.db.utils import OperationalError
from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.request import HttpHeaders
from django.http.response import HttpResponseBase
from django.utils.cache import (
    get_conditional_response,
    patch_cache_control,
    patch_vary_headers,
)
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import condition

# Request headers that change what a public address answers.
VARYING: Final = ("Accept", "HX-Request", "HX-History-Restore-Request")
_VARYING_IN_META: Final = [HttpHeaders.to_wsgi_name(name) for name in VARYING]
READING: Final = ("GET", "HEAD")
_CODE_SUFFIXES: Final = frozenset({".py", ".html", ".css", ".js", ".svg"})


def public_page[**P](
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Make a view read-only, and its good answers such as caches keep and ask about each time.

    While DEBUG is on nothing is kept. Only what is safe is answered, so no form token is needed:
    405 says so first.
    """

    def etag(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> str | None:
        return None if settings.DEBUG else etag_for(request, *present_version())

    conditional = condition(etag_func=etag)(view)

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method not in READING:
            return HttpResponseNotAllowed(
                READING, "This address can only be read.\n", content_type="text/plain"
            )
        response: HttpResponseBase = conditional(request, *args, **kwargs)
        patch_vary_headers(response, VARYING)
        if settings.DEBUG:
            patch_cache_control(response, no_store=True)
        elif response.status_code in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}:
            patch_cache_control(response, public=True, no_cache=True)
        elif "ETag" in response:
            del response["ETag"]  # an error is asked for anew
        return response

    return answered


def private_page[**P](
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let nobody keep a view's answers: they are for one person."""

    @wraps(view)
    def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    return answered


def etag_for(request: HttpRequest, *parts: object) -> str:
    """A weak ETag of the address asked, how it was asked, our code, and `parts`."""
    asked = [request.META.get(name, "") for name in ("QUERY_STRING", *_VARYING_IN_META)]
    text = "\0".join((code_version(), request.path, *asked, *map(str, parts)))
    return f'W/"{hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]}"'


def present_version() -> tuple[str, ...]:
    """What every answer about the present depends on: the day (UTC) and `database_version`."""
    return str(datetime.datetime.now(datetime.UTC).date()), *database_version()


def database_version() -> tuple[str, str]:
    """The server's start and which transactions this moment sees: another after every commit.

    Two moments with the same snapshot see the same committed transactions, so the same rows; the
    start keeps apart a server and another that was restored from its backup. Readers write
    nothing, so it stands still between changes; where a server has other databases, their
    changes move it too, which costs no more than an answer given again. It goes past Django's
    cursor, so that pinned query counts are about the page alone. Within a request that reads it is
    the one that the request began with (see `config.lib.timeouts`): what is read later is as new
    or newer.
    """
    if seen := _seen.get():
        return seen
    connection.ensure_connection()
    try:
        started, snapshot = connection.connection.execute(f"SELECT {VERSION_SQL}").fetchone()
    except psycopg.OperationalError as error:
        raise OperationalError(*error.args) from error
    return started, snapshot


VERSION_SQL: Final = "pg_postmaster_start_time()::text, pg_current_snapshot()::text"
_seen: ContextVar[tuple[str, str] | None] = ContextVar("database_version_seen", default=None)


@contextmanager
def seeing(version: tuple[str, str] | None) -> Iterator[None]:
    """While a request is answered: the `database_version` that it began with, if it only reads."""
    token = _seen.set(version)
    try:
        yield
    finally:
        _seen.reset(token)


def seen_version() -> tuple[str, str] | None:
    """The `database_version` that the present request began with; None outside one that reads."""
    return _seen.get()


class WhileUnchanged[Key: Hashable, Value]:
    """Values by key, all forgotten once anything is committed in the database, or a day is over.

    It holds something only within requests that read: elsewhere a transaction may see what it
    has written itself, which no version tells. Beyond `most` values it begins anew.
    """

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._kept: tuple[tuple[str, ...], dict[Key, Value]] = ((), {})

    def get(self, key: Key) -> Value | None:
        """What was kept under a key."""
        version, values = self._kept
        return values.get(key) if _seen.get() and version == present_version() else None

    def keep(self, key: Key, value: Value) -> Value:
        """Keep a value that was read during this request; it is given back."""
        if _seen.get() is not None:
            now = present_version()
            version, values = self._kept
            if version != now or len(values) >= self._most:
                values = {}
                self._kept = now, values
            values[key] = value
        return value


def while_unchanged[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Let a function that reads the database, and never gives None, read it once a version.

    Its arguments must be hashable, and what it gives is shared: nobody may change it.
    """
    kept: WhileUnchanged[Hashable, Any] = WhileUnchanged(most=500)

    @wraps(function)
    def answered(*args: P.args, **kwargs: P.kwargs) -> R:
        key = (args, tuple(kwargs.items()))
        value: R | None = kept.get(key)
        return kept.keep(key, function(*args, **kwargs)) if value is None else value

    return answered


_ETAGS: Final = WhileUnchanged[str, str](most=2_000)


def unchanged_answer(request: HttpRequest) -> HttpResponseBase | None:
    """304 for a reader who has what this process answered since the last change, if it did."""
    if settings.DEBUG or "HTTP_IF_NONE_MATCH" not in request.META:
        return None
    etag = _ETAGS.get(_asked(request))
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag) if etag else None
    if answer is not None and etag is not None:
        answer["ETag"] = etag
    return answer


def remember_answer(request: HttpRequest, etag: str) -> None:
    """Let `unchanged_answer` know what a request was answered with."""
    _ETAGS.keep(_asked(request), etag)


def _asked(request: HttpRequest) -> str:
    return etag_for(request, request.scheme, request.get_host())


@cache
def code_version() -> str:
    """A hash of our own code and templates, the same in every process that runs them."""
    base = Path(settings.BASE_DIR)
    digest = hashlib.sha256()
    for folder in ("config", "countries", "deals", "minerals"):
        for path in sorted((base / folder).rglob("*")):
            if path.suffix in _CODE_SUFFIXES:
                digest.update(str(path.relative_to(base)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
