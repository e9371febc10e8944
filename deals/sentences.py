"""A selection of deals as a sentence: “Signed tungsten or antimony deals hosted in Kazakhstan”.

Written from what the filter set has cleaned. Adjectives stand before “deals”, all else behind, in
the order of the filters. Codes are written small, names as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from config.lib.words import money_in_words
from deals.facet_list import FACETS
from deals.labels import in_sentence

type Label = Callable[[str, str], str]
"""The word for a value, by filter (without suffix) and code."""

SUFFIXES: Final = ("__not", "__all", "__empty")
MOST_WORDS: Final = 4

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "country": ("involving {}", "not involving {}"),
    "host": ("hosted in {}", "not hosted in {}"),
    "partner": ("with {} as partner", "without {} as partner"),
    "party_country": ("with a party from {}", "without a party from {}"),
    "bloc": ("involving {}", "not involving {}"),
    "mineral": ("covering {}", "without {}"),
    "company": ("with {} as party or provider", "without {} as party or provider"),
    "event": ("announced at {}", "not announced at {}"),
    "kind": ("of the kinds {}", "not of the kind {}"),
    "status": ("that are {}", "that are not {}"),
    "stage": ("whose project is {}", "whose project is not {}"),
    "supply_chain_stage": ("about {}", "not about {}"),
    "confidence": ("of {} confidence", "not of {} confidence"),
    "provider": ("with money from {}", "without money from {}"),
    "provider_country": ("with a provider from {}", "without a provider from {}"),
    "instrument": ("financed by {}", "not financed by {}"),
    "rung": ("with money {}", "without money {}"),
}
"""How a choice is said, and how its opposite."""

UNKNOWN: Final[dict[str, tuple[str, str]]] = {
    "mineral": ("of minerals not specified", "of specified minerals"),
    "party_country": ("with parties of unknown home", "with parties of known home"),
    "event": ("announced at no event on record", "announced at an event on record"),
    "stage": ("whose project’s stage is not known", "whose project’s stage is known"),
    "provider": ("with no provider of money on record", "with a provider of money on record"),
    "instrument": ("with no financing on record", "with financing on record"),
    "rung": ("with no financing on record", "with financing on record"),
}
"""How “unknown” is said, and “known”; other filters say “with no partner on record”."""

FLAGS: Final[dict[str, tuple[str, str]]] = {
    "disputed": ("with disputed facts", "without disputed facts"),
    "stale": ("gone stale", "that are not stale"),
    "counts_toward_total": (
        "whose value counts toward totals",
        "whose value does not count toward totals",
    ),
    "has_value": ("with a stated value", "without a stated value"),
}

STATUSES: Final = {"mou_signed": "MoU-stage", "agreement_signed": "signed"}
"""Statuses whose label is no adjective."""

STAGES: Final = {
    "exploration": "in exploration",
    "feasibility": "in feasibility study",
    "permitting": "in permitting",
    "construction": "under construction",
    "commissioning": "in commissioning",
    "care_and_maintenance": "in care and maintenance",
}
GROUPS: Final = {
    "rare-earths": "rare-earth",
    "light-rare-earths": "light rare-earth",
    "heavy-rare-earths": "heavy rare-earth",
    "platinum-group-metals": "platinum-group",
}
"""Minerals whose name is a plural, before “deals”."""

WITH_ARTICLE: Final = ("United ", "European Union", "Netherlands", "Philippines", "Central Asia ")
"""Beginnings of names that a sentence gives an article."""

SPANS: Final = {
    "announced": ("announced_after", "announced_before"),
    "signed": ("signed_after", "signed_before"),
}


def base_of(name: str) -> str:
    """The filter that a companion belongs to: ``host`` of ``host__not``."""
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return name


def joined(words: list[str], last: str = "or") -> str:
    """“a, b or c”, and of many “a, b, c or 4 more”."""
    if len(words) > MOST_WORDS:
        kept = MOST_WORDS - 1
        words = [*words[:kept], f"{len(words) - kept} more"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def sentence_of(cleaned: Mapping[str, Any], label: Label) -> str:
    """The selection in words, without a full stop; “All deals” if nothing narrows it."""
    return _Sentence(cleaned, label).text()


def span_in_words(cleaned: Mapping[str, Any], what: str) -> str:
    """“since 2023”, “2023 to 2025”, “up to Jun 2024”, “in 2025”; empty without one."""
    since, until = (date.display() if (date := cleaned.get(name)) else "" for name in SPANS[what])
    if since and until:
        return f"in {since}" if since == until else f"{since} to {until}"
    if since:
        return f"since {since}"
    return f"up to {until}" if until else ""


def worth_in_words(cleaned: Mapping[str, Any]) -> str:
    """“$10m to $100m”, “$1bn or more”, “$10m or less”; empty without one."""
    low, high = (
        money_in_words(amount) if (amount := cleaned.get(name)) is not None else ""
        for name in ("min_usd", "max_usd")
    )
    if low and high:
        return low if low == high else f"{low} to {high}"
    if low:
        return f"{low} or more"
    return f"{high} or less" if high else ""


class _Sentence:
    def __init__(self, cleaned: Mapping[str, Any], label: Label) -> None:
        self.cleaned = cleaned
        self.label = label

    def text(self) -> str:
        head = " ".join([*self._adjectives(), "deals"])
        parts = list(self._parts())
        if not parts and head == "deals":
            return "All deals"
        head = f"{head[:1].upper()}{head[1:]}"
        return f"{head} {', '.join(parts)}" if parts else head

    # -- Before “deals” --

    def _adjectives(self) -> Iterator[str]:
        if "status" in self.cleaned:
            yield self._words("status")
        if "mineral" in self.cleaned:
            yield joined(
                [GROUPS.get(slug, self._word("mineral", slug)) for slug in self.cleaned["mineral"]]
            )
        if self._is_kind_before:
            yield self._words("kind")

    @property
    def _is_kind_before(self) -> bool:
        # “Tungsten or tin loan or offtake deals” could be read in several ways.
        kinds = self.cleaned.get("kind", {})
        return len(kinds) == 1 and "other" not in kinds

    # -- Behind it --

    def _parts(self) -> Iterator[str]:
        before = {"status", "mineral", *(["kind"] if self._is_kind_before else [])}
        for name, value in self.cleaned.items():
            if name not in before:
                yield from self._part(name, value)
        possibly = "possibly " if self.cleaned.get("dates") == "possible" else ""
        for what in SPANS:
            if words := span_in_words(self.cleaned, what):
                yield f"{possibly}{what} {words}"
        if words := worth_in_words(self.cleaned):
            yield f"worth {words}"

    def _part(self, name: str, value: Any) -> Iterator[str]:
        base = base_of(name)
        if name == "q":
            yield f"matching “{value}”"
        elif name in FLAGS:
            yield FLAGS[name][0 if value else 1]
        elif name.endswith("__empty"):
            word = base.replace("_", " ")
            known = UNKNOWN.get(base, (f"with no {word} on record", f"with a {word} on record"))
            yield known[0 if value else 1]
        elif name == "mineral__all":
            yield PHRASES[base][0].format(self._words(name, "and"))
        elif name == "rung" and "provider" in self.cleaned:
            # Said with the provider, since both hold of one line.
            return
        elif name == "provider" and "rung" in self.cleaned:
            yield f"{PHRASES[base][0].format(self._words(name))} {self._words('rung')}"
        elif isinstance(value, Mapping):
            phrase = PHRASES[base][1 if name.endswith("__not") else 0]
            yield phrase.format(self._words(name))

    def _words(self, name: str, last: str = "or") -> str:
        base, codes = base_of(name), list(self.cleaned[name])
        if base == "rung":
            # The loosest rung takes in the others.
            order = list(FACETS["rung"].names)  # type: ignore[arg-type]
            loosest = min(codes, key=order.index)
            word = self._word(base, loosest)
            return word if loosest == order[-1] else f"{word} or firmer"
        return joined([self._word(base, code) for code in codes], last)

    def _word(self, base: str, code: str) -> str:
        match base:
            case "status" if code in STATUSES:
                return STATUSES[code]
            case "stage" if code in STAGES:
                return STAGES[code]
        word = self.label(base, code)
        if FACETS[base].names == "place" and word.startswith(WITH_ARTICLE):
            return f"the {word}"
        is_code = isinstance(FACETS[base].names, type) or base == "mineral"
        return in_sentence(word) if is_code else word
