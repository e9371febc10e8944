"""Deals counted and summed over up to two dimensions, under the same filters as the list.

Dimensions are named like the filters that narrow them, with the year of announcement and the
basis of the value besides. A dimension of financing lines (provider, instrument, rung …) divides
the lines of the selected deals. A deal with several hosts, or a line with several providers,
counts whole in each, so cells may only be added up where `is_additive` says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import F
from django.db.models.functions import ExtractYear
from django.http import QueryDict

from config.lib.parameters import chosen_names, names_given
from config.lib.problems import InvalidParameters, ParameterProblem, unknown_value
from countries.models import Bloc
from deals.codes import ValueBasis
from deals.facets import FACETS, expression, labels_of
from deals.filters import DealFilterSet
from deals.money import RUNGS

MOST_DIMENSIONS: Final = 2
DIMENSIONS: Final = (
    "year",
    "value_basis",
    *(name for name, facet in FACETS.items() if facet.shape != "flag"),
)
MEASURES: Final = ("deals", "value_usd", *(f"{rung}_usd" for rung in RUNGS))
LINE_USD: Final = "line_usd"
"""US dollars of lines on whatever rung: a measure of `cells_of` where rung is a dimension."""
_PLACES: Final = frozenset({"country", "host", "partner", "party_country", "provider_country"})


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its place in each dimension (None where unknown) and what is measured there."""

    groups: tuple[str | None, ...]
    value: Decimal | int | None
    deals: int
    without_amount: int | None


def read_and_count(filterset: DealFilterSet, query: QueryDict) -> dict[str, Any]:
    """The answer of the API to `query`. Raises `InvalidParameters` for ``by`` and ``measure``."""
    by, measure = _read(query)
    cells = cells_of(filterset, by, measure)
    whole = cells_of(filterset, (), measure)
    labels = _labels(by, cells)
    return {
        "by": by,
        "measure": measure,
        "unit": "deals" if measure == "deals" else "usd",
        "count": filterset.qs.count(),
        "total": whole[0].value if whole else None,
        "is_additive": is_additive(by, measure),
        "results": [
            {
                "groups": dict(zip(by, cell.groups, strict=True)),
                "labels": {
                    name: "unknown" if value is None else labels[name, value]
                    for name, value in zip(by, cell.groups, strict=True)
                },
                "value": cell.value,
                "deals": cell.deals,
                "without_amount": cell.without_amount,
            }
            for cell in _in_order(by, cells, labels)
        ],
    }


def is_additive(by: Sequence[str], measure: str) -> bool:
    """Whether no deal (or, of money, no line) stands in two cells."""
    divided = [FACETS[name] for name in by if name in FACETS]
    if any(facet.shape == "array" for facet in divided):
        return False
    return measure != "deals" or not any(facet.in_lines for facet in divided)


def cells_of(filterset: DealFilterSet, by: Sequence[str], measure: str) -> list[Cell]:
    """The cells that hold anything, in no order, in one query.

    Rungs are never added together, so `LINE_USD` is refused unless ``by`` tells them apart.
    """
    if measure == LINE_USD and "rung" not in by:
        raise ValueError("Rungs are never added together: count line_usd by rung.")
    of_lines = [name for name in by if name in FACETS and FACETS[name].in_lines]
    has_lines = bool(of_lines) or measure in {f"{rung}_usd" for rung in RUNGS}
    columns = {f"group_{name}": _expression(filterset, name) for name in by if name not in of_lines}
    try:
        editions, params = (
            filterset.qs.order_by()
            .annotate(edition_pk=F("pk"), headline=F("value_usd"), **columns)
            .values("edition_pk", "headline", "counts_toward_total", *columns)
            .query.sql_with_params()
        )
    except EmptyResultSet:  # Django sees without asking that nothing can be found.
        return []
    tables = [f"found AS MATERIALIZED ({editions})"]
    joins = "FROM found"
    if has_lines:
        lines, line_params = (
            filterset.clock.lines()
            .order_by()
            .exclude(rung="")
            .annotate(**{f"group_{name}": F(_line_column(name)) for name in of_lines})
            .values(
                "edition_id",
                "amount_usd",
                "is_counted",
                "rung",
                *(f"group_{name}" for name in of_lines),
            )
            .query.sql_with_params()
        )
        tables.append(f"line AS MATERIALIZED ({lines})")
        params = (*params, *line_params)
        joins += " JOIN line ON line.edition_id = found.edition_pk"
    for name in by:
        joins += _join_sql(name, "line" if name in of_lines else "found")
    groups = [f"by_{name}.value" for name in by]
    statement = (
        f"WITH {', '.join(tables)} SELECT {''.join(f'{group}, ' for group in groups)}"
        f"{_measure_sql(measure)} {joins} {_where_sql(measure)}"
        + (f" GROUP BY {', '.join(groups)}" if groups else "")
    )
    with connections[filterset.editions.db].cursor() as cursor:
        cursor.execute(statement, params)
        return [
            Cell(row[: len(by)], *row[len(by) :]) for row in cursor.fetchall() if row[len(by) + 1]
        ]


