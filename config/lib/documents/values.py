"""What a document may hold, said once for reading and writing."""

from __future__ import annotations

import math
import re
from typing import Final

type Value = str | int | float | bool | list[Value] | dict[str, Value] | None

MAX_BYTES: Final = 1024 * 1024
MAX_DEPTH: Final = 20
# libyaml reads no key over 1,024 characters, and an escaped character takes up to ten.
MAX_KEY_LENGTH: Final = 100
# The range of 64-bit integers: what PostgreSQL's bigint and other people's JSON readers hold.
MAX_NUMBER: Final = 2**63 - 1

# Control characters but tab, line feed and carriage return; and halves of surrogate pairs.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# JSON's numbers without the exponent, so that a code such as 1e3 stays a text.
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?")
# The smallest float written without exponent has 325 digits.
_MAX_NUMBER_LENGTH: Final = 400


class DocumentError(ValueError):
    """A document that cannot be read or written: where (lines and columns from 1) and why."""

    def __init__(
        self,
        reason: str,
        *,
        path: str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        self.reason = reason
        self.path = path
        self.line = line
        self.column = column
        super().__init__(reason)

    def __str__(self) -> str:
        place = [
            *([self.path] if self.path is not None else []),
            *([f"line {self.line}"] if self.line is not None else []),
            *([f"column {self.column}"] if self.column is not None else []),
        ]
        return f"{', '.join(place)}: {self.reason}" if place else self.reason


def forbidden_character(text: str) -> re.Match[str] | None:
    """The first character that no document may hold, if there is one."""
    return _FORBIDDEN.search(text)


def describe_forbidden(character: str) -> str:
    """The reason to give for what `forbidden_character` found."""
    return f"contains the control character U+{ord(character):04X}: remove it"


def resolve_plain(text: str) -> Value:
    """What an unquoted YAML scalar is: null, true, false, a plain decimal number, or a text.

    Raises ValueError with the reason for a number out of range.
    """
    # Almost all are words, and the first character tells.
    if text[:1] not in _NUMBER_STARTS:
        return _WORDS.get(text, text)
    match = _NUMBER.fullmatch(text)
    if match is None:
        return text
    if len(text) > _MAX_NUMBER_LENGTH:
        raise ValueError(f"the number {text[:20]}… is too long")
    return checked_number(float(text) if match[1] else int(text))


_NUMBER_STARTS: Final = frozenset("-0123456789")
_WORDS: Final[dict[str, Value]] = {
    "": None,
    "~": None,
    "null": None,
    "true": True,
    "false": False,
}


def checked_number(number: int | float) -> int | float:
    """`number`, if it is finite and in range; else ValueError with the reason."""
    if not math.isfinite(number) or abs(number) > MAX_NUMBER:
        raise ValueError(f"the number {number:.6g} is out of range: at most {MAX_NUMBER}")
    return number


def check_key(key: str) -> None:
    """ValueError with the reason if `key` cannot be a key."""
    if len(key) > MAX_KEY_LENGTH:
        raise ValueError(
            f"the key “{key[:20]}…” is longer than {MAX_KEY_LENGTH} characters: shorten it"
        )
