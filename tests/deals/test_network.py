"""Who deals with whom: the ties, their places, and the page that shows them."""

from __future__ import annotations

import itertools
import math
import re
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from config.lib.typeface import width_of
from deals.charts import springs
from deals.charts.catalogue import draw
from deals.charts.figure import NARROW, WIDE, Figure
from deals.charts.lettering import SIZE, Box
from deals.charts.narrowing import Narrowing
from deals.charts.network import LABELS, SHOWN, picture
from deals.charts.ties import COMPANIES, COUNTRIES, Actor, Ties, ties_of
from deals.filters import DealFilterSet
from deals.models import Company
from tests.deals.oracle import Record, World
from tests.deals.records import EXIM, a_line, a_record, published

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"
SELECTIONS = ["", "bloc=c5", "partner=CN", "mineral=tungsten"]


def a_filterset(query: str) -> DealFilterSet:
    return DealFilterSet(QueryDict(query))


def a_figure(query: str, name: str = "network") -> Figure:
    figure = draw(name, a_filterset(query))
    assert figure is not None
    return figure


def selected(query: str) -> Iterator[Record]:
    keys = set(a_filterset(query).qs.values_list("key", flat=True))
    yield from (deal for deal in World.load().deals if deal["key"] in keys)


def places(deal: Record, *roles: str) -> set[str]:
    return {p["country"] or p["bloc"] for p in deal["record"]["countries"] if p["role"] in roles}


def boxes_of(root: ET.Element) -> tuple[list[Box], list[Box]]:
    """The boxes of nodes and of labels."""
    nodes, labels = [], []
    for node in root.iter():
        if "node" not in node.get("class", "").split():
            continue
        at = re.fullmatch(r"translate\(([\d.]+) ([\d.]+)\)", node.get("transform", ""))
        assert at is not None
        x, y = float(at[1]), float(at[2])
        for circle in node.iter(f"{SVG}circle"):
            nodes.append(Box.of_circle(x, y, float(circle.get("r", 0))))
        for text in node.iter(f"{SVG}text"):
            left, foot = x + float(text.get("x", 0)), y + float(text.get("y", 0))
            right = left + width_of(text.text or "", SIZE, 600)
            labels.append(Box(left, foot - 10, right, foot + 3))
    return nodes, labels


def in_its_frame(svg: str) -> tuple[list[Box], list[Box]]:
    """Asserts that nothing leaves the picture and nothing lies on a label."""
    root = ET.fromstring(svg)
    _, _, width, height = map(float, root.get("viewBox", "").split())
    nodes, labels = boxes_of(root)
    assert all(box.is_within(width, height) for box in [*nodes, *labels])
    for place, label in enumerate(labels):
        assert label.is_clear_of(labels[place + 1 :])
    return nodes, labels


@pytest.mark.parametrize("query", SELECTIONS)
def test_ties_of_countries_equal_a_count_by_brute_force(query: str) -> None:
    deals: Counter[str] = Counter()
    ties: Counter[tuple[str, str]] = Counter()
    for deal in selected(query):
        deals.update(places(deal, "host", "partner", "third_party"))
        ties.update(
            (partner, host)
            for partner, host in itertools.product(places(deal, "partner"), places(deal, "host"))
            if partner != host
        )
    found = ties_of(a_filterset(query), COUNTRIES)
    assert {actor.code: actor.deals for actor in found.ranked} == deals
    assert {tie: len(those) for tie, those in found.deals.items()} == ties
    both: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in ties:
        both[one].add(other)
        both[other].add(one)
    assert {actor.code: actor.partners for actor in found.ranked if actor.partners} == both


@pytest.mark.parametrize("query", SELECTIONS)
def test_ties_of_companies_equal_a_count_by_brute_force(query: str) -> None:
    deals: Counter[str] = Counter()
    ties: Counter[tuple[str, str]] = Counter()
    for deal in selected(query):
        slugs = {party["company"] for party in deal["record"]["parties"]}
        slugs |= {slug for line in deal["record"]["financing"] for slug in line["providers"]}
        deals.update(slugs)
        ties.update(itertools.combinations(sorted(slugs), 2))
    found = ties_of(a_filterset(query), COMPANIES)
    assert {actor.code: actor.deals for actor in found.ranked} == deals
    assert {tie: len(those) for tie, those in found.deals.items()} == ties


@pytest.mark.parametrize("kind", [COUNTRIES, COMPANIES])
@pytest.mark.parametrize("query", SELECTIONS)
def test_nothing_leaves_the_picture_and_no_label_overlaps(query: str, kind: str) -> None:
    figure = a_figure(f"{query}&of={kind}")
    for width, svg in ((WIDE, figure.wide), (NARROW, figure.narrow)):
        nodes, labels = in_its_frame(svg)
        assert len(nodes) <= SHOWN[width]
        assert len(labels) <= LABELS[width]
        assert len(labels) >= min(len(nodes), LABELS[width]) / 2


