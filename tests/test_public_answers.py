"""What every public answer carries and leaves out: validators, security headers, no cookies."""

from __future__ import annotations

import datetime
import gzip
import logging
import re
from typing import Any

import psycopg
import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings

from config.lib.caching import database_version
from countries.models import Country
from deals.models import Edition
from deals.publishing import publish_many, withdraw
from tests import databases
from tests.config.test_settings import PRODUCTION, manage
from tests.deals.records import COVE_DEAL, a_record, a_reviewer, written
from tests.test_bad_input import addresses, read

DETAIL = f"/deals/{COVE_DEAL}/"
PAGES = [
    *("/", "/deals/", "/deals/?q=tungsten&host=c5", "/deals/export.csv?host=kz", DETAIL),
    *(f"{DETAIL}history/", "/deals/feed.atom?host=kz", "/countries/", "/countries/kz/"),
    *("/minerals/tungsten/", "/companies/tau-ken-samruk/", "/sources/", "/about/"),
    *("/deals/?view=charts&host=kz", "/deals/charts/years.svg", "/deals/charts/map.png?host=kz"),
    *("/deals/charts/flows.csv", "/deals/export.xlsx?host=kz", "/deals/export.geojson?host=kz"),
    *("/deals/facets/host/", f"/deals/compare/?deal={COVE_DEAL}", "/suggest/?q=tung"),
    *("/countries/compare.csv?country=KZ&country=UZ", "/sitemap-deals.xml", "/cards/home.png"),
    f"{DETAIL}editions/1/cite.bib",
    *("/api/docs/", "/api/schema/"),
]


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Refusals are what is asked for here."""
    caplog.set_level(logging.CRITICAL, logger="django")


def etag_of(address: str) -> str:
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return answer["ETag"]


def status_with(etag: str, address: str) -> int:
    return Client().get(address, headers={"if-none-match": etag}).status_code


# -- Caches ----------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("address", PAGES)
def test_an_unchanged_page_costs_nothing(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Other databases of the server, such as those of tests that run meanwhile, move the version.
    monkeypatch.setattr("config.lib.caching.present_version", lambda: ("as it stands",))
    first = read(Client().get(address))
    assert first["Cache-Control"] == "public, no-cache"
    assert "Cookie" not in first["Vary"]
    again = Client().get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert "default-src" in again["Content-Security-Policy"]
    head = Client().head(address)
    assert (head.status_code, head["ETag"]) == (200, first["ETag"])


@pytest.mark.sql
def test_no_page_is_answered_from_before_a_change(own_database: str) -> None:
    """A publication, a withdrawal and a reference record's change show at once, everywhere."""
    address = "/deals/zz-test-deal/"
    pages = ["/", "/deals/", "/deals/feed.atom", "/countries/kz/", "/api/v1/deals/"]
    reviewer = a_reviewer()
    before = {page: etag_of(page) for page in pages}

    (deal,) = written(a_record())
    publish_many([deal], by=reviewer)
    for page, etag in before.items():
        assert status_with(etag, page) == 200, page
    assert "A deal for tests" in Client().get("/deals/?q=tests").content.decode()

    etag = etag_of(address)
    Country.objects.filter(pk="KZ").update(official_name="Republic of Tests")
    assert status_with(etag, address) == 200

    etag = etag_of(address)
    withdraw(deal, by=reviewer, reason="It was for tests.")
    assert status_with(etag, address) == 410


def connect() -> psycopg.Connection:
    return psycopg.connect(databases.conninfo(str(connection.settings_dict["NAME"])))


@pytest.mark.sql
def test_what_commits_late_is_not_overlooked(own_database: str) -> None:
    """A transaction that began first and ends last changes the version like any other."""
    with connect() as slow, connect() as quick:
        slow.execute("UPDATE countries_country SET official_name = 'A' WHERE iso2 = 'KZ'")
        quick.execute("UPDATE countries_country SET official_name = 'B' WHERE iso2 = 'UZ'")
        quick.commit()
        between = database_version()
        slow.commit()
        assert database_version() != between


