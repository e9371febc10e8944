"""The rows of CSV files of all columns: written when an edition is made, and read by the thousand.

What depends on the day of reading is left open in them (`OF_THE_DAY`).
"""

from __future__ import annotations

import hashlib
from typing import Final

from config.lib.columns import Summary
from config.lib.tables import csv_writer
from deals.columns import DEAL_COLUMNS

OF_THE_DAY: Final = ("is_stale", "is_presumed_lapsed")
"""Neighbouring columns that are known when a row is read."""
LAYOUT: Final = hashlib.sha256(",".join(DEAL_COLUMNS.names).encode()).hexdigest()[:8]
"""Another one where there are other columns, or in another order."""

_write: Final = csv_writer(list(DEAL_COLUMNS))
# A control character that means a border between cells, and is in no text that people write.
_OPEN: Final = "\x1f"
_GAP: Final = ",".join(_OPEN for _ in OF_THE_DAY).encode()
_WORDS: Final = {True: b"true", False: b"false"}


def row_text(summary: Summary) -> str:
    """The row of a stored summary, with gaps where a day is needed."""
    return _write({**summary, **dict.fromkeys(OF_THE_DAY, _OPEN)})


def filled(text: bytes, *, is_stale: bool, is_presumed_lapsed: bool) -> bytes:
    """A row of `row_text`, in UTF-8, as it reads on a day."""
    # The last gap is the right one: behind it no cell has a text that somebody wrote.
    before, _, after = text.rpartition(_GAP)
    return b"%b%b,%b%b" % (before, _WORDS[is_stale], _WORDS[is_presumed_lapsed], after)
