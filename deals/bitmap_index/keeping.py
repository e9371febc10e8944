"""The index that this process holds: loaded the first time it is wanted, and kept up to date.

A request asks the log what changed since the index was last looked at, brings in the few editions
that did, and goes on with a snapshot that no other thread changes. While there is no index, or
too much changed at once, the database answers and a thread of its own loads everything.
"""

from __future__ import annotations

import ctypes
import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

import psycopg
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import Error
from prometheus_client import Gauge

from config.lib.caching import seen_version
from config.lib.metrics import OF_PROCESSES
from deals.bitmap_index.columns import Columns, Snapshot
from deals.bitmap_index.counts import Counts
from deals.bitmap_index.freshness import Changes, Moment, changes_since, moment
from deals.bitmap_index.growing import Full
from deals.bitmap_index.loading import Connection, load_everything, load_some
from deals.bitmap_index.masks import Masks
from deals.bitmap_index.names import Names
from deals.models import Edition

logger = logging.getLogger(__name__)

AT_ONCE: Final = 5_000
"""So many deals are loaded within the request that wants them first."""
LOOKED_EVERY_SECONDS: Final = 60
"""How often a site without an index looks whether it has deals enough."""
REST: Final = 4
"""After a load it is so many times as long until the next, lest all time goes to loading."""

IS_LOADED: Final = Gauge(
    "lodebook_index_loaded",
    "Whether the process holds its index of deals (1); without it, the database counts.",
    registry=OF_PROCESSES,
    multiprocess_mode="liveall",
)
DEALS: Final = Gauge(
    "lodebook_index_deals",
    "Published deals in the index of the process.",
    registry=OF_PROCESSES,
    multiprocess_mode="liveall",
)
BYTES: Final = Gauge(
    "lodebook_index_bytes",
    "What the columns of that index take in memory; up to 64 MB of bitmaps come beside them.",
    registry=OF_PROCESSES,
    multiprocess_mode="liveall",
)


@dataclass(frozen=True)
class Held:
    """What a request works with: nothing in it changes, but bitmaps that it keeps for others."""

    snapshot: Snapshot
    masks: Masks
    counts: Counts
    names: Names
    seen: Moment


