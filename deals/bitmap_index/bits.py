"""Sets of rows as packed bits, eight rows a byte, in whole words of 64 bits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

type Bits = NDArray[np.uint64]
type Flags = NDArray[np.bool_]
type Rows = NDArray[np.int64]

_WORD = 64


def packed(flags: Flags) -> Bits:
    """One bit a row; the bits behind the last row are 0."""
    words = np.zeros(-(-len(flags) // _WORD), np.uint64)
    words.view(np.uint8)[: -(-len(flags) // 8)] = np.packbits(flags, bitorder="little")
    return words


def unpacked(bits: Bits, length: int) -> Flags:
    """One flag a row."""
    return np.unpackbits(bits.view(np.uint8), count=length, bitorder="little").view(np.bool_)


def count_of(bits: Bits) -> int:
    """How many rows there are."""
    return int(np.bitwise_count(bits).sum(dtype=np.int64))


def rows_of(bits: Bits, length: int) -> Rows:
    """The numbers of the rows, ascending."""
    return np.flatnonzero(unpacked(bits, length))


def bits_of(rows: Rows, length: int) -> Bits:
    """The set of some rows of ``length``."""
    flags = np.zeros(length, np.bool_)
    flags[rows] = True
    return packed(flags)
