"""Public answers are the same for everyone; staff answers are kept by nobody."""

import zlib
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.utils.cache import patch_vary_headers
from pytest_django.fixtures import Settings

from config.lib.middleware import PublicGZipMiddleware, PublicPagesMiddleware


def answer(path: str, view: Any, **headers: str) -> HttpResponse:
    request = RequestFactory(HTTP_COOKIE="sessionid=abc; csrftoken=def").get(path)
    response = PublicPagesMiddleware(view)(request)
    assert isinstance(response, HttpResponse)
    return response


def greet(request: HttpRequest) -> HttpResponse:
    """Answers with all the cookies it sees, sets one, and varies by them."""
    response = HttpResponse(f"{request.COOKIES} {request.META.get('HTTP_COOKIE')}")
    response.set_cookie("tracking", "1")
    patch_vary_headers(response, ["Accept", "cookie", "HX-Request"])
    return response


@pytest.mark.parametrize(
    "path", ["/", "/deals/", "/api/v1/deals/", "/administration/", "/x/admin/"]
)
def test_public_answers_know_no_cookie(path: str) -> None:
    response = answer(path, greet)
    assert response.content == b"{} None"
    assert not response.cookies
    assert response["Vary"] == "Accept, HX-Request"


def test_vary_goes_where_nothing_else_varies() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Vary": "Cookie"})

    assert "Vary" not in answer("/", view)


def test_staff_answers_are_private() -> None:
    response = answer("/admin/deals/", greet)
    assert b"sessionid" in response.content
    assert response.cookies["tracking"].value == "1"
    assert "cookie" in response["Vary"]
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))


def test_a_signed_in_editor_gets_the_public_page(db: None, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = False
    client = Client()
    anonymous = client.get("/no-such-page/")
    client.force_login(User.objects.create_superuser("editor-of-middleware"))
    signed_in = client.get("/no-such-page/")
    assert signed_in.content == anonymous.content
    assert not signed_in.cookies
    assert "Cookie" not in signed_in.get("Vary", "")
    assert client.get("/admin/").status_code == 200


def test_public_addresses_are_passed_by_what_only_staff_need(db: None) -> None:
    """Neither is there anything to ask, nor is anybody asked for."""
    for path, has_them in (("/deals/", False), ("/admin/", True)):
        request = Client().get(path).wsgi_request
        found = {name: hasattr(request, name) for name in ("session", "user", "_messages")}
        assert found == dict.fromkeys(found, has_them), path


def compressed(path: str, parts: list[bytes], *, asks: str = "gzip") -> Any:
    request = RequestFactory().get(path, headers={"accept-encoding": asks})
    return PublicGZipMiddleware(lambda _: StreamingHttpResponse(parts))(request)


@pytest.mark.parametrize("path", ["/deals/", "/admin/"])
def test_each_part_of_a_file_is_sent_when_it_is_there(path: str) -> None:
    parts = [b"one " * 100, b"two " * 100]
    answer = compressed(path, parts)
    assert (answer["Content-Encoding"], answer["Vary"]) == ("gzip", "Accept-Encoding")
    unpacking = zlib.decompressobj(wbits=31)
    read = [unpacking.decompress(part) for part in answer.streaming_content]
    assert [part for part in read if part] == parts
    assert "Content-Encoding" not in compressed(path, parts, asks="br")
