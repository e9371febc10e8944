"""Files written while they are read from the database: CSV, NDJSON, JSON and GeoJSON.

Each function yields pieces of about 64 kB, so that a file of any length takes little memory and
few system calls.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import orjson

from config.lib.columns import Column, Summary
from config.lib.imprecise import ImpreciseDate

_PIECE_BYTES: Final = 64 * 1024
# What a spreadsheet program takes for the start of a formula; the last four where Chinese or
# Japanese is typed.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BOM: Final = b"\xef\xbb\xbf"


def stream_csv(
    columns: Sequence[Column], rows: Iterable[Summary], *, for_spreadsheets: bool = False
) -> Iterator[bytes]:
    """RFC 4180: UTF-8, commas, CRLF, quotes where needed; the first line holds the names.

    `for_spreadsheets` adds what Excel needs to see UTF-8 (a byte order mark), writes labels as
    headings, and puts an apostrophe before texts that would be taken for formulas. Without it
    every text stands as it is.
    """
    buffer = io.StringIO(newline="")
    write = csv.writer(buffer, lineterminator="\r\n").writerow
    to_cell: Callable[[Any], Any] = _spreadsheet_cell if for_spreadsheets else _csv_cell

    def lines() -> Iterator[bytes]:
        if for_spreadsheets:
            yield _BOM
        write([column.label if for_spreadsheets else column.name for column in columns])
        for row in rows:
            write([to_cell(column.cell(row)) for column in columns])
            if buffer.tell() > _PIECE_BYTES:
                yield _taken(buffer)
        yield _taken(buffer)

    return lines()


def stream_ndjson(items: Iterable[object]) -> Iterator[bytes]:
    """One JSON text a line. A stored JSON text is passed on as ``orjson.Fragment(text)``."""
    return _pieces(
        orjson.dumps(item, default=_json_default, option=orjson.OPT_APPEND_NEWLINE)
        for item in items
    )


def stream_json(items: Iterable[object]) -> Iterator[bytes]:
    """One JSON array, an element a line."""

    def parts() -> Iterator[bytes]:
        start = b"[\n"
        for item in items:
            yield start + orjson.dumps(item, default=_json_default)
            start = b",\n"
        yield b"[]\n" if start == b"[\n" else b"\n]\n"

    return _pieces(parts())


def stream_feature_collection(
    features: Iterable[object], about: Mapping[str, object]
) -> Iterator[bytes]:
    """One GeoJSON object (RFC 7946), a feature a line; `about` are members of its own."""

    def parts() -> Iterator[bytes]:
        head = orjson.dumps({"type": "FeatureCollection", **about}).removesuffix(b"}")
        yield head + b',"features":['
        start = b"\n"
        for feature in features:
            yield start + orjson.dumps(feature, default=_json_default)
            start = b",\n"
        yield b"\n]}\n"

    return _pieces(parts())


def _pieces(parts: Iterable[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    length = 0
    for part in parts:
        held.append(part)
        length += len(part)
        if length > _PIECE_BYTES:
            yield b"".join(held)
            held, length = [], 0
    if held:
        yield b"".join(held)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _csv_cell(value: str | float | Decimal | bool | None) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() | Decimal():
            return _shortest(value)
    return str(value)


def _spreadsheet_cell(value: str | float | Decimal | bool | None) -> str:
    text = _csv_cell(value)
    is_formula = isinstance(value, str) and text.startswith(_FORMULA_STARTS)
    return f"'{text}" if is_formula else text


def _shortest(number: float | Decimal) -> str:
    if number == int(number):
        return str(int(number))
    text = format(Decimal(repr(number)) if isinstance(number, float) else number, "f")
    return text.rstrip("0")


def _json_default(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, ImpreciseDate):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON.")
