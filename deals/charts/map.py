"""A map of deals: hosts shaded by deals or money, and flows to them from their partners."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from config.lib.words import count_in_words, money_in_words
from deals.charts.figure import FULL, NARROW, Figure, Head, Row
from deals.charts.map_data import DEALS, Host, Tally, is_drawn, tally
from deals.charts.map_drawing import Drawing, Leads, Look, draw_map, ranked
from deals.charts.map_frame import Size
from deals.charts.map_measure import MEASURES, Measure
from deals.codes import Rung
from deals.filters import DealFilterSet
from deals.selecting import deals_href

PARTNERS_SHOWN: Final = 3
LISTED: Final = 5
"""Places that a note names; the table has all."""
LOOKS: Final = (
    Look(
        size=Size(FULL, least_height=372, most_height=476, across=0.6, up=0.48, least_degrees=26),
        hosts_named=5,
        partners_named=14,
        flows=30,
        apart=20,
        thickest=8,
    ),
    Look(
        size=Size(NARROW, least_height=215, most_height=330, across=0.7, up=0.6, least_degrees=26),
        hosts_named=2,
        partners_named=3,
        flows=12,
        apart=26,
        thickest=6,
    ),
)


type Place = Mapping[str, str]
"""A country or a bloc as summaries name it."""


@dataclass(frozen=True, kw_only=True)
class MapRow:
    """A host in the table under the map."""

    host: Host
    place: Place
    partners: list[tuple[Place, int]]
    """Its first partners, and in how many of its deals."""
    more_partners: int
    href: str


@dataclass(frozen=True, kw_only=True)
class MapFigure(Figure):
    """The map with what its own table shows beside the figure's rows."""

    table: list[MapRow]
    is_counted_twice: bool
    """Whether a deal stands in several rows."""


def deal_map(filterset: DealFilterSet, measure_name: str = DEALS) -> MapFigure | None:
    """The selection as a map, or None without hosts. Two queries; three with a past ``on``."""
    found = tally(filterset)
    if not found.hosts:
        return None
    measure = MEASURES[measure_name]
    hosts = ranked(found, measure)
    leads = _leads(filterset, measure)
    title = _title(found, hosts, measure)
    said = "; ".join(f"{host.name} {measure.number(measure.of(host)) or 0}" for host in hosts)
    wide, narrow = (
        draw_map(found, measure, look, title=title, said=said, leads=leads) for look in LOOKS
    )
    return MapFigure(
        title=title,
        subtitle=_subtitle(measure),
        wide=wide.picture,
        narrow=narrow.picture,
        spans=True,
        name_head="Host",
        heads=(
            Head("Code", "text"),
            Head("Deals"),
            Head("Binding"),
            *(Head(rung.label, "usd") for rung in Rung),
            Head("Deals by partner", "text"),
        ),
        rows=[_row(found, host, leads) for host in hosts],
        note=" ".join(_notes(found, measure, wide, narrow)),
        table=[_table_row(found, host, leads) for host in hosts],
        is_counted_twice=_is_counted_twice(found),
    )


def _leads(filterset: DealFilterSet, measure: Measure) -> Leads:
    """Addresses of the same map with one place chosen in the stead of those chosen before."""
    shape = {"view": "map"} if measure.name == DEALS else {"view": "map", "measure": measure.name}

    def lead(*, host: str = "", partner: str = "") -> str:
        chosen = {"host": host} if host else {"partner": partner}
        return deals_href(filterset, **chosen, **shape)

    return lead


def _row(found: Tally, host: Host, leads: Leads) -> Row:
    partners = "; ".join(f"{name} {deals}" for _, name, deals in _partners(found, host))
    sums = (host.ladder[rung.value] for rung in Rung)
    cells = (host.code, host.deals, host.binding, *sums, partners)
    return Row(host.name, cells, leads(host=host.code))