def test_nodes_do_not_cover_each_other() -> None:
    radii = tuple(sorted((4.0 + place % 17 for place in range(60)), reverse=True))
    ties = tuple((0, place, 1.0) for place in range(1, 60))
    found = springs.placed(radii, ties, 660.0, 620.0)
    for (one, a), (other, b) in itertools.combinations(zip(found, radii, strict=True), 2):
        assert (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 >= (a + b) ** 2


def test_tied_nodes_stand_nearer_than_others() -> None:
    ties = tuple((place, place + 1, 3.0) for place in range(0, 20, 2))
    found = springs.placed((5.0,) * 20, ties, 600.0, 600.0)

    def apart(one: int, other: int) -> float:
        return math.dist(found[one], found[other])

    tied = [apart(one, other) for one, other, _ in ties]
    others = [apart(one, other) for one, other in itertools.combinations(range(20), 2)]
    assert sum(tied) / len(tied) < 0.6 * sum(others) / len(others)


def test_same_deals_make_the_same_picture() -> None:
    first = a_figure("bloc=c5&of=companies")
    springs.placed.cache_clear()
    assert a_figure("bloc=c5&of=companies") == first


@pytest.mark.parametrize("query", ["", "host=KZ", "of=companies", "of=companies&mineral=copper"])
def test_links_of_nodes_lead_to_the_deals_counted(query: str) -> None:
    rows = [row for row in a_figure(query).rows if row.href][:25]
    assert rows
    for row in rows:
        linked = a_filterset(urlsplit(row.href).query)
        if "country=" in row.href and not re.search("country=[A-Z]{2}", row.href):
            continue  # A bloc that signs itself: its filter finds its members too.
        assert linked.qs.count() == row.cells[0], row


def test_links_of_ties_lead_to_the_deals_counted(client: Client) -> None:
    for row in a_figure("bloc=c5", "ties").rows[:20]:
        if row.href and not row.name.startswith("European"):
            assert a_filterset(urlsplit(row.href).query).qs.count() == row.cells[1], row
    alone = [row for row in a_figure("of=companies", "ties").rows if row.href]
    assert {row.cells[1] for row in alone} == {1}
    assert client.get(alone[0].href).status_code == 200


def test_those_left_out_are_said() -> None:
    figure = a_figure("of=companies")
    drawn = figure.wide.count("data-node=")
    assert f"The {drawn} with most deals are drawn; " in figure.note
    assert len(figure.rows) == len(ties_of(a_filterset(""), COMPANIES).actors)


def test_nothing_to_draw() -> None:
    assert draw("network", a_filterset("host=KZ&host__not=KZ")) is None
    published(a_record(key="zz-alone", title="Zzyzx"))
    assert draw("network", a_filterset("q=Zzyzx")) is None
    assert draw("ties", a_filterset("q=Zzyzx")) is None


def test_one_deal_with_a_lender() -> None:
    Company.objects.create(slug="zz-firm", name="哈萨克斯坦" * 20, type="company")
    parties = [{"ref": "p1", "company": "zz-firm", "role": "partner"}]
    financing = [a_line(providers=[EXIM], usd=5_000_000)]
    published(a_record(key="zz-two", title="Zzyzx", parties=parties, financing=financing))
    figure = a_figure("q=Zzyzx&of=companies")
    assert [(row.cells[0], row.cells[1], row.cells[2]) for row in figure.rows] == [
        (1, 1, "$5m committed"),
        (1, 1, "$5m committed"),
    ]
    for svg in (figure.wide, figure.narrow):
        nodes, _ = in_its_frame(svg)
        assert len(nodes) == 2


def test_long_names_are_cut() -> None:
    actors = {
        code: Actor(code, name * 30, deals=3, partners={"a", "b", "c"} - {code})
        for code, name in {"a": "Ж", "b": "W", "c": "國"}.items()
    }
    ties = Ties(COMPANIES, actors, {("a", "b"): [], ("b", "c"): [], ("a", "c"): []})
    for width in (WIDE, NARROW):
        _, labels = in_its_frame(picture(ties, width, "Names", Narrowing(a_filterset(""))))
        assert labels


@pytest.mark.parametrize("kind", [COUNTRIES, COMPANIES])
def test_network_takes_one_query(
    django_assert_num_queries: DjangoAssertNumQueries, kind: str
) -> None:
    filterset = a_filterset(f"bloc=c5&of={kind}")
    assert filterset.is_valid()
    with django_assert_num_queries(1):
        draw("network", filterset)


def test_page_shows_picture_table_and_ties(client: Client) -> None:
    page = client.get("/deals/?view=network&bloc=c5").content.decode()
    figure = a_figure("bloc=c5")
    assert figure.title in page
    assert page.count('class="chart chart-wide network"') == 1
    assert "js/network" in page
    assert f"The first 20 of {len(figure.rows)}, by deals" in page
    assert a_figure("bloc=c5", "ties").title in page


def test_page_says_so_where_nobody_deals_with_another(client: Client) -> None:
    page = client.get("/deals/?view=network&host=US&partner__empty=true").content.decode()
    assert "No deal of these names two that deal with each other." in page


def test_wrong_choice_is_an_error(client: Client) -> None:
    response = client.get("/deals/?view=network&of=people")
    assert response.status_code == 400
    assert "people" in response.content.decode()
