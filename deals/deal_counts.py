"""How many deals that readers see now name a mineral, place, company or event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from django.db import DEFAULT_DB_ALIAS, connections

from deals.bitmap_index.counts import Chosen
from deals.bitmap_index.keeping import Held, held_now
from deals.models import Edition

COLUMNS: Final = {
    "mineral": "minerals",
    "country": "countries",
    "bloc": "countries",
    "company": "companies",
    "event": "event",
}
"""Where the current editions name records of each kind."""


def deals_naming(keys: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[int]]:
    """For some keys of each kind the number of deals, in the same order."""
    keys = {kind: some for kind, some in keys.items() if some}
    if not keys:
        return {}
    held = held_now(DEFAULT_DB_ALIAS)
    return _by_sql(keys) if held is None else _by_columns(keys, held)


def _by_columns(keys: Mapping[str, Sequence[str]], held: Held) -> Mapping[str, Sequence[int]]:
    everything = Chosen(held.snapshot.alive, held.snapshot)
    found = {}
    for kind, some in keys.items():
        column = COLUMNS[kind]
        codes = held.snapshot.codes[column]
        counts = held.counts.of(column, codes.count, everything)
        places = [codes.places.get(key, len(counts)) for key in some]
        # The last one is for what no edition names, or none did when these were counted.
        found[kind] = np.append(counts, 0)[np.minimum(places, len(counts))].tolist()
    return found


def _by_sql(keys: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[int]]:
    parts: list[str] = []
    params: list[Any] = []
    for kind, some in keys.items():
        column = COLUMNS[kind]
        named = {"event": "event"}.get(column, f"unnest({column})")
        within = "in" if column == "event" else "overlap"
        editions = Edition.objects.current().filter(**{f"{column}__{within}": list(some)})
        sql, given = editions.order_by().values(column).query.sql_with_params()
        parts.append(
            f"SELECT '{kind}', code, count(*) FROM (SELECT {named} AS code FROM ({sql}) AS one)"
            " AS named WHERE code = ANY(%s) GROUP BY code"
        )
        params += (*given, list(some))
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        counts = {(kind, code): count for kind, code, count in cursor.fetchall()}
    return {kind: [counts.get((kind, key), 0) for key in some] for kind, some in keys.items()}
