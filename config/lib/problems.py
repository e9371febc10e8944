"""Errors as RFC 9457 problem details (``application/problem+json``), for the API and for files.

    {"type": "about:blank", "title": "Bad Request", "status": 400,
     "detail": "“tungstn” is no mineral. Did you mean “tungsten”?", "instance": "/api/v1/deals/",
     "errors": [{"parameter": "mineral", "value": "tungstn", "detail": "…", "nearest": "tungsten"}]}

``errors`` is there only when single parameters or fields are wrong; ``value`` and ``nearest`` only
where there is one.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, Final

import orjson
import psycopg
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.utils import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from psycopg.errors import QueryCanceled
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.views import set_rollback

CONTENT_TYPE: Final = "application/problem+json"
# A value is repeated in an error so that its sender finds it, not so that it fills a log.
_SHOWN_LENGTH: Final = 100
# As many values as can be read in a sentence.
_MOST_LISTED: Final = 12
RETRY_AFTER_SECONDS: Final = "30"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterProblem:
    """What is wrong with one parameter or field: `detail` is a sentence that says the way out."""

    parameter: str
    detail: str
    value: str | None = None
    nearest: str | None = None

    def as_dict(self) -> dict[str, str]:
        """The members that have a value."""
        members = {
            "parameter": self.parameter,
            "value": None if self.value is None else shortened(self.value),
            "detail": self.detail,
            "nearest": self.nearest,
        }
        return {name: value for name, value in members.items() if value is not None}


class InvalidParameters(exceptions.APIException):
    """Parameters that cannot be answered: 400, with every one of `problems` named."""

    status_code = HTTPStatus.BAD_REQUEST

    def __init__(self, problems: Sequence[ParameterProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.detail for problem in self.problems[:3]))


def shortened(value: str) -> str:
    """`value` cut to a length that can be repeated in a message."""
    return value if len(value) <= _SHOWN_LENGTH else value[: _SHOWN_LENGTH - 1] + "…"


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The one of `candidates` that `name` was probably meant to be, if any is close."""
    known = {candidate.casefold(): candidate for candidate in candidates}
    found = difflib.get_close_matches(shortened(name).casefold(), known, n=1, cutoff=0.6)
    return known[found[0]] if found else None


def unknown_value(
    parameter: str, value: str, what: str, candidates: Iterable[str]
) -> ParameterProblem:
    """The problem that `value` is not `what` (“a mineral”), with the nearest that is.

    Where none is near and there are few, all of them are named.
    """
    known = list(candidates)
    near = nearest(value, known)
    hint = f" Did you mean “{near}”?" if near else ""
    if not near and 0 < len(known) <= _MOST_LISTED:
        hint = f" Choose from {', '.join(known)}."
    return ParameterProblem(
        parameter=parameter,
        value=value,
        nearest=near,
        detail=f"“{shortened(value)}” is not {what}.{hint}",
    )


def unknown_parameter(name: str, candidates: Iterable[str]) -> ParameterProblem:
    """The problem that there is no parameter `name`, with the nearest that there is."""
    near = nearest(name, candidates)
    hint = f"Did you mean “{near}”?" if near else "Leave it out."
    return ParameterProblem(
        parameter=shortened(name),
        nearest=near,
        detail=f"There is no parameter “{shortened(name)}”. {hint}",
    )


