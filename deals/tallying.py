"""All counts of a selection at once: of values, of what is unknown, of years, of bands.

They come from bitmaps in memory where there are any, and else from one statement: each choice
that some count must ignore (see `deals.questions`) is then no condition of the rows that are
read, but a column that says which rows it would leave out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import ExtractYear

from countries.models import Bloc
from deals.bitmap_index.counting import Unanswerable, count
from deals.bitmap_index.selection import held_for, remember_count
from deals.counted import Band, Tally, ValueCount
from deals.facet_list import FACETS
from deals.filters import DealFilterSet, state_code
from deals.models import Company, EditionState
from deals.money import RUNG_RANK
from deals.questions import ANNOUNCED, WORTH, Question, flag

__all__ = [
    "ANNOUNCED",
    "WORTH",
    "Band",
    "Tally",
    "ValueCount",
    "expression",
    "tally",
    "tally_by_sql",
]


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
    question = Question(filterset, names, unknown, bands, has_years=has_years)
    if (held := held_for(filterset)) is not None:
        # Where the columns cannot tell, the database does.
        with suppress(Unanswerable):
            return count(question, held)
    return tally_by_sql(question)


def tally_by_sql(question: Question) -> Tally:
    """The same, asked of the database in one statement."""
    names, unknown, bands = question.names, question.unknown, question.bands
    counter = _Counter(question)
    values: dict[str, dict[str, ValueCount]] = {name: {} for name in names}
    found = {name: dict[str, int]() for name in ("unknown", "year", "band", "all")}
    for what, value, count_, left_out in counter.rows():
        if what.startswith("facet:"):
            values[what.removeprefix("facet:")][value] = ValueCount(count_, left_out)
        else:
            found[what][value] = count_
    years = found["year"]
    remember_count(question.filterset, found["all"].get("found", 0))
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
        case "stale" | "has_value":
            return _flag(flag(filterset, name))
        case "status" | "stage":
            return state_code(filterset.clock, EditionState.Axis(name))
    return F(FACETS[name].column)


class _Counter:
    """The statement. Names in its text come from `FACETS` and numbers, all else is a parameter."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.filterset = question.filterset
        self.names, self.of_lines = question.names, question.of_lines
        self.unknown, self.bands = question.unknown, question.bands
        self.together, self.reasons = question.together, question.reasons
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
            return [("all", "total", self.filterset.editions.count(), 0)]
        statement = f"WITH {', '.join(tables)} {' UNION ALL '.join(self._counts())}"
        with connections[self.filterset.editions.db].cursor() as cursor:
            cursor.execute(statement, params)
            return list(cursor.fetchall())

    # -- What is read --

    def _tables(self) -> Iterator[tuple[str, QuerySet[Any, Any]]]:
        editions = self.filterset.editions.order_by()
        yield "everything", editions.values("pk")
        columns: dict[str, Any] = {
            f"facet_{name}": expression(self.filterset, name)
            for name in self.names
            if name not in self.of_lines
        }
        columns |= {f"fails_{self.places[reason]}": _fails(q) for reason, q in self.reasons.items()}
        columns |= {f"empty_{name}": _flag(self.question.is_empty(name)) for name in self.unknown}
        columns |= {
            f"band_{place}": _flag(self.question.is_within(band))
            for place, band in enumerate(self.bands)
        }
        if self.question.has_years:
            columns["announced_year"] = ExtractYear("announced_on__startswith")
        yield (
            "found",
            editions.filter(*self.question.always())
            .annotate(edition_pk=F("pk"), **columns)
            .values("edition_pk", *columns),
        )
        if self.of_lines:
            yield "lines", self._lines()

    def _lines(self) -> QuerySet[Any, Any]:
        columns: dict[str, Any] = {
            f"facet_{name}": F(FACETS[name].column) for name in self.of_lines
        }
        columns |= {
            f"line_fails_{n}": _fails(self.question.line_condition(n)) for n in self.together
        }
        lines: QuerySet[Any, Any] = (
            self.filterset.clock.lines()
            .filter(edition_id__in=RawSQL("SELECT edition_pk FROM found", ()))
            .order_by()
            .annotate(edition_pk=F("edition_id"), **columns)
            .values("edition_pk", *columns)
        )
        return lines

    # -- What is counted --

    def _counts(self) -> Iterator[str]:
        yield self._count("all", "found", self._where())
        yield "SELECT 'all', 'total', count(*), 0 FROM everything"
        for name in self.names:
            yield self._values(name)
        for name in self.unknown:
            where = self._passes(self.question.reasons_of_unknown(name))
            yield self._count("unknown", name, f"{where} AND empty_{name}")
        for place in range(len(self.bands)):
            yield self._count("band", str(place), f"{self._where(WORTH)} AND band_{place}")
        if self.question.has_years:
            yield (
                "SELECT 'year', coalesce(announced_year::text, ''), count(*), 0 FROM found "
                f"WHERE {self._where(ANNOUNCED)} GROUP BY 2"
            )

    @staticmethod
    def _count(what: str, value: str, where: str) -> str:
        return f"SELECT '{what}' AS what, '{value}' AS value, count(*), 0 FROM found WHERE {where}"

    def _where(self, own: Collection[str] = ()) -> str:
        """That no reason but those of `own` leaves a row out."""
        return self._passes(self.question.reasons_but(own))

    def _passes(self, reasons: Iterable[str]) -> str:
        conditions = [f"NOT found.fails_{self.places[reason]}" for reason in reasons]
        return " AND ".join(conditions) or "TRUE"

    def _values(self, name: str) -> str:
        facet = FACETS[name]
        excluding = f"{name}__not"
        own = self.question.own_reasons(name)
        table, where = "found", ""
        if facet.in_lines:
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


def _flag(condition: Q) -> Case:
    return Case(
        When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()
    )


def _fails(condition: Q) -> Case:
    return Case(
        When(condition, then=Value(False)), default=Value(True), output_field=BooleanField()
    )
