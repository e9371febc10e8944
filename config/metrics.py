"""`/metrics`: what a monitor (Prometheus) asks again and again, and nobody else may read.

It tells how many drafts there are, which is not public. Whoever may not read it is answered with
403 and how to: that there is such an address is known from our code, and a monitor with a wrong
token should say so, and not that the address is wrong.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from http import HTTPStatus

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from config.auth import comes_from_loopback
from config.lib.caching import private_page
from config.lib.metrics import exposition
from config.lib.timeouts import begin

logger = logging.getLogger(__name__)

PASSED_ON = ("HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_FORWARDED", "HTTP_X_REAL_IP")
"""How headers begin that proxies add to a request of somebody else's."""
REFUSAL = (
    "Only for monitors: send the token that METRICS_TOKEN sets (Authorization: Bearer TOKEN), or, "
    "where none is set, ask from the same machine without a proxy.\n"
)


@csrf_exempt  # so that writing is 405, not the lack of a form's token
@private_page
@require_safe
def metrics(request: HttpRequest, site_figures: Callable[[], Iterable[Metric]]) -> HttpResponse:
    """What the processes counted, and what the database says now.

    Without a database the first is told all the same, which is when it is looked at most.
    """
    if not may_read(request):
        return HttpResponse(REFUSAL, status=HTTPStatus.FORBIDDEN, content_type="text/plain")
    is_up = GaugeMetricFamily("lodebook_database_up", "Whether the database answered (1) just now.")
    figures: list[Metric] = [is_up]
    try:
        begin(settings.STATEMENT_TIMEOUT_MS)
        figures += site_figures()
        is_up.add_metric([], 1)
    except DatabaseError as error:
        logger.warning("The database does not say what /metrics tells of it: %s", error)
        is_up.add_metric([], 0)
    return HttpResponse(exposition(figures), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def may_read(request: HttpRequest) -> bool:
    """Whether the request shows the token or, where there is none, is of this machine itself."""
    if token := settings.METRICS_TOKEN:
        scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
        return scheme.lower() == "bearer" and constant_time_compare(shown.strip(), token)
    return not settings.BEHIND_PROXY and comes_from_loopback(request) and not _is_passed_on(request)


def _is_passed_on(request: HttpRequest) -> bool:
    """Whether a proxy on this machine may have sent it: it says so, or asks by the site's name."""
    host, _ = split_domain_port(request.get_host())
    return host not in settings.LOOPBACK_HOSTS or any(
        name.startswith(PASSED_ON) for name in request.META
    )
