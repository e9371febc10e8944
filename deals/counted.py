"""What counting a selection gives: deals by value, by year, by band, and what is unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

type Band = Mapping[str, Decimal | bool]
"""What a value band asks for, by parameter."""


@dataclass(frozen=True, slots=True)
class ValueCount:
    """Deals with a value; `left_out`: those, if the facet excluded nothing."""

    count: int = 0
    left_out: int = 0


@dataclass(frozen=True)
class Tally:
    """What was counted. A value without deals is not among the counts."""

    values: Mapping[str, dict[str, ValueCount]]
    unknown: Mapping[str, int] = field(default_factory=dict)
    """Deals whose value is not known, by facet."""
    years: Mapping[int, int] = field(default_factory=dict)
    """Deals by year of announcement."""
    undated: int = 0
    bands: Sequence[int] = ()
    found: int = 0
    """Deals that all parameters leave."""
    total: int = 0
    """Deals that there are at all, at the same time."""
