"""Each filter of deals on the real data, and each refusal."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from config.lib.imprecise import ImpreciseDate
from deals.codes import Status
from deals.filters import DealFilterSet
from deals.models import Company, Edition
from deals.reading import utc_today
from deals.renaming import merge_companies
from tests.deals.oracle import LINE_FILTERS, LIST_FILTERS, SAMPLES, World
from tests.deals.records import (
    COVE_DEAL,
    DFC,
    EXIM,
    a_line,
    a_record,
    a_value,
    an_event,
    published,
)

pytestmark = pytest.mark.django_db


def filterset(query: str = "", /, **parameters: Any) -> DealFilterSet:
    return DealFilterSet(QueryDict(query or urlencode(parameters, doseq=True)))


def keys(query: str = "", /, **parameters: Any) -> set[str]:
    found = filterset(query, **parameters)
    assert found.problems() == []
    return set(found.qs.values_list("key", flat=True))


def in_order(query: str = "", /, **parameters: Any) -> list[str]:
    return list(filterset(query, **parameters).qs.values_list("key", flat=True))


@pytest.fixture
def world() -> World:
    return World.load()


# -- Each filter, held to a plain reading of the documents ----------------------------------------


@pytest.mark.parametrize("name", SAMPLES)
def test_filter_means_what_the_table_says(world: World, name: str) -> None:
    """Each sample alone finds what the documents say, and is worth being a sample."""
    for value in SAMPLES[name]:
        assert keys(**{name: value}) == world.keys({name: [value]}), value
    assert any(world.keys({name: [value]}) for value in SAMPLES[name])


@pytest.mark.parametrize("name", LIST_FILTERS)
def test_repeating_a_parameter_means_or(world: World, name: str) -> None:
    values = SAMPLES[name][:3]
    assert keys(**{name: values}) == set().union(*(keys(**{name: v}) for v in values))


@pytest.mark.parametrize("name", LIST_FILTERS)
def test_not_leaves_out_any_of_the_values_and_keeps_the_unknown(world: World, name: str) -> None:
    values = SAMPLES[name][:2]
    left = keys(**{f"{name}__not": values})
    assert left == keys() - keys(**{name: values})
    assert keys(**{f"{name}__empty": "true"}) <= left


@pytest.mark.parametrize("name", LIST_FILTERS)
def test_empty_finds_the_unknown(world: World, name: str) -> None:
    unknown = keys(**{f"{name}__empty": "true"})
    assert unknown == world.keys({f"{name}__empty": ["true"]})
    assert keys(**{f"{name}__empty": "false"}) == keys() - unknown


def test_different_parameters_mean_and(world: World) -> None:
    assert keys(host="c5", mineral="tungsten", disputed="true") == (
        keys(host="c5") & keys(mineral="tungsten") & keys(disputed="true")
    )


def test_all_wants_every_one_of_the_values() -> None:
    both = keys(mineral__all=["copper", "cobalt"])
    assert both
    assert both == keys(mineral="copper") & keys(mineral="cobalt")
    assert keys(mineral__all=["rare-earths", "neodymium"]) == keys(mineral="neodymium")


# -- What the issue names -------------------------------------------------------------------------


def test_host_c5_and_tungsten_finds_the_central_asian_deals_and_no_us_one() -> None:
    found = filterset(host="c5", mineral="tungsten").qs
    assert COVE_DEAL in found.values_list("key", flat=True)
    for edition in found:
        assert {"KZ", "UZ", "KG", "TJ", "TM"} & set(edition.hosts)
        assert "US" not in edition.hosts


def test_rare_earths_finds_neodymium() -> None:
    neodymium = keys(mineral="neodymium")
    assert neodymium
    assert neodymium <= keys(mineral="rare-earths")
    assert keys(mineral="light-rare-earths") <= keys(mineral="rare-earths")


def test_a_provider_who_only_wrote_a_letter_has_committed_nothing() -> None:
    """The two must hold on one line: a letter of one and a loan of another are not enough."""
    published(
        a_record(
            key="zz-letter-and-loan",
            financing=[
                a_line(ref="f1", providers=[EXIM], status="letter_of_interest"),
                a_line(ref="f2", providers=[DFC], status="committed"),
            ],
        )
    )
    assert "zz-letter-and-loan" in keys(provider=EXIM)
    assert "zz-letter-and-loan" in keys(rung="committed")
    assert "zz-letter-and-loan" in keys(provider=DFC, rung="committed")
    assert "zz-letter-and-loan" not in keys(provider=EXIM, rung="committed")
    assert COVE_DEAL in keys(provider=EXIM, rung="indicated")
    assert COVE_DEAL not in keys(provider=EXIM, rung="committed")


def test_no_deal_of_the_fixtures_is_committed_by_a_letter(world: World) -> None:
    providers = {
        slug
        for deal in world.deals
        for line in deal["record"]["financing"]
        for slug in line["providers"]
    }
    for slug in sorted(providers):
        wanted = {"provider": [slug], "rung": ["committed"]}
        assert keys(**wanted) == world.keys(wanted), slug


def test_all_four_line_filters_hold_on_one_line(world: World) -> None:
    wanted = {
        "provider_country": ["US"],
        "instrument": ["loan", "equity"],
        "rung": ["conditional"],
        "provider": [DFC],
    }
    assert set(wanted) == set(LINE_FILTERS)
    assert keys(**wanted) == world.keys(wanted)
    assert keys(**wanted)


def test_rung_means_that_rung_or_a_firmer_one() -> None:
    steps = [keys(rung=rung) for rung in ("indicated", "conditional", "committed", "disbursed")]
    assert all(firmer < looser for looser, firmer in zip(steps, steps[1:], strict=False))


def test_a_bloc_that_signs_itself_is_found_by_its_key() -> None:
    found = Edition.objects.current().get(key="uz-eu-central-asia-crm-declaration")
    assert found.key in keys(partner="eu27")


def test_a_bloc_has_its_members_of_the_day_of_the_deal(world: World) -> None:
    """Kazakhstan joined its blocs at known times; a deal before that is none of the bloc's."""
    published(
        a_record(key="zz-before-eaeu", announced_on="2014-06"),
        a_record(key="zz-after-eaeu", announced_on="2015-06"),
    )
    found = keys(host="eaeu")
    assert "zz-after-eaeu" in found
    assert "zz-before-eaeu" not in found


