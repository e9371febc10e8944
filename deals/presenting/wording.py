"""Phrases that several parts of a deal's page share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from config.lib.words import Number, date_in_words, money_in_words, percents_closed
from deals.codes import ValueBasis
from deals.labels import labels

NUMBER_WORDS = (
    *("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"),
    *("Eleven", "Twelve"),
)
UP_TO = re.compile(r"(?:^|[,;]\s*)up to\s*(?=$|[,;])")


AS_WRITTEN = frozenset({"quote", "title", "url"})
"""Parts of a record that are shown letter by letter."""


def typeset[Part](part: Part, name: str = "") -> Part:
    """A document with its texts in the style of the house: “30%” for “30 %”."""
    if isinstance(part, str):
        return part if name in AS_WRITTEN else percents_closed(part)  # type: ignore[return-value]
    if isinstance(part, dict):
        return {key: typeset(value, key) for key, value in part.items()}  # type: ignore[return-value]
    if isinstance(part, list):
        return [typeset(item, name) for item in part]  # type: ignore[return-value]
    return part


def word_of(vocabulary: str, code: str) -> str:
    """The label of a code: ``word_of("rung", "indicated")`` is “Indicated”."""
    return labels()[vocabulary][code]


def number_word(count: int) -> str:
    """Small numbers in words, to begin a sentence with: “Two”."""
    return NUMBER_WORDS[count] if count < len(NUMBER_WORDS) else f"{count:,}"


def listed(items: Sequence[str], last: str = "and") -> str:
    """“a”, “a and b”, “a, b and c”."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def shortened(items: Sequence[str], limit: int) -> str:
    """The first ``limit`` items and how many more there are."""
    more = len(items) - limit
    if more <= 0:
        return listed(items)
    return f"{', '.join(items[:limit])} and {more} more"


def split_up_to(note: str | None) -> tuple[bool, str]:
    """Whether a note says that an amount is a limit, and the rest of the note."""
    if not note or not UP_TO.search(note):
        return False, note or ""
    return True, UP_TO.sub("", note).strip(" ,;")


def sum_words(
    amount: Number | None,
    currency: str | None,
    usd: Number | None = None,
    *,
    is_limit: bool = False,
) -> str:
    """“$900m”, “up to €150m ($162m)”; an amount that is not known is “unknown”."""
    if amount is None:
        return "unknown"
    words = money_in_words(amount, currency or "USD")
    if usd is not None and currency not in (None, "USD"):
        words += f" ({money_in_words(usd)})"
    return f"up to {words}" if is_limit else words


def value_words(value: Mapping[str, Any] | None) -> str:
    """A headline value with what it measures: “$1.1bn total investment”; none is empty."""
    if value is None:
        return ""
    low, high, currency = value["low"], value["high"], value["currency"]
    if value["basis"] == ValueBasis.UP_TO:
        return f"up to {money_in_words(high, currency)}"
    words = money_in_words(low, currency)
    if low != high:
        words += f" to {money_in_words(high, currency)}"
    return f"{words} {basis_words(value)}".strip()


def basis_words(value: Mapping[str, Any] | None) -> str:
    """What a value measures, where that needs a word beside the sum."""
    if value is None or value["basis"] in (ValueBasis.UP_TO, ValueBasis.OTHER):
        return ""
    return word_of("value_basis", value["basis"])


def dates_words(record: Mapping[str, Any]) -> str:
    """“announced 6 Nov 2025, signed 12 Mar 2026”; nothing known is empty."""
    return ", ".join(
        f"{word} {date_in_words(record[name])}"
        for word, name in (
            ("announced", "announced_on"),
            ("signed", "signed_on"),
            ("closed", "closed_on"),
        )
        if record[name]
    )
