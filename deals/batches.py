"""Which deals a whole selection holds, in its order and all of one moment, a batch at a time.

Bitmaps in memory know it; or else all primary keys are read first, eight bytes a deal. Whoever
reads what is stored under them does it by short statements, however slowly a reader takes it.
"""

from __future__ import annotations

from array import array
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Final

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import BooleanField, ExpressionWrapper, Q

from deals.bitmap_index.selection import marked_in_memory
from deals.filters import DealFilterSet
from deals.models.edition import EditionQuerySet

FIRST: Final = 25
"""Deals in the first batch: few, so that a file begins at once."""
BATCH: Final = 250
PKS_AT_ONCE: Final = 2_000
IDLE_SECONDS: Final = 60
"""How long a reader who takes nothing may keep the database waiting at the first batch."""

MANY: Final = 1_000
"""So many deals are many, unless they are less than `MANY_OF` of all."""
MANY_OF: Final = 1 / 16

# What a mark says of a deal on the day of reading.
STALE: Final = 1
LAPSED: Final = 2


@dataclass(frozen=True)
class Batch:
    """Some deals of a selection by the primary keys of their editions, and a mark of each."""

    pks: list[int]
    marks: bytes
    is_of_many: bool = False
    """Whether the selection is known to be so large that it is worth while to look up at once what
    concerns all deals."""


def batches_of(filterset: DealFilterSet) -> Generator[Batch]:
    """All deals that a filter set leaves."""
    conditions = [filterset.clock.stale(), filterset.clock.presumed_lapsed()]
    found = marked_in_memory(filterset, conditions)
    if found is None:
        yield from _by_sql(filterset.qs, conditions)
        return
    is_of_many = found.count >= max(MANY, found.total * MANY_OF)
    size = FIRST
    for pks, marks in found.parts:
        start = 0
        while start < len(pks):
            part = slice(start, start + size)
            yield Batch(pks[part].tolist(), marks[part].tobytes(), is_of_many)
            start, size = start + size, BATCH


def _by_sql(editions: EditionQuerySet, conditions: Sequence[Q]) -> Generator[Batch]:
    with _transaction(), closing(_marked(editions, conditions)) as rows:
        first = list(islice(rows, FIRST))
        if first:
            yield Batch([pk for pk, _ in first], bytes(mark for _, mark in first))
        pks, marks = array("q"), bytearray()
        for pk, mark in rows:
            pks.append(pk)
            marks.append(mark)
    for start in range(0, len(pks), BATCH):
        part = slice(start, start + BATCH)
        yield Batch(pks[part].tolist(), bytes(marks[part]), len(pks) >= MANY)


def _marked(editions: EditionQuerySet, conditions: Sequence[Q]) -> Generator[tuple[int, int]]:
    flags = [ExpressionWrapper(one, output_field=BooleanField()) for one in conditions]
    try:
        statement, params = editions.values_list("pk", *flags).query.sql_with_params()
    except EmptyResultSet:  # Django sees without asking that nothing can be found
        return
    # Not by `iterator()`, whose cursor stays open until Python collects what holds it.
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, params)
        while rows := cursor.fetchmany(PKS_AT_ONCE):
            for pk, *found in rows:
                yield pk, sum(1 << bit for bit, flag in enumerate(found) if flag)


@contextmanager
def _transaction() -> Iterator[None]:
    """One transaction, in which a cursor fetches only what is asked for.

    A reader may stop taking while it is open, and would keep the database from tidying up: then
    PostgreSQL ends it.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'")
        yield
