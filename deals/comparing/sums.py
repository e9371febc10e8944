"""What a country and a mineral are both compared by: their deals counted, and the money in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from deals.codes import BINDING_STATUSES
from deals.models.edition import EditionQuerySet
from deals.portfolios import Headlines, PortfolioLadder, headlines_of, ladder_of
from deals.reading import Clock


@dataclass(frozen=True)
class Sums:
    """Deals of one side: how many, how many of a kind, their ladder and their headline values."""

    counts: Mapping[str, int]
    """``deals``, and of these ``binding``, ``stale`` and ``disputed``."""
    ladder: PortfolioLadder
    headlines: Headlines


def sums_of(editions: EditionQuerySet, clock: Clock) -> Sums:
    """In four queries."""
    counts = editions.aggregate(
        deals=Count("pk"),
        binding=Count("pk", filter=Q(status__in=BINDING_STATUSES)),
        stale=Count("pk", filter=clock.stale()),
        disputed=Count("pk", filter=Q(is_disputed=True)),
    )
    ladder = ladder_of(editions, clock, deal_count=counts["deals"])
    return Sums(counts, ladder, headlines_of(editions))
