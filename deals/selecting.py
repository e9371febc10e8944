"""A selection of deals in words: a sentence, and a chip for each choice that can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from config.lib.filterset import PAGE_PARAMETERS
from config.lib.imprecise import ImpreciseDate
from config.lib.problems import ParameterProblem
from config.lib.words import money_in_words
from deals.facets import FACETS, FacetValue, labels_of
from deals.filters import DealFilterSet

SUFFIXES = ("__not", "__all", "__empty")
NOT_CHIPS = frozenset({"on", "as_of", "ordering"})
"""Given, but said elsewhere: on the strip over the page, at the head of a column."""

PLACE = ("country", "bloc")
PHRASES: dict[str, str] = {
    "host": "hosted in {}",
    "country": "involving {}",
    "bloc": "involving {}",
    "partner": "with partner {}",
    "party_country": "with a party from {}",
    "company": "with {} as party or provider",
    "event": "announced at {}",
    "kind": "of the kind {}",
    "status": "standing at {}",
    "stage": "with a project in {}",
    "supply_chain_stage": "about {}",
    "confidence": "of {} confidence",
    "provider": "with money from {}",
    "provider_country": "with money from {}",
    "instrument": "financed by {}",
    "rung": "with money {} or firmer",
}
"""How the sentence says a choice; codes are written small, names as they are."""

FLAGS: dict[str, tuple[str, str]] = {
    "disputed": ("with disputed facts", "without disputed facts"),
    "stale": ("gone stale", "not stale"),
    "counts_toward_total": (
        "whose value counts toward totals",
        "whose value does not count toward totals",
    ),
    "has_value": ("with a stated value", "without a stated value"),
}


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
        """A chip a value, in the order of the filters."""
        return [
            chip
            for name, value in self.filterset.cleaned.items()
            if name not in NOT_CHIPS
            for chip in self._chips(name, value)
        ]

    def _chips(self, name: str, value: Any) -> Iterator[Chip]:
        base = base_of(name)
        label = str(self.filterset.filters[base].label)
        if isinstance(value, Mapping):
            negated = name.endswith("__not")
            for code in value:
                kept = [other for other in value if other != code]
                word = self.labels.get((base, str(code)), str(code))
                shown = f"not {word}" if negated else word
                yield Chip(name, label, shown, self._href(name, kept), negated)
            return
        yield Chip(name, label, self._single(name, value), self._href(name, []))

    def _single(self, name: str, value: Any) -> str:
        if name.endswith("__empty"):
            return "unknown" if value else "known"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, ImpreciseDate):
            return value.display()
        if name in ("min_usd", "max_usd"):
            return money_in_words(value)
        if name == "dates":
            return "possibly within" if value == "possible" else "certainly within"
        return f"“{value}”" if name == "q" else str(value)

    def _href(self, name: str, kept: Sequence[str]) -> str:
        query = self.query.copy()
        query.setlist(name, list(kept))
        # An order by relevance to nothing is an error.
        if name == "q" and query.get("ordering") == "relevance":
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

    @property
    def sentence(self) -> str:
        """“Tungsten deals hosted in Kazakhstan, announced since 2023”."""
        cleaned = self.filterset.cleaned
        if self.filterset.problems():
            return "Deals: a choice cannot be read"
        if not any(name not in NOT_CHIPS for name in cleaned):
            return "All deals"
        head = "Deals"
        if "mineral" in cleaned:
            words = self._words("mineral", cleaned["mineral"])
            head = f"{words[:1].upper()}{words[1:]} deals"
        parts = [
            phrase
            for name, value in cleaned.items()
            if name not in NOT_CHIPS and name != "mineral"
            for phrase in [self._phrase(name, value)]
            if phrase
        ]
        parts += self._span("announced", "announced_after", "announced_before")
        parts += self._span("signed", "signed_after", "signed_before")
        parts += self._worth()
        return f"{head} {', '.join(parts)}" if parts else head

    def _phrase(self, name: str, value: Any) -> str:
        base = base_of(name)
        if name == "q":
            return f"matching “{value}”"
        if name in FLAGS:
            return FLAGS[name][0 if value else 1]
        if name.endswith("__empty"):
            label = str(self.filterset.filters[base].label)
            return f"with {small(label)} {'unknown' if value else 'known'}"
        if not isinstance(value, Mapping):
            return ""
        if base == "mineral":
            joined = self._words(base, value, "and" if name.endswith("__all") else "or")
            return f"without {joined}" if name.endswith("__not") else f"with all of {joined}"
        phrase = PHRASES[base].format(self._words(base, value))
        if not name.endswith("__not"):
            return phrase
        return f"without {phrase[5:]}" if phrase.startswith("with ") else f"not {phrase}"

    def _words(self, base: str, value: Mapping[str, Any], last: str = "or") -> str:
        is_code = isinstance(FACETS[base].names, type) or base == "mineral"
        words = [self.labels.get((base, code), code) for code in value]
        shown = [small(word) for word in words] if is_code else words
        if len(shown) > 4:
            shown = [*shown[:3], f"{len(shown) - 3} more"]
        return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {last} {shown[-1]}"

    def _span(self, word: str, after: str, before: str) -> list[str]:
        cleaned = self.filterset.cleaned
        since, until = (
            date.display() if (date := cleaned.get(name)) else "" for name in (after, before)
        )
        if since and until:
            return [f"{word} in {since}" if since == until else f"{word} {since} to {until}"]
        if since:
            return [f"{word} since {since}"]
        return [f"{word} up to {until}"] if until else []

    def _worth(self) -> list[str]:
        cleaned = self.filterset.cleaned
        low, high = (
            money_in_words(amount) if (amount := cleaned.get(name)) is not None else ""
            for name in ("min_usd", "max_usd")
        )
        if low and high:
            return [f"worth {low} to {high}"]
        if low:
            return [f"worth {low} or more"]
        return [f"worth {high} or less"] if high else []

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


def base_of(name: str) -> str:
    """The filter that a companion belongs to: ``host`` of ``host__not``."""
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return name


def small(word: str) -> str:
    """A label within a sentence: “Agreement signed” small, “MoU signed” as it is."""
    return word if word[1:2].isupper() or word[:3] == "MoU" else f"{word[:1].lower()}{word[1:]}"


def known_query(
    filterset: DealFilterSet, *, keep: Callable[[str], bool] | None = None
) -> QueryDict:
    """The parameters that mean something here, without empty ones and without the page.

    ``keep`` says which others are dropped.
    """
    query = QueryDict(mutable=True)
    known = {*filterset.filters, *PAGE_PARAMETERS} - {"page", "cursor"}
    for name, values in filterset.data.lists():
        given = [value for value in values if value]
        if name in known and given and (keep is None or keep(name)):
            query.setlist(name, given)
    return query


def deals_href(filterset: DealFilterSet, **changes: str) -> str:
    """The list of deals under the same filters, with some parameters set ("" drops one)."""
    query = known_query(filterset, keep=lambda name: name in filterset.filters)
    for name, value in changes.items():
        query.setlist(name, [value] if value else [])
    return f"{reverse('deals:list')}?{query.urlencode()}"
