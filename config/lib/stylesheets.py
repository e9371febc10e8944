"""What the site's style sheets say of a drawing, in plain CSS for one theme.

A drawing takes its colours from classes. Where it stands alone, as a file, there is no style sheet
and there are no custom properties: here its rules are taken out of the site's sheets, with every
``var()``, ``light-dark()`` and ``color-mix()`` worked out.

Only rules of plain selectors are read: names of elements and classes, one within another
(``.chart text``, ``.fill-bound``). Rules in ``@media`` are for screens and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

type Theme = Literal["light", "dark"]

THEMES: Final[tuple[Theme, ...]] = ("light", "dark")
_FOLDER: Final = Path(__file__).parent.parent / "static" / "css"
_NOT_OF_PICTURES: Final = ("tokens.css", "admin.css", "deal-form.css", "print.css")
_FONTS: Final = '"Source Sans 3", "Source Sans Pro", "Segoe UI", "Noto Sans", sans-serif'
"""Names that programs other than browsers know too."""
_ROOT_PIXELS: Final = 16

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_TOKEN = re.compile(r"--([\w-]+):\s*([^;]+);")
_VARIABLE = re.compile(r"var\(--([\w-]+)\)")
_LIGHT_DARK = re.compile(r"light-dark\(([^(),]+),([^(),]+)\)")
_MIX = re.compile(
    r"color-mix\(in srgb,\s*(#[0-9a-f]{6}|transparent)\s+([\d.]+)%,\s*(#[0-9a-f]{6}|transparent)\)"
)
_COMMA = re.compile(r",(?![^()]*\))")
_REM = re.compile(r"(?<![\w.])(\d*\.?\d+)rem\b")
_PLAIN = re.compile(r"[\w-]*(\.[\w-]+)*(\s+[\w-]*(\.[\w-]+)*)*")
_OF_DRAWINGS = re.compile(
    r"fill|fill-.+|stroke|stroke-.+|opacity|color|paint-order|display|visibility|text-anchor"
    r"|text-decoration|dominant-baseline|font-family|font-size|font-weight|letter-spacing"
)
_LAYOUT: Final = frozenset({"chart-wide", "chart-narrow"})
"""Classes that choose between two drawings on a page; in a file there is one."""


@dataclass(frozen=True)
class Rule:
    """One plain selector and what it sets."""

    selector: str
    declarations: tuple[tuple[str, str], ...]

    @property
    def names(self) -> set[str]:
        """The elements and classes that the selector asks for."""
        return {name for part in self.selector.split() for name in part.split(".") if name}

    def __str__(self) -> str:
        said = ";".join(f"{name}:{value}" for name, value in self.declarations)
        return f"{self.selector}{{{said}}}"


@cache
def tokens(theme: Theme) -> Mapping[str, str]:
    """The design tokens of a theme, by name without dashes: ``{"paper": "#fdfcf9", …}``."""
    text = _COMMENT.sub("", (_FOLDER / "tokens.css").read_text(encoding="utf-8"))
    found = dict(_TOKEN.findall(text))
    return {name: _resolved(value, found, theme) for name, value in found.items()} | {
        "font": _FONTS
    }


def rules_for(names: Collection[str], theme: Theme) -> list[Rule]:
    """The rules that speak of a drawing with these elements and classes, in their order."""
    return [rule for rule in _rules(theme) if rule.names <= set(names)]


@cache
def _rules(theme: Theme) -> tuple[Rule, ...]:
    sheets = sorted(_FOLDER.glob("*.css")) + sorted((_FOLDER / "pages").glob("*.css"))
    return tuple(
        rule
        for path in sheets
        if path.name not in _NOT_OF_PICTURES
        for rule in _rules_of(path.read_text(encoding="utf-8"), theme)
    )


def _rules_of(text: str, theme: Theme) -> Iterator[Rule]:
    known = tokens(theme)
    for selectors, body in _blocks(_COMMENT.sub("", text)):
        declarations = tuple(
            (name, value)
            for declaration in body.split(";")
            for name, _, given in [map(str.strip, declaration.partition(":"))]
            if _OF_DRAWINGS.fullmatch(name)
            for value in [_resolved(given, known, theme)]
            if "calc(" not in value and "clamp(" not in value
        )
        if not declarations:
            continue
        for selector in map(str.strip, _COMMA.split(selectors)):
            last = set(selector.split()[-1].split(".")) if selector.split() else set()
            if selector and _PLAIN.fullmatch(selector) and not last & _LAYOUT:
                yield Rule(selector, declarations)


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Selectors and bodies, also within ``@layer``; other at-rules are passed over."""
    at = 0
    while (start := text.find("{", at)) >= 0:
        head = text[at:start].rpartition(";")[2].strip()
        end = _closing(text, start)
        inner = text[start + 1 : end]
        if head.startswith("@layer"):
            yield from _blocks(inner)
        elif not head.startswith("@"):
            yield head, inner
        at = end + 1


def _closing(text: str, start: int) -> int:
    depth = 0
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if not depth:
            return place
    raise ValueError(f"A style sheet does not close what it opens: {text[start : start + 60]!r}")


def _resolved(value: str, known: Mapping[str, str], theme: Theme) -> str:
    while match := _VARIABLE.search(value):
        value = value.replace(match[0], known[match[1]])
    chosen = 1 if theme == "light" else 2
    value = _LIGHT_DARK.sub(lambda match: match[chosen].strip(), value)
    value = _MIX.sub(_mixed, value)
    value = _REM.sub(lambda match: f"{float(match[1]) * _ROOT_PIXELS:g}px", value)
    # SVG 1.1, which drawing programs follow, has no colour of that name.
    return "none" if value.strip() == "transparent" else value.strip()


def _mixed(match: re.Match[str]) -> str:
    """Two colours mixed; with nothing, a colour and how much of it is seen."""
    first, percent, second = match[1], float(match[2]) / 100, match[3]
    if "transparent" in (first, second):
        colour, seen = (first, percent) if second == "transparent" else (second, 1 - percent)
        red, green, blue = _channels(colour)
        return f"rgba({red},{green},{blue},{seen:g})"
    mixed = (
        round(one * percent + other * (1 - percent))
        for one, other in zip(_channels(first), _channels(second), strict=True)
    )
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return red, green, blue
