"""A drawing as a file of its own: an SVG that needs no style sheet, and a PNG of the same.

    picture = standalone(drawing, theme="light", title="33 deals in 2025", foot=["Source: …"])
    picture.svg          # opens alone, in a browser or a drawing program
    png_of(picture)      # the same at twice its size, with type of our own

What a page says around a drawing is drawn into the file: title, subtitle, source, note. Its colours
are those of the theme, written out; what it uses of the page's sprite (glyphs, textures) is in it.
"""

from __future__ import annotations

import base64
import hashlib
import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import resvg_py
from django.utils.safestring import SafeString, mark_safe

from config.lib import svg
from config.lib.stylesheets import Theme, rules_for, tokens
from config.lib.typeface import FAMILY, Weight, font_files, lacking, wrapped

PNG_SCALE: Final = 2
MOST_PIXELS: Final = 16_000_000
"""Of a PNG: each takes four bytes while it is drawn."""
LACKING_LETTERS: Final = "A crossed box stands for a letter that the type of this picture lacks."
_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "http://www.w3.org/1999/xlink"
_SPRITE: Final = Path(__file__).parent.parent / "templates" / "parts" / "sprite.html"
_WORDS: Final[dict[str, tuple[float, Weight, str, float]]] = {
    "picture-selection": (14, 600, "ink-2", 20),
    "picture-title": (20, 700, "ink", 25),
    "picture-subtitle": (15, 400, "ink-2", 21),
    "picture-foot": (13, 400, "ink-3", 18),
}
"""Class, size, weight, colour and line height of what is written around a drawing."""
_SHARE_WRITTEN: Final = 0.88
"""How much of the width is written on: where an SVG is opened without the type of the house, that
of the system is wider."""
_USED = re.compile(r"url\(#([\w-]+)\)")
_REFERENCES: Final = ("href", f"{{{_XLINK}}}href")

ElementTree.register_namespace("", _SVG)
ElementTree.register_namespace("xlink", _XLINK)


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A drawing that stands alone, with what a browser must be told of it."""

    svg: str
    style_hash: str
    """What a content security policy names to let the picture's own style sheet be."""
    title: str
    source: str
    address: str
    width: float
    height: float


def standalone(
    drawing: str,
    *,
    theme: Theme,
    title: str,
    subtitle: str = "",
    selection: str = "",
    foot: Sequence[str] = (),
    site: str = "",
    address: str = "",
) -> Picture:
    """A picture of `drawing` with its words.

    `selection` stands over the title; the first line of `foot` is the source. Links within it lead
    to `site` (scheme and host); `address` is where its data live.
    """
    root = ElementTree.fromstring(drawing)
    _, _, inner_width, inner_height = map(float, root.get("viewBox", "0 0 0 0").split())
    margin = 24.0 if inner_width > 400 else 14.0
    width = inner_width + 2 * margin
    top = margin * 0.75
    head: list[SafeString] = [svg.line(margin, top, width - margin, top, class_="picture-rule")]
    for name, words in (
        ("picture-selection", selection),
        ("picture-title", title),
        ("picture-subtitle", subtitle),
    ):
        lines, top = _lines(name, [words] if words else [], margin, top, inner_width)
        head += lines
    body_top = top + 14
    tail, bottom = _lines(
        "picture-foot", list(foot), margin, body_top + inner_height + 8, inner_width
    )
    height = bottom + margin * 0.75
    said = next((node.text or "" for node in root.iter(f"{{{_SVG}}}desc")), "")
    definitions = _definitions(root)
    style = _style([root, *definitions], theme)
    content = [
        _markup(_in_full(node, site))
        for node in root
        if node.tag not in (_tag("title"), _tag("desc"))
    ]
    written = svg.svg(
        svg.element("desc", f"{subtitle}. {said} {' '.join(foot)} {address}".strip()),
        mark_safe(f"<style>{style}</style>"),
        svg.element("defs", *map(_markup, definitions)) if definitions else "",
        svg.rect(0, 0, width, height, class_="picture-paper"),
        *head,
        svg.group(*content, transform=f"translate({svg.number(margin)} {svg.number(body_top)})"),
        *tail,
        width=width,
        height=height,
        title=title,
        class_=root.get("class"),
        **{"width_": svg.number(width), "height_": svg.number(height), "xmlns:xlink": _XLINK},
    )
    return Picture(
        svg=f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n',
        style_hash=f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}",
        title=title,
        source=foot[0] if foot else "",
        address=address,
        width=width,
        height=height,
    )


def bare(drawing: str, *, theme: Theme, title: str, style: str = "", address: str = "") -> Picture:
    """A picture of `drawing` as it is, with no words around it; `style` is CSS of its own."""
    root = ElementTree.fromstring(drawing)
    _, _, width, height = map(float, root.get("viewBox", "0 0 0 0").split())
    definitions = _definitions(root)
    rules = _style([root, *definitions], theme) + style
    at = drawing.index(">") + 1
    content = "".join(_markup(_in_full(node, "")) for node in root)
    head = drawing[:at].replace("<svg", f'<svg xmlns:xlink="{_XLINK}"', 1)
    defined = svg.element("defs", *map(_markup, definitions)) if definitions else ""
    written = f"{head}<style>{rules}</style>{defined}{content}</svg>"
    digest = base64.b64encode(hashlib.sha256(rules.encode()).digest()).decode()
    return Picture(
        svg=written,
        style_hash=f"sha256-{digest}",
        title=title,
        source="Lodebook",
        address=address,
        width=width,
        height=height,
    )


