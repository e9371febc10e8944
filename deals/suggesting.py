"""What a reader may mean by a few letters: minerals, places, bodies, events and deals.

A name is found by how it begins, by the beginnings of its words, by another name or a code, and,
where nothing is found so, by likeness: “kazahstan” is Kazakhstan. What begins as typed comes
first, and of several such what has more deals. Only what readers can see anyhow is suggested.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, TrigramWordSimilarity
from django.db.models import (
    Case,
    CharField,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Greatest
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from config.lib.imprecise import latest_first
from config.lib.sorting import PlainNames
from countries.models import Bloc, Country
from deals.marking import beginnings, marked, plain
from deals.models import Company, Edition, Event
from deals.search import CONFIG, parse
from minerals.models import Mineral

LONGEST: Final = 200
SHOWN: Final = 4
DEALS_SHOWN: Final = 5
_CANDIDATES: Final = 24
_LEAST_LETTERS_INSIDE: Final = 3
"""Fewer letters are looked for at the beginning of a word only."""
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
    """What may be meant by ``text``, by kind, the nearest kind first; in two queries at most.

    ``kinds`` are names in `KINDS`; none means all.
    """
    wanted = plain(text)
    if not wanted:
        return []
    hits = records_like([wanted], kinds or KINDS) if set(kinds or KINDS) - {"deal"} else []
    if not kinds or "deal" in kinds:
        hits += _deals(wanted)
    groups: dict[str, Group] = {}
    for hit in sorted(_right_ones(hits), key=lambda hit: hit.order):
        group = groups.setdefault(hit.kind.group, Group(hit.kind.many, []))
        if len(group.hits) < (DEALS_SHOWN if hit.kind.name == "deal" else SHOWN):
            group.hits.append(hit)
    return list(groups.values())


def records_named(text: str, *, most: int = 6) -> list[Hit]:
    """Records that a search names, whole or in part, deals apart: for a line over its results.

    “tungsten kazakhstan” names a mineral and a country. In one query, or none.
    """
    terms = [plain(t.text) for terms in parse(text) for t in terms if not t.is_negated]
    terms = [term for term in terms if term and (len(terms) == 1 or term not in SKIPPED)]
    terms = terms[:_MOST_PARTS]
    if not terms:
        return []
    whole = " ".join(terms)
    parts = {*terms, *(f"{first} {second}" for first, second in pairwise(terms))} - {whole}
    hits = [
        hit
        for hit in records_like([whole, *sorted(parts)], KINDS)
        if hit.nearness == Nearness.SAME
        or (hit.wanted == whole and (hit.nearness < Nearness.ALIKE or hit.likeness >= _SURELY_LIKE))
    ]
    named = {
        (hit.kind.name, hit.key): hit
        for hit in sorted(_right_ones(hits), key=lambda hit: hit.order, reverse=True)
    }
    return sorted(named.values(), key=lambda hit: hit.order)[:most]


def _right_ones(hits: list[Hit]) -> list[Hit]:
    """Those that have what was typed, or where there are none those that look most like it."""
    least = max((hit.likeness for hit in hits), default=0) - _NEARLY_AS_LIKE
    right = [hit for hit in hits if hit.nearness < Nearness.ALIKE]
    return right or [hit for hit in hits if hit.likeness >= least or hit.kind.name == "deal"]


def _marked(name: str, wanted: str) -> SafeString:
    spans = beginnings(name, wanted)
    return marked(name, spans) if spans else conditional_escape(name)


# -- Records with names ---------------------------------------------------------------------------


class _Array(Func):
    """An array of texts."""

    template = "ARRAY[%(expressions)s]::text[]"
    output_field = ArrayField(TextField())


class _Joined(Func):
    """Several arrays as one."""

    function = "array_cat"
    output_field = ArrayField(TextField())


_NONE: Final = Value([], output_field=ArrayField(TextField()))
_COLUMNS: Final = (
    "found_kind",
    "found_key",
    "found_name",
    "others",
    "codes",
    "details",
    "deal_count",
)


def _texts(name: str) -> Cast:
    return Cast(name, ArrayField(TextField()))


def _deals_with(column: str, key: str) -> Any:
    """How many current editions have the record's key in a column."""
    editions = Edition.objects.current().order_by()
    if column == "event":
        editions = editions.filter(event=OuterRef(key))
    else:
        editions = editions.filter(**{f"{column}__contains": _Array(OuterRef(key))})
    count = Func(F("pk"), function="COUNT", output_field=IntegerField())
    return Subquery(editions.annotate(n=count).values("n"))


def _minerals() -> QuerySet[Any, Any]:
    minerals: QuerySet[Any, Any] = Mineral.objects.annotate(
        others=_texts("aliases"),
        codes=_Array("symbol"),
        details=_Array("short_form", "category"),
        found_key=F("slug"),
        deal_count=_deals_with("minerals", "slug"),
    )
    return minerals


def _countries() -> QuerySet[Any, Any]:
    return Country.objects.annotate(
        others=_Joined(_texts("aliases"), _Array("official_name", "iso_name")),
        codes=_Array("iso3", "iso2"),
        details=_NONE,
        found_key=F("iso2"),
        deal_count=_deals_with("countries", "iso2"),
    )


def _blocs() -> QuerySet[Any, Any]:
    return Bloc.objects.annotate(
        others=_Array("short_name"),
        codes=_Array("key"),
        details=_NONE,
        found_key=F("key"),
        deal_count=_deals_with("countries", "key"),
    )


def _companies() -> QuerySet[Any, Any]:
    companies: QuerySet[Any, Any] = Company.objects.public().annotate(
        others=_texts("aliases"),
        codes=_NONE,
        details=_Array("type"),
        found_key=F("slug"),
        deal_count=_deals_with("companies", "slug"),
    )
    return companies


