"""Marking what was looked for in a text: escaped, without regard to case and accents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

type Span = tuple[int, int]
"""Where a part of a text begins and ends, in characters."""


def marked(text: str, spans: Iterable[Span]) -> SafeString:
    """``text`` as HTML, with the parts at ``spans`` in ``<mark>``; the rest is escaped."""
    pieces: list[SafeString] = []
    at = 0
    for start, end in _joined(text, spans):
        pieces.append(format_html("{}<mark>{}</mark>", text[at:start], text[start:end]))
        at = end
    pieces.append(format_html("{}", text[at:]))
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _joined(text: str, spans: Iterable[Span]) -> list[Span]:
    """In order, with those that meet, or have only a space between them, made one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and text[found[-1][1] : start].strip(" \u00a0") == "":
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def beginnings(text: str, wanted: str) -> list[Span]:
    """Where ``text`` has ``wanted`` (see `plain`), at the beginning of a word; else its words."""
    letters, places = _plain_letters(text)
    words = [wanted, *wanted.split()]
    for group in (words[:1], words[1:]):
        spans = [
            (places[match.start()], places[match.end() - 1] + 1)
            for word in group
            for match in re.finditer(rf"(?<!\w){re.escape(word)}", letters)
            if word
        ]
        if spans:
            return spans
    return []


def plain(text: str) -> str:
    """In lower case, without accents, with single spaces."""
    letters = text.lower() if text.isascii() else _plain_letters(text)[0]
    return " ".join(letters.split())


def _plain_letters(text: str) -> tuple[str, Sequence[int]]:
    """The text in small letters without accents, and where each letter stood in the original."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in unicodedata.normalize("NFKD", character).casefold():
            if not unicodedata.combining(letter):
                letters.append(letter)
                places.append(place)
    return "".join(letters), places
