"""Copies the rows of archetypes, whatever columns these have, in the way that costs least.

The rows of a table are read once as text and cut where copies differ, so that making a copy is
little more than joining strings. What costs time is PostgreSQL's own work, and of that as little
is left as can be: each table is emptied and filled in one transaction, which writes no log where
`wal_level` is minimal and leaves nothing to freeze later; its constraints are made at the end of
that, its indexes afterwards; two connections work at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import psycopg
from psycopg import sql

from tests.benchmarks.synthetic import MOVED, moved

CONNECTIONS: Final = 2
SESSION: Final = {
    # Neither the audit nor the log of changes is what is measured, and they cost most of the time.
    "session_replication_role": "replica",
    "maintenance_work_mem": "1GB",
    "synchronous_commit": "off",
    "statement_timeout": "0",
}

type Numbering = Callable[[int], tuple[int, int]]
"""What a number becomes: that of the first copy, and how far apart those of two copies lie."""
type Progress = Callable[[int], object]


@dataclass(frozen=True)
class Table:
    """A table whose rows are copied."""

    name: str
    columns: Sequence[str]
    """All that are written, in any order."""
    numbers: Mapping[str, Numbering]
    """Columns that hold the number of a row, its own or another's; the first one gives the order
    of the rows."""


class Pattern:
    """The rows of the archetypes in one table: text that stays, and between it what differs."""

    def __init__(self, lines: Iterable[bytes], numberings: Sequence[Numbering]) -> None:
        """Take lines of COPY's text format that begin with one number per numbering."""
        self._numbers: dict[tuple[int, int], int] = {}
        self._words: dict[bytes, int] = {}
        self._pieces: list[bytes] = []
        places: list[tuple[dict[Any, int], int]] = []
        stays = b""
        for line in lines:
            *numbers, rest = line.split(b"\t", len(numberings))
            for number, numbering in zip(numbers, numberings, strict=True):
                self._pieces += (stays, b"")
                places.append(_place(self._numbers, numbering(int(number))))
                stays = b"\t"
            end = 0
            for found in MOVED.finditer(rest):
                self._pieces += (stays + rest[end : found.start()], b"")
                places.append(_place(self._words, found[0]))
                stays, end = b"", found.end()
            stays += rest[end:]
        self._pieces.append(stays)
        # What differs is made as one list, numbers first.
        self._places = [
            place if known is self._numbers else len(self._numbers) + place
            for known, place in places
        ]

    def copy(self, number: int, archetypes: int) -> bytes:
        """All rows of copy ``number``, of which 0 is the archetypes themselves."""
        made = [b"%d" % (first + number * step) for first, step in self._numbers]
        made += (moved(word, number, archetypes) for word in self._words)
        pieces = self._pieces.copy()
        pieces[1::2] = map(made.__getitem__, self._places)
        return b"".join(pieces)

    def copies(self, archetypes: int, count: int) -> Iterator[bytes]:
        """The first ``count`` copies."""
        return (self.copy(number, archetypes) for number in range(count))

    @property
    def size_bytes(self) -> int:
        """Of the text that stays the same in each copy."""
        return sum(map(len, self._pieces))


def _place[T](known: dict[T, int], thing: T) -> tuple[dict[T, int], int]:
    return known, known.setdefault(thing, len(known))


def copy_archetypes(
    conninfo: str, tables: Sequence[Table], archetypes: int, copies: int, progress: Progress
) -> Iterator[str]:
    """Write ``copies`` copies of all rows in place of these. Yields what was done, at each step.

    ``progress`` is called with the number of deals that were made. After an error the database is
    of no use: indexes and constraints may be missing.
    """
    with _connect(conninfo) as connection:
        patterns = {table.name: _read(connection, table) for table in tables}
        frame = Frame.taken_down(connection, [table.name for table in tables])
    largest = sorted(tables, key=lambda table: patterns[table.name].size_bytes, reverse=True)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        loads = {
            table.name: pool.submit(
                _load,
                conninfo,
                table,
                patterns[table.name].copies(archetypes, copies),
                frame.constraints[table.name],
                partial(progress, archetypes) if table is largest[0] else None,
            )
            for table in largest
        }
        # These stand behind all loads in the line, so that none waits for one not yet begun.
        indexes = [
            pool.submit(_execute_after, loads[table], conninfo, index)
            for table, index in frame.indexes
        ]
        try:
            _results(loads.values())
            yield "copies"
            _results(indexes)
            yield "indexes"
        finally:
            pool.shutdown(cancel_futures=True)
    for statement in (*frame.references, *frame.triggers):
        _execute(conninfo, statement)
    yield "references"