@pytest.mark.django_db
def test_the_day_is_part_of_the_etag() -> None:
    today = datetime.datetime.now(datetime.UTC)
    etags = {address: etag_of(address) for address in ("/deals/", DETAIL)}
    with time_machine.travel(today + datetime.timedelta(days=1), tick=False):
        for address, etag in etags.items():
            assert status_with(etag, address) == 200


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/deals/?mineral=tungstn", "/deals/nothing/", "/nothing/"])
def test_an_error_is_asked_for_anew(address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code in {400, 404}
    assert answer["Cache-Control"] in {"no-cache", "no-store"}
    assert "ETag" not in answer


@pytest.mark.django_db
def test_part_of_a_page_is_not_taken_for_the_page() -> None:
    """htmx's answer, and the whole page that it asks for when it goes back."""
    asked = [{}, {"HX-Request": "true"}]
    asked.append({"HX-Request": "true", "HX-History-Restore-Request": "true"})
    answers = [Client().get("/deals/", headers=headers) for headers in asked]
    assert len({answer["ETag"] for answer in answers}) == 3
    assert {answer["Vary"] for answer in answers} == {answers[0]["Vary"]}


# -- Who asks --------------------------------------------------------------------------------------


def carries_the_security_headers(answer: Any, address: str) -> None:
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"], address
    assert "unsafe" not in answer["Content-Security-Policy"], address
    assert answer["X-Content-Type-Options"] == "nosniff", address
    assert answer["X-Frame-Options"] == "DENY", address
    assert answer["Referrer-Policy"] == "strict-origin-when-cross-origin", address


@pytest.mark.django_db
def test_public_answers_do_not_depend_on_who_asks() -> None:
    staff = Client()
    staff.force_login(User.objects.create_superuser("ada"))
    for address in addresses():
        anybody, signed_in = read(Client().get(address)), read(staff.get(address))
        assert not signed_in.cookies, address
        assert "Set-Cookie" not in signed_in.headers
        assert "cookie" not in signed_in.get("Vary", "").lower(), address
        if not (anybody.streaming or signed_in.streaming):
            assert signed_in.content == anybody.content, address
        if not address.startswith("/embed/"):
            carries_the_security_headers(anybody, address)
    answer = staff.get("/admin/")
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))


@pytest.mark.django_db
@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_signing_in_leads_nowhere_else(client: Client, target: str) -> None:
    User.objects.create_superuser("ada", password="a known word")
    answer = client.post(
        f"/admin/login/?next={target}",
        {"username": "ada", "password": "a known word", "next": target},
    )
    assert answer.status_code == 302
    assert "evil" not in answer["Location"]
    assert answer.cookies["sessionid"]["httponly"]


# -- Security headers ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_kind_of_answer_carries_the_security_headers() -> None:
    """Refusals and the staff's pages; good public answers are looked at above."""
    wrong = ["/nothing/", "/deals/?host=xx", "/deals", "/api/v1/nothing/", "/api/v1/deals/?x=1"]
    for address in [*wrong, "/admin/", "/admin/login/"]:
        carries_the_security_headers(read(Client().get(address)), address)


@pytest.mark.django_db
def test_a_foreign_host_is_refused(settings: Settings) -> None:
    """Else links in pages and feeds would lead to it."""
    settings.ALLOWED_HOSTS = ["lodebook.example"]
    for host in ("evil.example", "lodebook.example.evil", "lodebook.example:80@evil", ""):
        page = Client().get("/deals/", headers={"host": host}, SERVER_NAME="evil.example")
        assert page.status_code == 400, host
        assert b"cannot be understood" in page.content
        assert "default-src" in page["Content-Security-Policy"]
        api = Client().get("/api/v1/deals/", headers={"host": host}, SERVER_NAME="evil.example")
        assert (api.status_code, api["Content-Type"]) == (400, "application/problem+json")
    settings.SECURE_SSL_REDIRECT = True
    page = Client().get("/deals/", headers={"host": "evil.example"})
    assert page.status_code == 400
    assert "default-src" in page["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/deals/", "/deals/export.ndjson", "/api/v1/deals/"])
