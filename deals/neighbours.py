"""Which deals are linked, looked up at once for files of many of them.

A deal's own links stand in its edition; who links to it is found by an index, which costs more
than all else that its document needs. So a file of many deals reads all pairs first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from django.db import connection
from django.db.models import F, Func, TextField, Value
from numpy.typing import NDArray

from deals.models.edition import Unnest
from deals.reading import Clock

type Pks = NDArray[np.int64]


class Neighbours:
    """Editions at both ends of all links of deals that readers see; 32 bytes a link."""

    def __init__(self, pairs: Pks) -> None:
        """Take the primary keys of two editions a row; 0 where readers cannot see the second."""
        here, there = pairs.T.ravel(), pairs[:, ::-1].T.ravel()
        order = np.argsort(here, kind="stable")
        self._here, self._there = here[order], there[order]

    @classmethod
    def load(cls, clock: Clock) -> Self:
        """All links of the moment that a clock says, in one statement."""
        target = Func(
            Unnest(F("links"), output_field=TextField()),
            Value(":"),
            Value(2),
            function="split_part",
            output_field=TextField(),
        )
        linking = clock.editions().exclude(links=[]).order_by().values("id", target=target)
        named = clock.editions().order_by().values("id", "key")
        linking_sql, linking_params = linking.query.sql_with_params()
        named_sql, named_params = named.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT"
                " string_agg(int8send(linking.id) || int8send(coalesce(named.id, 0)), ''::bytea)"
                f" FROM ({linking_sql}) AS linking LEFT JOIN ({named_sql}) AS named"
                " ON named.key = linking.target",
                [*linking_params, *named_params],
            )
            (sent,) = cursor.fetchone()
        return cls(np.frombuffer(sent or b"", ">i8").astype(np.int64).reshape(-1, 2))

    def among(self, pks: Sequence[int]) -> tuple[set[int], set[int]]:
        """Those of `pks` that are linked, and the editions at the other ends of their links."""
        starts = np.searchsorted(self._here, pks)
        stops = np.searchsorted(self._here, pks, side="right")
        linked: set[int] = set()
        others: set[int] = set()
        for pk, start, stop in zip(pks, starts.tolist(), stops.tolist(), strict=True):
            if start < stop:
                linked.add(pk)
                others.update(self._there[start:stop].tolist())
        return linked, others
