"""What counting a selection gives: deals by value, by year, by band, and what is unknown."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

type Band = Mapping[str, Decimal | bool]
"""What a value band asks for, by parameter."""


@dataclass(frozen=True, slots=True)
class ValueCount:
    """Deals with a value; `left_out`: those, if the facet excluded nothing."""

    count: int = 0
    left_out: int = 0


class HeldCounts(Mapping[str, ValueCount]):
    """Counts of many values as arrays, of which an object is made where one is asked for.

    ``codes`` are places in ``values``, of those with deals; the counts stand in the same order.
    """

    def __init__(
        self,
        values: Sequence[str],
        codes: NDArray[np.int64],
        counts: NDArray[np.int64],
        left_out: NDArray[np.int64],
    ) -> None:
        self._values = values
        self.codes = codes
        self.counts = counts
        self.left_out = left_out

    @cached_property
    def _made(self) -> dict[str, ValueCount]:
        columns = (self.codes.tolist(), self.counts.tolist(), self.left_out.tolist())
        values = self._values
        return {values[code]: ValueCount(a, b) for code, a, b in zip(*columns, strict=True)}

    def __getitem__(self, value: str) -> ValueCount:
        return self._made[value]

    def __iter__(self) -> Iterator[str]:
        return iter([self._values[code] for code in self.codes.tolist()])

    def __len__(self) -> int:
        return len(self.codes)

    def most(self, most: int) -> dict[str, ValueCount]:
        """The ``most`` largest counts, and those as large as the last of them."""
        if len(self.codes) <= most:
            return self._made
        least = np.partition(self.counts, -most)[-most]
        kept = self.counts >= least
        some = HeldCounts(self._values, self.codes[kept], self.counts[kept], self.left_out[kept])
        return some._made

    def some(self, values: Collection[str]) -> dict[str, ValueCount]:
        """The counts of these values, as far as they have any."""
        if not values:
            return {}
        return {value: one for value, one in self._made.items() if value in values}


@dataclass(frozen=True)
class Tally:
    """What was counted. A value without deals is not among the counts."""

    values: Mapping[str, Mapping[str, ValueCount]]
    unknown: Mapping[str, int] = field(default_factory=dict)
    """Deals whose value is not known, by facet."""
    years: Mapping[int, int] = field(default_factory=dict)
    """Deals by year of announcement."""
    undated: int = 0
    bands: Sequence[int] = ()
    found: int = 0
    """Deals that all parameters leave."""
    total: int = 0
    """Deals that there are at all, at the same time."""
