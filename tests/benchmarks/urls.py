"""The site's addresses and an empty view: what every answer costs before it says anything."""

from __future__ import annotations

import os

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config import urls as site
from deals.bitmap_index.keeping import held_now
from tests.benchmarks.addresses import EMPTY, PROCESS_HEADER, READY


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing, by way of the same server and middleware as any page."""
    return HttpResponse(content_type="text/plain", headers={PROCESS_HEADER: str(os.getpid())})


def ready(request: HttpRequest) -> HttpResponse:
    """200 once this process holds its index of deals, which is loaded when first wanted; else 202.

    Below the least number of deals it never is.
    """
    return HttpResponse(content_type="text/plain", status=200 if held_now("default") else 202)


# First, so that no longer list of addresses is searched for it than for a page.
urlpatterns = [
    path(EMPTY.removeprefix("/"), empty),
    path(READY.removeprefix("/"), ready),
    *site.urlpatterns,
]

handler400 = site.handler400
handler404 = site.handler404
handler500 = site.handler500
