"""Pages in order of relevance: the newest deals found are weighed, the others follow.

`DealOrderingFilter` says the same order in one statement, for those who read all of it. A page
takes two short ones: which deals are the newest, which bitmaps may know, and how near they come.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import Final

from django.db.models import F, Func, IntegerField, Value
from django.db.models.expressions import OrderBy, RawSQL

from config.lib.caching import WhileUnchanged
from deals.filters import DealFilterSet
from deals.models import Edition
from deals.models.edition import EditionQuerySet
from deals.search import MOST_RANKED

type Newest = Callable[[int, int], Sequence[int]]
"""The primary keys from one place to before another of the deals found, the newest first."""

_KEYS: Final = "SELECT unnest(%s::bigint[])"


def is_ranked(filterset: DealFilterSet) -> bool:
    """Whether the deals are wanted by relevance and there is a word to weigh."""
    return (
        filterset.cleaned.get("ordering") == "relevance" and filterset.search.nearness is not None
    )


def ranked_pks(filterset: DealFilterSet, newest: Newest, start: int, stop: int) -> list[int]:
    """The primary keys from place ``start`` to before ``stop`` in order of relevance."""
    pks: list[int] = []
    if start < MOST_RANKED:
        pks += _weighed(filterset, newest(0, MOST_RANKED), start, stop)
    if stop > MOST_RANKED:
        pks += newest(max(start, MOST_RANKED), stop)
    return pks


def in_order(pks: Sequence[int]) -> EditionQuerySet:
    """The editions with these primary keys, in this order."""
    place = Func(Value(list(pks)), F("pk"), function="array_position", output_field=IntegerField())
    return Edition.objects.filter(pk__in=RawSQL(_KEYS, [list(pks)])).order_by(place)


def ranking_notice(filterset: DealFilterSet, count: int) -> str | None:
    """What a reader is told where not all ``count`` deals found are in order of relevance."""
    if count <= MOST_RANKED or not is_ranked(filterset):
        return None
    return (
        f"The newest {MOST_RANKED:,} of {count:,} deals found are in order of relevance; "
        "older ones follow, the newest first."
    )


_WEIGHED: Final = WhileUnchanged[tuple[str, bytes], array[int]](most=200)


def _weighed(
    filterset: DealFilterSet, candidates: Sequence[int], start: int, stop: int
) -> list[int]:
    """Some of the candidates by how near they come; kept for who reads the next page."""
    key = (filterset.cleaned["q"], array("q", candidates).tobytes())
    pks = _WEIGHED.get(key)
    if pks is None:
        nearness = filterset.search.nearness
        assert nearness is not None
        usual = filterset.filters["ordering"].terms(None)
        weighed = Edition.objects.filter(pk__in=RawSQL(_KEYS, [list(candidates)]))
        ordered = weighed.order_by(OrderBy(nearness, descending=True), *usual)
        pks = _WEIGHED.keep(key, array("q", ordered.values_list("pk", flat=True)))
    return pks[start:stop].tolist()
