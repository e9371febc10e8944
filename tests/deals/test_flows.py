"""Flows from partners by hosts to minerals: what they add up to, and how they are drawn."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from config.lib.typeface import Weight, width_of
from deals.charts.catalogue import draw
from deals.charts.figure import Figure
from deals.charts.flows import Way, flows_of
from deals.charts.lettering import SIZE, Box
from deals.charts.narrowing import Narrowing
from deals.charts.sankey import Diagram, crossings, diagram_of, drawings
from deals.filters import DealFilterSet
from tests.deals.oracle import World
from tests.deals.records import a_record, published

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"
SELECTIONS = [
    "",
    "bloc=c5",
    "host=KZ&host=UZ",
    "partner=CN",
    "mineral=rare-earths&partner__empty=true",
    "mineral__empty=true",
    "q=tungsten",
]


def a_filterset(query: str) -> DealFilterSet:
    return DealFilterSet(QueryDict(query))


def a_figure(query: str) -> Figure:
    figure = draw("flows", a_filterset(query))
    assert figure is not None
    return figure


def a_diagram(query: str) -> Diagram:
    filterset = a_filterset(query)
    return diagram_of(flows_of(filterset.qs), Narrowing(filterset))


def ways_by_brute_force(query: str) -> tuple[dict[Way, float], dict[Way, int]]:
    """Shares and whole deals by way, from the documents one by one."""
    world = World.load()
    keys = set(a_filterset(query).qs.values_list("key", flat=True))
    shares: dict[Way, float] = defaultdict(float)
    deals: Counter[Way] = Counter()

    def family(slug: str) -> str:
        parent = world.parents[slug]
        return family(parent) if parent else slug

    for deal in world.deals:
        if deal["key"] not in keys:
            continue
        record = deal["record"]
        partners, hosts = (
            {p["country"] or p["bloc"] for p in record["countries"] if p["role"] == role} or {""}
            for role in ("partner", "host")
        )
        minerals = {family(slug) for slug in record["minerals"]} or {""}
        ways = list(product(partners, hosts, minerals))
        for way in ways:
            shares[way] += 1 / len(ways)
            deals[way] += 1
    return shares, deals


def drawn(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def numbers_of(path: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path)]


def label_boxes(root: ET.Element) -> Iterator[Box]:
    for text in root.iter(f"{SVG}text"):
        words = "".join(text.itertext())
        x, y = float(text.get("x", 0)), float(text.get("y", 0)) - 4.5
        weight: Weight = 600 if text.get("class") else 400
        width = width_of(words, SIZE, weight)
        left = x - width if text.get("text-anchor") == "end" else x
        yield Box(left, y - 6, left + width, y + 6)


def in_its_frame(root: ET.Element) -> None:
    """Asserts that nothing is drawn outside the picture."""
    _, _, width, height = map(float, root.get("viewBox", "").split())
    for path in root.iter(f"{SVG}path"):
        shape = path.get("d", "")
        x1, y1 = numbers_of(shape)[:2]
        assert 0 <= x1 <= width and 0 <= y1 <= height, shape
        assert all(-0.01 <= number <= max(width, height) for number in numbers_of(shape))
    for rect in root.iter(f"{SVG}rect"):
        x, y, w, h = (float(rect.get(name, 0)) for name in ("x", "y", "width", "height"))
        assert Box(x, y, x + w, y + h).is_within(width, height)
    for box in label_boxes(root):
        assert box.is_within(width, height), box


@pytest.mark.parametrize("query", SELECTIONS)
def test_flows_equal_a_count_by_brute_force(query: str) -> None:
    shares, deals = ways_by_brute_force(query)
    found = flows_of(a_filterset(query).qs)
    assert {way: len(flow.deals) for way, flow in found.flows.items()} == deals
    assert {way: flow.share for way, flow in found.flows.items()} == pytest.approx(shares)
    assert found.deal_count == a_filterset(query).qs.count()


@pytest.mark.parametrize("query", SELECTIONS)
def test_what_flows_in_flows_out_and_all_of_it_is_the_deals(query: str) -> None:
    diagram = a_diagram(query)
    count = a_filterset(query).qs.count()
    for column in diagram.columns:
        assert sum(stop.share for stop in column) == pytest.approx(count)
    for host in diagram.columns[1]:
        into = sum(share for (_, end), share in diagram.ribbons.items() if end == host.number)
        out = sum(share for (start, _), share in diagram.ribbons.items() if start == host.number)
        assert into == pytest.approx(out) == pytest.approx(host.share)


@pytest.mark.parametrize("query", SELECTIONS)
@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_nothing_leaves_the_picture_and_no_words_overlap(query: str, size: str) -> None:
    root = drawn(getattr(a_figure(query), size))
    in_its_frame(root)
    boxes = list(label_boxes(root))
    assert boxes
    for place, box in enumerate(boxes):
        assert box.is_clear_of(boxes[place + 1 :])


def test_numbers_beside_names_are_those_of_the_filters() -> None:
    diagram = a_diagram("bloc=c5")
    stops = [stop for column in diagram.columns for stop in column if stop.href]
    assert len(stops) > 15
    for stop in stops:
        if stop.code.islower() and stop.column < 2:
            continue  # A bloc that signs itself: its filter finds its members too.
        linked = a_filterset(urlsplit(stop.href).query)
        assert linked.qs.count() == stop.deals, stop.name


@pytest.mark.parametrize("query", ["host=KZ&host=UZ", "mineral=copper", "host=c5", "partner=US"])
def test_links_lead_to_exactly_the_deals_counted(query: str) -> None:
    rows = [row for row in a_figure(query).rows if row.href and row.name != "European Union"]
    assert rows
    for row in rows[:40]:
        found = a_filterset(urlsplit(row.href).query)
        assert found.qs.count() == row.cells[2], row
        assert not found.problems()


def test_a_value_that_would_widen_the_choice_has_no_link() -> None:
    narrowing = Narrowing(a_filterset("partner=CN&host=c5"))
    assert narrowing.href({"partner": "US"}) == ""
    assert narrowing.href({"partner": ""}) == ""
    assert narrowing.href({"host": "RU"}) == ""
    href = narrowing.href({"partner": "CN", "host": "KZ", "mineral": "uranium"})
    assert parse_qs(urlsplit(href).query) == {
        "partner": ["CN"],
        "host": ["KZ"],
        "mineral": ["uranium"],
    }


def test_order_leaves_fewer_crossings_than_rank() -> None:
    diagram = a_diagram("bloc=c5")
    ordered = crossings(diagram)
    for column in diagram.columns:
        column.sort(key=lambda stop: stop.number)
    assert ordered < crossings(diagram)


def test_crossings_are_those_of_each_two_ribbons() -> None:
    diagram = a_diagram("host=UZ")
    found = 0.0
    for left, right in zip(diagram.columns, diagram.columns[1:], strict=False):
        places = {
            stop.number: place for column in (left, right) for place, stop in enumerate(column)
        }
        ribbons = [
            (places[one], places[other], share)
            for (one, other), share in diagram.ribbons.items()
            if one in {stop.number for stop in left}
        ]
        found += sum(
            share * further
            for start, end, share in ribbons
            for lower, higher, further in ribbons
            if start < lower and end > higher
        )
    assert crossings(diagram) == pytest.approx(found, abs=1e-4)


def test_others_and_nothing_stand_at_the_foot() -> None:
    for column in a_diagram("").columns:
        lasts = [stop.is_last for stop in column]
        assert lasts == sorted(lasts)
        assert any(lasts)


def test_same_deals_make_the_same_picture() -> None:
    assert a_figure("bloc=c5") == a_figure("bloc=c5")


def test_two_largest_partners_are_coloured_and_named() -> None:
    figure = a_figure("")
    assert figure.title.startswith("United States in 109 of ")
    for picture in (figure.wide, figure.narrow):
        classes = [path.get("class", "") for path in drawn(picture).iter(f"{SVG}path")]
        for tone in ("flow-first", "flow-second"):
            starts = {one.split()[1] for one in classes if tone in one}
            assert len(starts) == 1


def test_no_deal_makes_no_figure() -> None:
    assert draw("flows", a_filterset("host=KZ&host__not=KZ")) is None


def test_one_deal_without_partner_or_mineral() -> None:
    published(a_record(key="zz-alone", minerals_unspecified=True, title="Zzyzx"))
    figure = a_figure("q=Zzyzx")
    assert figure.title == "No foreign partner in 1 deal: where and for what"
    assert [(row.name, *row.cells) for row in figure.rows] == [
        ("No foreign partner", "Kazakhstan", "Not specified", 1)
    ]
    in_its_frame(drawn(figure.wide))
    in_its_frame(drawn(figure.narrow))


def test_long_and_foreign_names_are_cut_to_their_room() -> None:
    filterset = a_filterset("host=UZ")
    flows = flows_of(filterset.qs)
    long = ("哈萨克斯坦共和国" * 6, "Ж" * 80, "W" * 80)
    names = {
        column: {code: long[place % 3] for place, code in enumerate(known)}
        for column, known in flows.names.items()
    }
    diagram = diagram_of(replace(flows, names=names), Narrowing(filterset))
    for picture in drawings(diagram, "Names"):
        in_its_frame(drawn(picture))
        assert "…" in picture


def test_flows_take_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    filterset = a_filterset("bloc=c5")
    assert filterset.is_valid()
    with django_assert_num_queries(2):
        draw("flows", filterset)


def test_page_lists_the_fullest_and_the_file_all(client: Client) -> None:
    figure = a_figure("")
    assert len(figure.page_rows) == 100 < len(figure.rows)
    lines = client.get("/deals/charts/flows.csv").getvalue().splitlines()
    assert len(lines) == len(figure.rows) + 1
