"""What a reader may mean by a few letters: minerals, places, bodies, events and deals.

A name is found by how it begins, by the beginnings of its words, by another name or a code, and,
where nothing is found so, by likeness: “kazahstan” is Kazakhstan. What begins as typed comes
first, and of several such what has more deals. Only what readers can see anyhow is suggested.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from heapq import nlargest
from itertools import pairwise
from typing import Any, Final

from django.contrib.postgres.search import SearchQuery, TrigramWordSimilarity
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import F
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from config.lib.caching import while_unchanged
from config.lib.imprecise import latest_first
from countries.models import Bloc, Country
from deals.deal_counts import deals_naming
from deals.directory import GAPS, Directory, Entry, Places, directory
from deals.marking import beginnings, marked, plain
from deals.models import Company, Edition, Event
from deals.search import CONFIG, parse
from minerals.models import Mineral

LONGEST: Final = 200
SHOWN: Final = 4
DEALS_SHOWN: Final = 5
_CANDIDATES: Final = 24
_LOOKED_AT: Final = 500
"""Of names that look like what was typed so many are looked up, since drafts may have many such."""
_NEWEST: Final = 1_000
_WITH_WORDS: Final = 500
"""Titles are looked at of so many of the newest deals, and of so many that have the words at all;
so a word that is common elsewhere and in no title takes no longer than others."""
_LIKE_ENOUGH: Final = 0.3
_SURELY_LIKE: Final = 0.45
_TITLE_LIKE_ENOUGH: Final = 0.6
_NEARLY_AS_LIKE: Final = 0.15
"""How much less like what was typed a name may be than the likest."""
_MOST_PARTS: Final = 24
SKIPPED: Final = frozenset(
    {"a", "an", "and", "at", "by", "deal", "deals", "for"}
    | {"from", "in", "of", "on", "the", "to", "who", "with"}
)
"""Words between names that say nothing of their own: “in” is not indium."""


class Nearness(IntEnum):
    """How near a record comes to what was typed."""

    SAME = 0
    BEGINS = 1
    OTHER_NAME_BEGINS = 2
    WORDS_BEGIN = 3
    ALIKE = 4


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: what one and several are called, and the list's filter for it."""

    name: str
    one: str
    many: str
    group: str
    parameter: str = ""


KINDS: Final = {
    kind.name: kind
    for kind in (
        Kind("mineral", "mineral", "Minerals", "minerals", "mineral"),
        Kind("country", "country", "Countries and blocs", "places", "country"),
        Kind("bloc", "bloc", "Countries and blocs", "places", "bloc"),
        Kind("company", "company", "Companies and providers", "companies", "company"),
        Kind("event", "event", "Events", "events", "event"),
        Kind("deal", "deal", "Deals", "deals"),
    )
}


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that may be meant."""

    kind: Kind
    key: str
    name: str
    nearness: Nearness
    deals: int
    likeness: float = 0
    alias: str = ""
    """The other name that was typed, where it is not the name that was."""
    details: Sequence[str] = ()
    """What its picture needs: a mineral's short form and category; a deal's status and date."""
    wanted: str = ""

    @property
    def label(self) -> SafeString:
        """The name, with what was typed marked."""
        return _marked(self.name, self.wanted)

    @property
    def alias_label(self) -> SafeString:
        """The other name, with what was typed marked."""
        return _marked(self.alias, self.wanted)

    @property
    def href(self) -> str:
        """The page of the record; a bloc has none, so its deals."""
        match self.kind.name:
            case "mineral":
                return reverse("minerals:detail", args=[self.key])
            case "country":
                return reverse("countries:detail", args=[self.key.lower()])
            case "bloc":
                return f"{reverse('deals:list')}?bloc={self.key}"
            case "company" | "event":
                return reverse(f"deals:{self.kind.name}", args=[self.key])
        return reverse("deals:detail", args=[self.key])

    @property
    def mineral(self) -> dict[str, str]:
        """What the tile of a mineral takes."""
        symbol, category = self.details
        return {"slug": self.key, "name": self.name, "symbol": symbol, "category": category}

    @property
    def order(self) -> tuple[Any, ...]:
        """To sort by: nearer first, then likelier, then with more deals."""
        return self.nearness, -round(self.likeness, 1), -self.deals


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind under one heading."""

    label: str
    hits: list[Hit]


