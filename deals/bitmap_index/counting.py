"""The counts of a selection from bitmaps: the same as `deals.tallying` asks of the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from deals.bitmap_index import bits
from deals.bitmap_index.bits import Bits, Flags, Rows
from deals.bitmap_index.columns import RANKS
from deals.bitmap_index.conditions import LINE, line_holds, plan_of
from deals.bitmap_index.counts import Chosen
from deals.bitmap_index.growing import Codes, different
from deals.bitmap_index.keeping import Held
from deals.counted import HeldCounts, Tally, ValueCount
from deals.facet_list import FACETS, Facet
from deals.money import RUNG_RANK
from deals.questions import ANNOUNCED, WORTH, Question, flag

type Numbers = NDArray[np.int64]

_MOST_YEARS: Final = 10_000
_MOST_PAIRS: Final = 32_000_000


class Unanswerable(Exception):
    """The columns cannot tell: the database must."""


def count(question: Question, held: Held) -> Tally:
    """What `question` asks for. Raises Unanswerable where only the database can tell."""
    return _Counting(question, held).tally()


class _Counting:
    def __init__(self, question: Question, held: Held) -> None:
        self.question = question
        self.held = held
        self.snapshot = held.snapshot
        self.always = held.masks.all_of(question.always(), held.snapshot)
        self.passing = {reason: self.mask(q) for reason, q in question.reasons.items()}
        self.chosen: dict[frozenset[str], Chosen] = {}
        self.fitting: dict[frozenset[str], Flags] = {}

    def tally(self) -> Tally:
        question = self.question
        years, undated = self.years() if question.has_years else ({}, 0)
        within = self.left(question.reasons_but(WORTH))
        return Tally(
            {name: self.values(name) for name in question.names},
            unknown={
                name: self.both(
                    self.left(question.reasons_of_unknown(name)), question.is_empty(name)
                ).count
                for name in question.unknown
            },
            undated=undated,
            years=years,
            bands=[self.both(within, question.is_within(band)).count for band in question.bands],
            found=self.left(question.reasons_but(())).count,
            total=self.snapshot.total,
        )

    # -- Which rows --

    def mask(self, condition: Q) -> Bits:
        return self.held.masks.of(condition, self.snapshot)

    def left(self, reasons: Iterable[str]) -> Chosen:
        """The rows that none of `reasons` leaves out."""
        key = frozenset(reasons)
        chosen = self.chosen.get(key)
        if chosen is None:
            left = self.always
            for reason in key:
                left = left & self.passing[reason]
            chosen = self.chosen[key] = Chosen(left, self.snapshot)
        return chosen

    def both(self, chosen: Chosen, condition: Q) -> Chosen:
        return Chosen(chosen.bits & self.mask(condition), self.snapshot)

    # -- Counts --

    def years(self) -> tuple[dict[int, int], int]:
        """Deals by year, and those without one."""
        column = self.snapshot.numbers["year"]
        found = self.held.counts.of(
            "year",
            lambda rows: np.bincount(column[rows], minlength=_MOST_YEARS),
            self.left(self.question.reasons_but(ANNOUNCED)),
        )
        years = {int(year): int(found[year]) for year in np.flatnonzero(found)}
        undated = years.pop(0, 0)
        return years, undated

    def values(self, name: str) -> Mapping[str, ValueCount]:
        """The values of a facet."""
        facet = FACETS[name]
        left = self.left(self.question.reasons_but(self.question.own_reasons(name)))
        excluding = self.passing.get(f"{name}__not")
        kept = left if excluding is None else Chosen(left.bits & excluding, self.snapshot)
        others = [one for one in self.question.together if one != name] if facet.in_lines else []
        if facet.shape == "flag":
            found = self.flags(name, left)
            return _both(found, found if kept is left else self.flags(name, kept))
        if facet.shape == "rung":
            found = self.rungs(others, left)
            return _both(found, found if kept is left else self.rungs(others, kept))
        codes = (self.snapshot.lines if others else self.snapshot).codes[facet.column]
        left_out = self.codes(facet, others, left)
        counts = left_out if kept is left else self.codes(facet, others, kept)
        some = np.flatnonzero(left_out)
        if facet is FACETS["bloc"]:
            some = some[[codes.values[code] in self.held.names.blocs for code in some.tolist()]]
        columns = some, counts[some], left_out[some]
        if facet.names != "company":
            return HeldCounts(codes.values, codes.places, *columns)
        named = partial(self.held.names.companies_of, facet.column, codes.values, codes.size)
        held = HeldCounts(codes.values, codes.places, *columns, named)
        return self.folded(held, codes, others, kept, left)

    def flags(self, name: str, chosen: Chosen) -> dict[str, int]:
        """Chosen deals that are so, and those that are not."""
        is_so = self.both(chosen, flag(self.question.filterset, name)).count
        found = {"true": is_so, "false": chosen.count - is_so}
        return {value: count for value, count in found.items() if count}

    def codes(self, facet: Facet, others: Sequence[str], chosen: Chosen) -> Numbers:
        """Chosen deals by the number of the value; on lines that are as `others` ask."""
        if others:
            codes = self.snapshot.lines.codes[facet.column]
            return self.distinct(codes, self.lines(others, chosen))
        codes = self.snapshot.codes[facet.column]
        return self.held.counts.of(facet.column, codes.count, chosen)

    def folded(
        self, counts: HeldCounts, codes: Codes, others: Sequence[str], kept: Chosen, left: Chosen
    ) -> Mapping[str, ValueCount]:
        """Companies, each with those that were merged into it: a deal may name both."""
        merged = self.held.names.merged
        groups: dict[str, list[str]] = {}
        for slug in merged.keys() & codes.places.keys():
            if slug in counts:
                groups.setdefault(merged[slug], []).append(slug)
        if not groups:
            return counts
        found = counts.as_dict()
        for successor, slugs in groups.items():
            for slug in slugs:
                del found[slug]
            found[successor] = ValueCount(
                *(self.having(codes, [successor, *slugs], others, one) for one in (kept, left))
            )
        return found

    def having(
        self, codes: Codes, values: Sequence[str], others: Sequence[str], chosen: Chosen
    ) -> int:
        """How many chosen deals have any of `values`; on a line that is as `others` ask."""
        flags = codes.having(values)
        if not others:
            return bits.count_of(bits.packed(flags) & chosen.bits)
        lines = self.lines(others, chosen)
        return len(different(self.snapshot.lines.editions[lines[flags[lines]]]))

    # -- Lines --

    def lines(self, names: Sequence[str], chosen: Chosen) -> Rows:
        """Lines of the chosen deals that meet what these parameters ask of a line."""
        key = frozenset(names)
        flags = self.fitting.get(key)
        if flags is None:
            for name in names:
                plan = plan_of(self.question.line_condition(name), LINE)
                if plan is None:
                    raise Unanswerable
                held = line_holds(plan, self.snapshot)
                flags = held if flags is None else flags & held
            assert flags is not None
            self.fitting[key] = flags
        lines = np.flatnonzero(flags)
        is_chosen = bits.unpacked(chosen.bits, self.snapshot.length)
        kept: Rows = lines[is_chosen[self.snapshot.lines.editions[lines]]]
        return kept

    def distinct(self, codes: Codes, lines: Rows) -> Numbers:
        """How many deals have each value on one of `lines`."""
        editions = self.snapshot.lines.editions[lines]
        is_like_next = np.zeros(len(lines) + 1, np.bool_)
        is_like_next[1:-1] = editions[1:] == editions[:-1]
        is_one_of_several = (is_like_next[1:] | is_like_next[:-1])[: len(lines)]
        # Most deals have one such line. Of the others a value counts once.
        found = codes.count(lines[~is_one_of_several])
        several = lines[is_one_of_several]
        sets = several if codes.of_row is None else codes.of_row[several]
        values, lengths = codes.of_sets(sets)
        size = max(1, codes.size)
        runs = np.cumsum(np.diff(editions[is_one_of_several], prepend=-1) != 0) - 1
        pairs: NDArray[Any] = np.repeat(runs, lengths) * size + values
        room = (int(runs[-1]) + 1) * size if len(runs) else 0
        if room < _MOST_PAIRS:
            # A flag for each pair that there can be is quicker than to put pairs in order.
            flags = np.zeros(room, np.bool_)
            flags[pairs] = True
            pairs = np.flatnonzero(flags)
        else:
            pairs = different(pairs)
        return found + np.bincount(pairs % size, minlength=codes.size)

    def rungs(self, others: Sequence[str], chosen: Chosen) -> dict[str, int]:
        """Deals by rung, each counting the firmer ones too, as its filter does."""
        if not others:
            ranks = self.snapshot.numbers["rank"]
            by_rank = self.held.counts.of(
                "rank", lambda rows: np.bincount(ranks[rows], minlength=RANKS + 1), chosen
            )
        else:
            lines = self.lines(others, chosen)
            editions = self.snapshot.lines.editions[lines]
            starts = np.flatnonzero(np.diff(editions, prepend=-1))
            highest = self.snapshot.lines.numbers["rank"][lines]
            if len(lines):
                highest = np.maximum.reduceat(highest, starts)
            by_rank = np.bincount(highest, minlength=RANKS + 1)
        at_least = np.cumsum(by_rank[::-1])[::-1]
        return {rung: int(at_least[rank]) for rung, rank in RUNG_RANK.items() if at_least[rank]}


def _both(left_out: Mapping[str, int], counts: Mapping[str, int]) -> dict[str, ValueCount]:
    return {value: ValueCount(counts.get(value, 0), count) for value, count in left_out.items()}
