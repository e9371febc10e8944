"""Current editions as columns in memory, one row an edition.

An edition that changes gets a new row behind the others, and the bit of its old row goes out; so
a row never changes, and a `Snapshot` stays as it is while others are made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from deals.bitmap_index import bits
from deals.bitmap_index.bits import Bits, Flags, Rows
from deals.bitmap_index.growing import Codes, Full, Growing, GrowingCodes, Int32s, different
from deals.bitmap_index.loading import (
    NO_DAY,
    NO_MONEY,
    TOO_MUCH,
    Loaded,
    LoadedLines,
    Numbers,
    places_of,
    row_by_row,
)
from deals.codes import SUMMED_INSTRUMENTS

RANKS: Final = 4
"""How many rungs there are; rank 0 is none."""
_SPARE: Final = 1_000
_SPARE_SHARE: Final = 50
_MOST_CENTS: Final = 2.0**62
_FIRST_DAY: Final = np.datetime64("2000-01-01")


@dataclass(frozen=True)
class Lines:
    """Financing lines, sorted by the row of their edition."""

    editions: Int32s
    offsets: Int32s
    """Where the lines of each edition start; one more than there are editions."""
    numbers: Numbers
    codes: Mapping[str, Codes]

    def of(self, rows: Rows) -> Rows:
        """The lines of some editions."""
        starts = self.offsets[rows].astype(np.int64)
        lengths = self.offsets[rows + 1] - starts
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        places: Rows = np.arange(total) + np.repeat(starts - (ends - lengths), lengths)
        return places


@dataclass(frozen=True)
class Snapshot:
    """Everything at one moment."""

    number: int
    """Another for each snapshot of one index."""
    ids: NDArray[np.int64]
    numbers: Numbers
    codes: Mapping[str, Codes]
    """By column of the edition; those of its lines together are named like the lines' own."""
    lines: Lines
    alive: Bits
    """Rows that are current."""
    loaded: int
    """Rows that were there when all was read; the others came later."""
    order: Mapping[str, NDArray[np.int32]]
    """Places in the alphabet of the rows that were loaded."""
    by_id: Rows
    """The rows that were loaded, in the order of their ids."""
    is_summable: bool
    """Whether all amounts have room in 64 bits, together too."""

    @property
    def length(self) -> int:
        return len(self.ids)

    @cached_property
    def total(self) -> int:
        """How many editions are current."""
        return bits.count_of(self.alive)

    @cached_property
    def came_later(self) -> Rows:
        """Current rows that were not there when all was read."""
        flags = bits.unpacked(self.alive, self.length)[self.loaded :]
        return np.flatnonzero(flags) + self.loaded

    @cached_property
    def gone(self) -> Rows:
        """Rows that were loaded and are not current any more."""
        return np.flatnonzero(~bits.unpacked(self.alive, self.loaded))

    @cached_property
    def _later_rows(self) -> dict[int, int]:
        """The latest row of each edition that came later, by its id."""
        return {pk: row for row, pk in enumerate(self.ids[self.loaded :].tolist(), self.loaded)}

    def rows_of(self, ids: NDArray[np.int64]) -> Rows:
        """The latest row of each of these editions; -1 where there is none."""
        rows = places_of(self.ids[: self.loaded], self.by_id, ids)
        if later := self._later_rows:
            pairs = zip(ids.tolist(), rows.tolist(), strict=True)
            rows = np.array([later.get(pk, row) for pk, row in pairs], np.int64)
        return rows

    def flags_of(self, ids: NDArray[np.int64]) -> Flags:
        """The rows of these editions, current or not."""
        found = np.zeros(self.length, np.bool_)
        rows = places_of(self.ids[: self.loaded], self.by_id, ids)
        found[rows[rows >= 0]] = True
        found[self.loaded :] = np.isin(self.ids[self.loaded :], ids)
        return found


