"""The facets as the API gives them: every value of each, of thousands of companies too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import orjson

from deals.counted import HeldCounts
from deals.facets import codes_named, values_of
from deals.filters import DealFilterSet
from deals.tallying import tally

type Rows = list[dict[str, Any]] | orjson.Fragment


def facet_rows(filterset: DealFilterSet, names: Iterable[str]) -> dict[str, Rows]:
    """The values of the facets called `names`, each with name and count, for orjson."""
    names = list(names)
    counted = tally(filterset, names)
    many = {
        name: counts
        for name, counts in counted.values.items()
        if isinstance(counts, HeldCounts)
        and counts.named is not None
        # One without deals stands there too, if it was chosen.
        and all(value in counts for value in _set(filterset, name))
    }
    few = {name: counts for name, counts in counted.values.items() if name not in many}
    rows: dict[str, Rows] = {
        name: [value.as_dict() for value in values]
        for name, values in values_of(filterset, replace(counted, values=few)).items()
    }
    for name, counts in many.items():
        excluded = codes_named(filterset, f"{name}__not")
        rows[name] = orjson.Fragment(counts.as_json(codes_named(filterset, name), excluded))
    return {name: rows[name] for name in names}


def _set(filterset: DealFilterSet, name: str) -> set[str]:
    return codes_named(filterset, name) | codes_named(filterset, f"{name}__not")
