"""Since when there is no news of the deals on a page: the columns know, so nobody reads rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from deals.bitmap_index.conditions import day_of
from deals.bitmap_index.loading import CAN_GO_STALE, NO_DAY
from deals.bitmap_index.selection import held_for
from deals.filters import DealFilterSet
from deals.texts import QuietSince


def quiet_in_memory(filterset: DealFilterSet, pks: Sequence[int]) -> QuietSince | None:
    """The last news of those editions on a page of ``filterset`` that can go stale.

    None where only the database can tell.
    """
    held = held_for(filterset)
    if held is None:
        return None
    rows = held.snapshot.rows_of(np.array(pks, np.int64))
    if (rows < 0).any():  # one that was published this very moment
        return None
    numbers = held.snapshot.numbers
    days = np.where(numbers["flags"][rows] & CAN_GO_STALE, numbers["last_news"][rows], NO_DAY)
    return {pk: day_of(day) for pk, day in zip(pks, days.tolist(), strict=True) if day != NO_DAY}
