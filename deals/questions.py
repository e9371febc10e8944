"""What a count asks: the conditions of a selection, and which count ignores which of them.

A count is that of the list if a value were the only choice in its facet and all other parameters
stayed. Each choice that some count must ignore is therefore kept apart, as a *reason* for which
that count would leave a deal out.
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterable, Sequence
from functools import cache, reduce
from typing import Final

from django.db.models import Q

from deals.counted import Band
from deals.facet_list import FACETS
from deals.filters import LINES, DealFilterSet

ANNOUNCED: Final = ("announced_after", "announced_before")
WORTH: Final = ("min_usd", "max_usd", "has_value")
ON_LINES: Final = "(lines)"
"""The reason of all choices about financing lines together."""


class Question:
    """Which counts of the selection of `filterset` are asked for, as conditions."""

    def __init__(
        self,
        filterset: DealFilterSet,
        names: Collection[str],
        unknown: Collection[str],
        bands: Sequence[Band],
        *,
        has_years: bool,
    ) -> None:
        self.filterset = filterset
        self.names = list(names)
        self.unknown = list(unknown)
        self.bands = bands
        self.has_years = has_years
        self.of_lines = [name for name in self.names if FACETS[name].in_lines]
        cleaned = filterset.cleaned
        self.together = [
            name
            for name in filterset.filters
            if name in cleaned and name in FACETS and filterset.filters[name].group == LINES
        ]
        """Parameters that must hold on one line."""
        self.reasons = self._reasons()

    def always(self) -> list[Q]:
        """The conditions that no count ignores."""
        aside = [*self.reasons, *(self.together if self._are_lines_apart else ())]
        return self.filterset.conditions(without=aside)

    def reasons_but(self, own: Collection[str], *, with_reason: str = "") -> list[str]:
        """The reasons for which a count that ignores `own` leaves a deal out."""
        return [
            reason
            for reason in self.reasons
            if reason not in own and (not reason.startswith("(without ") or reason == with_reason)
        ]

    def own_reasons(self, name: str) -> set[str]:
        """What the counts of a facet's values ignore."""
        own = {name, f"{name}__empty", f"{name}__not"}
        return own | {ON_LINES} if FACETS[name].in_lines else own

    def reasons_of_unknown(self, name: str) -> list[str]:
        """For what the count of the deals without a value leaves a deal out."""
        own = {name, f"{name}__empty"}
        if name in self.together:
            own.add(ON_LINES)
        return self.reasons_but(own, with_reason=without(name))

    def _reasons(self) -> dict[str, Q]:
        """Conditions that some count ignores, by parameter."""
        own = [
            companion
            for name in dict.fromkeys([*self.names, *self.unknown])
            for companion in (name, f"{name}__not", f"{name}__empty")
            if not (companion == name and FACETS[name].in_lines)
        ]
        if self.has_years:
            own += ANNOUNCED
        if self.bands:
            own += WORTH
        reasons = {
            name: self._condition(name)
            for name in dict.fromkeys(own)
            if name in self.filterset.cleaned
        }
        if self._are_lines_apart:
            reasons[ON_LINES] = self._on_one_line(self.together)
            for name in self.together:
                if name in self.unknown and (others := [n for n in self.together if n != name]):
                    reasons[without(name)] = self._on_one_line(others)
        return reasons

    @property
    def _are_lines_apart(self) -> bool:
        wanted = [*self.of_lines, *(name for name in self.unknown if FACETS[name].in_lines)]
        return bool(wanted and self.together)

    def _condition(self, name: str) -> Q:
        """What one parameter asks of an edition."""
        return Q(*self.filterset.conditions(without={*self.filterset.filters} - {name}))

    def line_condition(self, name: str) -> Q:
        """What one parameter asks of a financing line."""
        clauses = self.filterset.filters[name].clauses(self.filterset.cleaned[name])
        return Q(*(clause.condition for clause in clauses))

    def _on_one_line(self, names: Iterable[str]) -> Q:
        conditions = (self.line_condition(name) for name in names)
        return self.filterset.in_group(LINES, reduce(operator.and_, conditions))

    def is_empty(self, name: str) -> Q:
        """That an edition has no value of a facet."""
        if self.filterset.clock.is_past_world:
            return _is_empty(self.filterset, name)
        return _is_empty_now(name)

    def is_within(self, band: Band) -> Q:
        """That an edition lies in a value band."""
        return Q(
            *(
                clause.condition
                for name, value in band.items()
                for clause in self.filterset.filters[name].clauses(value)
            )
        )


def _is_empty(filterset: DealFilterSet, name: str) -> Q:
    one = filterset.filters[f"{name}__empty"]
    conditions = []
    for clause in one.clauses(True):
        condition = clause.condition
        if one.group is not None:
            condition = filterset.in_group(one.group, condition)
        conditions.append(~condition if clause.is_negated else condition)
    return Q(*conditions)


@cache
def _is_empty_now(name: str) -> Q:
    """The same on the last day known, when it depends on nothing else."""
    return _is_empty(DealFilterSet(), name)


def flag(filterset: DealFilterSet, name: str) -> Q:
    """What a facet of two values asks."""
    match name:
        case "stale":
            return filterset.clock.stale()
        case "has_value":
            return ~Q(stated_value="")
    return Q(**{FACETS[name].column: True})


def without(name: str) -> str:
    """The reason of all choices about lines but that of `name`."""
    return f"(without {name})"
