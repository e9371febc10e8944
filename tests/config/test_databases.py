"""The tests' own databases: full, apart from each other, and never emptied."""

from __future__ import annotations

import psycopg
import pytest
from django.apps import apps
from django.db import connection

from tests import databases


@pytest.mark.django_db
def test_a_test_sees_the_fixtures() -> None:
    """Without these, most tests would pass and have looked at nothing."""
    assert apps.get_model("deals.Edition")._default_manager.exists()


@pytest.mark.sql
def test_a_database_of_its_own_commits_for_all_to_see(own_database: str) -> None:
    """Other processes read what the test wrote; the copy that other tests use does not."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE seen_by_all (word text)")
    query = "SELECT to_regclass('seen_by_all') IS NOT NULL"
    with psycopg.connect(databases.conninfo(own_database)) as other:
        assert other.execute(query).fetchone() == (True,)
    with databases.clone() as name, psycopg.connect(databases.conninfo(name)) as another:
        assert another.execute(query).fetchone() == (False,)


def test_a_clone_is_dropped_afterwards() -> None:
    """Even while someone is still connected to it."""
    with databases.clone() as name:
        left_open = psycopg.connect(databases.conninfo(name))
    with psycopg.connect(databases.conninfo()) as server:
        query = "SELECT count(*) FROM pg_database WHERE datname = %s"
        assert server.execute(query, [name]).fetchone() == (0,)
    left_open.close()