def test_answers_are_compressed_for_who_takes_it(address: str) -> None:
    answer: Any = Client().get(address, headers={"accept-encoding": "gzip"})
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
    plain: Any = Client().get(address)
    whole = b"".join(plain.streaming_content) if plain.streaming else plain.content
    assert gzip.decompress(body) == whole
    assert len(body) < len(whole) / 3


# -- What cannot be answered -----------------------------------------------------------------------


@pytest.mark.sql
@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/deals/", "/countries/kz/", "/api/v1/deals/", "/deals/export.csv"]
)
def test_a_slow_query_is_no_fault(
    address: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 and a way out, in the form that the address has."""

    def too_slow(*args: object, **kwargs: object) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(10)")

    settings.STATEMENT_TIMEOUT_MS = 30
    monkeypatch.setattr(Edition.objects.__class__, "current", too_slow)
    answer = Client(raise_request_exception=False).get(address)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert "no-store" in answer["Cache-Control"]
    assert "Narrow it with a filter" in answer.content.decode()
    is_page = "<h1" in answer.content.decode()
    assert is_page == (address in {"/deals/", "/countries/kz/"})


@pytest.mark.parametrize("address", ["/deals/", "/api/v1/deals/", "/nothing/"])
def test_without_a_database_the_site_says_so(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object) -> None:
        raise OperationalError("gone") from psycopg.OperationalError("gone")

    monkeypatch.setattr(connection, "ensure_connection", away)
    monkeypatch.setattr(connection, "close_if_health_check_failed", lambda: None)
    answer = Client(raise_request_exception=False).get(address)
    assert answer.status_code == 503
    assert "The database does not answer" in answer.content.decode()
    is_problem = answer["Content-Type"] == "application/problem+json"
    assert is_problem == address.startswith("/api/")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/deals/", "/api/v1/deals/"])
def test_a_fault_tells_nothing_of_itself(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: object, **kwargs: object) -> None:
        raise ValueError("a secret")

    monkeypatch.setattr("deals.filters.DealFilterSet.problems", fails)
    answer = Client(raise_request_exception=False).get(address)
    assert answer.status_code == 500
    text = answer.content.decode()
    assert "has been logged" in text
    assert "secret" not in text
    assert "default-src" in answer["Content-Security-Policy"]
    is_problem = answer["Content-Type"] == "application/problem+json"
    assert is_problem == address.startswith("/api/")


def test_production_passes_the_checks_for_production(own_database: str) -> None:
    """Django's own are about cookies and HTTPS."""
    environment = PRODUCTION | {"DATABASE_URL": databases.conninfo(own_database)}
    answer = manage("check", "--deploy", "--fail-level", "WARNING", **environment)
    assert answer.returncode == 0, answer.stderr


@pytest.mark.django_db
def test_only_embeds_may_be_framed() -> None:
    """By anybody, whatever is wrong with their address; they hold no form and no session."""
    for address in ("/embed/deals/years/", "/embed/deals/yaers/", "/embed/deals/years/?hots=kz"):
        answer = Client().get(address)
        policy = answer["Content-Security-Policy"]
        assert "frame-ancestors *" in policy, address
        assert "form-action 'none'" in policy, address
        assert "unsafe" not in policy, address
        assert "X-Frame-Options" not in answer, address
        assert answer["X-Content-Type-Options"] == "nosniff", address
        assert not answer.cookies
        assert "<form" not in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/deals/charts/hosts.csv?q=%22%0D%0AX-Evil:%201%22",
        "/deals/export.csv?q=%22a%22%3B%20x%3D%C3%A9",
        "/deals/export.xlsx?q=%C3%A9%2F..%2F%22",
        "/deals/charts/years.svg?q=%22%3E%3Cscript%3E",
        f"{DETAIL}editions/1/cite.ris",
    ],
)
def test_the_name_of_a_file_holds_letters_digits_and_hyphens(address: str) -> None:
    answer = read(Client().get(address))
    assert answer.status_code == 200
    name = r'(attachment|inline); filename="[A-Za-z0-9.-]{5,150}"'
    assert re.fullmatch(name, answer["Content-Disposition"]), answer["Content-Disposition"]
    assert "X-Evil" not in answer.headers
