"""Countries with their flags, minerals with their tiles, and marks, as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, Final

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from config.lib import shapes

# Drawings too rich for SVG at this size; see static/flags/README.md.
RASTER_FLAGS: Final = frozenset(
    (
        *("ad", "af", "as", "bm", "bo", "bt", "bz", "do", "ec", "es", "fj", "fk", "gs"),
        *("gt", "hr", "je", "ky", "me", "mp", "mt", "mx", "rs", "sm", "sv", "tm", "va"),
    )
)
BLOC_FLAGS: Final = {"eu": "eu", "eu27": "eu"}

# What is no element has its usual short form, never a borrowed symbol.
SHORT_FORMS: Final = {
    "rare-earths": "REE",
    "light-rare-earths": "LREE",
    "heavy-rare-earths": "HREE",
    "platinum-group-metals": "PGM",
    "high-purity-alumina": "HPA",
    "industrial-diamond": "Dia",
    "metallurgical-coal": "Met",
    "thermal-coal": "Coal",
}


def flag(code: str | None, *, large: bool = False) -> SafeString:
    """The flag of an ISO 3166-1 code in either case, or of the EU; the name stands beside it."""
    return _flag((code or "").lower(), large=large)


@lru_cache(maxsize=1024)
def _flag(name: str, *, large: bool) -> SafeString:
    name = BLOC_FLAGS.get(name, name)
    if len(name) != 2 or not name.isalpha():
        return SafeString("")
    path = f"flags/{name}.{'webp' if name in RASTER_FLAGS else 'svg'}"
    width, height = (40, 30) if large else (20, 15)
    return format_html(
        '<img class="flag{}" src="{}" width="{}" height="{}" alt="" loading="lazy">',
        " flag-large" if large else "",
        static(path),
        width,
        height,
    )


def country(place: Mapping[str, Any], *, link: bool = False) -> SafeString:
    """A country or bloc of a summary with its flag; ``link=True`` links a country's page."""
    # A bloc's key may look like a country's code, so only a bloc that has a flag is asked for one.
    code, bloc_flag = place.get("code"), BLOC_FLAGS.get(str(place.get("bloc")))
    return _country(code or bloc_flag or "", str(place.get("name")), link=bool(link and code))


@lru_cache(maxsize=2048)
def _country(code: str, name: str, *, link: bool) -> SafeString:
    shown: str | SafeString = name
    if link:
        shown = format_html('<a href="/countries/{}/">{}</a>', code.lower(), name)
    return format_html('<span class="country">{}{}</span>', flag(code), shown)


def tile_text(mineral: Mapping[str, Any]) -> str:
    """The symbol of an element, or the usual short form of what is none."""
    slug = str(mineral.get("slug") or "")
    return str(
        mineral.get("symbol") or SHORT_FORMS.get(slug) or str(mineral.get("name") or slug)[:3]
    )


def mineral_tile(mineral: Mapping[str, Any] | None, *, link: bool = False) -> SafeString:
    """The tile of a mineral in its family's colour; None: “critical minerals”, in general."""
    if mineral is None:
        mineral = {"name": "Critical minerals, not specified", "symbol": "CM"}
        link = False
    family = shapes.FAMILIES.get(str(mineral.get("category")), 8)
    slug = str(mineral.get("slug")) if link else ""
    return _tile(family, tile_text(mineral), str(mineral.get("name")), slug)


@lru_cache(maxsize=1024)
def _tile(family: int, text: str, name: str, slug: str) -> SafeString:
    """A tile, which leads to the mineral's page where `slug` is given."""
    attributes = format_html('class="tile cat-{}" title="{}"', family, name)
    if slug:
        return format_html(
            '<a {} href="/minerals/{}/"><span aria-hidden="true">{}</span>'
            '<span class="visually-hidden">{}</span></a>',
            attributes,
            slug,
            text,
            name,
        )
    return format_html(
        '<span {}><span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></span>',
        attributes,
        text,
        name,
    )


def mineral_name(mineral: Mapping[str, Any], *, link: bool = False) -> SafeString:
    """The tile with the name beside it; the tile is then silent, since the name says it."""
    family = shapes.FAMILIES.get(str(mineral.get("category")), 8)
    slug = str(mineral.get("slug")) if link else ""
    return _named_tile(family, tile_text(mineral), str(mineral.get("name")), slug)


@lru_cache(maxsize=1024)
def _named_tile(family: int, text: str, name: str, slug: str) -> SafeString:
    """A tile with its name, which leads to the mineral's page where `slug` is given."""
    shown: str | SafeString = name
    if slug:
        shown = format_html('<a href="/minerals/{}/">{}</a>', slug, name)
    return format_html(
        '<span class="mineral"><span class="tile cat-{}" aria-hidden="true">{}</span>{}</span>',
        family,
        text,
        shown,
    )


def mineral_tiles(
    minerals: Sequence[Mapping[str, Any]], *, unspecified: bool = False
) -> SafeString:
    """Up to three tiles, or two and how many more; “CM” where a deal names no mineral."""
    shown = list(minerals if len(minerals) <= 3 else minerals[:2])
    tiles = [mineral_tile(mineral) for mineral in shown]
    if unspecified or not tiles:
        tiles.append(mineral_tile(None))
    hidden = minerals[len(shown) :]
    if hidden:
        names = ", ".join(str(mineral.get("name")) for mineral in hidden)
        tiles.append(
            format_html(
                '<span class="tile-more" title="{}">+{}<span class="visually-hidden"> more: {}'
                "</span></span>",
                names,
                len(hidden),
                names,
            )
        )
    return mark_safe(f'<span class="tiles">{"".join(tiles)}</span>')


@cache
def mark_disputed(word: str = "disputed") -> SafeString:
    """Two opposed arrows and the word: sources differ on a fact."""
    return format_html(
        '<span class="mark mark-disputed">{}{}</span>', shapes.icon("disputed", size=12), word
    )


@cache
def mark_stale(*, lapsed: bool = False) -> SafeString:
    """A broken clock and “stale”; after 48 months an expired ring and “presumed lapsed”."""
    if lapsed:
        glyph = format_html(
            '<svg class="icon" width="12" height="12" aria-hidden="true"><use href="#s-{}"/></svg>',
            "expired",
        )
        return format_html('<span class="mark mark-lapsed">{}presumed lapsed</span>', glyph)
    return format_html(
        '<span class="mark mark-stale">{}stale</span>', shapes.icon("stale", size=12)
    )


@cache
def mark(word: str = "not in sums") -> SafeString:
    """An outlined word."""
    return format_html('<span class="mark mark-outline">{}</span>', word)
