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
from django.template.loader import render_to_string

from config.lib.caching import VERSION_SQL, seeing
from config.lib.problems import RETRY_AFTER_SECONDS, problem_response, will_pass

logger = logging.getLogger(__name__)

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
SAY_THEMSELVES = {"/healthz", "/metrics"}
"""What answers without a database as well, and says that there is none."""


class StatementTimeoutMiddleware:
    """Set `statement_timeout` for each request that reads; lift it for all others.

    The same statement tells which state of the database the request sees (`config.lib.caching`).

    It is set at the start and not reset at the end, because an export goes on reading while its
    answer is sent, and because the next request on this connection sets its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request under its limit."""
        if request.path in SAY_THEMSELVES:
            return self.get_response(request)
        exempt = settings.STATEMENT_TIMEOUT_EXEMPT_PATHS
        is_public_read = request.method in SAFE_METHODS and not request.path.startswith(exempt)
        try:
            version = begin(settings.STATEMENT_TIMEOUT_MS if is_public_read else 0)
        except OperationalError as error:
            response = self.process_exception(request, error)
            if response is None:
                raise
            return response
        # Within a transaction the version does not tell what that has written itself.
        is_told = is_public_read and not connection.in_atomic_block
        with seeing(version if is_told else None):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a query that ran into the limit, or no database, with 503 and a way out."""
        sentence = will_pass(exception)
        if sentence is None:
            return None
        logger.warning("%s: %s", request.get_full_path(), exception.__cause__)
        if request.path.startswith(settings.PROBLEM_PATHS):
            headers = {"Retry-After": RETRY_AFTER_SECONDS}
            return problem_response(request, 503, sentence, headers=headers)
        return HttpResponse(
            render_to_string("503.html", {"sentence": sentence}),
            status=503,
            headers={"Retry-After": RETRY_AFTER_SECONDS, "Cache-Control": "no-store"},
        )


def begin(statement_timeout_ms: int) -> tuple[str, str]:
    """Make this thread's connection ready for a request: the `database_version` that it sees.

    One statement limits the queries from now on (0 lifts the limit), tells the version and finds
    out whether the connection still stands, where it is else made anew. It goes past Django's
    cursor, so that pinned query counts are about the page alone.
    """
    is_kept = connection.connection is not None
    connection.ensure_connection()
    statement = (
        f"SELECT set_config('statement_timeout', '{int(statement_timeout_ms)}', false),"
        f" {VERSION_SQL}"
    )
    try:
        try:
            row = connection.connection.execute(statement).fetchone()
        except psycopg.OperationalError:
            if not is_kept or connection.in_atomic_block:
                raise
            connection.close()
            connection.ensure_connection()
            row = connection.connection.execute(statement).fetchone()
    except psycopg.OperationalError as error:
        raise OperationalError(*error.args) from error
    connection.health_check_done = True  # type: ignore[attr-defined]
    return row[1], row[2]