def test_a_country_may_be_written_in_small_letters() -> None:
    assert keys(host="kz") == keys(host="KZ")


def test_a_merged_company_finds_its_successor() -> None:
    published(a_record(key="zz-merging", parties=[{"ref": "p1", "company": DFC, "role": "lender"}]))
    old, new = Company.objects.get(slug=DFC), Company.objects.get(slug="kazatomprom")
    expected = keys(company=DFC) | keys(company=new.slug)
    merge_companies(old, into=new, by=None)
    assert "zz-merging" in keys(company=DFC)
    assert keys(company=DFC) == keys(company=new.slug) == expected
    assert keys(provider=DFC) == keys(provider=new.slug)


# -- Dates ----------------------------------------------------------------------------------------


def test_only_certain_dates_match_and_the_others_are_counted() -> None:
    published(
        a_record(key="zz-year", announced_on="2025"),
        a_record(key="zz-month", announced_on="2025-06"),
        a_record(key="zz-day", announced_on="2025-06-15"),
    )
    assert {"zz-year", "zz-month", "zz-day"} <= keys(announced_after="2025")
    assert {"zz-year", "zz-month", "zz-day"} & keys(announced_after="2025-06-15") == {"zz-day"}
    possible = keys(announced_after="2025-06-15", dates="possible")
    assert {"zz-year", "zz-month", "zz-day"} <= possible
    certain = filterset(announced_after="2025-06-15")
    assert certain.count_undecided() == len(possible) - certain.qs.count()
    assert filterset(announced_after="2025-06-15", dates="possible").count_undecided() == 0


