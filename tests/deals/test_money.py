"""Money: rungs, sums and rates of one deal, and of many."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from deals.codes import RUNG_OF_STATUS, FinancingStatus, Instrument, Rung
from deals.dossier import Record, read
from deals.models import Edition, EditionLine
from deals.money import RUNG_RANK, Ladder, LineSpan, Rates, line_spans, value_in_usd
from deals.portfolios import headlines_of, ladder_of
from tests.deals.records import (
    COVE_DEAL,
    DFC,
    EXIM,
    Document,
    a_line,
    a_record,
    a_value,
    an_event,
    published,
)

RATES = Rates({("EUR", 2024): Decimal("1.1"), ("EUR", 2025): Decimal("1.2")})


def spans_of(*lines: Document, **fields: Any) -> list[LineSpan]:
    record = read(a_record(financing=list(lines), **fields), None)
    return line_spans(record, RATES)


def ladder(*lines: Document, **fields: Any) -> Ladder:
    return Ladder.of(span for span in spans_of(*lines, **fields) if span.is_present)


def sums(*lines: Document, **fields: Any) -> dict[str, Decimal | None]:
    """Only the rungs on which something is summed."""
    return {rung: usd for rung, usd in ladder(*lines, **fields).usd.items() if usd is not None}


def a_valued(**fields: Any) -> Record:
    return read(a_record(**fields), None)


# -- Rungs and sums ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "rung"),
    [
        ("considered", "indicated"),
        ("letter_of_interest", "indicated"),
        ("conditional", "conditional"),
        ("committed", "committed"),
        ("closed", "committed"),
        ("disbursed", "disbursed"),
    ],
)
def test_a_line_stands_on_the_rung_of_its_status(status: str, rung: str) -> None:
    assert sums(a_line(usd=100, status=status)) == {rung: 100}


def test_every_status_has_a_rung_or_is_withdrawn() -> None:
    assert set(RUNG_OF_STATUS) == set(FinancingStatus)
    assert [status for status, rung in RUNG_OF_STATUS.items() if rung is None] == ["withdrawn"]


def test_a_withdrawn_line_stands_nowhere() -> None:
    assert sums(a_line(status="withdrawn")) == {}
    assert sum(ladder(a_line(status="withdrawn")).lines.values()) == 0


def test_a_deal_without_money_has_sums_of_nothing_not_of_zero() -> None:
    assert ladder().usd == dict.fromkeys(Rung.values)


def test_lines_add_up_on_their_rung_and_never_across() -> None:
    found = sums(
        a_line(ref="f1", usd=100, status="committed"),
        a_line(ref="f2", usd=20, status="closed"),
        a_line(ref="f3", usd=3, status="disbursed"),
    )

    assert found == {"committed": 120, "disbursed": 3}


def test_the_latest_event_by_date_decides_whatever_the_order_in_the_list() -> None:
    events = [
        an_event(ref="e1", status="committed", on="2025-06-01"),
        an_event(ref="e2", status="letter_of_interest", on="2024"),
    ]

    assert sums(a_line(events=events)) == {"committed": 100}


def test_an_undated_event_stays_behind_the_one_it_follows() -> None:
    events = [
        an_event(ref="e1", status="letter_of_interest", on="2025-06-01"),
        an_event(ref="e2", status="conditional"),
    ]

    assert sums(a_line(events=events)) == {"conditional": 100}


@pytest.mark.parametrize("instrument", Instrument.values)
def test_only_money_is_summed(instrument: str) -> None:
    not_money = {"guarantee", "insurance", "price_floor", "tax_credit", "programme"}

    found = ladder(a_line(instrument=instrument))

    assert found.lines["committed"] == 1
    assert found.usd["committed"] == (None if instrument in not_money else 100)


def test_a_line_within_another_on_the_same_rung_is_not_counted_twice() -> None:
    found = sums(
        a_line(ref="f1", usd=100),
        a_line(ref="f2", usd=40, within="f1"),
        a_line(ref="f3", usd=10, within="f2", status="closed"),
    )

    assert found == {"committed": 100}


def test_a_drawing_on_a_firmer_rung_counts_there() -> None:
    drawn = a_line(ref="f2", usd=40, within="f1", status="disbursed")

    assert sums(a_line(ref="f1", usd=100), drawn) == {"committed": 100, "disbursed": 40}


def test_a_line_within_a_withdrawn_one_counts() -> None:
    inner = a_line(ref="f2", usd=40, within="f1")

    assert sums(a_line(ref="f1", status="withdrawn"), inner) == {"committed": 40}


def test_a_line_two_levels_inside_is_compared_with_the_outermost_too() -> None:
    found = sums(
        a_line(ref="f1", usd=100, status="committed"),
        a_line(ref="f2", usd=50, within="f1", status="conditional"),
        a_line(ref="f3", usd=30, within="f2", status="committed"),
    )

    assert found == {"committed": 100, "conditional": 50}


def test_an_unknown_amount_is_counted_and_not_guessed() -> None:
    found = ladder(a_line(ref="f1", usd=None), a_line(ref="f2", usd=7))

    assert found.usd["committed"] == 7
    assert (found.lines["committed"], found.unknown["committed"]) == (2, 1)


def test_only_unknown_amounts_sum_to_nothing_not_to_zero() -> None:
    assert ladder(a_line(usd=None)).usd["committed"] is None


# -- Rates ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "usd"),
    [
        ({"announced_on": "2024-12-31"}, 110),
        ({"announced_on": "2024", "signed_on": "2025"}, 110),
        ({"announced_on": None, "signed_on": "2025-03"}, 120),
        ({"announced_on": None}, None),  # no date, no rate
        ({"announced_on": "2023"}, None),  # none is better than that of another year
    ],
)
def test_a_value_uses_the_rate_of_the_year_announced_else_signed(
    fields: Document, usd: int | None
) -> None:
    value = value_in_usd(a_valued(value=a_value(currency="EUR"), **fields), RATES)

    assert value.low == value.high == value.sorting == usd


def test_dollars_need_neither_rate_nor_date() -> None:
    assert value_in_usd(a_valued(value=a_value(), announced_on=None), RATES).low == 100


def test_a_currency_without_rate_gives_no_dollars() -> None:
    assert value_in_usd(a_valued(value=a_value(currency="XYZ")), RATES).low is None


@pytest.mark.parametrize(("basis", "sorting"), [("total_investment", 100), ("up_to", 300)])
def test_a_range_sorts_by_its_low_end_and_an_up_to_by_its_limit(basis: str, sorting: int) -> None:
    value = value_in_usd(a_valued(value=a_value(low=100, high=300, basis=basis)), RATES)

    assert [value.low, value.high, value.sorting] == [100, 300, sorting]


def test_a_line_uses_the_rate_of_its_last_events_year_else_the_deals() -> None:
    euros = {"amount": 100, "currency": "EUR"}
    line = a_line(on="2024-05-01") | euros
    moved = a_line(
        events=[
            an_event(ref="e1", status="committed", on="2024"),
            an_event(ref="e2", status="closed", on="2025"),
        ]
    )

    assert sums(line) == {"committed": 110}
    assert sums(moved | euros) == {"committed": 120}
    assert sums(a_line() | euros) == {"committed": 120}  # announced in 2025
    assert sums(a_line() | euros, announced_on=None) == {}


def test_dollars_are_rounded_to_the_cent_half_up() -> None:
    rates = Rates({("JPY", 2025): Decimal("0.005")})

    assert rates.usd(1, "JPY", 2025) == Decimal("0.01")
    assert rates.usd(0.5, "JPY", 2025) == Decimal("0.00")


def test_an_amount_as_large_as_a_record_may_state_can_be_stored(db: None) -> None:
    value = {"low": 10**16, "high": 10**16, "currency": "EUR", "basis": "other"}

    (edition,) = published(a_record(value=value, announced_on="2024"))

    assert edition.value_usd and edition.value_usd > 10**16


# -- Past days --------------------------------------------------------------------------------


def test_a_line_stands_over_spans_of_days_by_dated_events_alone() -> None:
    events = [
        an_event(ref="e1", status="letter_of_interest", on="2024-03"),
        an_event(ref="e2", status="conditional"),
        an_event(ref="e3", status="closed", on="2025"),
    ]
    past = [span for span in spans_of(a_line(events=events)) if not span.is_present]

    assert [(span.rung, str(span.from_on), str(span.until_on)) for span in past] == [
        ("indicated", "2024-03-31", "2025-12-31"),
        ("committed", "2025-12-31", "None"),
    ]


def test_what_lies_within_is_judged_for_each_day() -> None:
    """The drawing counts until its facility reaches the same rung."""
    facility = a_line(
        ref="f1",
        events=[
            an_event(ref="e1", status="conditional", on="2024-01-01"),
            an_event(ref="e2", status="committed", on="2025-01-01"),
        ],
    )
    part = a_line(ref="f2", usd=40, within="f1", status="committed", on="2024-06-01")

    counted = {
        (span.item.ref, str(span.from_on)): span.is_counted
        for span in spans_of(facility, part)
        if not span.is_present
    }

    assert counted == {
        ("f1", "2024-01-01"): True,
        ("f1", "2024-06-01"): True,
        ("f2", "2024-06-01"): True,
        ("f1", "2025-01-01"): True,
        ("f2", "2025-01-01"): False,
    }


# -- Of an edition, and of many --------------------------------------------------------------------


def test_a_joint_line_stands_whole_under_each_provider_and_once_in_the_sum(db: None) -> None:
    (edition,) = published(a_record(financing=[a_line(usd=100, providers=[DFC, EXIM])]))

    lines = EditionLine.objects.present().filter(edition=edition)

    assert edition.committed_usd == 100
    for provider in (DFC, EXIM):
        assert [row.amount_usd for row in lines.filter(providers__contains=[provider])] == [100]


def test_the_ladder_of_the_tungsten_venture(db: None) -> None:
    edition = Edition.objects.current().get(key=COVE_DEAL)

    assert edition.value_usd == 1_100_000_000
    assert edition.indicated_usd == 1_600_000_000
    assert (edition.conditional_usd, edition.committed_usd, edition.disbursed_usd) == (None,) * 3


def test_the_columns_of_every_edition_are_the_sums_of_its_lines(db: None) -> None:
    editions = Edition.objects.current().prefetch_related("lines")
    assert len(editions) > 400
    for edition in editions:
        for rung in Rung.values:
            amounts = [
                line.amount_usd
                for line in edition.lines.all()
                if line.is_present and line.rung == rung and line.is_counted and line.amount_usd
            ]
            total = sum(amounts) if amounts else None
            assert getattr(edition, f"{rung}_usd") == total, edition.key


def test_every_line_of_every_edition_is_present_once(db: None) -> None:
    for edition in Edition.objects.current().prefetch_related("lines").select_related("document"):
        refs = [line.ref for line in edition.lines.all() if line.is_present]
        assert len(refs) == len(set(refs))


def test_the_sums_of_many_deals_are_those_of_their_columns(db: None) -> None:
    editions = Edition.objects.current().order_by("key")[:200]
    chosen = Edition.objects.filter(pk__in=[edition.pk for edition in editions])

    found = ladder_of(chosen)

    for rung in Rung.values:
        amounts = [getattr(edition, f"{rung}_usd") for edition in editions]
        assert found.usd[rung] == sum(amount for amount in amounts if amount is not None)
    assert found.deal_count == 200


def test_headlines_count_each_deal_once(db: None) -> None:
    editions = list(Edition.objects.current())

    found = headlines_of(Edition.objects.current())

    counted = [e for e in editions if e.counts_toward_total and e.value_usd is not None]
    assert found.deals == len(counted)
    assert found.usd == sum(e.value_usd for e in counted if e.value_usd)
    assert found.deals + found.left_out + found.without_value == len(editions)


def test_a_firmer_rung_ranks_higher() -> None:
    assert sorted(RUNG_RANK, key=lambda rung: RUNG_RANK[rung]) == list(Rung.values)
