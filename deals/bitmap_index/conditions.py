"""Conditions that can be read from the columns: what Django's lookups ask, of rows in memory.

    plan = plan_of(Q(hosts__overlap=["KZ"]) & ~Q(status__in=["closed"]), EDITION)
    holds(plan, snapshot, 0)    # one flag a row

A condition that asks for anything else has no plan; the database answers it.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

import numpy as np
from django.db.models import Q
from psycopg.types.range import Range

from deals.bitmap_index.bits import Flags
from deals.bitmap_index.columns import Snapshot
from deals.bitmap_index.loading import (
    ARRAYS,
    CAN_GO_STALE,
    COUNTS,
    DISPUTED,
    HAS_VALUE,
    LINE_ARRAYS,
    LINE_MANY,
    LINE_SCALARS,
    MANY,
    NO_DAY,
    NO_MONEY,
    SCALARS,
)
from deals.filters.sets import OnOneLine

type Kind = Literal["array", "scalar", "flag", "money", "day", "days", "text", "rank", "rung"]
type Plan = tuple[Any, ...]
"""Nested and hashable: equal plans ask the same."""

EDITION: Final[Mapping[str, tuple[Kind, str | int]]] = {
    **{name: ("array", name) for name in (*ARRAYS, MANY)},
    **{name: ("scalar", name) for name in SCALARS},
    "counts_toward_total": ("flag", COUNTS),
    "is_disputed": ("flag", DISPUTED),
    "can_go_stale": ("flag", CAN_GO_STALE),
    "stated_value": ("text", HAS_VALUE),
    "value_usd_low": ("money", "value_low"),
    "value_usd_high": ("money", "value_high"),
    "last_news_on": ("day", "last_news"),
    "announced_on": ("days", ""),
}
"""What columns of editions can be asked, and where they stand."""
LINE: Final[Mapping[str, tuple[Kind, str | int]]] = {
    **{name: ("array", name) for name in (*LINE_ARRAYS, LINE_MANY)},
    **{name: ("scalar", name) for name in LINE_SCALARS},
    "rung_rank": ("rank", "rank"),
    "rung": ("rung", "rank"),
}
_DAY_ZERO: Final = datetime.date(2000, 1, 1)
_ONE_DAY: Final = datetime.timedelta(days=1)
_MOST_USD: Final = 10**16


class NoPlan(Exception):
    """The columns do not know."""


def plan_of(condition: Q, columns: Mapping[str, tuple[Kind, str | int]]) -> Plan | None:
    """What ``condition`` asks, or None if the columns cannot answer it."""
    try:
        return _plan(condition, columns)
    except NoPlan:
        return None


def _plan(node: Any, columns: Mapping[str, tuple[Kind, str | int]]) -> Plan:
    if isinstance(node, Q):
        if node.connector not in (Q.AND, Q.OR):
            raise NoPlan
        parts = tuple(_plan(child, columns) for child in node.children)
        joined: Plan = parts[0] if len(parts) == 1 else (node.connector, parts)
        return ("NOT", joined) if node.negated else joined
    if isinstance(node, OnOneLine):
        return ("LINE", _plan(node.condition, LINE))
    if not isinstance(node, tuple):
        raise NoPlan
    lookup, value = node
    name, _, asked = lookup.partition("__")
    if lookup == "pk__in" and not value:
        return (Q.OR, ())
    if name not in columns:
        raise NoPlan
    kind, where = columns[name]
    return _leaf(kind, where, asked, value)


def _leaf(kind: Kind, where: str | int, asked: str, value: Any) -> Plan:
    match kind, asked:
        case ("array", "overlap"):
            return ("ANY", where, tuple(value))
        case ("array", "contains"):
            return (Q.AND, tuple(("ANY", where, (one,)) for one in value))
        case ("array", "") if not value:
            return ("EMPTY", where)
        case ("scalar", "in") if "" not in value:
            return ("ANY", where, tuple(value))
        case ("scalar", "") if isinstance(value, str):
            return ("ANY", where, (value,)) if value else ("EMPTY", where)
        case ("scalar" | "rung", "isnull") if value:
            return (Q.OR, ())  # these columns are never NULL
        case ("flag", ""):
            return ("FLAG", where) if value else ("NOT", ("FLAG", where))
        case ("text", "") if value == "":
            return ("NOT", ("FLAG", where))
        case ("money", "gte" | "lte") if abs(value) < _MOST_USD:
            return (asked, where, Decimal(value))
        case ("day", "lte"):
            return ("UNTIL", where, _number(value))
        case ("days", "contained_by" | "overlap") if isinstance(value, Range):
            return (asked, *_window(value))
        case ("rank", "gte"):
            return ("RANK", where, int(value))
        case ("rung", "") if value == "":
            return ("NOT", ("RANK", where, 1))
    raise NoPlan


def _number(day: datetime.date) -> int:
    return (day - _DAY_ZERO).days


def day_of(number: int) -> datetime.date:
    """The day that stands as a number in a column of days."""
    return _DAY_ZERO + number * _ONE_DAY


def _window(days: Range[datetime.date]) -> tuple[bool, int | None, int | None]:
    """Whether the range is empty, its first day, and the day after its last; None is open."""
    if days.isempty:
        return True, None, None
    first, after = days.lower, days.upper
    return (
        False,
        None if first is None else _number(first) + (not days.lower_inc),
        None if after is None else _number(after) + bool(days.upper_inc),
    )


# -- Answers ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Table:
    """Columns of editions or of lines, from a row on."""

    snapshot: Snapshot
    first: int
    is_of_lines: bool = False

    @property
    def length(self) -> int:
        snapshot = self.snapshot
        return len(snapshot.lines.editions if self.is_of_lines else snapshot.ids) - self.first

    def codes(self, name: str) -> Any:
        return (self.snapshot.lines if self.is_of_lines else self.snapshot).codes[name]

    def numbers(self, name: str) -> Any:
        held = (self.snapshot.lines if self.is_of_lines else self.snapshot).numbers
        return held[name][self.first :]


def holds(plan: Plan, snapshot: Snapshot, first: int = 0) -> Flags:
    """Which editions, from row ``first`` on, are as asked."""
    return _holds(plan, _Table(snapshot, first))


def line_holds(plan: Plan, snapshot: Snapshot) -> Flags:
    """Which lines are as asked."""
    return _holds(plan, _Table(snapshot, 0, is_of_lines=True))


def _holds(plan: Plan, table: _Table) -> Flags:
    match plan:
        case ("NOT", part):
            return ~_holds(part, table)
        case (Q.AND, parts):
            return _together(parts, table, np.logical_and, is_neutral=True)
        case (Q.OR, parts):
            return _together(parts, table, np.logical_or, is_neutral=False)
        case ("LINE", part):
            return _on_one_line(part, table)
        case ("ANY", name, values):
            found: Flags = table.codes(name).having(values, table.first)
            return found
        case ("EMPTY", name):
            empty: Flags = table.codes(name).empty(table.first)
            return empty
        case ("FLAG", bit):
            flags: Flags = table.numbers("flags") & bit != 0
            return flags
        case ("RANK", name, rank):
            ranks: Flags = table.numbers(name) >= rank
            return ranks
    return _within(plan, table)


def _within(plan: Plan, table: _Table) -> Flags:
    """What compares amounts or days."""
    found: Flags
    match plan:
        case ("gte", name, usd):
            cents = table.numbers(name)
            found = (cents >= math.ceil(usd * 100)) & (cents != NO_MONEY)
        case ("lte", name, usd):
            cents = table.numbers(name)
            found = (cents <= math.floor(usd * 100)) & (cents != NO_MONEY)
        case ("UNTIL", name, day):
            days = table.numbers(name)
            found = (days <= day) & (days != NO_DAY)
        case (_, True, _, _):
            found = np.zeros(table.length, np.bool_)
        case ("contained_by", _, first, after):
            start, end = table.numbers("start"), table.numbers("end")
            found = start != NO_DAY
            if first is not None:
                found &= start >= first
            if after is not None:
                found &= end <= after
        case ("overlap", _, first, after):
            start, end = table.numbers("start"), table.numbers("end")
            found = start != NO_DAY
            if first is not None:
                found &= end > first
            if after is not None:
                found &= start < after
        case _:
            raise NotImplementedError(f"No columns answer {plan}.")
    return found


def _together(parts: Sequence[Plan], table: _Table, join: Any, *, is_neutral: bool) -> Flags:
    found = np.full(table.length, is_neutral, np.bool_)
    for part in parts:
        join(found, _holds(part, table), out=found)
    return found


def _on_one_line(part: Plan, table: _Table) -> Flags:
    lines = table.snapshot.lines
    first = int(lines.offsets[table.first])
    held = _holds(part, _Table(table.snapshot, first, is_of_lines=True))
    found = np.zeros(table.length, np.bool_)
    found[lines.editions[first:][held] - table.first] = True
    return found
