"""Conditions as bitmaps, each worked out once and kept while there is room."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from django.contrib.postgres.search import SearchQuery
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Q

from deals.bitmap_index import bits
from deals.bitmap_index.bits import Bits, Flags
from deals.bitmap_index.columns import Snapshot
from deals.bitmap_index.conditions import EDITION, holds, plan_of
from deals.models import Edition

ROOM_BYTES: Final = 64 * 1024 * 1024
_BESIDE_BYTES: Final = 2_000
"""What a bitmap takes beside its bits, as measured: arrays, its place and the key's objects."""
_LETTER_BYTES: Final = 4
"""What each letter of a key's text stands for: a plan holds many short texts."""


@dataclass(frozen=True, slots=True)
class _Mask:
    bits: Bits
    length: int
    """How many rows it knows."""
    nbytes: int
    """What it takes in memory, with its key."""


class Masks:
    """Bitmaps of one index by what they ask. Safe for threads.

    A row never changes, so a bitmap of an earlier snapshot only lacks the rows that came later.
    """

    def __init__(self, alias: str, room_bytes: int = ROOM_BYTES) -> None:
        self._alias = alias
        self._room_bytes = room_bytes
        self._held: OrderedDict[Hashable, _Mask] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._held)

    def of(self, condition: Q, snapshot: Snapshot) -> Bits:
        """Rows that meet ``condition``; of those that are not current it says nothing."""
        plan = plan_of(condition, EDITION)
        if plan is None and (parts := _parts(condition)):
            join = np.bitwise_or if condition.connector == Q.OR else np.bitwise_and
            joined: Bits = join.reduce([self.of(part, snapshot) for part in parts])
            return ~joined if condition.negated else joined
        key: Hashable = plan if plan is not None else _asked(condition)
        with self._lock:
            known = self._held.get(key)
            if known is not None:
                self._held.move_to_end(key)
        if known is not None and known.length >= snapshot.length:
            return known.bits[: len(snapshot.alive)]
        first = 0 if known is None else known.length
        if plan is not None:
            flags = holds(plan, snapshot, first)
        else:
            flags = self._by_sql(condition, snapshot, first)
        if known is not None:
            flags = np.concatenate((bits.unpacked(known.bits, first), flags))
        found = bits.packed(flags)
        self._keep(key, found, snapshot.length)
        return found

    def all_of(self, conditions: Iterable[Q], snapshot: Snapshot) -> Bits:
        """Current rows that meet all ``conditions``."""
        found = snapshot.alive
        for condition in conditions:
            found = found & self.of(condition, snapshot)
        return found

    def _by_sql(self, condition: Q, snapshot: Snapshot, first: int) -> Flags:
        editions = Edition.objects.using(self._alias).filter(condition).order_by()
        if not _is_one_word(condition):
            # A word is looked for in all editions: the planner takes the current ones for few, and
            # would walk an index of them in disorder instead of reading the table once.
            editions = editions.current()
        if first:
            editions = editions.filter(pk__in=snapshot.ids[first:].tolist())
        try:
            sql, params = editions.values("id").query.sql_with_params()
        except EmptyResultSet:  # Django sees without asking that nothing can be found.
            return np.zeros(snapshot.length - first, np.bool_)
        with connections[self._alias].cursor() as cursor:
            cursor.execute(
                f"SELECT string_agg(int8send(one.id), ''::bytea) FROM ({sql}) AS one", params
            )
            (sent,) = cursor.fetchone()
        ids = np.frombuffer(sent or b"", ">i8").astype(np.int64)
        return snapshot.flags_of(ids)[first:]

    def _keep(self, key: Hashable, found: Bits, length: int) -> None:
        nbytes = found.nbytes + _BESIDE_BYTES + _LETTER_BYTES * len(repr(key))
        with self._lock:
            before = self._held.pop(key, None)
            if before is not None:
                self._bytes -= before.nbytes
            self._held[key] = _Mask(found, length, nbytes)
            self._bytes += nbytes
            while self._bytes > self._room_bytes and len(self._held) > 1:
                _, dropped = self._held.popitem(last=False)
                self._bytes -= dropped.nbytes


def _parts(condition: Q) -> list[Q]:
    """The words of a search, each to be kept by itself; nothing for what is no more than one.

    Other conditions are quick only together: an index finds the rows that the next one looks at.
    """
    children = condition.children
    if condition.connector == Q.XOR or not all(
        isinstance(child, Q) or _is_word(child) for child in children
    ):
        return []
    if _is_one_word(condition):
        return []
    return [child if isinstance(child, Q) else Q(child) for child in children]


def _is_word(child: object) -> bool:
    return isinstance(child, tuple) and child[0] == "search"


def _is_one_word(condition: Q) -> bool:
    children = condition.children
    return len(children) == 1 and not condition.negated and _is_word(children[0])


def _asked(condition: Q) -> Hashable:
    """What tells ``condition`` apart from others. It is short, whatever was typed."""
    child = condition.children[0]
    if _is_one_word(condition) and isinstance(child, tuple) and isinstance(child[1], SearchQuery):
        return child
    return _compiled(condition)


def _compiled(condition: Q) -> bytes:
    """A digest of what only the database understands: the statement and its values."""
    try:
        sql, params = (
            Edition.objects.order_by().filter(condition).values("pk").query.sql_with_params()
        )
    except EmptyResultSet:
        return b""
    return hashlib.sha256(repr((sql, params)).encode("utf-8", "surrogatepass")).digest()
