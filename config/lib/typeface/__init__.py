"""How wide words are in the house's type, and which letters it has.

Pictures that no browser lays out are measured here, with the fonts that `config.lib.pictures` draws
them with. Widths are those of the letters one after another; kerning is left out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

type Weight = Literal[400, 600, 700]

FAMILY: Final = "Lodebook Sans"
"""What the font files call themselves."""
_FOLDER: Final = Path(__file__).parent
_FILES: Final[Mapping[Weight, str]] = {
    400: "lodebook-sans-regular.ttf",
    600: "lodebook-sans-semibold.ttf",
    700: "lodebook-sans-bold.ttf",
}
_LACKING: Final = 0.65
"""Width in ems of the box that stands for a letter that the fonts lack."""


def font_files() -> list[str]:
    """The paths of the fonts, one a weight."""
    return [str(_FOLDER / name) for name in _FILES.values()]


def width_of(text: str, size: float, weight: Weight = 400) -> float:
    """The width of a line of text, in the unit of ``size``."""
    widths = _widths(weight)
    return size * sum(widths.get(letter, _LACKING) for letter in text)


def wrapped(text: str, width: float, size: float, weight: Weight = 400) -> list[str]:
    """The text in lines of at most ``width``; a word that is too long is broken."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width_of(longer, size, weight) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _broken(word, width, size, weight)
        lines += whole
    return [*lines, line] if line else lines


def lacking(text: str) -> set[str]:
    """The letters of a text that the fonts do not have and would draw as boxes."""
    known = _widths(400)
    return {letter for letter in text if letter not in known and letter.isprintable()}


def _broken(word: str, width: float, size: float, weight: Weight) -> Iterator[str]:
    piece = ""
    for letter in word:
        if piece and width_of(piece + letter, size, weight) > width:
            yield piece
            piece = ""
        piece += letter
    yield piece


@cache
def _widths(weight: Weight) -> dict[str, float]:
    """Width in ems of each letter that a font has."""
    font = (_FOLDER / _FILES[weight]).read_bytes()
    tables = {
        font[at : at + 4]: struct.unpack_from(">II", font, at + 8)[0]
        for at in range(12, 12 + 16 * _unsigned(font, 4), 16)
    }
    units_per_em = _unsigned(font, tables[b"head"] + 18)
    measured = _unsigned(font, tables[b"hhea"] + 34)
    return {
        letter: _unsigned(font, tables[b"hmtx"] + 4 * min(glyph, measured - 1)) / units_per_em
        for letter, glyph in _glyphs(font, tables[b"cmap"])
    }


def _glyphs(font: bytes, cmap: int) -> Iterator[tuple[str, int]]:
    """Letters and their glyphs, from the table of segments (format 4)."""
    at = next(
        cmap + offset
        for place in range(_unsigned(font, cmap + 2))
        for offset in struct.unpack_from(">4xI", font, cmap + 4 + 8 * place)
        if _unsigned(font, cmap + offset) == 4
    )
    doubled = _unsigned(font, at + 6)
    for place in range(0, doubled, 2):
        last = _unsigned(font, at + 14 + place)
        first = _unsigned(font, at + 16 + doubled + place)
        shift = _unsigned(font, at + 16 + 2 * doubled + place)
        range_at = at + 16 + 3 * doubled + place
        offset = _unsigned(font, range_at)
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if offset:
                glyph = _unsigned(font, range_at + offset + 2 * (code - first))
            if glyph or not offset:
                glyph = (glyph + shift) & 0xFFFF
            if glyph:
                yield chr(code), glyph


def _unsigned(font: bytes, at: int) -> int:
    number: int = struct.unpack_from(">H", font, at)[0]
    return number
