"""Excel workbooks with typed cells, written row by row so that any length takes little memory.

    with WorkbookWriter(file, [DEALS, PARTIES]) as book:
        book.add(DEALS, summary)

A cell never holds a formula or a link, whatever its text looks like. A date known to the day is a
real date; one known to the month or year stays text (``2025-11``), and two columns beside it hold
the first and the last day that it can be. Excel has room for 1,048,576 rows in a sheet and 32,767
characters in a cell: what does not fit is refused with `WorkbookLimit`, never cut.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from types import TracebackType
from typing import IO, Any, Final, Self

import xlsxwriter
from rest_framework.exceptions import APIException
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from config.lib.columns import Column, Summary
from config.lib.imprecise import ImpreciseDate

MOST_ROWS: Final = 1_048_576
MOST_CHARACTERS: Final = 32_767
# Excel's calendar begins in 1900 and has a day in that year which never was.
FIRST_DAY: Final = datetime.date(1901, 1, 1)
_WIDTHS: Final = {
    "text": 32,
    "list": 32,
    "code": 18,
    "date": 12,
    "day": 12,
    "moment": 18,
    "usd": 16,
}


class WorkbookLimit(APIException):
    """Something does not fit into a workbook: 400, and which file has room for it."""

    status_code = HTTPStatus.BAD_REQUEST


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A sheet: the word on its tab, and its columns, which read one row each."""

    name: str
    columns: Sequence[Column]

    @property
    def headings(self) -> list[str]:
        """What stands in the first row: labels, and two more for each date."""
        return [heading for column in self.columns for heading in _headings(column)]


class WorkbookWriter:
    """Writes a workbook to a binary file. Leaving the ``with`` block finishes the file."""

    def __init__(self, file: IO[bytes], sheets: Sequence[Sheet], *, title: str = "") -> None:
        # Each row goes to a temporary file of its sheet when the next one begins.
        self._book = xlsxwriter.Workbook(
            file,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._book.set_properties({"title": title, "author": "Lodebook"})
        self._formats = {
            "head": self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
            "usd": self._book.add_format({"num_format": '"$"#,##0'}),
            "whole": self._book.add_format({"num_format": "#,##0"}),
            "part": self._book.add_format({"num_format": "#,##0.0###"}),
            "day": self._book.add_format({"num_format": "yyyy-mm-dd"}),
            "moment": self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        self._pages = {sheet: self._begun(sheet) for sheet in sheets}
        self._rows = dict.fromkeys(sheets, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is None:
            for sheet, page in self._pages.items():
                page.autofilter(0, 0, max(1, self._rows[sheet] - 1), len(sheet.headings) - 1)
        self._book.close()

    def add(self, sheet: Sheet, row: Summary) -> None:
        """The next row of a sheet. Raises `WorkbookLimit` where it has no room."""
        number = self._rows[sheet]
        if number >= MOST_ROWS:
            raise WorkbookLimit(
                f"An Excel sheet has room for {MOST_ROWS:,} rows, and “{sheet.name}” needs more. "
                "Choose fewer deals, or take CSV or NDJSON, which have no limit."
            )
        place = 0
        for column in sheet.columns:
            for value in _cells(column, row):
                if value is not None:
                    self._write(sheet, number, place, column, value)
                place += 1
        self._rows[sheet] = number + 1

    def _begun(self, sheet: Sheet) -> Worksheet:
        page = self._book.add_worksheet(sheet.name)
        page.freeze_panes(1, 1)
        place = 0
        for column in sheet.columns:
            for heading in _headings(column):
                width = _WIDTHS.get(column.kind, 12)
                page.set_column(place, place, min(60, max(width, len(heading) + 2)))
                place += 1
        page.set_row(0, None, self._formats["head"])
        for place, heading in enumerate(sheet.headings):
            page.write_string(0, place, heading, self._formats["head"])
        return page

    def _write(self, sheet: Sheet, row: int, place: int, column: Column, value: Any) -> None:
        page = self._pages[sheet]
        match value:
            case bool():
                page.write_boolean(row, place, value)
            case int() | float() | Decimal():
                page.write_number(row, place, value, self._number_format(column, value))
            case datetime.datetime():
                page.write_datetime(row, place, value, self._formats["moment"])
            case datetime.date():
                page.write_datetime(row, place, value, self._formats["day"])
            case _:
                text = str(value)
                # Excel counts as UTF-16 does: a rare Chinese character counts twice.
                if len(text.encode("utf-16-le")) // 2 > MOST_CHARACTERS:
                    raise WorkbookLimit(
                        f"An Excel cell has room for {MOST_CHARACTERS:,} characters, and "
                        f"“{column.label}” in row {row + 1} of “{sheet.name}” needs more. Leave "
                        "that column out, or take CSV or NDJSON, which have no limit."
                    )
                page.write_string(row, place, text)

    def _number_format(self, column: Column, value: float | Decimal) -> Format:
        if column.kind == "usd":
            return self._formats["usd"]
        return self._formats["whole" if value == int(value) else "part"]


def _headings(column: Column) -> tuple[str, ...]:
    if column.kind != "date":
        return (column.label,)
    return column.label, f"{column.label}, earliest day", f"{column.label}, latest day"


def _cells(column: Column, row: Summary) -> Iterator[object]:
    """The values of a column in the cells that it takes; None leaves a cell empty."""
    value = column.cell(row)
    if value == "":
        value = None
    match column.kind:
        case "date":
            yield from _date_cells(None if value is None else str(value))
        case "day":
            yield None if value is None else _day(datetime.date.fromisoformat(str(value)))
        case "moment":
            # Excel knows no time zones; the heading says UTC.
            yield (
                None
                if value is None
                else datetime.datetime.fromisoformat(str(value))
                .astimezone(datetime.UTC)
                .replace(tzinfo=None)
            )
        case _:
            yield value


def _date_cells(text: str | None) -> Iterator[object]:
    if text is None:
        yield from (None, None, None)
        return
    date = ImpreciseDate.parse(text)
    yield _day(date.earliest) if date.precision == "day" else text
    yield _day(date.earliest)
    yield _day(date.latest)


def _day(day: datetime.date) -> datetime.date | str:
    """The day, or as text where Excel's calendar does not reach."""
    return day if day >= FIRST_DAY else day.isoformat()