def scale_of(picture: Picture) -> int:
    """How many times its size a PNG of the picture may have: `PNG_SCALE` or less, 0 for none."""
    scales = range(PNG_SCALE, 0, -1)
    pixels = picture.width * picture.height
    return next((scale for scale in scales if pixels * scale**2 <= MOST_PIXELS), 0)


def png_of(picture: Picture, scale: int = PNG_SCALE) -> bytes:
    """The picture as PNG, drawn with the house's fonts and no other, its source written in it."""
    png: bytes = resvg_py.svg_to_bytes(
        svg_string=picture.svg,
        skip_system_fonts=True,
        font_files=font_files(),
        font_family=FAMILY,
        sans_serif_family=FAMILY,
        zoom=scale,
    )
    told = {"Title": picture.title, "Source": f"{picture.source} {picture.address}".strip()}
    return _with_texts(png, {name: text for name, text in told.items() if text})


def lacks_letters(*texts: str) -> bool:
    """Whether a PNG would show boxes for letters of these texts or drawings."""
    return any(lacking(text) for text in texts)


def _lines(
    name: str, paragraphs: Sequence[str], left: float, top: float, width: float
) -> tuple[list[SafeString], float]:
    """Paragraphs of one class from `top` downwards, and where they end."""
    size, weight, _, height = _WORDS[name]
    room = width * _SHARE_WRITTEN
    drawn = []
    for line in (line for text in paragraphs for line in wrapped(text, room, size, weight)):
        top += height
        drawn.append(svg.text(left, top, line, class_=name))
    return drawn, top


def _style(roots: Sequence[ElementTree.Element], theme: Theme) -> str:
    names = {name for root in roots for node in root.iter() for name in _names(node)}
    known = tokens(theme)
    frame = [
        f"svg{{color:{known['ink']};font-family:{known['font']}}}",
        f".picture-paper{{fill:{known['paper']}}}",
        f".picture-rule{{stroke:{known['ink']}}}",
    ]
    own = [
        # More particular than a rule for all text of a chart.
        f".chart .{name},.{name}{{font-size:{size:g}px;font-weight:{weight};fill:{known[colour]}}}"
        for name, (size, weight, colour, _) in _WORDS.items()
    ]
    return "".join([*frame, *map(str, rules_for(names, theme)), *own])


def _names(node: ElementTree.Element) -> Iterator[str]:
    yield node.tag.rpartition("}")[2]
    yield from node.get("class", "").split()


def _definitions(root: ElementTree.Element) -> list[ElementTree.Element]:
    """What the drawing uses and does not hold itself, from the page's sprite."""
    own = {node.get("id") for node in root.iter()}
    wanted, found = _used(root) - own, dict[str, ElementTree.Element]()
    while missing := wanted - found.keys():
        for name in sorted(missing, key=str):
            if name not in _sprite():
                raise ValueError(f"The drawing uses #{name}, which neither it nor the sprite has.")
            found[str(name)] = _sprite()[str(name)]
            wanted |= _used(found[str(name)]) - own
    return list(found.values())


def _used(root: ElementTree.Element) -> set[str | None]:
    used: set[str | None] = set()
    for node in root.iter():
        for name, value in node.attrib.items():
            used |= set(_USED.findall(value))
            if name in _REFERENCES and node.tag == _tag("use"):
                used.add(value.removeprefix("#"))
    return used


@cache
def _sprite() -> dict[str, ElementTree.Element]:
    text = _SPRITE.read_text(encoding="utf-8").replace("<svg ", f'<svg xmlns="{_SVG}" ', 1)
    return {name: node for node in ElementTree.fromstring(text).iter() if (name := node.get("id"))}


def _in_full(node: ElementTree.Element, site: str) -> ElementTree.Element:
    """The element as programs other than browsers need it: whole addresses, the older ``href``."""
    for inner in node.iter():
        target = inner.attrib.pop("href", None)
        if target is not None:
            inner.set(_REFERENCES[1], f"{site}{target}" if target.startswith("/") else target)
        for name in [name for name in inner.attrib if name.startswith(("data-", "hx-"))]:
            del inner.attrib[name]
    return node


def _markup(node: ElementTree.Element) -> SafeString:
    text = ElementTree.tostring(node, encoding="unicode")
    # The namespaces are said once, at the root.
    return mark_safe(text.replace(f' xmlns="{_SVG}"', "").replace(f' xmlns:xlink="{_XLINK}"', ""))


def _tag(name: str) -> str:
    return f"{{{_SVG}}}{name}"


def _with_texts(png: bytes, texts: dict[str, str]) -> bytes:
    """The file with texts about itself (chunks ``iTXt``) after its head."""
    head_end = 8 + 12 + struct.unpack_from(">I", png, 8)[0]
    chunks = b"".join(
        _chunk(b"iTXt", name.encode("ascii") + b"\0\0\0\0\0" + text.encode())
        for name, text in texts.items()
    )
    return png[:head_end] + chunks + png[head_end:]


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
