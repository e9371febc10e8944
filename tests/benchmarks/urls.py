"""The site's addresses and an empty view: what every answer costs before it says anything."""

from __future__ import annotations

import os
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config import urls as site

EMPTY: Final = "/empty/"
PROCESS_HEADER: Final = "Answered-By"
"""Names the process that answered, so that all of a server's are asked."""


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing, by way of the same server and middleware as any page."""
    return HttpResponse(content_type="text/plain", headers={PROCESS_HEADER: str(os.getpid())})


# First, so that no longer list of addresses is searched for it than for a page.
urlpatterns = [path(EMPTY.strip("/") + "/", empty), *site.urlpatterns]

handler400 = site.handler400
handler404 = site.handler404
handler500 = site.handler500
