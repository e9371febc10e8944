"""Which deals of a page are stale: the columns know, so that a page need not read their rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from deals.bitmap_index import bits
from deals.bitmap_index.selection import held_for
from deals.filters import DealFilterSet
from deals.reading import Staleness


def staleness_in_memory(
    filterset: DealFilterSet, pks: Sequence[int]
) -> dict[int, Staleness] | None:
    """How stale the editions on a page of ``filterset`` are, by primary key.

    None where only the database can tell.
    """
    held = held_for(filterset)
    if held is None:
        return None
    snapshot, masks, clock = held.snapshot, held.masks, filterset.clock
    rows = snapshot.rows_of(np.array(pks, np.int64))
    if (rows < 0).any():  # one that was published this very moment
        return None
    flags = [
        bits.holds(masks.of(one, snapshot), rows).tolist()
        for one in (clock.stale(), clock.presumed_lapsed())
    ]
    return dict(zip(pks, zip(*flags, strict=True), strict=True))
