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
from functools import partial
from itertools import islice
from typing import Any, Final, NamedTuple

import orjson
from django.db import connection
from psycopg import Connection
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus

from config.lib.tables import csv_writer
from deals.batches import LAPSED, STALE, Batch, batches_of
from deals.columns import DEAL_COLUMNS
from deals.columns.rows import LAYOUT, filled, row_text
from deals.filters import DealFilterSet
from deals.models import Edition, EditionDocument, EditionRow
from deals.models.edition import EditionQuerySet
from deals.neighbours import End, Neighbours
from deals.reading import Clock, Link, Summary, details, links_of, summaries

_OF_THE_DAY: Final = [
    {"is_stale": bool(mark & STALE), "is_presumed_lapsed": bool(mark & LAPSED)}
    for mark in range((STALE | LAPSED) + 1)
]
"""What each mark of a batch says."""

_DETAIL_TEXTS: Final = f"SELECT edition_id, detail_text FROM {EditionDocument._meta.db_table}"
_SUMMARY_TEXTS: Final = f"SELECT edition_id, summary_text FROM {EditionDocument._meta.db_table}"
_ROW_TEXTS: Final = (
    f"SELECT edition_id, CASE WHEN layout = '{LAYOUT}' THEN text END"
    f" FROM {EditionRow._meta.db_table}"
)


type Texts = dict[int, bytes]
"""Stored texts in UTF-8, by the primary keys of their editions."""


class _Fetched(NamedTuple):
    """What documents are put together from."""

    texts: Texts
    places: dict[int, slice] | None
    """Where `Neighbours` has the links of each; None while it is not asked."""
    ends: dict[int, End]


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

    def fetch(connected: Connection[Any], batch: Batch) -> _Fetched:
        texts = _texts(connected, _DETAIL_TEXTS, batch.pks)
        if neighbours is None:
            return _Fetched(texts, None, {})
        places = neighbours.of(batch.pks)
        return _Fetched(texts, places, neighbours.ends(places.values(), connected))

    before_links = [b"," + orjson.dumps(marked)[1:-1] + b',"links":' for marked in _OF_THE_DAY]
    for batch, (texts, places, ends) in _fetched_ahead(fetch, filterset):
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
    for batch, texts in _fetched_ahead(partial(_texts_of, _SUMMARY_TEXTS), filterset):
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
    for batch, texts in _fetched_ahead(partial(_texts_of, _ROW_TEXTS), filterset):
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
    texts = _texts(connection.connection, _SUMMARY_TEXTS, pks)
    return {pk: row_text(orjson.loads(text)).encode() for pk, text in texts.items() if text}


def _fetched(pks: Sequence[int], loaded: EditionQuerySet) -> list[Edition]:
    """Editions in the order of their keys, without any that was expunged meanwhile."""
    found = {edition.pk: edition for edition in loaded.readable().filter(pk__in=pks)}
    return [found[pk] for pk in pks if pk in found]


type Fetch[Found] = Callable[[Connection[Any], Batch], Found]


def _fetched_ahead[Found](
    fetch: Fetch[Found], filterset: DealFilterSet
) -> Generator[tuple[Batch, Found]]:
    """Each batch with what is fetched for it, the next one while a batch is used.

    `fetch` gets the connection of psycopg: Django's belongs to one thread.
    """
    with closing(batches_of(filterset)) as batches, connection.wrap_database_errors:
        for first in islice(batches, 1):  # without a look at the next: that reads all other keys
            fetched = partial(fetch, connection.connection)
            yield first, fetched(first)
        with ThreadPoolExecutor(1) as thread:
            waiting: tuple[Batch, Future[Found]] | None = None
            for batch in batches:
                coming = thread.submit(fetched, batch)
                if waiting:
                    yield waiting[0], waiting[1].result()
                waiting = batch, coming
            if waiting:
                yield waiting[0], waiting[1].result()


def _texts_of(statement: str, connected: Connection[Any], batch: Batch) -> Texts:
    return _texts(connected, statement, batch.pks)


def _texts(connected: Connection[Any], statement: str, pks: Sequence[int]) -> Texts:
    """A stored text of each edition.

    By libpq itself, which waits for all of a megabyte at once. A cursor comes back to Python for
    every few kilobytes of it, and would keep this thread and the one that sends from working side
    by side; and it would decode what is only to be encoded again.
    """
    command = f"{statement} WHERE edition_id = ANY($1)".encode()
    with connected.lock:
        result = connected.pgconn.exec_params(command, [f"{{{','.join(map(str, pks))}}}".encode()])
    if result.status != ExecStatus.TUPLES_OK:
        raise error_from_result(result)
    found = {}
    for row in range(result.ntuples):
        if (text := result.get_value(row, 1)) is not None:
            found[int(result.get_value(row, 0) or b"")] = text
    return found
