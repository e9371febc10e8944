"""Asking the API: an answer's JSON, its problem, and whether it has the shape it promises."""

from __future__ import annotations

from typing import Any

from django.test import Client
from pydantic import BaseModel

type Answer = dict[str, Any]

API = "/api/v1"


def ask(path: str, /, **parameters: Any) -> Answer:
    """The answer of an endpoint that must answer."""
    response = Client().get(f"{API}/{path}", parameters)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/json"
    answer: Answer = response.json()
    return answer


def ask_in_shape(shape: type[BaseModel], path: str, /, **parameters: Any) -> Answer:
    """The same, held to the shape that the schema promises: nothing more, nothing less."""
    response = Client().get(f"{API}/{path}", parameters)
    assert response.status_code == 200, response.content
    shape.model_validate_json(response.content)
    answer: Answer = response.json()
    return answer


def refused(path: str, /, status: int = 400, **parameters: Any) -> Answer:
    """The problem that an endpoint answers with."""
    response = Client().get(f"{API}/{path}", parameters)
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert "no-store" in response["Cache-Control"]
    problem: Answer = response.json()
    assert problem["status"] == status
    assert problem["instance"] == f"{API}/{path}"
    return problem


def names_refused(path: str, /, **parameters: Any) -> dict[str, str | None]:
    """Parameters that were refused, with the nearest valid value of each."""
    errors = refused(path, **parameters)["errors"]
    return {error["parameter"]: error.get("nearest") for error in errors}
