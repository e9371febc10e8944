"""What is asked for, chosen from the data itself and always the same: pairs, words, keys.

A *pair* is a country and a mineral that deals have in common. The hottest have the most deals.
Typical is the pair of a deal drawn at random. Middling ones are the hard case for a planner: too
many deals to look each up, too few to walk all in order until a page is full.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final
from urllib.parse import urlencode

import psycopg

from deals.codes import Cause
from tests.benchmarks import synthetic

SEED: Final = 20_260_105
HOTTEST: Final = 5
TYPICAL: Final = 12
MIDDLING: Final = 24
WORST: Final = 4
"""So many of the middling pairs are measured: those that took longest when tried."""
MIDDLING_SHARES: Final = (0.001, 0.01)
KEYS: Final = 40

CURRENT: Final = (
    "upper_inf(period) AND cause NOT IN ("
    + ", ".join(f"'{cause}'" for cause in map(str, Cause.hidden()))
    + ")"
)
"""What `EditionQuerySet.current` asks for."""


@dataclass(frozen=True, order=True)
class Pair:
    """A country and a mineral, and how many deals have both."""

    count: int
    country: str
    mineral: str

    @property
    def query(self) -> str:
        return urlencode({"country": self.country, "mineral": self.mineral})


@dataclass(frozen=True)
class Choice:
    """The parameters of one database."""

    deals: int
    typical: Sequence[Pair]
    middling: Sequence[Pair]
    hottest: Sequence[Pair]
    countries: Sequence[str]
    """The countries with the most deals."""
    keys: Sequence[str]
    rare: Sequence[str]
    """Words of few deals."""
    common: Sequence[str]
    """Words of many."""
    typed: Sequence[str]
    """What somebody may have typed so far."""


def choose(connection: psycopg.Connection) -> Choice:
    """What to ask for in a database of synthetic deals."""
    pairs = [
        Pair(count, country, mineral)
        for country, mineral, count in connection.execute(
            "SELECT country, mineral, count(*) FROM deals_edition,"
            " unnest(countries) AS country, unnest(minerals) AS mineral"
            f" WHERE {CURRENT} AND country ~ '^[A-Z]{{2}}$' GROUP BY 1, 2"
        )
    ]
    deals = _number(connection, f"SELECT count(*) FROM deals_edition WHERE {CURRENT}")
    chance = random.Random(SEED)
    keys = [f"synthetic-n{chance.randrange(deals):07}" for _ in range(KEYS)]
    return Choice(
        deals=deals,
        typical=typical(pairs),
        middling=middling(pairs, deals),
        hottest=sorted(pairs, reverse=True)[:HOTTEST],
        countries=_countries(pairs),
        keys=keys,
        rare=[*synthetic.RARE_WORDS, *(f"n{chance.randrange(deals):07}" for _ in range(8))],
        common=synthetic.WORDS[:12],
        typed=["li", "lith", "casp", "altai", "nick", "kaz", "company", "everest met"],
    )


def typical(pairs: Sequence[Pair]) -> list[Pair]:
    """Pairs around the one that a deal drawn at random has: half of all lie in larger ones."""
    ordered = sorted(pairs)
    sums = list(accumulate(pair.count for pair in ordered))
    middle = next(place for place, total in enumerate(sums) if 2 * total >= sums[-1])
    first = max(0, min(middle - TYPICAL // 2, len(ordered) - TYPICAL))
    return ordered[first : first + TYPICAL]


def middling(pairs: Sequence[Pair], deals: int) -> list[Pair]:
    """Pairs with between a thousandth and a hundredth of all deals, drawn from all sizes alike."""
    least, most = (share * deals for share in MIDDLING_SHARES)
    within = sorted(pair for pair in pairs if least <= pair.count <= most)
    if len(within) <= MIDDLING:
        return within
    return [within[place * len(within) // MIDDLING] for place in range(MIDDLING)]


def _countries(pairs: Sequence[Pair]) -> list[str]:
    totals: dict[str, int] = {}
    for pair in pairs:
        totals[pair.country] = totals.get(pair.country, 0) + pair.count
    return sorted(totals, key=lambda country: (-totals[country], country))[:HOTTEST]


def _number(connection: psycopg.Connection, statement: str) -> int:
    row: Any = connection.execute(statement.encode()).fetchone()
    return int(row[0])
