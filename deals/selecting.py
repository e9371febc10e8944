"""A selection of deals in words: a sentence, and a chip for each choice that can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any
from urllib.parse import quote, quote_plus

from django.http import QueryDict
from django.urls import reverse

from config.lib.filterset import PAGE_PARAMETERS
from config.lib.parameters import carried
from config.lib.problems import ParameterProblem
from deals.facet_list import UNKNOWN
from deals.facets import FACETS, FacetValue, labels_of
from deals.filters import DealFilterSet
from deals.reading import Clock
from deals.sentences import SPANS, base_of, sentence_of, span_in_words, worth_in_words

WORTH = ("min_usd", "max_usd")
NOT_CHIPS = frozenset({"on", "as_of", "ordering"})
"""Given, but said elsewhere: on the strip over the page, at the head of a column."""


@dataclass(frozen=True)
class Chip:
    """One choice: the filter's name, the value in words, and the address without it."""

    parameter: str
    name: str
    value: str
    href: str
    is_negated: bool = False


class Selection:
    """What a reader has chosen, in words."""

    def __init__(
        self, filterset: DealFilterSet, facets: Mapping[str, Sequence[FacetValue]]
    ) -> None:
        self.filterset = filterset
        self.facets = facets
        self.query = known_query(filterset)

    @cached_property
    def labels(self) -> dict[tuple[str, str], str]:
        """Words of all chosen values, by filter (without suffix) and value."""
        known = {
            (name, one.value): one.label
            for name, values in self.facets.items()
            for one in values
            if one.is_chosen
        }
        missing: dict[str, list[str]] = {}
        for name, value in self.filterset.cleaned.items():
            base = base_of(name)
            if base in FACETS and isinstance(value, Mapping):
                unknown = [code for code in value if (base, code) not in known]
                if unknown:
                    missing.setdefault(base, []).extend(unknown)
        return known | (labels_of(missing) if missing else {})

    @cached_property
    def chips(self) -> list[Chip]:
        """A chip a value, in the order of the filters; a span of dates or values is one chip."""
        return [
            chip
            for name, value in self.filterset.cleaned.items()
            if name not in NOT_CHIPS
            for chip in self._chips(name, value)
        ]

    def _chips(self, name: str, value: Any) -> Iterator[Chip]:
        cleaned = self.filterset.cleaned
        for what, names in (*SPANS.items(), ("value", WORTH)):
            if name in names:
                if name == next(one for one in names if one in cleaned):
                    words = (
                        worth_in_words(cleaned) if what == "value" else span_in_words(cleaned, what)
                    )
                    yield Chip(name, what.capitalize(), words, self._href(*names))
                return
        base = base_of(name)
        label = str(self.filterset.filters[base].label)
        if isinstance(value, Mapping):
            negated = name.endswith("__not")
            for code in value:
                kept = [other for other in value if other != code]
                word = self.labels.get((base, str(code)), str(code))
                shown = f"not {word}" if negated else word
                yield Chip(name, label, shown, self._href(name, kept=kept), negated)
            return
        yield Chip(name, label, self._single(name, value), self._href(name))

    def _single(self, name: str, value: Any) -> str:
        if name.endswith("__empty"):
            return UNKNOWN.get(base_of(name), "not known") if value else "known"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if name == "dates":
            return "possibly within" if value == "possible" else "certainly within"
        return f"“{value}”" if name == "q" else str(value)

    def _href(self, *names: str, kept: Sequence[str] = ()) -> str:
        query = self.query.copy()
        for name in names:
            query.setlist(name, list(kept))
        # An order by relevance to nothing is an error.
        if "q" in names and query.get("ordering") == "relevance":
            del query["ordering"]
        return f"?{query.urlencode()}"

    def repaired_href(self, problem: ParameterProblem) -> str:
        """The list with the nearest right value in place of a wrong one; empty if there is none."""
        name, nearest = problem.parameter, problem.nearest
        if nearest is None or name not in self.filterset.filters:
            return ""
        query = self.query.copy()
        kept = [value for value in query.getlist(name) if value != problem.value]
        query.setlist(name, [*kept, nearest] if self.filterset.filters[name].is_many else [nearest])
        return f"?{query.urlencode()}"

    @property
    def clear_href(self) -> str:
        """The list without any choice, at the same time."""
        query = QueryDict(mutable=True)
        for name in ("as_of", "on"):
            if days := self.query.getlist(name):
                query.setlist(name, days)
        return f"?{query.urlencode()}" if query else "?"

    @cached_property
    def sentence(self) -> str:
        """“Tungsten deals hosted in Kazakhstan, announced since 2023”."""
        if self.filterset.problems():
            return "Deals: a choice cannot be read"
        narrowing = {
            name: value for name, value in self.filterset.cleaned.items() if name not in NOT_CHIPS
        }
        return sentence_of(narrowing, lambda base, code: self.labels.get((base, code), code))

    def ways_out(self) -> list[tuple[Chip, int]]:
        """Where nothing was found: each choice to drop that gives deals, and how many.

        The most first; empty if no single choice is to blame. One query a choice.
        """
        found = []
        for chip in self.chips[:12]:
            without = DealFilterSet(QueryDict(chip.href[1:]))
            count = without.qs.count() if not without.problems() else 0
            if count:
                found.append((chip, count))
        return sorted(found, key=lambda way: -way[1])


