"""The workbook of a selection: its sheets hold what the documents say, keyed by the deal."""

from __future__ import annotations

import datetime
import io
from collections import Counter
from typing import Any

import openpyxl
import pytest
from django.test import Client

from config.lib import workbook
from deals.columns import DEAL_COLUMNS
from deals.labels import vocabularies
from deals.models import Edition
from deals.reading import Clock, details
from tests.deals.records import COVE_DEAL, a_line, a_record, an_event, published

pytestmark = pytest.mark.django_db

SHEETS = [
    *("Deals", "Parties", "Financing", "Financing events", "Milestones", "Sources"),
    *("Codebook", "Code lists", "Licence and citation"),
]
type Rows = list[dict[str, Any]]


def sheets_of(query: str = "") -> dict[str, Rows]:
    response: Any = Client().get(f"/deals/export.xlsx?{query}")
    assert response.status_code == 200
    content = b"".join(response.streaming_content)
    assert int(response["Content-Length"]) == len(content)
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    assert book.sheetnames == SHEETS
    found = {}
    for name in SHEETS:
        heads, *rows = list(book[name].iter_rows(values_only=True))
        assert len(set(heads)) == len(heads)
        found[name] = [dict(zip(map(str, heads), row, strict=True)) for row in rows]
    return found


def test_every_sheet_holds_all_that_the_documents_say() -> None:
    sheets = sheets_of("host=c5")
    keys = [row["Key"] for row in sheets["Deals"]]
    editions = Edition.objects.filter(key__in=keys).current().select_related("document")
    records = {one["key"]: one["record"] for one in details(editions, Clock())}
    assert len(records) == len(keys) > 60
    for name, member in (
        ("Parties", "parties"),
        ("Financing", "financing"),
        ("Milestones", "milestones"),
        ("Sources", "sources"),
    ):
        counted = Counter(row["Deal key"] for row in sheets[name])
        assert counted == Counter({k: len(r[member]) for k, r in records.items() if r[member]})
    events = sum(len(line["events"]) for r in records.values() for line in r["financing"])
    assert len(sheets["Financing events"]) == events


def test_one_deal_reads_right_to_the_last_figure() -> None:
    sheets = sheets_of("q=Severniy Katpar")
    cove = next(row for row in sheets["Deals"] if row["Key"] == COVE_DEAL)
    assert cove["Announced"] == datetime.datetime(2025, 11, 6)
    assert cove["Indicated, US dollars"] == 1_600_000_000
    assert cove["Committed, US dollars"] is None
    assert cove["Disputed"] is True
    parties = [row for row in sheets["Parties"] if row["Deal key"] == COVE_DEAL]
    assert [(row["Party"], row["Stake, percent"]) for row in parties[:2]] == [
        ("Cove Kaz Capital Group LLC", 70),
        ("Tau-Ken Samruk", 30),
    ]
    lines = [row for row in sheets["Financing"] if row["Deal key"] == COVE_DEAL]
    assert [(row["Rung"], row["Amount, US dollars"], row["In sums"]) for row in lines] == [
        ("indicated", 900_000_000, True),
        ("indicated", 700_000_000, True),
    ]
    assert lines[0]["Latest event"] == datetime.datetime(2025, 11, 6)
    sources = [row for row in sheets["Sources"] if row["Deal key"] == COVE_DEAL]
    assert sources[1]["Published"] == "2026-02"
    assert sources[1]["Published, latest day"] == datetime.datetime(2026, 2, 28)
    assert sources[1]["Facts"] == "financing; parties"


def test_columns_are_chosen_and_the_key_stays() -> None:
    row = sheets_of("host=KZ&columns=stage,money")["Deals"][0]
    assert list(row)[:3] == ["Key", "Stage", "Indicated, US dollars"]
    assert len(row) == 10


def test_a_past_day_has_only_what_had_happened() -> None:
    published(
        a_record(
            announced_on="2024-01-05",
            financing=[
                a_line(
                    events=[
                        an_event(status="letter_of_interest", on="2024-02-01"),
                        an_event(status="committed", on="2025-03-01", ref="e2"),
                    ]
                ),
                a_line(ref="f2", on="2025-04-01"),
            ],
            milestones=[
                {"ref": "m1", "happened_on": "2024-03-01", "note": "Drilling."},
                {"ref": "m2", "happened_on": "2025-03-01", "note": "Signing."},
            ],
        )
    )
    query = 'q="A deal for tests"'
    then, now = sheets_of(f"{query}&on=2024-12-31"), sheets_of(query)
    assert [row["Rung"] for row in now["Financing"]] == ["committed", "committed"]
    assert [(row["Ref"], row["Rung"]) for row in then["Financing"]] == [("f1", "indicated")]
    assert [row["Firmness"] for row in then["Financing events"]] == ["letter_of_interest"]
    assert [row["Ref"] for row in then["Milestones"]] == ["m1"]
    assert then["Deals"][0]["Indicated, lines"] == 1


def test_the_codebook_explains_every_column_and_code() -> None:
    sheets = sheets_of("host=KZ")
    book = {(row["Sheet"], row["Column"]): row for row in sheets["Codebook"]}
    helpers = (", earliest day", ", latest day")
    for name in SHEETS[:6]:
        for heading in sheets[name][0]:
            if not heading.endswith(helpers):
                assert book[name, heading]["Meaning"]
                assert book[name, heading]["Type"]
    assert {row["Name"] for row in sheets["Codebook"] if row["Sheet"] == "Deals"} == set(
        DEAL_COLUMNS.names
    )
    known = {(row["Code list"], row["Code"]): row["Definition"] for row in sheets["Code lists"]}
    for name in SHEETS[:6]:
        for row in sheets[name]:
            for heading, value in row.items():
                codes = (book.get((name, heading)) or {}).get("Code list")
                for code in str(value).split("; ") if codes and value else ():
                    assert known[codes, code]
    assert {name for name, _ in known} <= set(vocabularies())


def test_a_workbook_says_what_it_is_and_how_to_cite_it() -> None:
    sheets = sheets_of("host=KZ&mineral=tungsten&on=2025-12-31&as_of=2026-11-21")
    about = {row["Item"]: row["Text"] for row in sheets["Licence and citation"]}
    assert about["Selection"] == "Tungsten deals hosted in Kazakhstan"
    assert about["Deals"] == str(len(sheets["Deals"]))
    assert about["Licence"].startswith("CC BY 4.0")
    assert about["on: what had happened in the world by"] == "31 Dec 2025, as known then"
    assert about["as_of: what Lodebook had published by"] == "21 Nov 2026"
    assert "host=KZ&mineral=tungsten&on=2025-12-31&as_of=2026-11-21" in about["Address"]
    assert about["Address"] in about["Cite as"]


def test_nothing_found_is_still_a_workbook() -> None:
    assert sheets_of("host=KZ&host__not=KZ")["Deals"] == []


def test_what_has_no_room_is_refused_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 10)
    response = Client().get("/deals/export.xlsx?host=KZ")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert "take CSV or NDJSON" in response.json()["detail"]
