"""Whole selections in order, a batch at a time: what files are made from.

First the primary keys of a selection are read, in its order and all from one moment; then what is
stored under them, some hundred at a time. So no text is sorted or waits in the database, every
statement is short however slowly a reader takes the file, and none of its transactions lasts as
long as the file. Eight bytes a deal are all that is kept.

Stored texts are sent as they are, with what depends on the day of reading put behind them. Only
documents that other deals bear on are put together anew, and all of them for a past ``on``.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, Final, Literal

import orjson
from django.db import connection, transaction
from django.db.models import BooleanField, ExpressionWrapper, F, Func, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from psycopg import Connection
from psycopg.abc import Buffer
from psycopg.adapt import Loader

from deals.models import Edition, EditionDocument
from deals.models.edition import EditionQuerySet, Unnest
from deals.reading import Clock, Summary, details, summaries

FIRST: Final = 100
"""Deals in the first batch: few, so that a file begins at once."""
BATCH: Final = 250
PKS_AT_ONCE: Final = 2_000
IDLE_SECONDS: Final = 60
"""How long a reader who takes nothing may keep the database waiting at the first batch."""

# What a mark says of a deal on the day of reading.
STALE: Final = 1
LAPSED: Final = 2
LINKED: Final = 4


@dataclass(frozen=True)
class Batch:
    """Some deals of a selection by the primary keys of their editions, and a mark of each."""

    pks: list[int]
    marks: bytes


def documents_of(editions: EditionQuerySet, clock: Clock) -> Generator[bytes]:
    """The whole document of each edition as JSON, as `deals.reading.details` gives it."""
    if clock.is_past_world:
        with_documents = Edition.objects.select_related("document").defer(
            "search", "search_names", "document__names_text", "document__summary_text"
        )
        for document in in_batches(editions, clock, with_documents, details):
            yield orjson.dumps(document)
        return
    ends = [b"," + orjson.dumps({**_of_the_day(mark), "links": []})[1:] for mark in range(LINKED)]
    for batch, texts in _with_texts("detail_text", editions, _marks(clock, with_links=True)):
        linked = [pk for pk, mark in zip(batch.pks, batch.marks, strict=True) if mark & LINKED]
        anew = _linked_documents(linked, clock) if linked else {}
        for pk, mark in zip(batch.pks, batch.marks, strict=True):
            text = texts.get(pk) if mark < LINKED else anew.get(pk)
            if text:  # one that was expunged meanwhile is empty
                yield text[:-1] + ends[mark] if mark < LINKED else text


def summaries_of(editions: EditionQuerySet, clock: Clock) -> Generator[Summary]:
    """The summary of each edition, as `deals.reading.summaries` gives it."""
    if clock.is_past_world:
        yield from in_batches(editions, clock, Edition.objects.for_list(), summaries)
        return
    for batch, texts in _with_texts("summary_text", editions, _marks(clock, with_links=False)):
        for pk, mark in zip(batch.pks, batch.marks, strict=True):
            if text := texts.get(pk):
                summary: Summary = orjson.loads(text)
                summary["is_stale"] = bool(mark & STALE)
                summary["is_presumed_lapsed"] = bool(mark & LAPSED)
                yield summary


def in_batches[Row](
    editions: EditionQuerySet,
    clock: Clock,
    loaded: EditionQuerySet,
    read: Callable[[Iterable[Edition], Clock], list[Row]],
) -> Iterator[Row]:
    """What `read` makes of the editions, which are fetched as `loaded` says."""
    for batch in batches_of(editions):
        yield from read(_fetched(batch.pks, loaded), clock)


def batches_of(editions: EditionQuerySet, marks: Sequence[Combinable] = ()) -> Generator[Batch]:
    """All primary keys of a queryset, in its order and of one moment, in batches.

    `marks` are conditions: the first sets the lowest bit of each mark.
    """
    with _transaction():
        rows = _pks_and_marks(editions, marks)
        with closing(rows):
            first = list(islice(rows, FIRST))
            if first:
                yield Batch([pk for pk, _ in first], bytes(mark for _, mark in first))
            pks, found = array("q"), bytearray()
            for pk, mark in rows:
                pks.append(pk)
                found.append(mark)
    for start in range(0, len(pks), BATCH):
        part = slice(start, start + BATCH)
        yield Batch(pks[part].tolist(), bytes(found[part]))


def _pks_and_marks(
    editions: EditionQuerySet, marks: Sequence[Combinable]
) -> Generator[tuple[int, int]]:
    columns = editions.values_list("pk", *marks)
    for pk, *flags in columns.iterator(chunk_size=PKS_AT_ONCE):
        yield pk, sum(1 << bit for bit, flag in enumerate(flags) if flag)


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


def _marks(clock: Clock, *, with_links: bool) -> list[Combinable]:
    """The conditions behind `STALE`, `LAPSED` and, where wanted, `LINKED`."""
    conditions = [clock.stale(), clock.presumed_lapsed()]
    if with_links:
        conditions.append(~Q(links=[]) | Q(key__in=_linked_keys(clock)))
    return [ExpressionWrapper(one, output_field=BooleanField()) for one in conditions]


def _linked_keys(clock: Clock) -> QuerySet[Edition, Any]:
    """Keys of the deals that readers' deals point at."""
    key = Func(
        Unnest(F("links"), output_field=TextField()),
        Value(":"),
        Value(2),
        function="split_part",
        output_field=TextField(),
    )
    return clock.editions().exclude(links=[]).order_by().values_list(key, flat=True)