def known_query(
    filterset: DealFilterSet, *, keep: Callable[[str], bool] | None = None
) -> QueryDict:
    """The parameters that mean something here, without empty ones and without the page.

    ``keep`` says which others are dropped.
    """
    query = QueryDict(mutable=True)
    known = {*filterset.filters, *PAGE_PARAMETERS} - {"page", "cursor"}
    for name, values in carried(filterset.data).lists():
        given = [value for value in values if value]
        if name in known and given and (keep is None or keep(name)):
            query.setlist(name, given)
    return query


def deals_href(filterset: DealFilterSet, **changes: str) -> str:
    """The list of deals under the same filters, with some parameters set ("" drops one)."""
    return list_href(known_query(filterset, keep=lambda name: name in filterset.filters), changes)


def query_at(clock: Clock, filters: Mapping[str, Any]) -> QueryDict:
    """Filters, each a value or a list of them, as parameters: as of the same day as ``clock``."""
    query = QueryDict(mutable=True)
    for name, value in filters.items():
        query.setlist(name, [str(one) for one in (value if isinstance(value, list) else [value])])
    if clock.as_of:
        query["as_of"] = clock.last_day.isoformat()
    return query


class Addresses:
    """Addresses that differ in their path and in some parameters of one query.

    A page has dozens of them, and to write the whole query for each takes longer than the rest.
    ``safe`` names signs that may stand as they are.
    """

    def __init__(self, query: QueryDict, *, safe: str = "") -> None:
        # As a QueryDict does: a space is a plus, unless signs are named.
        self._quoted = partial(quote, safe=safe) if safe else quote_plus
        self._written = {name: self._pairs(name, values) for name, values in query.lists()}

    def href(self, path: str, changes: Mapping[str, str] | None = None) -> str:
        """``path`` under the query with some parameters set ("" drops one)."""
        written = self._written
        if changes:
            written = written | {
                name: self._pairs(name, [value]) if value else "" for name, value in changes.items()
            }
        if not written:
            return path
        return f"{path}?{'&'.join([pairs for pairs in written.values() if pairs])}"

    def _pairs(self, name: str, values: Iterable[str]) -> str:
        return "&".join([f"{self._quoted(name)}={self._quoted(value)}" for value in values])


def list_href(query: QueryDict, changes: Mapping[str, str]) -> str:
    """The list of deals under a query with some parameters set ("" drops one)."""
    return Addresses(query).href(reverse("deals:list"), changes)
