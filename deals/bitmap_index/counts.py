"""Counts and sums over selections of rows, where what is left out may be quicker to count."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deals.bitmap_index import bits
from deals.bitmap_index.bits import Bits, Rows
from deals.bitmap_index.columns import Snapshot

type Measure = Callable[[Rows], NDArray[Any]]
"""Counts or sums of some rows, such that those of two sets of rows add up."""


class Chosen:
    """Some of the current rows."""

    def __init__(self, of: Bits, snapshot: Snapshot) -> None:
        self.bits = of
        self.snapshot = snapshot

    @cached_property
    def count(self) -> int:
        return bits.count_of(self.bits)

    @cached_property
    def rows(self) -> Rows:
        return bits.rows_of(self.bits, self.snapshot.length)

    @cached_property
    def others(self) -> Rows:
        """The current rows that are not chosen."""
        return bits.rows_of(self.snapshot.alive & ~self.bits, self.snapshot.length)

    @property
    def is_most(self) -> bool:
        return self.count * 2 > self.snapshot.total


class Counts:
    """What was counted of all rows of one index, by the name of the measure."""

    def __init__(self) -> None:
        self._loaded: dict[Hashable, NDArray[Any]] = {}
        self.orders: dict[str, NDArray[np.int32]] = {}
        """Rows in the orders that were asked for; of those that were loaded."""

    def of(self, name: Hashable, measure: Measure, chosen: Chosen) -> NDArray[Any]:
        """The measure of the chosen rows. The same name must always stand for the same measure."""
        if not chosen.is_most:
            return measure(chosen.rows)
        snapshot = chosen.snapshot
        loaded = self._loaded.get(name)
        if loaded is None:
            loaded = self._loaded[name] = measure(np.arange(snapshot.loaded))
        found = measure(chosen.others)
        # Snapshots differ in how many values there are; the rows loaded have only the first ones.
        total = np.zeros_like(found)
        total[: len(loaded)] = loaded[: len(total)]
        if len(snapshot.gone):
            total -= measure(snapshot.gone)
        if len(snapshot.came_later):
            total += measure(snapshot.came_later)
        return total - found


def exact_sums(groups: NDArray[Any], amounts: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """The sum of the amounts of each group, exactly.

    `np.bincount` adds floats, which are exact below 2^53; each half of an amount's bits stays
    there for all sums below 2^62.
    """
    low = np.bincount(groups, amounts & 0xFFFFFF, minlength=size)
    high = np.bincount(groups, amounts >> 24, minlength=size)
    return (high.astype(np.int64) << 24) + low.astype(np.int64)
