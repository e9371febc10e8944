"""SVG built in Python: every value escaped, every number short, nothing that a strict CSP forbids.

    drawing = svg(
        group(rect(0, 0, 120, 8, class_="bar"), text(126, 8, "Tungsten, 12"), id="tungsten"),
        width=200, height=20, title="Deals by mineral",
    )

Attributes are written as keyword arguments: ``text_anchor="middle"`` is ``text-anchor``, ``class_``
is ``class``; None leaves one out. Colours and sizes of type come from classes in the style sheets.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Final

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

type Attribute = str | int | float | Decimal | None

_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9:-]*")
_SAFE_TARGETS: Final = ("/", "#", "?", "https://", "http://")
# Characters that XML cannot hold in any form, and halves of surrogate pairs.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def number(value: float | Decimal) -> str:
    """`value` with at most two decimals, as short as can be: ``12.5``, ``3``, ``0``."""
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be drawn.")
    written = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def points(coordinates: Iterable[tuple[float, float]]) -> str:
    """``0,0 12.5,3``: for polylines and polygons."""
    return " ".join(f"{number(x)},{number(y)}" for x, y in coordinates)


def element(tag: str, *content: str, **attributes: Attribute) -> SafeString:
    """One element. Content that is not marked safe is escaped."""
    if not _NAME.fullmatch(tag) or tag.casefold() in {"script", "foreignobject", "style"}:
        raise ValueError(f"No <{tag}> in a drawing.")
    start = tag + "".join(
        f' {_attribute_name(name)}="{_attribute_value(name, value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    inner = "".join(map(_escaped, content))
    return _safe(f"<{start}>{inner}</{tag}>" if inner else f"<{start}/>")


def svg(
    *content: str,
    width: float,
    height: float,
    title: str,
    description: str | None = None,
    **attributes: Attribute,
) -> SafeString:
    """A whole drawing that scales to its place and says to screen readers what it shows."""
    described = [] if description is None else [element("desc", description)]
    return element(
        "svg",
        element("title", title),
        *described,
        *content,
        **{
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {number(width)} {number(height)}",
            "role": "img",
            "aria_label": title,
            **attributes,
        },
    )


def group(*content: str, **attributes: Attribute) -> SafeString:
    return element("g", *content, **attributes)


def rect(x: float, y: float, width: float, height: float, **attributes: Attribute) -> SafeString:
    return element("rect", x=x, y=y, width=max(width, 0), height=max(height, 0), **attributes)


def circle(x: float, y: float, radius: float, *content: str, **attributes: Attribute) -> SafeString:
    return element("circle", *content, cx=x, cy=y, r=max(radius, 0), **attributes)


def line(x1: float, y1: float, x2: float, y2: float, **attributes: Attribute) -> SafeString:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **attributes)


def path(data: str, *content: str, **attributes: Attribute) -> SafeString:
    """`data` is the ``d`` attribute; write its numbers with `number`."""
    return element("path", *content, d=data, **attributes)


def text(x: float, y: float, content: str, **attributes: Attribute) -> SafeString:
    return element("text", content, x=x, y=y, **attributes)


def link(href: str, *content: str, **attributes: Attribute) -> SafeString:
    """A link; `href` is an address of this site, or http or https."""
    if not href.startswith(_SAFE_TARGETS):
        raise ValueError(f"“{href}” is no address to link to.")
    return element("a", *content, href=href, **attributes)


def join(parts: Iterable[str]) -> SafeString:
    """Several pieces after one another, those not marked safe escaped."""
    return _safe("".join(map(_escaped, parts)))


@cache
def _attribute_name(name: str) -> str:
    written = name.removesuffix("_").replace("_", "-")
    if not _NAME.fullmatch(written):
        raise ValueError(f"“{name}” is no attribute.")
    if written == "style" or written.casefold().startswith("on"):
        raise ValueError(f"“{written}” is forbidden by the content security policy: use a class.")
    return written


def _attribute_value(name: str, value: str | float | Decimal) -> str:
    if isinstance(value, bool):
        raise TypeError(f"{name}={value}: write what the attribute is to say.")
    if isinstance(value, int | float | Decimal):
        return number(value)
    return _escaped(value)


def _escaped(content: str) -> str:
    # Text that is marked safe is passed on; the substitution would take its mark away.
    if isinstance(content, SafeString):
        return content
    return conditional_escape(_NOT_XML.sub("\ufffd", content))


def _safe(markup: str) -> SafeString:
    # All of it was escaped or checked above.
    return mark_safe(markup)
