"""Sums and counts over a set of deals, against sums made by hand."""

from __future__ import annotations

import datetime
from collections import Counter
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from deals.models import Edition
from deals.money import RUNGS
from deals.portfolios import (
    counts_by,
    counts_by_place,
    headlines_by_basis,
    headlines_of,
    ladder_of,
    sums_by_event,
)
from deals.reading import Clock, summaries
from tests.deals.records import Document, a_line, a_record, a_value, an_event, published

pytestmark = pytest.mark.django_db

OURS = ["zz-one", "zz-two", "zz-three"]


def all_summaries() -> list[Document]:
    return summaries(Edition.objects.current().select_related("document"), Clock())


def test_ladder_agrees_with_the_ladders_of_the_deals() -> None:
    ladder, deals = ladder_of(Edition.objects.current()), all_summaries()
    for rung in RUNGS:
        sums = [deal["ladder"][rung] for deal in deals if deal["ladder"][rung] is not None]
        assert ladder.usd[rung] == sum(Decimal(str(usd)) for usd in sums)
        assert ladder.deals[rung] == sum(deal["ladder_lines"][rung] > 0 for deal in deals)
        assert ladder.lines[rung] == sum(deal["ladder_lines"][rung] for deal in deals)
        assert ladder.unknown[rung] == sum(deal["lines_unknown"][rung] for deal in deals)
    assert ladder.deal_count == len(deals)
    assert ladder.without_financing == sum(not any(d["ladder_lines"].values()) for d in deals)


def test_ladder_says_what_stands_in_no_sum() -> None:
    published(
        a_record(
            key="zz-one",
            financing=[
                a_line(ref="f1", usd=100, status="committed"),
                a_line(ref="f2", usd=40, status="committed", within="f1"),
                a_line(ref="f3", usd=None, status="committed"),
                a_line(ref="f4", usd=30, status="committed", instrument="guarantee"),
                a_line(ref="f5", usd=5, status="withdrawn"),
            ],
        ),
        a_record(key="zz-two", financing=[a_line(usd=5, status="withdrawn")]),
        a_record(key="zz-three"),
    )
    ladder = ladder_of(Edition.objects.current().filter(key__in=OURS))
    assert dict(ladder.usd) == {
        "indicated": None,
        "conditional": None,
        "committed": 100,
        "disbursed": None,
    }
    assert (ladder.lines["committed"], ladder.deals["committed"]) == (4, 1)
    assert (ladder.unknown_amounts, ladder.not_money, ladder.within) == (1, 1, 1)
    assert ladder.without_financing == 2
    assert not ladder.is_empty


def test_an_empty_set_has_an_empty_ladder() -> None:
    ladder = ladder_of(Edition.objects.none())
    assert ladder.is_empty
    assert set(ladder.usd.values()) == {None}
    assert ladder.deal_count == ladder.without_financing == 0


def test_ladder_of_a_past_day_rests_on_dated_events() -> None:
    events = [
        an_event(ref="e1", status="letter_of_interest", on="2024-01-10"),
        an_event(ref="e2", status="committed", on="2025-03-01"),
    ]
    published(a_record(key="zz-one", announced_on="2024-01-10", financing=[a_line(events=events)]))
    editions = Edition.objects.current().filter(key="zz-one")
    then = ladder_of(editions, Clock(on=datetime.date(2024, 6, 1)))
    assert [then.usd["indicated"], then.usd["committed"]] == [100, None]
    now = ladder_of(editions)
    assert [now.usd["indicated"], now.usd["committed"]] == [None, 100]


def test_ladder_takes_two_queries_whatever_the_set(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(2):
        ladder_of(Edition.objects.current())
    with django_assert_num_queries(1):
        ladder_of(Edition.objects.current().filter(hosts__contains=["KZ"]), deal_count=59)


def test_headlines_leave_out_what_may_not_be_summed() -> None:
    published(
        a_record(key="zz-one", value=a_value(usd=100)),
        a_record(key="zz-two", value=a_value(usd=900, basis="programme")),
        a_record(key="zz-three"),
    )
    headlines = headlines_of(Edition.objects.current().filter(key__in=OURS))
    assert [headlines.usd, headlines.deals] == [100, 1]
    assert (headlines.left_out, headlines.without_value) == (1, 1)
    assert headlines_of(Edition.objects.none()).usd is None


def test_counts_by_code_agree_with_the_summaries() -> None:
    deals = all_summaries()
    assert counts_by(Edition.objects.current(), "status") == Counter(d["status"] for d in deals)
    hosts = Counter(place["code"] for deal in deals for place in deal["hosts"] if place.get("code"))
    counted = counts_by(Edition.objects.current(), "hosts")
    assert {code: n for code, n in counted.items() if code.isupper()} == hosts
    assert "" not in counts_by(Edition.objects.current(), "event")


@pytest.mark.parametrize("role", ["hosts", "partners"])
def test_counts_by_place_tell_a_bloc_that_signs_from_one_that_is_belonged_to(role: str) -> None:
    places = Counter(
        place.get("code") or place["bloc"] for deal in all_summaries() for place in deal[role]
    )
    assert counts_by_place(Edition.objects.current(), role) == places


def test_counts_by_place_refuse_another_role() -> None:
    with pytest.raises(ValueError, match="“countries” is no role of a country"):
        counts_by_place(Edition.objects.current(), "countries")


def test_sums_by_event_agree_with_the_ladder_of_each() -> None:
    editions = Edition.objects.current()
    for event, sums in sums_by_event(editions, Clock()).items():
        ladder = ladder_of(editions.filter(event=event))
        headlines = headlines_of(editions.filter(event=event))
        assert sums.ladder == ladder.usd
        assert sums.ladder_lines == ladder.lines
        assert sums.lines_unknown == ladder.unknown
        assert sums.deals == ladder.deal_count
        assert (sums.headline_usd, sums.headline_deals) == (headlines.usd, headlines.deals)


def test_headlines_by_basis_add_up_to_the_headlines() -> None:
    """Values of several bases, one left out, and deals that state none."""
    editions = Edition.objects.current()
    bases, whole = headlines_by_basis(editions), headlines_of(editions)
    assert bases.total == whole
    assert [row.usd or 0 for row in bases.rows] == sorted(
        (row.usd or 0 for row in bases.rows), reverse=True
    )
    for row in bases.rows:
        own = headlines_of(editions.filter(value_basis=row.basis))
        assert (row.usd, row.deals, row.left_out) == (own.usd, own.deals, own.left_out)
    programme = next(row for row in bases.rows if row.basis == "programme")
    assert programme.usd is None
    assert programme.left_out
    assert headlines_by_basis(Edition.objects.none()).total == headlines_of(Edition.objects.none())
