"""Columns of a list, said once for every kind of file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.http import QueryDict

from config.lib.imprecise import ImpreciseDate
from config.lib.parameters import chosen_names

type Kind = Literal["text", "code", "number", "usd", "date", "bool", "list"]
type Summary = Mapping[str, Any]

_LIST_SEPARATOR = "; "


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `name` is its heading in files and its name in ``?columns=``.

    `value` takes a record's summary (the dictionary that the API's list gives) and answers a
    text, a number, a boolean, a list of texts, or None where unknown; without it the summary's
    member `name` is the value.
    """

    name: str
    label: str
    kind: Kind = "text"
    help: str = ""
    value: Callable[[Summary], Any] | None = None

    def value_of(self, summary: Summary) -> Any:
        """The record's value in this column."""
        return summary.get(self.name) if self.value is None else self.value(summary)

    def cell(self, summary: Summary) -> str | int | float | Decimal | bool | None:
        """The value as one cell of a file: a list's texts joined, dates in canonical form."""
        value = self.value_of(summary)
        if isinstance(value, list | tuple | set | frozenset):
            return _LIST_SEPARATOR.join(str(item) for item in value)
        if isinstance(value, ImpreciseDate):
            return str(value)
        if value is None or isinstance(value, str | int | float | Decimal):
            return value
        raise TypeError(f"Column {self.name} gives a {type(value).__name__}: no cell holds that.")

    @property
    def is_numeric(self) -> bool:
        """Whether its values are numbers, which are set to the right."""
        return self.kind in {"number", "usd"}


class ColumnSet:
    """The columns that one kind of record can have, in the order in which they are offered."""

    def __init__(self, columns: Iterable[Column]) -> None:
        self._by_name: dict[str, Column] = {}
        for column in columns:
            if column.name in self._by_name:
                raise ValueError(f"There are two columns named {column.name}.")
            self._by_name[column.name] = column

    def __iter__(self) -> Iterator[Column]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)

    def __getitem__(self, name: str) -> Column:
        return self._by_name[name]

    @property
    def names(self) -> list[str]:
        """All names."""
        return list(self._by_name)

    def chosen(self, query: QueryDict, parameter: str = "columns") -> list[Column]:
        """The columns that the query names, in its order, or all of them.

        Raises `InvalidParameters` for a name that is no column.
        """
        names = chosen_names(query, parameter, self.names, what="a column")
        return [self[name] for name in names] or list(self)
