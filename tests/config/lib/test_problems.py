"""Problem details: every kind of bad request is answered with one, and never with a 500."""

import json
from typing import Any

import pytest
from django.core.exceptions import (
    BadRequest,
    DisallowedHost,
    PermissionDenied,
    RequestDataTooBig,
    ValidationError,
)
from django.db.utils import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from psycopg.errors import QueryCanceled
from rest_framework import exceptions, serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.lib.problems import (
    InvalidParameters,
    ParameterProblem,
    answer_problems,
    nearest,
    problem_404,
    problem_response,
    unknown_parameter,
    unknown_value,
)

request = RequestFactory().get("/api/v1/deals/", {"mineral": "tungstn"})


def cancelled() -> OperationalError:
    error = OperationalError("canceling statement due to statement timeout")
    error.__cause__ = QueryCanceled()
    return error


class Failing(APIView):
    """Raises what the test gives it."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    error: Exception | None = None

    def get(self, request: Request) -> Response:
        if self.error is not None:
            raise self.error
        return Response({})

    def post(self, request: Request) -> Response:
        return Response(request.data)


def answer(error: Exception) -> tuple[HttpResponse, dict[str, Any]]:
    response = Failing.as_view(error=error)(request)
    assert isinstance(response, HttpResponse)
    return response, json.loads(response.content)


@pytest.mark.parametrize(
    ("error", "status", "title", "detail"),
    [
        (Http404("No deal “x”."), 404, "Not Found", "No deal “x”."),
        (Http404({"tried": []}), 404, "Not Found", "There is no such record."),
        (Http404(), 404, "Not Found", "There is no such record."),
        (PermissionDenied(), 403, "Forbidden", "You may not do this."),
        (PermissionDenied("Reviewers only."), 403, "Forbidden", "Reviewers only."),
        (BadRequest(), 400, "Bad Request", "The request cannot be understood."),
        (DisallowedHost("x"), 400, "Bad Request", "x"),
        (RequestDataTooBig("Too big."), 400, "Bad Request", "Too big."),
        (ValidationError("A stake is at most 100."), 400, "Bad Request", "A stake is at most 100."),
        (exceptions.MethodNotAllowed("PUT"), 405, "Method Not Allowed", "PUT"),
        (exceptions.NotAcceptable(), 406, "Not Acceptable", "Accept"),
        (exceptions.UnsupportedMediaType("x/y"), 415, "Unsupported Media Type", "x/y"),
        (exceptions.NotAuthenticated(), 403, "Forbidden", "credentials"),
        (exceptions.Throttled(wait=7), 429, "Too Many Requests", "7 seconds"),
        (exceptions.ParseError("Not JSON."), 400, "Bad Request", "Not JSON."),
        (cancelled(), 503, "Service Unavailable", "Narrow it with a filter"),
    ],
)
def test_each_kind_of_error(error: Exception, status: int, title: str, detail: str) -> None:
    response, body = answer(error)
    assert response.status_code == body["status"] == status
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    assert body["title"] == title
    assert detail in body["detail"]
    assert body["type"] == "about:blank"
    assert body["instance"] == "/api/v1/deals/"
    assert "errors" not in body


def test_a_programming_error_stays_one() -> None:
    for error in (ZeroDivisionError(), OperationalError("server closed the connection")):
        with pytest.raises(type(error)):
            Failing.as_view(error=error)(request)


def test_wrong_method_says_which_are_allowed() -> None:
    response = Failing.as_view()(RequestFactory().put("/api/v1/deals/"))
    assert response.status_code == 405
    assert response["Allow"] == "GET, POST, HEAD, OPTIONS"
    assert response["Content-Type"] == "application/problem+json"


def test_headers_that_a_client_needs() -> None:
    assert answer(exceptions.Throttled(wait=7))[0]["Retry-After"] == "7"
    assert answer(cancelled())[0]["Retry-After"] == "30"


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"a": NaN}'])
def test_a_broken_body_is_a_problem(body: bytes) -> None:
    posted = RequestFactory().post("/api/v1/x/", body, content_type="application/json")
    response = Failing.as_view()(posted)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_parameters_are_named_with_value_and_nearest() -> None:
    problem = unknown_value("mineral", "tungstn", "a mineral", ["tin", "tungsten"])
    response, body = answer(InvalidParameters([problem]))
    assert response.status_code == 400
    assert body["detail"] == "“tungstn” is not a mineral. Did you mean “tungsten”?"
    assert body["errors"] == [
        {
            "parameter": "mineral",
            "value": "tungstn",
            "detail": "“tungstn” is not a mineral. Did you mean “tungsten”?",
            "nearest": "tungsten",
        }
    ]


def test_an_unknown_parameter_is_named() -> None:
    _, body = answer(
        InvalidParameters(
            [unknown_parameter("minerl", ["mineral", "q"]), unknown_parameter("utm_source", ["q"])]
        )
    )
    assert [error["parameter"] for error in body["errors"]] == ["minerl", "utm_source"]
    assert body["errors"][0]["nearest"] == "mineral"
    assert "nearest" not in body["errors"][1]


def test_nested_errors_of_a_serializer_are_flattened() -> None:
    class Party(serializers.Serializer[Any]):
        stake_percent = serializers.IntegerField(max_value=100)

    class Deal(serializers.Serializer[Any]):
        title = serializers.CharField()
        parties = Party(many=True)

    deal = Deal(data={"parties": [{"stake_percent": 1}, {"stake_percent": 101}]})
    assert not deal.is_valid()
    response, body = answer(exceptions.ValidationError(deal.errors))
    assert response.status_code == 400
    assert {error["parameter"] for error in body["errors"]} == {
        "title",
        "parties.1.stake_percent",
    }
    assert answer(exceptions.ValidationError("No."))[1]["errors"] == [
        {"parameter": "body", "detail": "No."}
    ]


def test_function_views_answer_alike() -> None:
    @answer_problems
    def export(request: HttpRequest) -> HttpResponse:
        raise InvalidParameters([ParameterProblem(parameter="columns", detail="No such column.")])

    response = export(request)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"

    @answer_problems
    def broken(request: HttpRequest) -> HttpResponse:
        raise OperationalError("server closed the connection")

    with pytest.raises(OperationalError):
        broken(request)


def test_unknown_addresses_are_problems() -> None:
    response = problem_404(RequestFactory().delete("/api/v9/"), path="v9/")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_what_json_cannot_hold_is_replaced_and_long_values_are_cut() -> None:
    problem = unknown_value("mineral", "\ud800" + "x" * 500, "a mineral", ["tin"])
    body = problem_response(request, 400, "\udcff", errors=[problem]).content
    assert b"?" in body
    assert len(body) < 1000


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("tungstn", "tungsten"),
        ("TUNGSTEN", "tungsten"),
        ("kz", "KZ"),
        ("zzzzz", None),
        ("", None),
        ("x" * 100_000, None),
    ],
)
def test_nearest(name: str, found: str | None) -> None:
    assert nearest(name, ["tin", "tungsten", "KZ"]) == found
