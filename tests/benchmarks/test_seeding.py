"""Seeding gives as many deals as were asked for, each as Lodebook itself would have made it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from deals.indexing import reindex
from deals.models import Edition
from tests import databases
from tests.benchmarks import seeding, synthetic

type Rows = list[tuple[Any, ...]]

ARCHETYPES = 40
COPIES = 3
STRUCTURE = (
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace UNION ALL"
    " SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    " UNION ALL SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger"
    " WHERE NOT tgisinternal"
    " ORDER BY 1, 2, 3"
)
TABLES = {table._meta.db_table: columns[0] for table, columns in seeding.COPIED.items()}


class Seeded(NamedTuple):
    """A database of a few archetypes of few companies and of copies of them."""

    name: str
    steps: list[str]
    deals_told: int
    structure_before: Rows
    structure: Rows
    plans: dict[str, str]
    """Of a look at an index, by table."""


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Seeded]:
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setattr(seeding, "ARCHETYPES", ARCHETYPES)
        for module in (seeding, synthetic):
            patch.setattr(module, "COMPANIES", 380)
        with databases.clone() as name, databases.pointed_at(name):
            with psycopg.connect(databases.conninfo(name)) as connection:
                connection.execute("TRUNCATE deals_deal, deals_company CASCADE")
            structure = rows(name, STRUCTURE)
            told: list[int] = []
            steps = list(seeding.seed(ARCHETYPES * COPIES, told.append))
            plans = {table: plan(name, table, column) for table, column in TABLES.items()}
            with django_db_blocker.block():
                yield Seeded(name, steps, sum(told), structure, rows(name, STRUCTURE), plans)


def rows(database: str, query: str) -> Rows:
    with psycopg.connect(databases.conninfo(database)) as connection:
        return connection.execute(query.encode()).fetchall()


def plan(database: str, table: str, column: str) -> str:
    with psycopg.connect(databases.conninfo(database)) as connection:
        connection.execute("SET enable_seqscan = off")
        connection.execute("SET enable_bitmapscan = off")
        query = f"EXPLAIN ANALYZE SELECT {column} FROM {table} WHERE {column} > 0"
        return "\n".join(line for (line,) in connection.execute(query.encode()))


def test_steps_and_deals_are_told(seeded: Seeded) -> None:
    assert seeded.steps == ["archetypes", "copies", "indexes", "references", "statistics"]
    assert seeded.deals_told == ARCHETYPES * COPIES


def test_all_indexes_constraints_and_triggers_are_back(seeded: Seeded) -> None:
    assert seeded.structure == seeded.structure_before


def test_each_deal_is_another(seeded: Seeded) -> None:
    for column in ("id", "key", "title"):
        counts = rows(seeded.name, f"SELECT count(*), count(DISTINCT {column}) FROM deals_deal")
        assert counts == [(ARCHETYPES * COPIES,) * 2]


def test_editions_are_in_the_order_of_their_publication(seeded: Seeded) -> None:
    found = rows(
        seeded.name, "SELECT number, published_at, upper(period) FROM deals_edition ORDER BY seq"
    )
    numbers = [number for number, *_ in found]
    assert numbers == sorted(numbers)
    assert set(numbers) == {1, 2, 3}
    assert numbers.count(2) == COPIES * ARCHETYPES // 10
    days = [published_at for _, published_at, _ in found]
    assert days == sorted(days)


def test_copies_are_what_publishing_would_have_made(
    seeded: Seeded, django_db_blocker: DjangoDbBlocker
) -> None:
    query = (
        "SELECT edition.*, document.*, line.providers, line.amount_usd, state.from_on, source.url"
        " FROM deals_edition AS edition"
        " JOIN deals_editiondocument AS document ON edition.id = document.edition_id"
        " LEFT JOIN deals_editionline AS line ON edition.id = line.edition_id"
        " LEFT JOIN deals_editionstate AS state ON edition.id = state.edition_id"
        " LEFT JOIN deals_editionsource AS source ON edition.id = source.edition_id"
        " ORDER BY edition.id, line.ref, line.from_on, state.from_on, source.ref"
    )
    before = rows(seeded.name, query)
    with django_db_blocker.unblock(), databases.pointed_at(seeded.name):
        reindex(Edition.objects.all())
    after = rows(seeded.name, query)
    assert len(before) == len(after)
    assert [(a, b) for a, b in zip(before, after, strict=True) if a != b] == []


def test_indexes_answer_alone(seeded: Seeded) -> None:
    """All pages are known to be visible to everybody."""
    for found in seeded.plans.values():
        assert "Index Only Scan" in found
        assert "Heap Fetches: 0" in found


def test_every_table_of_an_edition_is_copied() -> None:
    tables = {relation.related_model for relation in Edition._meta.related_objects}
    assert tables <= seeding.COPIED.keys()