class Columns:
    """What grows, and the snapshots of it. Not safe for threads: the caller holds a lock."""

    def __init__(self, loaded: Loaded) -> None:
        count, lines = len(loaded.ids), loaded.lines
        spare, line_spare = _spare(count), _spare(len(lines.editions)) * 2
        self._number = 0
        self._loaded = count
        self._order = loaded.ranks
        self._cents = 0.0
        self._ids = Growing(loaded.ids, spare)
        self._by_id = np.argsort(loaded.ids, kind="stable")
        self._numbers = {
            name: Growing(values, spare)
            for name, values in (loaded.numbers | _of_editions(loaded)).items()
        }
        self._codes = {name: GrowingCodes(codes, spare) for name, codes in loaded.codes.items()}
        self._codes |= {
            name: GrowingCodes(united(codes, lines.editions, count), spare)
            for name, codes in lines.codes.items()
        }
        self._line_editions = Growing(lines.editions, line_spare)
        self._line_offsets = Growing(_offsets(lines.editions, count), spare)
        self._line_numbers = {
            name: Growing(values, line_spare)
            for name, values in (lines.numbers | _of_lines(lines)).items()
        }
        self._line_codes = {
            name: GrowingCodes(codes, line_spare) for name, codes in lines.codes.items()
        }
        self._alive = np.ones(count, np.bool_)
        self._row_of = dict[int, int]()
        self._add_cents(loaded)
        self._first = self._snapshot()

    @property
    def is_half_full(self) -> bool:
        """Whether it is time to read everything anew."""
        return len(self._ids) - self._loaded > _spare(self._loaded) // 2

    @property
    def nbytes(self) -> int:
        """How much memory the columns take."""
        grown: list[Growing[Any] | GrowingCodes] = [
            self._ids,
            *self._numbers.values(),
            *self._codes.values(),
        ]
        grown += [self._line_editions, self._line_offsets, *self._line_numbers.values()]
        grown += [*self._line_codes.values()]
        return sum(one.nbytes for one in grown) + sum(one.nbytes for one in self._order.values())

    @property
    def first(self) -> Snapshot:
        """As all was loaded."""
        return self._first

    def changed(self, pks: Sequence[int], loaded: Loaded) -> Snapshot:
        """After the editions ``pks`` changed, of which those in ``loaded`` are current.

        Raises Full where there is no room for more.
        """
        rows = places_of(self._first.ids, self._by_id, np.array(pks, np.int64))
        self._alive[rows[rows >= 0]] = False
        for pk in pks:
            if (row := self._row_of.pop(pk, None)) is not None:
                self._alive[row] = False
        self._append(loaded)
        self._add_cents(loaded)
        return self._snapshot()

    def _append(self, loaded: Loaded) -> None:
        first, lines = len(self._ids), loaded.lines
        if len(loaded.ids) + first > self._loaded + _spare(self._loaded):
            raise Full
        for name, values in (loaded.numbers | _of_editions(loaded)).items():
            self._numbers[name].append(values)
        for name, codes in loaded.codes.items():
            self._codes[name].append(_texts(codes))
        for name, codes in lines.codes.items():
            texts = _texts(codes)
            self._line_codes[name].append(texts)
            together: list[dict[str, None]] = [{} for _ in loaded.ids]
            for edition, of_line in zip(lines.editions.tolist(), texts, strict=True):
                together[edition] |= dict.fromkeys(of_line)
            self._codes[name].append(together)
        for name, values in (lines.numbers | _of_lines(lines)).items():
            self._line_numbers[name].append(values)
        offsets = _offsets(lines.editions, len(loaded.ids))[1:] + len(self._line_editions)
        self._line_editions.append(lines.editions + first)
        self._line_offsets.append(offsets)
        self._ids.append(loaded.ids)
        self._alive = np.concatenate((self._alive, np.ones(len(loaded.ids), np.bool_)))
        self._row_of |= {pk: first + place for place, pk in enumerate(loaded.ids.tolist())}

    def _add_cents(self, loaded: Loaded) -> None:
        for amounts in (loaded.numbers["value"], loaded.lines.numbers["amount"]):
            self._cents += float(np.abs(amounts[amounts != NO_MONEY]).astype(np.float64).sum())
        for name in ("value_low", "value_high"):
            if (loaded.numbers[name] == TOO_MUCH).any():
                self._cents = _MOST_CENTS

    def _snapshot(self) -> Snapshot:
        self._number += 1
        return Snapshot(
            number=self._number,
            ids=self._ids.view,
            numbers={name: one.view for name, one in self._numbers.items()},
            codes={name: one.view for name, one in self._codes.items()},
            lines=Lines(
                self._line_editions.view,
                self._line_offsets.view,
                {name: one.view for name, one in self._line_numbers.items()},
                {name: one.view for name, one in self._line_codes.items()},
            ),
            alive=bits.packed(self._alive),
            loaded=self._loaded,
            order=self._order,
            by_id=self._by_id,
            is_summable=self._cents < _MOST_CENTS,
        )


