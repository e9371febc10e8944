"""Flows from partners by hosts to minerals, drawn as ribbons between columns of bars.

Wide, it is one picture of three columns; on a phone two of two columns, one above the other. All
ribbons are grey but those of the two partners with most deals; the style sheet sets off any other
that is pointed at, by the classes ``n0``, ``n1`` … that its two ends share with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from django.utils.safestring import SafeString

from config.lib import svg
from config.lib.typeface import Weight, width_of
from config.lib.words import count_in_words
from deals.charts.figure import FULL, NARROW, Figure, Head, Row
from deals.charts.flows import COLUMNS, NOTHING, Flows, flows_of
from deals.charts.lettering import RISE, SIZE, fitted
from deals.charts.narrowing import Narrowing
from deals.filters import DealFilterSet

HEADS: Final = ("Partner", "Host", "Mineral")
SHOWN: Final = (8, 9, 9)
"""How many of each column stand by themselves; the rest are “Others”."""
OTHERS: Final = "*"
PICTURE: Final = 440.0
"""Height of the tallest column, in pixels."""
MOST_A_DEAL: Final = 36.0
"""Height of one deal where there are few."""
GAP: Final = 10.0
SLOT: Final = 24.0
"""Least distance of two marks: each is a link that must be hit."""
BAR: Final = 7.0
LEAST_BAR, LEAST_RIBBON = 1.5, 0.75
TOP: Final = 28.0
ROWS_ON_PAGE: Final = 100
"""All deals go more than a thousand ways: the page lists the fullest, the file all."""
SWEEPS: Final = 8


@dataclass
class Stop:
    """A bar: a place or a mineral, or all the others of its column."""

    column: int
    code: str
    name: str
    deals: int
    share: float
    href: str = ""
    number: int = 0
    """Its place among all stops: the class that its ribbons share with it."""
    y: float = 0.0
    height: float = 0.0
    left: float = 0.0
    """How far its ribbons reach down on its left side, while they are laid."""
    right: float = 0.0

    @property
    def is_last(self) -> bool:
        """Stands at the foot of its column whatever flows there."""
        return self.code in (OTHERS, NOTHING)

    @property
    def words(self) -> str:
        return f"{self.name} {self.deals}"


@dataclass
class Diagram:
    """Stops in the order of their columns, and how much flows between each two neighbours."""

    columns: list[list[Stop]]
    ribbons: dict[tuple[int, int], float] = field(default_factory=lambda: defaultdict(float))
    """By the numbers of a stop and of one in the next column."""
    first: int | None = None
    """The partner with most deals, and the next."""
    second: int | None = None


def sankey(filterset: DealFilterSet) -> Figure | None:
    """Who comes for what: partner, host and mineral of the selection."""
    flows = flows_of(filterset.qs)
    if not flows.flows:
        return None
    narrowing = Narrowing(filterset)
    diagram = diagram_of(flows, narrowing)
    title = title_of(diagram, flows.deal_count)
    wide, narrow = drawings(diagram, title)
    return Figure(
        title=title,
        subtitle="From partner by host to mineral. All deals are equally wide, and one with "
        "several partners, hosts or minerals is shared out among them; a number counts the deals "
        f"of a name, whole.{_colours(diagram)}",
        wide=wide,
        narrow=narrow,
        spans=True,
        name_head="Partner",
        heads=(Head("Host", "text"), Head("Mineral", "text"), Head("Deals")),
        rows=rows_of(flows, narrowing),
        rows_on_page=ROWS_ON_PAGE,
    )


def rows_of(flows: Flows, narrowing: Narrowing) -> list[Row]:
    """Every way with its deals, each counted whole; the most first."""
    rows = []
    for way, flow in flows.flows.items():
        name, host, mineral = (flows.names[c][code] for c, code in zip(COLUMNS, way, strict=True))
        href = narrowing.href(dict(zip(COLUMNS, way, strict=True)))
        rows.append(Row(name, (host, mineral, len(flow.deals)), href))
    return sorted(rows, key=lambda row: (-int(row.cells[2] or 0), row.name, row.cells[:2]))


def title_of(diagram: Diagram, deal_count: int) -> str:
    """“United States in 16 of 75 deals, China in 12: who comes for what”."""
    leading = [
        stop
        for number in (diagram.first, diagram.second)
        for stop in diagram.columns[0]
        if stop.number == number
    ]
    deals = count_in_words(deal_count, "deal")
    if not leading:
        return f"No foreign partner in {deals}: where and for what"
    first, *others = leading
    of = deals if first.deals == deal_count else f"{first.deals} of {deals}"
    if not others:
        return f"{first.name} in {of}: who comes for what"
    second = others[0]
    if first.deals == second.deals:
        return f"{first.name} and {second.name} each in {of}: who comes for what"
    return f"{first.name} in {of}, {second.name} in {second.deals}: who comes for what"


def _colours(diagram: Diagram) -> str:
    if diagram.second is None:
        return ""
    return " The two partners with most deals are coloured."


# -- What is drawn --


def diagram_of(flows: Flows, narrowing: Narrowing) -> Diagram:
    """The stops and ribbons of a set of flows, in an order with few crossings."""
    stops = [_stops(flows, column, narrowing) for column in range(len(COLUMNS))]
    diagram = Diagram([list(column.values()) for column in stops])
    for number, stop in enumerate(chain.from_iterable(diagram.columns)):
        stop.number = number
    # They come ranked.
    real = [stop.number for stop in diagram.columns[0] if not stop.is_last]
    diagram.first, diagram.second = (*real[:2], None, None)[:2]
    for way, flow in flows.flows.items():
        ends = [column.get(code) or column[OTHERS] for column, code in zip(stops, way, strict=True)]
        for stop in ends:
            stop.share += flow.share
        for one, other in zip(ends, ends[1:], strict=False):
            diagram.ribbons[one.number, other.number] += flow.share
    _sort(diagram)
    return diagram


def _stops(flows: Flows, column: int, narrowing: Narrowing) -> dict[str, Stop]:
    deals, names, filter_name = flows.deals[column], flows.names[COLUMNS[column]], COLUMNS[column]
    ranked = flows.ranked(column)
    # “Others” of one would hide a name for nothing.
    shown = ranked if len(ranked) == SHOWN[column] + 1 else ranked[: SHOWN[column]]
    rest = ranked[len(shown) :]
    found = {
        code: Stop(
            column, code, names[code], len(deals[code]), 0.0, narrowing.href({filter_name: code})
        )
        for code in shown
    }
    if rest:
        found[OTHERS] = Stop(
            column, OTHERS, "Others", len(set().union(*(deals[code] for code in rest))), 0.0
        )
    if NOTHING in deals:
        href = narrowing.href({filter_name: NOTHING})
        found[NOTHING] = Stop(column, NOTHING, names[NOTHING], len(deals[NOTHING]), 0.0, href)
    return found


def _sort(diagram: Diagram) -> None:
    """Sorts each column by where its ribbons lead, as long as that leaves fewer crossings."""
    best, least = [list(column) for column in diagram.columns], crossings(diagram)
    for sweep in range(SWEEPS):
        places = {
            stop.number: place / max(1, len(column) - 1)
            for column in diagram.columns
            for place, stop in enumerate(column)
        }
        centres = _centres(diagram, places)
        for column in diagram.columns[1:] if sweep % 2 else diagram.columns[-2::-1]:
            column.sort(key=lambda stop: (stop.is_last, stop.code == NOTHING, centres[stop.number]))
            places |= {
                stop.number: place / max(1, len(column) - 1) for place, stop in enumerate(column)
            }
            centres = _centres(diagram, places)
        if (now := crossings(diagram)) < least:
            best, least = [list(column) for column in diagram.columns], now
    diagram.columns = best


def _centres(diagram: Diagram, places: Mapping[int, float]) -> dict[int, float]:
    """The mean place of the neighbours of each stop, by how much flows there."""
    moments: dict[int, float] = defaultdict(float)
    weights: dict[int, float] = defaultdict(float)
    for (one, other), share in diagram.ribbons.items():
        for stop, neighbour in ((one, other), (other, one)):
            moments[stop] += share * places[neighbour]
            weights[stop] += share
    return {stop: round(moments[stop] / weights[stop], 9) for stop in weights}


def crossings(diagram: Diagram) -> float:
    """How much crosses how much: the products of the shares of each two ribbons that do."""
    found = 0.0
    for left, right in zip(diagram.columns, diagram.columns[1:], strict=False):
        # Of the ribbons of stops further up, those that end at each place of the right column.
        above = [0.0] * len(right)
        for one in left:
            row = [diagram.ribbons.get((one.number, other.number), 0.0) for other in right]
            below = 0.0
            for place in range(len(right) - 1, -1, -1):
                found += row[place] * below
                below += above[place]
            above = [before + share for before, share in zip(above, row, strict=True)]
    return round(found, 6)


# -- How it is drawn --


def drawings(diagram: Diagram, title: str) -> tuple[SafeString, SafeString]:
    """The wide and the narrow picture."""
    return _three_columns(diagram, title), _two_and_two(diagram, title)


def _three_columns(diagram: Diagram, title: str) -> SafeString:
    scale = _scale(diagram.columns)
    height = TOP + max(_height(column, scale) for column in diagram.columns) + 4
    room = 176.0
    xs = (room, (FULL - BAR) * 0.49, FULL - room - BAR)
    parts = [
        svg.text(xs[0] + BAR, 14, HEADS[0], text_anchor="end", class_="sankey-head"),
        svg.text(xs[1], 14, HEADS[1], class_="sankey-head"),
        svg.text(xs[2], 14, HEADS[2], class_="sankey-head"),
    ]
    for column in diagram.columns:
        _place(column, scale, TOP, height - 4)
    parts += _ribbons(diagram, diagram.columns[:2], xs[:2], scale)
    parts += _ribbons(diagram, diagram.columns[1:], xs[1:], scale)
    parts += _marks(diagram.columns[0], xs[0], room - 10, side="left")
    parts += _marks(diagram.columns[1], xs[1], 220, side="over")
    parts += _marks(diagram.columns[2], xs[2], room - 10, side="right")
    return _drawing(parts, FULL, height, title, diagram, "wide")


def _two_and_two(diagram: Diagram, title: str) -> SafeString:
    left, right = 132.0, 118.0
    xs = (left, NARROW - right - BAR)
    top = 0.0
    parts: list[SafeString] = []
    for first in (0, 1):
        columns = diagram.columns[first : first + 2]
        scale = _scale(columns)
        foot = top + TOP + max(_height(column, scale) for column in columns)
        parts += [
            svg.text(xs[0] + BAR, top + 14, HEADS[first], text_anchor="end", class_="sankey-head"),
            svg.text(xs[1], top + 14, HEADS[first + 1], class_="sankey-head"),
        ]
        for column in columns:
            _place(column, scale, top + TOP, foot)
        parts += _ribbons(diagram, columns, xs, scale)
        parts += _marks(columns[0], xs[0], left - 8, side="left")
        parts += _marks(columns[1], xs[1], right - 8, side="right")
        top = foot + 22
    return _drawing(parts, NARROW, top - 18, title, diagram, "narrow")


def _drawing(
    parts: Iterable[SafeString],
    width: float,
    height: float,
    title: str,
    diagram: Diagram,
    size: str,
) -> SafeString:
    # A group, since a picture (role img) may hold no links.
    return svg.svg(
        *parts,
        width=width,
        height=height,
        title=title,
        description=_said(diagram),
        role="group",
        class_=f"chart chart-{size} sankey",
    )


def _said(diagram: Diagram) -> str:
    """The names of each column with their deals, as read."""
    return ". ".join(
        f"{head}s: {', '.join(stop.words for stop in column)}"
        for head, column in zip(HEADS, diagram.columns, strict=True)
    )


def _scale(columns: Sequence[Sequence[Stop]]) -> float:
    """Pixels a deal: as many as let every column stand in the height of the picture."""
    low, high = 0.0, MOST_A_DEAL
    if max(_height(column, high) for column in columns) <= PICTURE:
        return high
    for _ in range(40):
        middle = (low + high) / 2
        fits = max(_height(column, middle) for column in columns) <= PICTURE
        low, high = (middle, high) if fits else (low, middle)
    return low


def _slot(stop: Stop, scale: float) -> float:
    return max(stop.share * scale + GAP, SLOT)


def _height(column: Sequence[Stop], scale: float) -> float:
    return sum(_slot(stop, scale) for stop in column)


def _place(column: Sequence[Stop], scale: float, top: float, foot: float) -> None:
    """Gives each stop its place between ``top`` and ``foot``, what is left over as space."""
    spare = (foot - top - _height(column, scale)) / (len(column) + 1)
    between = min(spare, 2 * GAP) if len(column) > 1 else 0.0
    y = top + (foot - top - _height(column, scale) - between * (len(column) - 1)) / 2
    for stop in column:
        slot = _slot(stop, scale)
        stop.height = max(stop.share * scale, LEAST_BAR)
        stop.y = y + (slot - stop.height) / 2
        stop.left = stop.right = stop.y
        y += slot + between


def _ribbons(
    diagram: Diagram,
    columns: Sequence[Sequence[Stop]],
    xs: Sequence[float],
    scale: float,
) -> Iterator[SafeString]:
    """The ribbons between two columns, the coloured ones last, so that they lie on top."""
    start, end = xs[0] + BAR, xs[1]
    bend = (start + end) / 2
    drawn: list[tuple[int, SafeString]] = []
    for one in columns[0]:
        for other in columns[1]:
            share = diagram.ribbons.get((one.number, other.number))
            if share is None:
                continue
            width = share * scale
            # Too thin to be seen, it is drawn wider about its middle and takes no more room.
            half = max(width, LEAST_RIBBON) / 2
            y1, y2 = one.right + width / 2, other.left + width / 2
            one.right, other.left = one.right + width, other.left + width
            tone = _tone(diagram, one)
            classes = f"flow n{one.number} n{other.number}{f' flow-{tone}' if tone else ''}"
            said = svg.element("title", f"{one.name} to {other.name}")
            shape = _ribbon(start, y1, end, y2, bend, half)
            drawn.append((len(tone), svg.path(shape, said, class_=classes)))
    yield from (path for _, path in sorted(drawn, key=lambda pair: bool(pair[0])))


def _tone(diagram: Diagram, stop: Stop) -> str:
    if stop.number == diagram.first and diagram.second is not None:
        return "first"
    return "second" if stop.number == diagram.second else ""


def _ribbon(x1: float, y1: float, x2: float, y2: float, bend: float, half: float) -> str:
    def at(*numbers: float) -> str:
        return " ".join(map(svg.number, numbers))

    return (
        f"M{at(x1, y1 - half)}C{at(bend, y1 - half, bend, y2 - half, x2, y2 - half)}"
        f"V{at(y2 + half)}C{at(bend, y2 + half, bend, y1 + half, x1, y1 + half)}Z"
    )


def _marks(column: Sequence[Stop], x: float, room: float, *, side: str) -> Iterator[SafeString]:
    """The bars of a column with their words, which lead to the deals."""
    for stop in column:
        middle = stop.y + stop.height / 2
        count = f" {stop.deals}"
        weight: Weight = 600 if side == "over" else 400
        name = fitted(stop.name, room - width_of(count, SIZE), weight)
        words = svg.element(
            "text",
            svg.element("tspan", name, class_="sankey-name" if side == "over" else None),
            svg.element("tspan", count, class_="sankey-count"),
            x=x - 6 if side == "left" else x + BAR + 6,
            y=middle + RISE,
            text_anchor="end" if side == "left" else None,
            class_="halo" if side == "over" else None,
        )
        label = f"{stop.name}: {count_in_words(stop.deals, 'deal')}"
        parts = (
            svg.element("title", label),
            svg.rect(x, stop.y, BAR, stop.height, class_="fill-ink"),
            words,
        )
        classes = f"stop n{stop.number}"
        yield (
            svg.link(stop.href, *parts, class_=classes)
            if stop.href
            else svg.group(*parts, class_=classes)
        )
