"""What a search found in each deal of a page: words marked in the title, or where else they are.

PostgreSQL says which words of the page's texts stand for which words asked, so what is marked is
what the search matched, forms of a word and other spellings included: one query a page.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import orjson
from django.db import connections
from django.utils.safestring import SafeString

from config.lib.sorting import sort_key
from deals.marking import Span, marked
from deals.models import Edition
from deals.search import CONFIG, Search, Term
from deals.suggesting import Hit

BEFORE: Final = 40
"""Characters shown before the first word found."""
LONGEST: Final = 130
_LIKE_ENOUGH: Final = 0.5
_WORD: Final = re.compile(r"\w+")

type Texts = list[tuple[str, str]]
"""Where a text stands, in words (“summary”), and the text."""


@dataclass(frozen=True, slots=True)
class Match:
    """How a deal matches: its title marked, and an excerpt of what the title does not have."""

    title: SafeString
    place: str = ""
    """Where the excerpt is from: “summary”, “other names of Tungsten”."""
    excerpt: SafeString | None = None


def matches(search: Search, editions: Sequence[Edition], named: Sequence[Hit]) -> dict[str, Match]:
    """A match for each edition by its key; fetch them with ``select_related("document")``.

    ``named`` are the records that the search names: they tell other names of countries, which
    stand in no edition.
    """
    wanted = [term for term in search.terms if not term.is_negated]
    texts = {edition.key: _texts_of(edition, named) for edition in editions}
    words = {
        word
        for edition in editions
        for text in (edition.title, *(text for _, text in texts[edition.key]))
        for word in _WORD.findall(text)
    }
    if not wanted or not words:
        return {}
    finder = _Finder(wanted, set(search.misspelt), words, search.editions.db)
    return {edition.key: finder.match(edition.title, texts[edition.key]) for edition in editions}


def _texts_of(edition: Edition, named: Sequence[Hit]) -> Texts:
    """All that `deals.indexing` lets a search look at, but the title, in the order of its worth."""
    record = orjson.loads(edition.document.record_text)
    names = orjson.loads(edition.document.names_text)
    texts: Texts = [("summary", record["summary"])]
    texts += [("parties and providers", body["name"]) for body in names["companies"].values()]
    texts += [("projects", project["name"]) for project in names["projects"].values()]
    texts += [("minerals", mineral["name"]) for mineral in names["minerals"].values()]
    texts += [
        (f"other names of {one['name']}", alias)
        for one in chain(names["companies"].values(), names["minerals"].values())
        for alias in one["aliases"]
    ]
    texts += _places(record, names, named)
    if names["event"]:
        texts.append(("event", names["event"]["name"]))
    texts += [("terms", term) for term in record.get("terms") or []]
    publishers = {source["publisher"]: None for source in record["sources"]}
    return texts + [("sources", publisher) for publisher in publishers]


def _places(record: Mapping[str, Any], names: Mapping[str, Any], named: Sequence[Hit]) -> Texts:
    codes = [place["country"] for place in record["countries"] if place.get("country")]
    texts = [("countries", names["countries"][code]["name"]) for code in codes]
    texts += [
        (f"other names of {hit.name}", hit.alias)
        for hit in named
        if hit.kind.name == "country" and hit.alias and hit.key in codes
    ]
    texts += [("blocs", name) for bloc in names["blocs"].values() for name in bloc.values()]
    return texts


class _Finder:
    """Finds terms in texts, knowing which words stand for which."""

    def __init__(
        self, terms: Sequence[Term], misspelt: set[Term], words: Iterable[str], database: str
    ) -> None:
        self.terms = [(term, _WORD.findall(term.text)) for term in terms]
        self.misspelt = misspelt
        self.standing_for = _standing_for(self._asked(), sorted(words), database)

    def _asked(self) -> Iterator[tuple[str, str, bool]]:
        """Each word asked, a way to write it, and whether words like it will do."""
        for term, parts in self.terms:
            is_misspelt = term in self.misspelt
            for part in parts:
                yield part, part, is_misspelt
                if is_misspelt:
                    for at in range(len(part) - 1):
                        yield part, f"{part[:at]}{part[at + 1]}{part[at]}{part[at + 2 :]}", False

    def match(self, title: str, texts: Texts) -> Match:
        """What is found in a deal."""
        in_title = self.spans(title)
        missing = {term for term, _ in self.terms} - in_title.keys()
        best: tuple[int, str, str, dict[Term, list[Span]]] = (0, "", "", {})
        for place, text in texts if missing else ():
            found = self.spans(text)
            count = len(missing & found.keys())
            if count > best[0]:
                best = count, place, text, found
        _, place, text, found = best
        return Match(
            marked(title, chain.from_iterable(in_title.values())),
            place,
            _excerpt(text, sorted(chain.from_iterable(found.values()))) if found else None,
        )

    def spans(self, text: str) -> dict[Term, list[Span]]:
        """Where each term that the text has stands in it; a phrase only as a whole."""
        words = [(match.group(), match.span()) for match in _WORD.finditer(text)]
        found: dict[Term, list[Span]] = {}
        for term, parts in self.terms:
            length = 1 if term in self.misspelt else len(parts)
            spans = [
                (words[at][1][0], words[at + length - 1][1][1])
                for at in range(len(words) - length + 1)
                if self._stands(term, parts, [word for word, _ in words[at : at + length]])
            ]
            if spans:
                found[term] = spans
        return found

    def _stands(self, term: Term, parts: Sequence[str], words: Sequence[str]) -> bool:
        if term in self.misspelt:
            return any(words[0] in self.standing_for[part] for part in parts)
        return bool(parts) and all(
            word in self.standing_for[part] or word.casefold() == part.casefold()
            for part, word in zip(parts, words, strict=True)
        )


def _standing_for(
    asked: Iterable[tuple[str, str, bool]], words: Sequence[str], database: str
) -> Mapping[str, set[str]]:
    """For each word asked those of ``words`` that the search takes for it."""
    statement = f"""
        WITH known AS MATERIALIZED (
            SELECT word, plain, tsvector_to_array(to_tsvector('{CONFIG}', word)) AS lexemes
            FROM unnest(%s::text[], %s::text[]) AS given (word, plain)
        ), asked AS MATERIALIZED (
            SELECT part, plain, may_be_like,
                   tsvector_to_array(to_tsvector('{CONFIG}', written)) AS lexemes
            FROM unnest(%s::text[], %s::text[], %s::text[], %s::bool[])
                AS given (part, written, plain, may_be_like)
        )
        SELECT asked.part, known.word
        FROM asked JOIN known ON known.lexemes && asked.lexemes
            OR asked.may_be_like AND similarity(asked.plain, known.plain) >= {_LIKE_ENOUGH}
    """
    parts = list(asked)
    found: dict[str, set[str]] = defaultdict(set)
    with connections[database].cursor() as cursor:
        cursor.execute(
            statement,
            [
                list(words),
                [sort_key(word) for word in words],
                [part for part, _, _ in parts],
                [written for _, written, _ in parts],
                [sort_key(part) for part, _, _ in parts],
                [may_be_like for _, _, may_be_like in parts],
            ],
        )
        for part, word in cursor.fetchall():
            found[part].add(word)
    return found


def _excerpt(text: str, spans: Sequence[Span]) -> SafeString:
    """The text around the first of ``spans``, cut between words."""
    first, last = spans[0]
    start, end = 0, len(text)
    if end > LONGEST:
        if first > BEFORE:
            gap = text.find(" ", first - BEFORE, first)
            start = first if gap < 0 else gap + 1
        if start + LONGEST < end:
            gap = text.rfind(" ", last, start + LONGEST)
            end = max(last, start + LONGEST) if gap < 0 else gap
    before, after = "… " if start else "", " …" if end < len(text) else ""
    moved = len(before) - start
    shown = [(first + moved, last + moved) for first, last in spans if last <= end]
    return marked(f"{before}{text[start:end]}{after}", shown)
