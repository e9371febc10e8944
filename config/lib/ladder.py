"""Money of a deal as HTML: what is stated, and what stands on the rungs of its ladder.

A deal is a mapping with ``ladder`` (rung → USD, None where empty) and ``ladder_lines`` (rung →
lines standing there, those of unknown amount included).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from config.lib import shapes, words
from config.lib.markup import escape

STEPS_SHOWN: Final = 2


def amount_in_words(value: Mapping[str, Any] | None, empty: str = words.UNKNOWN) -> str:
    """A stated value (low, high, currency, basis): “up to €150m”, “$1bn to $2bn”."""
    low: words.Number | None = value.get("low") if value else None
    high: words.Number | None = value.get("high") if value else None
    currency = str(value.get("currency") or "USD") if value else "USD"
    top = low if high is None else high
    if top is None:
        return empty
    if low is None or (value and value.get("basis") == "up_to"):
        return format_html(
            '<span class="up-to">up to</span> {}', words.money_in_words(top, currency)
        )
    if top == low:
        return words.money_in_words(low, currency)
    return f"{words.money_in_words(low, currency)} to {words.money_in_words(top, currency)}"


def standing_on(deal: Mapping[str, Any]) -> dict[str, bool]:
    """On which rungs a deal's lines stand, those of unknown amount included."""
    sums: Mapping[str, Any] = deal.get("ladder") or {}
    lines: Mapping[str, int] = deal.get("ladder_lines") or {}
    return {rung: bool(lines.get(rung)) or sums.get(rung) is not None for rung in shapes.RUNGS}


def ladder_in_words(deal: Mapping[str, Any], labels: Mapping[str, str]) -> SafeString:
    """Its row form: four places and the two firmest sums. ``labels`` are the words of the rungs."""
    standing = standing_on(deal)
    firmest = [rung for rung in reversed(shapes.RUNGS) if standing[rung]][:STEPS_SHOWN]
    said = "".join([_step(deal, rung, escape(labels[rung].lower())) for rung in firmest])
    none = '<span class="ladder-none quiet">none on record</span>'
    return mark_safe(
        f'<span class="ladder-row">{shapes.ladder_places(standing)}'
        f'<span class="ladder-words">{said or none}</span></span>'
    )


def _step(deal: Mapping[str, Any], rung: str, word: str) -> str:
    amount = (deal.get("ladder") or {}).get(rung)
    if amount is not None:
        return f"<span><b>{escape(words.money_in_words(amount))}</b> {word}</span>"
    lines: Mapping[str, int] = deal.get("ladder_lines") or {}
    unknown: Mapping[str, int] = deal.get("lines_unknown") or {}
    # A guarantee or a programme has an amount, but stands in no sum.
    if unknown.get(rung, 0) < lines.get(rung, 0):
        return f"<span>{word}, not summed</span>"
    return f"<span><b>unknown</b> {word}</span>"


def rung_sum(deal: Mapping[str, Any], rung: str) -> SafeString:
    """The sum of one rung of a deal in words: “$1.6bn”, “unknown”, “not summed” or “nothing”."""
    amount = (deal.get("ladder") or {}).get(rung)
    if amount is not None:
        return format_html("<b>{}</b>", words.money_in_words(amount))
    lines: int = (deal.get("ladder_lines") or {}).get(rung, 0)
    if not lines:
        return format_html('<span class="quiet">{}</span>', words.NOTHING)
    unknown: int = (deal.get("lines_unknown") or {}).get(rung, 0)
    return format_html("{}", "unknown" if unknown == lines else "not summed")
