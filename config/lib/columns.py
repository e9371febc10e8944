"""Columns of a list, said once for every kind of file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from django.http import QueryDict

from config.lib.imprecise import ImpreciseDate
from config.lib.parameters import chosen_names

type Kind = Literal["text", "code", "number", "usd", "date", "day", "moment", "bool", "list"]
type Summary = Mapping[str, Any]

joined: Final = "; ".join
"""The texts of a list in one cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `name` is its heading in files and its name in ``?columns=``.

    `value` takes a record's summary (the dictionary that the API's list gives) and answers a
    text, a number, a boolean, a list of texts, or None where unknown; without it the summary's
    member `name` is the value. `codes` names the code list that its values, or those of its
    list, are from.
    """

    name: str
    label: str
    kind: Kind = "text"
    help: str = ""
    codes: str = ""
    value: Callable[[Summary], Any] | None = None

    def value_of(self, summary: Summary) -> Any:
        """The record's value in this column."""
        return summary.get(self.name) if self.value is None else self.value(summary)

    def cell(self, summary: Summary) -> str | int | float | Decimal | bool | None:
        """The value as one cell of a file: a list's texts joined, dates in canonical form."""
        value = self.value_of(summary)
        if isinstance(value, list | tuple | set | frozenset):
            return joined(map(str, value))
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
    """The columns that one kind of record can have, in the order in which they are offered.

    `groups` are names for several columns at once. One that is also a column's name would mean
    two things, so it may only hold that column.
    """

    def __init__(
        self, columns: Iterable[Column], groups: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self._by_name: dict[str, Column] = {}
        for column in columns:
            if column.name in self._by_name:
                raise ValueError(f"There are two columns named {column.name}.")
            self._by_name[column.name] = column
        self.groups = dict(groups or {})
        for group, names in self.groups.items():
            if unknown := set(names) - set(self._by_name):
                raise ValueError(f"Group {group} holds {unknown}, which are no columns.")
            if group in self._by_name and list(names) != [group]:
                raise ValueError(f"{group} is the name of a column and of a group of others.")

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

    def names_chosen(self, query: QueryDict, parameter: str = "columns") -> list[str]:
        """The names of columns and groups that the query gives, in its order.

        Raises `InvalidParameters` for a name that is neither, with the nearest that is.
        """
        known = dict.fromkeys([*self.groups, *self._by_name])
        return chosen_names(query, parameter, known, what="a column")

    def chosen(self, query: QueryDict, parameter: str = "columns") -> list[Column]:
        """The columns that the query names, alone or in groups, in its order; or all of them."""
        names = [
            name
            for given in self.names_chosen(query, parameter)
            for name in self.groups.get(given, (given,))
        ]
        return [self[name] for name in dict.fromkeys(names)] or list(self)