def _of_the_day(mark: int) -> dict[str, bool]:
    return {"is_stale": bool(mark & STALE), "is_presumed_lapsed": bool(mark & LAPSED)}


def _linked_documents(pks: Sequence[int], clock: Clock) -> dict[int, bytes]:
    editions = _fetched(pks, Edition.objects.select_related("document"))
    found = details(editions, clock)
    return {one.pk: orjson.dumps(detail) for one, detail in zip(editions, found, strict=True)}


def _fetched(pks: Sequence[int], loaded: EditionQuerySet) -> list[Edition]:
    """Editions in the order of their keys, without any that was expunged meanwhile."""
    found = {edition.pk: edition for edition in loaded.readable().filter(pk__in=pks)}
    return [found[pk] for pk in pks if pk in found]


class _Undecoded(Loader):
    """A text as the bytes that came."""

    def load(self, data: Buffer) -> bytes:
        return bytes(data)


def _with_texts(
    column: Literal["detail_text", "summary_text"],
    editions: EditionQuerySet,
    marks: Sequence[Combinable],
) -> Generator[tuple[Batch, dict[int, bytes]]]:
    """Each batch with its stored texts. The next ones are fetched while a batch is used."""
    with closing(batches_of(editions, marks)) as batches, connection.wrap_database_errors:
        for first in islice(batches, 1):  # without a look at the next: that reads all other keys
            fetch = partial(_texts, connection.connection, column)
            yield first, fetch(first.pks)
        with ThreadPoolExecutor(1) as thread:
            waiting: tuple[Batch, Future[dict[int, bytes]]] | None = None
            for batch in batches:
                fetched = thread.submit(fetch, batch.pks)
                if waiting:
                    yield waiting[0], waiting[1].result()
                waiting = batch, fetched
            if waiting:
                yield waiting[0], waiting[1].result()


def _texts(connected: Connection[Any], column: str, pks: list[int]) -> dict[int, bytes]:
    """A stored text of each edition, in UTF-8.

    They go past Django's fields: decoded and encoded again they would take twice as long. And
    past its connection, which belongs to one thread; that of psycopg lets one wait for another.
    """
    table = EditionDocument._meta.db_table
    with connected.cursor() as cursor:
        cursor.adapters.register_loader("text", _Undecoded)
        statement = f"SELECT edition_id, {column} FROM {table} WHERE edition_id = ANY(%s)"
        cursor.execute(statement.encode(), [pks])
        return dict(cursor.fetchall())
