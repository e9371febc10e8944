"""Reading what the columns hold: everything at once, or some editions that changed.

A million editions are read by letting PostgreSQL number the sets of codes that rows have, and
send numbers of a fixed width, thousands in one value: Python looks at no single row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import psycopg
from django.db.models import QuerySet
from numpy.typing import NDArray

from deals.bitmap_index.bits import Rows
from deals.bitmap_index.growing import Codes, different
from deals.models import Edition, EditionLine

NO_DAY: Final = -(2**31)
NO_MONEY: Final = -(2**63)
TOO_MUCH: Final = 2**63 - 1
"""Stands for an amount that has no room in 64 bits as cents: then the database adds up."""
COUNTS, DISPUTED, CAN_GO_STALE, HAS_VALUE = 1, 2, 4, 8
"""Bits of the column ``flags``."""

ARRAYS: Final = (
    *("countries", "hosts", "partners", "party_countries", "minerals", "kinds"),
    "supply_chain_stages",
)
SCALARS: Final = ("status", "stage", "confidence", "event", "value_basis")
MANY: Final = "companies"
"""The one array of which nearly every row has another: it is held row by row."""
LINE_ARRAYS: Final = ("provider_countries",)
LINE_MANY: Final = "providers"
LINE_SCALARS: Final = ("instrument",)


def _days(expression: str) -> str:
    return f"coalesce({expression} - date '2000-01-01', {NO_DAY})"


def _cents(column: str) -> str:
    return (
        f"CASE WHEN {column} IS NULL THEN {NO_MONEY}"
        f" WHEN abs({column}) > 9e16 THEN {TOO_MUCH} ELSE ({column} * 100)::int8 END"
    )


NUMBERS: Final[Mapping[str, tuple[str, str]]] = {
    "start": (_days("lower(announced_on)"), "int4"),
    "end": (_days("upper(announced_on)"), "int4"),
    "last_news": (_days("last_news_on"), "int4"),
    "flags": (
        f"counts_toward_total::int4 * {COUNTS} + is_disputed::int4 * {DISPUTED}"
        f" + can_go_stale::int4 * {CAN_GO_STALE} + (stated_value <> '')::int4 * {HAS_VALUE}",
        "int4",
    ),
    "value": (_cents("value_usd"), "int8"),
    "value_low": (_cents("value_usd_low"), "int8"),
    "value_high": (_cents("value_usd_high"), "int8"),
    "published": ("(extract(epoch FROM published_at) * 1000000)::int8", "int8"),
}
"""Numbers of an edition: as SQL, and their type."""

LINE_NUMBERS: Final[Mapping[str, tuple[str, str]]] = {
    "rank": ("CASE WHEN rung = '' THEN 0 ELSE rung_rank END", "int4"),
    "is_counted": ("is_counted::int4", "int4"),
    "amount": (_cents("amount_usd"), "int8"),
}
_READ: Final = (
    *("id", "announced_on", "last_news_on", "counts_toward_total", "is_disputed", "can_go_stale"),
    *("stated_value", "value_usd", "value_usd_low", "value_usd_high", "published_at"),
    *ARRAYS,
    *SCALARS,
)
_READ_OF_LINES: Final = (
    *("id", "edition_id", "rung", "rung_rank", "is_counted", "amount_usd"),
    *LINE_ARRAYS,
    *LINE_SCALARS,
)
# Rows of so many neighbouring ids are sent as one.
_CHUNK_BITS: Final = 16

type Connection = psycopg.Connection[Any]
type Numbers = dict[str, NDArray[Any]]


@dataclass
class LoadedLines:
    """Financing lines, sorted by the row of their edition."""

    editions: NDArray[np.int32]
    numbers: Numbers
    codes: dict[str, Codes]


@dataclass
class Loaded:
    """Current editions as they were read."""

    ids: NDArray[np.int64]
    numbers: Numbers
    codes: dict[str, Codes]
    lines: LoadedLines
    ranks: Numbers
    """Places in the alphabet, by column; only of everything."""


# -- Everything -------------------------------------------------------------------------------


def load_everything(connection: Connection) -> Loaded:
    """All current editions, in the order of the list, in one snapshot of the database.

    The connection must be at the start of a transaction that is REPEATABLE READ.
    """
    _set(connection, statement_timeout="0", work_mem="256MB", join_collapse_limit="1")
    # Sets of codes have no statistics: a join that looks cheap for few rows never ends.
    _set(connection, enable_nestloop="off", enable_mergejoin="off")
    editions = Edition.objects.current().order_by()
    ranks = _ranks(connection, editions)
    read = _in_bulk(connection, editions, _READ, NUMBERS, (*ARRAYS, *SCALARS))
    of_id, of_rank = np.argsort(read["id"]), np.argsort(ranks["id"])
    ranks = {name: column[of_rank] for name, column in ranks.items()}
    read = {name: column[of_id] for name, column in read.items()}
    order = newest_first(read["start"], read["end"], ranks["key"])
    read = {name: column[order] for name, column in read.items()}
    ids = read["id"]
    by_id = np.argsort(ids)
    table = Edition._meta.db_table
    codes = {
        name: _with_values(connection, table, name, ids, read[f"set_{name}"])
        for name in (*ARRAYS, *SCALARS)
    }
    codes[MANY] = _row_by_row(connection, editions, MANY, ids, by_id)
    lines = EditionLine.objects.present().filter(edition__in=editions.values("pk")).order_by()
    return Loaded(
        ids,
        {name: read[name] for name in NUMBERS},
        codes,
        _lines(connection, lines, ids, by_id),
        {name: column[order] for name, column in ranks.items() if name != "id"},
    )


def _set(connection: Connection, **settings: str) -> None:
    """Set what holds until the end of the transaction."""
    for name, value in settings.items():
        connection.execute(f"SET LOCAL {name} = '{value}'")


def newest_first(start: NDArray[np.int32], end: NDArray[np.int32], key: NDArray[np.int32]) -> Rows:
    """Rows in the order of the list: by day, the more precise first, unknown days last."""
    # An unknown day is the least of all numbers, and so the last where days descend.
    return np.lexsort((key, unknown_last(end), -start.astype(np.int64)))


def unknown_last(days: NDArray[np.int32]) -> NDArray[np.int32]:
    """Days with the unknown ones behind all others."""
    return np.where(days == NO_DAY, np.int32(2**31 - 1), days)


def places_of(ids: NDArray[np.int64], by_id: Rows, wanted: NDArray[np.int64]) -> Rows:
    """The row of each id; -1 where there is none."""
    if not len(ids):
        return np.full(len(wanted), -1, np.int64)
    found = np.minimum(np.searchsorted(ids, wanted, sorter=by_id), len(ids) - 1)
    rows: Rows = by_id[found]
    return np.where(ids[rows] == wanted, rows, -1)


def _in_bulk(
    connection: Connection,
    queryset: QuerySet[Any],
    read: Sequence[str],
    numbers: Mapping[str, tuple[str, str]],
    sets: Sequence[str],
) -> Numbers:
    """Ids, numbers, and for each column of ``sets`` the number of the row's set of codes."""
    sql, params = queryset.values(*read).query.sql_with_params()
    tables = [f"one AS MATERIALIZED ({sql})"]
    tables += [
        f"set_{name} AS MATERIALIZED (SELECT value, (row_number() OVER () - 1)::int4 AS place"
        f" FROM (SELECT DISTINCT {name} AS value FROM one) AS different)"
        for name in sets
    ]
    columns = {"id": ("one.id", "int8")}
    if "edition_id" in read:
        columns["edition_id"] = ("edition_id", "int8")
    columns |= numbers
    columns |= {f"set_{name}": (f"set_{name}.place", "int4") for name in sets}
    joins = "".join(f" JOIN set_{name} ON set_{name}.value = one.{name}" for name in sets)
    statement = (
        f"WITH {', '.join(tables)} SELECT {_sent(columns.values())} FROM one{joins}"
        f" GROUP BY one.id >> {_CHUNK_BITS}"
    )
    return _received(connection, statement, params, columns)


