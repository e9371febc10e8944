"""Tags and filters of the design system; `/styleguide/` shows each one at work.

Codes are shown with a word. The word is the tag's second argument or, where the view puts
``labels`` (``{"status": {"mou_signed": "MoU signed", …}, …}``) into the context, found there.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django import template
from django.core.paginator import Page
from django.http import QueryDict
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from config.lib import shapes, words
from config.lib.imprecise import ImpreciseDate

register = template.Library()

# Drawings too rich for SVG at this size; see static/flags/README.md.
RASTER_FLAGS: Final = frozenset(
    (
        *("ad", "af", "as", "bm", "bo", "bt", "bz", "do", "ec", "es", "fj", "fk", "gs"),
        *("gt", "hr", "je", "ky", "me", "mp", "mt", "mx", "rs", "sm", "sv", "tm", "va"),
    )
)
BLOC_FLAGS: Final = {"eu": "eu", "eu27": "eu"}

# Which of the eight families of the palette a mineral's category belongs to.
FAMILIES: Final = {
    "battery_metal": 1,
    "rare_earth": 2,
    "light_rare_earth": 2,
    "heavy_rare_earth": 2,
    "refractory_metal": 3,
    "ferrous": 3,
    "minor_metal": 4,
    "base_metal": 5,
    "precious_metal": 6,
    "platinum_group": 6,
    "energy_mineral": 7,
    "industrial_mineral": 8,
}
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


# -- Words ------------------------------------------------------------------------------------


@register.filter
def usd(amount: words.Number | None, empty: str = words.NOTHING) -> str:
    """``1600000000|usd`` is “$1.6bn”; no amount is “nothing” or the argument."""
    return empty if amount is None else words.money_in_words(amount)


@register.filter
def money(amount: words.Number | None, currency: str = "USD") -> str:
    """``150000000|money:"EUR"`` is “€150m”, ``money:"CZK"`` “CZK 150m”; no amount is a dash."""
    return words.UNKNOWN if amount is None else words.money_in_words(amount, currency)


@register.filter
def imprecise(value: ImpreciseDate | datetime.date | str | None) -> str:
    """A date as precisely as it is known: “6 Nov 2025”, “Dec 2025”, “2026”; none is a dash."""
    return words.date_in_words(value)


@register.filter
def percent(value: words.Number | None) -> str:
    """A stated percentage: ``70|percent`` is “70%”, ``12.5|percent`` “12.5%”; none is a dash."""
    return words.percent_in_words(value)


@register.filter
def share(value: words.Number | None) -> str:
    """A computed share of one, in whole percent: ``0.39|share`` is “39%”, a trace “<1%”."""
    return words.share_in_words(value)


@register.simple_tag
def count(number: int, one: str, many: str = "") -> str:
    """``{% count 3 "deal" %}`` is “3 deals”, 0 “no deal”; a third argument is an odd plural."""
    return words.count_in_words(number, one, many)


@register.simple_tag
def amount(value: Mapping[str, Any] | None, empty: str = words.UNKNOWN) -> str:
    """A stated value (low, high, currency, basis): “up to €150m”, “$1bn to $2bn”."""
    low, high = (value.get("low"), value.get("high")) if value else (None, None)
    if value is None or (low is None and high is None):
        return empty
    currency = str(value.get("currency") or "USD")
    if low is None or value.get("basis") == "up_to":
        top = high if high is not None else low
        return format_html(
            '<span class="up-to">up to</span> {}', words.money_in_words(top, currency)
        )
    if high is None or high == low:
        return words.money_in_words(low, currency)
    return f"{words.money_in_words(low, currency)} to {words.money_in_words(high, currency)}"


def label_of(context: Context, vocabulary: str, code: str) -> str:
    """The label of a code from ``labels`` in the context; the code itself in words where absent."""
    known: Mapping[str, Mapping[str, str]] = context.get("labels") or {}
    label = known.get(vocabulary, {}).get(code)
    return str(label) if label else code.replace("_", " ").capitalize()


@register.simple_tag(takes_context=True)
def label(context: Context, vocabulary: str, code: str | None) -> str:
    """``{% label "kind" deal.kind %}``: the label of a code; no code is a dash."""
    return label_of(context, vocabulary, code) if code else words.UNKNOWN


# -- The three axes ---------------------------------------------------------------------------


def _with_word(glyph: SafeString, word: str) -> SafeString:
    return format_html('<span class="glyph-word">{}{}</span>', glyph, word)


@register.simple_tag(takes_context=True)
def glyph_status(context: Context, code: str, word: str | None = None) -> SafeString:
    """The circle of a status and its word. ``word=""`` gives the circle alone."""
    glyph = shapes.status_glyph(code)
    if word == "":
        return glyph
    return _with_word(glyph, word or label_of(context, "status", code))


@register.simple_tag(takes_context=True)
def glyph_stage(context: Context, code: str | None, word: str | None = None) -> SafeString:
    """The bars of a stage and its word; an unknown stage is the words “not known”."""
    if not code:
        return format_html('<span class="unknown">{}</span>', "not known")
    glyph = shapes.stage_glyph(code)
    if word == "":
        return glyph
    return _with_word(glyph, word or label_of(context, "stage", code))


@register.simple_tag(takes_context=True)
def glyph_rung(context: Context, code: str, word: str | None = None) -> SafeString:
    """The square of a rung (or the dot of ``none``) and its word; ``word=""`` gives it alone."""
    glyph = shapes.rung_glyph(code)
    if word == "":
        return glyph
    return _with_word(glyph, word or label_of(context, "rung", code))


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of the drawn icons: search, remove, arrow, back, disputed, stale."""
    return shapes.icon(name)


