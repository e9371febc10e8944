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
from collections.abc import Callable
from functools import cache, wraps
from http import HTTPStatus
from pathlib import Path
from typing import Concatenate, Final

import psycopg
from django.conf import settings
from django.db import connection
from django.db.utils import OperationalError
from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import condition

# Request headers that change what a public address answers.
VARYING: Final = ("Accept", "HX-Request", "HX-History-Restore-Request")
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
    asked = (request.get_full_path(), *(request.headers.get(name, "") for name in VARYING))
    text = "\0".join((code_version(), *asked, *map(str, parts)))
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
    cursor, so that pinned query counts are about the page alone.
    """
    connection.ensure_connection()
    try:
        started, snapshot = connection.connection.execute(
            "SELECT pg_postmaster_start_time()::text, pg_current_snapshot()::text"
        ).fetchone()
    except psycopg.OperationalError as error:
        raise OperationalError(*error.args) from error
    return started, snapshot


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
