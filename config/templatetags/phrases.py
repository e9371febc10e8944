"""Words: sums, dates, shares, counts and the labels of codes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django import template
from django.template.context import Context

from config.lib import words
from config.lib.imprecise import ImpreciseDate
from config.lib.ladder import amount_in_words

register = template.Library()

register.simple_tag(amount_in_words, name="amount")


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
def percents_closed(text: str) -> str:
    """A text of the record in the style of the house: “30%” for “30 %”."""
    return words.percents_closed(text)


@register.filter
def share(value: words.Number | None) -> str:
    """A computed share of one, in whole percent: ``0.39|share`` is “39%”, a trace “<1%”."""
    return words.share_in_words(value)


@register.simple_tag
def count(number: int, one: str, many: str = "") -> str:
    """``{% count 3 "deal" %}`` is “3 deals”, 0 “no deal”; a third argument is an odd plural."""
    return words.count_in_words(number, one, many)


def label_of(context: Context, vocabulary: str, code: str) -> str:
    """The label of a code from ``labels`` in the context; the code itself in words where absent."""
    known: Mapping[str, Mapping[str, str]] = context.get("labels") or {}
    label = known.get(vocabulary, {}).get(code)
    return str(label) if label else code.replace("_", " ").capitalize()


@register.simple_tag(takes_context=True)
def label(context: Context, vocabulary: str, code: str | None) -> str:
    """``{% label "kind" deal.kind %}``: the label of a code; no code is a dash."""
    return label_of(context, vocabulary, code) if code else words.UNKNOWN
