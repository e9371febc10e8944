"""Filters as conditions on one table: none joins, so none can double a row.

A filter turns its parameter's value into clauses; the filter set puts them together. Filters of
the same `group` speak about one row of another table: the filter set says which (`in_group`), and
what they ask for together must hold on one such row.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, Self

from django import forms
from django.db.models import F, Q
from django.db.models.expressions import OrderBy
from django.utils.choices import flatten_choices
from django_filters import Filter

from config.lib.filterset.fields import (
    MAX_LENGTH,
    ChoicesGiven,
    DayField,
    Expand,
    ManyValuesField,
    NumberField,
    OneCodeField,
    TrueFalseField,
)
from config.lib.imprecise import (
    ImpreciseDate,
    ImpreciseDateFormField,
    earliest_first,
    latest_first,
    window,
)

type Where = Callable[[Any, Any], Q]


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition that a filter asks for.

    Within a group, clauses that are neither negated nor alone must hold on the same row.
    """

    condition: Q
    is_negated: bool = False
    is_alone: bool = False


class StrictFilter(Filter):  # type: ignore[misc]
    """A filter on `column`, a field or lookup (``value_usd__gte``) of the filter set's model.

    `where`, called with the filter set and the value, gives the condition instead. A filter with
    neither asks for nothing itself: something else reads its value from ``cleaned``.
    Further options are those of the form field: `help_text`, `widget`, `initial`.
    """

    #: How the parameter is described in the API's schema.
    schema: Mapping[str, Any] = {"type": "string"}
    is_many = False

    def __init__(
        self,
        column: str | None = None,
        *,
        label: str | None = None,
        group: str | None = None,
        where: Where | None = None,
        **options: Any,
    ) -> None:
        super().__init__(field_name=column, label=label, **options)
        self.column = column
        self.group = group
        self.where = where

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        # Every filter set copies its filters; nothing below the first level ever changes. What
        # `copy` does for objects of all kinds takes ten times as long.
        own = type(self).__new__(type(self))
        own.__dict__.update(self.__dict__)
        return own

    def clauses(self, value: Any) -> Iterable[Clause]:
        """What `value`, cleaned and not empty, asks for."""
        if self.where is not None:
            yield Clause(self.where(self.parent, value))
        elif self.column is not None:
            yield Clause(Q(**{self.column: value}))

    def companions(self, name: str) -> dict[str, StrictFilter]:
        """The filters that come with this one under names made from `name`."""
        return {}

    def filter(self, queryset: Any, value: Any) -> Any:
        """What django-filter calls: the clauses one by one, without groups."""
        for clause in self.clauses(value):
            queryset = queryset.filter(~clause.condition if clause.is_negated else clause.condition)
        return queryset


class TextFilter(StrictFilter):
    """Free text of at most 200 characters. It needs a `where`."""

    field_class = forms.CharField

    def __init__(self, column: str | None = None, **options: Any) -> None:
        super().__init__(column, **{"max_length": MAX_LENGTH, **options})


class TrueFalseFilter(StrictFilter):
    field_class = TrueFalseField
    schema = {"type": "boolean"}


class NumberFilter(StrictFilter):
    field_class = NumberField
    schema = {"type": "number"}


class DayFilter(StrictFilter):
    field_class = DayField
    schema = {"type": "string", "format": "date"}


class CodeFilter(StrictFilter):
    """One code; `what` completes “x” is not … (“a view”)."""

    field_class = OneCodeField

    def __init__(
        self, column: str | None = None, *, what: str, choices: ChoicesGiven, **options: Any
    ) -> None:
        super().__init__(column, what=what, choices=_later(choices), **options)
        if not callable(choices):
            self.schema = {"type": "string", "enum": _codes(choices)}


class EmptyFilter(StrictFilter):
    """Whether the value is unknown: `true` keeps rows without one, `false` those with one."""

    field_class = TrueFalseField
    schema = {"type": "boolean"}

    def __init__(
        self, column: str | None = None, *, is_empty: Q | None = None, **options: Any
    ) -> None:
        super().__init__(column, **options)
        self.is_empty = Q(**{f"{column}__isnull": True}) if is_empty is None else is_empty

    def clauses(self, value: Any) -> Iterable[Clause]:
        # In a group, empty means that no row has a value, not that one has none.
        if self.group is not None:
            yield Clause(~self.is_empty, is_negated=value, is_alone=True)
        else:
            yield Clause(self.is_empty, is_negated=not value)


class ImpreciseDateFilter(StrictFilter):
    """Dates from the first (`side` after) or to the last (before) possible day given, inclusive.

    Only dates that lie certainly inside, unless the parameter ``dates`` says ``possible``.
    """

    field_class = ImpreciseDateFormField

    def __init__(self, column: str, *, side: Literal["after", "before"], **options: Any) -> None:
        super().__init__(column, **options)
        self.side = side

    def clauses(self, value: ImpreciseDate) -> Iterable[Clause]:
        days = window(after=value) if self.side == "after" else window(before=value)
        is_possible = self.parent.cleaned.get("dates") == "possible"
        yield Clause(Q(**{f"{self.column}__{'overlap' if is_possible else 'contained_by'}": days}))