def _table_row(found: Tally, host: Host, leads: Leads) -> MapRow:
    partners = _partners(found, host)
    return MapRow(
        host=host,
        place=_place(host.code, host.name),
        partners=[(_place(code, name), deals) for code, name, deals in partners[:PARTNERS_SHOWN]],
        more_partners=max(0, len(partners) - PARTNERS_SHOWN),
        href=leads(host=host.code),
    )


def _place(code: str, name: str) -> Place:
    return {"code" if code.isupper() else "bloc": code, "name": name}


def _partners(found: Tally, host: Host) -> list[tuple[str, str, int]]:
    named = [(code, found.names[code], deals) for code, deals in host.partners.items()]
    return sorted(named, key=lambda partner: (-partner[2], partner[1]))


def _title(found: Tally, hosts: Sequence[Host], measure: Measure) -> str:
    """Which host leads, alone or with others."""
    most = measure.of(hosts[0])
    first = [host.name for host in hosts if measure.of(host) == most]
    deals = count_in_words(found.deals, "deal")
    who = first[0] if len(first) == 1 else f"{len(first)} hosts"
    who = " and ".join(first) if len(first) == 2 else who
    if measure.rung:
        if not most:
            return f"Nothing {measure.word} that can be summed in {deals}"
        each = "" if len(first) == 1 else " each"
        return f"{who}: {money_in_words(most)} {measure.word}{each}" + (
            "" if len(hosts) == 1 else ", the most of any host"
        )
    if len(first) > 1:
        return f"{who} each host {most} of {deals}"
    if most == found.deals:
        return f"{who} hosts {'the one deal' if most == 1 else f'all {deals}'}"
    return f"{who} hosts {most} of {deals}"


def _subtitle(measure: Measure) -> str:
    what = (
        f"US dollars that stand exactly at {measure.word}, by host, and flows"
        if measure.rung
        else "Deals by host, and flows"
    )
    unit = "money" if measure.rung else "deals"
    return (
        f"{what} from partner countries; those off the map enter at its edge. Bold names give "
        f"{unit} as host, the others as partner. Choose one to filter."
    )


def _notes(found: Tally, measure: Measure, wide: Drawing, narrow: Drawing) -> Iterator[str]:
    """What the reader must know: what is counted twice, and all that is not drawn."""
    if _is_counted_twice(found):
        yield "A deal with several hosts counts in each."
    flows = len(found.flows_by(measure.name))
    if min(wide.flows, narrow.flows) < flows:
        drawn = "all" if wide.flows == flows else str(wide.flows)
        yield f"Of {flows} flows the largest are drawn: {drawn}, on a phone {narrow.flows}."
    if any(partner == host for partner, host in found.flows):
        yield "A flow within one country is not drawn."
    if wide.beyond:
        beyond = {host.name: host.deals for host in wide.beyond}
        yield f"Hosts off the map, in the table only: {_listed(beyond)}."
    hosts = [host for host in found.hosts.values() if not is_drawn(host.code)]
    if hosts:
        yield f"Hosts without a place on the map: {_listed({h.name: h.deals for h in hosts})}."
    partners = {
        found.names[code]: int(sizes[DEALS])
        for code, sizes in found.partners.items()
        if not is_drawn(code)
    }
    if partners:
        yield f"Partners without a place on the map: {_listed(partners)}."
    if found.without_place:
        yield f"{count_in_words(found.without_place, 'deal').capitalize()} with no other host."
    if found.without_host:
        yield f"{count_in_words(found.without_host, 'deal').capitalize()} without any host."
    yield "Map: Natural Earth projection and borders, which imply no view on disputed ones."


def _is_counted_twice(found: Tally) -> bool:
    return sum(host.deals for host in found.hosts.values()) > found.deals - found.without_host


def _listed(deals_by_name: Mapping[str, int]) -> str:
    """“United States (3 deals), Mongolia (1 deal) and 4 more”."""
    ordered = sorted(deals_by_name.items(), key=lambda item: (-item[1], item[0]))
    shown = [f"{name} ({count_in_words(deals, 'deal')})" for name, deals in ordered]
    more = len(shown) - LISTED
    return ", ".join(shown[:LISTED]) + (f" and {more} more" if more > 0 else "")
