"""The three axes: circles for agreements, squares and bars for money, bars for the ground.

A deal is a mapping with ``ladder`` (rung → USD, None where empty) and ``ladder_lines`` (rung →
lines standing there, those of unknown amount included).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from config.lib import shapes, words
from config.lib.ladder import ladder_in_words, rung_sum, standing_on
from config.templatetags.phrases import label_of

register = template.Library()

register.simple_tag(rung_sum)


@register.simple_tag(takes_context=True)
def glyph_status(context: Context, code: str | None, word: str | None = None) -> SafeString:
    """The circle of a status and its word, or alone with ``word=""``; none is “not known”."""
    if not code:
        return shapes.NOT_KNOWN
    glyph = shapes.status_glyph(code)
    if word == "":
        return glyph
    return shapes.with_word(glyph, word or label_of(context, "status", code))


@register.simple_tag(takes_context=True)
def glyph_stage(context: Context, code: str | None, word: str | None = None) -> SafeString:
    """The bars of a stage and its word; an unknown stage is the words “not known”."""
    if not code:
        return shapes.NOT_KNOWN
    glyph = shapes.stage_glyph(code)
    if word == "":
        return glyph
    return shapes.with_word(glyph, word or label_of(context, "stage", code))


@register.simple_tag(takes_context=True)
def glyph_rung(context: Context, code: str, word: str | None = None) -> SafeString:
    """The square of a rung (or the dot of ``none``) and its word; ``word=""`` gives it alone."""
    glyph = shapes.rung_glyph(code)
    if word == "":
        return glyph
    return shapes.with_word(glyph, word or label_of(context, "rung", code))


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of the drawn icons: search, remove, arrow, back, disputed, stale."""
    return shapes.icon(name)


@register.simple_tag(takes_context=True)
def ladder_row(context: Context, deal: Mapping[str, Any]) -> SafeString:
    """The row form of a deal's ladder: four places, and the two firmest sums in words."""
    return ladder_in_words(deal, {rung: label_of(context, "rung", rung) for rung in shapes.RUNGS})


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
    standing = standing_on(deal)
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
    kind: str, part: words.Number | None, largest: words.Number | None, *, track: bool = True
) -> SafeString:
    """One bar, `part` of `largest` long; `kind` is a rung or ``headline``."""
    return shapes.money_bar(kind, shapes.percent_of(part, largest), track=track)


@register.simple_tag
def amount_bar(part: words.Number, largest: words.Number, *, is_subject: bool) -> SafeString:
    """A bar of production among others of one scale, `part` of `largest` long."""
    return shapes.amount_bar(shapes.percent_of(part, largest), is_subject=is_subject)


@register.simple_tag
def share_bar(value: words.Number | None) -> SafeString:
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