def _events() -> QuerySet[Any, Any]:
    events: QuerySet[Any, Any] = Event.objects.public().annotate(
        others=_NONE,
        codes=_NONE,
        details=_NONE,
        found_key=F("key"),
        deal_count=_deals_with("event", "key"),
    )
    return events


_SOURCES: Final[dict[str, Callable[[], QuerySet[Any, Any]]]] = {
    "mineral": _minerals,
    "country": _countries,
    "bloc": _blocs,
    "company": _companies,
    "event": _events,
}


def records_like(texts: Sequence[str], kinds: Iterable[str]) -> list[Hit]:
    """Records whose names have, or look like, one of ``texts``; one hit a record and text."""
    parts = [_candidates(name, texts) for name in kinds if name in _SOURCES]
    if not parts:
        return []
    rows = parts[0].union(*parts[1:], all=True).order_by() if len(parts) > 1 else parts[0]
    hits = []
    for kind, key, name, others, codes, details, deals in rows:
        if kind == "bloc" and not deals:
            continue  # It has no page, only deals.
        for text in texts:
            nearness, alias = _nearness(text, name, others, codes)
            if nearness == Nearness.SAME and kind == "country" and not alias and len(text) == 2:
                # Two letters begin many a word before they are a country's code.
                nearness = Nearness.OTHER_NAME_BEGINS
            likeness = 0.0
            if nearness == Nearness.ALIKE:
                likeness = max(_likeness(text, plain(one)) for one in (name, *others))
                if likeness < _LIKE_ENOUGH:
                    continue
            hits.append(
                Hit(KINDS[kind], key, name, nearness, deals, likeness, alias, details, text)
            )
    return hits


def _candidates(kind: str, texts: Sequence[str]) -> QuerySet[Any, Any]:
    names = PlainNames(F("name"), _names_column(kind))
    begins = reduce(or_, (Q(names__startswith=t) | Q(names__contains=f" {t}") for t in texts))
    wanted = begins
    for text in texts:
        wanted |= Q(names__trigram_word_similar=text) | Q(names__trigram_strict_word_similar=text)
        if len(text) >= _LEAST_LETTERS_INSIDE:
            wanted |= Q(names__contains=text)
        wanted |= Q(codes__contains=[text.upper()]) | Q(codes__contains=[text])
        wanted |= Q(codes__contains=[text.capitalize()])
    rows = (
        _SOURCES[kind]()
        .annotate(names=names, found_kind=Value(kind, CharField()), found_name=F("name"))
        .filter(wanted)
        .annotate(
            begins=Case(When(begins, then=1), default=0, output_field=IntegerField()),
            likest=Greatest(*(TrigramWordSimilarity(text, names) for text in texts), Value(0.0)),
        )
    )
    rows = rows.order_by("-begins", "-likest", "-deal_count", "found_key")[:_CANDIDATES]
    chosen: QuerySet[Any, Any] = rows.values_list(*_COLUMNS)
    return chosen


def _names_column(kind: str) -> Any:
    # Companies are looked up in an index, which is of exactly this.
    match kind:
        case "company" | "mineral":
            return F("aliases")
        case _:
            return F("others")


def _nearness(
    text: str, name: str, others: Sequence[str], codes: Sequence[str]
) -> tuple[Nearness, str]:
    """How near a record comes, and the other name that makes it so near."""
    words = text.split()
    found, alias = Nearness.ALIKE, ""
    for place, one in enumerate((name, *others)):
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
    if found > Nearness.SAME and text in {plain(code) for code in codes if code}:
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
    padded = f" {known.translate(_GAPS)}"
    return all(f" {word.translate(_GAPS)}" in padded for word in words)


_GAPS: Final = str.maketrans(dict.fromkeys("-–—/()+.,’'\"«»“”„‹›", " "))


# -- Deals ----------------------------------------------------------------------------------------


def _deals(wanted: str) -> list[Hit]:
    """Deals by their title, the latest first."""
    words = ["".join(c for c in word if c.isalnum()) for word in wanted.translate(_GAPS).split()]
    words = [word for word in words if word]
    if not words:
        return []
    begun = SearchQuery(
        " & ".join(f"{word}:*A" for word in words), config=CONFIG, search_type="raw"
    )
    like = TrigramWordSimilarity(wanted, F("sort_title"))
    # The stem of a word half typed is not the beginning of the whole word's: “minin”, “mine”.
    begins = f" {wanted}"
    has = (
        Q(search=begun)
        | Q(search_names__startswith=wanted)
        | Q(search_names__contains=begins, sort_title__contains=begins)
    )
    rows = (
        Edition.objects.current()
        .annotate(
            has=Case(When(has, then=1), default=0, output_field=IntegerField()),
            like=Case(When(has, then=0.0), default=like, output_field=FloatField()),
        )
        .filter(has | Q(search_names__trigram_word_similar=wanted, like__gte=_TITLE_LIKE_ENOUGH))
        .order_by("-has", "-like", *latest_first("announced_on"), "key")[:_CANDIDATES]
        .values_list("key", "title", "status", "announced_on", "has")
    )
    hits = []
    for key, title, status, announced_on, has_it in rows:
        known = plain(title)
        if known == wanted:
            nearness = Nearness.SAME
        elif known.startswith(wanted):
            nearness = Nearness.BEGINS
        else:
            nearness = Nearness.WORDS_BEGIN if has_it else Nearness.ALIKE
        details = (status, str(announced_on or ""))
        hits.append(Hit(KINDS["deal"], key, title, nearness, 0, 0, "", details, wanted))
    return hits