def test_without_a_date_filter_nothing_is_counted_as_left_out() -> None:
    plain = filterset(mineral="tungsten")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert plain.count_undecided() == 0
    assert all("deals_edition" not in query["sql"] for query in queries)


# -- Money ----------------------------------------------------------------------------------------


def test_limits_match_ranges_that_overlap() -> None:
    value = {"low": 100, "high": 200, "currency": "USD", "basis": "estimated"}
    published(a_record(key="zz-range", value=value))
    assert "zz-range" in keys(min_usd="150")
    assert "zz-range" in keys(max_usd="150")
    assert "zz-range" in keys(min_usd="200", max_usd="200")
    assert "zz-range" not in keys(min_usd="201")
    assert "zz-range" not in keys(max_usd="99")


def test_a_value_without_a_rate_is_a_value_all_the_same() -> None:
    published(a_record(key="zz-odd", value=a_value(usd=5, currency="XAU")))
    assert "zz-odd" in keys(has_value="true")
    assert "zz-odd" not in keys(min_usd="0")


# -- The two times --------------------------------------------------------------------------------


def test_on_today_equals_the_list_without_on() -> None:
    today = str(utc_today())
    for query in ("", "status=announced", "stage__empty=true", "rung=committed", "stale=true"):
        assert in_order(f"{query}&on={today}") == in_order(query or "page=1"), query


def test_on_a_past_day_shows_status_and_money_of_that_day() -> None:
    on = "2025-12-01"
    assert COVE_DEAL in keys(on=on, status="announced")
    assert COVE_DEAL not in keys(on=on, status="agreement_signed")
    assert COVE_DEAL in keys(on="2026-03-12", status="agreement_signed")
    assert COVE_DEAL not in keys(on="2025-11-05")
    assert COVE_DEAL in keys(on=on, provider=EXIM, rung="indicated")
    assert COVE_DEAL not in keys(on=on, provider=DFC)


def test_on_a_past_day_the_stage_may_be_unknown() -> None:
    published(
        a_record(
            key="zz-stages",
            announced_on="2025-01-01",
            stage="construction",
            milestones=[
                {"ref": "m1", "happened_on": "2025-06-01", "stage": "construction", "note": "Start"}
            ],
        )
    )
    assert "zz-stages" in keys(on="2025-03-01", stage__empty="true")
    assert "zz-stages" in keys(on="2025-03-01", stage__not="construction")
    assert "zz-stages" in keys(on="2025-07-01", stage="construction")
    assert "zz-stages" not in keys(on="2025-07-01", stage__empty="true")


def test_as_of_before_the_first_edition_finds_nothing() -> None:
    first = Edition.objects.earliest("published_at").published_at.date()
    assert keys(as_of=str(first - datetime.timedelta(days=1))) == set()
    assert (
        len(keys(as_of=str(first)))
        == Edition.objects.filter(published_at__date=first, number=1).count()
    )


def test_past_editions_are_filtered_by_what_they_said() -> None:
    first = published(a_record(key="zz-changing", status="announced"))[0]
    published(a_record(key="zz-changing", status="closed"))
    assert "zz-changing" in keys(status="closed")
    before = DealFilterSet(QueryDict("status=announced"), Edition.objects.as_of(first.published_at))
    assert "zz-changing" in before.qs.values_list("key", flat=True)


def test_stale_goes_by_the_reference_day() -> None:
    published(a_record(key="zz-quiet", status="announced", announced_on="2020-01-15"))
    assert "zz-quiet" in keys(stale="true")
    assert "zz-quiet" not in keys(stale="true", on="2021-01-01")
    assert "zz-quiet" in keys(stale="true", on="2022-01-15")
    assert "zz-quiet" in keys(stale="false", on="2021-01-01")


# -- Order ----------------------------------------------------------------------------------------


