"""Deals at the limits of a record: every answer that shows one is whole, escaped, well-formed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urlencode
from xml.etree import ElementTree

import openpyxl
import orjson
import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from deals.charts.catalogue import CHARTS
from deals.views.ways import WAYS
from tests import databases
from tests.deals.extremes import (
    COMPANIES,
    FULL,
    KEYS,
    MARK,
    NAMES,
    QUOTE,
    TITLES,
    UNBROKEN,
    extreme_editions,
    records,
)
from tests.deals.pages import titles_in, words_of
from tests.routes import public_routes

pytestmark = pytest.mark.django_db

FOUND: Final = urlencode({"q": MARK})
every_deal = pytest.mark.parametrize("key", KEYS)
every_chart = pytest.mark.parametrize("name", CHARTS)
VOID: Final = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "wbr"})


@pytest.fixture(scope="module", autouse=True)
def deals_at_the_limits(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A database with them for all the tests here: publishing takes longer than a test."""
    with (
        django_db_blocker.unblock(),
        databases.clone() as name,
        databases.pointed_at(name),
    ):
        extreme_editions()
        with django_db_blocker.block():
            yield


def got(address: str, **headers: str) -> Any:
    answer: Any = Client().get(address, headers=headers)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer


def text_of(answer: Any) -> str:
    body: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode("utf-8-sig")


class Nesting(HTMLParser):
    """Whether every element of a page ends where it should, and what scripts it has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.scripts: list[dict[str, str | None]] = []
        self.feed(page)
        self.close()
        self.wrong += [f"<{tag}> is never closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.scripts.append(dict(attrs))
        if names := {name for name, _ in attrs if name.startswith("on") or name == "style"}:
            self.wrong.append(f"<{tag}> has {names}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.wrong.append(f"</{tag}> at {self.getpos()} inside {self.open[-3:]}")


def is_sound(answer: Any) -> str:
    """The source of a page, once it is known to be well-formed and to run nothing of a record's."""
    text = text_of(answer)
    page = Nesting(text)
    assert page.wrong == []
    assert [one for one in page.scripts if not (one.get("src") or one.get("type"))] == []
    assert "<script>alert" not in text
    assert "<b>O'Neill" not in text
    return text


# -- Every address ---------------------------------------------------------------------------------


def test_every_address_that_names_them_answers() -> None:
    pool = [*KEYS, *NAMES, "kz", "KZ", "c5", "tungsten", "c51-washington-2025", "deals", "years"]
    pool += ["status", "northern-katpar", "us-critical-minerals-list-2025", "company"]
    asked = 0
    for route in public_routes():
        for address in route.addresses(pool):
            answer: Any = Client().get(address)
            if answer.status_code not in {200, 302}:
                assert answer.status_code in {301, 400, 404}, address
                continue
            asked += 1
            if answer["Content-Type"].startswith("text/html"):
                is_sound(answer)
            elif answer["Content-Type"].endswith("xml"):
                ElementTree.fromstring(text_of(answer))
            elif "json" in answer["Content-Type"] and "ndjson" not in answer["Content-Type"]:
                orjson.loads(text_of(answer))
    assert asked > 80


# -- Pages -----------------------------------------------------------------------------------------


@every_deal
def test_a_deal_page_holds_the_record_whole(key: str) -> None:
    record = next(one for one in records() if one["key"] == key)
    answer = got(f"/deals/{key}/")
    source, words = is_sound(answer), words_of(answer)
    assert f"<h1>{escape(TITLES[key])}</h1>" in source
    for text in (record["summary"], *record.get("terms", [])):
        assert " ".join(text.split()).strip() in words
    for milestone in record.get("milestones", []):
        assert " ".join(milestone["note"].split()) in words
    for one in record["sources"]:
        assert " ".join(one["title"].split()) in words
    for party in record.get("parties", []):
        assert escape(NAMES.get(party["company"], "")) in source
    assert source.count("<li") >= len(record["sources"]) + len(record.get("parties", []))


