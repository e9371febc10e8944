"""Arrays that grow at their end, so that what was read from them before stays as it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deals.bitmap_index.bits import Flags, Rows

type Int32s = NDArray[np.int32]


def different[Number: np.integer[Any]](numbers: NDArray[Number]) -> NDArray[Number]:
    """Each number once, ascending; much quicker for numbers than `np.unique`, which hashes."""
    ordered = np.sort(numbers)
    is_new = np.ones(len(ordered), np.bool_)
    is_new[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_new]


class Full(Exception):
    """There is no room left: everything must be loaded anew."""


class Growing[Item: np.generic]:
    """An array with room behind its end. A view that was taken before never changes."""

    def __init__(self, values: NDArray[Item], spare: int) -> None:
        self._buffer = np.empty(len(values) + spare, values.dtype)
        self._buffer[: len(values)] = values
        self._length = len(values)

    def __len__(self) -> int:
        return self._length

    @property
    def nbytes(self) -> int:
        return self._buffer.nbytes

    @property
    def view(self) -> NDArray[Item]:
        return self._buffer[: self._length]

    def append(self, values: Iterable[Any]) -> None:
        """Raises Full where there is no room."""
        added = np.asarray(list(values), self._buffer.dtype)
        end = self._length + len(added)
        if end > len(self._buffer):
            raise Full
        self._buffer[self._length : end] = added
        self._length = end


@dataclass(frozen=True, slots=True)
class Codes:
    """The values that rows have, each as a number into ``values``.

    Rows with the same values share one set: row ``r`` has set ``of_row[r]``, and set ``s`` holds
    ``codes[offsets[s]:offsets[s + 1]]``. Without ``of_row`` each row is a set of its own.
    """

    of_row: Int32s | None
    offsets: Int32s
    codes: Int32s
    values: Sequence[str]
    """At least ``size`` of them: rows that came later may have brought more."""
    places: Mapping[str, int]
    """The number of each value."""
    size: int
    """How many values these rows may have."""

    @property
    def row_count(self) -> int:
        return len(self.offsets) - 1 if self.of_row is None else len(self.of_row)

    def count(self, rows: Rows) -> NDArray[np.int64]:
        """How many of ``rows`` have each value."""
        if self.of_row is None:
            return np.bincount(self.of_sets(rows)[0], minlength=self.size)
        per_set = np.bincount(self.of_row[rows], minlength=len(self.offsets) - 1)
        return self.count_sets(per_set)

    def count_sets(self, per_set: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many rows have each value, if so many have each set."""
        sets = np.flatnonzero(per_set)
        if len(sets) * 2 < len(per_set):
            codes, lengths = self.of_sets(sets)
            weights = np.repeat(per_set[sets], lengths)
        else:
            codes, weights = self.codes, np.repeat(per_set, np.diff(self.offsets))
        # Weights are added as floats, which are exact for numbers of rows.
        found = np.bincount(codes, weights, minlength=self.size)
        return found.astype(np.int64)

    def of_sets(self, sets: NDArray[Any]) -> tuple[Int32s, NDArray[np.int32]]:
        """The codes of these sets one after another, and how many each has."""
        starts = self.offsets[sets]
        lengths = self.offsets[sets + 1] - starts
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        places = np.arange(total) + np.repeat(starts - (ends - lengths), lengths)
        return self.codes[places], lengths

    def having(self, wanted: Iterable[str], first: int = 0) -> Flags:
        """Which rows from ``first`` on have any of the values ``wanted``."""
        codes = [
            code for value in wanted if (code := self.places.get(value, self.size)) < self.size
        ]
        start = first if self.of_row is None else 0
        within = self.codes[self.offsets[start] :]
        if len(codes) == 1:
            hits = np.flatnonzero(within == codes[0])
        else:
            is_wanted = np.zeros(self.size, np.bool_)
            is_wanted[codes] = True
            hits = np.flatnonzero(is_wanted[within])
        found = np.zeros(len(self.offsets) - 1 - start, np.bool_)
        offsets = self.offsets[start:] - self.offsets[start]
        found[np.searchsorted(offsets, hits, "right") - 1] = True
        flags: Flags = found if self.of_row is None else found[self.of_row[first:]]
        return flags

    def empty(self, first: int = 0) -> Flags:
        """Which rows from ``first`` on have no value."""
        has_none = np.diff(self.offsets) == 0
        flags: Flags = has_none[first:] if self.of_row is None else has_none[self.of_row[first:]]
        return flags


class GrowingCodes:
    """`Codes` that grow. New rows get sets of their own."""

    def __init__(self, codes: Codes, spare: int) -> None:
        width = max(4, len(codes.codes) // max(1, len(codes.offsets) - 1))
        self._of_row = None if codes.of_row is None else Growing(codes.of_row, spare)
        self._offsets = Growing(codes.offsets, spare)
        self._codes = Growing(codes.codes, spare * width * 2)
        self._values = list(codes.values)
        self._places = dict(codes.places)

    @property
    def nbytes(self) -> int:
        of_row = 0 if self._of_row is None else self._of_row.nbytes
        return of_row + self._offsets.nbytes + self._codes.nbytes

    @property
    def view(self) -> Codes:
        return Codes(
            None if self._of_row is None else self._of_row.view,
            self._offsets.view,
            self._codes.view,
            self._values,
            self._places,
            len(self._values),
        )

    def append(self, rows: Iterable[Iterable[str]]) -> None:
        """Add rows, each with its values. Raises Full where there is no room."""
        for values in rows:
            codes = [self._place(value) for value in values]
            self._codes.append(codes)
            if self._of_row is not None:
                self._of_row.append([len(self._offsets) - 1])
            self._offsets.append([len(self._codes)])

    def _place(self, value: str) -> int:
        place = self._places.get(value)
        if place is None:
            place = len(self._values)
            # In this order: a reader who finds the place finds the value too.
            self._values.append(value)
            self._places[value] = place
        return place
