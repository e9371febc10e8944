"""All counts of a selection in one statement: of values, of what is unknown, of years, of bands.

A count is that of the list if a value were the only choice in its facet and all other parameters
stayed. Each choice that some count must ignore is therefore no condition of the rows that are
read, but a column that says which rows it would leave out.
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import ExtractYear

from countries.models import Bloc
from deals.bitmap_index.selection import remember_count
from deals.facet_list import FACETS
from deals.filters import LINES, DealFilterSet, state_code
from deals.models import Company, EditionState
from deals.money import RUNG_RANK

ANNOUNCED: Final = ("announced_after", "announced_before")
WORTH: Final = ("min_usd", "max_usd", "has_value")
_LINES: Final = "(lines)"
"""The reason of all choices about financing lines together."""

type Band = Mapping[str, Decimal | bool]
"""What a value band asks for, by parameter."""


@dataclass(frozen=True, slots=True)
class ValueCount:
    """Deals with a value; `left_out`: those, if the facet excluded nothing."""

    count: int = 0
    left_out: int = 0


@dataclass(frozen=True)
class Tally:
    """What was counted. A value without deals is not among the counts."""

    values: Mapping[str, dict[str, ValueCount]]
    unknown: Mapping[str, int] = field(default_factory=dict)
    """Deals whose value is not known, by facet."""
    years: Mapping[int, int] = field(default_factory=dict)
    """Deals by year of announcement."""
    undated: int = 0
    bands: Sequence[int] = ()
    found: int = 0
    """Deals that all parameters leave."""
    total: int = 0
    """Deals that there are at all, at the same time."""


def tally(
    filterset: DealFilterSet,
    names: Collection[str] = (),
    *,
    unknown: Collection[str] = (),
    bands: Sequence[Band] = (),
    has_years: bool = False,
) -> Tally:
    """Count the values of facets, and what else is asked for."""
    if filterset.is_bound and not filterset.is_valid():
        return Tally(
            {name: {} for name in names}, dict.fromkeys(unknown, 0), bands=[0] * len(bands)
        )
    counter = _Counter(filterset, names, unknown, bands, has_years=has_years)
    values: dict[str, dict[str, ValueCount]] = {name: {} for name in names}
    found = {name: dict[str, int]() for name in ("unknown", "year", "band", "all")}
    for what, value, count, left_out in counter.rows():
        if what.startswith("facet:"):
            values[what.removeprefix("facet:")][value] = ValueCount(count, left_out)
        else:
            found[what][value] = count
    years = found["year"]
    remember_count(filterset, found["all"].get("found", 0))
    return Tally(
        values,
        unknown={name: found["unknown"].get(name, 0) for name in unknown},
        undated=years.pop("", 0),
        years={int(year): count for year, count in sorted(years.items())},
        bands=[found["band"].get(str(place), 0) for place in range(len(bands))],
        found=found["all"].get("found", 0),
        total=found["all"].get("total", 0),
    )


def expression(filterset: DealFilterSet, name: str) -> Combinable:
    """What a facet counts, of an edition, on the day of the filter set's clock."""
    match name:
        case "stale":
            return _flag(filterset.clock.stale())
        case "has_value":
            return _flag(~Q(stated_value=""))
        case "status" | "stage":
            return state_code(filterset.clock, EditionState.Axis(name))
    return F(FACETS[name].column)


