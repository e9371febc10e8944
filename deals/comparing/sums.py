"""What a country and a mineral are both compared by: their deals counted, and the money in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q

from config.lib.words import count_in_words, money_in_words
from deals.codes import BINDING_STATUSES, Rung
from deals.comparing.facts import NONE, Cell, Fact, FactGroup, counted, ladder_facts, words
from deals.models.edition import EditionQuerySet
from deals.portfolios import Headlines, PortfolioLadder, headlines_of, ladder_of
from deals.reading import Clock
from minerals.models import Measure

LISTED: Final = 6
"""Names that a cell lists before it counts the rest."""
VERBS: Final[dict[str, str]] = {
    Measure.MINE_PRODUCTION: "mined",
    Measure.REFINERY_PRODUCTION: "refined",
    Measure.RESERVES: "reserves",
}


@dataclass(frozen=True)
class Sums:
    """Deals of one side: how many, how many of a kind, their ladder and their headline values."""

    counts: Mapping[str, int]
    """``deals``, and of these ``binding``, ``stale`` and ``disputed``."""
    ladder: PortfolioLadder
    headlines: Headlines


def sums_of(editions: EditionQuerySet, clock: Clock) -> Sums:
    """In four queries."""
    counts = editions.aggregate(
        deals=Count("pk"),
        binding=Count("pk", filter=Q(status__in=BINDING_STATUSES)),
        stale=Count("pk", filter=clock.stale()),
        disputed=Count("pk", filter=Q(is_disputed=True)),
    )
    ladder = ladder_of(editions, clock, deal_count=counts["deals"])
    return Sums(counts, ladder, headlines_of(editions))


def deals_counted(sums: Sequence[Sums], label: str) -> Iterator[Fact]:
    """How many deals each side has, as ``label``, and how many of these are of a kind."""
    for name, words_of_it in (
        ("deals", label),
        ("binding", "Of these binding"),
        ("stale", "Of these stale"),
        ("disputed", "Of these disputed"),
    ):
        yield Fact(words_of_it, tuple(words(str(one.counts[name])) for one in sums))


def headline_fact(sums: Sequence[Sums], label: str) -> Fact:
    """The sum of the headline values that count, and of how many deals they are."""
    return Fact(label, tuple(_headline(one.headlines) for one in sums))


def _headline(headlines: Headlines) -> Cell:
    if headlines.usd is None:
        return words("none stated")
    return words(f"{money_in_words(headlines.usd)} in {count_in_words(headlines.deals, 'deal')}")


def money_group(sums: Sequence[Sums]) -> FactGroup:
    """The ladders of all sides, rung by rung."""
    labels = {rung.value: str(rung.label) for rung in Rung}
    return ladder_facts([one.ladder for one in sums], labels)


def named(counts: Mapping[str, int], names: Mapping[str, str]) -> Cell:
    """What has most deals first, by name; what ``names`` does not know is left out."""
    found = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    return counted(((names[code], deals) for code, deals in found if code in names), LISTED)


def listed(titles: Sequence[str]) -> Cell:
    """The first titles, and how many more there are."""
    more = len(titles) - LISTED
    return words(*titles[:LISTED], f"and {more} more" if more > 0 else None, empty=NONE)