class ManyValuesFilter(StrictFilter):
    """Any of the values given. Subclasses say what that means for their kind of column.

    With it come ``<name>__not`` (none of them; unknown is kept), ``<name>__empty`` and, where
    `all_of` is set, ``<name>__all`` (each of them). `what`, `choices` and `expand` are those of
    `ManyValuesField`.
    """

    field_class = ManyValuesField
    schema = {"type": "array", "items": {"type": "string"}}
    is_many = True

    def __init__(
        self,
        column: str,
        *,
        what: str,
        choices: ChoicesGiven | None = None,
        expand: Expand | None = None,
        all_of: bool = False,
        **options: Any,
    ) -> None:
        given = None if choices is None else _later(choices)
        super().__init__(column, what=what, choices=given, expand=expand, **options)
        self.mode: Literal["any", "not", "all"] = "any"
        self.all_of = all_of
        if choices is not None and not callable(choices) and expand is None:
            items = {"type": "string", "enum": _codes(choices)}
            self.schema = {"type": "array", "items": items}

    def any_of(self, codes: Sequence[str]) -> Q:
        """The condition that one of the codes stands in the column."""
        raise NotImplementedError

    def is_empty(self) -> Q:
        """The condition that the column holds no code."""
        raise NotImplementedError

    def clauses(self, value: Mapping[str, Sequence[str]]) -> Iterable[Clause]:
        if self.mode == "all":
            for codes in value.values():
                yield Clause(self.any_of(codes), is_alone=True)
        else:
            codes = list(dict.fromkeys(code for codes in value.values() for code in codes))
            yield Clause(self.any_of(codes), is_negated=self.mode == "not")

    def companions(self, name: str) -> dict[str, StrictFilter]:
        made: dict[str, StrictFilter] = {f"{name}__not": self._in_mode("not", "not")}
        if self.all_of:
            made[f"{name}__all"] = self._in_mode("all", "all of")
        made[f"{name}__empty"] = EmptyFilter(
            is_empty=self.is_empty(), group=self.group, label=f"{self.label}: unknown"
        )
        return made

    def _in_mode(self, mode: Literal["not", "all"], words: str) -> ManyValuesFilter:
        companion = copy.copy(self)
        companion.mode = mode
        companion.label = f"{self.label}: {words}"
        return companion


class CodesFilter(ManyValuesFilter):
    """A column that holds one code; NULL or an empty text is unknown."""

    def any_of(self, codes: Sequence[str]) -> Q:
        return Q(**{f"{self.column}__in": list(codes)})

    def is_empty(self) -> Q:
        return Q(**{f"{self.column}__isnull": True}) | Q(**{f"{self.column}": ""})


class ArrayFilter(ManyValuesFilter):
    """A column that holds an array of codes: ``column && ARRAY[…]``, which a GIN index answers."""

    def any_of(self, codes: Sequence[str]) -> Q:
        return Q(**{f"{self.column}__overlap": list(codes)})

    def is_empty(self) -> Q:
        return Q(**{f"{self.column}": []})

    def clauses(self, value: Mapping[str, Sequence[str]]) -> Iterable[Clause]:
        if self.mode == "all" and all(len(codes) == 1 for codes in value.values()):
            wanted = [code for codes in value.values() for code in codes]
            return [Clause(Q(**{f"{self.column}__contains": wanted}), is_alone=True)]
        return super().clauses(value)


@dataclass(frozen=True, slots=True)
class Order:
    """One way to sort, both ways round. Unknown values should come last in both."""

    label: str
    ascending: tuple[OrderBy, ...]
    descending: tuple[OrderBy, ...]

    @classmethod
    def by(cls, label: str, *columns: str) -> Order:
        """By columns or expressions' names, unknown last."""
        return cls(
            label,
            tuple(F(column).asc(nulls_last=True) for column in columns),
            tuple(F(column).desc(nulls_last=True) for column in columns),
        )

    @classmethod
    def by_date(cls, label: str, column: str) -> Order:
        """By an imprecise date (see `config.lib.imprecise`)."""
        return cls(label, earliest_first(column), latest_first(column))


class OrderingFilter(StrictFilter):
    """The parameter that sorts: a name of `orders`, or that with a hyphen before it to descend.

    `last` is a unique column that decides between equals, so that pages never overlap.
    """

    field_class = OneCodeField

    def __init__(
        self, orders: Mapping[str, Order], *, default: str, last: str, **options: Any
    ) -> None:
        self.orders = dict(orders)
        self.default = default
        self.last = last
        choices = [
            pair
            for name, order in self.orders.items()
            for pair in (
                (name, f"{order.label}, ascending"),
                (f"-{name}", f"{order.label}, descending"),
            )
        ]
        super().__init__(
            what="an ordering", choices=lambda: choices, **{"label": "Sort by", **options}
        )
        self.schema = {"type": "string", "enum": [code for code, _ in choices], "default": default}

    def terms(self, value: str | None) -> tuple[OrderBy | str, ...]:
        """What `value`, or without one the default, sorts by."""
        name = value or self.default
        order = self.orders[name.removeprefix("-")]
        return (*(order.descending if name.startswith("-") else order.ascending), self.last)


def _later(choices: ChoicesGiven) -> Callable[[], Iterable[tuple[Any, Any]]]:
    # A function is copied for nothing with each form; a list of a thousand choices is not.
    return choices if callable(choices) else partial(list, tuple(choices))


def _codes(choices: Iterable[tuple[Any, Any]]) -> list[str]:
    return [str(code) for code, _ in flatten_choices(choices)]