class _Counter:
    """The statement. Names in its text come from `FACETS` and numbers, all else is a parameter."""

    def __init__(
        self,
        filterset: DealFilterSet,
        names: Collection[str],
        unknown: Collection[str],
        bands: Sequence[Band],
        *,
        has_years: bool,
    ) -> None:
        self.filterset = filterset
        self.names = list(names)
        self.unknown = list(unknown)
        self.bands = bands
        self.has_years = has_years
        self.of_lines = [name for name in self.names if FACETS[name].in_lines]
        self.together = [
            name
            for name, one in filterset.filters.items()
            if name in filterset.cleaned and name in FACETS and getattr(one, "group", None) == LINES
        ]
        self.reasons = self._reasons()
        self.places = {reason: place for place, reason in enumerate(self.reasons)}

    def rows(self) -> list[tuple[str, str, int, int]]:
        """What is counted, its value, deals, and deals if the facet excluded nothing."""
        tables: list[str] = []
        params: list[Any] = []
        try:
            for table, query in self._tables():
                sql, sql_params = query.query.sql_with_params()
                tables.append(f"{table} AS MATERIALIZED ({sql})")
                params += sql_params
        except EmptyResultSet:  # Django sees without asking that nothing can be found.
            return []
        statement = f"WITH {', '.join(tables)} {' UNION ALL '.join(self._counts())}"
        with connections[self.filterset.editions.db].cursor() as cursor:
            cursor.execute(statement, params)
            return list(cursor.fetchall())

    # -- What is read --

    def _reasons(self) -> dict[str, Q]:
        """Conditions that some count ignores, by parameter."""
        own = [
            companion
            for name in dict.fromkeys([*self.names, *self.unknown])
            for companion in (name, f"{name}__not", f"{name}__empty")
            if not (companion == name and FACETS[name].in_lines)
        ]
        if self.has_years:
            own += ANNOUNCED
        if self.bands:
            own += WORTH
        reasons = {
            name: self._condition(name)
            for name in dict.fromkeys(own)
            if name in self.filterset.cleaned
        }
        if self._are_lines_apart:
            reasons[_LINES] = self._on_one_line(self.together)
            for name in self.together:
                if name in self.unknown and (others := [n for n in self.together if n != name]):
                    reasons[_without(name)] = self._on_one_line(others)
        return reasons

    @property
    def _are_lines_apart(self) -> bool:
        wanted = [*self.of_lines, *(name for name in self.unknown if FACETS[name].in_lines)]
        return bool(wanted and self.together)

    def _condition(self, name: str) -> Q:
        """What one parameter asks of an edition."""
        return Q(*self.filterset.conditions(without={*self.filterset.filters} - {name}))

    def _line_condition(self, name: str) -> Q:
        """What one parameter asks of a financing line."""
        clauses = self.filterset.filters[name].clauses(self.filterset.cleaned[name])
        return Q(*(clause.condition for clause in clauses))

    def _on_one_line(self, names: Iterable[str]) -> Q:
        conditions = (self._line_condition(name) for name in names)
        return self.filterset.in_group(LINES, reduce(operator.and_, conditions))

    def _tables(self) -> Iterator[tuple[str, QuerySet[Any, Any]]]:
        editions = self.filterset.editions.order_by()
        yield "everything", editions.values("pk")
        columns: dict[str, Any] = {
            f"facet_{name}": expression(self.filterset, name)
            for name in self.names
            if name not in self.of_lines
        }
        columns |= {f"fails_{self.places[reason]}": _fails(q) for reason, q in self.reasons.items()}
        columns |= {f"empty_{name}": _flag(self._is_empty(name)) for name in self.unknown}
        columns |= {
            f"band_{place}": _flag(self._is_within(band)) for place, band in enumerate(self.bands)
        }
        if self.has_years:
            columns["announced_year"] = ExtractYear("announced_on__startswith")
        aside = [*self.reasons, *(self.together if self._are_lines_apart else ())]
        yield (
            "found",
            editions.filter(*self.filterset.conditions(without=aside))
            .annotate(edition_pk=F("pk"), **columns)
            .values("edition_pk", *columns),
        )
        if self.of_lines:
            yield "lines", self._lines()

    def _lines(self) -> QuerySet[Any, Any]:
        columns: dict[str, Any] = {
            f"facet_{name}": F(FACETS[name].column) for name in self.of_lines
        }
        columns |= {f"line_fails_{n}": _fails(self._line_condition(n)) for n in self.together}
        lines: QuerySet[Any, Any] = (
            self.filterset.clock.lines()
            .filter(edition_id__in=RawSQL("SELECT edition_pk FROM found", ()))
            .order_by()
            .annotate(edition_pk=F("edition_id"), **columns)
            .values("edition_pk", *columns)
        )
        return lines

    def _is_empty(self, name: str) -> Q:
        one = self.filterset.filters[f"{name}__empty"]
        conditions = []
        for clause in one.clauses(True):
            condition = clause.condition
            if one.group is not None:
                condition = self.filterset.in_group(one.group, condition)
            conditions.append(~condition if clause.is_negated else condition)
        return Q(*conditions)

    def _is_within(self, band: Band) -> Q:
        return Q(
            *(
                clause.condition
                for name, value in band.items()
                for clause in self.filterset.filters[name].clauses(value)
            )
        )

    # -- What is counted --

    def _counts(self) -> Iterator[str]:
        yield self._count("all", "found", self._where())
        yield "SELECT 'all', 'total', count(*), 0 FROM everything"
        for name in self.names:
            yield self._values(name)
        for name in self.unknown:
            own = {name, f"{name}__empty"}
            if name in self.together:
                own.add(_LINES)
            where = self._where(own, with_reason=_without(name))
            yield self._count("unknown", name, f"{where} AND empty_{name}")
        for place in range(len(self.bands)):
            yield self._count("band", str(place), f"{self._where(WORTH)} AND band_{place}")
        if self.has_years:
            yield (
                "SELECT 'year', coalesce(announced_year::text, ''), count(*), 0 FROM found "
                f"WHERE {self._where(ANNOUNCED)} GROUP BY 2"
            )

    @staticmethod
    def _count(what: str, value: str, where: str) -> str:
        return f"SELECT '{what}' AS what, '{value}' AS value, count(*), 0 FROM found WHERE {where}"

    def _where(self, own: Collection[str] = (), *, with_reason: str = "") -> str:
        """That no reason but those of `own` leaves a row out."""
        conditions = [
            f"NOT found.fails_{place}"
            for reason, place in self.places.items()
            if reason not in own and (not reason.startswith("(without ") or reason == with_reason)
        ]
        return " AND ".join(conditions) or "TRUE"

    def _values(self, name: str) -> str:
        facet = FACETS[name]
        excluding = f"{name}__not"
        own = {name, f"{name}__empty", excluding}
        table, where = "found", ""
        if facet.in_lines:
            own.add(_LINES)
            table = "found JOIN lines USING (edition_pk)"
            where = "".join(f" AND NOT line_fails_{n}" for n in self.together if n != name)
        is_out = f"fails_{self.places[excluding]}" if excluding in self.places else "FALSE"
        rows = f"edition_pk, {is_out} AS is_out FROM {table} WHERE {self._where(own)}{where}"
        column = f"facet_{name}"
        match facet.shape:
            case "rung":
                # A rung counts the firmer ones too, as its filter does.
                ranks = ", ".join(f"('{rung}', {rank})" for rung, rank in RUNG_RANK.items())
                values = (
                    f"SELECT rung.code AS value, edition_pk, is_out FROM (SELECT {column}, {rows})"
                    f" AS line JOIN (VALUES {ranks}) AS rung (code, rank)"
                    f" ON line.{column} >= rung.rank"
                )
            case "flag":
                values = f"SELECT CASE WHEN {column} THEN 'true' ELSE 'false' END AS value, {rows}"
            case "code":
                values = f"SELECT {column}::text AS value, {rows}"
            case "array":
                values = f"SELECT unnest({column}) AS value, {rows}"
        wanted = "counted.value <> ''"
        if name == "bloc":
            wanted = f"counted.value IN (SELECT key FROM {Bloc._meta.db_table})"
        value, merged = "counted.value", ""
        if facet.names == "company":
            company = Company._meta.db_table
            value = "coalesce(successor.slug, counted.value)"
            merged = (
                f" LEFT JOIN {company} AS company ON company.slug = counted.value"
                f" LEFT JOIN {company} AS successor ON successor.id = company.merged_into_id"
            )
        return (
            f"SELECT 'facet:{name}', {value} AS value,"
            " count(DISTINCT counted.edition_pk) FILTER (WHERE NOT counted.is_out),"
            " count(DISTINCT counted.edition_pk)"
            f" FROM ({values}) AS counted{merged} WHERE {wanted} GROUP BY 2"
        )


def _without(name: str) -> str:
    """The reason of all choices about lines but that of `name`."""
    return f"(without {name})"


def _flag(condition: Q) -> Case:
    return Case(
        When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()
    )


def _fails(condition: Q) -> Case:
    return Case(
        When(condition, then=Value(False)), default=Value(True), output_field=BooleanField()
    )