def _sent(columns: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"string_agg({kind}send({sql}), ''::bytea)" for sql, kind in columns)


def _received(
    connection: Connection,
    statement: str,
    params: Sequence[Any],
    columns: Mapping[str, tuple[str, str]],
) -> Numbers:
    types = [np.dtype(">i4" if kind == "int4" else ">i8") for _, kind in columns.values()]
    parts: list[list[NDArray[Any]]] = [[] for _ in columns]
    # Nearly all rows are read: by an index they would come in an order of their own.
    _set(connection, enable_indexscan="off", enable_bitmapscan="off")
    with connection.cursor(binary=True) as cursor:
        for chunk in cursor.stream(statement, params):
            for part, kind, value in zip(parts, types, chunk, strict=True):
                part.append(np.frombuffer(value, kind).astype(kind.newbyteorder("=")))
    _set(connection, enable_indexscan="on", enable_bitmapscan="on")
    return {
        name: np.concatenate(part) if part else np.zeros(0, kind.newbyteorder("="))
        for name, part, kind in zip(columns, parts, types, strict=True)
    }


def _ranks(connection: Connection, editions: QuerySet[Any]) -> Numbers:
    sql, params = editions.values("id", "key", "sort_title").query.sql_with_params()
    columns = {
        "id": ("id", "int8"),
        "key": ("key_place", "int4"),
        "title": ("title_place", "int4"),
    }
    statement = (
        f"SELECT {_sent(columns.values())} FROM (SELECT id,"
        " (row_number() OVER (ORDER BY key))::int4 AS key_place,"
        " (dense_rank() OVER (ORDER BY sort_title))::int4 AS title_place"
        f" FROM ({sql}) AS one) AS placed GROUP BY id >> {_CHUNK_BITS}"
    )
    return _received(connection, statement, params, columns)