def suggest(text: str, kinds: Collection[str] = ()) -> list[Group]:
    """What may be meant by ``text``, by kind, the nearest kind first.

    What only looks like it is suggested where nothing begins so: names before titles of deals.

    ``kinds`` are names in `KINDS`; none means all.
    """
    wanted = plain(text)
    return _suggested(wanted, tuple(dict.fromkeys(kinds or KINDS))) if wanted else []


@while_unchanged
def _suggested(wanted: str, kinds: tuple[str, ...]) -> list[Group]:
    has_deals = "deal" in kinds
    hits = records_called([wanted], kinds)
    if has_deals:
        hits += _deals(wanted)
    if not hits:
        hits = records_alike(wanted, kinds)
        if not hits and has_deals:
            hits = _deals_alike(wanted)
    groups: dict[str, Group] = {}
    for hit in sorted(hits, key=lambda hit: hit.order):
        group = groups.setdefault(hit.kind.group, Group(hit.kind.many, []))
        if len(group.hits) < (DEALS_SHOWN if hit.kind.name == "deal" else SHOWN):
            group.hits.append(hit)
    return list(groups.values())


@while_unchanged
def records_named(text: str, *, most: int = 6) -> list[Hit]:
    """Records that a search names, whole or in part, deals apart: for a line over its results.

    “tungsten kazakhstan” names a mineral and a country.
    """
    terms = [plain(t.text) for terms in parse(text) for t in terms if not t.is_negated]
    terms = [term for term in terms if term and (len(terms) == 1 or term not in SKIPPED)]
    terms = terms[:_MOST_PARTS]
    if not terms:
        return []
    whole = " ".join(terms)
    parts = {*terms, *(f"{first} {second}" for first, second in pairwise(terms))} - {whole}
    hits = records_called([whole], KINDS, named=sorted(parts)) or [
        hit for hit in records_alike(whole, KINDS) if hit.likeness >= _SURELY_LIKE
    ]
    named = {
        (hit.kind.name, hit.key): hit
        for hit in sorted(hits, key=lambda hit: hit.order, reverse=True)
    }
    return sorted(named.values(), key=lambda hit: hit.order)[:most]


def _marked(name: str, wanted: str) -> SafeString:
    spans = beginnings(name, wanted)
    return marked(name, spans) if spans else conditional_escape(name)


# -- Records with names ---------------------------------------------------------------------------


def records_called(
    texts: Iterable[str], kinds: Iterable[str], *, named: Iterable[str] = ()
) -> list[Hit]:
    """Records whose names, or words of them, begin with a text; one hit a record and text.

    Of those that begin with one of ``named`` only those are given that are called exactly so, and
    blocs. Where many begin alike, those with the most deals are given.
    """
    book = directory()
    wanted = [
        (kind, text, is_whole, groups)
        for kind in kinds
        if kind in book.sections
        for is_whole, several in ((False, texts), (True, named))
        for text in several
        if (groups := _found(book, kind, text, is_whole=is_whole))
    ]
    places: dict[str, set[int]] = {}
    for kind, _, _, groups in wanted:
        for group in groups:
            places.setdefault(kind, set()).update(group.tolist())
    counts = _counted(book, places)
    hits = []
    for kind, text, is_whole, groups in wanted:
        for place in _most_used(groups, counts[kind]):
            hit = _hit(book, kind, place, text, counts[kind][place])
            if hit is None or hit.nearness == Nearness.ALIKE:
                continue
            if not is_whole or hit.nearness == Nearness.SAME or kind == "bloc":
                hits.append(hit)
    return hits


def records_alike(text: str, kinds: Iterable[str]) -> list[Hit]:
    """Records whose names look like ``text``, the likest and those that are nearly as like."""
    book = directory()
    kinds = [kind for kind in kinds if kind in book.sections]
    if not kinds:
        return []
    statement = " UNION ALL ".join(f"({_ALIKE.format(kind, *_NAMES[kind])})" for kind in kinds)
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(statement, {"text": text})
        found = cursor.fetchall()
    places: dict[str, list[int]] = {}
    for kind, key in found:
        # One that came after the names were read is not there yet, one that was merged no more.
        if (place := book.sections[kind].places.get(key)) is not None:
            places.setdefault(kind, []).append(place)
    counts = _counted(book, places)
    hits = [
        hit
        for kind, some in places.items()
        for place in _public(kind, some, counts[kind])[:_CANDIDATES]
        if (hit := _hit(book, kind, place, text, counts[kind][place]))
        and (hit.nearness < Nearness.ALIKE or hit.likeness >= _LIKE_ENOUGH)
    ]
    least = max((hit.likeness for hit in hits), default=0) - _NEARLY_AS_LIKE
    return [hit for hit in hits if hit.likeness >= least]


