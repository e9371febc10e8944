"""How many deals that readers see now name a mineral, place, company or event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from django.db import DEFAULT_DB_ALIAS, connections

from deals.bitmap_index import bits
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


type Keys = Mapping[str, Sequence[tuple[str, ...]]]
"""By kind some records, each with all keys under which editions know it."""
type DealCounts = Mapping[str, Sequence[int]]


def deals_naming(records: Keys) -> DealCounts:
    """For some records of each kind the number of deals that name them, in the same order."""
    records = {kind: some for kind, some in records.items() if some}
    if not records:
        return {}
    held = held_now(DEFAULT_DB_ALIAS)
    return by_sql(records) if held is None else by_columns(records, held)


def by_columns(records: Keys, held: Held) -> DealCounts:
    """The same, of what is held in memory."""
    everything = Chosen(held.snapshot.alive, held.snapshot)
    found = {}
    for kind, some in records.items():
        column = COLUMNS[kind]
        codes = held.snapshot.codes[column]
        counts = held.counts.of(column, codes.count, everything)
        places = [codes.places.get(keys[0], len(counts)) for keys in some]
        # The last one is for what no edition names, or none did when these were counted.
        found[kind] = np.append(counts, 0)[np.minimum(places, len(counts))].tolist()
        for place, keys in enumerate(some):
            if len(keys) > 1:  # a deal may have more than one of them
                named = bits.packed(codes.having(keys)) & held.snapshot.alive
                found[kind][place] = bits.count_of(named)
    return found


def by_sql(records: Keys) -> DealCounts:
    """The same, asked of the database."""
    counts = _of_keys({kind: [keys[0] for keys in some] for kind, some in records.items()})
    return {
        kind: [
            counts.get((kind, keys[0]), 0) if len(keys) == 1 else _of_any(kind, keys)
            for keys in some
        ]
        for kind, some in records.items()
    }


def _of_any(kind: str, keys: tuple[str, ...]) -> int:
    return Edition.objects.current().filter(**{f"{COLUMNS[kind]}__overlap": keys}).count()


def _of_keys(keys: Mapping[str, Sequence[str]]) -> Mapping[tuple[str, str], int]:
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
        return {(kind, code): count for kind, code, count in cursor.fetchall()}
