"""The drawing of a map at one size: land, hosts, flows, names and key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from django.utils.safestring import SafeString

from config.lib import svg
from config.lib.projection import Box
from config.lib.words import count_in_words
from deals.charts.figure import NARROW
from deals.charts.map_data import Host, Tally, is_drawn
from deals.charts.map_flows import THINNEST, Routes, place_of, routes, taper
from deals.charts.map_frame import DENSE, UNIT, Frame, Size, frame_for
from deals.charts.map_labels import LETTER, Label, Room, beside, on_land
from deals.charts.map_measure import Measure

DOT: Final = 5.0
"""Radius of the mark of a host too small to be seen as land; less on a small world."""
POINT: Final = 2.5
"""Radius of the point from which the flows of a partner begin."""
SEEN: Final = 8.0
"""Pixels across below which a host gets that mark."""
CORE: Final = 0.9
"""Share of the deals whose hosts are the core of a map."""
KEY_ROW: Final = 24.0


@dataclass(frozen=True, kw_only=True)
class Look:
    """How much a drawing holds."""

    size: Size
    hosts_named: int
    partners_named: int
    """Partners within the frame that are named; those beyond it all are."""
    flows: int
    apart: float
    """Least distance between names at the edge."""
    thickest: float
    """Width of the largest flow where it ends."""


@dataclass(frozen=True)
class Drawing:
    """A map drawn, and how many flows are on it."""

    picture: SafeString
    flows: int
    beyond: list[Host]
    """Hosts outside the frame."""


class Leads(Protocol):
    """Gives the address of the selection narrowed to a host or a partner."""

    def __call__(self, *, host: str = "", partner: str = "") -> str: ...


def draw_map(
    found: Tally, measure: Measure, look: Look, *, title: str, said: str, leads: Leads
) -> Drawing:
    """The map of a tally; ``said`` is its alternative text."""
    all_hosts = [host for host in ranked(found, measure) if is_drawn(host.code)]
    framing = [host for host in all_hosts if measure.of(host)] or all_hosts
    frame = frame_for([host.code for host in framing], _core(framing), look.size)
    hosts = [host for host in all_hosts if frame.box.holds(place_of(frame, host.code))]
    beyond = [host for host in all_hosts if host not in hosts]
    drawn = routes(found.flows_by(measure.name), frame, most=look.flows, apart=look.apart)
    land = frame.land_without({host.code for host in hosts})
    key, height = _key(measure, frame, has_flows=bool(drawn.flows))
    size = "narrow" if look.size.width == NARROW else "wide"
    picture = svg.svg(
        svg.path(frame.graticule(), class_="map-graticule"),
        svg.path(land, transform=f"scale({UNIT})", class_="map-land"),
        *(_host(host, measure, frame, leads) for host in hosts),
        svg.group(*_flows(drawn, found, measure, frame, look), class_="map-flows"),
        *_names(hosts, drawn, found, measure, frame, look, leads),
        *key,
        width=frame.width,
        height=height,
        title=title,
        description=said,
        class_=f"chart chart-{size} map",
        # An image has no links in it, to assistive technology.
        role="group",
    )
    return Drawing(picture, len(drawn.flows), beyond)


def _core(hosts: Sequence[Host]) -> list[str]:
    """The hosts of most deals, without the stray ones."""
    ordered = sorted(hosts, key=lambda host: -host.deals)
    wanted, core = CORE * sum(host.deals for host in hosts), []
    for host in ordered:
        if wanted <= 0:
            break
        core.append(host.code)
        wanted -= host.deals
    return core


def ranked(found: Tally, measure: Measure) -> list[Host]:
    """Hosts, the largest first."""
    return sorted(
        found.hosts.values(), key=lambda host: (-measure.of(host), -host.deals, host.name)
    )


def _host(host: Host, measure: Measure, frame: Frame, leads: Leads) -> SafeString:
    """The land of a host, or a mark where it is too small, as a link to its deals."""
    value = measure.of(host)
    words = count_in_words(host.deals, "deal")
    if measure.rung:
        words += f", {measure.said(value)}"
    shade = f"map-{measure.ramp}-{measure.class_of(value)}"
    parts = []
    data = frame.land(host.code)
    if data:
        parts.append(svg.path(data, transform=f"scale({UNIT})", class_=f"map-host {shade}"))
    size = 0.6 if frame.scale < DENSE else 1.0
    if not data or frame.breadth(host.code) < SEEN * size:
        x, y = place_of(frame, host.code)
        parts.append(svg.circle(x, y, DOT * size, class_=f"map-dot {shade}"))
    title = svg.element("title", f"{host.name}: {words}")
    return svg.link(leads(host=host.code), title, *parts)


def _flows(
    drawn: Routes, found: Tally, measure: Measure, frame: Frame, look: Look
) -> Iterator[SafeString]:
    """The largest last, so that it lies on top."""
    most = max((flow.size for flow in drawn.flows), default=1)
    for flow in reversed(drawn.flows):
        width = THINNEST + float(flow.size / most) * (look.thickest - THINNEST)
        data = taper(drawn.starts[flow.partner], place_of(frame, flow.host), width, frame)
        said = f"{found.names[flow.partner]} to {found.names[flow.host]}"
        title = svg.element("title", f"{said}: {measure.said(flow.size)}")
        yield svg.path(data, title)


def _names(
    hosts: Sequence[Host],
    drawn: Routes,
    found: Tally,
    measure: Measure,
    frame: Frame,
    look: Look,
    leads: Leads,
) -> Iterator[SafeString]:
    """Names where there is room: partners at the edge, then hosts, then other partners."""
    room = Room(frame.box)
    sizes = {code: found.partners[code][measure.name] for code in drawn.starts}
    for code, stub in drawn.stubs.items():
        edge = 0.0 if stub.is_left else frame.width
        yield svg.line(edge, stub.y, stub.start(frame.width)[0], stub.y, class_="map-stub")
        label = stub.label(frame.width, found.names[code], measure.number(sizes[code]))
        room.take(label)
        yield _partner(code, label, leads)
    named: set[str] = set()
    first = {host.code for host in hosts[: look.hosts_named]}
    for code, (x, y) in drawn.starts.items():
        if code not in drawn.stubs and code not in first:
            room.taken.append(Box(x - POINT, y - POINT, x + POINT, y + POINT))
    for host in hosts[: look.hosts_named]:
        number = measure.number(measure.of(host))
        # A name on a mark would cover it.
        spots = on_land if frame.breadth(host.code) >= SEEN else beside
        name = room.first_free(spots(place_of(frame, host.code), host.name, number))
        if number and name:
            named.add(host.code)
            yield _written(name, "map-name map-name-host")
    within = [code for code in sizes if code not in drawn.stubs and code not in named]
    within.sort(key=lambda code: -sizes[code])
    for code in within:
        yield svg.circle(*drawn.starts[code], POINT, class_="map-partner")
    for code in within[: look.partners_named]:
        places = beside(drawn.starts[code], found.names[code], measure.number(sizes[code]))
        if name := room.first_free(places):
            yield _partner(code, name, leads)


def _partner(code: str, label: Label, leads: Leads) -> SafeString:
    title = svg.element("title", f"{label.name}: {label.number}, as partner")
    return svg.link(leads(partner=code), title, _written(label, "map-name"))


def _written(label: Label, class_: str) -> SafeString:
    name = svg.element("tspan", label.name, class_="map-word")
    return svg.element(
        "text",
        name,
        f" {label.number}",
        x=label.x,
        y=label.y,
        text_anchor=label.anchor,
        class_=class_,
    )


def _key(measure: Measure, frame: Frame, *, has_flows: bool) -> tuple[list[SafeString], float]:
    """The classes and the taper under the map, and the height of the whole drawing."""
    x, y = 0.0, frame.height + 20
    parts = [svg.text(x, y, measure.label, class_="chart-axis")]
    x += len(measure.label) * LETTER + 12
    swatches = [
        ("none", 0),
        *((words, place) for place, (_, words) in enumerate(measure.breaks, 1)),
    ]
    for words, place in swatches:
        needed = 34 + len(words) * LETTER
        if x + needed > frame.width:
            x, y = 0.0, y + KEY_ROW
        parts.append(svg.rect(x, y - 10.5, 26, 11, class_=f"map-{measure.ramp}-{place}"))
        parts.append(svg.text(x + 32, y, words, class_="chart-axis"))
        x += needed + 12
    if has_flows:
        words = f"from partner to host, wider: more {'money' if measure.rung else 'deals'}"
        if x + 48 + len(words) * LETTER > frame.width:
            x, y = 0.0, y + KEY_ROW
        sample = svg.path(f"M{x:.1f} {y - 5:.1f}l36-3.5v7z")
        parts.append(svg.group(sample, class_="map-flows"))
        parts.append(svg.text(x + 42, y, words, class_="chart-axis"))
    return parts, y + 8
