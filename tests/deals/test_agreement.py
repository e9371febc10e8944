"""Every way to a selection of deals shows the same deals: pages, pictures, files, feed and API."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlencode
from xml.etree import ElementTree

import openpyxl
import orjson
import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, Phase, example, given, seed, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from deals.charts.catalogue import draw
from deals.charts.lanes import Timeline
from deals.charts.map import MapFigure
from deals.charts.ties import COUNTRIES, ties_of
from deals.filters import DealFilterSet
from deals.views.ways import WAYS
from tests.deals.oracle import LIST_FILTERS, SAMPLES, Record, World

pytestmark = pytest.mark.django_db

type Parameters = dict[str, list[str]]

SELECTIONS = 200
SHARES = 4
"""The selections are told in so many parts, which can run beside one another."""
ALL = "page_size=500"

_COUNT = re.compile(r'data-count="(\d+)"')
_ROW = re.compile(r'class="deal-title" href="/deals/([a-z0-9-]+)/')
_ENTRY = re.compile(r"/deals/([a-z0-9-]+)/editions/")
_ATOM = "{http://www.w3.org/2005/Atom}"


@st.composite
def selections(draw: st.DrawFn) -> Parameters:
    """One to four filters with up to three values each, some of them turned round."""
    chosen: Parameters = {}
    names = st.lists(st.sampled_from(sorted(SAMPLES)), min_size=1, max_size=4, unique=True)
    for name in draw(names):
        values = st.lists(st.sampled_from(SAMPLES[name]), min_size=1, max_size=3, unique=True)
        if name not in LIST_FILTERS:
            chosen[name] = [draw(values)[0]]
            continue
        mode = draw(st.sampled_from(["", "", "", "__not", "__empty"]))
        if mode == "__empty":
            chosen[name + mode] = [draw(st.sampled_from(["true", "false"]))]
        else:
            chosen[name + mode] = draw(values)
    if draw(st.integers(0, 4)) == 0:
        chosen["mineral__all"] = draw(
            st.lists(st.sampled_from(SAMPLES["mineral"]), min_size=1, max_size=2, unique=True)
        )
    return chosen


# -- Ways that name each deal -----------------------------------------------------------------


def body_of(path: str, query: str) -> bytes:
    answer = Client().get(f"{path}?{query}")
    assert answer.status_code == 200, (path, query)
    return answer.getvalue()


def keys_on_page(query: str) -> set[str]:
    """Rows of the table; every page says the count."""
    page = body_of("/deals/", f"{query}&{ALL}").decode()
    found = set(_ROW.findall(page))
    assert {int(count) for count in _COUNT.findall(page)} == {len(found)}
    return found


def keys_in_api(query: str) -> set[str]:
    answer = orjson.loads(body_of("/api/v1/deals/", f"{query}&{ALL}&fields=key"))
    found = {deal["key"] for deal in answer["results"]}
    assert answer["count"] == len(found)
    return found


def keys_in_csv(query: str) -> set[str]:
    text = body_of("/deals/export.csv", f"{query}&columns=key").decode()
    return {row["key"] for row in csv.DictReader(io.StringIO(text))}


def keys_in_workbook(query: str) -> set[str]:
    book = openpyxl.load_workbook(
        io.BytesIO(body_of("/deals/export.xlsx", f"{query}&columns=key")), read_only=True
    )
    rows = list(book["Deals"].iter_rows(values_only=True))
    place = [str(head).casefold() for head in rows[0]].index("key")
    return {str(row[place]) for row in rows[1:]}


def keys_in_json(query: str) -> set[str]:
    return {deal["key"] for deal in orjson.loads(body_of("/deals/export.json", query))}


def keys_in_ndjson(query: str) -> set[str]:
    lines = body_of("/deals/export.ndjson", query).splitlines()
    return {orjson.loads(line)["key"] for line in lines}


def keys_in_geojson(query: str) -> set[str]:
    collection = orjson.loads(body_of("/deals/export.geojson", query))
    return {feature["properties"]["key"] for feature in collection["features"]}


def keys_in_feed(query: str) -> set[str]:
    """Deals of the entries, on as many pages as there are."""
    found: set[str] = set()
    address: str | None = f"/deals/feed.atom?{query}"
    while address:
        feed = ElementTree.fromstring(Client().get(address).content)
        found |= {
            _ENTRY.findall(str(node.text))[0] for node in feed.iterfind(f"{_ATOM}entry/{_ATOM}id")
        }
        links = {node.get("rel"): node.get("href") for node in feed.iterfind(f"{_ATOM}link")}
        address = links.get("next")
    return found


def keys_on_timeline(query: str) -> set[str]:
    """Lanes of the timeline, and the deals without a date that stand beside it."""
    figure = draw("timeline", DealFilterSet(QueryDict(f"{query}&{ALL}")))
    if figure is None:
        return set()
    assert isinstance(figure, Timeline)
    addresses = [row.href for row in figure.rows] + [deal.href for deal in figure.undated]
    return {address.split("/")[2] for address in addresses}


NAMING: Mapping[str, Callable[[str], set[str]]] = {
    "table": keys_on_page,
    "timeline": keys_on_timeline,
    "API": keys_in_api,
    "CSV": keys_in_csv,
    "XLSX": keys_in_workbook,
    "JSON": keys_in_json,
    "NDJSON": keys_in_ndjson,
    "GeoJSON": keys_in_geojson,
    "feed": keys_in_feed,
}


# -- Ways that count deals by what they have ---------------------------------------------------


def places(deal: Record, *roles: str) -> set[str]:
    return {p["country"] or p["bloc"] for p in deal["record"]["countries"] if p["role"] in roles}


def counted(deals: Iterable[Record], has: Callable[[Record], Iterable[str]]) -> Counter[str]:
    return Counter(one for deal in deals for one in has(deal))


def agrees_on_the_map(query: str, deals: list[Record]) -> None:
    figure = draw("map", DealFilterSet(QueryDict(query)))
    expected = counted(deals, lambda deal: places(deal, "host"))
    if figure is None:
        assert not expected
        return
    assert isinstance(figure, MapFigure)
    assert {row.host.code: row.host.deals for row in figure.table} == expected


def agrees_in_the_network(query: str, deals: list[Record]) -> None:
    ties = ties_of(DealFilterSet(QueryDict(query)), COUNTRIES)
    expected = counted(deals, lambda deal: places(deal, "host", "partner", "third_party"))
    assert {actor.code: actor.deals for actor in ties.ranked} == expected


def agrees_in_the_charts(query: str, deals: list[Record]) -> None:
    """Every chart that divides the deals by one thing alone."""
    filterset = DealFilterSet(QueryDict(query))
    dated = counted(deals, lambda deal: filter(None, [(deal["record"]["announced_on"] or "")[:4]]))
    figure = draw("years", filterset)
    rows = figure.rows if figure else []
    assert Counter({row.name: row.cells[-1] for row in rows if row.cells[-1]}) == dated
    for name, role in (("hosts", "host"), ("partners", "partner")):
        figure = draw(name, filterset)
        found = Counter(row.cells[0] for row in figure.rows) if figure else Counter()
        expected = Counter(place for deal in deals for place in places(deal, role))
        assert found == Counter(expected.values()), name


PICTURES: tuple[Callable[[str, list[Record]], None], ...] = (
    agrees_on_the_map,
    agrees_in_the_network,
    agrees_in_the_charts,
)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> World:
    """The documents, read once."""
    with django_db_blocker.unblock():
        return World.load()


@pytest.mark.parametrize("share", range(SHARES))
def test_all_ways_to_a_selection_agree(world: World, share: int) -> None:
    """Each way against a plain reading of the documents, for two hundred selections in all."""

    @seed(share)
    @settings(
        max_examples=SELECTIONS // SHARES,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @example(parameters={})
    @given(parameters=selections())
    def agree(parameters: Parameters) -> None:
        query = urlencode(parameters, doseq=True)
        expected = world.keys(parameters)
        assert set(DealFilterSet(QueryDict(query)).qs.values_list("key", flat=True)) == expected
        for way, keys in NAMING.items():
            assert keys(query) == expected, way
        deals = [deal for deal in world.deals if deal["key"] in expected]
        for agrees in PICTURES:
            agrees(query, deals)

    agree()


@pytest.mark.parametrize("view", WAYS)
@pytest.mark.parametrize(
    "query", ["", "host=c5&mineral=tungsten", "on=2025-06-01", "q=tungstn", "rung=committed"]
)
def test_every_view_counts_the_same(query: str, view: str) -> None:
    count = DealFilterSet(QueryDict(query)).qs.count()
    page = body_of("/deals/", f"{query}&view={view}").decode()
    assert {int(found) for found in _COUNT.findall(page)} == {count}


@pytest.mark.parametrize(
    "query", ["", "host=c5&mineral=tungsten", "on=2025-06-01", "q=tungstn", "rung=committed"]
)
def test_facets_and_sums_agree_too(query: str) -> None:
    count = DealFilterSet(QueryDict(query)).qs.count()
    for path in ("facets", "stats"):
        assert orjson.loads(body_of(f"/api/v1/deals/{path}/", query))["count"] == count