def test_the_newest_comes_first_the_more_precise_before_and_the_unknown_last() -> None:
    published(
        a_record(key="zz-undated", announced_on=None),
        *(
            a_record(key=f"zz-{text}", announced_on=text)
            for text in ("2024", "2024-01", "2024-01-01")
        ),
    )
    order = in_order()
    ours = [key for key in order if key in {"zz-2024", "zz-2024-01", "zz-2024-01-01"}]
    assert ours == ["zz-2024-01-01", "zz-2024-01", "zz-2024"]
    undated = set(Edition.objects.current().filter(announced_on=None).values_list("key", flat=True))
    for ordering in ("announced_on", "-announced_on"):
        order = in_order(ordering=ordering)
        assert set(order[-len(undated) :]) == undated
        assert order[-len(undated) :] == sorted(undated)
    assert in_order() == in_order(ordering="-announced_on")


def test_dates_ascend_and_descend() -> None:
    editions = {e.key: e for e in Edition.objects.current().only("key", "announced_on")}
    for ordering, sign in (("announced_on", 1), ("-announced_on", -1)):
        dated: list[ImpreciseDate] = [
            date for key in in_order(ordering=ordering) if (date := editions[key].announced_on)
        ]
        days = [sign * date.earliest.toordinal() for date in dated]
        assert days == sorted(days)


@pytest.mark.parametrize("ordering", ["value_usd", "-value_usd"])
def test_unknown_values_come_last_in_both_directions(ordering: str) -> None:
    values = list(filterset(ordering=ordering).qs.values_list("value_usd", flat=True))
    known = [value for value in values if value is not None]
    assert values[: len(known)] == sorted(known, reverse=ordering.startswith("-"))
    assert known


def test_status_goes_by_its_code_list() -> None:
    for ordering in ("status", "-status"):
        found = filterset(ordering=ordering).qs.values_list("status", flat=True)
        places = [Status.values.index(code) for code in found]
        assert places == sorted(places, reverse=ordering.startswith("-"))


def test_status_of_a_past_day_is_sorted_too() -> None:
    assert in_order(on="2025-06-01", ordering="status")
    first = in_order(on="2025-06-01", ordering="status")[0]
    assert first in keys(on="2025-06-01", status="rumoured")


@pytest.mark.parametrize("ordering", ["title", "published_at", "status", "value_usd"])
def test_key_decides_between_equals(ordering: str) -> None:
    published(*(a_record(key=f"zz-same-{n}", title="Same") for n in (2, 1, 3)))
    Edition.objects.filter(key__startswith="zz-same").update(
        sort_title="same", announced_on=None, value_usd=None
    )
    order = [k for k in in_order(ordering=ordering) if k.startswith("zz-same")]
    expected = sorted(order) if ordering != "published_at" else [f"zz-same-{n}" for n in (2, 1, 3)]
    assert order == expected


# -- Refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "nearest"),
    [
        ("mineral=tungstn", "tungsten"),
        ("host=Kazakhstan", "KZ"),
        ("bloc=KZ", None),
        ("status=anounced", "announced"),
        ("rung=comitted", "committed"),
        ("company=tauken-samruk", "tau-ken-samruk"),
        ("provider=nobody-at-all-xyz", None),
        ("event=c51-washington-2024", "c51-washington-2025"),
        ("ordering=announced", "announced_on"),
        ("dates=certian", "certain"),
        ("announced_after=June", None),
        ("announced_after=2025-13", None),
        ("on=2025", None),
        ("min_usd=1e9", None),
        ("disputed=yes", None),
        ("mineral__empty=maybe", None),
        ("mineral__all=xyz", None),
        ("kind__not=joint-venture", "joint_venture"),
        ("disputed=true&disputed=false", None),
        ("q=" + "x" * 201, None),
        ("&".join(f"host={n:02}" for n in range(51)), None),
    ],
)
def test_an_invalid_value_is_named_and_shows_nothing(query: str, nearest: str | None) -> None:
    found = filterset(query)
    assert found.qs.count() == 0
    problem = found.problems()[0]
    name, _, value = query.partition("&")[0].partition("=")
    assert problem.parameter == name
    assert problem.value is not None
    assert problem.detail
    if nearest is not None:
        assert (problem.value, problem.nearest) == (value, nearest)


