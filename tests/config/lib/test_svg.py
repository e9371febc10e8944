"""SVG pieces: well-formed and short, whatever the data holds, and nothing that a CSP forbids."""

from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from config.lib.svg import (
    circle,
    element,
    group,
    join,
    line,
    link,
    number,
    path,
    points,
    rect,
    svg,
    text,
)

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (3, "3"),
        (12.5, "12.5"),
        (1 / 3, "0.33"),
        (-0.001, "0"),
        (100.0, "100"),
        (Decimal("2.50"), "2.5"),
    ],
)
def test_numbers_are_short(value: float, written: str) -> None:
    assert number(value) == written


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_is_no_number_is_not_drawn(value: float) -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        rect(value, 0, 1, 1)


def test_pieces() -> None:
    assert (
        rect(0, 1.25, 10, -3, class_="bar")
        == '<rect x="0" y="1.25" width="10" height="0" class="bar"/>'
    )
    assert line(0, 0, 1, 1) == '<line x1="0" y1="0" x2="1" y2="1"/>'
    assert circle(1, 2, 3) == '<circle cx="1" cy="2" r="3"/>'
    assert path("M0 0h3", fill_rule="evenodd") == '<path d="M0 0h3" fill-rule="evenodd"/>'
    assert (
        text(1, 2, "A", text_anchor="end", id=None)
        == '<text x="1" y="2" text-anchor="end">A</text>'
    )
    assert group() == "<g/>"
    assert points([(0, 0), (12.5, 3)]) == "0,0 12.5,3"
    assert link("/deals/x/", "A") == '<a href="/deals/x/">A</a>'


def test_everything_is_escaped_once() -> None:
    drawn = group(text(0, 0, '<script>"&'), "a < b", data_name='"><x')
    assert isinstance(drawn, SafeString)
    assert "<script>" not in drawn
    assert "&lt;script&gt;&quot;&amp;" in drawn
    assert "a &lt; b" in drawn
    assert 'data-name="&quot;&gt;&lt;x"' in drawn
    assert join(["<", group()]) == "&lt;<g/>"


@given(st.text(), st.text())
def test_any_text_makes_well_formed_xml(content: str, label: str) -> None:
    drawing = svg(text(0, 0, content, data_label=label), width=10, height=5, title=label)
    root = ElementTree.fromstring(drawing.encode())
    assert root.tag == f"{SVG}svg"
    assert [child.tag for child in root] == [f"{SVG}title", f"{SVG}text"]


def test_a_drawing_says_what_it_shows() -> None:
    drawing = svg(rect(0, 0, 1, 1), width=100, height=20.5, title="Deals", description="By year")
    assert 'viewBox="0 0 100 20.5"' in drawing
    assert 'role="img"' in drawing
    assert 'aria-label="Deals"' in drawing
    assert "<title>Deals</title><desc>By year</desc><rect" in drawing


@pytest.mark.parametrize(
    "attributes",
    [{"style": "x"}, {"onclick": "x"}, {"onLoad": "x"}, {'a"b': "x"}, {"a b": "x"}, {"": "x"}],
)
def test_forbidden_attributes(attributes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="forbidden|no attribute"):
        element("rect", **attributes)


@pytest.mark.parametrize("tag", ["script", "style", "foreignObject", "a b", "x>", ""])
def test_forbidden_elements(tag: str) -> None:
    with pytest.raises(ValueError, match="in a drawing"):
        element(tag)


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", " /x", "JAVASCRIPT:x"])
def test_links_lead_to_pages_only(href: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        link(href)


def test_booleans_are_spelt_out() -> None:
    with pytest.raises(TypeError, match="aria_hidden=True"):
        group(aria_hidden=True)
