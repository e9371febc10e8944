"""Counts beside the filters: how many deals each value of a filter would leave.

    facets_of(filterset, ["host", "mineral"])
    # {"host": [FacetValue("KZ", "Kazakhstan", 59, is_chosen=False), …], "mineral": […]}

The count of a value is that of the list if the value were the facet's only choice and all other
parameters stayed; a facet therefore ignores its own choice. Of a value that the facet excludes it
is what the list would hold with this value if nothing were excluded in the facet. Facets are named
like their filters. All counts of all facets are one query at most; the names of their values are
kept until something changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from heapq import nlargest
from typing import Final

from django.db.models import Value

from config.lib.caching import WhileUnchanged, while_unchanged
from config.lib.codes import labels_of_codes
from countries.models import Bloc, Country
from deals.counted import HeldCounts
from deals.facet_list import FACETS, YES_NO, Facet
from deals.filters import DealFilterSet
from deals.models import Company, Event
from deals.tallying import Tally, ValueCount, expression, tally
from minerals.models import Mineral

__all__ = ["FACETS", "Facet", "FacetValue", "expression", "facets_of", "labels_of", "values_of"]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a filter: how a reader knows it and how many deals it would leave."""

    value: str
    label: str
    count: int
    is_chosen: bool = False
    is_excluded: bool = False

    @property
    def is_set(self) -> bool:
        """Whether the selection says anything about it."""
        return self.is_chosen or self.is_excluded

    def as_dict(self) -> dict[str, str | int]:
        """As the API gives it."""
        return {"value": self.value, "label": self.label, "count": self.count}


def facets_of(
    filterset: DealFilterSet, names: Iterable[str] = tuple(FACETS)
) -> dict[str, list[FacetValue]]:
    """The values of the facets called `names`, each with its count.

    Values that no deal has are left out, but for those that are chosen or excluded.
    """
    return values_of(filterset, tally(filterset, list(names)))


def values_of(
    filterset: DealFilterSet, counted: Tally, *, most: int | None = None
) -> dict[str, list[FacetValue]]:
    """The facets of a tally, each value with its name.

    With ``most`` a facet of companies, of which there are thousands, has only that many of the
    most frequent, those that are as frequent as the last of these, and those that are chosen.
    """
    if filterset.is_bound and not filterset.is_valid():
        return {name: [] for name in counted.values}
    counts = {
        name: _with(values, codes_named(filterset, name) | codes_named(filterset, f"{name}__not"))
        for name, values in counted.values.items()
    }
    if most is not None:
        counts |= {
            name: _most_frequent(filterset, name, found, most)
            for name, found in counts.items()
            if FACETS[name].names == "company" and len(found) > most
        }
    labels = _labels(counts)
    return {name: _in_order(filterset, name, counts[name], labels[name]) for name in counts}


def _with(counts: Mapping[str, ValueCount], values: Collection[str]) -> Mapping[str, ValueCount]:
    """The counts with these values among them, which may have none."""
    missing = [value for value in values if value not in counts]
    return dict.fromkeys(missing, ValueCount()) | dict(counts) if missing else counts


def _most_frequent(
    filterset: DealFilterSet, name: str, counts: Mapping[str, ValueCount], most: int
) -> Mapping[str, ValueCount]:
    if f"{name}__not" in filterset.cleaned:  # these are counted otherwise
        return counts
    chosen = {value: counts[value] for value in codes_named(filterset, name)}
    if isinstance(counts, HeldCounts):
        return counts.most(most) | chosen
    least = nlargest(most, [one.count for one in counts.values()])[-1]
    return {value: one for value, one in counts.items() if one.count >= least} | chosen


def codes_named(filterset: DealFilterSet, parameter: str) -> set[str]:
    """The values that a parameter names."""
    match filterset.cleaned.get(parameter):
        case None:
            return set()
        case bool() as flag:
            return {"true" if flag else "false"}
        case codes:
            # The first code of a value is what it stands for: a merged company's successor.
            return {stands_for[0] for stands_for in codes.values()}


def _in_order(
    filterset: DealFilterSet,
    name: str,
    counts: Mapping[str, ValueCount],
    labels: Mapping[str, str],
) -> list[FacetValue]:
    facet = FACETS[name]
    chosen, excluded = codes_named(filterset, name), codes_named(filterset, f"{name}__not")
    values = [
        FacetValue(
            value,
            labels.get(value, value),
            one.left_out if value in excluded else one.count,
            is_chosen=value in chosen,
            is_excluded=value in excluded,
        )
        for value, one in counts.items()
    ]
    # Of some values every deal is left out with a value that is excluded.
    values = [one for one in values if one.count or one.is_set]
    if facet.is_ordered and isinstance(facet.names, type):
        codes = list(labels_of_codes(facet.names))
        return sorted(values, key=lambda one: codes.index(one.value))
    if facet.shape == "flag":
        return sorted(values, key=lambda one: one.value, reverse=True)
    return sorted(values, key=lambda one: (-one.count, one.label.casefold(), one.value))


# -- Names ------------------------------------------------------------------------------------


def labels_of(values: Mapping[str, Collection[str]]) -> dict[tuple[str, str], str]:
    """The names of facets' values, by facet and value; a value without one stands for itself."""
    labels = _labels(values)
    return {
        (name, value): labels[name].get(value, value)
        for name, found in values.items()
        for value in found
    }


def _labels(values: Mapping[str, Collection[str]]) -> dict[str, Mapping[str, str]]:
    """Names by facet and value: of these values those that have one, and maybe of others."""
    slugs: set[str] = set()
    has_small = False
    for name, found in values.items():
        if FACETS[name].names == "company":
            slugs.update(found)
        elif isinstance(FACETS[name].names, str) and found:
            has_small = True
    tables: dict[str, Mapping[str, str]] = {
        **(_names_of_few() if has_small else {}),
        "company": _company_names(slugs) if slugs else {},
    }
    labels: dict[str, Mapping[str, str]] = {}
    for name in values:
        match FACETS[name].names:
            case None:
                labels[name] = YES_NO
            case str() as table:
                labels[name] = tables.get(table, {})
            case codes:
                labels[name] = labels_of_codes(codes)
    return labels


@while_unchanged
def _names_of_few() -> Mapping[str, Mapping[str, str]]:
    """Names from the small tables, by table and value, in one query."""
    first, *others = (
        model._default_manager.order_by().values_list(Value(table), key, label)
        for table, model, key, label in (
            ("place", Country, "iso2", "name"),
            ("place", Bloc, "key", "short_name"),
            ("mineral", Mineral, "slug", "name"),
            ("event", Event, "key", "name"),
        )
    )
    names: dict[str, dict[str, str]] = {"place": {}, "mineral": {}, "event": {}}
    for table, key, label in first.union(*others, all=True).order_by():
        names[table][key] = label
    return names


_COMPANIES: Final[WhileUnchanged[str, dict[str, str]]] = WhileUnchanged(most=1)


def _company_names(slugs: Collection[str]) -> Mapping[str, str]:
    """The names of these companies, and of others: the same few stand in most selections."""
    names = _COMPANIES.get("names") or _COMPANIES.keep("names", {})
    missing = [slug for slug in slugs if slug not in names]
    if missing:
        rows = Company._default_manager.order_by().filter(slug__in=missing)
        names.update(rows.values_list("slug", "name"))
    return names
