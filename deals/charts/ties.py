"""Who deals with whom: countries tied as host and partner, or companies that stand in one deal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import batched, combinations
from typing import Final
from weakref import WeakKeyDictionary

from config.lib.words import money_in_words
from deals.charts.rungs import rung_word
from deals.filters import DealFilterSet
from deals.money import RUNGS
from deals.reading import Summary, summaries

COUNTRIES, COMPANIES = "countries", "companies"
KINDS: Final = {COUNTRIES: "countries", COMPANIES: "companies and bodies"}

BATCH: Final = 1_000

type Tie = tuple[str, str]


@dataclass
class Actor:
    """A country or a company with its deals in the set."""

    code: str
    name: str
    deals: int = 0
    partners: set[str] = field(default_factory=set)
    """Codes of those that it stands in a deal with."""
    usd: dict[str, Decimal] = field(default_factory=dict)
    """Money of its deals by rung, where an amount is summed; each deal stands whole."""
    lines: Counter[str] = field(default_factory=Counter)
    """Financing lines of its deals by rung."""

    @property
    def firmest_money(self) -> str:
        """“$2.9bn committed”, “amount unknown, indicated”, or “none on record”."""
        for rung in reversed(RUNGS):
            if self.lines[rung]:
                usd = self.usd.get(rung)
                if usd is None:
                    return f"no sum known, {rung_word(rung)}"
                return f"{money_in_words(usd)} {rung_word(rung)}"
        return "none on record"


@dataclass(frozen=True)
class Ties:
    """The actors of a set of deals and the deals between each two of them."""

    kind: str
    actors: Mapping[str, Actor]
    deals: Mapping[Tie, list[str]]
    """Keys, by partner and host, or by two companies in the order of their codes."""

    @cached_property
    def ranked(self) -> list[Actor]:
        """Those with most deals first."""
        return sorted(self.actors.values(), key=lambda one: (-one.deals, one.name, one.code))

    @cached_property
    def ranked_ties(self) -> list[tuple[Tie, int]]:
        """Those of most deals first, each with their number."""
        counted = ((tie, len(deals)) for tie, deals in self.deals.items())
        names = self.actors
        return sorted(counted, key=lambda one: (-one[1], *(names[code].name for code in one[0])))

    @cached_property
    def between(self) -> Mapping[Tie, int]:
        """How many deals two have with each other, whoever of them is the host."""
        keys: dict[Tie, set[str]] = defaultdict(set)
        for (one, other), deals in self.deals.items():
            keys[min(one, other), max(one, other)].update(deals)
        return {tie: len(found) for tie, found in keys.items()}


_found: Final[WeakKeyDictionary[DealFilterSet, dict[str, Ties]]] = WeakKeyDictionary()
"""What was read for a request: a page draws a network and the strongest ties of it."""


def ties_of(filterset: DealFilterSet, kind: str) -> Ties:
    """The ties of a selection, in one query; with a past ``on``, money is that of the day."""
    found = _found.setdefault(filterset, {})
    if kind not in found:
        found[kind] = _read(filterset, kind)
    return found[kind]


def _read(filterset: DealFilterSet, kind: str) -> Ties:
    actors: dict[str, Actor] = {}
    deals: dict[Tie, list[str]] = defaultdict(list)
    for deal in _summaries_of(filterset):
        for code, name in _actors(deal, kind):
            actor = actors.setdefault(code, Actor(code, name))
            actor.deals += 1
            for rung in RUNGS:
                actor.lines[rung] += deal["ladder_lines"][rung]
                if deal["ladder"][rung] is not None:
                    usd = actor.usd.get(rung, Decimal(0))
                    actor.usd[rung] = usd + Decimal(str(deal["ladder"][rung]))
        for one, other in _ties(deal, kind):
            deals[one, other].append(deal["key"])
            actors[one].partners.add(other)
            actors[other].partners.add(one)
    return Ties(kind, actors, deals)


def _summaries_of(filterset: DealFilterSet) -> Iterator[Summary]:
    """All deals of the selection, read in batches: together they are many times what is kept."""
    editions = filterset.qs.order_by("key").for_list().iterator(chunk_size=BATCH)
    for batch in batched(editions, BATCH, strict=False):
        yield from summaries(batch, filterset.clock)


def _actors(deal: Summary, kind: str) -> Iterable[tuple[str, str]]:
    """Code and name of each actor in a deal, once."""
    if kind == COMPANIES:
        bodies = [*deal["parties"], *deal["providers"]]
        return {body["slug"]: body["name"] for body in bodies}.items()
    # As the filter for a country in any role counts.
    places = [*deal["hosts"], *deal["partners"], *deal["third_parties"]]
    return {_code(place): place["name"] for place in places}.items()


def _ties(deal: Summary, kind: str) -> Iterator[Tie]:
    if kind == COMPANIES:
        yield from combinations(sorted(code for code, _ in _actors(deal, kind)), 2)
        return
    hosts = {_code(place): None for place in deal["hosts"]}
    for partner in {_code(place): None for place in deal["partners"]}:
        yield from ((partner, host) for host in hosts if host != partner)


def _code(place: Mapping[str, str]) -> str:
    return place.get("code") or place["bloc"]
