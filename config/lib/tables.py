"""Files written while they are read from the database: CSV, NDJSON, JSON and GeoJSON.

Each function yields pieces of about 64 kB, so that a file of any length takes little memory and
few system calls; a short one comes first, so that it begins at once.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from operator import itemgetter
from types import NoneType
from typing import Any, Final

import orjson

from config.lib.columns import Column, Summary, joined
from config.lib.imprecise import ImpreciseDate

_FIRST_PIECE_BYTES: Final = 4 * 1024
_PIECE_BYTES: Final = 64 * 1024
# What a spreadsheet program takes for the start of a formula; the last four where Chinese or
# Japanese is typed.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BOM: Final = b"\xef\xbb\xbf"
_CSV_END: Final = b"\r\n"


def stream_csv(
    columns: Sequence[Column], rows: Iterable[Summary], *, for_spreadsheets: bool = False
) -> Iterator[bytes]:
    """RFC 4180: UTF-8, commas, CRLF, quotes where needed; the first line holds the names.

    `for_spreadsheets` adds what Excel needs to see UTF-8 (a byte order mark), writes labels as
    headings, and puts an apostrophe before texts that would be taken for formulas. Without it
    every text stands as it is.
    """
    buffer = io.StringIO(newline="")
    write = csv.writer(buffer, lineterminator=_CSV_END.decode()).writerow
    cells_of = _cells(columns, for_spreadsheets=for_spreadsheets)

    def lines() -> Iterator[bytes]:
        if for_spreadsheets:
            yield _BOM
        write([column.label if for_spreadsheets else column.name for column in columns])
        most = _FIRST_PIECE_BYTES
        for row in rows:
            write(cells_of(row))
            if buffer.tell() > most:
                yield _taken(buffer)
                most = _PIECE_BYTES
        yield _taken(buffer)

    return lines()


def stream_csv_rows(columns: Sequence[Column], rows: Iterable[bytes]) -> Iterator[bytes]:
    """What `stream_csv` gives, from rows that `csv_writer` made for the same columns."""
    heading = _csv_text(column.name for column in columns).encode() + _CSV_END
    return _joined(rows, start=heading, between=_CSV_END, end=_CSV_END, nothing=heading)


def csv_writer(columns: Sequence[Column]) -> Callable[[Summary], str]:
    """What makes the rows of `stream_csv`, without the ends of their lines."""
    cells_of = _cells(columns, for_spreadsheets=False)
    return lambda row: _csv_text(cells_of(row))


def stream_ndjson(texts: Iterable[bytes]) -> Iterator[bytes]:
    """One JSON text a line."""
    return _joined(texts, between=b"\n", end=b"\n")


def stream_json(texts: Iterable[bytes]) -> Iterator[bytes]:
    """One JSON array, an element a line."""
    return _joined(texts, start=b"[\n", between=b",\n", end=b"\n]\n", nothing=b"[]\n")


def stream_feature_collection(
    features: Iterable[object], about: Mapping[str, object]
) -> Iterator[bytes]:
    """One GeoJSON object (RFC 7946), a feature a line; `about` are members of its own."""
    head = orjson.dumps({"type": "FeatureCollection", **about}).removesuffix(b"}")
    start, end = head + b',"features":[\n', b"\n]}\n"
    texts = (orjson.dumps(feature, default=_json_default) for feature in features)
    return _joined(texts, start=start, between=b",\n", end=end, nothing=start[:-1] + end)


def _joined(
    texts: Iterable[bytes], *, between: bytes, end: bytes, start: bytes = b"", nothing: bytes = b""
) -> Iterator[bytes]:
    """Texts with others before, between and after them; `nothing` where there is none."""
    held: list[bytes] = []
    length, before, most = 0, start, _FIRST_PIECE_BYTES
    for text in texts:
        held.append(text)
        length += len(text)
        if length > most:
            yield before + between.join(held)
            held.clear()
            length, before, most = 0, between, _PIECE_BYTES
    if held:
        yield before + between.join(held) + end
    else:
        yield end if before is between else nothing


def _cells(
    columns: Sequence[Column], *, for_spreadsheets: bool
) -> Callable[[Summary], list[object]]:
    """What makes the cells of a row.

    Most values are texts, whole numbers or unknown, which the writer of CSV takes as they are, and
    most others become text in one step. A row with any other goes the long way.
    """
    to_cell: Callable[[Any], str] = _spreadsheet_cell if for_spreadsheets else _csv_cell
    as_text: dict[type, Callable[[Any], str]] = {bool: _csv_cell, float: _csv_cell}
    if for_spreadsheets:
        as_text |= {str: _spreadsheet_cell, list: lambda value: _spreadsheet_cell(joined(value))}
    else:
        as_text[list] = joined
    as_they_are = frozenset({int, NoneType, str} - set(as_text))
    readers = [column.value or itemgetter(column.name) for column in columns]

    def cells_of(row: Summary) -> list[object]:
        try:
            return [
                value
                if (value := read(row)).__class__ in as_they_are
                else as_text[value.__class__](value)
                for read in readers
            ]
        except (KeyError, TypeError):
            return [to_cell(column.cell(row)) for column in columns]

    return cells_of


def _csv_text(cells: Iterable[object]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="").writerow(cells)
    return buffer.getvalue()


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
