"""The deals that a filter set leaves, from whichever source is quicker."""

from __future__ import annotations

from functools import cached_property
from typing import Protocol
from weakref import WeakKeyDictionary

from deals.filters import DealFilterSet
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


_REMEMBERED: WeakKeyDictionary[DealFilterSet, SelectedBySql] = WeakKeyDictionary()


def selected(filterset: DealFilterSet) -> Selected:
    """The deals that ``filterset`` leaves; the same answer however often it is asked."""
    found = _REMEMBERED.get(filterset)
    if found is None:
        found = _REMEMBERED[filterset] = SelectedBySql(filterset)
    return found


def remember_count(filterset: DealFilterSet, count: int) -> None:
    """Spare `selected` the query: ``count`` deals were found just now."""
    found = selected(filterset)
    if isinstance(found, SelectedBySql):
        found.count = count
