"""Counts beside the filters: how many deals each value of a filter would leave.

    facets_of(filterset, ["host", "mineral"])
    # {"host": [FacetValue("KZ", "Kazakhstan", 59, is_chosen=False), …], "mineral": […]}

The count of a value is that of the list if the value were the facet's only choice and all other
parameters stayed; a facet therefore ignores its own choice. Facets are named like their filters.
All counts of all facets are one query, and the names of their values another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from config.lib.codes import CodeList
from countries.models import Bloc, Country
from deals.codes import Confidence, Instrument, Kind, Rung, Stage, Status, SupplyChainStage
from deals.filters import LINES, DealFilterSet, state_code
from deals.models import Company, EditionState, Event
from deals.money import RUNG_RANK
from minerals.models import Mineral

type Shape = Literal["array", "code", "flag", "rung"]
type Names = Literal["place", "mineral", "company", "event"]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a filter: how a reader knows it and how many deals it would leave."""

    value: str
    label: str
    count: int
    is_chosen: bool = False

    def as_dict(self) -> dict[str, str | int]:
        """As the API gives it."""
        return {"value": self.value, "label": self.label, "count": self.count}


@dataclass(frozen=True, slots=True)
class Facet:
    """Where the values of a filter stand and what they are called.

    `names` is a table of names or a code list; a code list that `is_ordered` is shown in its own
    order, all else by count. `in_lines`: of the financing lines, not of the edition itself.
    """

    column: str
    shape: Shape
    names: Names | type[CodeList] | None = None
    is_ordered: bool = False
    in_lines: bool = False


FACETS: Final[dict[str, Facet]] = {
    "country": Facet("countries", "array", "place"),
    "host": Facet("hosts", "array", "place"),
    "partner": Facet("partners", "array", "place"),
    "party_country": Facet("party_countries", "array", "place"),
    "bloc": Facet("countries", "array", "place"),
    "mineral": Facet("minerals", "array", "mineral"),
    "company": Facet("companies", "array", "company"),
    "event": Facet("event", "code", "event"),
    "kind": Facet("kinds", "array", Kind),
    "status": Facet("status", "code", Status, is_ordered=True),
    "stage": Facet("stage", "code", Stage, is_ordered=True),
    "supply_chain_stage": Facet("supply_chain_stages", "array", SupplyChainStage, is_ordered=True),
    "confidence": Facet("confidence", "code", Confidence, is_ordered=True),
    "provider": Facet("providers", "array", "company", in_lines=True),
    "provider_country": Facet("provider_countries", "array", "place", in_lines=True),
    "instrument": Facet("instrument", "code", Instrument, in_lines=True),
    "rung": Facet("rung_rank", "rung", Rung, is_ordered=True, in_lines=True),
    "has_value": Facet("stated_value", "flag"),
    "counts_toward_total": Facet("counts_toward_total", "flag"),
    "disputed": Facet("is_disputed", "flag"),
    "stale": Facet("", "flag"),
}
_YES_NO: Final = {"true": "Yes", "false": "No"}


def facets_of(
    filterset: DealFilterSet, names: Iterable[str] = tuple(FACETS)
) -> dict[str, list[FacetValue]]:
    """The values of the facets called `names`, each with its count.

    Values that no deal has are left out, but for those that are chosen.
    """
    names = list(names)
    if filterset.is_bound and not filterset.is_valid():
        return {name: [] for name in names}
    counts: dict[str, dict[str, int]] = {name: _chosen(filterset, name) for name in names}
    for name, value, count in _counted(filterset, names):
        counts[name][value] = count
    labels = labels_of(counts)
    return {name: _in_order(filterset, name, counts[name], labels) for name in names}


def _chosen(filterset: DealFilterSet, name: str) -> dict[str, int]:
    """The values chosen in a facet, as yet without deals."""
    match filterset.cleaned.get(name):
        case None:
            return {}
        case bool() as flag:
            return {"true" if flag else "false": 0}
        case codes:
            # The first code of a value is what it stands for: a merged company's successor.
            return {stands_for[0]: 0 for stands_for in codes.values()}


def _in_order(
    filterset: DealFilterSet, name: str, counts: dict[str, int], labels: dict[tuple[str, str], str]
) -> list[FacetValue]:
    facet, chosen = FACETS[name], _chosen(filterset, name)
    values = [
        FacetValue(value, labels[name, value], count, is_chosen=value in chosen)
        for value, count in counts.items()
    ]
    if facet.is_ordered and isinstance(facet.names, type):
        codes = facet.names.values
        return sorted(values, key=lambda one: codes.index(one.value))
    if facet.shape == "flag":
        return sorted(values, key=lambda one: one.value, reverse=True)
    return sorted(values, key=lambda one: (-one.count, one.label.casefold(), one.value))


# -- Counting ---------------------------------------------------------------------------------


def _counted(filterset: DealFilterSet, names: Sequence[str]) -> list[tuple[str, str, int]]:
    """Facet, value and count: every facet's in one statement."""
    of_editions = [name for name in names if not FACETS[name].in_lines]
    of_lines = [name for name in names if FACETS[name].in_lines]
    tables: list[str] = []
    parts: list[str] = []
    params: list[Any] = []
    for table, rows, wanted in (
        ("found", _editions_with_reasons, of_editions),
        ("lines", _lines_with_reasons, of_lines),
    ):
        if wanted:
            chosen = [name for name in wanted if name in filterset.cleaned]
            try:
                sql, sql_params = rows(filterset, wanted, chosen).query.sql_with_params()
            except EmptyResultSet:  # Django sees without asking that nothing can be found.
                continue
            tables.append(f"{table} AS MATERIALIZED ({sql})")
            params += sql_params
            parts += [_count_sql(name, table, chosen) for name in wanted]
    if not parts:
        return []
    statement = f"WITH {', '.join(tables)} {' UNION ALL '.join(parts)}"
    with connections[filterset.editions.db].cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def _editions_with_reasons(
    filterset: DealFilterSet, names: Sequence[str], chosen: Sequence[str]
) -> QuerySet[Any, Any]:
    """Editions that all other parameters leave, with what the facets count and which fail them."""
    columns = {f"facet_{name}": expression(filterset, name) for name in names}
    reasons = {f"fails_{name}": _fails(_condition(filterset, name)) for name in chosen}
    editions: QuerySet[Any, Any] = (
        filterset.editions.filter(*filterset.conditions(without=chosen))
        .order_by()
        .annotate(edition_pk=F("pk"), **columns, **reasons)
        .values("edition_pk", *columns, *reasons)
    )
    return editions


