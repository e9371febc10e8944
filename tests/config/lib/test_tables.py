"""Files that are streamed: CSV read back by other readers, formulas defused, NDJSON and JSON."""

import csv
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lib.columns import Column
from config.lib.imprecise import ImpreciseDate
from config.lib.tables import (
    stream_csv,
    stream_feature_collection,
    stream_json,
    stream_ndjson,
)

COLUMNS = [
    Column(name="title", label="Title"),
    Column(name="value_usd", label="Value (USD)", kind="usd"),
    Column(name="is_stale", label="Stale", kind="bool"),
]


def written(*titles: Any, for_spreadsheets: bool = False) -> bytes:
    rows = [{"title": title} for title in titles]
    return b"".join(stream_csv(COLUMNS[:1], rows, for_spreadsheets=for_spreadsheets))


def test_csv_as_rfc_4180_has_it() -> None:
    rows: list[dict[str, Any]] = [
        {"title": 'Cove, "Katpar"\nKZ', "value_usd": 1_100_000_000.0, "is_stale": True},
        {"title": "Æ", "value_usd": Decimal("12.50"), "is_stale": False},
        {"title": "=1+1", "value_usd": -5, "is_stale": None},
    ]
    assert b"".join(stream_csv(COLUMNS, rows)).decode() == (
        "title,value_usd,is_stale\r\n"
        '"Cove, ""Katpar""\nKZ",1100000000,true\r\n'
        "Æ,12.5,false\r\n"
        "=1+1,-5,\r\n"
    )


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\r"))))
def test_csv_gives_every_text_back(titles: list[str]) -> None:
    read = csv.reader(io.StringIO(written(*titles).decode(), newline=""))
    assert [row[0] if row else "" for row in read] == ["title", *titles]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_spreadsheets_see_no_formula(start: str) -> None:
    text = written(f"{start}HYPERLINK(1)", for_spreadsheets=True).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows == [["Title"], [f"'{start}HYPERLINK(1)"]]


def test_spreadsheets_get_a_byte_order_mark_and_plain_numbers() -> None:
    whole = written("Cove", -5, -1.5, Decimal("-2.50"), for_spreadsheets=True)
    assert whole == b"\xef\xbb\xbfTitle\r\nCove\r\n-5\r\n-1.5\r\n-2.5\r\n"


def test_an_empty_list_has_its_heading() -> None:
    assert written() == b"title\r\n"


def test_rows_are_read_while_the_file_is_written() -> None:
    taken = 0

    def rows() -> Iterator[dict[str, str]]:
        nonlocal taken
        for _ in range(10_000):
            taken += 1
            yield {"title": "x" * 100}

    pieces = stream_csv(COLUMNS[:1], rows())
    first = next(pieces)
    assert taken < 1000
    assert len(first) + sum(map(len, pieces)) == len("title\r\n") + 10_000 * 102


def test_ndjson_is_one_text_a_line() -> None:
    texts = [b'{"a":70}', '{"key":"å"}'.encode()]
    assert b"".join(stream_ndjson(texts)).splitlines() == texts
    assert b"".join(stream_ndjson([])) == b""


@pytest.mark.parametrize("items", [[], [1], [{"a": 1}, "x", None], ["x" * 1000] * 200])
def test_json_is_one_array(items: list[Any]) -> None:
    assert json.loads(b"".join(stream_json(map(orjson.dumps, items)))) == items


def test_geojson_is_one_object() -> None:
    """Numbers and dates in it are the shortest that say the same."""
    features: list[Any] = [
        {"a": Decimal("70"), "b": Decimal("12.5"), "on": ImpreciseDate.parse("2025-11")},
        1,
    ]
    for some in ([], features[:1], features, features * 5000):
        read = json.loads(b"".join(stream_feature_collection(some, {"name": "å"})))
        assert (read["type"], read["name"]) == ("FeatureCollection", "å")
        expected: list[Any] = [{"a": 70, "b": 12.5, "on": "2025-11"}, 1] * 5000
        assert read["features"] == expected[: len(some)]
    with pytest.raises(TypeError):
        list(stream_feature_collection([object()], {}))


@pytest.mark.parametrize("size", [1, 1000, 65_536, 65_537, 200_000])
@pytest.mark.parametrize("count", [1, 2, 66])
def test_lines_end_where_they_end_however_they_fall_into_pieces(size: int, count: int) -> None:
    texts = [b"%d" % number + b"x" * size for number in range(count)]
    assert b"".join(stream_ndjson(texts)) == b"".join(text + b"\n" for text in texts)


def test_pieces_are_large() -> None:
    pieces = list(stream_ndjson(b"x" * 1000 for _ in range(200)))
    assert len(pieces) < 5
