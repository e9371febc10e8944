"""Workbooks: typed cells read back, nothing that acts, limits refused and memory that stays."""

from __future__ import annotations

import datetime
import io
import tracemalloc
import zipfile
from typing import Any

import openpyxl
import pytest

from config.lib import workbook
from config.lib.columns import Column
from config.lib.workbook import Sheet, WorkbookLimit, WorkbookWriter

TEXT = Sheet("Text", (Column(name="text", label="Text"),))
TYPED = Sheet(
    "Typed",
    (
        Column(name="text", label="Text"),
        Column(name="usd", label="Sum", kind="usd"),
        Column(name="stake", label="Stake", kind="number"),
        Column(name="is_stale", label="Stale", kind="bool"),
        Column(name="signed_on", label="Signed", kind="date"),
        Column(name="last_news_on", label="Last news", kind="day"),
        Column(name="published_at", label="Published", kind="moment"),
        Column(name="codes", label="Codes", kind="list"),
    ),
)
HARMLESS = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", "{=1}", "=cmd|' /C calc'!A0", "＝1"),
    *("http://example.org/", "mailto:a@example.org", "internal:Text!A1", "file:///etc/passwd"),
    *("Türkiye", "Köşebaşı", "中文", "Ақтөбе", "𠮷野家", " kept ", "1e5", "007", "TRUE"),
]


def made(sheet: Sheet, *rows: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    with WorkbookWriter(file, [sheet]) as book:
        for row in rows:
            book.add(sheet, row)
    return file.getvalue()


def cells_of(content: bytes, name: str) -> list[list[Any]]:
    page = openpyxl.load_workbook(io.BytesIO(content))[name]
    return [list(row) for row in page.iter_rows()]


def test_cells_have_their_types() -> None:
    row = {
        "text": "Köşebaşı",
        "usd": 1_600_000_000,
        "stake": 12.5,
        "is_stale": False,
        "signed_on": "2025-11-06",
        "last_news_on": "2026-03-12",
        "published_at": "2026-11-21T01:02:03.5Z",
        "codes": ["a", "b"],
    }
    heads, cells = cells_of(made(TYPED, row), "Typed")
    assert [cell.value for cell in heads] == TYPED.headings
    day = datetime.datetime(2025, 11, 6)
    assert [cell.value for cell in cells] == [
        *("Köşebaşı", 1_600_000_000, 12.5, False, day, day, day),
        *(datetime.datetime(2026, 3, 12), datetime.datetime(2026, 11, 21, 1, 2, 3, 500000), "a; b"),
    ]
    assert [cell.data_type for cell in cells] == ["s", "n", "n", "b", *"ddddd", "s"]
    assert cells[1].number_format == '"$"#,##0'


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2025", datetime.datetime(2025, 1, 1), datetime.datetime(2025, 12, 31)),
        ("2024-02", datetime.datetime(2024, 2, 1), datetime.datetime(2024, 2, 29)),
        ("1899-05-01", "1899-05-01", "1899-05-01"),  # before the calendar of Excel begins
    ],
)
def test_a_date_is_no_more_exact_than_it_is_known(text: str, earliest: Any, latest: Any) -> None:
    cells = cells_of(made(TYPED, {"signed_on": text}), "Typed")[1]
    assert [cell.value for cell in cells[4:7]] == [text, earliest, latest]
    assert cells[4].data_type == "s"


def test_what_is_unknown_leaves_cells_empty() -> None:
    cells = cells_of(made(TYPED, {"text": "x", "codes": []}), "Typed")[1]
    assert [cell.value for cell in cells] == ["x", *[None] * 9]


def test_texts_are_whole_and_do_nothing() -> None:
    content = made(TEXT, *({"text": text} for text in HARMLESS))
    cells = [row[0] for row in cells_of(content, "Text")[1:]]
    assert [cell.value for cell in cells] == HARMLESS
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not [name for name in parts.namelist() if "_rels/sheet" in name]
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_the_head_stays_in_sight_and_filters() -> None:
    page = openpyxl.load_workbook(io.BytesIO(made(TYPED, {"text": "x"}, {"text": "y"})))["Typed"]
    assert page.freeze_panes == "B2"
    assert page.auto_filter.ref == "A1:J3"


def test_an_empty_sheet_is_a_head() -> None:
    assert [[cell.value for cell in row] for row in cells_of(made(TEXT), "Text")] == [["Text"]]


def test_a_text_that_no_cell_has_room_for_is_refused() -> None:
    longest = "x" * workbook.MOST_CHARACTERS
    assert cells_of(made(TEXT, {"text": longest}), "Text")[1][0].value == longest
    # Excel counts such a character twice.
    for text in (f"{longest}x", "𠮷" * 16_384):
        with pytest.raises(WorkbookLimit, match="“Text” in row 2 .* CSV or NDJSON"):
            made(TEXT, {"text": text})


def test_more_rows_than_a_sheet_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    made(TEXT, {"text": "a"}, {"text": "b"})
    with pytest.raises(WorkbookLimit, match="“Text” needs more"):
        made(TEXT, {"text": "a"}, {"text": "b"}, {"text": "c"})


def test_memory_does_not_grow_with_the_rows() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        with io.BytesIO() as file, WorkbookWriter(file, [TEXT]) as book:
            for number in range(count):
                book.add(TEXT, {"text": f"Text that is different in every row, here {number}"})
            return tracemalloc.get_traced_memory()[1]

    try:
        assert peak(4000) < peak(400) + 200_000
    finally:
        tracemalloc.stop()