def _spare(count: int) -> int:
    """Room for so many rows more."""
    return _SPARE + count // _SPARE_SHARE


def _offsets(editions: Int32s, count: int) -> Int32s:
    """Where the lines of each of ``count`` editions start, and where the last ones end."""
    lengths = np.bincount(editions, minlength=count)
    return np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)


def _texts(codes: Codes) -> list[list[str]]:
    """The values of each row."""
    ends = codes.offsets.tolist()
    texts = [codes.values[code] for code in codes.codes.tolist()]
    return [texts[start:end] for start, end in zip(ends, ends[1:], strict=False)]


def _of_editions(loaded: Loaded) -> Numbers:
    """Further columns of editions, made from those that were read."""
    start, count = loaded.numbers["start"], len(loaded.ids)
    years = (_FIRST_DAY + start).astype("datetime64[Y]").astype(np.int32) + 1970
    ranks = loaded.lines.numbers["rank"]
    highest = np.zeros(count, np.int8)
    np.maximum.at(highest, loaded.lines.editions, ranks.astype(np.int8))
    rungs = np.zeros(count, np.uint8)
    np.bitwise_or.at(rungs, loaded.lines.editions, (1 << ranks).astype(np.uint8) & 0b11110)
    return {
        "year": np.where(start == NO_DAY, 0, years).astype(np.int32),
        "rank": highest,  # the highest rung of its lines
        "rungs": rungs,  # a bit for each rung on which a line stands
    }


def _of_lines(lines: LoadedLines) -> Numbers:
    """What a line is in the ladder: its rung and of what sort its amount is, in one number."""
    instruments = lines.codes["instrument"]
    is_money = instruments.having(SUMMED_INSTRUMENTS)
    has_amount = lines.numbers["amount"] != NO_MONEY
    is_counted = lines.numbers["is_counted"] != 0
    return {
        "sort": (lines.numbers["rank"] * 8 + has_amount * 4 + is_money * 2 + is_counted).astype(
            np.int8
        )
    }


def united(codes: Codes, editions: Int32s, count: int) -> Codes:
    """The values of each edition, if ``codes`` are those of its lines."""
    if codes.of_row is None:
        rows = np.repeat(editions, np.diff(codes.offsets))
        return row_by_row(rows, codes.codes, count, codes.values)
    width = max(1, len(codes.offsets) - 1)
    slots, sets = np.divmod(different(editions.astype(np.int64) * width + codes.of_row), width)
    lengths = np.bincount(slots, minlength=count)
    # Set 0 is that of editions without lines; the lines' own come next, then sets of two or more.
    of_row = np.zeros(count, np.int32)
    is_single = lengths[slots] == 1
    of_row[slots[is_single]] = sets[is_single] + 1
    made: dict[tuple[int, ...], int] = {}
    several = np.flatnonzero(lengths > 1)
    ends = np.cumsum(lengths)[several].tolist()
    listed = sets.tolist()
    for row, length, end in zip(several.tolist(), lengths[several].tolist(), ends, strict=True):
        together = tuple(listed[end - length : end])
        of_row[row] = made.setdefault(together, len(made) + width + 1)
    starts, held = codes.offsets.tolist(), codes.codes.tolist()
    unions = [
        sorted({code for one in together for code in held[starts[one] : starts[one + 1]]})
        for together in made
    ]
    own = np.diff(codes.offsets) if len(codes.offsets) > 1 else np.zeros(1, np.int32)
    all_lengths = np.concatenate(([0], own, np.array([len(one) for one in unions], np.int32)))
    added = np.array([code for one in unions for code in one], np.int32)
    return Codes(
        of_row,
        np.concatenate(([0], np.cumsum(all_lengths))).astype(np.int32),
        np.concatenate((codes.codes, added)).astype(np.int32),
        codes.values,
        codes.places,
        codes.size,
    )
