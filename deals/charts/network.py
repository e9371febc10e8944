"""Who deals with whom, drawn as a network: nodes in ink by their deals, ties by theirs.

The picture is whole without a script: every node is a link. `network.js` adds that the neighbours
of a node are set off, and that nodes can be dragged: it finds what belongs together by
``data-node`` and ``data-ends``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from django.urls import reverse
from django.utils.safestring import SafeString

from config.lib import svg
from config.lib.typeface import width_of
from config.lib.words import count_in_words
from deals.charts.figure import NARROW, WIDE, Figure, Head, Row
from deals.charts.lettering import RISE, SIZE, Box, fitted
from deals.charts.narrowing import Narrowing
from deals.charts.springs import placed
from deals.charts.ties import COMPANIES, COUNTRIES, Actor, Tie, Ties, ties_of
from deals.filters import DealFilterSet

SHOWN: Final = {WIDE: 60, NARROW: 32}
HEIGHTS: Final = {WIDE: 620.0, NARROW: 420.0}
LARGEST: Final = {WIDE: 22.0, NARROW: 15.0}
SMALLEST: Final = 4.0
LABELS: Final = {WIDE: 20, NARROW: 10}
LONGEST_LABEL: Final = {WIDE: 190.0, NARROW: 120.0}
WIDEST_TIE: Final = 6.0
BESIDE: Final = 20
"""Rows of the table beside the picture: those that are labelled in it."""
TIES_DRAWN: Final = 10
TIE_ROW: Final = 38.0
ONE: Final = {COUNTRIES: "country", COMPANIES: "company or body"}
MANY: Final = {COUNTRIES: "countries", COMPANIES: "companies and bodies"}


@dataclass(frozen=True, kw_only=True)
class Network(Figure):
    """The figure with the table that stands beside it."""

    what: str
    """Head of the column of names."""

    @property
    def beside(self) -> list[Row]:
        return self.rows[:BESIDE]


@dataclass(frozen=True)
class Node:
    """A node in its place; ``label`` is empty where no room was found for it."""

    actor: Actor
    x: float
    y: float
    radius: float
    href: str
    label: str = ""
    label_x: float = 0.0
    label_y: float = 0.0
    """Where the label begins and its letters stand, from the middle of the node."""


def network(filterset: DealFilterSet, kind: str) -> Figure | None:
    """The network of countries or companies in the selection."""
    ties = ties_of(filterset, kind)
    tied = [actor for actor in ties.ranked if actor.partners]
    if not tied:
        return None
    narrowing = Narrowing(filterset)
    title = _title(tied, ties)
    return Network(
        title=title,
        subtitle=_subtitle(kind),
        wide=picture(ties, WIDE, title, narrowing),
        narrow=picture(ties, NARROW, title, narrowing),
        name_head=ONE[kind].capitalize(),
        what=ONE[kind].capitalize(),
        heads=(Head("Deals"), Head("Deals with"), Head("Firmest money", "text")),
        rows=[
            Row(
                actor.name,
                (actor.deals, len(actor.partners), actor.firmest_money),
                narrowing.href({_filter_of(kind): actor.code}),
            )
            for actor in ties.ranked
        ],
        rows_on_page=200,
        note=" ".join(_notes(ties, tied)),
    )


def strongest(filterset: DealFilterSet, kind: str) -> Figure | None:
    """The ties of a selection as bars, those of most deals first."""
    ties = ties_of(filterset, kind)
    if not ties.deals:
        return None
    narrowing = Narrowing(filterset)
    ranked = ties.ranked_ties
    names = {code: actor.name for code, actor in ties.actors.items()}
    between = " in " if kind == COUNTRIES else " and "
    first, most = ranked[0]
    leading = sum(deals == most for _, deals in ranked)
    if leading == 1:
        title = f"{between.join(names[code] for code in first)}: {count_in_words(most, 'deal')}"
        title += ", the most of any two"
    else:
        title = f"{leading} pairs with {count_in_words(most, 'deal')} each, the most of any"
    drawn = [
        (between.join(names[code] for code in tie), deals, _href(ties, tie, narrowing))
        for tie, deals in ranked[:TIES_DRAWN]
    ]
    return Figure(
        title=title,
        subtitle="Deals by partner and host" if kind == COUNTRIES else "Deals that name both",
        wide=_tie_bars(drawn, WIDE, title),
        narrow=_tie_bars(drawn, NARROW, title),
        name_head="Partner" if kind == COUNTRIES else "One body",
        heads=(Head("Host" if kind == COUNTRIES else "The other", "text"), Head("Deals")),
        rows=[
            Row(names[tie[0]], (names[tie[1]], deals), _href(ties, tie, narrowing))
            for tie, deals in ranked
        ],
        rows_on_page=100,
        note=f"{count_in_words(len(ranked) - TIES_DRAWN, 'more tie')} not drawn."
        if len(ranked) > TIES_DRAWN
        else "",
    )


def _tie_bars(items: Sequence[tuple[str, int, str]], width: float, title: str) -> SafeString:
    """A bar a tie, under its words: two names are long."""
    most = max(deals for _, deals, _ in items)
    parts = []
    for place, (words, deals, href) in enumerate(items):
        y = TIE_ROW * place
        written = svg.text(0, y + 13, fitted(words, width), class_="chart-link" if href else None)
        length = (width - 40) * deals / most
        parts += [
            svg.link(href, written) if href else written,
            svg.rect(0, y + 19, length, 9, class_="fill-bound"),
            svg.text(length + 6, y + 28, str(deals)),
        ]
    said = "; ".join(f"{words} {deals}" for words, deals, _ in items)
    return svg.svg(
        *parts,
        width=width,
        height=TIE_ROW * len(items),
        title=title,
        description=said,
        role="group",
        class_=f"chart chart-{'narrow' if width == NARROW else 'wide'}",
    )


def _filter_of(kind: str) -> str:
    return "company" if kind == COMPANIES else "country"


def _href(ties: Ties, tie: Tie, narrowing: Narrowing) -> str:
    """The deals of a tie; of companies the deal itself, since no filter asks for two at once."""
    if ties.kind == COUNTRIES:
        return narrowing.href({"partner": tie[0], "host": tie[1]})
    deals = ties.deals[tie]
    return _path_of(deals[0]) if len(deals) == 1 else ""


@lru_cache(maxsize=10_000)
def _path_of(key: str) -> str:
    """The page of a deal: each stands in as many ties as its bodies make."""
    return reverse("deals:detail", args=[key])


def _title(tied: Sequence[Actor], ties: Ties) -> str:
    """“United States deals with 48 countries, China with 31”; the farthest reaching first."""
    ranked = sorted(tied, key=lambda one: (-len(one.partners), -one.deals, one.name))
    first = ranked[0]
    one, many = ("other", "others") if ties.kind == COMPANIES else (ONE[ties.kind], MANY[ties.kind])
    words = f"{first.name} deals with {count_in_words(len(first.partners), one, many)}"
    if len(ranked) > 2 and len(ranked[1].partners) > 1:
        words += f", {ranked[1].name} with {len(ranked[1].partners)}"
    return words


def _subtitle(kind: str) -> str:
    if kind == COUNTRIES:
        return (
            "Countries, and blocs that sign themselves, tied where one is host and the other "
            "partner of a deal. Size and width by number of deals."
        )
    return (
        "Parties and providers of money, tied where one deal names both. "
        "Size and width by number of deals."
    )


def _notes(ties: Ties, tied: Sequence[Actor]) -> Iterator[str]:
    drawn = _drawn(ties, WIDE)
    left_out = len(tied) - len(drawn)
    if left_out > 0:
        yield f"The {len(drawn)} with most deals are drawn; {left_out} more stand in the data."
    alone = len(ties.actors) - len(tied)
    if alone:
        yield f"{count_in_words(alone, ONE[ties.kind], MANY[ties.kind])} without a tie left out."


# -- The picture --


def _drawn(ties: Ties, width: float) -> list[Actor]:
    """Those with most deals that are tied to another of them."""
    first = [actor for actor in ties.ranked if actor.partners][: SHOWN[width]]
    codes = {actor.code for actor in first}
    return [actor for actor in first if actor.partners & codes]


def picture(ties: Ties, width: float, title: str, narrowing: Narrowing) -> SafeString:
    """The network, as wide as ``width`` (`WIDE` or `NARROW`)."""
    height = HEIGHTS[width]
    actors = _drawn(ties, width)
    number = {actor.code: place for place, actor in enumerate(actors)}
    edges = sorted(
        (number[one], number[other], deals)
        for (one, other), deals in ties.between.items()
        if one in number and other in number
    )
    if len(actors) < 12:
        height *= 0.6
    nodes = nodes_of(ties.kind, actors, edges, width, height, narrowing)
    most = max((deals for _, _, deals in edges), default=1)
    parts = [svg.group(*_edges(nodes, edges, most), class_="ties")]
    parts += _marks(nodes)
    said = "; ".join(
        f"{node.actor.name}: {count_in_words(node.actor.deals, 'deal')}" for node in nodes[:BESIDE]
    )
    # A group, since a picture (role img) may hold no links.
    return svg.svg(
        *parts,
        width=width,
        height=height,
        title=title,
        description=said,
        role="group",
        class_=f"chart chart-{'narrow' if width == NARROW else 'wide'} network",
    )


def nodes_of(
    kind: str,
    actors: Sequence[Actor],
    edges: Sequence[tuple[int, int, int]],
    width: float,
    height: float,
    narrowing: Narrowing,
) -> list[Node]:
    """The nodes in their places, the first of them labelled without overlap."""
    most = max(actor.deals for actor in actors)
    radii = tuple(
        round(max(SMALLEST, LARGEST[width] * math.sqrt(actor.deals / most)), 1) for actor in actors
    )
    strengths = tuple((one, other, float(deals)) for one, other, deals in edges)
    labels = [fitted(actor.name, LONGEST_LABEL[width], 600) for actor in actors[: LABELS[width]]]
    lengths = tuple(round(width_of(label, SIZE, 600), 1) for label in labels)
    places = placed(radii, strengths, width, height, lengths)
    taken = [Box.of_circle(x, y, radius) for (x, y), radius in zip(places, radii, strict=True)]
    nodes = []
    for place, (actor, (x, y), radius) in enumerate(zip(actors, places, radii, strict=True)):
        node = Node(actor, x, y, radius, narrowing.href({_filter_of(kind): actor.code}))
        label = labels[place] if place < len(labels) else ""
        if label and (found := _label_place(label, node, taken, width, height)):
            box, at_x, at_y = found
            taken.append(box)
            node = replace(node, label=label, label_x=at_x, label_y=at_y)
        nodes.append(node)
    return nodes


def _label_place(
    label: str, node: Node, taken: Sequence[Box], width: float, height: float
) -> tuple[Box, float, float] | None:
    """The first free place about a node: right, left, below, above, and between these."""
    length = width_of(label, SIZE, 600)
    rim = node.radius + 4
    for reach in (0.0, 8.0):
        out = rim + reach
        for at_x, middle in (
            (out, 0.0),
            (-out - length, 0.0),
            (-length / 2, out + 7),
            (-length / 2, -out - 7),
            (out * 0.7, out * 0.7 + 5),
            (out * 0.7, -out * 0.7 - 5),
            (-out * 0.7 - length, out * 0.7 + 5),
            (-out * 0.7 - length, -out * 0.7 - 5),
        ):
            box = Box.of_words(node.x + at_x, node.y + middle, label, weight=600)
            if box.is_within(width, height) and box.is_clear_of(taken):
                return box, at_x, middle + RISE
    return None


def _edges(
    nodes: Sequence[Node], edges: Sequence[tuple[int, int, int]], most: int
) -> Iterator[SafeString]:
    for one, other, deals in sorted(edges, key=lambda edge: edge[2]):
        start, end = nodes[one], nodes[other]
        said = f"{start.actor.name} and {end.actor.name}: {count_in_words(deals, 'deal')}"
        yield svg.element(
            "line",
            svg.element("title", said),
            x1=start.x,
            y1=start.y,
            x2=end.x,
            y2=end.y,
            stroke_width=1 + (WIDEST_TIE - 1) * (deals - 1) / max(1, most - 1),
            class_="tie",
            data_ends=f"{one} {other}",
        )


def _marks(nodes: Sequence[Node]) -> Iterator[SafeString]:
    for place, node in enumerate(nodes):
        actor = node.actor
        said = (
            f"{actor.name}: {count_in_words(actor.deals, 'deal')}, deals with {len(actor.partners)}"
        )
        parts = [
            svg.element("title", said),
            svg.circle(0, 0, node.radius, class_="node-mark"),
        ]
        if node.label:
            parts.append(svg.text(node.label_x, node.label_y, node.label, class_="node-name"))
        at = f"translate({svg.number(node.x)} {svg.number(node.y)})"
        if node.href:
            yield svg.link(
                node.href, *parts, class_="node", transform=at, data_node=place, aria_label=said
            )
        else:
            yield svg.group(*parts, class_="node", transform=at, data_node=place)
