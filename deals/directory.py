"""All names that readers may type: of minerals, places, bodies and events, held in this process.

Sorted as they are, beginnings of names and of their words are found without asking the database,
and without reading the thousands of companies that begin with the same letter.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

import numpy as np
import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model
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
    merged: tuple[str, ...] = ()
    """Keys of what was merged into it: editions may still name these."""

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys under which editions know it."""
        return (self.key, *self.merged)


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


_NONE: Final = "'{}'::text[]"
_COMPANY: Final = Company._meta.db_table
_TABLES: Final[Mapping[str, tuple[type[Model], str]]] = {
    "mineral": (
        Mineral,
        f"slug, name, aliases, ARRAY[symbol], ARRAY[short_form, category], {_NONE}",
    ),
    "country": (
        Country,
        "iso2, name, aliases || ARRAY[official_name, iso_name], ARRAY[iso3, iso2],"
        f" {_NONE}, {_NONE}",
    ),
    "bloc": (Bloc, f"key, name, ARRAY[short_name], ARRAY[key], {_NONE}, {_NONE}"),
    "company": (Company, f"slug, name, aliases, {_NONE}, ARRAY[type], coalesce(merged, {_NONE})"),
    "event": (Event, f"key, name, {_NONE}, {_NONE}, {_NONE}, {_NONE}"),
}
"""For each kind its table, and from it: key, name, other names, codes, details, keys merged in."""
_NARROWED: Final = {
    # Whoever looks for a merged one finds its successor, which has its names too.
    "company": " LEFT JOIN (SELECT merged_into_id AS into_id, array_agg(slug ORDER BY slug)"
    f" AS merged FROM {_COMPANY} WHERE merged_into_id IS NOT NULL GROUP BY 1) AS successor"
    f" ON successor.into_id = {_COMPANY}.id WHERE {_COMPANY}.merged_into_id IS NULL",
}
_NAMES: Final = {
    kind: f"SELECT {columns} FROM {model._meta.db_table}{_NARROWED.get(kind, '')} ORDER BY 1"
    for kind, (model, columns) in _TABLES.items()
}
_STATES: Final = " UNION ALL ".join(
    f"SELECT '{kind}', (count(*), sum(xmin::text::bigint), max(xmin::text::bigint))::text"
    f" FROM {model._meta.db_table}"
    for kind, (model, _) in _TABLES.items()
)


@dataclass(frozen=True, slots=True)
class Directory:
    """The sections of all kinds as they were at one moment."""

    sections: Mapping[str, Section]


def _section(kind: str) -> Section:
    return Section(
        [Entry(key, name, *map(tuple, more)) for key, name, *more in _rows(_NAMES[kind])]
    )


@dataclass(frozen=True, slots=True)
class _Held:
    states: States
    """What the tables were like before they were read."""
    names: Directory


_held: dict[tuple[Any, ...], _Held] = {}
_lock = threading.Lock()


def directory() -> Directory:
    """The names as they are now: read anew where any row of their tables is another.

    Companies and events are there that no deal names; whoever shows them leaves these out.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.in_atomic_block:
        # What this transaction has written has no state of its own.
        return Directory({kind: _section(kind) for kind in _TABLES})
    where = tuple(connection.settings_dict[name] for name in ("HOST", "PORT", "NAME"))
    now = _states(where)
    known = _held.get(where)
    if known is not None and known.states == now:
        return known.names
    with _lock:
        known = _held.get(where)
        if known is None or known.states != now:
            # Asked before the names are read, so that what comes between is read again.
            known = _held[where] = _Held(now, _read(known, now))
        return known.names


type States = Mapping[str, str]
"""Which transactions wrote the rows of each kind's table: another after any change."""


def _read(known: _Held | None, now: States) -> Directory:
    """The names, of which only those are read whose table changed."""
    return Directory(
        {
            kind: known.names.sections[kind]
            if known is not None and known.states[kind] == now[kind]
            else _section(kind)
            for kind in _TABLES
        }
    )


@while_unchanged
def _states(where: tuple[Any, ...]) -> States:
    return dict(_rows(_STATES))


def _rows(statement: str) -> list[tuple[Any, ...]]:
    """Asked past Django's cursor, so that pinned query counts are about the page alone."""
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    try:
        rows: list[tuple[Any, ...]] = connection.connection.execute(statement).fetchall()
    except psycopg.OperationalError as error:
        raise OperationalError(*error.args) from error
    return rows
