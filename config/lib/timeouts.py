"""A limit on how long one query of a public page may run.

A reader who asks for too much gets an answer after five seconds instead of occupying the
database. Staff in the admin, writes and commands are not limited.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import psycopg
from django.conf import settings
from django.db import connection
from django.db.utils import OperationalError
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class StatementTimeoutMiddleware:
    """Set `statement_timeout` for each request that reads; lift it for all others.

    It is set at the start and not reset at the end, because an export goes on reading while its
    answer is sent, and because the next request on this connection sets its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request under its limit."""
        if request.path == "/healthz":  # says itself that there is no database
            return self.get_response(request)
        exempt = settings.STATEMENT_TIMEOUT_EXEMPT_PATHS
        is_public_read = request.method in SAFE_METHODS and not request.path.startswith(exempt)
        set_statement_timeout(settings.STATEMENT_TIMEOUT_MS if is_public_read else 0)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a query that ran into the limit with 503 and a way out."""
        if not isinstance(exception.__cause__, psycopg.errors.QueryCanceled):
            return None
        logger.warning("A query took too long: %s", request.get_full_path())
        return HttpResponse(
            "This question took too long to answer. Narrow it with a filter and try again.\n",
            status=503,
            content_type="text/plain; charset=utf-8",
            headers={"Retry-After": "30", "Cache-Control": "no-store"},
        )


def set_statement_timeout(milliseconds: int) -> None:
    """Limit the queries of this thread's connection from now on; 0 lifts the limit.

    It goes past Django's cursor, so that pinned query counts are about the page alone.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    try:
        connection.connection.execute(f"SET statement_timeout = {int(milliseconds)}")
    except psycopg.OperationalError as error:
        raise OperationalError(*error.args) from error
