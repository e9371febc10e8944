"""Charts as files and in frames: complete, alone, strict about their parameters, safe to open."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
import struct
import zlib
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from django.http import QueryDict
from django.test import Client

from config.lib.tables import stream_csv
from deals.charts.catalogue import CHARTS, draw
from deals.charts.figure import Figure, Head, Row
from deals.charts.files import selection_of, source_of, table_of
from deals.filters import DealFilterSet
from deals.reading import Clock
from deals.views.ways import way_with
from tests.deals.records import COVE_DEAL, a_line, a_record, published

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"
QUERY = "host=c5&announced_after=2023"
every_chart = pytest.mark.parametrize("name", CHARTS)


def got(address: str) -> Any:
    answer: Any = Client().get(address)
    assert answer.status_code == 200, (address, answer.content[:300])
    return answer


def pixels(png: bytes) -> tuple[int, int, bytes]:
    """Width, height and the unpacked rows of a PNG."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack_from(">II", png, 16)
    packed, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        if png[at + 4 : at + 8] == b"IDAT":
            packed += png[at + 8 : at + 8 + length]
        at += 12 + length
    return width, height, zlib.decompress(packed)


# -- SVG -------------------------------------------------------------------------------------------


@every_chart
@pytest.mark.parametrize("look", ["", "&theme=dark", "&size=narrow"])
def test_svg_stands_alone(name: str, look: str) -> None:
    """Well-formed, colours written out, every class styled, nothing from outside."""
    text = got(f"/deals/charts/{name}.svg?{QUERY}{look}").content.decode()
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert float(root.get("width", "0")) > 300
    assert "var(" not in text
    assert "light-dark(" not in text
    style = next(node.text or "" for node in root.iter(f"{SVG}style"))
    assert not re.search(r":(?:is|has|hover|root)|@", style)
    colours = re.findall(r"(?:fill|stroke|color):([^;}]+)", style)
    known = re.compile(r"#[0-9a-f]{3,8}|none|currentColor|rgba\([\d.,]+\)|inherit")
    assert {colour for colour in colours if not known.fullmatch(colour)} == set()
    drawn = [node for node in root.iter() if node.tag not in {f"{SVG}svg", f"{SVG}g", f"{SVG}a"}]
    classes = {one for node in drawn for one in node.get("class", "").split()}
    styled = set(re.findall(r"\.([\w-]+)", style))
    assert {one for one in classes if one not in styled and not NODE.fullmatch(one)} == set()
    ids = {node.get("id") for node in root.iter()}
    assert set(re.findall(r"url\(#([\w-]+)\)", text)) <= ids
    assert not re.search(r'(?:href|src)="(?!https?://testserver/|#)', text)


NODE = re.compile(r"n\d+")
"""Classes by which a page's script and style sheet find one node of a picture."""


@every_chart
def test_svg_says_what_it_is(name: str) -> None:
    """Title, selection, source and note are drawn into it, and said to screen readers."""
    figure = draw(name, DealFilterSet(QueryDict(QUERY)))
    assert figure is not None
    root = ElementTree.fromstring(got(f"/deals/charts/{name}.svg?{QUERY}").content)
    said = " ".join("".join(node.itertext()) for node in root.iter(f"{SVG}text"))
    assert figure.title in re.sub(r"\s+", " ", said)
    assert selection_of(DealFilterSet(QueryDict(QUERY))) in said
    assert "Source: Lodebook, edition of" in said
    assert "CC BY 4.0" in said
    assert [node.text for node in root.findall(f"{SVG}title")] == [figure.title]
    assert "http://testserver/deals/?" in (root.findtext(f"{SVG}desc") or "")


def test_svg_may_style_itself_and_no_more() -> None:
    """Its policy names its own style sheet by its hash, so a browser that opens it shows it."""
    answer = got(f"/deals/charts/years.svg?{QUERY}")
    style = ElementTree.fromstring(answer.content).findtext(f"{SVG}style") or ""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = answer["Content-Security-Policy"]
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert 'filename="lodebook-years-' in answer["Content-Disposition"]


# -- PNG -------------------------------------------------------------------------------------------


