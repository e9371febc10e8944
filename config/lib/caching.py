"""Conditional answers: an unchanged page costs its reader a few bytes and us one query.

@public_page(version=lambda request: (Edition.objects.latest_seq(), reference_day(request)))
def deal_list(request): ...
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import cache, wraps
from pathlib import Path
from typing import Concatenate, Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import condition

# Request headers that change what a public address answers.
VARYING: Final = ("Accept", "HX-Request")
_CODE_SUFFIXES: Final = frozenset({".py", ".html", ".css", ".js", ".svg"})


def public_page[**P](
    *, version: Callable[Concatenate[HttpRequest, P], Iterable[object]], max_age: int = 60
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Let caches keep a view's answers for `max_age` seconds and ask again with its ETag.

    `version`, called as the view is, gives all that an answer depends on beside the address and
    the code: the number of the last edition, the reference day. While DEBUG is on nothing is kept.
    """

    def decorate(
        view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        def etag(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> str | None:
            return None if settings.DEBUG else etag_for(request, *version(request, *args, **kwargs))

        conditional = condition(etag_func=etag)(view)

        @wraps(view)
        def answered(
            request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            response: HttpResponseBase = conditional(request, *args, **kwargs)
            patch_vary_headers(response, VARYING)
            if settings.DEBUG:
                patch_cache_control(response, no_store=True)
            elif response.status_code in {200, 304} and not response.has_header("Cache-Control"):
                patch_cache_control(response, public=True, max_age=max_age)
            return response

        return answered

    return decorate


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
