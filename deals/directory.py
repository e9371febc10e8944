"""All names that readers may type: of minerals, places, bodies and events, held in this process.

Sorted as they are, beginnings of names and of their words are found without asking the database,
and without reading the thousands of companies that begin with the same letter.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final, Self

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
_MOST_OTHERS: Final = 200
"""Where more entries are others, all texts are put in order anew."""


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
        texts = _Texts()
        for place, entry in enumerate(entries):
            texts.add(entry, place)
        self._set(entries, *(_Sorted.of(pairs) for pairs in texts))

    def _set(
        self,
        entries: Sequence[Entry],
        names: _Sorted,
        other_names: _Sorted,
        words: _Sorted,
        codes: _Sorted,
    ) -> None:
        self.entries = entries
        self.places = {entry.key: place for place, entry in enumerate(entries)}
        self._names, self._other_names, self._words, self._codes = names, other_names, words, codes

    def changed(self, entries: Sequence[Entry]) -> Section:
        """The section with these entries instead, quicker where most are the same."""
        moved = np.full(len(self.entries), -1, np.int32)
        texts, others = _Texts(), 0
        for place, entry in enumerate(entries):
            before = self.places.get(entry.key)
            if before is not None and self.entries[before] == entry:
                moved[before] = place
            else:
                others += 1
                if others > _MOST_OTHERS:
                    return Section(entries)
                texts.add(entry, place)
        if np.count_nonzero(moved < 0) > _MOST_OTHERS:
            return Section(entries)
        parts = (self._names, self._other_names, self._words, self._codes)
        section = Section.__new__(Section)
        section._set(
            entries,
            *(part.changed(moved, pairs) for part, pairs in zip(parts, texts, strict=True)),
        )
        return section

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


class _Texts:
    """Texts under which entries are found, each with the place of its entry."""

    def __init__(self) -> None:
        self._names: list[tuple[str, int]] = []
        self._other_names: list[tuple[str, int]] = []
        self._words: set[tuple[str, int]] = set()
        self._codes: list[tuple[str, int]] = []

    def __iter__(self) -> Iterator[Iterable[tuple[str, int]]]:
        return iter((self._names, self._other_names, self._words, self._codes))

    def add(self, entry: Entry, place: int) -> None:
        for number, name in enumerate((entry.name, *entry.others)):
            parts = plain(name).translate(GAPS).split()
            (self._other_names if number else self._names).append((" ".join(parts), place))
            self._words.update((part, place) for part in parts)
        self._codes += ((plain(code), place) for code in entry.codes if code)


class _Sorted:
    """Texts in order, each with the number of the entry that it belongs to."""

    def __init__(self, texts: list[str], places: Places) -> None:
        self._texts = texts
        self._places = places

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, int]]) -> Self:
        ordered = sorted(pairs)
        places = np.fromiter((place for _, place in ordered), np.int32, len(ordered))
        return cls([text for text, _ in ordered], places)

    def changed(self, moved: Places, added: Iterable[tuple[str, int]]) -> Self:
        """The same with entries at other places, without those moved below 0, with some more."""
        texts, places = self._texts.copy(), moved[self._places]
        for gone in np.flatnonzero(places < 0)[::-1].tolist():
            del texts[gone]
        places = places[places >= 0]
        for text, place in added:
            at = bisect_left(texts, text)
            texts.insert(at, text)
            places = np.insert(places, at, place)
        return type(self)(texts, places)

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


def _entries(kind: str) -> list[Entry]:
    return [Entry(key, name, *map(tuple, more)) for key, name, *more in _rows(_NAMES[kind])]


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
        return Directory({kind: Section(_entries(kind)) for kind in _TABLES})
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
    if known is None:
        return Directory({kind: Section(_entries(kind)) for kind in _TABLES})
    return Directory(
        {
            kind: section if known.states[kind] == now[kind] else section.changed(_entries(kind))
            for kind, section in known.names.sections.items()
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
