"""How sums, shares, dates and counts are written: plain, short, the same on every page.

Sums have three figures at most (``$1.6bn``, ``$225m``, ``$42.1bn``); from a hundred thousand
million one decimal is kept (``$362.5bn``), since the difference is a large sum itself.
"""

from __future__ import annotations

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

from config.lib.imprecise import ImpreciseDate

NOTHING: Final = "nothing"
UNKNOWN: Final = "–"
NO_BREAK_SPACE: Final = "\u00a0"

# Signs that name one currency only; any other currency is written with its ISO 4217 code.
CURRENCY_SIGNS: Final = {
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "AUD": "A$",
    "CAD": "C$",
    "NZD": "NZ$",
    "BRL": "R$",
}

type Number = int | float | Decimal

_OPEN_PERCENT: Final = re.compile(r"(?<=\d)[ \u00a0\u202f]%")

# Smallest first, each with the least step that a sum of hundreds keeps.
_SCALES: Final = (
    (Decimal(10) ** 6, "m", Decimal(1)),
    (Decimal(10) ** 9, "bn", Decimal("0.1")),
    (Decimal(10) ** 12, "tn", Decimal("0.1")),
)


@lru_cache(maxsize=8192)
def money_in_words(amount: Number, currency: str = "USD") -> str:
    """A sum as ``$1.6bn``, ``€150m`` or, where no sign is certain, ``CZK 5bn``."""
    sign = CURRENCY_SIGNS.get(currency) or f"{currency}{NO_BREAK_SPACE}"
    exact = Decimal(str(amount))
    minus = "−" if exact < 0 else ""
    return f"{minus}{sign}{_short(abs(exact))}"


def date_in_words(value: ImpreciseDate | datetime.date | str | None) -> str:
    """A date as precisely as it is known: ``6 Nov 2025``, ``Nov 2025``, ``2025``; else a dash.

    A moment gives its day (editions are published in UTC).
    """
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        value = ImpreciseDate.from_date(value)
    elif isinstance(value, str):
        return _date_written(value)
    return value.display()


@lru_cache(maxsize=8192)
def _date_written(text: str) -> str:
    """Lists name the same days again and again, and parsing is most of the work."""
    return ImpreciseDate.parse(text).display()


def percent_in_words(percent: Number | None) -> str:
    """A stated percentage, not rounded: ``70%``, ``12.5%``; a dash where it is not known."""
    return UNKNOWN if percent is None else f"{_plain(Decimal(str(percent)))}%"


def share_in_words(share: Number | None) -> str:
    """A computed share of one (0.39) in whole percent: ``39%``, ``<1%``; a dash if not known."""
    if share is None:
        return UNKNOWN
    percent = (Decimal(str(share)) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    if percent == 0 and share > 0:
        return "<1%"
    return f"{percent}%"


def percents_closed(text: str) -> str:
    """“30%” where a text says “30 %”."""
    return _OPEN_PERCENT.sub("%", text)


def count_in_words(count: int, one: str, many: str = "") -> str:
    """``no deal``, ``1 deal``, ``1,371 deals``; `many` is given where an added s is wrong."""
    if count == 0:
        return f"no {one}"
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def _short(amount: Decimal) -> str:
    """A number with ``m``, ``bn`` or ``tn`` from a million, three figures at most."""
    if amount < _SCALES[0][0]:
        return _plain(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    written = ""
    for scale, unit, least_step in _SCALES:
        number = _rounded(amount / scale, least_step)
        written = f"{_plain(number)}{unit}"
        # 999.9m rounds to a thousand million, which is written 1bn.
        if number < 1000:
            break
    return written


def _rounded(number: Decimal, least_step: Decimal) -> Decimal:
    """Two decimals below ten, one below a hundred, then as coarse as the scale allows."""
    step = Decimal("0.01") if number < 10 else Decimal("0.1") if number < 100 else least_step
    return number.quantize(step, rounding=ROUND_HALF_UP)


def _plain(number: Decimal) -> str:
    """Without trailing zeros or exponent, thousands parted by commas."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
