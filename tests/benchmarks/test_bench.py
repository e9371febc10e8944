"""What the benchmarks compute: percentiles, choices, targets, answers read, tables."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tests.benchmarks.choice import MIDDLING, TYPICAL, Pair, middling, typical
from tests.benchmarks.client import BrokenOff, Client, request_bytes
from tests.benchmarks.load import SHARES, Load
from tests.benchmarks.measuring import Readings
from tests.benchmarks.page import markdown
from tests.benchmarks.profiling import Meter
from tests.benchmarks.results import Result, RowResult, merged, missed, table
from tests.benchmarks.rows import Ask, Row, wanted
from tests.benchmarks.targets import GROWTH, TARGETS
from tests.benchmarks.timings import Timings, percentile

SMALL = Result(
    deals=10_000,
    database="small",
    measured_at="2026-11-22T07:00:00+00:00",
    machine={"cores": 2},
    unit_ms=0.5,
    rows=[
        RowResult("empty", "An empty view", p50_ms=0.5, p95_ms=0.6, in_units=1.0),
        RowResult(
            "html-typical",
            "HTML list",
            p50_ms=14.0,
            p95_ms=20.0,
            in_units=28.0,
            slowest="country=KZ&mineral=tungsten",
            slowest_ms=16.0,
            value=28.0,
        ),
        RowResult("detail-api", "A deal", p50_ms=1.0, p95_ms=4.0, in_units=2.0, value=2.0),
        RowResult("export-ndjson", "NDJSON", p50_ms=9.0, detail="700 rows/s; p50 …", value=0.7),
    ],
)
LARGE = replace(
    SMALL,
    deals=1_000_000,
    rows=[
        replace(SMALL.rows[1], in_units=100.0, value=100.0),
        replace(SMALL.rows[2], p95_ms=2.0, in_units=2.5, value=2.5),
        RowResult("facets-typical", "Facets", statuses={"503": 4}),
    ],
)


def test_percentiles_lie_between_values() -> None:
    assert percentile([4, 1, 3, 2], 0.5) == 2.5
    assert percentile([1, 2, 3], 1) == 3
    assert percentile([7], 0.95) == 7
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)
    timings = Timings.of([0.001, 0.001, 0.002])
    assert (timings.count, timings.p50_ms, timings.most_ms) == (3, 1, 2)
    assert timings.spread == pytest.approx(1.9)


def test_typical_pairs_are_those_of_a_deal_drawn_at_random() -> None:
    pairs = [Pair(count, "KZ", f"m{count}") for count in range(1, 101)]
    found = typical(pairs)
    assert len(found) == TYPICAL
    larger = sum(pair.count for pair in pairs if pair > found[-1])
    smaller = sum(pair.count for pair in pairs if pair < found[0])
    assert max(larger, smaller) < sum(pair.count for pair in pairs) / 2
    assert typical(pairs[:3]) == pairs[:3]


def test_middling_pairs_are_of_all_sizes_between() -> None:
    pairs = [Pair(count, "KZ", f"m{count}") for count in range(1, 2000)]
    found = middling(pairs, deals=100_000)
    assert len(found) == MIDDLING
    assert found[0].count == 100
    assert 900 < found[-1].count <= 1000
    assert middling(pairs[:120], deals=100_000) == pairs[99:120]
    assert found[0].query == "country=KZ&mineral=m100"


def test_targets_are_those_of_the_next_larger_size() -> None:
    target = TARGETS["html-typical"]
    assert [target.bound(deals) for deals in (2_000, 10_000, 20_000, 5_000_000)] == [30, 30, 40, 80]
    assert target.is_met(30, 10_000)
    assert not target.is_met(31, 10_000)
    assert target.missed_by(60, 10_000) == 2
    export = TARGETS["export-csv"]
    assert export.is_met(0.4, 10_000)
    assert not export.is_met(0.2, 10_000)
    assert export.missed_by(0.2, 10_000) == 2
    assert GROWTH.keys() <= TARGETS.keys()


def test_shares_of_a_load_are_hundredths() -> None:
    assert sum(SHARES.values()) == 100
    load = Load.of([0.1, 0.2, 0.3], Counter({503: 2}), 6)
    assert load.per_second == 0.5
    assert "errors: 2 × 503" in load.sentence
    assert "errors: none" in replace(load, errors={}).sentence


def test_rows_are_chosen_by_how_their_names_begin() -> None:
    names = ["empty", "html-typical", "html-deep", "api50-typical"]
    assert wanted(names, []) == names
    assert wanted(names, ["html", "api50"]) == names[1:]
    with pytest.raises(ValueError, match="Nothing begins with “hmtl”"):
        wanted(names, ["hmtl"])


def test_a_row_is_judged_by_all_its_parameters_and_names_the_slowest() -> None:
    readings = Readings(Row("api50-typical", "API", [Ask("/a", "a"), Ask("/b", "b")]))
    readings.times |= {"a": [0.001] * 3, "b": [0.003] * 3}
    readings.limit_times |= {"a": [0.001] * 6}
    row = RowResult.of(readings, unit_ms=0.5)
    assert (row.slowest, row.slowest_ms) == ("b", 3)
    assert [row.p50_ms, row.in_units, row.value] == pytest.approx([2, 4, 2])
    silent = Readings(Row("facets-typical", "Facets", []))
    silent.statuses[503] += 1
    assert missed(RowResult.of(silent, 0.5), 10_000) == [
        "facets-typical: wrong answers: 1 × 503",
        "facets-typical: not measured",
    ]


def test_what_is_missed_says_by_how_much() -> None:
    assert SMALL.missed == ["detail-api: p95 is 4.0 × p50, promised at most 3"]
    assert LARGE.missed[0] == "html-typical: 100 u, promised 80: missed 1.2-fold"
    assert "MISSED 1.2-fold" in "\n".join(table(LARGE))


def test_results_survive_being_written_down_and_the_last_ones_count() -> None:
    assert Result.from_dict(SMALL.as_dict()) == SMALL
    later = replace(SMALL, measured_at="2026-11-23T07:00:00+00:00", rows=[], load={"answers": 1})
    (one,) = merged([later, SMALL])
    assert (one.rows, one.load) == (SMALL.rows, {"answers": 1})


def test_the_page_shows_sizes_side_by_side() -> None:
    page = markdown([LARGE, SMALL])
    assert "| HTML list | 28 u (≤ 30 u) | **100 u** (≤ 80 u) |" in page
    assert "| NDJSON | 70 % of COPY (≥ 60 % of COPY) | – |" in page
    assert "| Facets | – | **not answered** (≤ 60 u) |" in page
    assert "| HTML list | 28.0 u | 100.0 u | 3.6 × |" in page
    assert "| A deal | 2.0 u | 2.5 u | 1.2 × (≤ 1.5 ×) |" in page
    assert "16.0 ms: `country=KZ&mineral=tungsten`" in page
    assert "Many readers" not in page


def test_time_within_another_kind_is_counted_once() -> None:
    meter = Meter()
    inner = meter.timed("sql", lambda: sum(range(20_000)))
    outer = meter.timed("template", lambda: (inner(), inner()))
    outer()
    assert meter.times == {"template": 1, "sql": 2}
    assert 0 < meter.seconds["template"] < meter.seconds["sql"]


@contextmanager
def answering(*answers: bytes) -> Iterator[int]:
    """The port of a server that gives these answers to one connection, and then closes it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            line, _ = listener.accept()
            with line:
                for one in answers:
                    line.recv(1 << 16)
                    line.sendall(one)

        thread = threading.Thread(target=answer)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_answers_of_each_form_are_read_to_their_end() -> None:
    answers = (
        b'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nETag: W/"1"\r\n\r\nabc',
        CHUNKED + b"5\r\n1,0\r\n\r\n2\r\nab\r\n0\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\nConnection: keep-alive\r\n\r\n",
    )
    with answering(*answers) as port, Client(port) as client:
        given = [client.ask(request_bytes("/", {"Accept": "text/csv"})) for _ in answers]
    assert [(one.status, one.body[:3]) for one in given] == [
        (200, b"abc"),
        (200, b"5\r\n"),
        (304, b""),
    ]
    assert given[0].header("etag") == b'W/"1"'
    assert given[1].body.endswith(b"0\r\n\r\n")
    assert given[0].seconds > 0


def test_a_stream_is_read_without_the_lengths_of_its_chunks() -> None:
    with (
        answering(CHUNKED + b"5\r\n1,0\r\n\r\n2\r\nab\r\n0\r\n\r\n") as port,
        Client(port) as client,
        client.stream(request_bytes("/")) as stream,
    ):
        assert list(stream.pieces) == [b"1,0\r\n", b"ab"]


def test_an_answer_that_breaks_off_is_none() -> None:
    with (
        answering(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc") as port,
        Client(port) as client,
        pytest.raises(BrokenOff, match="broke off"),
    ):
        client.ask(request_bytes("/"))
