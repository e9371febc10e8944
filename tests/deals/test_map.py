"""The map: counts equal brute force, and all that is drawn lies within it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from itertools import pairwise

import pytest
from django.http import QueryDict
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker

from config.lib.projection import Box, box_of
from countries.borders import label_point
from deals.charts.catalogue import draw
from deals.charts.map import LOOKS, MapFigure, deal_map
from deals.charts.map_data import Host, Tally
from deals.charts.map_drawing import draw_map
from deals.charts.map_frame import frame_for
from deals.charts.map_labels import spread
from deals.charts.map_measure import MEASURES
from deals.codes import BINDING_STATUSES, Rung
from deals.filters import DealFilterSet
from tests.deals.oracle import Record, World

SVG = "{http://www.w3.org/2000/svg}"
SELECTIONS = [
    "",
    "bloc=c5",
    "host=AU",
    "partner=CN",
    "host=eu27&partner=US",
    "mineral=tungsten&mineral=antimony",
    "rung=committed&provider_country=US",
    "host=US&host=CA&status=mou_signed",
    "host=NR",
    "partner__not=US&announced_after=2025",
]
WIDE, NARROW = LOOKS


@pytest.fixture(scope="module")
def oracle(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> World:
    with django_db_blocker.unblock():
        return World.load()


def a_map(query: str) -> MapFigure:
    figure = draw("map", DealFilterSet(QueryDict(query)))
    assert isinstance(figure, MapFigure)
    return figure


def chosen(oracle: World, query: str) -> list[Record]:
    parameters = dict(QueryDict(query).lists())
    keys = oracle.keys(parameters)
    return [deal for deal in oracle.deals if deal["key"] in keys]


def places(deal: Record, role: str) -> set[str]:
    countries = deal["record"]["countries"]
    return {place["country"] or place["bloc"] for place in countries if place["role"] == role}


@pytest.mark.django_db
@pytest.mark.parametrize("query", SELECTIONS)
def test_counts_equal_brute_force(oracle: World, query: str) -> None:
    hosts, binding, flows = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    usd: dict[tuple[str, str], float] = {}
    for deal in chosen(oracle, query):
        for host in places(deal, "host"):
            hosts[host] += 1
            binding[host] += deal["record"]["status"] in BINDING_STATUSES
            flows.update((host, partner) for partner in places(deal, "partner"))
            for rung, amount in deal["ladder"].items():
                if amount is not None:
                    usd[host, rung] = usd.get((host, rung), 0) + amount
    table = a_map(query).table
    assert {row.host.code: row.host.deals for row in table} == hosts
    assert {row.host.code: row.host.binding for row in table} == binding
    assert {
        (row.host.code, partner): deals
        for row in table
        for partner, deals in row.host.partners.items()
    } == flows
    assert {
        (row.host.code, rung): float(amount)
        for row in table
        for rung, amount in row.host.ladder.items()
        if amount is not None
    } == pytest.approx(usd)


@pytest.mark.django_db
def test_the_file_has_every_host_and_partner() -> None:
    figure = a_map("bloc=c5")
    rows = {row.name: row.cells for row in figure.rows}
    heads = [head.label for head in figure.heads]
    code, deals, *_, partners = rows["Kazakhstan"]
    assert heads[0] == "Code" and code == "KZ"
    assert isinstance(deals, int) and deals > 50
    assert re.search(r"United States \d+; ", str(partners))


@pytest.mark.django_db
@pytest.mark.parametrize("query", [*SELECTIONS, "measure=committed_usd", "bloc=c5&on=2025-06-01"])
def test_all_that_is_drawn_lies_within_the_drawing(query: str) -> None:
    figure = a_map(query)
    for picture in (figure.wide, figure.narrow):
        root = ET.fromstring(picture)
        box = Box(*map(float, root.get("viewBox", "").split()))
        drawn = list(boxes(root))
        assert drawn
        for what, inner in drawn:
            assert inner.left >= -0.5 and inner.right <= box.right + 0.5, what
            assert inner.low >= -0.5 and inner.high <= box.high + 0.5, what


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["bloc=c5", "host=AU", "partner=CN", "host=KZ&host=MN"])
def test_names_at_the_edge_stand_apart(query: str) -> None:
    figure = a_map(query)
    for picture, apart in ((figure.wide, 20), (figure.narrow, 26)):
        root = ET.fromstring(picture)
        sides: dict[bool, list[float]] = {}
        for line in root.iter(f"{SVG}line"):
            if line.get("class") == "map-stub":
                sides.setdefault(line.get("x1") == "0", []).append(float(line.get("y1", 0)))
        for ys in sides.values():
            assert all(b - a > apart - 0.02 for a, b in pairwise(sorted(ys)))


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "bloc=c5", "partner=CN", "measure=indicated_usd"])
def test_names_do_not_cover_one_another(query: str) -> None:
    figure = a_map(query)
    for picture in (figure.wide, figure.narrow):
        named = [box for what, box in boxes(ET.fromstring(picture)) if what.startswith("map-name")]
        for place, a in enumerate(named):
            for b in named[place + 1 :]:
                assert a.right <= b.left or b.right <= a.left or a.high <= b.low or b.high <= a.low


@pytest.mark.parametrize(
    ("deals", "expected"),
    [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (10, 3), (11, 4), (25, 4), (26, 5), (400, 5)],
)
def test_deals_fall_into_five_fixed_classes(deals: int, expected: int) -> None:
    assert MEASURES["deals"].class_of(Decimal(deals)) == expected


def test_money_falls_into_five_fixed_classes() -> None:
    measure = MEASURES["committed_usd"]
    millions = (0, 1, 50, 51, 250, 1000, 5000, 5001)
    classes = [measure.class_of(Decimal(amount) * 10**6) for amount in millions]
    assert classes == [0, 1, 1, 2, 2, 3, 4, 5]


@pytest.mark.django_db
def test_a_host_is_shaded_named_and_leads_to_its_deals() -> None:
    figure = a_map("bloc=c5&measure=deals")
    links = {
        link.findtext(f"{SVG}title", ""): link
        for link in ET.fromstring(figure.wide).iter(f"{SVG}a")
    }
    deals = next(row.host.deals for row in figure.table if row.host.code == "KZ")
    link = links[f"Kazakhstan: {deals} deals"]
    shape = link.find(f"{SVG}path")
    assert shape is not None and shape.get("class") == "map-host map-seq-5"
    query = QueryDict(link.get("href", "").partition("?")[2])
    assert query.dict() == {"bloc": "c5", "host": "KZ", "view": "map"}


@pytest.mark.django_db
def test_money_keeps_its_measure_in_every_link() -> None:
    figure = a_map("measure=committed_usd&bloc=c5")
    links = [link.get("href", "") for link in ET.fromstring(figure.wide).iter(f"{SVG}a")]
    assert links
    assert all("measure=committed_usd" in href for href in links)
    assert figure.query == "measure=committed_usd&bloc=c5"


@pytest.mark.django_db
def test_a_bloc_is_named_and_never_drawn() -> None:
    figure = a_map("")
    assert "Hosts without a place on the map: European Union (1 deal)" in figure.note
    assert re.search(
        r"Partners without a place on the map: European Union \(\d+ deals\)", figure.note
    )
    assert "imply no view" in figure.note


def test_only_blocs_leave_a_map_of_the_world_without_hosts() -> None:
    found = Tally(deals=1, hosts={"eu27": Host("eu27", "European Union", deals=1)}, without_place=1)
    drawing = draw_map(found, MEASURES["deals"], WIDE, title="", said="", leads=no_address)
    root = ET.fromstring(drawing.picture)
    assert list(root.iter(f"{SVG}a")) == []
    assert [node.get("class") for node in root.iter(f"{SVG}path")][:2] == [
        "map-graticule",
        "map-land",
    ]


@pytest.mark.django_db
def test_nothing_is_drawn_of_nothing() -> None:
    assert draw("map", DealFilterSet(QueryDict("host=AQ"))) is None


@pytest.mark.parametrize("code", ["RU", "FJ", "NZ", "US"])
def test_a_host_over_the_antimeridian_is_whole(code: str) -> None:
    for look in LOOKS:
        frame = frame_for([code], [code], look.size)
        point = label_point(code)
        assert point is not None
        x, _ = frame.place(point)
        assert frame.width * 0.2 < x < frame.width * 0.8
        # Were it torn, parts would touch both sides of the frame.
        assert frame.breadth(code) < frame.width * 0.8
        assert frame.land(code)


def test_a_stray_host_does_not_shrink_the_others() -> None:
    whole = frame_for(["KZ", "UZ", "US"], ["KZ", "UZ", "US"], WIDE.size)
    core = frame_for(["KZ", "UZ", "US"], ["KZ", "UZ"], WIDE.size)
    assert core.scale > 1.5 * whole.scale


@pytest.mark.django_db
def test_a_host_beyond_the_frame_is_named() -> None:
    figure = a_map("bloc=c5")
    assert "Hosts off the map, in the table only: United States" in figure.note
    assert "US" in {row.host.code for row in figure.table}


def test_places_are_moved_as_little_as_needed() -> None:
    assert spread([10, 50, 90], 20, 0, 100) == [10, 50, 90]
    assert spread([50, 50, 50], 20, 0, 100) == [50, 70, 90]
    assert spread([95, 96, 97], 20, 0, 100) == [60, 80, 100]


@pytest.mark.django_db
def test_a_map_of_the_world_is_light() -> None:
    figure = a_map("")
    assert len(figure.wide.encode()) < 60_000
    assert len(figure.narrow.encode()) < 45_000


@pytest.mark.django_db
@pytest.mark.parametrize(("query", "queries"), [("bloc=c5", 2), ("bloc=c5&on=2025-06-01", 3)])
def test_it_asks_the_database_twice(
    query: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    filterset = DealFilterSet(QueryDict(query))
    assert not filterset.problems()
    with django_assert_num_queries(queries):
        assert deal_map(filterset)


@pytest.mark.django_db
def test_a_past_day_counts_the_money_and_the_agreements_of_that_day() -> None:
    past, now = a_map("host=KZ&on=2025-06-01").table[0], a_map("host=KZ").table[0]
    assert 0 < past.host.deals < now.host.deals
    assert past.host.binding <= past.host.deals
    rungs = [rung.value for rung in Rung]
    assert sum(past.host.ladder_lines[rung] for rung in rungs) < sum(
        now.host.ladder_lines[rung] for rung in rungs
    )


@pytest.mark.django_db
def test_the_page_shows_the_map_and_the_same_as_a_table(client: Client) -> None:
    page = client.get("/deals/?view=map&bloc=c5").content.decode()
    assert 'class="chart chart-wide map"' in page
    assert "The same as a table" in page
    table = page.partition("The same as a table")[2]
    assert re.search(r'href="/deals/\?bloc=c5&amp;host=KZ&amp;view=map">.*?Kazakhstan', table)
    assert client.get("/deals/?view=map&measure=nonsense").status_code == 400


def no_address(*, host: str = "", partner: str = "") -> str:
    return "/deals/"


def number_of(node: ET.Element, name: str) -> float:
    return float(node.get(name, 0))


def boxes(root: ET.Element) -> Iterator[tuple[str, Box]]:
    """What is drawn: its class, and the box around its points (of curves: around what steers)."""
    for node in root.iter():
        kind, what = node.tag.removeprefix(SVG), node.get("class", node.tag)
        number = partial(number_of, node)
        if kind == "path":
            scale = float((re.findall(r"scale\(([\d.]+)\)", node.get("transform", "")) or [1])[0])
            points = [(x * scale, y * scale) for x, y in path_points(node.get("d", ""))]
            if points:
                yield what, box_of(points)
        elif kind == "circle":
            x, y = number("cx"), number("cy")
            yield what, Box(x, y, x, y)
        elif kind == "line":
            yield what, box_of([(number("x1"), number("y1")), (number("x2"), number("y2"))])
        elif kind == "rect":
            x, y = number("x"), number("y")
            yield what, Box(x, y, x + number("width"), y + number("height"))
        elif kind == "text":
            x, y, width = number("x"), number("y"), 6.2 * len("".join(node.itertext()))
            shift = {"end": 1, "middle": 0.5}.get(node.get("text-anchor", ""), 0) * width
            yield what, Box(x - shift, y - 10, x - shift + width, y + 3)


def path_points(data: str) -> Iterator[tuple[float, float]]:
    """The points of a path of M, L, Q, l, v and z; after M and l more points may follow."""
    x = y = 0.0
    for command, written in re.findall(r"([MLQlvz])([^MLQlvz]*)", data):
        numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", written)]
        if command == "v":
            numbers = [0.0, *numbers]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = (x + dx, y + dy) if command in "lv" else (dx, dy)
            yield x, y