def _expression(filterset: DealFilterSet, name: str) -> Any:
    if name == "year":
        return ExtractYear("announced_on__startswith")
    return F("value_basis") if name == "value_basis" else expression(filterset, name)


def _line_column(name: str) -> str:
    # The filter counts a rung or a firmer one; money stands on exactly one.
    return "rung" if name == "rung" else FACETS[name].column


def _join_sql(name: str, table: str) -> str:
    """One row for each value of a dimension. Names come from `DIMENSIONS` alone."""
    column = f"{table}.group_{name}"
    if name in FACETS and FACETS[name].shape == "array":
        wanted = ""
        if name in _PLACES:
            wanted = " WHERE one ~ '^[A-Z]{2}$'"
        elif name == "bloc":
            wanted = f" WHERE one IN (SELECT key FROM {Bloc._meta.db_table})"
        values = f"SELECT one AS value FROM unnest({column}) AS one{wanted}"
    else:
        values = f"SELECT nullif({column}::text, '') AS value"
    return f" LEFT JOIN LATERAL ({values}) AS by_{name} ON true"


def _measure_sql(measure: str) -> str:
    """Value, deals, and those whose amount is unknown."""
    deals = "count(DISTINCT found.edition_pk)"
    match measure:
        case "deals":
            return f"{deals}, {deals}, NULL"
        case "value_usd":
            return (
                f"sum(found.headline) FILTER (WHERE found.counts_toward_total), {deals},"
                " count(*) FILTER (WHERE found.headline IS NULL)"
            )
    return (
        f"sum(line.amount_usd) FILTER (WHERE line.is_counted), {deals},"
        " count(*) FILTER (WHERE line.amount_usd IS NULL)"
    )


def _where_sql(measure: str) -> str:
    rung = measure.removesuffix("_usd")
    return f"WHERE line.rung = '{rung}'" if rung in RUNGS else ""


def _read(query: QueryDict) -> tuple[list[str], str]:
    problems: list[ParameterProblem] = []
    by = chosen_names(query, "by", DIMENSIONS, what="a dimension")
    if len(by) > MOST_DIMENSIONS:
        problems.append(
            ParameterProblem(
                parameter="by",
                value=by[MOST_DIMENSIONS],
                detail=f"At most {MOST_DIMENSIONS} dimensions, not {len(by)}.",
            )
        )
    measures = names_given(query, "measure") or ["deals"]
    measure = measures[0]
    if measure not in MEASURES or len(measures) > 1:
        wrong = next((name for name in measures if name not in MEASURES), measures[-1])
        problems.append(unknown_value("measure", wrong, "the one measure to give", MEASURES))
    in_lines = [name for name in by if name in FACETS and FACETS[name].in_lines]
    if measure == "value_usd" and in_lines:
        problems.append(
            ParameterProblem(
                parameter="measure",
                value=measure,
                nearest="committed_usd",
                detail=(
                    f"A headline value cannot be divided by {in_lines[0]}: measure the money of a "
                    "rung, such as committed_usd."
                ),
            )
        )
    if problems:
        raise InvalidParameters(problems)
    return by, measure


def _labels(by: Sequence[str], cells: Sequence[Cell]) -> dict[tuple[str, str], str]:
    values: dict[str, set[str]] = {
        name: {value for cell in cells if (value := cell.groups[place]) is not None}
        for place, name in enumerate(by)
    }
    labels = labels_of({name: found for name, found in values.items() if name in FACETS})
    bases: Mapping[str, str] = dict(ValueBasis.choices)
    for name in ("year", "value_basis"):
        for value in values.get(name, ()):
            labels[name, value] = str(bases.get(value, value))
    return labels


def _in_order(
    by: Sequence[str], cells: Sequence[Cell], labels: Mapping[tuple[str, str], str]
) -> list[Cell]:
    """One dimension: the largest first, but years and code lists in their order; two: by both."""

    def place(name: str, value: str | None) -> tuple[bool, int, str]:
        if value is None:
            return True, 0, ""
        names = FACETS[name].names if name in FACETS and FACETS[name].is_ordered else None
        code = names.values.index(value) if isinstance(names, type) else 0
        return False, code, labels[name, value].casefold()

    def order(cell: Cell) -> tuple[Any, ...]:
        places = tuple(place(name, value) for name, value in zip(by, cell.groups, strict=True))
        is_ranked = (
            len(by) == 1 and by[0] != "year" and not (by[0] in FACETS and FACETS[by[0]].is_ordered)
        )
        kind: Literal[0, 1] = 1 if cell.value is None else 0
        return (kind, -(cell.value or 0), places) if is_ranked else (0, 0, places)

    return sorted(cells, key=order)
