"""SVG primitives: the glyphs of the three axes and the bars of money, as safe HTML.

Glyphs are ``<use>``s of the sprite in ``templates/parts/sprite.html``; bars carry their geometry in
attributes, because the Content-Security-Policy forbids ``style=""``. All are ``aria-hidden``: the
word or sum stands beside them. A page has hundreds of glyphs in a few dozen forms, so each form is
made once.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from config.lib.words import Number

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
"""Which of the eight families of the palette a mineral's category belongs to."""
RUNGS: Final = ("indicated", "conditional", "committed", "disbursed")
STATUS_TONES: Final = {
    "rumoured": "open",
    "proposed": "open",
    "announced": "open",
    "mou_signed": "open",
    "agreement_signed": "bound",
    "closed": "bound",
    "suspended": "ended",
    "cancelled": "ended",
    "expired": "ended",
}
STATUS_PATH: Final = tuple(code for code, tone in STATUS_TONES.items() if tone != "ended")
STAGE_PATH: Final = (
    "exploration",
    "feasibility",
    "permitting",
    "construction",
    "commissioning",
    "operating",
)
STAGES: Final = (*STAGE_PATH, "completed", "care_and_maintenance", "abandoned")

NOT_KNOWN: Final = format_html('<span class="unknown">{}</span>', "not known")

# A bar narrower than this cannot be seen beside the largest one.
LEAST_BAR_PERCENT: Final = 0.7


@cache
def status_glyph(code: str, *, size: int = 14) -> SafeString:
    """The circle of a status, in its tone."""
    return format_html(
        '<svg class="glyph tone-{}" width="{}" height="{}" aria-hidden="true">'
        '<use href="#s-{}"/></svg>',
        STATUS_TONES[code],
        size,
        size,
        code,
    )


@cache
def stage_glyph(code: str) -> SafeString:
    """The row of six bars of a stage, 46 × 10."""
    if code not in STAGES:
        raise KeyError(code)
    return format_html(
        '<svg class="glyph glyph-stage" width="46" height="10" aria-hidden="true">'
        '<use href="#g-{}"/></svg>',
        code,
    )


@cache
def rung_glyph(code: str, *, size: int = 12) -> SafeString:
    """The square of a rung; ``none`` is the grey dot of a rung where nothing stands."""
    if code != "none" and code not in RUNGS:
        raise KeyError(code)
    return format_html(
        '<svg class="glyph" width="{}" height="{}" aria-hidden="true"><use href="#r-{}"/></svg>',
        size,
        size,
        code,
    )


@cache
def icon(name: str, *, size: int = 14) -> SafeString:
    """One of the six drawn icons: search, remove, arrow, back, disputed, stale."""
    return format_html(
        '<svg class="icon" width="{}" height="{}" aria-hidden="true"><use href="#i-{}"/></svg>',
        size,
        size,
        name,
    )


def ladder_places(standing: dict[str, bool]) -> SafeString:
    """Four places 15 px apart: the square of each rung where a line stands, else a dot."""
    return _places(tuple(rung if standing.get(rung) else "none" for rung in RUNGS))


@cache
def _places(rungs: tuple[str, ...]) -> SafeString:
    uses = format_html_join(
        "",
        '<use href="#r-{}" x="{}" width="12" height="12"/>',
        ((rung, 15 * place) for place, rung in enumerate(rungs)),
    )
    return format_html(
        '<svg class="glyph ladder-places" width="57" height="12" aria-hidden="true">{}</svg>', uses
    )


def percent_of(amount: Number | None, largest: Number | None) -> float:
    """The length of a bar in percent of the largest of its picture; never too small to be seen."""
    if not amount or not largest:
        return 0
    return max(LEAST_BAR_PERCENT, min(100.0, round(100 * float(amount) / float(largest), 1)))


def money_bar(kind: str, percent: float, *, height: int = 14, track: bool = True) -> SafeString:
    """A bar in the texture of its rung, or the grey headline, over a 2 px track; 0: track only."""
    if kind != "headline" and kind not in RUNGS:
        raise KeyError(kind)
    foot = (
        format_html(
            '<rect class="bar-track" y="{}" width="100%" height="2"/>',
            height - 2,
        )
        if track
        else ""
    )
    return format_html(
        '<svg class="bar" width="100%" height="{}" aria-hidden="true">{}{}</svg>',
        height,
        foot,
        _texture(kind, percent, height=height) if percent else "",
    )


def _texture(kind: str, percent: float, *, height: int) -> SafeString:
    """The filled part. Outlined kinds lie half a stroke inside, so that all have one size."""
    if kind in ("indicated", "conditional"):
        fill = mark_safe(' fill="url(#hatch)"') if kind == "conditional" else ""
        return format_html(
            '<rect class="rung-{}"{} x="0.75" y="0.75" width="{}%" height="{}"/>',
            kind,
            fill,
            f"{percent:g}",
            height - 1.5,
        )
    return format_html(
        '<rect class="rung-{}" width="{}%" height="{}"/>', kind, f"{percent:g}", height
    )


def amount_bar(percent: float, *, is_subject: bool) -> SafeString:
    """A bar among others of one scale: the subject in limonite, the others in grey."""
    return format_html(
        '<svg class="bar" width="100%" height="12" aria-hidden="true">'
        '<rect class="{}" width="{}%" height="12"/></svg>',
        "share-bar" if is_subject else "fill-headline",
        f"{percent:g}",
    )


def share_bar(share: Number | None) -> SafeString:
    """A bar of production: a share of one (0 to 1) of its full track, in limonite."""
    percent = percent_of(share, 1)
    return format_html(
        '<svg class="bar" width="100%" height="9" aria-hidden="true">'
        '<rect class="share-track" width="100%" height="9"/>{}</svg>',
        format_html('<rect class="share-bar" width="{}%" height="9"/>', f"{percent:g}")
        if percent
        else "",
    )


def with_word(glyph: SafeString, word: str) -> SafeString:
    """A glyph and its word."""
    return mark_safe(f'<span class="glyph-word">{glyph}{conditional_escape(word)}</span>')
