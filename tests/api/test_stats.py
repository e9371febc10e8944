"""Statistics in the API: counts and sums by up to two dimensions."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deals.api.shapes import Stats
from deals.stats import DIMENSIONS, MEASURES
from tests.api.answers import Answer, ask, ask_in_shape, names_refused
from tests.deals.oracle import World
from tests.deals.records import DFC, EXIM, a_line, a_record, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World.load()


def cells(answer: Answer) -> dict[tuple[str | None, ...], Any]:
    return {
        tuple(row["groups"][name] for name in answer["by"]): row["value"]
        for row in answer["results"]
    }


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_dimension_with_every_measure(dimension: str, measure: str) -> None:
    if measure == "value_usd" and dimension in (
        "provider",
        "provider_country",
        "instrument",
        "rung",
    ):
        refused = names_refused("deals/stats/", by=dimension, measure=measure)
        assert refused == {"measure": "committed_usd"}
        return
    answer = ask_in_shape(Stats, "deals/stats/", by=dimension, measure=measure)
    assert answer["results"]
    if answer["is_additive"]:
        total = sum(row["value"] or 0 for row in answer["results"])
        assert total == pytest.approx(answer["total"])


def test_deals_by_one_and_two_dimensions(world: World) -> None:
    by_kind = Counter(
        kind
        for deal in world.deals
        for kind in {deal["record"]["kind"], *deal["record"]["also_kinds"]}
    )
    assert cells(ask("deals/stats/", by="kind")) == {(k,): n for k, n in by_kind.items()}
    pairs = Counter(
        ((deal["record"]["announced_on"] or "")[:4] or None, deal["record"]["status"])
        for deal in world.deals
    )
    assert cells(ask("deals/stats/", by=["year", "status"])) == dict(pairs)


def test_hosts_are_countries_and_blocs_are_blocs() -> None:
    hosts = {code for (code,) in cells(ask("deals/stats/", by="host"))}
    assert all(code is None or (len(code) == 2 and code.isupper()) for code in hosts)
    blocs = {key for (key,) in cells(ask("deals/stats/", by="bloc"))}
    assert {"c5", "eu27"} <= blocs
    assert "KZ" not in blocs


def test_headline_values_count_only_where_they_may(world: World) -> None:
    sums: dict[tuple[str | None, ...], float] = defaultdict(float)
    for deal in world.deals:
        if deal["counts_toward_total"] and deal["value_usd"] is not None:
            sums[(deal["record"]["value"]["basis"],)] += deal["value_usd"]
    answer = ask("deals/stats/", by="value_basis", measure="value_usd")
    found = {group: value for group, value in cells(answer).items() if value is not None}
    assert found == pytest.approx(dict(sums))
    assert answer["total"] == pytest.approx(sum(sums.values()))


def test_money_of_a_rung_is_that_of_the_ladders(world: World) -> None:
    answer = ask("deals/stats/", measure="committed_usd", host="c5")
    chosen = world.keys({"host": ["c5"]})
    ladders = [deal["ladder"]["committed"] for deal in world.deals if deal["key"] in chosen]
    assert answer["total"] == pytest.approx(sum(usd for usd in ladders if usd is not None))


def test_a_joint_line_stands_whole_under_each_provider() -> None:
    line = a_line(providers=[EXIM, DFC], usd=500, status="committed")
    published(a_record(key="zz-joint", title="Quokkaburra", financing=[line]))
    answer = ask("deals/stats/", q="quokkaburra", by="provider", measure="committed_usd")
    assert cells(answer) == {(EXIM,): 500, (DFC,): 500}
    assert answer["total"] == 500
    assert answer["is_additive"] is False


def test_unknown_amounts_are_counted_and_an_empty_sum_is_null() -> None:
    line = a_line(usd=None, status="committed")
    published(a_record(key="zz-unknown", title="Quokkaburra", financing=[line]))
    answer = ask("deals/stats/", q="quokkaburra", measure="committed_usd")
    row = answer["results"][0]
    assert (row["value"], row["deals"], row["without_amount"]) == (None, 1, 1)
    assert ask("deals/stats/", q="xylophonist", measure="committed_usd")["total"] is None


def test_on_a_past_day_money_stands_where_it_stood() -> None:
    now = ask("deals/stats/", q="Severniy Katpar", measure="indicated_usd")
    then = ask("deals/stats/", q="Severniy Katpar", measure="indicated_usd", on="2025-12-01")
    assert (now["total"], then["total"]) == (1_600_000_000, 900_000_000)


def test_rows_carry_names() -> None:
    row = ask("deals/stats/", by=["host", "rung"], host="KZ")["results"][0]
    assert set(row["labels"]) == {"host", "rung"}
    assert "Kazakhstan" in {
        row["labels"]["host"] for row in ask("deals/stats/", by="host")["results"]
    }


def test_what_is_wrong_is_named() -> None:
    assert names_refused("deals/stats/", by="hosts") == {"by": "host"}
    assert names_refused("deals/stats/", measure="value") == {"measure": "value_usd"}
    assert names_refused("deals/stats/", measure=["deals", "value_usd"]).keys() == {"measure"}
    assert names_refused("deals/stats/", by="host,kind,stage").keys() == {"by"}
    assert names_refused("deals/stats/", page="2").keys() == {"page"}


def test_nothing_found_is_an_answer_too() -> None:
    answer = ask_in_shape(Stats, "deals/stats/", q="the", by="host")
    assert (answer["count"], answer["results"]) == (0, [])


def test_an_answer_costs_four_queries() -> None:
    with CaptureQueriesContext(connection) as queries:
        ask("deals/stats/", by=["host", "mineral"])
    assert len(queries) == 4
