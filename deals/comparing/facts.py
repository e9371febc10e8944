"""What every comparison is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from config.lib.words import count_in_words, money_in_words
from deals.portfolios import PortfolioLadder

FEWEST: Final = 2
MOST: Final = 4
UNKNOWN: Final = "not known"
NONE: Final = "none on record"


@dataclass(frozen=True, slots=True)
class Cell:
    """One fact of one record: lines of words, and what a page can draw in their place."""

    words: tuple[str, ...] = ()
    look: str = ""
    """How it is drawn: status, stage, places, minerals; empty: as words."""
    drawn: Any = None
    empty: str = UNKNOWN

    @property
    def text(self) -> str:
        """In one line, for a file; empty where there is nothing to say."""
        return "; ".join(self.words)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of all records, in their order."""

    label: str
    cells: tuple[Cell, ...]
    rung: str = ""
    """The rung whose money it is, to be drawn beside its name."""

    @property
    def differs(self) -> bool:
        """Whether two records differ in it."""
        return len({cell.words for cell in self.cells}) > 1

    @property
    def is_empty(self) -> bool:
        """No record has anything to say."""
        return not any(cell.words for cell in self.cells)


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts that belong together."""

    label: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """One record: its name and page."""

    key: str
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Records side by side."""

    heads: tuple[Head, ...]
    groups: tuple[FactGroup, ...]

    @property
    def differing(self) -> int:
        """Facts in which two records differ."""
        return sum(fact.differs for group in self.groups for fact in group.facts)

    @property
    def count(self) -> int:
        """All facts."""
        return sum(len(group.facts) for group in self.groups)

    def only_differences(self) -> Comparison:
        """Without the facts in which all records are the same."""
        groups = (
            replace(group, facts=tuple(fact for fact in group.facts if fact.differs))
            for group in self.groups
        )
        return replace(self, groups=tuple(group for group in groups if group.facts))


def group_of[Record](
    label: str,
    records: Sequence[Record],
    *facts: tuple[str, Callable[[Record], Cell]],
    keeps_unknown: bool = False,
) -> FactGroup:
    """A group whose facts are each told by a function of a record.

    What is unknown of all records is left out, unless that itself is to be said.
    """
    made = (Fact(name, tuple(map(cell_of, records))) for name, cell_of in facts)
    return FactGroup(label, tuple(fact for fact in made if keeps_unknown or not fact.is_empty))


def words(*lines: str | None, empty: str = UNKNOWN) -> Cell:
    """A cell of lines; empty ones are left out."""
    return Cell(tuple(line for line in lines if line), empty=empty)


def ladder_facts(ladders: Sequence[PortfolioLadder], labels: dict[str, str]) -> FactGroup:
    """The money of several portfolios, rung by rung. Rungs are never added together."""
    return FactGroup(
        "Money by rung",
        (
            *(
                Fact(label, tuple(_rung(ladder, rung) for ladder in ladders), rung)
                for rung, label in labels.items()
            ),
            Fact(
                "Deals without financing on record",
                tuple(
                    words(f"{ladder.without_financing} of {ladder.deal_count}")
                    for ladder in ladders
                ),
            ),
        ),
    )


def _rung(ladder: PortfolioLadder, rung: str) -> Cell:
    usd, deals, unknown = ladder.usd[rung], ladder.deals[rung], ladder.unknown[rung]
    if not deals:
        return words("nothing")
    sum_words = money_in_words(usd) if usd is not None else "in no sum"
    also = f", {count_in_words(unknown, 'line')} of unknown amount" if unknown else ""
    return words(f"{sum_words} in {count_in_words(deals, 'deal')}{also}")


def counted(items: Iterable[tuple[str, int]], limit: int) -> Cell:
    """Names with numbers, the first few: “Uranium 16”."""
    listed = [f"{name} {number}" for name, number in items]
    more = len(listed) - limit
    return words(*listed[:limit], f"and {more} more" if more > 0 else None, empty=NONE)
