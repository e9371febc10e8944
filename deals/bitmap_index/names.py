"""What is known of codes beside the editions: which companies became one, what is a bloc, names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import orjson
from numpy.typing import NDArray

from countries.models import Bloc
from deals.bitmap_index.loading import Connection
from deals.models import Company

type Named = tuple[Sequence[bytes], NDArray[np.int64]]


@dataclass(frozen=True)
class Names:
    """Read anew when a company or a bloc changes."""

    merged: Mapping[str, str]
    """Companies that were merged: their successors' slugs."""
    blocs: frozenset[str]
    _companies: dict[str, tuple[int, Named]] = field(default_factory=dict)

    @classmethod
    def read(cls, connection: Connection) -> Self:
        merged = Company.objects.exclude(merged_into=None).order_by()
        sql, params = merged.values_list("slug", "merged_into__slug").query.sql_with_params()
        blocs, _ = Bloc.objects.order_by().values_list("key").query.sql_with_params()
        return cls(
            dict(connection.execute(sql, params).fetchall()),
            frozenset(key for (key,) in connection.execute(blocs).fetchall()),
        )

    def companies_of(self, column: str, slugs: Sequence[str], size: int) -> Named:
        """Beginnings of JSON with the names of the first ``size`` slugs of a column, and the places
        of the names in the alphabet.
        """
        known = self._companies.get(column)
        if known is None or known[0] < size:
            slugs = slugs[:size]
            names = dict(Company._default_manager.order_by().values_list("slug", "name"))
            labels = [names.get(slug, slug) for slug in slugs]
            keys = [(label.casefold(), slug) for label, slug in zip(labels, slugs, strict=True)]
            alphabet = np.empty(size, np.int64)
            alphabet[sorted(range(size), key=keys.__getitem__)] = np.arange(size)
            beginnings = [
                orjson.dumps({"value": slug, "label": label})[:-1] + b',"count":'
                for slug, label in zip(slugs, labels, strict=True)
            ]
            known = self._companies[column] = size, (beginnings, alphabet)
        return known[1]
