"""Years to choose from: one bar a year, in order, each a link that narrows to its year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString

from config.lib import svg
from config.lib.imprecise import ImpreciseDate
from config.lib.words import count_in_words

WIDTH: Final = 248
HEIGHT: Final = 62
_LABEL: Final = 18
"""Room for a year under its bar."""
_SINGLE_YEARS: Final = 8
"""So that a bar is at least as wide as a finger's target."""

type Href = Callable[[str, str], str]
"""The address with a first and a last year; both empty: without."""


@dataclass(frozen=True)
class Bar:
    """Deals of a year, or of all years up to one (`first` is then empty)."""

    first: str
    last: str
    deals: int
    is_chosen: bool

    @property
    def label(self) -> str:
        """“’25”, or “≤’17” for all years up to one."""
        return f"{'' if self.first else '≤'}’{int(self.last) % 100:02d}"

    @property
    def words(self) -> str:
        """“2025: 33 deals”."""
        years = self.last if self.first else f"Up to {self.last}"
        return f"{years}: {count_in_words(self.deals, 'deal')}"


def bars_of(
    years: Mapping[int, int],
    last: int,
    after: ImpreciseDate | None,
    before: ImpreciseDate | None,
) -> list[Bar]:
    """The years up to `last` one by one, and before them one bar for all earlier ones."""
    last = max([last, *years])
    first = last - _SINGLE_YEARS + 1

    def is_in(year: int) -> bool:
        return (after is None or year >= after.earliest.year) and (
            before is None or year <= before.latest.year
        )

    bars = [
        Bar(str(year), str(year), years.get(year, 0), is_in(year))
        for year in range(first, last + 1)
    ]
    earlier = {year: deals for year, deals in years.items() if year < first}
    if earlier:
        is_any_in = any(is_in(year) for year in earlier)
        bars.insert(0, Bar("", str(first - 1), sum(earlier.values()), is_any_in))
    return bars


def drawn(bars: list[Bar], href: Href, after: str, before: str) -> SafeString:
    """The bars as one drawing. `after` and `before` are the years that are chosen, as given."""
    most = max(bar.deals for bar in bars) or 1
    step = WIDTH / len(bars)
    parts = []
    for place, bar in enumerate(bars):
        tall = (HEIGHT - _LABEL - 4) * bar.deals / most
        tall = max(tall, 1.5) if bar.deals else 0
        is_only_choice = (bar.first, bar.last) == (after, before)
        target = href("", "") if is_only_choice else href(bar.first, bar.last)
        words = f"{bar.words}{', chosen' if is_only_choice else ''}"
        parts.append(
            svg.link(
                target,
                svg.element("title", words),
                svg.rect(place * step, 0, step, HEIGHT, class_="target"),
                svg.rect(place * step + 1, HEIGHT - _LABEL - tall, step - 2, tall),
                svg.text(place * step + step / 2, HEIGHT - 3, bar.label, text_anchor="middle"),
                class_="in" if bar.is_chosen else "out",
                id=f"year-{bar.last}",
                data_first=bar.first,
                data_last=bar.last,
            )
        )
    return svg.svg(
        *parts,
        width=WIDTH,
        height=HEIGHT,
        title="Deals by year announced",
        role="group",
        class_="histogram",
    )
