"""Fills a database with synthetic deals: archetypes by Lodebook's own code, copies by COPY.

The archetypes are imported and published as any deal is, some in several editions, so that what
is measured is what Lodebook writes. All other deals are copies of their rows, whatever columns
these have: read as text, given other numbers, and written to the same tables while these have
no indexes.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import psycopg
from django.db import connection
from django.db.models import Model
from psycopg import sql

from config.lib.sorting import sort_key
from countries.models import Country
from deals.importing import Document, import_documents
from deals.models import (
    Company,
    Deal,
    Edition,
    EditionDocument,
    EditionLine,
    EditionSource,
    EditionState,
)
from minerals.models import Mineral
from tests.benchmarks.synthetic import (
    COMPANIES,
    Synthesis,
    company_home,
    company_name,
    company_slug,
    copied,
)

ARCHETYPES: Final = 2_000
PROCESSES: Final = 2
COPIES_A_TURN: Final = 2
"""So many copies of all archetypes a process makes before it says so."""
FIRST_EDITIONS: Final = datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC)
INDEX_MEMORY: Final = "1GB"

type Progress = Callable[[int], object]


@dataclass(frozen=True)
class Table:
    """A table whose rows are copied, and which of its columns hold numbers to move."""

    model: type[Model]
    deal: str
    """Path from a row to its deal."""
    moved: tuple[str, ...]
    """Columns that name a row by its number: each moves by the size of what it numbers."""


TABLES: Final = (
    Table(Deal, "pk", ("id",)),
    Table(Edition, "deal", ("id", "deal_id", "seq")),
    Table(EditionDocument, "edition__deal", ("edition_id",)),
    Table(EditionLine, "edition__deal", ("id", "edition_id")),
    Table(EditionState, "edition__deal", ("id", "edition_id")),
    Table(EditionSource, "edition__deal", ("id", "edition_id")),
)


def seed(deals: int, progress: Progress) -> None:
    """Fill an empty database, with reference data in it, with ``deals`` deals."""
    if Deal.objects.exists():
        raise ValueError("The database has deals already; seeding wants one without.")
    archetypes = min(deals, ARCHETYPES)
    _make_companies()
    _publish(archetypes, progress)
    copies, rest = divmod(deals, archetypes)
    if rest:
        raise ValueError(f"{deals} is no multiple of {archetypes}, the number of archetypes.")
    if copies > 1:
        _copy(archetypes, copies, progress)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _make_companies() -> None:
    countries = _countries()
    Company.objects.bulk_create(
        (
            Company(
                slug=company_slug(number),
                name=company_name(number),
                sort_name=sort_key(company_name(number)),
                type="company",
                country_id=company_home(number, countries),
            )
            for number in range(COMPANIES)
        ),
        batch_size=2_000,
    )


def _countries() -> list[str]:
    return list(Country.objects.order_by("iso2").values_list("iso2", flat=True))


def _publish(count: int, progress: Progress) -> None:
    """The archetypes; a tenth has a second edition, and a third of that a third one."""
    minerals = Mineral.objects.order_by("slug").values_list("slug", flat=True)
    synthesis = Synthesis(_countries(), list(minerals))
    records = list(synthesis.records(count))
    _import(records, FIRST_EDITIONS, progress)
    for edition, step in ((2, 10), (3, 30)):
        records = [synthesis.later(record, edition) for record in records[::step]]
        _import(records, FIRST_EDITIONS + datetime.timedelta(days=60 * edition), None)
        step = 3


def _import(
    records: Sequence[dict[str, Any]], published_at: datetime.datetime, progress: Progress | None
) -> None:
    documents = [Document(record["key"], record) for record in records]
    import_documents(documents, publish=True, published_at=published_at, progress=progress)


# -- Copies -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pattern:
    """The rows of one table as text, and by how much each number in front moves a copy."""

    table: str
    columns: tuple[str, ...]
    """The moved ones first."""
    steps: tuple[int, ...]
    lines: list[bytes]

    def copy(self, number: int, archetypes: int) -> bytes:
        """The rows of copy ``number`` as text for COPY."""
        width = len(self.steps)
        made = []
        for line in self.lines:
            *numbers, rest = line.split(b"\t", width)
            moved = [
                b"%d" % (int(old) + number * step)
                for old, step in zip(numbers, self.steps, strict=True)
            ]
            made.append(b"\t".join((*moved, copied(rest, number, archetypes))))
        return b"".join(made)


def _copy(archetypes: int, copies: int, progress: Progress) -> None:
    with connection.cursor() as cursor:
        # Neither audit nor references are what is measured, and they cost most of the time.
        cursor.execute("SHOW is_superuser")
        if cursor.fetchone() != ("on",):
            raise ValueError("Seeding switches triggers off, which only a superuser may.")
        dropped = list(_drop_indexes(cursor))
    patterns = [_pattern(table, archetypes) for table in TABLES]
    turns = [
        range(first, min(first + COPIES_A_TURN, copies))
        for first in range(1, copies, COPIES_A_TURN)
    ]
    conninfo = connection.connection.info.dsn, connection.connection.info.password
    connection.close()
    with ProcessPoolExecutor(
        PROCESSES, initializer=Writer.set_up, initargs=(conninfo, patterns)
    ) as pool:
        for made in pool.map(Writer.write, turns, [archetypes] * len(turns)):
            progress(made)
    with connection.cursor() as cursor:
        cursor.execute(f"SET maintenance_work_mem = '{INDEX_MEMORY}'")
        for definition in dropped:
            cursor.execute(definition)
        for table in TABLES:
            _restart_sequence(cursor, table.model)


def _drop_indexes(cursor: Any) -> Iterator[str]:
    """Drop the indexes that hold no constraint; the statements that make them again."""
    for table in TABLES:
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = %s::regclass AND NOT EXISTS"
            " (SELECT FROM pg_constraint WHERE conindid = indexrelid)",
            [table.model._meta.db_table],
        )
        for name, definition in cursor.fetchall():
            cursor.execute(f"DROP INDEX {name}")
            yield definition


def _pattern(table: Table, archetypes: int) -> Pattern:
    model = table.model
    columns = [str(one.column) for one in model._meta.concrete_fields if not one.generated]
    others = [column for column in columns if column not in table.moved]
    ordered = (*table.moved, *others)
    query = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        sql.SQL(", ").join(sql.Identifier(column) for column in ordered),
        sql.Identifier(model._meta.db_table),
        sql.Identifier(table.moved[0]),
    )
    connection.ensure_connection()
    with connection.connection.cursor() as cursor, cursor.copy(query) as copy:
        text = b"".join(copy)
    return Pattern(
        model._meta.db_table,
        ordered,
        tuple(_span(table, column, archetypes) for column in table.moved),
        text.splitlines(keepends=True),
    )


def _span(table: Table, column: str, archetypes: int) -> int:
    """How many numbers the archetypes take: copies lie that far apart."""
    model = {"deal_id": Deal, "edition_id": Edition}.get(column, table.model)
    own = "seq" if column == "seq" else "pk"
    first, last = (
        model._default_manager.order_by(sign + own).values_list(own, flat=True)[0]
        for sign in ("", "-")
    )
    return int(last) - int(first) + 1


class Writer:
    """What a process that writes copies holds: its connection and the patterns."""

    present: ClassVar[Writer]

    def __init__(self, conninfo: tuple[str, str], patterns: list[Pattern]) -> None:
        dsn, password = conninfo
        self.patterns = patterns
        self.connection = psycopg.connect(dsn, password=password or None, autocommit=True)
        self.connection.execute("SET session_replication_role = replica")
        self.connection.execute("SET synchronous_commit = off")

    @classmethod
    def set_up(cls, conninfo: tuple[str, str], patterns: list[Pattern]) -> None:
        """For the process that this is."""
        cls.present = cls(conninfo, patterns)

    @classmethod
    def write(cls, copies: range, archetypes: int) -> int:
        """Write some copies of all archetypes, in one transaction; how many deals they are."""
        connection = cls.present.connection
        with connection.transaction():
            for pattern in cls.present.patterns:
                statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
                    sql.Identifier(pattern.table),
                    sql.SQL(", ").join(map(sql.Identifier, pattern.columns)),
                )
                with connection.cursor() as cursor, cursor.copy(statement) as copy:
                    for number in copies:
                        copy.write(pattern.copy(number, archetypes))
        return archetypes * len(copies)


def _restart_sequence(cursor: Any, model: type[Model]) -> None:
    table, column = model._meta.db_table, model._meta.pk.column
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, column])
    (sequence,) = cursor.fetchone()
    if sequence:
        cursor.execute(f"SELECT setval('{sequence}', (SELECT max({column}) FROM {table}))")
