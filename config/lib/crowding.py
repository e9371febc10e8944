"""A limit on how many costly answers a process makes at once: pictures as PNG, workbooks.

They take a processor for a second or more, whatever the database does meanwhile, so that a few
readers who ask for many would keep all others from the pages. One who finds no place waits for a
short time and is then told to come back (503), which costs nothing.

@public_page
@few_at_a_time
def chart_png(request): ...
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from config.lib.problems import problem_response

PLACES: Final = 2
"""Half of the threads that a process is advised to have."""
PATIENCE_SECONDS: Final = 3.0
RETRY_AFTER_SECONDS: Final = "10"

_places = threading.BoundedSemaphore(PLACES)


def few_at_a_time[**P](
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let `PLACES` requests of all such views be answered at once, and the next wait or give up.

    It belongs below ``public_page``: to say that nothing has changed needs no place.
    """

    @wraps(view)
    def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not _places.acquire(timeout=PATIENCE_SECONDS):
            return problem_response(
                request,
                HTTPStatus.SERVICE_UNAVAILABLE,
                "Too many pictures and workbooks are asked for at this moment. "
                "Try again in a few seconds.",
                headers={"Retry-After": RETRY_AFTER_SECONDS},
            )
        try:
            return view(request, *args, **kwargs)
        finally:
            _places.release()

    return answered
