"""The deals that a filter set leaves, from whichever source is quicker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol
from weakref import WeakKeyDictionary

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from deals.bitmap_index import bits, sums
from deals.bitmap_index.counts import Chosen
from deals.bitmap_index.keeping import Held, held_now
from deals.bitmap_index.ordering import (
    AS_LOADED,
    all_rows,
    has_order,
    order_of,
    page_pks,
    terms_of,
)
from deals.filters import DealFilterSet
from deals.models import Edition
from deals.models.edition import EditionQuerySet
from deals.portfolios import HeadlineBases, PortfolioLadder, headlines_by_basis, ladder_of
from deals.ranking import in_order, is_ranked, ranked_pks


class Selected(Protocol):
    """The deals that a filter set leaves; none while one of its values is invalid."""

    @property
    def count(self) -> int:
        """How many there are, exactly."""

    def page(self, start: int, stop: int) -> EditionQuerySet:
        """The editions from place ``start`` (from 0) to before ``stop``, in order.

        Columns and joins may be added to it, but no conditions and no order.
        """

    def page_pks(self, start: int, stop: int) -> list[int]:
        """Their primary keys, in order."""

    def ladder(self) -> PortfolioLadder:
        """Their money, rung by rung."""

    def headlines(self) -> HeadlineBases:
        """Their headline values by what they measure."""


class SelectedBySql:
    """What the database answers, one query or a few for each thing asked."""

    def __init__(self, filterset: DealFilterSet) -> None:
        self._filterset = filterset

    @cached_property
    def count(self) -> int:
        # A cached property can be set: whoever counted already says so.
        return self._editions.count()

    def page(self, start: int, stop: int) -> EditionQuerySet:
        if is_ranked(self._filterset):
            return in_order(self.page_pks(start, stop))
        return self._filterset.qs[start:stop]

    def page_pks(self, start: int, stop: int) -> list[int]:
        if is_ranked(self._filterset):
            return ranked_pks(self._filterset, self._newest_pks, start, stop)
        return list(self.page(start, stop).values_list("pk", flat=True))

    def _newest_pks(self, start: int, stop: int) -> list[int]:
        return list(self._filterset.newest_first.values_list("pk", flat=True)[start:stop])

    def ladder(self) -> PortfolioLadder:
        return ladder_of(self._editions, self._filterset.clock, deal_count=self.count)

    def headlines(self) -> HeadlineBases:
        return headlines_by_basis(self._editions)

    @cached_property
    def _editions(self) -> EditionQuerySet:
        return self._filterset.filtered(self._filterset.editions).order_by()


@dataclass(frozen=True)
class Marked:
    """The deals of a selection in order."""

    count: int
    total: int
    """How many there are without the selection."""
    parts: Iterator[tuple[NDArray[np.int64], NDArray[np.uint8]]]
    """Primary keys and marks, some thousand at a time."""


class SelectedByBitmaps:
    """What this process knows by itself; the database only gives rows by their ids."""

    def __init__(self, filterset: DealFilterSet, held: Held) -> None:
        self._filterset = filterset
        self.held = held

    @property
    def count(self) -> int:
        return self._chosen.count

    def page(self, start: int, stop: int) -> EditionQuerySet:
        if not self._has_order:
            return self._by_sql.page(start, stop)
        if is_ranked(self._filterset):
            return in_order(self.page_pks(start, stop)).current()
        # Of the current ones, so that nothing is shown that was withdrawn this very moment.
        editions = Edition.objects.current().filter(pk__in=self.page_pks(start, stop))
        return editions.order_by(*terms_of(self._filterset, order_of(self._filterset)))

    def page_pks(self, start: int, stop: int) -> list[int]:
        if not self._has_order:
            return self._by_sql.page_pks(start, stop)
        if is_ranked(self._filterset):
            return ranked_pks(self._filterset, self._newest_pks, start, stop)
        return self._in_order(order_of(self._filterset), start, stop)

    def _newest_pks(self, start: int, stop: int) -> list[int]:
        return self._in_order(AS_LOADED, start, stop)

    def _in_order(self, name: str, start: int, stop: int) -> list[int]:
        return page_pks(self.held, self._filterset, self._chosen, name, start, stop)

    @property
    def _has_order(self) -> bool:
        return is_ranked(self._filterset) or has_order(self.held, order_of(self._filterset))

    @property
    def _by_sql(self) -> SelectedBySql:
        return SelectedBySql(self._filterset)

    def ladder(self) -> PortfolioLadder:
        if not self.held.snapshot.is_summable:
            return self._by_sql.ladder()
        return sums.ladder(self.held, self._chosen)

    def headlines(self) -> HeadlineBases:
        if not self.held.snapshot.is_summable:
            return self._by_sql.headlines()
        return sums.headlines(self.held, self._chosen)

    def marked(self, conditions: Sequence[Q]) -> Marked:
        """All of them in the usual order, as `marked_in_memory` gives them."""
        return Marked(self.count, self.held.snapshot.total, self._marked(conditions))

    def _marked(
        self, conditions: Sequence[Q]
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.uint8]]]:
        snapshot, masks = self.held.snapshot, self.held.masks
        flags = [bits.unpacked(masks.of(one, snapshot), snapshot.length) for one in conditions]
        for rows in all_rows(snapshot, self._chosen):
            marks = np.zeros(len(rows), np.uint8)
            for bit, flag in enumerate(flags):
                marks |= flag[rows].astype(np.uint8) << bit
            yield snapshot.ids[rows], marks

    @cached_property
    def _chosen(self) -> Chosen:
        snapshot = self.held.snapshot
        return Chosen(self.held.masks.all_of(self._filterset.conditions(), snapshot), snapshot)


_REMEMBERED: WeakKeyDictionary[DealFilterSet, SelectedBySql | SelectedByBitmaps] = (
    WeakKeyDictionary()
)


def selected(filterset: DealFilterSet) -> Selected:
    """The deals that ``filterset`` leaves; the same answer however often it is asked."""
    return _selected(filterset)


def held_for(filterset: DealFilterSet) -> Held | None:
    """The index that answers for ``filterset``; None where the database must."""
    found = _selected(filterset)
    return found.held if isinstance(found, SelectedByBitmaps) else None


def marked_in_memory(filterset: DealFilterSet, conditions: Sequence[Q]) -> Marked | None:
    """All deals of a selection, each with a mark, of which the first condition sets the lowest bit.

    None where the database must answer, or where another order than the usual one is asked for.
    """
    found = _selected(filterset)
    if isinstance(found, SelectedBySql) or order_of(filterset) != AS_LOADED:
        return None
    return found.marked(conditions)


def remember_count(filterset: DealFilterSet, count: int) -> None:
    """Spare `selected` the query: ``count`` deals were found just now."""
    found = _selected(filterset)
    if isinstance(found, SelectedBySql):
        found.count = count


def _selected(filterset: DealFilterSet) -> SelectedBySql | SelectedByBitmaps:
    found = _REMEMBERED.get(filterset)
    if found is None:
        held = held_now(Edition.objects.db) if _is_of_now(filterset) else None
        found = SelectedBySql(filterset) if held is None else SelectedByBitmaps(filterset, held)
        _REMEMBERED[filterset] = found
    return found


def _is_of_now(filterset: DealFilterSet) -> bool:
    """Whether it reads all current editions; the index holds nothing else."""
    clock = filterset.clock
    is_whole = filterset.reads_its_own and not (clock.as_of or clock.is_past_world)
    return is_whole and not (filterset.is_bound and not filterset.is_valid())
