"""Reading editions as of a day and on a day: staleness, past states, links that can be followed."""

from __future__ import annotations

import datetime
from typing import Any

import orjson
import pytest

from deals.models import Edition
from deals.publishing import withdraw
from deals.reading import Clock, ClockError, detail, summaries, utc_today, years_before
from tests.deals.records import (
    COVE_DEAL,
    Document,
    a_line,
    a_record,
    an_event,
    published,
    written,
)

pytestmark = pytest.mark.sql

DAY = datetime.date.fromisoformat


def current_summaries(clock: Clock) -> dict[str, Document]:
    editions = clock.editions().select_related("document").order_by("key")
    return {summary["key"]: summary for summary in summaries(editions, clock)}


def one(clock: Clock, **fields: Any) -> Document:
    published(a_record(**fields))
    return current_summaries(clock)["zz-test-deal"]


# -- The clock ------------------------------------------------------------------------------------


def test_without_parameters_it_is_now() -> None:
    clock = Clock.parse()

    assert (clock.as_of, clock.on, clock.day) == (None, None, utc_today())
    assert not clock.is_past_world


def test_as_of_a_day_is_its_end_in_utc() -> None:
    clock = Clock.parse(as_of="2026-01-02")

    assert str(clock.as_of) == "2026-01-02 23:59:59.999999+00:00"
    assert clock.day == DAY("2026-01-02")


def test_the_reference_day_is_on_else_as_of() -> None:
    assert Clock.parse(as_of="2026-01-02", on="2025-05-06").day == DAY("2025-05-06")


def test_on_the_day_of_as_of_is_the_present_of_that_reading() -> None:
    assert not Clock.parse(as_of="2026-01-02", on="2026-01-02").is_past_world
    assert Clock.parse(as_of="2026-01-02", on="2026-01-01").is_past_world


@pytest.mark.parametrize("parameter", ["as_of", "on"])
@pytest.mark.parametrize("value", ["2025", "2025-11", "yesterday", "2025-02-30", "2025-11-06T00"])
def test_only_a_day_will_do(parameter: str, value: str) -> None:
    with pytest.raises(ClockError, match="is no day: write YYYY-MM-DD") as caught:
        Clock.parse(**{parameter: value})

    assert (caught.value.parameter, caught.value.value) == (parameter, value)


@pytest.mark.parametrize("parameter", ["as_of", "on"])
def test_the_future_is_refused(parameter: str) -> None:
    tomorrow = str(utc_today() + datetime.timedelta(days=1))

    with pytest.raises(ClockError, match="lies in the future"):
        Clock.parse(**{parameter: tomorrow})


def test_two_years_before_a_leap_day() -> None:
    assert years_before(DAY("2028-02-29"), 2) == DAY("2026-02-28")
    assert years_before(DAY("2028-02-29"), 4) == DAY("2024-02-29")


# -- Staleness ------------------------------------------------------------------------------------

NEWS = "2024-05-06"


def staleness(day: str, **fields: Any) -> tuple[bool, bool]:
    clock = Clock(today=DAY(day))
    summary = one(clock, **{"status": "mou_signed", "announced_on": NEWS, **fields})
    edition = Edition.objects.current().filter(key="zz-test-deal")
    assert edition.filter(clock.stale()).exists() is summary["is_stale"]
    return summary["is_stale"], summary["is_presumed_lapsed"]


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2026-05-05", (False, False)),
        ("2026-05-06", (True, False)),
        ("2028-05-05", (True, False)),
        ("2028-05-06", (True, True)),
    ],
)
def test_a_deal_without_news_goes_stale_after_24_months_and_lapses_after_48(
    db: None, day: str, found: tuple[bool, bool]
) -> None:
    assert staleness(day) == found


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "agreement_signed"},
        {"status": "announced", "kind": "grant"},
        {"status": "announced", "kind": "project_designation"},
        {"status": "announced", "kind": "mining_licence"},
        {"announced_on": None},  # no news at all is not old news
        {"milestones": [{"ref": "m1", "note": "x", "happened_on": "2029"}]},
    ],
)
def test_what_does_not_go_stale(db: None, fields: Document) -> None:
    assert staleness("2029-01-01", **fields) == (False, False)


