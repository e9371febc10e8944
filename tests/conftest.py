"""Fixtures for every test: the database with all real data, and people."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client

from config.lib.postgres import Cluster
from tests import databases

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase
    from pytest_django import DjangoDbBlocker

EMPTYING = {"live_server", "transactional_db", "django_db_reset_sequences"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse what empties tables after a test, and keep the browser tests in one process.

    What there is by now stays for good, so no collection of garbage need look at it again.
    """
    gc.freeze()
    for item in items:
        marker = item.get_closest_marker("django_db")
        if EMPTYING & set(getattr(item, "fixturenames", ())) or (
            marker and marker.kwargs.get("transaction")
        ):
            raise pytest.UsageError(
                f"{item.nodeid} would empty the database that other tests read. For real "
                "transactions use the fixture own_database, for a real server live_site."
            )
        if "browser" in item.path.relative_to(item.config.rootpath).parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Give this process a database of its own with all fixtures in it (see `databases`)."""
    with django_db_blocker.unblock(), databases.clone() as name, databases.pointed_at(name):
        refuse_empty_database()
        with django_db_blocker.block():
            yield


def refuse_empty_database() -> None:
    """Stop if nothing was loaded: most tests would pass, having looked at nothing."""
    if not apps.get_model("deals.Edition")._default_manager.exists():
        pytest.exit("The tests' database holds no edition: load_fixtures loaded nothing.", 1)


@pytest.fixture
def own_database(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[str]:
    """A copy of the database for one test that commits, from threads or processes too.

    Yields its name; `databases.conninfo(name)` is what another process connects with.
    """
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        pytest.fail("own_database stands for the database itself: drop the django_db mark.")
    with django_db_blocker.unblock(), databases.clone() as name, databases.pointed_at(name):
        yield name


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL cluster of the test's own, not created yet, for tests that break it."""
    folder = Path(tempfile.mkdtemp(prefix="lodebook-cluster-"))
    cluster = Cluster.at(folder)
    yield cluster
    cluster.stop()
    shutil.rmtree(folder)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a skipped test is a failed one: a gap that nobody would notice."""
    report = yield
    if report.skipped and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"CI allows no skipped test: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def answers_are_closed(
    monkeypatch: pytest.MonkeyPatch,
    _django_db_marker: None,  # so that the database is still there at the end
) -> Iterator[None]:
    """Close each streamed answer that a test asked for and did not read, as a server does.

    One that is left to the garbage collector closes its cursor at any moment, even while the same
    connection fetches for another, and then waits for itself for ever.
    """
    streamed: list[HttpResponseBase] = []
    ask = Client.request

    def asked(self: Client, **request: Any) -> Any:
        answer = ask(self, **request)
        if answer.streaming:
            streamed.append(answer)
        return answer

    monkeypatch.setattr(Client, "request", asked)
    yield
    request_finished.disconnect(close_old_connections)
    for answer in streamed:
        answer.close()
    request_finished.connect(close_old_connections)
    if streamed:
        streamed.clear()
        gc.collect()  # what else holds a cursor goes while its transaction is open
