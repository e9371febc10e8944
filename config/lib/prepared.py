"""Queries whose SQL is made once: Django may take longer to write one than PostgreSQL to answer.

    by_key = Prepared(lambda key: Edition.objects.current().filter(key=key).values_list("pk"))
    by_key("kz-cove-tungsten")  # → [(17,)]

`Together` is the same for several queries that are asked at once, about lists of values:

    names = Together(
        lambda: {
            "countries": Country.objects.filter(Among("iso2", "codes")).values_list("iso2", "name"),
            "blocs": Bloc.objects.filter(Among("key", "blocs")).values_list("key", "name"),
        }
    )
    names(codes=["CL", "KZ"], blocs=[])  # → {"countries": [("CL", "Chile"), …], "blocs": []}

What a query means is said where it always is, in a queryset.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BooleanField, Func, QuerySet

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

type Row = tuple[Any, ...]


class _Slot(str):
    """Stands for a value while the SQL is made: a text like no other, found by what it is."""

    __slots__ = ("place",)
    place: int


class Prepared:
    """A query of texts, in number and order as they are given; its rows are tuples.

    `make` is called once for each number of values and gives a queryset of plain columns
    (``values_list``) that holds each value as it is, alone or in a list.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Any]]) -> None:
        self._make: Final = make
        self._statements: dict[int, tuple[str, tuple[Any, ...]]] = {}

    def __call__(self, *values: str) -> list[tuple[Any, ...]]:
        statement = self._statements.get(len(values))
        if statement is None:
            statement = self._statements[len(values)] = self._prepared(len(values))
        sql, params = statement
        with connection.cursor() as cursor:
            cursor.execute(sql, [_filled(param, values) for param in params])
            return list(cursor.fetchall())

    def _prepared(self, count: int) -> tuple[str, tuple[Any, ...]]:
        slots = []
        for place in range(count):
            slot = _Slot(f"slot {place}")
            slot.place = place
            slots.append(slot)
        sql, params = self._make(*slots).query.sql_with_params()
        found = {slot.place for param in params for slot in _slots_in(param)}
        if found != set(range(count)):
            raise ValueError(f"{count} values are given to a query that takes {sorted(found)}.")
        return sql, tuple(params)


def _slots_in(param: Any) -> list[_Slot]:
    parts = param if isinstance(param, list | tuple) else [param]
    return [part for part in parts if isinstance(part, _Slot)]


def _filled(param: Any, values: tuple[str, ...]) -> Any:
    match param:
        case _Slot():
            return values[param.place]
        case list():
            return [_filled(part, values) for part in param]
    return param


@dataclass(frozen=True)
class _Given:
    """Stands for the list that is given under a name."""

    name: str


class Among(Func):
    """Whether ``column`` has one of the values of the list that is given as ``name``.

    For the filters of `Together`. An empty list finds nothing, at the price of a look.
    """

    output_field = BooleanField()
    arity = 1

    def __init__(self, column: Any, name: str) -> None:
        super().__init__(column)
        self.name = name

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, tuple[Any, ...]]:
        sql, params = compiler.compile(self.get_source_expressions()[0])
        return f"{sql} = ANY(%s)", (*params, _Given(self.name))


@dataclass(frozen=True)
class _Query:
    """One of the queries of `Together`, with what Django does to the values of its columns."""

    sql: str
    params: tuple[Any, ...]
    converters: dict[int, tuple[list[Callable[..., Any]], Any]]

    @classmethod
    def of(cls, queryset: QuerySet[Any, Any]) -> _Query:
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        columns = [column for column, *_ in compiler.select or []]
        return cls(sql, tuple(params), compiler.get_converters(columns))

    def converted(self, rows: Iterable[Row]) -> list[Row]:
        if not self.converters:
            return list(rows)
        found = []
        for row in rows:
            values = list(row)
            for place, (converters, column) in self.converters.items():
                for convert in converters:
                    values[place] = convert(values[place], column, connection)
            found.append(tuple(values))
        return found


class Together:
    """Several queries that are sent at once: one way to the database and back for all of them.

    `make` is called once and gives querysets of plain columns (``values_list``), each under a name;
    what changes from call to call are the lists that they name by `Among`.
    """

    def __init__(self, make: Callable[[], Mapping[str, QuerySet[Any, Any]]]) -> None:
        self._make: Final = make
        self._queries: dict[str, _Query] | None = None

    def __call__(self, **given: Collection[Any]) -> dict[str, list[Row]]:
        """The rows of each query, as its queryset gives them."""
        if self._queries is None:
            self._queries = {name: _Query.of(queryset) for name, queryset in self._make().items()}
        queries = self._queries
        params = [param for query in queries.values() for param in query.params]
        found = {}
        with connection.cursor() as cursor:
            cursor.execute(
                ";\n".join(query.sql for query in queries.values()),
                [list(given[p.name]) if isinstance(p, _Given) else p for p in params],
            )
            # The audit trail may have put a statement in front and gone through the results.
            cursor.set_result(-len(queries))
            for name, query in queries.items():
                found[name] = query.converted(cursor.fetchall())
                cursor.nextset()
        return found