_NAMES: Final[Mapping[str, tuple[str, str, str]]] = {
    # Companies are looked up in an index, which is of exactly this.
    kind: (model._meta.db_table, key, f"lodebook_names(name::text, {others}::text[])")
    for kind, model, key, others in (
        ("mineral", Mineral, "slug", "aliases"),
        ("country", Country, "iso2", "(aliases || ARRAY[official_name, iso_name])"),
        ("bloc", Bloc, "key", "ARRAY[short_name]"),
        ("company", Company, "slug", "aliases"),
        ("event", Event, "key", "'{}'"),
    )
}
_ALIKE: Final = (
    "SELECT '{0}', {2} FROM {1} WHERE {3} %%> %(text)s OR {3} %%>> %(text)s"
    f" ORDER BY word_similarity(%(text)s, {{3}}) DESC, {{2}} LIMIT {_LOOKED_AT}"
)


def _found(book: Directory, kind: str, text: str, *, is_whole: bool) -> list[Places]:
    """Records by how near they come, the nearest first."""
    section = book.sections[kind]
    groups = [section.same(text)]
    if not is_whole or kind == "bloc":
        groups.append(section.beginning(text))
    if not is_whole:
        groups += (section.otherwise_beginning(text), section.with_words(text))
    return [group for group in groups if len(group)]


def _counted(book: Directory, places: Mapping[str, Iterable[int]]) -> dict[str, dict[int, int]]:
    """How many deals name each record, by kind and place."""
    ordered = {kind: list(some) for kind, some in places.items()}
    counts = deals_naming(
        {
            kind: [book.sections[kind].entries[place].keys for place in some]
            for kind, some in ordered.items()
        }
    )
    return {kind: dict(zip(some, counts[kind], strict=True)) for kind, some in ordered.items()}


def _most_used(groups: Iterable[Places], counts: Mapping[int, int]) -> list[int]:
    """Of each group those with the most deals, once."""
    found: dict[int, None] = {}
    for group in groups:
        some = group.tolist()
        if len(some) > _CANDIDATES:
            some = nlargest(_CANDIDATES, some, key=counts.__getitem__)
        found |= dict.fromkeys(some)
    return list(found)


def _hit(book: Directory, kind: str, place: int, text: str, deals: int) -> Hit | None:
    """How near a record comes to a text; None for what readers cannot see."""
    if not deals and kind in _ONLY_WITH_DEALS:
        return None
    entry = book.sections[kind].entries[place]
    nearness, alias = _nearness(text, entry)
    if nearness == Nearness.SAME and kind == "country" and not alias and len(text) == 2:
        # Two letters begin many a word before they are a country's code.
        nearness = Nearness.OTHER_NAME_BEGINS
    likeness = 0.0
    if nearness == Nearness.ALIKE:
        likeness = max(_likeness(text, plain(one)) for one in (entry.name, *entry.others))
    return Hit(
        KINDS[kind], entry.key, entry.name, nearness, deals, likeness, alias, entry.details, text
    )


def _public(kind: str, places: list[int], counts: Mapping[int, int]) -> list[int]:
    """Those that readers can see, in the same order."""
    if kind not in _ONLY_WITH_DEALS:
        return places
    return [place for place in places if counts[place]]


_ONLY_WITH_DEALS: Final = frozenset({"bloc", "company", "event"})
"""A bloc has no page, only deals; the others are public by a deal that names them."""


def _nearness(text: str, entry: Entry) -> tuple[Nearness, str]:
    """How near a record comes, and the other name that makes it so near."""
    words = text.split()
    found, alias = Nearness.ALIKE, ""
    for place, one in enumerate((entry.name, *entry.others)):
        known = plain(one)
        if known == text:
            nearness = Nearness.SAME
        elif known.startswith(text):
            nearness = Nearness.OTHER_NAME_BEGINS if place else Nearness.BEGINS
        elif _begin_words(words, known):
            nearness = Nearness.WORDS_BEGIN
        else:
            continue
        if nearness < found:
            found, alias = nearness, one if place else ""
    if found > Nearness.SAME and text in {plain(code) for code in entry.codes if code}:
        return Nearness.SAME, ""
    return found, alias