def test_the_future_is_refused() -> None:
    tomorrow = str(utc_today() + datetime.timedelta(days=1))
    for name in ("on", "as_of"):
        found = filterset(**{name: tomorrow})
        assert found.qs.count() == 0
        assert "future" in found.problems()[0].detail
        assert found.problems()[0].value == tomorrow


def test_relevance_needs_a_search() -> None:
    assert filterset(ordering="relevance").problems()[0].parameter == "ordering"
    assert filterset(ordering="relevance", q="tungsten").problems() == []


def test_a_company_that_no_edition_names_is_not_confirmed_to_exist() -> None:
    """Not even as the nearest to a misspelt one: drafts leave no trace."""
    Company.objects.create(slug="secret-mining", name="Secret Mining", type="company")
    for value in ("secret-mining", "secret-minin"):
        problem = filterset(company=value).problems()[0]
        assert problem.nearest is None or "secret" not in problem.nearest


def test_every_problem_is_named_at_once() -> None:
    found = filterset("mineral=x&status=y&min_usd=z")
    assert {problem.parameter for problem in found.problems()} == {"mineral", "status", "min_usd"}


def test_a_comma_is_no_separator() -> None:
    assert filterset("mineral=tungsten,copper").problems()[0].value == "tungsten,copper"


def test_blank_values_are_as_if_not_given() -> None:
    """A form sends all its fields."""
    assert keys("q=&host=&mineral=&min_usd=&on=&disputed=&ordering=") == keys()


# -- Words ----------------------------------------------------------------------------------------


def test_every_filter_has_a_label_and_a_help_text() -> None:
    for name, one in DealFilterSet.base_filters.items():
        assert one.label, name
        if not name.endswith(("__empty",)):
            assert one.extra.get("help_text"), name


def test_the_table_of_the_design_is_complete() -> None:
    documented = {
        *("q", "country", "host", "partner", "party_country", "provider_country", "bloc"),
        *("mineral", "company", "provider", "event", "kind", "status", "stage"),
        *("supply_chain_stage", "confidence", "instrument", "rung"),
        *("announced_after", "announced_before", "signed_after", "signed_before", "dates"),
        *("min_usd", "max_usd", "disputed", "stale", "counts_toward_total", "has_value"),
        *("on", "as_of", "ordering", "mineral__all"),
        *(f"{name}__not" for name in LIST_FILTERS),
        *(f"{name}__empty" for name in LIST_FILTERS),
    }
    assert set(DealFilterSet.base_filters) == documented


def test_a_list_costs_one_query_for_each_table_of_names_and_two_for_the_deals() -> None:
    with CaptureQueriesContext(connection) as queries:
        found = filterset(host="c5", mineral="tungsten", status="announced")
        list(found.qs.for_list())
        found.qs.count()
    # Blocs, countries, minerals; the rows; their number.
    assert len(queries) == 5


def test_events_of_the_ladder_move_a_line_up() -> None:
    """`an_event` twice on one line: its latest rung counts."""
    line = a_line(
        providers=[EXIM],
        events=[
            an_event(ref="e1", status="letter_of_interest", on="2025-11-06"),
            an_event(ref="e2", status="committed", on="2026-02-01"),
        ],
    )
    published(a_record(key="zz-ladder", financing=[line]))
    assert "zz-ladder" in keys(provider=EXIM, rung="committed")
    assert "zz-ladder" not in keys(provider=EXIM, rung="committed", on="2026-01-01")
    assert "zz-ladder" in keys(provider=EXIM, rung="indicated", on="2026-01-01")
