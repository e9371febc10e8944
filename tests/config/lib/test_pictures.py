"""Pictures that stand alone: what the style sheets say is written out, and type is of the house."""

from __future__ import annotations

import re
import struct
import zlib
from xml.etree import ElementTree

import pytest
from django.utils.safestring import SafeString

from config.lib import svg
from config.lib.pictures import Picture, lacks_letters, png_of, standalone
from config.lib.stylesheets import THEMES, Theme, rules_for, tokens
from config.lib.typeface import lacking, width_of, wrapped

SVG = "{http://www.w3.org/2000/svg}"


def a_drawing(*parts: SafeString) -> SafeString:
    return svg.svg(*parts, width=400, height=100, title="T", class_="chart chart-wide")


def a_picture(*parts: SafeString, theme: Theme = "light", title: str = "Title") -> Picture:
    return standalone(a_drawing(*parts), theme=theme, title=title, site="https://lodebook.example")


def rows_of(picture: Picture) -> bytes:
    """The unpacked rows of the picture as PNG."""
    png, packed, at = png_of(picture), b"", 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        if png[at + 4 : at + 8] == b"IDAT":
            packed += png[at + 8 : at + 8 + length]
        at += 12 + length
    return zlib.decompress(packed)


# -- Style -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", THEMES)
def test_tokens_are_written_out(theme: Theme) -> None:
    known = tokens(theme)
    assert known["paper"] == {"light": "#fdfcf9", "dark": "#151614"}[theme]
    assert not [name for name, value in known.items() if "light-dark" in value or "var(" in value]


def test_rules_are_those_of_the_drawing() -> None:
    told = {rule.selector: dict(rule.declarations) for rule in rules_for({"fill-bound"}, "light")}
    assert told == {".fill-bound": {"fill": tokens("light")["paper-bound"]}}
    assert rules_for({"nothing-of-ours"}, "light") == []


def test_no_rule_of_the_screen_hides_a_drawing() -> None:
    rules = rules_for({"chart", "chart-narrow", "chart-wide", "svg", "text"}, "light")
    assert all("display:none" not in str(rule) for rule in rules)


def test_textures_and_glyphs_come_along() -> None:
    """What a drawing uses of the page's sprite is in the file, with its own style."""
    picture = a_picture(
        svg.rect(0, 0, 9, 9, class_="rung-conditional", fill="url(#hatch)"),
        svg.element("use", href="#s-mou_signed", width=14, height=14),
    )
    root = ElementTree.fromstring(picture.svg)
    ids = {node.get("id") for node in root.iter() if node.get("id")}
    assert ids == {"hatch", "s-mou_signed"}
    assert ".rung-hatch{" in picture.svg
    assert ".g-fill{fill:currentColor}" in picture.svg


def test_a_part_that_is_nowhere_is_an_error() -> None:
    with pytest.raises(ValueError, match="#gone"):
        a_picture(svg.rect(0, 0, 9, 9, fill="url(#gone)"))


def test_links_are_whole_addresses() -> None:
    picture = a_picture(svg.link("/deals/?host=KZ", svg.text(0, 9, "Kazakhstan")))
    assert 'xlink:href="https://lodebook.example/deals/?host=KZ"' in picture.svg


def test_words_are_escaped() -> None:
    picture = a_picture(title="<script>alert(1)</script> & more")
    assert "<script>" not in picture.svg
    assert ElementTree.fromstring(picture.svg).findtext(f"{SVG}title") == (
        "<script>alert(1)</script> & more"
    )


def test_long_titles_are_wrapped_within_the_picture() -> None:
    words = " ".join(["considerable"] * 20)
    root = ElementTree.fromstring(a_picture(title=words).svg)
    lines = [n.text or "" for n in root.iter(f"{SVG}text") if n.get("class") == "picture-title"]
    assert len(lines) > 4
    assert " ".join(lines) == words
    assert all(width_of(line, 20, 700) <= 400 for line in lines)


# -- Type ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["Kazakhstan", "Ełk, Çağlar, Žďár", "Узбекистан", "$1.6bn*"])
def test_words_are_drawn_without_any_font_of_the_system(words: str) -> None:
    """A picture with the words differs from one without, and from one with others."""
    drawn = rows_of(a_picture(svg.text(10, 50, words)))
    assert drawn != rows_of(a_picture())
    assert drawn != rows_of(a_picture(svg.text(10, 50, words[::-1])))
    assert not lacks_letters(words)


def test_letters_that_the_type_lacks_are_boxes() -> None:
    assert lacking("紫 gold") == {"紫"}
    assert rows_of(a_picture(svg.text(10, 50, "紫"))) != rows_of(a_picture())


def test_weights_and_themes_are_drawn() -> None:
    plain = rows_of(a_picture(svg.text(10, 50, "Cobalt")))
    bold = rows_of(a_picture(svg.text(10, 50, "Cobalt", class_="label-panel")))
    dark = rows_of(a_picture(svg.text(10, 50, "Cobalt"), theme="dark"))
    assert len({plain, bold, dark}) == 3


def test_png_tells_its_source() -> None:
    picture = standalone(
        a_drawing(), theme="light", title="Título", foot=["Source: Lodebook."], address="https://x"
    )
    png = png_of(picture)
    assert "Title\0\0\0\0\0Título".encode() in png
    assert b"Source\0\0\0\0\0Source: Lodebook. https://x" in png
    at = png.index(b"iTXt") - 4
    (length,) = struct.unpack_from(">I", png, at)
    (check,) = struct.unpack_from(">I", png, at + 8 + length)
    assert check == zlib.crc32(png[at + 4 : at + 8 + length])


def test_figures_are_tabular() -> None:
    assert len({width_of(digit, 13) for digit in "0123456789"}) == 1


def test_lines_hold_all_words_and_no_more_than_their_width() -> None:
    text = "Export-Import Bank of the United States " + "x" * 90
    lines = wrapped(text, 120, 13)
    assert "".join(lines).replace(" ", "") == re.sub(" ", "", text)
    assert all(width_of(line, 13) <= 120 for line in lines)
    assert wrapped("", 120, 13) == []