@dataclass(frozen=True)
class Frame:
    """The statements that make again what was taken from tables."""

    constraints: Mapping[str, list[str]]
    """By table."""
    indexes: list[tuple[str, str]]
    """With their tables. The largest ones, which take longest, first."""
    references: list[str]
    """Foreign keys to the tables."""
    triggers: list[str]
    """Those that gather the rows written, even while triggers are off."""

    @classmethod
    def taken_down(cls, connection: psycopg.Connection, tables: list[str]) -> Frame:
        """Take from tables all indexes and constraints that cost time when rows are written."""
        constraints: dict[str, list[str]] = {table: [] for table in tables}
        indexes: list[tuple[str, str]] = []
        references: list[str] = []
        triggers: list[str] = []
        rows = connection.execute(
            "SELECT conrelid::regclass::text, quote_ident(conname), contype = 'f',"
            " pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND confrelid = ANY(%(tables)s::regclass[])"
            " OR contype IN ('p', 'u', 'x') AND conrelid = ANY(%(tables)s::regclass[])"
            " ORDER BY contype <> 'f', contype <> 'p', conname",
            {"tables": tables},
        ).fetchall()
        for table, name, is_reference, definition in rows:
            connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}".encode())
            made = f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
            (references if is_reference else constraints[table]).append(made)
        rows = connection.execute(
            "SELECT indrelid::regclass::text, indexrelid::regclass::text,"
            " pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = ANY(%s::regclass[]) ORDER BY pg_relation_size(indexrelid) DESC, 2",
            [tables],
        ).fetchall()
        for table, name, definition in rows:
            connection.execute(f"DROP INDEX {name}".encode())
            indexes.append((table, definition))
        rows = connection.execute(
            "SELECT tgrelid::regclass::text, quote_ident(tgname), pg_get_triggerdef(oid)"
            " FROM pg_trigger WHERE tgrelid = ANY(%s::regclass[]) AND NOT tgisinternal"
            " AND coalesce(tgnewtable, tgoldtable) IS NOT NULL ORDER BY 1, 2",
            [tables],
        ).fetchall()
        for table, name, definition in rows:
            connection.execute(f"DROP TRIGGER {name} ON {table}".encode())
            triggers.append(definition)
        return cls(constraints, indexes, references, triggers)


def _read(connection: psycopg.Connection, table: Table) -> Pattern:
    statement = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        _columns(table), sql.Identifier(table.name), sql.Identifier(next(iter(table.numbers)))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        text = b"".join(map(bytes, copy))
    return Pattern(text.splitlines(keepends=True), list(table.numbers.values()))


def _load(
    conninfo: str,
    table: Table,
    texts: Iterable[bytes],
    constraints: Iterable[str],
    progress: Callable[[], object] | None,
) -> None:
    """Put rows in place of those that a table has, in one transaction."""
    name = sql.Identifier(table.name)
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FREEZE)").format(name, _columns(table))
    with _connect(conninfo) as connection, connection.transaction():
        connection.execute(sql.SQL("TRUNCATE {}").format(name))
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for text in texts:
                copy.write(text)
                if progress is not None:
                    progress()
        for constraint in constraints:
            connection.execute(constraint.encode())
        number = next(iter(table.numbers))
        connection.execute(
            sql.SQL(
                "SELECT setval(sequence, (SELECT max({}) FROM {}))"
                " FROM pg_get_serial_sequence(%s, %s) AS sequence WHERE sequence IS NOT NULL"
            ).format(sql.Identifier(number), name),
            [table.name, number],
        )


def _columns(table: Table) -> sql.Composable:
    """The numbers first, as `Pattern` wants them."""
    others = (column for column in table.columns if column not in table.numbers)
    return sql.SQL(", ").join(map(sql.Identifier, (*table.numbers, *others)))


def _execute(conninfo: str, statement: str) -> None:
    with _connect(conninfo) as connection:
        connection.execute(statement.encode())


def _execute_after(other: Future[None], conninfo: str, statement: str) -> None:
    """Raises what the other raised, having done nothing."""
    other.result()
    _execute(conninfo, statement)


def _results(futures: Iterable[Future[None]]) -> None:
    """Wait for all. Raises what the first that failed raised."""
    for future in futures:
        future.result()


def _connect(conninfo: str) -> psycopg.Connection:
    connection = psycopg.connect(conninfo, autocommit=True)
    for name, value in SESSION.items():
        connection.execute("SELECT set_config(%s, %s, false)", [name, value])
    return connection