def test_staleness_of_a_past_day_knows_only_the_news_of_then(db: None) -> None:
    published(a_record(announced_on="2018-01-01", signed_on="2021-01-01"))
    clocks = {day: Clock(on=DAY(day)) for day in ("2019-12-31", "2020-01-01", "2021-01-01")}

    found = {
        day: (
            current_summaries(clock)["zz-test-deal"]["is_stale"],
            clock.editions().filter(clock.stale(), key="zz-test-deal").exists(),
        )
        for day, clock in clocks.items()
    }

    assert found == {
        "2019-12-31": (False, False),
        "2020-01-01": (True, True),
        "2021-01-01": (False, False),
    }


@pytest.mark.parametrize("on", [None, "2020-06-30", "2024-02-29", "2026-11-20"])
def test_the_filter_and_the_mark_agree_for_every_deal(db: None, on: str | None) -> None:
    clock = Clock(on=DAY(on) if on else None)

    marked = {key for key, summary in current_summaries(clock).items() if summary["is_stale"]}

    assert marked == set(clock.editions().filter(clock.stale()).values_list("key", flat=True))
    assert marked


# -- On a day -------------------------------------------------------------------------------------


def test_on_today_is_the_same_as_without(db: None) -> None:
    assert current_summaries(Clock(on=utc_today())) == current_summaries(Clock())


def test_the_day_before_the_announcement_a_deal_is_not_there(db: None) -> None:
    published(a_record(announced_on="2024-05"))

    assert "zz-test-deal" not in current_summaries(Clock(on=DAY("2024-05-30")))
    assert "zz-test-deal" in current_summaries(Clock(on=DAY("2024-05-31")))


def test_status_stage_and_money_are_those_of_the_day(db: None) -> None:
    fields: Any = {
        "status": "closed",
        "stage": "operating",
        "announced_on": "2023-01-01",
        "signed_on": "2024-01-01",
        "closed_on": "2025-01-01",
        "milestones": [
            {"ref": "m1", "note": "x", "happened_on": "2024-06-01", "stage": "construction"}
        ],
        "financing": [
            a_line(
                usd=100,
                events=[
                    an_event(ref="e1", status="letter_of_interest", on="2023-06-01"),
                    an_event(ref="e2", status="disbursed", on="2025-06-01"),
                ],
            )
        ],
    }
    published(a_record(**fields))

    def on(day: str) -> tuple[Any, ...]:
        summary = current_summaries(Clock(on=DAY(day)))["zz-test-deal"]
        sums = {rung: usd for rung, usd in summary["ladder"].items() if usd is not None}
        return summary["status"], summary["stage"], sums

    assert on("2023-05-31") == ("announced", None, {})
    assert on("2023-06-01") == ("announced", None, {"indicated": 100})
    assert on("2024-06-01") == ("agreement_signed", "construction", {"indicated": 100})
    assert on("2025-06-01") == ("closed", "construction", {"disbursed": 100})
    present = current_summaries(Clock())["zz-test-deal"]
    assert (present["status"], present["stage"]) == ("closed", "operating")


def test_a_summary_has_the_same_keys_on_any_day(db: None) -> None:
    present, past = (
        current_summaries(clock)[COVE_DEAL] for clock in (Clock(), Clock(on=DAY("2025-12-01")))
    )

    assert list(past) == list(present)
    assert past["ladder"].keys() == present["ladder"].keys()


def test_the_tungsten_venture_at_its_announcement_and_now(db: None) -> None:
    """The letters of interest of one lender came later than those of the other."""
    then = current_summaries(Clock(on=DAY("2025-11-06")))[COVE_DEAL]
    now = current_summaries(Clock())[COVE_DEAL]

    assert (then["status"], now["status"]) == ("announced", "agreement_signed")
    assert then["ladder"]["indicated"] == 900_000_000
    assert now["ladder"]["indicated"] == 1_600_000_000


def test_the_sums_of_a_past_day_are_those_of_its_lines(db: None) -> None:
    clock = Clock(on=DAY("2025-06-30"))

    for key, summary in current_summaries(clock).items():
        for rung, usd in summary["ladder"].items():
            lines = clock.lines().filter(edition__key=key, rung=rung) if usd is not None else None
            if lines is not None:
                assert usd == sum(x.amount_usd or 0 for x in lines if x.is_counted), key