# -- The money ladder -------------------------------------------------------------------------


def _standing(deal: Mapping[str, Any]) -> dict[str, bool]:
    """On which rungs a deal's lines stand, those of unknown amount included."""
    sums: Mapping[str, Any] = deal.get("ladder") or {}
    lines: Mapping[str, int] = deal.get("ladder_lines") or {}
    return {rung: bool(lines.get(rung)) or sums.get(rung) is not None for rung in shapes.RUNGS}


@register.inclusion_tag("parts/ladder_row.html", takes_context=True)
def ladder_row(context: Context, deal: Mapping[str, Any]) -> dict[str, Any]:
    """The row form of a deal's ladder: four places, and the two firmest sums in words."""
    standing = _standing(deal)
    sums: Mapping[str, Any] = deal.get("ladder") or {}
    steps = [
        {"amount": sums.get(rung), "word": label_of(context, "rung", rung).lower()}
        for rung in reversed(shapes.RUNGS)
        if standing[rung]
    ]
    return {"places": shapes.ladder_places(standing), "steps": steps}


def _rungs(
    context: Context, sums: Mapping[str, Any], deals: Mapping[str, int], largest: Any
) -> Iterator[dict[str, Any]]:
    for rung in shapes.RUNGS:
        yield {
            "code": rung,
            "label": label_of(context, "rung", rung),
            "amount": sums.get(rung),
            "deals": deals.get(rung, 0),
            "bar": shapes.money_bar(rung, shapes.percent_of(sums.get(rung), largest)),
        }


@register.inclusion_tag("parts/ladder_lanes.html", takes_context=True)
def ladder_lanes(
    context: Context,
    sums: Mapping[str, Any],
    deals: Mapping[str, int],
    *,
    large: bool = False,
    deals_noun: str = "deal",
) -> dict[str, Any]:
    """The lanes of a selection: USD by rung (``None`` where empty) and deals by rung."""
    largest = max((sums.get(rung) or 0 for rung in shapes.RUNGS), default=0)
    return {
        "rungs": list(_rungs(context, sums, deals, largest)),
        "large": large,
        "deals_noun": deals_noun,
    }


@register.inclusion_tag("parts/ladder_rows.html", takes_context=True)
def ladder_rows(
    context: Context,
    sums: Mapping[str, Any],
    deals: Mapping[str, int],
    headline_usd: words.Number | None,
    headline_count: str,
    headline_label: str = "Headline value",
) -> dict[str, Any]:
    """Five rows on one scale, the grey headline first; `headline_count` is words: “3 of 7”."""
    largest = max(headline_usd or 0, *(sums.get(rung) or 0 for rung in shapes.RUNGS))
    return {
        "headline": {
            "label": headline_label,
            "amount": headline_usd,
            "count": headline_count,
            "bar": shapes.money_bar(
                "headline", shapes.percent_of(headline_usd, largest), height=16
            ),
        },
        "rungs": [
            {
                **rung,
                "bar": shapes.money_bar(
                    rung["code"], shapes.percent_of(rung["amount"], largest), height=16
                ),
            }
            for rung in _rungs(context, sums, deals, largest)
        ],
    }


@register.inclusion_tag("parts/ladder_large.html", takes_context=True)
def ladder_large(context: Context, deal: Mapping[str, Any]) -> dict[str, Any]:
    """The four boxes of one deal with their names below."""
    standing = _standing(deal)
    return {
        "rungs": [
            {
                "code": rung,
                "x": 75 * place,
                "label": label_of(context, "rung", rung).lower(),
                "standing": standing[rung],
            }
            for place, rung in enumerate(shapes.RUNGS)
        ]
    }


@register.simple_tag
def money_bar(
    kind: str, part: float | None, largest: float | None, *, track: bool = True
) -> SafeString:
    """One bar, `part` of `largest` long; `kind` is a rung or ``headline``."""
    return shapes.money_bar(kind, shapes.percent_of(part, largest), track=track)


