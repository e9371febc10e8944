"""The machine's own limit: the same answer fetched by psycopg, by the best statement known.

For most answers there are several candidates; which is best depends on the parameters, so each
is tried and the fastest one counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from time import perf_counter
from typing import Any, Final

import psycopg
from django.db.models import Model
from django.http import QueryDict

from deals.facet_list import FACETS
from deals.filters import DealFilterSet
from tests.benchmarks.choice import CURRENT

NEWEST: Final = "lower(announced_on) DESC NULLS LAST, upper(announced_on), key"
TRIALS: Final = 3
TRIAL_SECONDS: Final = 0.1

type Statement = tuple[str, Sequence[Any]]
type Candidate = tuple[Statement, ...]
"""Statements that together fetch the answer."""


def page(query: str, size: int, column: str = "summary_text") -> list[Candidate]:
    """A page of stored texts under the filters of `query`, and the exact count.

    Either as Lodebook's own filters say it, in an order that an index may have, or by finding
    all first and sorting them.
    """
    filterset = DealFilterSet(QueryDict(query))
    text = f"document__{column}"
    rows = _sql(filterset.qs.values(text)[:size])
    found = filterset.filtered(filterset.editions).order_by()
    count_sql, params = _sql(found.values("id"))
    count = f"SELECT count(*) FROM ({count_sql}) AS found", params
    sorted_sql, params = _sql(found.values("id", "announced_on", "key"))
    all_first = (
        f"WITH found AS MATERIALIZED ({sorted_sql}), page AS"
        f" (SELECT id, row_number() OVER (ORDER BY {NEWEST}) AS place FROM found"
        f" ORDER BY {NEWEST} LIMIT {size})"
        f" SELECT (SELECT count(*) FROM found), {column} FROM page"
        " JOIN deals_editiondocument ON edition_id = id ORDER BY place"
    )
    candidates: list[Candidate] = [(rows, count)]
    if "ordering" not in filterset.cleaned:
        candidates.append(((all_first, params),))
    return candidates


def facets(query: str) -> list[Candidate]:
    """How many deals have each value of each facet, and how many there are, in one statement."""
    filterset = DealFilterSet(QueryDict(query))
    own = {facet.column for facet in FACETS.values() if facet.column and not facet.in_lines}
    found, params = _sql(filterset.filtered(filterset.editions).order_by().values("id", *own))
    counts = ["SELECT 'all', '', count(*) FROM found"]
    for name, facet in FACETS.items():
        if not facet.column:
            continue
        table, counted = "found", "count(*)"
        if facet.in_lines:
            table = "found JOIN deals_editionline ON edition_id = found.id AND is_present"
            counted = "count(DISTINCT found.id)"
        value = f"{facet.column}::text"
        if facet.shape == "array":
            table, value = f"{table}, unnest({facet.column}) AS value", "value"
        counts.append(f"SELECT '{name}', {value}, {counted} FROM {table} GROUP BY 2")
    statement = f"WITH found AS MATERIALIZED ({found}) {' UNION ALL '.join(counts)}"
    return [((statement, params),)]


def listed(query: str, size: int) -> list[Candidate]:
    """A page with the counts beside it."""
    ((counts,),) = facets(query)
    return [(*candidate, counts) for candidate in page(query, size)]


def whole(query: str, column: str = "detail_text") -> list[Candidate]:
    """Every stored text under the filters of `query`."""
    return [(_sql(DealFilterSet(QueryDict(query)).qs.values(f"document__{column}")),)]


def detail(key: str) -> list[Candidate]:
    """One stored document."""
    statement = (
        "SELECT detail_text, number, period FROM deals_edition"
        f" JOIN deals_editiondocument ON edition_id = id WHERE key = %s AND {CURRENT}"
    )
    return [((statement, [key]),)]


def copy_of_all(model: type[Model], column: str) -> str:
    """COPY of a text that is stored beside each deal, in the order of a file."""
    table = model._meta.db_table
    return (
        f"COPY (SELECT {column} FROM deals_edition JOIN {table} ON edition_id = id"
        f" WHERE {CURRENT} ORDER BY {NEWEST}) TO STDOUT"
    )


def run(connection: psycopg.Connection, candidate: Candidate) -> float:
    """Fetch the answer by prepared statements; how many seconds it took."""
    started = perf_counter()
    for statement, params in candidate:
        connection.execute(statement.encode(), params, prepare=True).fetchall()
    return perf_counter() - started


def best_of(connection: psycopg.Connection, candidates: Sequence[Candidate]) -> Candidate:
    """The candidate that took least time when each was tried in turn."""
    if len(candidates) == 1:
        return candidates[0]
    least = []
    for candidate in candidates:
        times = [run(connection, candidate)]
        while len(times) < TRIALS and sum(times) < TRIAL_SECONDS:
            times.append(run(connection, candidate))
        least.append(min(times))
    return candidates[least.index(min(least))]


def _sql(queryset: Any) -> Statement:
    """A queryset as a statement with plain parameters."""
    statement, params = queryset.query.sql_with_params()
    return statement, [one.value if isinstance(one, Enum) else one for one in params]