@every_chart
def test_png_is_the_same_picture_at_twice_its_size(name: str) -> None:
    root = ElementTree.fromstring(got(f"/deals/charts/{name}.svg?{QUERY}").content)
    answer = got(f"/deals/charts/{name}.png?{QUERY}")
    assert answer["Content-Type"] == "image/png"
    width, height, rows = pixels(answer.content)
    assert width == pytest.approx(2 * float(root.get("width", "0")), abs=2)
    assert height == pytest.approx(2 * float(root.get("height", "0")), abs=40)
    assert len(set(rows[:: len(rows) // 4000 or 1])) > 4
    assert b"Source\0" in answer.content
    assert b"Lodebook" in answer.content


def test_png_comes_in_dark_and_narrow() -> None:
    wide, _, light = pixels(got("/deals/charts/years.png?host=c5").content)
    same, _, dark = pixels(got("/deals/charts/years.png?host=c5&theme=dark").content)
    narrow, _, _ = pixels(got("/deals/charts/years.png?host=c5&size=narrow").content)
    assert wide == same
    assert light != dark
    assert narrow == 2 * (350 + 28)


def test_a_long_picture_is_drawn_smaller_and_then_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PNG takes memory by its pixels, and a page of the timeline may have five hundred deals."""
    address = f"/deals/charts/timeline.png?{QUERY}&page_size=20"
    width, height, _ = pixels(got(address).content)
    monkeypatch.setattr("config.lib.pictures.MOST_PIXELS", width * height // 2)
    smaller, lower, _ = pixels(got(address).content)
    assert abs(2 * smaller - width) <= 2
    assert abs(2 * lower - height) <= 2

    monkeypatch.setattr("config.lib.pictures.MOST_PIXELS", width * height // 8)
    answer = Client().get(address)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert (error["parameter"], error["value"], error["nearest"]) == ("page_size", "20", "50")
    assert "take the SVG" in error["detail"]


def test_the_largest_picture_is_within_what_a_png_may_have() -> None:
    """Of each chart, and of the timeline as many deals as a page has unless more are asked for."""
    for name in CHARTS:
        width, height, _ = pixels(got(f"/deals/charts/{name}.png").content)
        assert width * height <= 16_000_000, name


# -- CSV -------------------------------------------------------------------------------------------


@every_chart
def test_csv_holds_the_rows_of_the_table(name: str) -> None:
    figure = draw(name, DealFilterSet(QueryDict(QUERY)))
    assert figure is not None
    answer = got(f"/deals/charts/{name}.csv?{QUERY}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert len(rows) == len(figure.rows)
    assert len(head) == len(set(head))
    assert [row[0].removeprefix("'") for row in rows] == [row.name for row in figure.rows]
    for told, row in zip(rows, figure.rows, strict=True):
        for cell, kept in zip(told[1:], row.cells, strict=False):
            if isinstance(kept, int | Decimal):
                assert Decimal(cell) == kept
            elif kept is None:
                assert cell == ""
    assert head[-1] == "cite_as"
    assert all("CC BY 4.0" in row[-1] and "http://testserver/deals/" in row[-1] for row in rows)
    assert "attachment" in answer["Content-Disposition"]
    assert 'rel="license"' in answer["Link"]


def test_csv_names_units() -> None:
    text = b"".join(got("/deals/charts/ladder.csv?host=c5").streaming_content).decode("utf-8-sig")
    assert text.splitlines()[0] == (
        "year,indicated_usd,conditional_usd,committed_usd,disbursed_usd,"
        "lines_of_unknown_amount,deals_url,cite_as"
    )


def test_csv_cannot_run_in_a_spreadsheet() -> None:
    """A name that looks like a formula is text; a negative number stays one."""
    figure = Figure(
        title="",
        subtitle="",
        wide="",  # type: ignore[arg-type]
        narrow="",  # type: ignore[arg-type]
        name_head="Provider",
        heads=(Head("Sum", "usd"), Head("Said", "text")),
        rows=[Row("=HYPERLINK(1)", (Decimal("-5"), "@SUM(A1)")), Row("+1", (None, "-2"))],
    )
    columns, rows = table_of(figure, Clock(), site="https://x", address="https://x/deals/")
    text = b"".join(stream_csv(columns, rows, for_spreadsheets=True)).decode("utf-8-sig")
    _, *lines = csv.reader(io.StringIO(text))
    assert [line[:3] for line in lines] == [
        ["'=HYPERLINK(1)", "-5", "'@SUM(A1)"],
        ["'+1", "", "'-2"],
    ]


def test_a_table_says_which_page_shows_its_chart() -> None:
    """The view, what the chart shows there, and the page of a list that is read page by page."""
    for path, address in (
        ("map.csv?host=c5&measure=deals", "/deals/?host=c5&measure=deals&view=map"),
        ("series.csv?host=c5&by=mineral", "/deals/?host=c5&by=mineral&view=charts"),
        (
            "timeline.csv?ordering=title&page=2&host=c5",
            "/deals/?ordering=title&host=c5&page=2&view=timeline",
        ),
    ):
        text = b"".join(got(f"/deals/charts/{path}").streaming_content).decode("utf-8-sig")
        _, row, *_ = csv.reader(io.StringIO(text))
        assert row[-1].endswith(f"http://testserver{address}")


# -- Frames ----------------------------------------------------------------------------------------


@every_chart
def test_embed_may_be_framed_and_carries_no_house(name: str) -> None:
    answer = got(f"/embed/deals/{name}/?{QUERY}")
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    page = answer.content.decode()
    assert "<nav" not in page
    assert "<script" not in page
    assert ' style="' not in page
    assert "Source: Lodebook, edition of" in page
    assert selection_of(DealFilterSet(QueryDict(QUERY))) in page
    where = f"{QUERY}&view={way_with(name)}".replace("&", "&amp;")
    assert f'href="http://testserver/deals/?{where}"' in page
    assert page.count("<svg") >= 3  # the sprite and two drawings


def test_embed_takes_a_theme() -> None:
    assert 'data-theme="dark"' in got("/embed/deals/years/?theme=dark").content.decode()
    assert "data-theme" not in got("/embed/deals/years/").content.decode()


def test_nothing_else_may_be_framed() -> None:
    others = ["/", "/deals/?view=charts", f"/deals/{COVE_DEAL}/", "/deals/charts/years.png"]
    for address in [*others, "/deals/charts/years.svg", "/deals/charts/years.csv", "/about/"]:
        answer = got(address)
        assert answer["X-Frame-Options"] == "DENY", address
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"], address


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/embed/deals/yers/", 404, "Did you mean “years”?"),
        ("/embed/deals/years/?host=xx", 400, "“xx” is not"),
        ("/embed/deals/years/?hst=KZ", 400, "Did you mean “host”?"),
        ("/embed/deals/years/?theme=pink", 400, "“pink” is not a theme"),
    ],
)
def test_what_is_wrong_is_said_in_the_frame(address: str, status: int, said: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == status
    assert said in answer.content.decode()
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer


def test_the_figure_offers_its_files_and_its_code() -> None:
    page = got("/deals/?view=charts&host=c5").content.decode()
    for suffix in ("csv", "svg", "png"):
        assert f'href="/deals/charts/years.{suffix}?host=c5"' in page
    assert "&lt;iframe src=&quot;http://testserver/embed/deals/years/?host=c5&quot;" in page
    profile = got("/countries/kz/").content.decode()
    assert 'href="/deals/charts/years.svg?host=KZ"' in profile
    partner = got("/countries/us/").content.decode()
    assert 'href="/deals/charts/hosts.csv?partner=US"' in partner


# -- Parameters ------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["svg", "png", "csv"])
@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("yers.{}", 404, "There is no chart “yers”. Did you mean “years”?"),
        ("years.{}?host=xx", 400, "“xx” is not a country or bloc"),
        ("years.{}?hst=KZ", 400, "There is no parameter “hst”. Did you mean “host”?"),
        ("years.{}?size=big", 400, "“big” is not a size of pictures"),
        ("years.{}?theme=light&theme=dark", 400, "“theme” takes one value"),
        ("hosts.{}?bars=gold", 400, "“gold” is not a choice of “bars show”"),
        ("years.{}?bars=deals", 400, "There is no parameter “bars”"),
        ("years.{}?as_of=2999-01-01", 400, "lies in the future"),
    ],
)
def test_what_is_wrong_is_a_problem(suffix: str, path: str, status: int, said: str) -> None:
    answer = Client().get(f"/deals/charts/{path.format(suffix)}")
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert said in answer.json()["detail"]


@pytest.mark.parametrize("suffix", ["svg", "png", "csv"])
def test_nothing_to_draw_is_said(suffix: str) -> None:
    answer = got(f"/deals/charts/years.{suffix}?q=zzznothing")
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if suffix == "svg":
        assert "None of these deals has a date of announcement." in body.decode()
    if suffix == "png":
        assert pixels(body)[0] > 600
    if suffix == "csv":
        assert body.decode("utf-8-sig") == "cite_as\r\n"
    page = got("/embed/deals/years/?q=zzznothing").content.decode()
    assert "None of these deals has a date of announcement." in page


# -- Time, caches, letters -------------------------------------------------------------------------


def test_both_times_are_said_in_files_and_pages() -> None:
    asked = "host=c5&on=2025-01-01&as_of=2026-11-21"
    said = "Lodebook, edition of 21 Nov 2026; the world on 1 Jan 2025 as known then"
    assert said in got(f"/deals/charts/years.svg?{asked}").content.decode()
    rows = b"".join(got(f"/deals/charts/years.csv?{asked}").streaming_content).decode()
    assert said in rows
    assert said in got(f"/embed/deals/years/?{asked}").content.decode()
    assert said in got(f"/deals/?view=charts&{asked}").content.decode()
    assert source_of(Clock.parse(on="2025-01-01")).endswith("as known now")


@pytest.mark.parametrize(
    "address", ["/deals/charts/years.svg", "/deals/charts/years.png", "/embed/deals/years/"]
)
def test_an_unchanged_picture_costs_nothing(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.lib.caching.present_version", lambda: ("as it stands",))
    first = got(address)
    again = Client().get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert ("X-Frame-Options" in again) == address.startswith("/deals/")


def test_letters_that_the_type_lacks_do_not_vanish() -> None:
    """A picture without its own letters says so; the SVG and the table have the name whole."""
    published(
        a_record(
            title="紫金 tungsten",
            announced_on="2025-03",
            financing=[a_line(providers=["tau-ken-samruk"])],
        )
    )
    query = "q=紫金"
    svg = got(f"/deals/charts/years.svg?{query}").content
    assert "紫金" in svg.decode()
    _, tall, _ = pixels(got(f"/deals/charts/years.png?{query}").content)
    assert tall > 2 * float(ElementTree.fromstring(svg).get("height", "0"))