@register.simple_tag
def share_bar(value: float | None) -> SafeString:
    """A bar of production: a share of one over its full track."""
    return shapes.share_bar(value)


@register.inclusion_tag("parts/axis_status.html")
def axis_status(code: str) -> dict[str, Any]:
    """The six circles of the way to a closed deal, the present one in full; an ended one beside."""
    path = list(shapes.STATUS_PATH)
    present = path.index(code) if code in path else None
    return {
        "circles": [
            {
                "glyph": shapes.status_glyph(step, size=20),
                "state": "present"
                if place == present
                else "passed"
                if present is not None and place < present
                else "later",
            }
            for place, step in enumerate(path)
        ],
        "ended": shapes.status_glyph(code, size=20) if present is None else "",
    }


@register.inclusion_tag("parts/axis_stage.html")
def axis_stage(code: str | None) -> dict[str, Any]:
    """The six bars of the way to an operating project, large; unknown: six empty bars."""
    path = shapes.STAGE_PATH
    present = path.index(code) if code in path else None
    off_path = shapes.stage_glyph(code) if code and present is None else ""
    return {
        "off_path": off_path,
        "bars": [
            {
                "x": 30 * place,
                "state": "later"
                if present is None or place > present
                else "present"
                if place == present
                else "passed",
            }
            for place in range(len(path))
        ],
    }


@register.simple_tag
def stakes_bar(percents: Sequence[float | None]) -> SafeString:
    """The stakes of a venture as one bar; what nobody is named for stays an open, dashed box."""
    parts: list[tuple[str, float, float]] = []
    start = 0.0
    for place, stake in enumerate(stake for stake in percents if stake):
        width = min(float(stake), 100 - start)
        if width > 0:
            parts.append((f"stake-{min(place, 3) + 1}", start, width))
            start += width
    if start < 100:
        parts.append(("stake-unknown", start, 100 - start))
    return format_html(
        '<svg class="stakes-bar" width="100%" height="24" aria-hidden="true">{}</svg>',
        format_html_join(
            "",
            '<rect class="{}" x="{}%" width="{}%" height="24"/>',
            (
                # A gap of a quarter percent parts two stakes.
                (name, f"{x:g}", f"{max(0.25, width - (0.25 if x + width < 100 else 0)):g}")
                for name, x, width in parts
            ),
        ),
    )


# -- Countries, minerals, marks -----------------------------------------------------------------


@register.simple_tag
def flag(code: str | None, *, large: bool = False) -> SafeString:
    """The flag of an ISO 3166-1 code in either case, or of the EU; the name stands beside it."""
    name = (code or "").lower()
    name = BLOC_FLAGS.get(name, name)
    if len(name) != 2:
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


@register.simple_tag
def country(place: Mapping[str, Any], *, link: bool = False) -> SafeString:
    """A country or bloc of a summary with its flag; ``link=True`` links a country's page."""
    code = place.get("code")
    name: str | SafeString = str(place.get("name"))
    if link and code:
        name = format_html('<a href="/countries/{}/">{}</a>', str(code).lower(), name)
    return format_html('<span class="country">{}{}</span>', flag(code or place.get("bloc")), name)


def tile_text(mineral: Mapping[str, Any]) -> str:
    """The symbol of an element, or the usual short form of what is none."""
    slug = str(mineral.get("slug") or "")
    return str(
        mineral.get("symbol") or SHORT_FORMS.get(slug) or str(mineral.get("name") or slug)[:3]
    )


@register.simple_tag
def mineral_tile(mineral: Mapping[str, Any] | None, *, link: bool = False) -> SafeString:
    """The tile of a mineral in its family's colour; None: “critical minerals”, in general."""
    if mineral is None:
        mineral = {"name": "Critical minerals, not specified", "symbol": "CM"}
        link = False
    attributes = format_html(
        'class="tile cat-{}" title="{}"',
        FAMILIES.get(str(mineral.get("category")), 8),
        mineral.get("name"),
    )
    if link:
        return format_html(
            '<a {} href="/minerals/{}/"><span aria-hidden="true">{}</span>'
            '<span class="visually-hidden">{}</span></a>',
            attributes,
            mineral.get("slug"),
            tile_text(mineral),
            mineral.get("name"),
        )
    return format_html(
        '<span {}><span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></span>',
        attributes,
        tile_text(mineral),
        mineral.get("name"),
    )


@register.simple_tag
def mineral_name(mineral: Mapping[str, Any], *, link: bool = False) -> SafeString:
    """The tile with the name beside it; the tile is then silent, since the name says it."""
    tile = format_html(
        '<span class="tile cat-{}" aria-hidden="true">{}</span>',
        FAMILIES.get(str(mineral.get("category")), 8),
        tile_text(mineral),
    )
    name: Any = mineral.get("name")
    if link:
        name = format_html('<a href="/minerals/{}/">{}</a>', mineral.get("slug"), name)
    return format_html('<span class="mineral">{}{}</span>', tile, name)