def _lines_with_reasons(
    filterset: DealFilterSet, names: Sequence[str], chosen: Sequence[str]
) -> QuerySet[Any, Any]:
    """Financing lines of the editions that all other filters leave, likewise."""
    together = [
        name for name, one in filterset.filters.items() if getattr(one, "group", None) == LINES
    ]
    on_one_line = [name for name in together if name in filterset.cleaned and name in FACETS]
    editions = filterset.editions.filter(*filterset.conditions(without=on_one_line))
    columns = {f"facet_{name}": F(FACETS[name].column) for name in names}
    reasons = {f"fails_{name}": _fails(_line_condition(filterset, name)) for name in chosen}
    others = [_line_condition(filterset, name) for name in on_one_line if name not in chosen]
    lines: QuerySet[Any, Any] = (
        filterset.clock.lines()
        .filter(*others, edition__in=editions.order_by().values("pk"))
        .order_by()
        .annotate(edition_pk=F("edition_id"), **columns, **reasons)
        .values("edition_pk", *columns, *reasons)
    )
    return lines


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


def _condition(filterset: DealFilterSet, name: str) -> Q:
    """What the choice in one facet asks of an edition."""
    return Q(*filterset.conditions(without={*filterset.filters} - {name}))


def _line_condition(filterset: DealFilterSet, name: str) -> Q:
    """What the choice in one facet asks of a financing line."""
    clauses = filterset.filters[name].clauses(filterset.cleaned[name])
    return Q(*(clause.condition for clause in clauses))


def _flag(condition: Q) -> Case:
    return Case(
        When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()
    )


def _fails(condition: Q) -> Case:
    return Case(
        When(condition, then=Value(False)), default=Value(True), output_field=BooleanField()
    )


def _count_sql(name: str, table: str, chosen: Collection[str]) -> str:
    """The counts of one facet. Names come from `FACETS` alone, so nothing here is a parameter."""
    facet = FACETS[name]
    rows = f"FROM {table}" + "".join(
        f" {'AND' if place else 'WHERE'} NOT fails_{other}"
        for place, other in enumerate(one for one in chosen if one != name)
    )
    column = f"facet_{name}"
    match facet.shape:
        case "rung":
            # A rung counts the firmer ones too, as its filter does.
            ranks = ", ".join(f"('{rung}', {rank})" for rung, rank in RUNG_RANK.items())
            values = (
                f"SELECT rung.code AS value, edition_pk FROM (SELECT edition_pk, {column} {rows})"
                f" AS line JOIN (VALUES {ranks}) AS rung (code, rank) ON line.{column} >= rung.rank"
            )
        case "flag":
            flag = f"CASE WHEN {column} THEN 'true' ELSE 'false' END"
            values = f"SELECT {flag} AS value, edition_pk {rows}"
        case "code":
            values = f"SELECT {column}::text AS value, edition_pk {rows}"
        case "array":
            values = f"SELECT unnest({column}) AS value, edition_pk {rows}"
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
        f"SELECT '{name}' AS facet, {value} AS value, count(DISTINCT counted.edition_pk)"
        f" FROM ({values}) AS counted{merged} WHERE {wanted} GROUP BY 2"
    )


# -- Names ------------------------------------------------------------------------------------


def labels_of(values: Mapping[str, Collection[str]]) -> dict[tuple[str, str], str]:
    """The names of facets' values, by facet and value; a value without one stands for itself."""
    in_tables = _names_in_tables(values)
    labels: dict[tuple[str, str], str] = {}
    for name, found in values.items():
        facet = FACETS[name]
        for value in found:
            if facet.shape == "flag":
                label = _YES_NO[value]
            elif isinstance(facet.names, type):
                label = str(dict(facet.names.choices)[value])
            else:
                label = in_tables.get((facet.names or "", value), value)
            labels[name, value] = label
    return labels


def _names_in_tables(values: Mapping[str, Collection[str]]) -> dict[tuple[str, str], str]:
    """Names of all values that have one in a table, by table and value, in one query."""
    wanted: dict[str, set[str]] = {}
    for name, found in values.items():
        table = FACETS[name].names
        if isinstance(table, str) and found:
            wanted.setdefault(table, set()).update(found)
    queries: list[QuerySet[Any, Any]] = [
        model._default_manager.order_by()
        .filter(**{f"{key}__in": wanted[table]})
        .values_list(Value(table), key, label)
        for table, model, key, label in (
            ("place", Country, "iso2", "name"),
            ("place", Bloc, "key", "short_name"),
            ("mineral", Mineral, "slug", "name"),
            ("company", Company, "slug", "name"),
            ("event", Event, "key", "name"),
        )
        if table in wanted
    ]
    if not queries:
        return {}
    rows = queries[0].union(*queries[1:], all=True).order_by() if queries[1:] else queries[0]
    return {(table, key): label for table, key, label in rows}
