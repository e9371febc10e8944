"""What a process holds: names and answers until something is committed, and deals in memory."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from deals.models import Edition
from minerals.models import Mineral
from tests.api.answers import API, ask
from tests.deals.records import COVE_DEAL

ADDRESS = f"{API}/deals/{COVE_DEAL}/?fields=key,title"


@pytest.fixture
def version(own_database: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The version of the database, for the test to change: other databases move the real one."""
    present = ["1"]
    monkeypatch.setattr("config.lib.caching.present_version", lambda: tuple(present))
    return present


def test_names_are_asked_for_once_a_version(version: list[str]) -> None:
    counts = []
    for version[0] in ("1", "1", "2"):
        with CaptureQueriesContext(connection) as queries:
            ask("deals/", host="c5", mineral="tungsten")
        counts.append(len(queries))
    assert counts == [6, 3, 6]


def test_an_answer_is_not_made_for_who_has_it(version: list[str]) -> None:
    etag = Client().get(ADDRESS)["ETag"]
    with CaptureQueriesContext(connection) as queries:
        again = Client().get(ADDRESS, headers={"if-none-match": etag})
    assert (again.status_code, again.content, len(queries)) == (304, b"", 0)
    assert (again["ETag"], again["Cache-Control"]) == (etag, "public, max-age=60")
    for headers in ({"if-none-match": '"another"'}, {}):
        assert Client().get(ADDRESS, headers=headers).status_code == 200
    other = Client().get(ADDRESS, headers={"if-none-match": etag}, SERVER_NAME="127.0.0.1")
    assert other.status_code == 304  # made anew, for its links may lead elsewhere, and the same
    refused = Client().get(ADDRESS, headers={"if-none-match": etag, "accept": "text/csv"})
    assert refused.status_code == 406


def test_an_answer_is_made_anew_after_a_change(version: list[str]) -> None:
    etag = Client().get(ADDRESS)["ETag"]
    version[0] = "2"
    with CaptureQueriesContext(connection) as queries:
        again = Client().get(ADDRESS, headers={"if-none-match": etag})
    assert again.status_code == 304  # nothing of this answer changed
    assert len(queries) > 0


def test_what_is_committed_is_seen_by_the_next_request(own_database: str) -> None:
    etag = Client().get(f"{API}/minerals/tungsten/")["ETag"]
    assert ask("deals/", mineral="tungsten")["count"] > 0
    Mineral.objects.filter(slug="tungsten").update(name="Wolfram")
    Mineral.objects.filter(slug="indium").update(slug="indium-metal")
    again = Client().get(f"{API}/minerals/tungsten/", headers={"if-none-match": etag})
    assert (again.status_code, again.json()["name"]) == (200, "Wolfram")
    assert ask("deals/", mineral="indium-metal")["count"] == 0
    assert Client().get(f"{API}/deals/", {"mineral": "indium"}).status_code == 400


def test_a_cursor_reads_everything_once_from_memory(own_database: str, settings: Settings) -> None:
    settings.BITMAPS_FROM_DEALS = 1
    wanted = {one["key"] for one in ask("deals/", host="c5", page_size=500)["results"]}
    seen: list[str] = []
    path = f"{API}/deals/?host=c5&cursor=&page_size=40"
    while path:
        with CaptureQueriesContext(connection) as queries:
            answer = Client().get(path).json()
        seen += [one["key"] for one in answer["results"]]
        path = answer["next"]
    assert len(seen) == len(wanted) == answer["count"]
    assert set(seen) == wanted
    assert len(queries) == 2


def test_a_lost_connection_is_made_anew(own_database: str) -> None:
    """As a server's restart leaves it: the first request after it is answered."""
    ask("deals/", page_size=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    with pytest.raises(Exception, match="terminating connection"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    assert ask("deals/", page_size=1)["count"] == Edition.objects.current().count()
