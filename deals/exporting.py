"""Whole selections in order: what files are made from.

Stored texts are sent as they are, with what depends on the day of reading put in. Only documents
that name a deal which readers cannot see are put together anew, and all of them for a past ``on``.
The texts are read a batch of deals at a time (`deals.batches`): so none is sorted or waits in the
database.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, Final

import orjson
from django.db import connection
from psycopg import Connection
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

from config.lib.tables import csv_writer
from deals.batches import LAPSED, STALE, Batch, batches_of
from deals.codes import Cause
from deals.columns import DEAL_COLUMNS
from deals.columns.rows import LAYOUT, filled, row_text
from deals.filters import DealFilterSet
from deals.models import Edition, EditionDocument, EditionRow
from deals.models.edition import EditionQuerySet
from deals.neighbours import End, Neighbours, Places
from deals.reading import Clock, Link, Summary, details, links_of, summaries

_OF_THE_DAY: Final = [
    {"is_stale": bool(mark & STALE), "is_presumed_lapsed": bool(mark & LAPSED)}
    for mark in range((STALE | LAPSED) + 1)
]
"""What each mark of a batch says."""

_IN_BATCH: Final = "WHERE edition_id = ANY($1)"
_DETAIL_TEXTS: Final = (
    f"SELECT edition_id, detail_text FROM {EditionDocument._meta.db_table} {_IN_BATCH}".encode()
)
_DETAIL_TEXTS_AND_ENDS: Final = (
    f"SELECT edition_id, detail_text, NULL FROM {EditionDocument._meta.db_table} {_IN_BATCH}"
    f" UNION ALL SELECT id, key, title FROM {Edition._meta.db_table} WHERE id = ANY($2)"
    f" AND cause NOT IN ({', '.join(f"'{cause}'" for cause in Cause.hidden())})"
).encode()
_SUMMARY_TEXTS: Final = (
    f"SELECT edition_id, summary_text FROM {EditionDocument._meta.db_table} {_IN_BATCH}".encode()
)
_ROW_TEXTS: Final = (
    f"SELECT edition_id, CASE WHEN layout = '{LAYOUT}' THEN text END"
    f" FROM {EditionRow._meta.db_table} {_IN_BATCH}"
).encode()

type Texts = dict[int, bytes]
"""Stored texts in UTF-8, by the primary keys of their editions."""


def documents_of(filterset: DealFilterSet) -> Generator[bytes]:
    """The whole document of each deal as JSON, as `deals.reading.details` gives it."""
    clock = filterset.clock
    if clock.is_past_world:
        with_documents = Edition.objects.select_related("document").defer(
            "search", "search_names", "document__names_text", "document__summary_text"
        )
        for document in in_batches(filterset, with_documents, details):
            yield orjson.dumps(document)
        return
    neighbours: Neighbours | None = None

    def ask(batch: Batch) -> Asked[dict[int, Places] | None]:
        if neighbours is None:
            return Asked(_DETAIL_TEXTS, [array_of(batch.pks)], None)
        places = neighbours.of(batch.pks)
        ends = neighbours.ends_of(places.values())
        return Asked(_DETAIL_TEXTS_AND_ENDS, [array_of(batch.pks), array_of(ends)], places)

    before_links = [b"," + orjson.dumps(marked)[1:-1] + b',"links":' for marked in _OF_THE_DAY]
    for batch, places, result in _answered_ahead(ask, filterset):
        texts, ends = _texts_and_ends(result)
        links: dict[int, bytes | None] = dict.fromkeys(batch.pks, b"[]")
        if places is None or neighbours is None:
            links |= dict.fromkeys(batch.pks)
            known: Mapping[int, list[Link] | None] = links_of(batch.pks, clock)
        else:
            known = {pk: neighbours.links(place, ends) for pk, place in places.items()}
        for pk, found in known.items():
            links[pk] = None if found is None else orjson.dumps(found)
        missing = [pk for pk, text in links.items() if text is None]
        anew = _documents_anew(missing, clock) if missing else {}
        for pk, mark in zip(batch.pks, batch.marks, strict=True):
            # One that was expunged meanwhile is not there, or empty.
            if (end := links[pk]) is None:
                yield from (anew[pk],) if pk in anew else ()
            elif text := texts.get(pk):
                yield b"".join((memoryview(text)[:-1], before_links[mark], end, b"}"))
        if batch.is_of_many and neighbours is None:
            neighbours = Neighbours.load(clock)


def summaries_of(filterset: DealFilterSet) -> Generator[Summary]:
    """The summary of each deal, as `deals.reading.summaries` gives it."""
    if filterset.clock.is_past_world:
        yield from in_batches(filterset, Edition.objects.for_list(), summaries)
        return
    for batch, _, result in _answered_ahead(_asking(_SUMMARY_TEXTS), filterset):
        texts = _texts(result)
        for pk, mark in zip(batch.pks, batch.marks, strict=True):
            if text := texts.get(pk):
                yield orjson.loads(text) | _OF_THE_DAY[mark]


def rows_of(filterset: DealFilterSet) -> Generator[bytes]:
    """The row of each deal in a CSV file of all columns, without the end of its line."""
    if filterset.clock.is_past_world:
        write = csv_writer(list(DEAL_COLUMNS))
        for summary in summaries_of(filterset):
            yield write(summary).encode()
        return
    for batch, _, result in _answered_ahead(_asking(_ROW_TEXTS), filterset):
        texts = _texts(result)
        missing = [pk for pk in batch.pks if not texts.get(pk)]
        anew = _rows_anew(missing) if missing else {}
        for pk, mark in zip(batch.pks, batch.marks, strict=True):
            if text := texts.get(pk) or anew.get(pk):
                yield filled(text, **_OF_THE_DAY[mark])


def in_batches[Row](
    filterset: DealFilterSet,
    loaded: EditionQuerySet,
    read: Callable[[Iterable[Edition], Clock], list[Row]],
) -> Iterator[Row]:
    """What `read` makes of the editions, which are fetched as `loaded` says."""
    for batch in batches_of(filterset):
        yield from read(_fetched(batch.pks, loaded), filterset.clock)


def _documents_anew(pks: Sequence[int], clock: Clock) -> dict[int, bytes]:
    editions = _fetched(pks, Edition.objects.select_related("document"))
    found = details(editions, clock)
    return {one.pk: orjson.dumps(detail) for one, detail in zip(editions, found, strict=True)}


def _rows_anew(pks: Sequence[int]) -> dict[int, bytes]:
    """Rows of editions for which none of today's layout is stored."""
    texts = _texts(_answer(connection.connection, _SUMMARY_TEXTS, [array_of(pks)]))
    return {pk: row_text(orjson.loads(text)).encode() for pk, text in texts.items() if text}


