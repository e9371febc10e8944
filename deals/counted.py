"""What counting a selection gives: deals by value, by year, by band, and what is unknown."""

from __future__ import annotations

from collections.abc import Callable, Collection, ItemsView, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

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

    ``codes`` are places in ``values``, ascending, of those with deals; the counts stand in the
    same order. ``named`` gives the beginning of each value's JSON, up to its count, and the places
    of the values' names in the alphabet.
    """

    def __init__(
        self,
        values: Sequence[str],
        places: Mapping[str, int],
        codes: NDArray[np.int64],
        counts: NDArray[np.int64],
        left_out: NDArray[np.int64],
        named: Callable[[], tuple[Sequence[bytes], NDArray[np.int64]]] | None = None,
    ) -> None:
        self._values = values
        self._places = places
        self._codes = codes
        self._counts = counts
        self._left_out = left_out
        self.named = named

    def __getitem__(self, value: str) -> ValueCount:
        place = self._place(value)
        if place is None:
            raise KeyError(value)
        return ValueCount(int(self._counts[place]), int(self._left_out[place]))

    def __iter__(self) -> Iterator[str]:
        return iter([self._values[code] for code in self._codes.tolist()])

    def __len__(self) -> int:
        return len(self._codes)

    def items(self) -> ItemsView[str, ValueCount]:
        # What a mapping gives looks for each value by itself.
        return self.as_dict().items()

    def as_dict(self) -> dict[str, ValueCount]:
        """An object of each."""
        counts = map(ValueCount, self._counts.tolist(), self._left_out.tolist())
        return dict(zip(self, counts, strict=True))

    def most(self, most: int) -> dict[str, ValueCount]:
        """The ``most`` largest counts, and those as large as the last of them."""
        if len(self) <= most:
            return self.as_dict()
        kept = self._counts >= np.partition(self._counts, -most)[-most]
        columns = (self._codes[kept], self._counts[kept], self._left_out[kept])
        return HeldCounts(self._values, self._places, *columns).as_dict()

    def as_json(self, chosen: Collection[str], excluded: Collection[str]) -> bytes:
        """A list of values with name and count, the most frequent first, then by name.

        Of the values ``excluded`` the count is what was left out; of ``chosen`` it may be 0.
        """
        if self.named is None:
            raise TypeError("These counts have no names.")
        shown = self._counts.copy()
        kept = shown > 0
        for value in {*chosen, *excluded}:
            if (place := self._place(value)) is not None:
                kept[place] = True
                if value in excluded:
                    shown[place] = self._left_out[place]
        beginnings, alphabet = self.named()
        codes, shown = self._codes[kept], shown[kept]
        order = np.lexsort((alphabet[codes], -shown))
        pairs = zip(codes[order].tolist(), shown[order].tolist(), strict=True)
        return b"[%b]" % b",".join([b"%b%d}" % (beginnings[code], count) for code, count in pairs])

    def _place(self, value: str) -> int | None:
        code = self._places.get(value, -1)
        place = int(np.searchsorted(self._codes, code))
        return place if place < len(self) and self._codes[place] == code else None


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
