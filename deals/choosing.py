"""A search read as choices: “tungsten central asia” names a mineral and a bloc.

Full text finds the words; few records write that Karaganda lies in Central Asia. Where every word
of a search belongs to a name, the list offers the filters that the names stand for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from deals.filters import DealFilterSet
from deals.marking import plain
from deals.search import parse
from deals.selecting import Selection, known_query
from deals.suggesting import KINDS, SKIPPED, Hit, Nearness, records_called

MOST_WORDS: Final = 8
LONGEST_NAME: Final = 4
"""Words of a name that are looked up together."""


@dataclass(frozen=True)
class Choices:
    """What a search may mean as filters: in words, where, and how many deals that gives."""

    sentence: str
    href: str
    deals: int


def choices_of(filterset: DealFilterSet) -> Choices | None:
    """The filters that the search names, or None where a word is left over or nothing is found.

    Other filters stay as they are; a name whose filter is in use already is not read, since a
    second value would widen it.
    """
    hits = _named(_words(filterset.cleaned.get("q", "")))
    query = known_query(filterset)
    if not hits or any(hit.kind.parameter in query for hit in hits):
        return None
    del query["q"]
    if query.get("ordering") == "relevance":
        del query["ordering"]
    for hit in hits:
        if hit.key not in query.getlist(hit.kind.parameter):
            query.appendlist(hit.kind.parameter, hit.key)
    chosen = DealFilterSet(query)
    if chosen.problems() or not (count := chosen.qs.count()):
        return None
    href = f"{reverse('deals:list')}?{query.urlencode()}"
    return Choices(Selection(chosen, {}).sentence, href, count)


def _words(text: str) -> list[str]:
    """The words of a search; none where it asks for alternatives or excludes anything."""
    alternatives = parse(text)
    if len(alternatives) != 1 or any(term.is_negated for term in alternatives[0]):
        return []
    words = [word for term in alternatives[0] for word in plain(term.text).split()]
    return words if len(words) <= MOST_WORDS else []


def _named(words: list[str]) -> list[Hit]:
    """One record for each name that ``words`` consist of; none where a word belongs to no name."""
    spans = {
        (start, end): " ".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, min(start + LONGEST_NAME, len(words)) + 1)
        if not SKIPPED & {words[start], words[end - 1]}
    }
    wanted = sorted(set(spans.values()))
    if not wanted:
        return []
    kinds = [name for name, kind in KINDS.items() if kind.parameter]
    known: dict[str, Hit] = {}
    for hit in records_called((), kinds, named=wanted):
        best = known.get(hit.wanted)
        if _is_it(hit) and (best is None or _rank(hit, kinds) < _rank(best, kinds)):
            known[hit.wanted] = hit
    found: list[Hit] = []
    at = 0
    while at < len(words):
        ends = range(min(at + LONGEST_NAME, len(words)), at, -1)
        end = next((end for end in ends if spans.get((at, end)) in known), None)
        if end is not None:
            found.append(known[spans[at, end]])
        elif words[at] not in SKIPPED:
            return []
        at = end or at + 1
    return found


def _is_it(hit: Hit) -> bool:
    """Whether the words are the record's name: “central asia” also is the Central Asia five."""
    if hit.nearness == Nearness.SAME:
        return True
    return hit.kind.name == "bloc" and " " in hit.wanted and hit.nearness == Nearness.BEGINS


def _rank(hit: Hit, kinds: list[str]) -> tuple[int, int, int]:
    return hit.nearness, kinds.index(hit.kind.name), -hit.deals
