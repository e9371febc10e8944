"""What is answered when no view can: problem details below `PROBLEM_PATHS`, pages elsewhere.

The pages of 400 and 500 need neither the database nor a request that can be read.
"""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views import defaults

from config.lib.problems import problem_404, problem_response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A host, path or form that Django refuses to read."""
    if request.path.startswith(settings.PROBLEM_PATHS):
        detail = "The request cannot be understood."
        return problem_response(request, HTTPStatus.BAD_REQUEST, detail)
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing at this address."""
    if request.path.startswith(settings.PROBLEM_PATHS):
        return problem_404(request)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours, which has been logged."""
    if request.path.startswith(settings.PROBLEM_PATHS):
        detail = "The fault is on Lodebook’s side and has been logged."
        return problem_response(request, HTTPStatus.INTERNAL_SERVER_ERROR, detail)
    return defaults.server_error(request)
