"""Queries whose SQL is made once: Django may take longer to write one than PostgreSQL to answer.

    by_key = Prepared(lambda key: Edition.objects.current().filter(key=key).values_list("pk"))
    by_key("kz-cove-tungsten")  # → [(17,)]

What the query means is said where it always is, in a queryset.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet


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