# -- As of a day ----------------------------------------------------------------------------------


def test_before_the_first_edition_there_is_nothing(db: None) -> None:
    assert not Clock.parse(as_of="2020-01-01").editions().exists()


def test_as_of_a_moment_between_two_editions_is_the_first(db: None) -> None:
    (first,) = published(a_record(title="First"))
    (second,) = published(a_record(title="Second"))
    just_before = second.published_at - datetime.timedelta(microseconds=1)

    def title(moment: datetime.datetime) -> str:
        return str(current_summaries(Clock(as_of=moment))["zz-test-deal"]["title"])

    assert title(first.published_at) == title(just_before) == "First"
    assert title(second.published_at) == "Second"


def test_a_withdrawn_deal_stays_readable_as_of_before(db: None) -> None:
    (edition,) = published(a_record())
    gone = withdraw(edition.deal, by=None, reason="Wrong")

    assert "zz-test-deal" in current_summaries(Clock(as_of=edition.published_at))
    assert "zz-test-deal" not in current_summaries(Clock(as_of=gone.published_at))
    assert "zz-test-deal" not in current_summaries(Clock())


# -- The whole document ---------------------------------------------------------------------------


def test_a_detail_says_what_the_summary_says(db: None) -> None:
    for clock in (Clock(), Clock(on=DAY("2024-06-30"))):
        for edition in clock.editions().select_related("document").order_by("key")[:60]:
            whole, (short,) = detail(edition, clock), summaries([edition], clock)
            same = whole.keys() & short.keys()
            assert {"status", "stage", "is_stale", "ladder", "value_usd"} <= same
            assert {key: whole[key] for key in same} == {key: short[key] for key in same}


def test_the_lines_of_a_detail_are_those_of_the_day(db: None) -> None:
    """Also where a later step moved one to a firmer rung, and where one was not there yet."""
    steps = [
        an_event(ref="e1", status="letter_of_interest", on="2023-06-01"),
        an_event(ref="e2", status="committed", on="2025-06-01"),
    ]
    late = a_line(ref="f2", usd=5, status="committed", on="2025-07-01")
    (edition,) = published(
        a_record(announced_on="2023-01-01", financing=[late, a_line(ref="f1", events=steps)])
    )

    def lines(day: str) -> list[tuple[str, str]]:
        document = detail(edition, Clock(on=DAY(day)))
        counted = [x["amount_usd"] for x in document["lines"] if x["is_counted"]]
        assert sum(counted) == sum(usd or 0 for usd in document["ladder"].values())
        return [(line["ref"], line["rung"]) for line in document["lines"]]

    assert lines("2023-01-01") == []
    assert lines("2024-01-01") == [("f1", "indicated")]
    assert lines("2025-12-31") == [("f2", "committed"), ("f1", "committed")]
    assert (
        detail(edition, Clock())["lines"] == detail(edition, Clock(on=DAY("2025-12-31")))["lines"]
    )


def test_links_lead_both_ways_and_carry_titles(db: None) -> None:
    whole, part = published(
        a_record(key="zz-whole", title="The whole"),
        a_record(key="zz-part", title="The part", links=[{"type": "part_of", "deal": "zz-whole"}]),
    )

    outward = {"type": "part_of", "deal": "zz-whole", "title": "The whole", "direction": "out"}
    inward = {"type": "part_of", "deal": "zz-part", "title": "The part", "direction": "in"}
    assert detail(part, Clock())["links"] == [outward]
    assert detail(whole, Clock())["links"] == [inward]


def test_a_link_to_what_readers_cannot_see_is_left_out(db: None) -> None:
    written(a_record(key="zz-draft"))
    link = {"type": "follows", "deal": "zz-draft"}
    (edition,) = published(a_record(links=[link]))

    assert "zz-draft" in edition.document.detail_text
    assert b"zz-draft" not in orjson.dumps(detail(edition, Clock()))

    published(a_record(key="zz-draft"))
    assert detail(edition, Clock())["record"]["links"] == [link]
