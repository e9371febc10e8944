"""Conditional answers: unchanged is 304, anything an answer depends on makes a new ETag."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from config.lib import caching
from config.lib.caching import code_version, etag_for, private_page, public_page

edition = {"seq": 1}


@public_page
def page(request: HttpRequest, key: str) -> HttpResponse:
    return HttpResponse(f"Edition {edition['seq']} of {key}")


@pytest.fixture(autouse=True)
def first_edition(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEBUG = False
    edition["seq"] = 1
    monkeypatch.setattr(caching, "present_version", lambda: (str(edition["seq"]),))


def get(address: str = "/x/", **headers: str) -> HttpResponseBase:
    return page(RequestFactory().get(address, headers=headers), "a")


def test_an_unchanged_page_is_not_sent_again() -> None:
    first = get()
    assert first.status_code == 200
    assert first["Cache-Control"] == "public, no-cache"
    assert first["Vary"] == "Accept, HX-Request, HX-History-Restore-Request"
    again = get(if_none_match=first["ETag"])
    assert isinstance(again, HttpResponse)
    assert again.status_code == 304
    assert again.content == b""
    assert again["Cache-Control"] == "public, no-cache"
    assert again["ETag"] == first["ETag"]


def test_a_changed_page_is() -> None:
    first = get()
    edition["seq"] = 2
    assert get(if_none_match=first["ETag"]).status_code == 200


def test_whatever_an_answer_depends_on_is_in_the_etag() -> None:
    etags = {
        get()["ETag"],
        get("/x/?page=2")["ETag"],
        get("/y/")["ETag"],
        get(hx_request="true")["ETag"],
        get(accept="text/csv")["ETag"],
    }
    assert len(etags) == 5
    assert all(etag.startswith('W/"') for etag in etags)


def test_parts_do_not_run_together() -> None:
    request = RequestFactory().get("/")
    assert etag_for(request, "ab", "c") != etag_for(request, "a", "bc")


def test_while_debugging_nothing_is_kept(settings: Settings) -> None:
    settings.DEBUG = True
    assert get()["Cache-Control"] == "no-store"
    assert "ETag" not in get()


def test_an_error_is_not_kept() -> None:
    @public_page
    def broken(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=503)

    response = broken(RequestFactory().get("/"))
    assert "Cache-Control" not in response
    assert "ETag" not in response


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_a_public_page_is_only_read(method: str) -> None:
    """Before anything asks for the token of a form."""
    response = page(RequestFactory(enforce_csrf_checks=True).generic(method, "/x/"), "a")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert "ETag" not in response


def test_private_pages_are_kept_by_nobody() -> None:
    @private_page
    def mine(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Cache-Control": "public, max-age=60"})

    kept = mine(RequestFactory().get("/"))["Cache-Control"]
    assert {"private", "no-store"} <= set(kept.split(", "))
    assert "public" not in kept


def test_the_code_has_one_version() -> None:
    assert code_version() == code_version.__wrapped__()
    assert len(code_version()) == 16
