"""Settings: each comes from the environment, and a wrong one is refused with a way out."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from unittest import mock

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth import authenticate, get_user_model
from django.core.checks import run_checks
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries, Settings

from config.lib.database_url import database_settings
from config.lib.timeouts import StatementTimeoutMiddleware
from tests.environment import VARIABLES, without_settings

PRODUCTION = {
    "SECRET_KEY": "Yq0b7k1vX3nS8uPz5wRt2mJc6hLd9gFa4eWi0oQyTxVsBnKpUr",
    "ALLOWED_HOSTS": "lodebook.example",
}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py` in an environment that holds nothing else."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=without_settings() | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def load_wsgi(**environment: str) -> subprocess.CompletedProcess[str]:
    """Load the application as a web server does."""
    return subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        cwd=settings.BASE_DIR,
        env=without_settings() | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_with_its_settings_starts() -> None:
    """The two that have no default are enough."""
    answer = load_wsgi(**PRODUCTION)
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"ALLOWED_HOSTS": "lodebook.example"}, "SECRET_KEY is not set, and DEBUG is off."),
        ({"SECRET_KEY": "x" * 50}, "ALLOWED_HOSTS is empty, and DEBUG is off"),
        (PRODUCTION | {"DATABASE_URL": "postgresql://h:word/x"}, "Its port is not a number."),
        (PRODUCTION | {"DATABASE_URL": "mysql://h/x"}, "It is not a PostgreSQL address."),
        (PRODUCTION | {"DATABASE_URL": "postgresql://h/"}, "It names no database."),
        (PRODUCTION | {"LOG_LEVEL": "chatty"}, "LOG_LEVEL is 'CHATTY', which is no level."),
        (PRODUCTION | {"METRICS_TOKEN": "guess"}, "METRICS_TOKEN cannot be used"),
    ],
)
def test_a_wrong_environment_is_refused(environment: dict[str, str], sentence: str) -> None:
    """By the command line and by a web server alike, with what to do."""
    for answer in (manage("check", **environment), load_wsgi(**environment)):
        assert answer.returncode != 0
        assert sentence in answer.stderr
        assert "HINT: " in answer.stderr


def test_development_needs_nothing() -> None:
    """`DEBUG=1` alone is a complete environment."""
    answer = manage("check", DEBUG="1")
    assert answer.returncode == 0, answer.stderr


def test_a_password_in_a_wrong_address_is_not_repeated() -> None:
    """Errors end up in logs."""
    answer = manage("check", DEBUG="1", DATABASE_URL="postgresql://u:hunter2@h:word/x")
    assert answer.returncode != 0
    assert "hunter2" not in answer.stderr + answer.stdout


def test_every_variable_is_in_the_table() -> None:
    """The table at the top of the settings names each variable that they read, and no other."""
    text = (settings.BASE_DIR / "config" / "settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', text))
    assert read == set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE))
    assert read == VARIABLES | {"DATABASE_URL"}, "tests.environment must know them all"


def test_database_url_is_read_as_libpq_reads_it() -> None:
    """A socket folder, an escaped password and options all pass."""
    found = database_settings(
        "postgresql://ann:p%40ss@%2Frun%2Fpostgresql:5433/deals?sslmode=require",
        checkout=Path("/nowhere"),
    )
    expected = {"NAME": "deals", "USER": "ann", "PASSWORD": "p@ss", "PORT": "5433"}
    expected |= {"HOST": "/run/postgresql", "ENGINE": "django.db.backends.postgresql"}
    assert found.items() >= expected.items()
    assert found["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.django_db
def test_the_demo_login_fails_a_production_check(settings: Settings) -> None:
    """A login whose password was printed must not stay on a public site."""

    def found() -> list[str | None]:
        return [message.id for message in run_checks(include_deployment_checks=True)]

    assert "config.E005" not in found()
    get_user_model().objects.create_superuser(settings.DEMO_USERNAME)
    assert "config.E005" in found()
    settings.DEBUG = True
    assert "config.E005" not in found()


@pytest.mark.django_db
def test_the_demo_login_works_only_in_development_and_on_loopback(
    rf: RequestFactory, settings: Settings, client: Client
) -> None:
    """Whatever the checks say, it opens nothing elsewhere, and its sessions end."""
    user = get_user_model().objects.create_superuser(settings.DEMO_USERNAME, password="known")
    login = {"username": settings.DEMO_USERNAME, "password": "known"}
    here, elsewhere = rf.get("/"), rf.get("/", REMOTE_ADDR="192.0.2.7")
    settings.DEBUG = True
    assert authenticate(here, **login) == user
    assert authenticate(elsewhere, **login) is None
    client.force_login(user)
    assert client.get("/admin/").status_code == 200
    settings.DEBUG = False
    assert authenticate(here, **login) is None
    assert client.get("/admin/").status_code == 302


def test_the_demo_login_is_refused_in_production() -> None:
    """The command says what to do instead."""
    answer = manage("demo_user", **PRODUCTION)
    assert answer.returncode != 0
    assert "createsuperuser" in answer.stderr


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path", "limit"),
    [("get", "/deals/", "5s"), ("post", "/deals/", "0"), ("get", "/admin/", "0")],
)
def test_only_public_reads_have_a_time_limit(
    rf: RequestFactory, method: str, path: str, limit: str
) -> None:
    """What staff do and what writes may take its time."""
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            seen.extend(cursor.fetchone())
        return HttpResponse()

    StatementTimeoutMiddleware(view)(getattr(rf, method)(path))
    assert seen == [limit]


@pytest.mark.sql
@pytest.mark.django_db
def test_a_query_that_takes_too_long_is_a_sentence(rf: RequestFactory, settings: Settings) -> None:
    """Not an error page: the reader can do something about it."""
    settings.STATEMENT_TIMEOUT_MS = 50

    def view(request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(10)")
        return HttpResponse()

    middleware = StatementTimeoutMiddleware(view)
    request = rf.get("/deals/")
    with pytest.raises(OperationalError) as raised:
        middleware(request)
    assert isinstance(raised.value.__cause__, psycopg.errors.QueryCanceled)
    answer = middleware.process_exception(request, raised.value)
    assert answer is not None
    assert answer.status_code == 503
    assert b"Narrow it with a filter" in answer.content


@pytest.mark.django_db
def test_healthz_asks_the_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """A monitor learns that the site can answer, not only that it listens."""
    with django_assert_num_queries(1):
        answer = client.get("/healthz")
    assert answer.json() == {"status": "ok"}
    assert "no-store" in answer["Cache-Control"]
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_every_answer_carries_the_security_headers(client: Client) -> None:
    """The policy forbids inline scripts and styles, foreign origins and frames."""
    answer = client.get("/healthz")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_healthz_says_that_there_is_no_database(client: Client) -> None:
    """A monitor gets an answer, and not an error page, while the database is away."""
    with mock.patch.object(connection, "cursor", side_effect=OperationalError("gone")):
        answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "no database"}