@register.simple_tag
def mineral_tiles(minerals: Sequence[Mapping[str, Any]], unspecified: bool = False) -> SafeString:
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
    return format_html(
        '<span class="tiles">{}</span>', format_html_join("", "{}", ((t,) for t in tiles))
    )


@register.simple_tag
def mark_disputed(word: str = "disputed") -> SafeString:
    """Two opposed arrows and the word: sources differ on a fact."""
    return format_html(
        '<span class="mark mark-disputed">{}{}</span>', shapes.icon("disputed", size=12), word
    )


@register.simple_tag
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


@register.simple_tag
def mark(word: str = "not in sums") -> SafeString:
    """An outlined word."""
    return format_html('<span class="mark mark-outline">{}</span>', word)


@register.simple_tag
def cite(number: int | str, ref: str) -> SafeString:
    """The number of a source, linked to ``#source-<ref>`` in the list of sources."""
    return format_html(
        '<a class="cite" href="#source-{}"><span class="visually-hidden">source </span>{}</a>',
        ref,
        number,
    )


# -- Ways through the site ---------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def nav_item(context: Context, path: str, word: str) -> SafeString:
    """An entry of the main navigation, marked where the reader is in that part of the site."""
    request = context.get("request")
    here = str(getattr(request, "path", ""))
    current = format_html(' aria-current="{}"', "page" if here == path else "true")
    return format_html(
        '<li><a href="{}"{}>{}</a></li>', path, current if here.startswith(path) else "", word
    )


@register.simple_tag
def breadcrumb(*trail: str) -> SafeString:
    """``{% breadcrumb "Deals" "/deals/" "Joint venture" %}``: the last name has no link."""
    steps = [
        format_html('<a href="{}">{}</a>', path, name)
        for name, path in zip(trail[0:-1:2], trail[1::2], strict=True)
    ]
    if len(trail) % 2:
        steps.append(conditional_escape(trail[-1]))
    return format_html(
        '<nav class="breadcrumb" aria-label="Breadcrumb"><ol>{}</ol></nav>',
        format_html_join("", "<li>{}</li>", ((step,) for step in steps)),
    )


def _query(context: Context) -> QueryDict:
    request = context.get("request")
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    query.pop("page", None)
    return query


def _as_link(query: QueryDict) -> str:
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def url_with(context: Context, **changes: Any) -> str:
    """The present query with some parameters set (None drops one); a change leads to page 1."""
    query = _query(context)
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        elif isinstance(value, list | tuple):
            query.setlist(name, [str(item) for item in value])
        else:
            query[name] = str(value)
    return _as_link(query)


@register.simple_tag(takes_context=True)
def url_adding(context: Context, name: str, value: Any) -> str:
    """The present query with one more value of a repeatable parameter."""
    query = _query(context)
    if str(value) not in query.getlist(name):
        query.appendlist(name, str(value))
    return _as_link(query)


@register.simple_tag(takes_context=True)
def url_without(context: Context, name: str, value: Any = None) -> str:
    """The present query without a parameter, or without one value of it."""
    query = _query(context)
    kept = [] if value is None else [old for old in query.getlist(name) if old != str(value)]
    if kept:
        query.setlist(name, kept)
    else:
        query.pop(name, None)
    return _as_link(query)


@register.inclusion_tag("parts/pagination.html", takes_context=True)
def pagination(
    context: Context, page: Page[Any], one: str = "deal", many: str = ""
) -> dict[str, Any]:
    """Links to the pages of a list, with what this page shows: “1 to 50 of 457 deals”."""
    paginator = page.paginator
    return {
        "request": context.get("request"),
        "page": page,
        "numbers": list(paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)),
        "ellipsis": paginator.ELLIPSIS,
        "total": words.count_in_words(paginator.count, one, many),
    }


@register.inclusion_tag("parts/sort_head.html", takes_context=True)
def sort_head(
    context: Context, word: str, key: str, ordering: str, cell: str = "", *, first: str = ""
) -> dict[str, Any]:
    """A head that sorts: ``{% sort_head "Announced" "announced_on" ordering "c-date" %}``.

    `ordering` is the present one; `first` is "-" where a first click sorts largest first.
    """
    present = ordering.lstrip("-") == key
    descending = ordering.startswith("-")
    following = (key if descending else f"-{key}") if present else f"{first}{key}"
    return {
        "word": word,
        "cell": cell,
        "href": url_with(context, ordering=following),
        "sort": ("descending" if descending else "ascending") if present else "",
    }
