"""All names that readers may type: of minerals, places, bodies and events, held in this process.

Sorted as they are, beginnings of names and of their words are found without asking the database,
and without reading the thousands of companies that begin with the same letter.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

import numpy as np
import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import OperationalError
from numpy.typing import NDArray

from config.lib.caching import while_unchanged
from countries.models import Bloc, Country
from deals.marking import plain
from deals.models import Company, Event
from minerals.models import Mineral

type Places = NDArray[np.int32]
"""Numbers of entries, ascending."""

GAPS: Final = str.maketrans(dict.fromkeys("-–—/()+.,’'\"«»“”„‹›", " "))
"""What parts the words of a name."""
_BEHIND_ALL: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Entry:
    """One record: what it is called, and what its picture needs."""

    key: str
    name: str
    others: tuple[str, ...]
    codes: tuple[str, ...]
    details: tuple[str, ...]


class Section:
    """The records of one kind, found by how their names, or words of them, begin."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self.places = {entry.key: place for place, entry in enumerate(entries)}
        names: list[tuple[str, int]] = []
        other_names: list[tuple[str, int]] = []
        words: set[tuple[str, int]] = set()
        codes: list[tuple[str, int]] = []
        for place, entry in enumerate(entries):
            for number, name in enumerate((entry.name, *entry.others)):
                parts = plain(name).translate(GAPS).split()
                (other_names if number else names).append((" ".join(parts), place))
                words.update((part, place) for part in parts)
            codes += ((plain(code), place) for code in entry.codes if code)
        self._names = _Sorted(names)
        self._other_names = _Sorted(other_names)
        self._words = _Sorted(words)
        self._codes = _Sorted(codes)

    def same(self, text: str) -> Places:
        """Entries that are called ``text``, or have it as a code."""
        name = " ".join(text.translate(GAPS).split())
        return _all_of(
            [self._names.same(name), self._other_names.same(name), self._codes.same(text)]
        )

    def beginning(self, text: str) -> Places:
        """Entries whose name begins with ``text``, signs between words apart."""
        return self._names.beginning(" ".join(text.translate(GAPS).split()))

    def otherwise_beginning(self, text: str) -> Places:
        """Entries of which another name does."""
        return self._other_names.beginning(" ".join(text.translate(GAPS).split()))

    def with_words(self, text: str) -> Places:
        """Entries in whose names each word of ``text`` begins a word."""
        words = text.translate(GAPS).split()
        found = (self._words.beginning(word) for word in dict.fromkeys(words))
        return reduce(np.intersect1d, found) if words else np.zeros(0, np.int32)


class _Sorted:
    """Texts in order, each with the number of the entry that it belongs to."""

    def __init__(self, pairs: Iterable[tuple[str, int]]) -> None:
        ordered = sorted(pairs)
        self._texts = [text for text, _ in ordered]
        self._places = np.fromiter((place for _, place in ordered), np.int32, len(ordered))

    def beginning(self, text: str) -> Places:
        if not text:
            return np.zeros(0, np.int32)
        return self._between(text, text + _BEHIND_ALL)

    def same(self, text: str) -> Places:
        return self._between(text, f"{text}\0")

    def _between(self, first: str, after: str) -> Places:
        start = bisect_left(self._texts, first)
        return np.unique(self._places[start : bisect_left(self._texts, after, start)])


def _all_of(several: Sequence[Places]) -> Places:
    return np.unique(np.concatenate(several))


_TABLES: Final = {
    "mineral": (Mineral, "slug, name, aliases, ARRAY[symbol], ARRAY[short_form, category]"),
    "country": (
        Country,
        "iso2, name, aliases || ARRAY[official_name, iso_name], ARRAY[iso3, iso2], '{}'",
    ),
    "bloc": (Bloc, "key, name, ARRAY[short_name], ARRAY[key], '{}'"),
    "company": (Company, "slug, name, aliases, '{}', ARRAY[type]"),
    "event": (Event, "key, name, '{}', '{}', '{}'"),
}
"""For each kind its table, and from it: key, name, other names, codes, details."""
_NAMES: Final = " UNION ALL ".join(
    f"(SELECT '{kind}', {columns} FROM {model._meta.db_table} ORDER BY 2)"
    for kind, (model, columns) in _TABLES.items()
)
_STATE: Final = " UNION ALL ".join(
    "SELECT (count(*), sum(xmin::text::bigint), max(xmin::text::bigint))::text"
    f" FROM {model._meta.db_table}"
    for model, _ in _TABLES.values()
)


class Directory:
    """The sections of all kinds as they were at one moment."""

    def __init__(self) -> None:
        entries: dict[str, list[Entry]] = {kind: [] for kind in _TABLES}
        for kind, key, name, *more in _rows(_NAMES):
            entries[kind].append(Entry(key, name, *map(tuple, more)))
        self.sections = {kind: Section(some) for kind, some in entries.items()}


_held: dict[tuple[Any, ...], tuple[State, Directory]] = {}
_lock = threading.Lock()


def directory() -> Directory:
    """The names as they are now: read anew where any row of their tables is another.

    Companies and events are there that no deal names; whoever shows them leaves these out.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.in_atomic_block:
        return Directory()  # what this transaction has written has no state of its own
    where = tuple(connection.settings_dict[name] for name in ("HOST", "PORT", "NAME"))
    now = _state(where)
    known = _held.get(where)
    if known is not None and known[0] == now:
        return known[1]
    with _lock:
        known = _held.get(where)
        if known is None or known[0] != now:
            # Asked before the names are read, so that what comes between is read again.
            known = _held[where] = now, Directory()
        return known[1]


type State = tuple[str, ...]
"""Which transactions wrote the rows of each table: another after any change."""


@while_unchanged
def _state(where: tuple[Any, ...]) -> State:
    return tuple(state for (state,) in _rows(_STATE))


def _rows(statement: str) -> list[tuple[Any, ...]]:
    """Asked past Django's cursor, so that pinned query counts are about the page alone."""
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    try:
        rows: list[tuple[Any, ...]] = connection.connection.execute(statement).fetchall()
    except psycopg.OperationalError as error:
        raise OperationalError(*error.args) from error
    return rows