def _likeness(one: str, other: str) -> float:
    """How many of the groups of three letters in both are the same, 0 to 1: as pg_trgm counts."""
    first, second = _trigrams(one), _trigrams(other)
    return len(first & second) / len(first | second) if first or second else 0


def _trigrams(text: str) -> set[str]:
    padded = (f"  {word} " for word in re.findall(r"\w+", text))
    return {word[at : at + 3] for word in padded for at in range(len(word) - 2)}


def _begin_words(words: Sequence[str], known: str) -> bool:
    """Each word typed begins a word of the name."""
    padded = f" {known.translate(GAPS)}"
    return all(f" {word.translate(GAPS)}" in padded for word in words)


# -- Deals ----------------------------------------------------------------------------------------


_DEAL: Final = ("key", "title", "status", "announced_on")
_TITLED_SO: Final = (
    f"search @@ to_tsquery('{CONFIG}', %s) OR starts_with(sort_title, %s)"
    " OR strpos(sort_title, %s) > 0"
)
_NEWEST_FIRST: Final = (*latest_first("announced_on"), "key")


def _deals(wanted: str) -> list[Hit]:
    """Deals whose title has the words or their beginnings, the latest first."""
    words = ["".join(c for c in word if c.isalnum()) for word in wanted.translate(GAPS).split()]
    words = [word for word in words if word]
    if not words:
        return []
    begun = _query(" & ".join(map(_begun, words)))
    current = Edition.objects.current().order_by()
    several = (
        current.order_by(*_NEWEST_FIRST).values("id", "search", "sort_title")[:_NEWEST],
        current.filter(search=begun).values("id", "search", "sort_title")[:_WITH_WORDS],
    )
    in_title = (" & ".join(f"{word}:*A" for word in words), wanted, f" {wanted}")
    statements: list[str] = []
    params: list[Any] = []
    for some in several:
        sql, given = some.query.sql_with_params()
        statements.append(f"SELECT id FROM ({sql}) AS one WHERE {_TITLED_SO}")
        params += (*given, *in_title)
    titled_so = RawSQL(" UNION ALL ".join(statements), params)
    rows = Edition.objects.filter(pk__in=titled_so).order_by(*_NEWEST_FIRST)
    hits = []
    for key, title, status, announced_on in rows.values_list(*_DEAL)[:_CANDIDATES]:
        known = plain(title)
        if known == wanted:
            nearness = Nearness.SAME
        elif known.startswith(wanted):
            nearness = Nearness.BEGINS
        else:
            nearness = Nearness.WORDS_BEGIN
        hits.append(_deal(key, title, status, announced_on, nearness, wanted))
    return hits


def _deals_alike(wanted: str) -> list[Hit]:
    """Deals whose title has words that look like those typed, the likest first."""
    rows = (
        Edition.objects.current()
        .annotate(like=TrigramWordSimilarity(wanted, F("sort_title")))
        .filter(search_names__trigram_word_similar=wanted, like__gte=_TITLE_LIKE_ENOUGH)
        .order_by("-like", *_NEWEST_FIRST)[:DEALS_SHOWN]
        .values_list(*_DEAL)
    )
    return [
        _deal(key, title, status, announced_on, Nearness.ALIKE, wanted)
        for key, title, status, announced_on in rows
    ]


def _deal(
    key: str, title: str, status: str, announced_on: Any, nearness: Nearness, wanted: str
) -> Hit:
    details = (status, str(announced_on or ""))
    return Hit(KINDS["deal"], key, title, nearness, 0, 0, "", details, wanted)


def _query(text: str) -> SearchQuery:
    return SearchQuery(text, config=CONFIG, search_type="raw")


def _begun(word: str) -> str:
    """A query for words that begin so, or that may be meant to end in one of `_ENDINGS`.

    The stem of a word half typed is not the beginning of the whole word's: “minin”, “mine”.
    """
    whole = {
        f"{word}{ending[typed:]}"
        for ending in _ENDINGS
        for typed in range(1, len(ending))
        if word.endswith(ending[:typed]) and len(word) > typed
    }
    return f"({' | '.join([f'{word}:*', *sorted(whole)])})"


_ENDINGS: Final = (
    *("ing", "ed", "es", "ies", "er", "ers", "ly", "al", "ical", "ic", "ity", "ness"),
    *("ment", "ments", "ation", "ations", "ion", "ions", "ance", "ence", "able", "ive"),
)
