"""Which deals are linked, looked up at once for files of many of them.

A deal's own links stand in its edition; who links to it is found by an index, which costs more
than all else that its document needs. So a file of many deals reads all pairs first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from psycopg import Cursor

from deals.codes import LinkType
from deals.reading import Clock, Link, links_in_order

type End = tuple[str, str]
"""Key and title of a deal."""
type Places = tuple[slice, slice]
"""Where the links of a deal are: its own, and those of others to it."""

_TYPES: Final = list(LinkType.values)
_PAIR: Final = np.dtype([("source", ">i8"), ("target", ">i8"), ("type", ">i4")])
_PAIRS_SQL: Final = """
SELECT linking.id >> 16, string_agg(
    int8send(linking.id) || int8send(coalesce(named.id, 0))
    || int4send(array_position(%s::text[], split_part(link.text, ':', 1))),
    ''::bytea
    ORDER BY linking.id, link.place
)
FROM ({linking}) AS linking
CROSS JOIN LATERAL unnest(linking.links) WITH ORDINALITY AS link(text, place)
LEFT JOIN ({named}) AS named ON named.key = split_part(link.text, ':', 2)
GROUP BY 1
ORDER BY 1
"""
"""Neighbouring ones sent as one."""


@dataclass(frozen=True)
class Ends:
    """Links sorted by one of their ends, all by primary keys of editions."""

    here: NDArray[np.unsignedinteger]
    there: NDArray[np.unsignedinteger]
    types: NDArray[np.int8]

    def places_of(self, pks: Sequence[int]) -> list[slice]:
        """Where the links of each of `pks` are."""
        starts = np.searchsorted(self.here, pks).tolist()
        stops = np.searchsorted(self.here, pks, side="right").tolist()
        return list(map(slice, starts, stops))

    def at(self, place: slice) -> Iterator[tuple[int, str]]:
        """The other end and the type of each link."""
        numbers = zip(self.there[place].tolist(), self.types[place].tolist(), strict=True)
        return ((there, _TYPES[number - 1]) for there, number in numbers)


def _columns(
    chunks: Iterable[NDArray[np.void]],
) -> tuple[NDArray[np.unsignedinteger], NDArray[np.unsignedinteger], NDArray[np.int8]]:
    """Sources, targets and types of all pairs, in as few bytes as the keys need."""
    sources, targets = [np.zeros(0, np.uint8)], [np.zeros(0, np.uint8)]
    types = [np.zeros(0, np.int8)]
    for pairs in chunks:
        for end, columns in (("source", sources), ("target", targets)):
            columns.append(pairs[end].astype(np.min_scalar_type(int(pairs[end].max()))))
        types.append(pairs["type"].astype(np.int8))
    return np.concatenate(sources), np.concatenate(targets), np.concatenate(types)


class Neighbours:
    """Both ends of all links of deals that readers see; 18 bytes a link."""

    def __init__(self, chunks: Iterable[NDArray[np.void]]) -> None:
        """Take links by the primary keys of their ends, sorted; 0 for a target nobody can see."""
        source, target, types = _columns(chunks)
        by_target = np.argsort(target, kind="stable")
        self._own = Ends(source, target, types)
        self._others = Ends(target[by_target], source[by_target], types[by_target])

    @classmethod
    def load(cls, clock: Clock) -> Self:
        """All links of the moment that a clock says, in one statement."""
        linking = clock.editions().exclude(links=[]).order_by().values("id", "links")
        named = clock.editions().order_by().values("id", "key")
        linking_sql, linking_params = linking.query.sql_with_params()
        named_sql, named_params = named.query.sql_with_params()
        connection.ensure_connection()
        # Past Django's cursor, which would read bytes as a text of twice their length.
        with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
            rows = cursor.stream(
                _PAIRS_SQL.format(linking=linking_sql, named=named_sql).encode(),
                [_TYPES, *linking_params, *named_params],
                binary=True,
            )
            return cls(np.frombuffer(sent, _PAIR) for _, sent in rows)

    def of(self, pks: Sequence[int]) -> dict[int, Places]:
        """Where the links are of those of `pks` that have any."""
        places = zip(self._own.places_of(pks), self._others.places_of(pks), strict=True)
        return {
            pk: (own, others)
            for pk, (own, others) in zip(pks, places, strict=True)
            if own.start < own.stop or others.start < others.stop
        }

    def ends_of(self, places: Iterable[Places]) -> set[int]:
        """Primary keys of what is at the other ends of links."""
        wanted: set[int] = set()
        for own, others in places:
            wanted.update(self._own.there[own].tolist(), self._others.there[others].tolist())
        return wanted

    def links(self, places: Places, ends: Mapping[int, End]) -> list[Link] | None:
        """The ``links`` of a document; None where its record names a deal that nobody can see."""
        own, others = places
        named = [(link, ends.get(there)) for there, link in self._own.at(own)]
        if any(end is None for _, end in named):
            return None
        pointing = [(link, ends.get(there)) for there, link in self._others.at(others)]
        return links_in_order(
            *([(link, *end) for link, end in links if end] for links in (named, pointing))
        )
