"""Times in milliseconds and what is said of many of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

READY_SECONDS: Final = 600
"""For so long a process may load its index of deals before it is measured."""
READY_EVERY_SECONDS: Final = 0.5


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which lies a `share` (0 to 1) of all, between two by their distance.

    Raises ValueError for no values.
    """
    if not values:
        raise ValueError("No percentile of no values.")
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


@dataclass(frozen=True)
class Timings:
    """What many measurements of the same thing say."""

    count: int
    p50_ms: float
    p95_ms: float
    least_ms: float
    most_ms: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Self:
        return cls(
            count=len(seconds),
            p50_ms=percentile(seconds, 0.5) * 1000,
            p95_ms=percentile(seconds, 0.95) * 1000,
            least_ms=min(seconds) * 1000,
            most_ms=max(seconds) * 1000,
        )

    @property
    def spread(self) -> float:
        """p95 as a multiple of p50."""
        return self.p95_ms / self.p50_ms
