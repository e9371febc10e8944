"""What was promised of each row: in units, in multiples of the limit, or as a share of COPY."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

SIZES: Final = (10_000, 100_000, 1_000_000)
MOST_SPREAD: Final = 3.0
"""p95 as a multiple of p50, in every row."""

type Measure = Literal["u", "× limit", "of COPY", "MB"]


@dataclass(frozen=True)
class Target:
    """A bound for each of `SIZES`. Shares of COPY are reached from above, all else from below."""

    measure: Measure
    bounds: tuple[float, float, float]

    def bound(self, deals: int) -> float:
        """That of the next of `SIZES`; beyond the last that of the last."""
        for size, bound in zip(SIZES, self.bounds, strict=True):
            if deals <= size:
                return bound
        return self.bounds[-1]

    def is_met(self, value: float, deals: int) -> bool:
        bound = self.bound(deals)
        return value >= bound if self.measure == "of COPY" else value <= bound

    def missed_by(self, value: float, deals: int) -> float:
        """How many times too slow or large; 1 or less where the target is met."""
        bound = self.bound(deals)
        if self.measure == "of COPY":
            return bound / value if value else float("inf")
        return value / bound


def _same(measure: Measure, bound: float) -> Target:
    return Target(measure, (bound, bound, bound))


_HTML = Target("u", (30, 40, 80))
_API_50 = _same("× limit", 4)
_FACETS = Target("u", (10, 20, 60))

TARGETS: Final[Mapping[str, Target]] = {
    "html-typical": _HTML,
    "html-middling": _HTML,
    "html-hottest": _HTML,
    "html-unfiltered": Target("u", (30, 50, 120)),
    "api50-typical": _API_50,
    "api50-middling": _API_50,
    "api50-hottest": _API_50,
    "api500": _same("× limit", 3),
    "facets-typical": _FACETS,
    "facets-middling": _FACETS,
    "facets-hottest": _FACETS,
    "search-rare": Target("u", (6, 6, 12)),
    "search-newest": Target("u", (6, 8, 12)),
    "search-ranked": Target("u", (16, 30, 60)),
    "detail-html": _same("u", 20),
    "detail-api": _same("u", 4),
    "unchanged": _same("u", 3),
    "export-ndjson": _same("of COPY", 0.6),
    "export-csv": _same("of COPY", 0.4),
    "export-memory": _same("MB", 20),
}

GROWTH: Final[Mapping[str, float]] = {
    "api50-typical": 1.5,
    "api50-middling": 1.5,
    "api50-hottest": 1.5,
    "detail-html": 1.5,
    "detail-api": 1.5,
}
"""By how much a row may grow, in units, from the first of `SIZES` to the last."""