def _with_values(
    connection: Connection,
    table: str,
    name: str,
    ids: NDArray[np.int64],
    of_row: NDArray[np.int32],
) -> Codes:
    """The sets of a column with their values, each read from one row that has it."""
    count = int(of_row.max()) + 1 if len(of_row) else 0
    examples = np.zeros(count, np.int64)
    examples[of_row] = ids
    rows = connection.execute(
        f"SELECT id, {name} FROM {table} WHERE id = ANY(%s)",
        [examples.tolist()],
        binary=True,
    ).fetchall()
    held = dict(rows)
    return coded([_listed(held[pk]) for pk in examples.tolist()], of_row)


def _listed(value: str | list[str]) -> list[str]:
    """The values of a row; none where a code is unknown."""
    if isinstance(value, str):
        return [value] if value else []
    return list(dict.fromkeys(value))


def coded(sets: Sequence[Sequence[str]], of_row: NDArray[np.int32] | None) -> Codes:
    """`Codes` of the values of each set."""
    places: dict[str, int] = {}
    codes = [places.setdefault(value, len(places)) for values in sets for value in values]
    lengths = [len(values) for values in sets]
    return Codes(
        of_row,
        np.concatenate(([0], np.cumsum(lengths))).astype(np.int32),
        np.array(codes, np.int32),
        list(places),
        places,
        len(places),
    )


def _row_by_row(
    connection: Connection,
    queryset: QuerySet[Any],
    name: str,
    ids: NDArray[np.int64],
    by_id: Rows,
) -> Codes:
    """A column of which nearly every row has other values."""
    sql, params = queryset.values("id", name).query.sql_with_params()
    names = f"SELECT DISTINCT unnest({name}) AS value FROM one"
    columns = {"id": ("one.id", "int8"), "code": ("named.code", "int4")}
    statement = (
        f"WITH one AS MATERIALIZED ({sql}), named AS MATERIALIZED ("
        f"SELECT value, (row_number() OVER (ORDER BY value) - 1)::int4 AS code"
        f" FROM ({names}) AS different)"
        f" SELECT {_sent(columns.values())} FROM one, unnest(one.{name}) AS held (value)"
        f" JOIN named ON named.value = held.value GROUP BY one.id >> {_CHUNK_BITS}"
    )
    read = _received(connection, statement, params, columns)
    # In the same snapshot the same values have the same order.
    found = connection.execute(
        f"WITH one AS ({sql}) SELECT value FROM ({names}) AS different ORDER BY value", params
    )
    values = [value for (value,) in found.fetchall()]
    rows = places_of(ids, by_id, read["id"])
    return row_by_row(rows, read["code"], len(ids), values)


