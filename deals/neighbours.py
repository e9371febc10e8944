"""Which deals are linked, looked up at once for files of many of them.

A deal's own links stand in its edition; who links to it is found by an index, which costs more
than all else that its document needs. So a file of many deals reads all pairs first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Self

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from deals.codes import LinkType
from deals.reading import Clock, Link, links_in_order

type End = tuple[str, str]
"""Key and title of a deal."""

_TYPES: Final = list(LinkType.values)
_PAIR: Final = np.dtype([("source", ">i8"), ("target", ">i8"), ("type", ">i4"), ("place", ">i4")])
_PAIRS_SQL: Final = """
SELECT string_agg(
    int8send(linking.id) || int8send(coalesce(named.id, 0))
    || int4send(array_position(%s, split_part(link.text, ':', 1))) || int4send(link.place::int),
    ''::bytea
)
FROM ({linking}) AS linking
CROSS JOIN LATERAL unnest(linking.links) WITH ORDINALITY AS link(text, place)
LEFT JOIN ({named}) AS named ON named.key = split_part(link.text, ':', 2)
"""


class Neighbours:
    """Both ends of all links of deals that readers see; 40 bytes a link."""

    def __init__(self, pairs: NDArray[np.void]) -> None:
        """Take links by the primary keys of their ends; 0 where readers cannot see the target."""
        source, target = (pairs[end].astype(np.int64) for end in ("source", "target"))
        here, there = np.append(source, target), np.append(target, source)
        is_inward = np.repeat([False, True], len(pairs))
        # A deal's own links in the order of its record, then those of others.
        order = np.lexsort((np.tile(pairs["place"], 2), is_inward, here))
        self._here, self._there, self._is_inward = here[order], there[order], is_inward[order]
        self._types = np.tile(pairs["type"], 2)[order].astype(np.int8)

    @classmethod
    def load(cls, clock: Clock) -> Self:
        """All links of the moment that a clock says, in one statement."""
        linking = clock.editions().exclude(links=[]).order_by().values("id", "links")
        named = clock.editions().order_by().values("id", "key")
        linking_sql, linking_params = linking.query.sql_with_params()
        named_sql, named_params = named.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(
                _PAIRS_SQL.format(linking=linking_sql, named=named_sql),
                [_TYPES, *linking_params, *named_params],
            )
            (sent,) = cursor.fetchone()
        return cls(np.frombuffer(sent or b"", _PAIR))

    def of(self, pks: Sequence[int]) -> dict[int, slice]:
        """Where the links are of those of `pks` that have any."""
        starts = np.searchsorted(self._here, pks).tolist()
        stops = np.searchsorted(self._here, pks, side="right").tolist()
        return {
            pk: slice(start, stop)
            for pk, start, stop in zip(pks, starts, stops, strict=True)
            if start < stop
        }

    def ends_of(self, places: Iterable[slice]) -> set[int]:
        """Primary keys of what is at the other ends of links."""
        wanted: set[int] = set()
        for place in places:
            wanted.update(self._there[place].tolist())
        return wanted

    def links(self, place: slice, ends: Mapping[int, End]) -> list[Link] | None:
        """The ``links`` of a document; None where its record names a deal that nobody can see."""
        own: list[tuple[str, str, str]] = []
        others: list[tuple[str, str, str]] = []
        rows = (column[place].tolist() for column in (self._there, self._types, self._is_inward))
        for there, number, is_inward in zip(*rows, strict=True):
            if (end := ends.get(there)) is not None:
                (others if is_inward else own).append((_TYPES[number - 1], *end))
            elif not is_inward:
                return None
        return links_in_order(own, others)
