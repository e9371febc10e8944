"""Full-text search in editions: ``q`` on pages, exports, feeds and the API.

    rare earth            both words, in any form
    "rare earth"          the words side by side
    lithium or cobalt     either
    tungsten -Kazakhstan  without the second

A word stands for its forms (mining finds mine) and is looked for without accents. A word that no
deal has, and that may be a name with a typing error, finds names that look like it, alone or with
the words beside it (Tau-Kan Samruk), and words that it becomes by swapping two letters; so a
right word is never mixed with similar ones.

To weigh every deal that has a common word would take longer than a reader waits. So the newest of
those found are put in order of relevance, at most `MOST_RANKED`, and the others follow, the newest
first.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import batched
from typing import Any, Final

from django.contrib.postgres.search import (
    SearchQuery,
    SearchRank,
    TrigramStrictWordSimilarity,
)
from django.db import connections
from django.db.models import F, Q
from django.db.models.expressions import Expression
from django.db.models.lookups import GreaterThanOrEqual

from config.lib.caching import WhileUnchanged
from config.lib.sorting import sort_key
from deals.models.edition import EditionQuerySet

CONFIG: Final = "lodebook"
"""The text search configuration: English stems, no accents."""

# Shorter words look like too many others, and a figure like 2025 has no spelling.
_LEAST_LETTERS: Final = 4
_NAME = re.compile(rf"(?=(?:[-'’]*[^\W\d_]){{{_LEAST_LETTERS},}})[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_MOST_LETTERS: Final = 40
"""No name has a longer word. The statement grows with each letter that may be a wrong one."""
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_MOST_WORDS_OF_A_NAME: Final = 3
# How like a part of a name a misspelt word must be at least, where the words beside it are right.
_FAINTLY_ALIKE: Final = 0.2
MOST_RANKED: Final = 2_000
"""So many of the deals found are put in order of relevance, the newest."""
_TERM = re.compile(r'(?P<minus>-+)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_SIMILARITY_WEIGHT: Final = 0.1
# Without a locale PostgreSQL takes any letter beyond ASCII, a dash too, for a part of a word.
_PARTING: Final = str.maketrans(dict.fromkeys("–—―‒…“”„«»·•", " ") | {"’": "'", "‐": "-", "‑": "-"})


def parted(text: str) -> str:
    """``text`` with spaces where only typographers' signs part its words: “UK–Kazakhstan”."""
    return text.translate(_PARTING)


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase that is wanted, or not."""

    text: str
    is_phrase: bool = False
    is_negated: bool = False

    @property
    def query(self) -> SearchQuery:
        return SearchQuery(parted(self.text), config=CONFIG, search_type="phrase")

    @property
    def may_be_misspelt(self) -> bool:
        return self.may_be_part_of_a_name and bool(_NAME.fullmatch(self.text))

    @property
    def may_be_part_of_a_name(self) -> bool:
        if self.is_phrase or self.is_negated or len(self.text) > _MOST_LETTERS:
            return False
        return bool(_WORD.fullmatch(self.text))

    @property
    def with_swapped_letters(self) -> SearchQuery:
        """The word with each two neighbouring letters swapped, one pair at a time."""
        text = self.text
        swapped = (
            f"{text[:at]}{text[at + 1]}{text[at]}{text[at + 2 :]}" for at in range(len(text) - 1)
        )
        return reduce(
            operator.or_,
            (SearchQuery(word, config=CONFIG, search_type="phrase") for word in swapped),
        )


def parse(text: str) -> list[list[Term]]:
    """What is asked for: alternatives, each a list of terms that must all hold."""
    alternatives: list[list[Term]] = [[]]
    for match in _TERM.finditer(text):
        word, phrase = match["word"], match["phrase"]
        if word is not None and word.casefold() == "or" and not match["minus"]:
            alternatives.append([])
        elif content := (word or phrase or "").strip():
            alternatives[-1].append(
                Term(content, is_phrase=word is None, is_negated=bool(match["minus"]))
            )
    return [terms for terms in alternatives if terms]


def names_with(term: Term, terms: Sequence[Term]) -> list[str]:
    """Names of two or three words, of those that stand side by side, that `term` is part of."""
    if not term.may_be_part_of_a_name:
        return []
    place = terms.index(term)
    spans = (
        terms[start : start + length]
        for length in range(2, _MOST_WORDS_OF_A_NAME + 1)
        for start in range(max(0, place - length + 1), place + 1)
        if start + length <= len(terms)
    )
    return [
        " ".join(one.text for one in span)
        for span in spans
        if all(one.may_be_part_of_a_name for one in span)
    ]


def _like_a_name(text: str) -> Q:
    return Q(search_names__trigram_strict_word_similar=sort_key(text))


def _faintly_like(term: Term) -> GreaterThanOrEqual:
    similarity = TrigramStrictWordSimilarity(sort_key(term.text), F("search_names"))
    return GreaterThanOrEqual(similarity, _FAINTLY_ALIKE)


type LookedUp = tuple[bool, ...]
"""Whether a word or phrase says anything, and whether an edition has it."""

_LOOKED_UP: Final = WhileUnchanged[str, LookedUp](most=5_000)


class Search:
    """One search among `editions`: the condition it makes and how near each edition comes.

    What is known of a word is kept for other requests where `editions` are all that are current.
    """

    def __init__(self, text: str, editions: EditionQuerySet, *, is_among_all: bool = False) -> None:
        self.alternatives = parse(text)
        self.editions = editions
        self._is_among_all = is_among_all

    @cached_property
    def terms(self) -> list[Term]:
        """Every term once."""
        return list(dict.fromkeys(term for terms in self.alternatives for term in terms))

    @cached_property
    def condition(self) -> Q:
        """That an edition has what is asked for; nothing has what consists of stop words only."""
        alternatives = [
            reduce(operator.and_, conditions)
            for terms in self.alternatives
            if (
                conditions := [
                    self._holds(term, terms) for term in terms if self._says_something(term)
                ]
            )
        ]
        return reduce(operator.or_, alternatives) if alternatives else Q(pk__in=[])

    @cached_property
    def nearness(self) -> Expression | None:
        """How near an edition comes to what is asked for; None where there is no word to weigh."""
        wanted = [t for t in self.terms if not t.is_negated and self._says_something(t)]
        if not wanted:
            return None
        queries = (
            t.with_swapped_letters if t in self.misspelt and t.may_be_misspelt else t.query
            for t in wanted
        )
        parts: list[Any] = [SearchRank(F("search"), reduce(operator.or_, queries))]
        parts += [
            TrigramStrictWordSimilarity(sort_key(term.text), "search_names") * _SIMILARITY_WEIGHT
            for term in wanted
            if term in self.misspelt
        ]
        found: Expression = reduce(operator.add, parts)
        return found

    @cached_property
    def misspelt(self) -> list[Term]:
        """Words that no edition has."""
        return [
            term
            for term, (says_something, is_found) in self._looked_up.items()
            if says_something and not is_found and (term.may_be_misspelt or self._names_with(term))
        ]

    def _says_something(self, term: Term) -> bool:
        return self._looked_up[term][0]

    def _holds(self, term: Term, terms: Sequence[Term]) -> Q:
        if term in self.misspelt:
            alike = reduce(operator.or_, map(_like_a_name, names_with(term, terms)), Q())
            alike = alike & Q(_faintly_like(term)) if alike else Q(pk__in=[])
            if term.may_be_misspelt:
                alike |= _like_a_name(term.text) | Q(search=term.with_swapped_letters)
            return alike
        found = Q(search=term.query)
        return ~found if term.is_negated else found

    def _names_with(self, term: Term) -> bool:
        return any(names_with(term, terms) for terms in self.alternatives if term in terms)

    @cached_property
    def _looked_up(self) -> dict[Term, LookedUp]:
        """For each term whether it says anything (“the” does not) and whether an edition has it."""
        kept = _LOOKED_UP if self._is_among_all else None
        known = {term: answer for term in self.terms if kept and (answer := kept.get(term.text))}
        if missing := [term for term in self.terms if term not in known]:
            for term, answer in zip(missing, self._look_up(missing), strict=True):
                known[term] = kept.keep(term.text, answer) if kept else answer
        return known

    def _look_up(self, terms: Sequence[Term]) -> Iterable[LookedUp]:
        editions, params = self.editions.order_by().values("search").query.sql_with_params()
        # Each word stands in the statement by itself, so that PostgreSQL knows how common it is: it
        # finds one of the many deals with a common word by reading any, a rare word in the index.
        query = f"phraseto_tsquery('{CONFIG}', %s)"
        looked_up = f"""
            numnode({query}) > 0,
            EXISTS (SELECT 1 FROM ({editions}) AS known WHERE known.search @@ {query})
        """
        statement = f"SELECT {', '.join([looked_up] * len(terms))}"
        texts = (parted(term.text) for term in terms)
        with connections[self.editions.db].cursor() as cursor:
            cursor.execute(statement, [one for text in texts for one in (text, *params, text)])
            return batched(cursor.fetchone(), 2, strict=True)
