"""The filter set that fails closed, and Django REST framework's way to it."""

from __future__ import annotations

import copy
import operator
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms.utils import ErrorDict, pretty_name
from django.http import QueryDict
from django_filters import FilterSet
from rest_framework.filters import BaseFilterBackend

from config.lib.filterset.filters import ImpreciseDateFilter, OrderingFilter, StrictFilter
from config.lib.problems import (
    InvalidParameters,
    ParameterProblem,
    shortened,
    unknown_parameter,
)

if TYPE_CHECKING:
    from django_filters import Filter
    from rest_framework.request import Request

PAGE_PARAMETERS: Final = frozenset(
    {"page", "page_size", "cursor", "ordering"}  # which rows
    | {"view", "columns", "density", "fields", "omit", "format"}  # in what shape
    | {"facets", "by", "measure", "bars", "of"}  # counted how
)
_EMPTY: Final[tuple[object, ...]] = ({}, [], "", None)


class _Shared(dict[str, forms.Field]):
    """Fields that are only asked to clean, which changes nothing in them: forms may share them."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return dict(self)


class StrictForm(forms.Form):
    """Refuses a parameter that is given several values and can have only one.

    `only` names the fields that it has, of those that are declared. Such a form is there to check
    and not to be shown.
    """

    def __init__(self, *args: Any, only: Collection[str] | None = None, **options: Any) -> None:
        if only is not None:
            options.setdefault("label_suffix", "")  # else Django looks for one in each language
            # Before Django copies those of the class.
            vars(self)["base_fields"] = _Shared(
                (name, self.base_fields[name]) for name in self.base_fields if name in only
            )
        super().__init__(*args, **options)

    def clean(self) -> dict[str, Any]:
        data: Any = self.data
        for name, field in self.fields.items():
            if getattr(field, "expand", self) is self and hasattr(data, "getlist"):
                values = list(dict.fromkeys(value for value in data.getlist(name) if value))
                if len(values) > 1:
                    self.add_error(
                        name,
                        ValidationError(
                            f"“{name}” takes one value, not {len(values)}: leave out “%(value)s”.",
                            params={"value": shortened(values[1])},
                        ),
                    )
        return self.cleaned_data


class OwnFilters(Mapping[str, Any]):
    """The filters of a filter set by name: copies of its class's, made when they are asked for.

    Most addresses give few of many filters.
    """

    def __init__(self, filterset: StrictFilterSet, model: Any) -> None:
        self._declared: Mapping[str, Filter] = filterset.base_filters
        self._filterset = filterset
        self._model = model
        self._own: dict[str, Filter] = {}

    def __getitem__(self, name: str) -> Filter:
        own = self._own.get(name)
        if own is None:
            own = copy.deepcopy(self._declared[name])
            own.model, own.parent = self._model, self._filterset
            self._own[name] = own
        return own

    def __contains__(self, name: object) -> bool:
        return name in self._declared

    def __iter__(self) -> Iterator[str]:
        return iter(self._declared)

    def __len__(self) -> int:
        return len(self._declared)


class StrictFilterSet(FilterSet):  # type: ignore[misc]
    """Base of all filter sets.

    `qs` is empty while a value is invalid, and sorted where an `OrderingFilter` is declared. Pages
    show `form` with its errors; the API, feeds and exports call `raise_for_problems` first, which
    also refuses unknown parameters. A filter set that is given no data (None) filters nothing.
    """

    #: Parameters that are no filters but may stand in the same address.
    extra_parameters: ClassVar[Collection[str]] = PAGE_PARAMETERS
    #: The form that checks parameters; a subclass may check some against others.
    form_base: ClassVar[type[StrictForm]] = StrictForm

    @classmethod
    def get_filters(cls) -> dict[str, Filter]:
        declared: dict[str, Filter] = super().get_filters()
        filters: dict[str, Filter] = {}
        for name, one in declared.items():
            if not isinstance(one, StrictFilter):
                filters[name] = one
                continue
            if one._label is None:
                one.label = pretty_name(name)
            filters[name] = one
            filters.update(
                (companion, made)
                for companion, made in one.companions(name).items()
                if companion not in declared
            )
        return filters

    def __init__(
        self,
        data: QueryDict | None = None,
        queryset: QuerySet[Any] | None = None,
        *,
        request: Any = None,
        prefix: str | None = None,
    ) -> None:
        # What django-filter does, which copies all filters each time.
        self.queryset = self._meta.model._default_manager.all() if queryset is None else queryset
        self.is_bound = data is not None
        self.data = data or QueryDict()
        self.request = request
        self.form_prefix = prefix
        self.filters = OwnFilters(self, self.queryset.model)

    def get_form_class(self) -> type[StrictForm]:
        # Made once for each class of filter set: form instances copy their fields anyway.
        cached: type[StrictForm] | None = type(self).__dict__.get("_form_class")
        if cached is None:
            fields = {name: one.field for name, one in self.base_filters.items()}
            cached = type(f"{type(self).__name__}Form", (self.form_base,), fields)
            type(self)._form_class = cached
        return cached

    @cached_property
    def checked(self) -> StrictForm:
        """The form of the parameters that are given, and of no others: `form` is there to show.

        To make and check all fields takes longer than most queries.
        """
        made = self.get_form_class()
        if not self.is_bound:
            return made(only=())
        if self.form_prefix is not None:
            return made(self.data, prefix=self.form_prefix)
        return made(self.data, only=self.data.keys())

    @property
    def errors(self) -> ErrorDict:
        return self.checked.errors

    def is_valid(self) -> bool:
        return self.is_bound and self.checked.is_valid()

    @property
    def cleaned(self) -> dict[str, Any]:
        """The cleaned values that are given: ``{"mineral": {"tungsten": ("tungsten",)}}``."""
        if not self.is_valid():
            return {}
        values: dict[str, Any] = self.checked.cleaned_data
        return {name: value for name, value in values.items() if value not in _EMPTY}

    @property
    def qs(self) -> QuerySet[Any]:
        """What the parameters leave of the queryset; nothing while one of them is invalid."""
        if not hasattr(self, "_qs"):
            self._qs = self.sorted(self.filtered(self.queryset.all()))
        return self._qs

    def filtered(self, queryset: QuerySet[Any], without: Collection[str] = ()) -> QuerySet[Any]:
        """`queryset` under all filters but those named in `without` (as a facet counts)."""
        if self.is_bound and not self.is_valid():
            return queryset.none()
        queryset = queryset.filter(*self.conditions(without))
        for name, value in self.cleaned.items():
            if not isinstance(self.filters[name], StrictFilter) and name not in without:
                queryset = self.filters[name].filter(queryset, value)
        return queryset

    def conditions(self, without: Collection[str] = ()) -> list[Q]:
        """What the filters given ask for, but those named in `without`."""
        conditions: list[Q] = []
        together: dict[str, list[Q]] = {}
        for name, value in self.cleaned.items():
            one = self.filters[name]
            if name in without or not isinstance(one, StrictFilter):
                continue
            for clause in one.clauses(value):
                condition = clause.condition
                if one.group is not None:
                    if not clause.is_negated and not clause.is_alone:
                        together.setdefault(one.group, []).append(condition)
                        continue
                    condition = self.in_group(one.group, condition)
                conditions.append(~condition if clause.is_negated else condition)
        for group, parts in together.items():
            conditions.append(self.in_group(group, reduce(operator.and_, parts)))
        return conditions

    def in_group(self, group: str, condition: Q) -> Q:
        """That one row of the table that `group` stands for meets `condition`.

        Overridden where groups are used: ``Q(Exists(EditionLine.objects.filter(condition, …)))``.
        """
        raise NotImplementedError(f"{type(self).__name__} does not say what group {group} is.")

    def sorted(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """`queryset` in the order asked for, or the default one."""
        for name, declared in self.base_filters.items():
            if isinstance(declared, OrderingFilter):
                return queryset.order_by(*self.filters[name].terms(self.cleaned.get(name)))
        return queryset

    def problems(self) -> list[ParameterProblem]:
        """Every invalid value."""
        return [
            problem
            for name, errors in (self.errors.as_data() if self.is_bound else {}).items()
            for error in errors
            for problem in self._problems(name, error)
        ]

    def unknown_parameters(self, others: Collection[str] | None = None) -> list[ParameterProblem]:
        """Every parameter that is neither a filter nor one of `others`.

        Without `others`: nor one of `extra_parameters`.
        """
        known = {*self.filters, *(self.extra_parameters if others is None else others)}
        return [unknown_parameter(name, known) for name in self.data if name not in known][:20]

    def raise_for_problems(self, others: Collection[str] | None = None) -> None:
        """Raise `InvalidParameters` if there is any problem; `others` as above."""
        if problems := [*self.unknown_parameters(others), *self.problems()]:
            raise InvalidParameters(problems)

    def with_parameters(self, **values: str) -> StrictFilterSet:
        """The same filter set with some parameters set otherwise."""
        data = self.data.copy()
        for name, value in values.items():
            data[name] = value
        return type(self)(data, self.queryset, request=self.request)

    def count_undecided(self) -> int:
        """How many rows ``dates=possible`` would bring in."""
        dated = [n for n in self.cleaned if isinstance(self.filters[n], ImpreciseDateFilter)]
        if not dated or self.cleaned.get("dates") == "possible":
            return 0
        return int(self.with_parameters(dates="possible").qs.count() - self.qs.count())

    def _problems(self, name: str, error: ValidationError) -> Iterable[ParameterProblem]:
        params = getattr(error, "params", None) or {}
        value = params.get("value", self.data.get(name))
        yield ParameterProblem(
            parameter=name if name in self.filters else "query",
            value=None if value is None else str(value),
            nearest=params.get("nearest"),
            detail=" ".join(error.messages),
        )


def described(one: StrictFilter) -> str:
    """A filter in words: “Host: not. Country or bloc …”."""
    help_text = str(one.extra.get("help_text") or "")
    return f"{one.label}. {help_text}" if help_text else f"{one.label}."


class StrictFilterBackend(BaseFilterBackend):
    """Filters an API list with the view's `filterset_class`; 400 for anything it does not know."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        filterset = self.filterset(request, queryset, view)
        return queryset if filterset is None else filterset.qs

    def filterset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> StrictFilterSet | None:
        """The view's filter set under the request's parameters, all of them valid."""
        made = getattr(view, "filterset_class", None)
        if made is None:
            return None
        filterset: StrictFilterSet = made(request.query_params, queryset, request=request)
        filterset.raise_for_problems(getattr(view, "extra_parameters", None))
        return filterset

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The parameters as OpenAPI describes them."""
        made = getattr(view, "filterset_class", None)
        return [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": described(one),
                "schema": dict(one.schema),
                **({"style": "form", "explode": True} if one.is_many else {}),
            }
            for name, one in (made.base_filters if made else {}).items()
            if isinstance(one, StrictFilter)
        ]