def problem_response(
    request: HttpRequest | Request,
    status: int,
    detail: str,
    *,
    errors: Iterable[ParameterProblem] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """One problem as a response. Never stored, since the next answer may be a good one."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        "instance": request.path,
    }
    listed = [error.as_dict() for error in errors]
    if listed:
        body["errors"] = listed
    return HttpResponse(
        # A path or value may hold half of a surrogate pair, which JSON cannot.
        orjson.dumps(_encodable(body), option=orjson.OPT_APPEND_NEWLINE),
        status=status,
        content_type=CONTENT_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def problem_handler(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """Django REST framework's EXCEPTION_HANDLER. None lets a programming error become a 500."""
    return _as_problem(error, context["request"])


def answer_problems[**P, R: HttpResponseBase](
    view: Callable[P, R],
) -> Callable[P, HttpResponseBase]:
    """Make a function view (an export, a feed) answer as the API does when a request is wrong.

    Such views are only read.
    """

    @wraps(view)
    def answered(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        request = args[0]
        if not isinstance(request, HttpRequest):
            raise TypeError(f"{view.__name__} must be called with a request first.")
        if request.method not in ("GET", "HEAD"):
            return problem_response(
                request,
                HTTPStatus.METHOD_NOT_ALLOWED,
                "This address can only be read.",
                headers={"Allow": "GET, HEAD"},
            )
        try:
            return view(*args, **kwargs)
        except _ANSWERED as error:
            response = _as_problem(error, request)
            if response is None:
                raise
            return response

    return answered


def problem_404(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """The view of every unknown path below /api/."""
    return problem_response(
        request, HTTPStatus.NOT_FOUND, "There is nothing at this address. See /api/docs/."
    )


def will_pass(error: BaseException) -> str | None:
    """What to tell a reader of a database error that is not for ever; None for any other.

    A query that ran into `statement_timeout`, or a server that is away, starting or full.
    """
    cause = error.__cause__
    if isinstance(cause, QueryCanceled):
        return "This question took too long to answer. Narrow it with a filter and try again."
    if isinstance(cause, psycopg.OperationalError) and (cause.sqlstate or "08").startswith(_AWAY):
        return "The database does not answer. Try again in a minute."
    return None


# Classes of SQLSTATE: connection lost, shut down or starting, too many connections.
_AWAY: Final = ("08", "57P", "53300")
_ANSWERED: Final = (
    exceptions.APIException,
    Http404,
    PermissionDenied,
    BadRequest,
    SuspiciousOperation,
    DjangoValidationError,
    OperationalError,
)


def _as_problem(error: Exception, request: HttpRequest | Request) -> HttpResponse | None:
    errors: Sequence[ParameterProblem] = ()
    headers: dict[str, str] = {}
    match error:
        case InvalidParameters():
            status, detail, errors = HTTPStatus.BAD_REQUEST, str(error.detail), error.problems
        case exceptions.ValidationError():
            errors = tuple(_field_problems(error.detail))
            status, detail = HTTPStatus.BAD_REQUEST, "The request is not valid: see errors."
        case exceptions.APIException():
            status, detail = HTTPStatus(error.status_code), str(error.detail)
            headers = _headers(error)
        case Http404():
            status, detail = HTTPStatus.NOT_FOUND, _sentence(error, "There is no such record.")
        case PermissionDenied():
            status = HTTPStatus.FORBIDDEN
            detail = _sentence(error, "You may not do this.")
        case DjangoValidationError():
            status, detail = HTTPStatus.BAD_REQUEST, " ".join(error.messages)
        case BadRequest() | SuspiciousOperation():
            status = HTTPStatus.BAD_REQUEST
            detail = _sentence(error, "The request cannot be understood.")
        case OperationalError() if sentence := will_pass(error):
            status, detail = HTTPStatus.SERVICE_UNAVAILABLE, sentence
            headers = {"Retry-After": RETRY_AFTER_SECONDS}
        case _:
            return None
    set_rollback()
    return problem_response(request, status, detail, errors=errors, headers=headers)


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(challenge)
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers


def _sentence(error: Exception, default: str) -> str:
    """What a raiser has said; a resolver's 404 carries a dictionary, which is for nobody."""
    return error.args[0] if error.args and isinstance(error.args[0], str) else default


def _field_problems(detail: object, name: str = "") -> Iterable[ParameterProblem]:
    """Flatten the nested errors of a serializer: ``parties.0.company``."""
    match detail:
        case dict():
            for key, inner in detail.items():
                yield from _field_problems(inner, f"{name}.{key}" if name else str(key))
        case list():
            for index, inner in enumerate(detail):
                is_message = isinstance(inner, str)
                yield from _field_problems(inner, name if is_message else f"{name}.{index}")
        case _:
            yield ParameterProblem(parameter=name or "body", detail=str(detail))


def _encodable(value: Any) -> Any:
    match value:
        case str():
            return value.encode("utf-8", "replace").decode("utf-8")
        case dict():
            return {_encodable(key): _encodable(item) for key, item in value.items()}
        case list():
            return [_encodable(item) for item in value]
    return value
