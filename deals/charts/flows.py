"""What flows where: each deal shared out over the ways from its partners by its hosts to minerals.

A deal with two partners and three minerals goes six ways, a sixth of it each: so the widths of all
flows add up to the number of deals, at every one of the three columns. How many deals go a way,
whole, is counted beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any, Final

import orjson

from deals.models.edition import EditionQuerySet
from minerals.models import Mineral

COLUMNS: Final = ("partner", "host", "mineral")
"""The columns, named as the filters that lead to them."""
NOTHING: Final = ""
"""Code of what a deal names none of."""
WITHOUT: Final[Mapping[str, str]] = {
    "partner": "No foreign partner",
    "host": "Host not named",
    "mineral": "Not specified",
}

type Way = tuple[str, str, str]
"""Codes of a partner, a host and a mineral: ISO code or key of a bloc, and slug."""


@dataclass
class Flow:
    """What goes one way."""

    share: float = 0.0
    """Deals, each counted by the part of it that goes this way."""
    deals: set[int] = field(default_factory=set)
    """The deals of which a part does, by their place in the set."""


@dataclass(frozen=True)
class Flows:
    """All ways of a set of deals."""

    flows: Mapping[Way, Flow]
    names: Mapping[str, Mapping[str, str]]
    """Names by column and code."""
    deal_count: int

    @cached_property
    def deals(self) -> Sequence[Mapping[str, set[int]]]:
        """The deals of each code, by column."""
        found: list[dict[str, set[int]]] = [defaultdict(set) for _ in COLUMNS]
        for way, flow in self.flows.items():
            for column, code in zip(found, way, strict=True):
                column[code] |= flow.deals
        return found

    def ranked(self, column: int) -> list[str]:
        """The codes of a column, those with most deals first; without the one for nothing."""
        deals, names = self.deals[column], self.names[COLUMNS[column]]
        codes = (code for code in deals if code != NOTHING)
        return sorted(codes, key=lambda code: (-len(deals[code]), names[code], code))


def flows_of(editions: EditionQuerySet) -> Flows:
    """The ways of these deals, in two queries.

    Countries count as places, and so do blocs that sign themselves. A mineral stands for its whole
    family, as in the filter: neodymium is of the rare earths.
    """
    families = _families()
    names: dict[str, dict[str, str]] = {column: {NOTHING: WITHOUT[column]} for column in COLUMNS}
    found: dict[Way, Flow] = defaultdict(Flow)
    texts = editions.order_by().values_list("document__summary_text", flat=True)
    count = 0
    for place, summary in enumerate(map(orjson.loads, texts)):
        count += 1
        stops = (
            _places(summary["partners"]),
            _places(summary["hosts"]),
            dict(families[mineral["slug"]] for mineral in summary["minerals"]),
        )
        for column, known in zip(COLUMNS, stops, strict=True):
            names[column] |= known
        partners, hosts, minerals = (tuple(known) or (NOTHING,) for known in stops)
        ways = list(product(partners, hosts, minerals))
        for way in ways:
            found[way].share += 1 / len(ways)
            found[way].deals.add(place)
    return Flows(found, names, count)


def _places(places: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {place.get("code") or place["bloc"]: place["name"] for place in places}


def _families() -> dict[str, tuple[str, str]]:
    """Slug and name of the family at the root of each mineral, by slug."""
    rows = {
        slug: (name, parent)
        for slug, name, parent in Mineral.objects.values_list("slug", "name", "parent__slug")
    }

    def root(slug: str) -> tuple[str, str]:
        name, parent = rows[slug]
        return root(parent) if parent else (slug, name)

    return {slug: root(slug) for slug in rows}
