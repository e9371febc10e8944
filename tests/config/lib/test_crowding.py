"""Costly answers are made a few at a time, and who finds no place is told to come back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from config.lib import crowding
from tests.deals.records import COVE_DEAL


@contextmanager
def crowded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every place is taken."""
    places = threading.BoundedSemaphore(1)
    monkeypatch.setattr(crowding, "_places", places)
    monkeypatch.setattr(crowding, "PATIENCE_SECONDS", 0.01)
    with ExitStack() as stack:
        stack.enter_context(places)
        yield


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["/deals/charts/years.png?host=kz", "/deals/export.xlsx?host=kz", "/cards/home.png"]
    + [f"/cards/deals/{COVE_DEAL}.png"],
)
def test_who_finds_no_place_is_told_to_come_back(
    client: Client, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    with crowded(monkeypatch):
        answer = client.get(address)
        assert answer.status_code == 503
        assert answer["Retry-After"] == "10"
        assert answer["Cache-Control"] == "no-store"
        assert "ETag" not in answer
        assert "few seconds" in answer.json()["detail"]
        assert client.get("/deals/?host=kz").status_code == 200
    assert client.get(address).status_code == 200


@pytest.mark.django_db
def test_what_has_not_changed_needs_no_place(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.lib.caching.present_version", lambda: ("as it stands",))
    address = "/deals/charts/years.png?host=kz"
    etag = client.get(address)["ETag"]
    with crowded(monkeypatch):
        assert client.get(address, headers={"if-none-match": etag}).status_code == 304


def test_a_place_is_free_again_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowding, "_places", threading.BoundedSemaphore(1))
    monkeypatch.setattr(crowding, "PATIENCE_SECONDS", 0.01)

    @crowding.few_at_a_time
    def fails(request: HttpRequest) -> HttpResponse:
        raise ValueError("A fault.")

    for _ in range(3):
        with pytest.raises(ValueError, match=r"A fault\."):
            fails(RequestFactory().get("/"))