def row_by_row(rows: NDArray[Any], codes: NDArray[Any], count: int, values: Sequence[str]) -> Codes:
    """`Codes` of pairs of a row and a code, of which several may be the same."""
    width = max(1, len(values))
    rows, codes = np.divmod(different(rows.astype(np.int64) * width + codes), width)
    lengths = np.bincount(rows, minlength=count)
    return Codes(
        None,
        np.concatenate(([0], np.cumsum(lengths))).astype(np.int32),
        codes.astype(np.int32),
        values,
        {value: place for place, value in enumerate(values)},
        len(values),
    )


def _lines(
    connection: Connection, lines: QuerySet[Any], ids: NDArray[np.int64], by_id: Rows
) -> LoadedLines:
    sets = (*LINE_ARRAYS, *LINE_SCALARS)
    read = _in_bulk(connection, lines, _READ_OF_LINES, LINE_NUMBERS, sets)
    editions = places_of(ids, by_id, read.pop("edition_id"))
    order = np.argsort(editions, kind="stable")
    read = {name: column[order] for name, column in read.items()}
    table, of_lines = EditionLine._meta.db_table, read["id"]
    codes = {
        name: _with_values(connection, table, name, of_lines, read[f"set_{name}"]) for name in sets
    }
    codes[LINE_MANY] = _row_by_row(connection, lines, LINE_MANY, of_lines, np.argsort(of_lines))
    return LoadedLines(
        editions[order].astype(np.int32), {name: read[name] for name in LINE_NUMBERS}, codes
    )


# -- Some editions ----------------------------------------------------------------------------


def load_some(connection: Connection, pks: Sequence[int]) -> Loaded:
    """Those of the editions ``pks`` that are current, in the order of their ids."""
    editions = Edition.objects.current().filter(pk__in=pks).order_by()
    rows = _rows(connection, editions, ("id", MANY, *_READ), NUMBERS, (*ARRAYS, *SCALARS, MANY))
    ids = np.array(rows["id"], np.int64)
    lines = EditionLine.objects.present().filter(edition__in=pks).order_by()
    sets = (LINE_MANY, *LINE_ARRAYS, *LINE_SCALARS)
    of_lines = _rows(connection, lines, (LINE_MANY, *_READ_OF_LINES), LINE_NUMBERS, sets)
    places = places_of(ids, np.arange(len(ids)), np.array(of_lines["edition_id"], np.int64))
    # Lines are read a moment later: those of an edition that came meanwhile are not known yet.
    kept = [place for place in np.argsort(places, kind="stable") if places[place] >= 0]
    return Loaded(
        ids,
        _numbers(rows, NUMBERS, range(len(ids))),
        {name: coded(rows[name], None) for name in (*ARRAYS, *SCALARS, MANY)},
        LoadedLines(
            places[kept].astype(np.int32),
            _numbers(of_lines, LINE_NUMBERS, kept),
            {name: coded([of_lines[name][place] for place in kept], None) for name in sets},
        ),
        {},
    )


def _rows(
    connection: Connection,
    queryset: QuerySet[Any],
    read: Sequence[str],
    numbers: Mapping[str, tuple[str, str]],
    sets: Sequence[str],
) -> dict[str, list[Any]]:
    sql, params = queryset.values(*dict.fromkeys(read)).query.sql_with_params()
    columns = {"id": "id"} | ({"edition_id": "edition_id"} if "edition_id" in read else {})
    columns |= {name: expression for name, (expression, _) in numbers.items()}
    columns |= {f"{name}": name for name in sets}
    statement = f"SELECT {', '.join(columns.values())} FROM ({sql}) AS one ORDER BY id"
    rows = connection.execute(statement, params).fetchall()
    found = {name: [row[place] for row in rows] for place, name in enumerate(columns)}
    return found | {name: [_listed(value) for value in found[name]] for name in sets}


def _numbers(
    rows: Mapping[str, list[Any]], kinds: Mapping[str, tuple[str, str]], kept: Sequence[int]
) -> Numbers:
    return {
        name: np.array(
            [rows[name][place] for place in kept], np.int32 if kind == "int4" else np.int64
        )
        for name, (_, kind) in kinds.items()
    }