def _fetched(pks: Sequence[int], loaded: EditionQuerySet) -> list[Edition]:
    """Editions in the order of their keys, without any that was expunged meanwhile."""
    found = {edition.pk: edition for edition in loaded.readable().filter(pk__in=pks)}
    return [found[pk] for pk in pks if pk in found]


@dataclass(frozen=True)
class Asked[Known]:
    """A statement with its parameters as libpq takes them, and what is known already."""

    statement: bytes
    params: list[bytes]
    known: Known


def _asking(statement: bytes) -> Callable[[Batch], Asked[None]]:
    """Of each batch nothing but its texts."""
    return lambda batch: Asked(statement, [array_of(batch.pks)], None)


def _answered_ahead[Known](
    ask: Callable[[Batch], Asked[Known]], filterset: DealFilterSet
) -> Generator[tuple[Batch, Known, PGresult]]:
    """Each batch with what is known of it and the answer; the next one comes meanwhile.

    So that the database never waits, the thread that waits for it does nothing else.
    """
    with closing(batches_of(filterset)) as batches, connection.wrap_database_errors:
        for first in islice(batches, 1):  # without a look at the next: that reads all other keys
            answer, asked = partial(_answer, connection.connection), ask(first)
            yield first, asked.known, answer(asked.statement, asked.params)
        with ThreadPoolExecutor(1) as thread:
            waiting: tuple[Batch, Known, Future[PGresult]] | None = None
            for batch in batches:
                asked = ask(batch)
                coming = thread.submit(answer, asked.statement, asked.params)
                if waiting:
                    yield *waiting[:2], waiting[2].result()
                waiting = batch, asked.known, coming
            if waiting:
                yield *waiting[:2], waiting[2].result()


def _answer(connected: Connection[Any], statement: bytes, params: list[bytes]) -> PGresult:
    """The rows of a statement, by libpq itself, which waits for all of a megabyte at once.

    A cursor comes back to Python for every few kilobytes of it, and would decode what is only to
    be encoded again.
    """
    with connected.lock:
        result = connected.pgconn.exec_params(statement, params)
    if result.status != ExecStatus.TUPLES_OK:
        raise error_from_result(result)
    return result


def array_of(pks: Iterable[int]) -> bytes:
    """Numbers as PostgreSQL writes an array of them."""
    return f"{{{','.join(map(str, pks))}}}".encode()


def _texts(result: PGresult) -> Texts:
    """Texts by primary key."""
    return {
        int(result.get_value(row, 0) or b""): text
        for row in range(result.ntuples)
        if (text := result.get_value(row, 1)) is not None
    }


def _texts_and_ends(result: PGresult) -> tuple[Texts, dict[int, End]]:
    """Texts, and key and title of the rows that have a title too, by primary key."""
    texts: Texts = {}
    ends: dict[int, End] = {}
    has_ends = result.nfields > len(("pk", "text"))
    for row in range(result.ntuples):
        pk, text = int(result.get_value(row, 0) or b""), result.get_value(row, 1) or b""
        if has_ends and (title := result.get_value(row, 2)) is not None:
            ends[pk] = text.decode(), title.decode()
        else:
            texts[pk] = text
    return texts, ends