def test_quotes_stand_whole_beside_what_they_say() -> None:
    words = words_of(got(f"/deals/{FULL}/"))
    assert words.count(" ".join(QUOTE.split())) >= 25


def test_stakes_of_fifteen_come_to_all() -> None:
    words = words_of(got(f"/deals/{UNBROKEN}/"))
    assert words.count("6.6666%") >= 14
    assert "6.6676%" in words
    assert len(COMPANIES) == 15


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("size", ["", "&page_size=500", "&rows=compact"])
def test_every_view_shows_them(way: str, size: str) -> None:
    answer = got(f"/deals/?{FOUND}&view={way}{size}")
    source = is_sound(answer)
    assert 'data-count="4"' in source
    if way == "table":
        assert sorted(titles_in(answer)) == sorted(TITLES.values())


def test_five_hundred_a_page_are_all_there() -> None:
    answer = got("/deals/?page_size=500")
    is_sound(answer)
    shown = titles_in(answer)
    assert set(TITLES.values()) <= set(shown)
    found = re.search(r'data-count="(\d+)"', text_of(answer))
    assert found and len(shown) == int(found[1])


def test_a_comparison_sets_all_four_side_by_side() -> None:
    query = urlencode({"deal": KEYS}, doseq=True)
    source = is_sound(got(f"/deals/compare/?{query}"))
    for title in TITLES.values():
        assert escape(title) in source
    rows = list(csv.reader(io.StringIO(text_of(got(f"/deals/compare.csv?{query}")))))
    assert {len(row) for row in rows} == {len(rows[0])}


@pytest.mark.parametrize(
    "typed", ["中国五矿", "Қазатом", "شركة التعدين", "Köşebaşı", "turkiye kos"]
)
def test_names_in_any_script_are_suggested_and_found(typed: str) -> None:
    source = is_sound(got(f"/suggest/?{urlencode({'q': typed})}"))
    assert re.search(r"/companies/zz-|company=zz-", source)
    assert 'data-count="0"' not in is_sound(got(f"/deals/?{urlencode({'q': typed})}"))


@pytest.mark.parametrize("slug", NAMES)
def test_a_company_page_shows_its_name(slug: str) -> None:
    source = is_sound(got(f"/companies/{slug}/"))
    assert f"<h1>{escape(NAMES[slug])}</h1>" in source


@pytest.mark.parametrize("name", ["company", "host", "mineral", "event", "source_country"])
def test_facets_list_every_value(name: str) -> None:
    answer: Any = Client().get(f"/deals/facets/{name}/?{FOUND}")
    if name == "source_country":
        assert answer.status_code == 404
        return
    words = words_of(answer)
    expected = {"company": list(NAMES.values()), "host": ["Kazakhstan"], "mineral": ["Tungsten"]}
    is_sound(answer)
    assert [one for one in expected.get(name, []) if one not in words] == []


# -- Charts ----------------------------------------------------------------------------------------


@every_chart
@pytest.mark.parametrize("query", [FOUND, urlencode({"q": MARK, "host__empty": "true"})])
def test_a_chart_is_drawn_or_says_why_not(name: str, query: str) -> None:
    answers: list[Any] = [
        Client().get(f"/deals/charts/{name}.{ending}?{query}") for ending in ("svg", "png", "csv")
    ]
    svg, png, table = answers
    embed = got(f"/embed/deals/{name}/?{query}")
    source = is_sound(embed)
    if svg.status_code == 404:
        assert {one.status_code for one in answers} == {404}
        return
    root = ElementTree.fromstring(text_of(svg))
    assert float(root.get("width", "0")) > 300
    assert not [node for node in root.iter() if node.tag.endswith("script")]
    assert "NaN" not in text_of(svg)
    assert png.content.startswith(b"\x89PNG")
    rows = list(csv.reader(io.StringIO(text_of(table))))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert "<svg" in source


