"""Money of a selection from columns: the ladder and headline values of `deals.portfolios`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deals.bitmap_index.bits import Rows
from deals.bitmap_index.columns import RANKS
from deals.bitmap_index.counts import Chosen, exact_sums
from deals.bitmap_index.keeping import Held
from deals.bitmap_index.loading import COUNTS, NO_MONEY
from deals.money import RUNG_RANK
from deals.portfolios import BasisSum, HeadlineBases, Headlines, PortfolioLadder

_SORTS = 8
_HAS_AMOUNT, _IS_MONEY, _IS_COUNTED = 4, 2, 1


def ladder(held: Held, chosen: Chosen) -> PortfolioLadder:
    """The ladder of the chosen deals."""
    snapshot = held.snapshot
    lines = snapshot.lines.numbers
    rungs = snapshot.numbers["rungs"]

    def sorts_of(rows: Rows) -> NDArray[Any]:
        return np.bincount(lines["sort"][snapshot.lines.of(rows)], minlength=(RANKS + 1) * _SORTS)

    def cents_of(rows: Rows) -> NDArray[Any]:
        of_rows = snapshot.lines.of(rows)
        sort = lines["sort"][of_rows]
        counting = of_rows[sort & (_HAS_AMOUNT | _IS_COUNTED) == _HAS_AMOUNT | _IS_COUNTED]
        return exact_sums(lines["rank"][counting], lines["amount"][counting], RANKS + 1)

    def standing_of(rows: Rows) -> NDArray[Any]:
        return np.bincount(rungs[rows], minlength=2 ** (RANKS + 1))

    sorts = held.counts.of("line sorts", sorts_of, chosen).reshape(RANKS + 1, _SORTS)
    cents = held.counts.of("line cents", cents_of, chosen)
    standing = held.counts.of("rungs", standing_of, chosen)
    kinds = np.arange(_SORTS)
    has_amount, is_money, is_counted = (
        kinds & bit != 0 for bit in (_HAS_AMOUNT, _IS_MONEY, _IS_COUNTED)
    )
    combinations = np.arange(len(standing))
    ranked = RUNG_RANK.items()
    return PortfolioLadder(
        usd={
            rung: _usd(cents[rank]) if sorts[rank][has_amount & is_counted].any() else None
            for rung, rank in ranked
        },
        deals={rung: int(standing[combinations >> rank & 1 == 1].sum()) for rung, rank in ranked},
        lines={rung: int(sorts[rank].sum()) for rung, rank in ranked},
        unknown={rung: int(sorts[rank][~has_amount].sum()) for rung, rank in ranked},
        deal_count=chosen.count,
        without_financing=int(standing[0]),
        not_money=int(sorts[1:, has_amount & ~is_money].sum()),
        within=int(sorts[1:, has_amount & is_money & ~is_counted].sum()),
    )


def headlines(held: Held, chosen: Chosen) -> HeadlineBases:
    """The headline values of the chosen deals by what they measure."""
    snapshot = held.snapshot
    bases = snapshot.codes["value_basis"]
    of_row = bases.of_row
    assert of_row is not None
    sets = len(bases.offsets) - 1
    values, flags = snapshot.numbers["value"], snapshot.numbers["flags"]

    def sorts_of(rows: Rows) -> NDArray[Any]:
        counts = (flags[rows] & COUNTS != 0).astype(np.int64)
        sort = of_row[rows] * 4 + counts * 2 + (values[rows] != NO_MONEY)
        return np.bincount(sort, minlength=sets * 4)

    def cents_of(rows: Rows) -> NDArray[Any]:
        counting = rows[(flags[rows] & COUNTS != 0) & (values[rows] != NO_MONEY)]
        return exact_sums(of_row[counting], values[counting], sets)

    sorts = held.counts.of("headline sorts", sorts_of, chosen).reshape(sets, 4)
    cents = held.counts.of("headline cents", cents_of, chosen)
    found: dict[str, list[int]] = {}
    for one in np.flatnonzero(sorts.any(axis=1)).tolist():
        start, end = bases.offsets[one], bases.offsets[one + 1]
        basis = bases.values[bases.codes[start]] if end > start else ""
        so_far = found.setdefault(basis, [0, 0, 0, 0])
        without = int(sorts[one, 0] + sorts[one, 2])
        for place, number in enumerate((cents[one], sorts[one, 3], sorts[one, 1], without)):
            so_far[place] += int(number)
    rows = [
        BasisSum(basis, _usd(usd) if deals else None, deals, left_out)
        for basis, (usd, deals, left_out, _) in found.items()
        if deals or left_out
    ]
    summed = [one.usd for one in rows if one.usd is not None]
    total = Headlines(
        usd=sum(summed, Decimal(0)) if summed else None,
        deals=sum(one.deals for one in rows),
        left_out=sum(one.left_out for one in rows),
        without_value=sum(without for *_, without in found.values()),
    )
    return HeadlineBases(total, sorted(rows, key=lambda one: (-(one.usd or 0), one.basis)))


def _usd(cents: Any) -> Decimal:
    return Decimal(int(cents)).scaleb(-2)