class Keeper:
    """The index of one database."""

    def __init__(self, alias: str) -> None:
        self._alias = alias
        self._lock = threading.Lock()
        self._held: Held | None = None
        self._columns: Columns | None = None
        self._is_loading = False
        self._next_at = 0.0

    def fresh(self, connection: BaseDatabaseWrapper) -> Held | None:
        """The index as the database is now; None while the database itself must answer."""
        held = self._held
        if held is None:
            self._begin(connection)
            held = self._held
            if held is None:
                return None
        if seen_version() == (held.seen.server_started, held.seen.snapshot):
            return held  # the request began with the same state of the database
        changes = changes_since(connection, held.seen)
        if changes.now.snapshot == held.seen.snapshot and not changes.is_too_much:
            return held
        with self._lock:
            if self._held is not held:  # another thread was quicker
                if self._held is None:
                    return None
                held = self._held
                changes = changes_since(connection, held.seen)
            self._hold(self._after(held, changes, connection))
            return self._held

    def _after(self, held: Held, changes: Changes, connection: BaseDatabaseWrapper) -> Held | None:
        """The index with these changes; None where everything has to be loaded."""
        columns = self._columns
        if changes.is_too_much or columns is None:
            self._load_later()
            return None
        held = replace(held, seen=changes.now)
        if changes.has_names:
            held = replace(held, names=Names.read(connection.connection))
        if changes.editions:
            loaded = load_some(connection.connection, changes.editions)
            try:
                held = replace(held, snapshot=columns.changed(changes.editions, loaded))
            except Full:
                self._load_later()
                return None
            if columns.is_half_full:
                self._load_later()
        return held

    def _begin(self, connection: BaseDatabaseWrapper) -> None:
        if self._is_loading or time.monotonic() < self._next_at:
            return
        if not self._lock.acquire(blocking=False):
            return  # another thread is at it, and the database answers this one
        try:
            if self._held is not None or self._is_loading:
                return
            connection.ensure_connection()
            count = _count(connection.connection, AT_ONCE + 1)
            if count < settings.BITMAPS_FROM_DEALS:
                self._next_at = time.monotonic() + LOOKED_EVERY_SECONDS
            elif count <= AT_ONCE:
                self._take(*self._loaded())
            else:
                self._load_later()
        finally:
            self._lock.release()

    def _load_later(self) -> None:
        """Load everything in a thread of its own. The lock must be held."""
        if self._is_loading or time.monotonic() < self._next_at:
            return
        self._is_loading = True
        threading.Thread(target=self._load, name="bitmap-index", daemon=True).start()

    def _load(self) -> None:
        began_at = time.monotonic()
        try:
            columns, held = self._loaded()
        except (psycopg.Error, Error):
            logger.exception("The index of deals could not be loaded; the database answers.")
            with self._lock:
                self._is_loading = False
                self._next_at = time.monotonic() + LOOKED_EVERY_SECONDS
            return
        took_seconds = time.monotonic() - began_at
        with self._lock:
            self._take(columns, held)
            self._is_loading = False
            self._next_at = time.monotonic() + REST * took_seconds
        logger.info(
            "Index of %d deals loaded in %.1f s: %d MB.",
            held.snapshot.length,
            took_seconds,
            columns.nbytes // 1_000_000,
        )

    def _take(self, columns: Columns, held: Held) -> None:
        self._columns = columns
        self._hold(held)

    def _hold(self, held: Held | None) -> None:
        """Let requests work with an index from now on, and monitors know of it."""
        before, self._held = self._held, held
        if held is None or self._columns is None:
            for gauge in (IS_LOADED, DEALS, BYTES):
                gauge.set(0)
        elif before is None or before.snapshot is not held.snapshot:
            IS_LOADED.set(1)
            DEALS.set(held.snapshot.total)
            BYTES.set(self._columns.nbytes)

    def _loaded(self) -> tuple[Columns, Held]:
        """Everything, read on a connection of its own in one snapshot of the database."""
        params = connections[self._alias].get_connection_params()
        params["cursor_factory"] = psycopg.Cursor
        with psycopg.connect(**params) as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            seen = moment(connection)
            columns = Columns(load_everything(connection))
            connection.execute("SET LOCAL enable_nestloop = on")
            names = Names.read(connection)
        _give_back_memory()
        masks = Masks(self._alias)
        return columns, Held(columns.first, masks, Counts(), names, seen)


def _give_back_memory() -> None:
    """What loading took beside what it left: glibc keeps that to itself unless it is asked."""
    # Elsewhere there is no such function.
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def _count(connection: Connection, most: int) -> int:
    """How many deals readers see; more than ``most`` are not counted."""
    sql, params = Edition.objects.current().order_by().values("pk")[:most].query.sql_with_params()
    row = connection.execute(f"SELECT count(*) FROM ({sql}) AS one", params).fetchone()
    return int(row[0]) if row else 0


_keepers: dict[tuple[str, ...], Keeper] = {}
_keepers_lock = threading.Lock()


def held_now(alias: str) -> Held | None:
    """The index of the database, as it is now; None where the database must answer itself.

    That is so inside a transaction, which may have written what nobody else sees.
    """
    if settings.BITMAPS_FROM_DEALS <= 0:
        return None
    connection = connections[alias]
    if connection.in_atomic_block or not connection.get_autocommit():
        return None
    where = tuple(str(connection.settings_dict[name]) for name in ("HOST", "PORT", "NAME"))
    keeper = _keepers.get(where)
    if keeper is None:
        with _keepers_lock:
            keeper = _keepers.setdefault(where, Keeper(alias))
    # What goes past Django's cursor fails as its own queries do: with 503 where it will pass.
    with connection.wrap_database_errors:
        return keeper.fresh(connection)