@every_chart
def test_a_chart_of_one_deal_without_anything_answers(name: str) -> None:
    query = urlencode({"q": "=Bare"})
    for ending in ("svg", "png", "csv"):
        answer: Any = Client().get(f"/deals/charts/{name}.{ending}?{query}")
        assert answer.status_code in {200, 404}
    is_sound(got(f"/embed/deals/{name}/?{query}"))


# -- Files, feed, cards, API -----------------------------------------------------------------------


def test_files_hold_them_whole() -> None:
    lines = [
        orjson.loads(line) for line in text_of(got(f"/deals/export.ndjson?{FOUND}")).splitlines()
    ]
    exported = {one["record"]["key"]: one["record"] for one in lines}
    for record in records():
        for name in ("title", "summary", "parties", "financing", "milestones", "sources"):
            if name in record and not isinstance(record[name], list):
                assert exported[record["key"]][name] == record[name].strip()
            elif name in record:
                assert len(exported[record["key"]][name]) == len(record[name])
    assert orjson.loads(text_of(got(f"/deals/export.json?{FOUND}")))
    assert orjson.loads(text_of(got(f"/deals/export.geojson?{FOUND}")))["features"]


@pytest.mark.parametrize("variant", ["", "&for=spreadsheet"])
def test_csv_has_a_row_for_each(variant: str) -> None:
    head, *rows = csv.reader(io.StringIO(text_of(got(f"/deals/export.csv?{FOUND}{variant}"))))
    assert {row[0] for row in rows} == set(KEYS)
    assert {len(row) for row in rows} == {len(head)}
    assert {row[1].removeprefix("'") for row in rows} == set(TITLES.values())


def test_a_workbook_opens_and_runs_no_formula() -> None:
    answer = got(f"/deals/export.xlsx?{FOUND}")
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    book = openpyxl.load_workbook(io.BytesIO(body))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    texts = {cell.value for cell in cells if isinstance(cell.value, str)}
    assert {title.strip() for title in TITLES.values()} <= {text.lstrip("'") for text in texts}
    assert set(NAMES.values()) <= texts
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []


def test_the_feed_tells_of_them() -> None:
    root = ElementTree.fromstring(text_of(got(f"/deals/feed.atom?{FOUND}")))
    atom = "{http://www.w3.org/2005/Atom}"
    told = " ".join(root.itertext())
    assert len(root.findall(f"{atom}entry")) == 4
    for title in TITLES.values():
        assert title in told


@pytest.mark.parametrize(
    "address",
    [
        *(f"deals/{key}" for key in KEYS),
        *(f"companies/{slug}" for slug in NAMES),
        *("home", "countries/KZ", "minerals/tungsten", "events/c51-washington-2025"),
    ],
)
def test_a_card_is_drawn(address: str) -> None:
    assert got(f"/cards/{address}.png").content.startswith(b"\x89PNG")


@every_deal
def test_the_api_gives_them_whole(key: str) -> None:
    record = next(one for one in records() if one["key"] == key)
    answer = orjson.loads(got(f"/api/v1/deals/{key}/").content)
    found = answer["record"]
    assert found["title"] == record["title"]
    assert [one["note"] for one in found["milestones"]] == [
        one["note"].strip() for one in record.get("milestones", [])
    ]
    assert len(found["parties"]) == len(record.get("parties", []))
    for part in ("", "facets/", "stats/"):
        orjson.loads(got(f"/api/v1/deals/{part}?{FOUND}").content)


@every_deal
@pytest.mark.parametrize("ending", ["bib", "ris", "json", "txt"])
def test_a_citation_answers_or_is_no_form(key: str, ending: str) -> None:
    answer: Any = Client().get(f"/deals/{key}/editions/1/cite.{ending}")
    assert answer.status_code in {200, 404}
    if answer.status_code == 200:
        assert text_of(answer).strip()
