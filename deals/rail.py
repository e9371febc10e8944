"""The rail beside a list of deals: facets to tick, dates and values to type, years to see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.safestring import SafeString

from config.lib import svg
from deals.facets import FacetValue
from deals.filters import DealFilterSet
from deals.portfolios import Years

type Glyph = Literal["", "place", "mineral", "status", "stage", "rung"]

SHOWN = 8
SHOWN_CHOSEN = 30
MOST = 60
BAR_AREA = (248, 62)


@dataclass(frozen=True)
class RailFacet:
    """How a facet is shown."""

    name: str
    glyph: Glyph = ""
    is_open: bool = False
    is_flag: bool = False
    note: str = ""


RAIL = (
    RailFacet("host", "place", is_open=True),
    RailFacet("mineral", "mineral", is_open=True),
    RailFacet("status", "status", is_open=True),
    RailFacet("rung", "rung", is_open=True, note="on this rung or firmer"),
    RailFacet("partner", "place", is_open=True),
    RailFacet("kind"),
    RailFacet("stage", "stage"),
    RailFacet("supply_chain_stage"),
    RailFacet("bloc"),
    RailFacet("event"),
    RailFacet("provider"),
    RailFacet("provider_country", "place"),
    RailFacet("instrument"),
    RailFacet("company"),
    RailFacet("party_country", "place"),
    RailFacet("confidence"),
    RailFacet("disputed", is_flag=True),
    RailFacet("stale", is_flag=True),
    RailFacet("has_value", is_flag=True),
    RailFacet("counts_toward_total", is_flag=True),
)
TYPED = ("q", "announced_after", "announced_before", "min_usd", "max_usd")
"""Parameters that the rail has a field for."""

KEPT = frozenset({"view", "columns", "density", "measure", "page_size"})
"""Parameters that are no filters and stay when another choice is made."""


@dataclass(frozen=True)
class FacetBlock:
    """A facet with its options: some in sight, the rest folded."""

    facet: RailFacet
    title: str
    shown: list[FacetValue]
    folded: list[FacetValue]
    chosen: list[FacetValue]
    left_out: int = 0
    """Values that are not listed at all, for want of room."""

    @property
    def is_open(self) -> bool:
        return self.facet.is_open or bool(self.chosen)

    @property
    def total(self) -> int:
        return len(self.shown) + len(self.folded) + self.left_out


@dataclass(frozen=True)
class Rail:
    """All that the rail shows."""

    blocks: list[FacetBlock]
    hidden: list[tuple[str, str]]
    """Parameters that the rail has no field for, to be kept."""
    histogram: SafeString
    values: Mapping[str, str] = field(default_factory=dict)
    """What stands in the fields."""
    is_time_chosen: bool = False
    is_worth_chosen: bool = False


def rail_of(
    filterset: DealFilterSet, facets: Mapping[str, Sequence[FacetValue]], years: Years
) -> Rail:
    """The rail of a selection."""
    data = filterset.data
    shown = {facet.name for facet in RAIL} | set(TYPED)
    hidden = [
        (name, printable(value))
        for name, values in data.lists()
        if name in KEPT or (name in filterset.filters and name not in shown)
        for value in values
        if value
    ]
    values = {name: printable(data.get(name) or "") for name in TYPED}
    return Rail(
        blocks=[_block(facet, filterset, facets.get(facet.name, [])) for facet in RAIL],
        hidden=hidden,
        histogram=histogram(years, filterset.cleaned),
        values=values,
        is_time_chosen=bool(values["announced_after"] or values["announced_before"]),
        is_worth_chosen=bool(values["min_usd"] or values["max_usd"]),
    )


def printable(text: str) -> str:
    """What was typed, as HTML can hold it: control characters are shown as a replacement."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def _block(facet: RailFacet, filterset: DealFilterSet, values: Sequence[FacetValue]) -> FacetBlock:
    chosen = [value for value in values if value.is_chosen]
    # A list of countries holds blocs too; these have a facet of their own.
    listed = [
        value
        for value in values
        if value.is_chosen or facet.glyph != "place" or value.value.isupper()
    ]
    in_sight = chosen[:SHOWN_CHOSEN] + [v for v in listed if not v.is_chosen]
    limit = len(in_sight) if facet.name in ("status", "stage", "rung") else SHOWN
    limit = max(limit, len(chosen[:SHOWN_CHOSEN]))
    first = set(in_sight[:limit])
    # In sight they keep the order of the list, so that ticking one does not move it.
    return FacetBlock(
        facet=facet,
        title=str(filterset.filters[facet.name].label),
        shown=[value for value in listed if value in first],
        folded=in_sight[limit : limit + MOST],
        chosen=chosen,
        left_out=max(0, len(in_sight) - limit - MOST),
    )


def histogram(years: Years, cleaned: Mapping[str, Any]) -> SafeString:
    """Deals by year; the years that are chosen stand out. Older ones share the first bar."""
    rows = years.rows[-9:]
    if not rows:
        return SafeString("")
    older = sum(row.deals for row in years.rows[: -len(rows)])
    width, height = BAR_AREA
    most = max(row.deals for row in rows)
    step = width / len(rows)
    after, before = cleaned.get("announced_after"), cleaned.get("announced_before")
    drawn = []
    for place, row in enumerate(rows):
        is_in = (after is None or row.year >= after.earliest.year) and (
            before is None or row.year <= before.latest.year
        )
        tall = (height - 22) * row.deals / most if most else 0
        tall = max(tall, 1.5) if row.deals else 0
        drawn.append(
            svg.rect(
                place * step + 1,
                height - 18 - tall,
                step - 2,
                tall,
                class_="in" if is_in else "out",
            )
        )
        drawn.append(
            svg.text(
                place * step + step / 2, height - 3, f"’{row.year % 100:02d}", text_anchor="middle"
            )
        )
    title = "Deals by year announced: " + ", ".join(f"{row.year} {row.deals}" for row in rows)
    if older:
        title += f"; earlier {older}"
    return svg.svg(*drawn, width=width, height=height, title=title, class_="histogram")
