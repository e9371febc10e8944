"""The rows of a page or of a whole file, in any order but that by relevance."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from deals.bitmap_index import bits
from deals.bitmap_index.bits import Flags, Rows
from deals.bitmap_index.columns import Snapshot
from deals.bitmap_index.counts import Chosen
from deals.bitmap_index.keeping import Held
from deals.bitmap_index.loading import NO_MONEY, newest_first, unknown_last
from deals.codes import Status
from deals.filters import DealFilterSet
from deals.models import Edition

AS_LOADED: Final = "-announced_on"
_NEVER: Final = np.iinfo(np.int64).max
_BLOCK: Final = 1 << 16


def has_order(held: Held, name: str) -> bool:
    """Whether the columns know this order."""
    return name != "relevance" and (held.snapshot.is_summable or "value_usd" not in name)


def page_pks(
    held: Held, filterset: DealFilterSet, chosen: Chosen, name: str, start: int, stop: int
) -> list[int]:
    """Primary keys from place ``start`` to before ``stop`` in the order called ``name``."""
    snapshot = held.snapshot
    is_chosen = bits.unpacked(chosen.bits, snapshot.length)
    later = snapshot.came_later[is_chosen[snapshot.came_later]]
    # Rows that came later may stand before all others, so that many more must be looked at.
    first = max(0, start - len(later))
    rows = _in_order(held, name, is_chosen[: snapshot.loaded], first, stop)
    pks: list[int] = snapshot.ids[rows].tolist()
    if not len(later):
        return pks
    together = [*pks, *snapshot.ids[later].tolist()]
    ordered = Edition.objects.filter(pk__in=together).order_by(*terms_of(filterset, name))
    return list(ordered.values_list("pk", flat=True)[start - first : stop - first])


def all_rows(snapshot: Snapshot, chosen: Chosen) -> Iterator[Rows]:
    """All chosen rows in the usual order, `AS_LOADED`, some thousand at a time.

    Rows that came later stand in their places. Among those of the same days only the database
    knows which one that is, and is asked when their turn has come.
    """
    is_chosen = bits.unpacked(chosen.bits, snapshot.length)
    later = defaultdict[tuple[int, int], list[int]](list)
    days = _days_of(snapshot)
    for row in snapshot.came_later[is_chosen[snapshot.came_later]].tolist():
        later[days(row)].append(row)
    first, loaded = 0, range(snapshot.loaded)
    for same_days in sorted(later):
        start = bisect_left(loaded, same_days, key=days)
        stop = bisect_right(loaded, same_days, start, key=days)
        yield from _in_blocks(is_chosen, first, start)
        neighbours = start + np.flatnonzero(is_chosen[start:stop])
        yield _by_key(snapshot, np.append(neighbours, later[same_days]))
        first = stop
    yield from _in_blocks(is_chosen, first, snapshot.loaded)


def _days_of(snapshot: Snapshot) -> Callable[[int], tuple[int, int]]:
    """What gives the days of a row such that the least come first, as in `newest_first`."""
    starts, ends = snapshot.numbers["start"], snapshot.numbers["end"]
    return lambda row: (-int(starts[row]), int(unknown_last(ends[row])))


def _in_blocks(is_chosen: Flags, first: int, stop: int) -> Iterator[Rows]:
    for start in range(first, stop, _BLOCK):
        rows = np.flatnonzero(is_chosen[start : min(start + _BLOCK, stop)])
        if len(rows):
            yield start + rows


def _by_key(snapshot: Snapshot, rows: Rows) -> Rows:
    row_of = dict(zip(snapshot.ids[rows].tolist(), rows.tolist(), strict=True))
    pks = Edition.objects.filter(pk__in=list(row_of)).order_by("key").values_list("pk", flat=True)
    return np.array([row_of[pk] for pk in pks], np.int64)


def order_of(filterset: DealFilterSet) -> str:
    """The name of the order, with a hyphen where it descends."""
    return filterset.cleaned.get("ordering") or AS_LOADED


def terms_of(filterset: DealFilterSet, name: str) -> tuple[Any, ...]:
    """The order called ``name`` for the database."""
    terms: tuple[Any, ...] = filterset.filters["ordering"].terms(name)
    return terms


def _in_order(held: Held, name: str, is_chosen: Flags, start: int, stop: int) -> Rows:
    if name == AS_LOADED:
        return np.flatnonzero(is_chosen)[start:stop]
    order = held.counts.orders.get(name)
    if order is None:
        order = held.counts.orders[name] = _order(held.snapshot, name).astype(np.int32)
    found: list[NDArray[np.int32]] = []
    count = 0
    for place in range(0, len(order), _BLOCK):
        block = order[place : place + _BLOCK]
        block = block[is_chosen[block]]
        found.append(block)
        count += len(block)
        if count >= stop:
            break
    rows = np.concatenate(found) if found else np.zeros(0, np.int32)
    return rows[start:stop].astype(np.int64)


def _order(snapshot: Snapshot, name: str) -> Rows:
    """All rows that were loaded, in an order; equal ones by key."""
    key = snapshot.order["key"]
    column, is_descending = name.removeprefix("-"), name.startswith("-")
    loaded = slice(snapshot.loaded)
    if column == "announced_on":
        start, end = snapshot.numbers["start"][loaded], snapshot.numbers["end"][loaded]
        if is_descending:
            return newest_first(start, end, key)
        return np.lexsort((key, unknown_last(end), unknown_last(start)))
    match column:
        case "value_usd":
            numbers, unknown = snapshot.numbers["value"][loaded], NO_MONEY
        case "title":
            numbers, unknown = snapshot.order["title"].astype(np.int64), -1
        case "published_at":
            numbers, unknown = snapshot.numbers["published"][loaded], -1
        case "status":
            numbers, unknown = _places(snapshot)[loaded], -1
        case _:
            raise NotImplementedError(f"No columns hold the order {name}.")
    sorting = -numbers if is_descending else numbers
    return np.lexsort((key, np.where(numbers == unknown, _NEVER, sorting)))


def _places(snapshot: Snapshot) -> NDArray[np.int64]:
    """The place of each row's status in its code list; -1 for one that is not there."""
    codes = snapshot.codes["status"]
    places = np.full(snapshot.length, -1, np.int64)
    for place, code in enumerate(Status.values):
        places[codes.having([code])] = place
    return places
