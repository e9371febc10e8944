"""The front page: its numbers are those of the editions."""

from __future__ import annotations

import datetime
import gzip
import re

import pytest
from django.test import Client

from config.lib.words import money_in_words, share_in_words
from deals.models import Deal, Edition, EditionLine
from deals.models.edition import EditionQuerySet
from deals.news import latest_news
from deals.portfolios import headlines_of
from deals.publishing import withdraw
from deals.unit_chart import unit_chart
from tests.deals.pages import links_in, queries_for, words_of
from tests.deals.records import EXIM, a_line, a_record, published, written

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 21)


def made() -> EditionQuerySet:
    """Only the deals that a test made."""
    return Edition.objects.current().filter(key__startswith="zz-")


def test_the_headline_is_the_share_without_financing(client: Client) -> None:
    deals = Edition.objects.current()
    financed = EditionLine.objects.present().exclude(rung="").filter(edition__in=deals)
    without = deals.exclude(pk__in=financed.values("edition")).count()
    words = words_of(client.get("/"))

    share = share_in_words(without / deals.count())
    assert f"For {share} of mineral deals, no source says who pays" in words
    assert f"Lodebook records {deals.count()} critical-minerals deals" in words


def test_sums_are_those_of_the_editions(client: Client) -> None:
    words = words_of(client.get("/"))
    headlines = headlines_of(Edition.objects.current())

    assert headlines.usd is not None
    assert f"Headline value {money_in_words(headlines.usd)} {headlines.deals} deals" in words


def test_every_deal_is_a_square_or_said_not_to_be(client: Client) -> None:
    deals = Edition.objects.current()
    chart = unit_chart(deals, TODAY)

    assert sum(year.deals for year in chart.years) + chart.undated + chart.older == deals.count()
    for year in chart.years:
        assert len(list(year.squares())) == year.deals
    drawn = sum(year.deals for year in chart.years)
    for picture in (chart.wide, chart.narrow):
        assert len(re.findall(r"h[\d.]+v[\d.]+h-[\d.]+z", picture)) == drawn


def test_a_square_shows_the_firmest_money(client: Client) -> None:
    lines = [a_line(ref="f1", status="considered"), a_line(ref="f2", status="committed")]
    published(
        a_record(key="zz-a", announced_on="2025", financing=lines),
        a_record(key="zz-b", announced_on="2025-03", financing=[a_line(status="withdrawn")]),
        a_record(key="zz-c", announced_on="2026-01-01", financing=[a_line(usd=None)]),
        a_record(key="zz-d", announced_on=None),
        a_record(key="zz-e", announced_on="1999"),
    )
    chart = unit_chart(made(), TODAY)

    by_year = {year.year: dict(year.by_rung) for year in chart.years if year.deals}
    assert by_year == {2025: {"committed": 1, "": 1}, 2026: {"committed": 1}}
    assert (chart.undated, chart.older, chart.unfinished) == (1, 1, 2026)


def test_a_chart_of_nothing_can_be_drawn() -> None:
    chart = unit_chart(Edition.objects.none(), TODAY)

    assert chart.deals == 0
    assert "<svg" in chart.wide


def test_news_are_the_newest_events_one_a_deal_and_none_from_the_future() -> None:
    milestones = [
        {"ref": "m1", "happened_on": "2026-05-01", "note": "Drilling began"},
        {"ref": "m2", "happened_on": "2026-06-01", "note": "Drilling ended"},
        {"ref": "m3", "happened_on": "2027-01-01", "note": "The mine is to open"},
    ]
    published(
        a_record(key="zz-a", title="One", milestones=milestones),
        a_record(key="zz-b", title="Two", announced_on="2026-06-30"),
    )
    news = latest_news(made(), TODAY, count=5)

    assert [(item.title, item.text) for item in news] == [
        ("Two", "announced."),
        ("One", "drilling ended."),
    ]


def test_ways_in_lead_to_pages_that_are_there(client: Client) -> None:
    ways = [
        href
        for href in links_in(client.get("/"))
        if href.startswith(("/minerals/", "/countries/", "/events/", "/companies/", "/deals/"))
    ]

    assert len(ways) > 30
    pages = {href for href in ways if href.endswith("/")}
    assert [href for href in sorted(pages) if client.get(href).status_code != 200] == []


def test_drafts_and_withdrawn_deals_change_no_number(client: Client) -> None:
    before = words_of(client.get("/"))
    written(a_record(key="zz-draft", title="Quagga", financing=[a_line(usd=10**12)]))
    published(a_record(key="zz-gone", title="Zorilla", financing=[a_line(usd=10**12)]))
    withdraw(Deal.objects.get(key="zz-gone"), by=None, reason="Never was.")

    assert words_of(client.get("/")) == before


def test_it_needs_few_queries_and_is_light(client: Client) -> None:
    assert len(queries_for(client, "/")) == 10
    assert len(gzip.compress(client.get("/").content)) < 20_000


def test_money_that_moved_is_told_as_what_became_of_it() -> None:
    steps = [
        {"ref": "e1", "status": "letter_of_interest", "happened_on": "2025-11-06"},
        {"ref": "e2", "status": "conditional", "happened_on": "2026-11-02", "note": "board vote"},
    ]
    published(a_record(financing=[a_line(providers=[EXIM], events=steps)]))
    (news,) = latest_news(made(), TODAY, count=5)
    assert str(news.happened_on) == "2026-11-02"
    told = "Export-Import Bank of the United States’ letter of interest became conditional."
    assert news.text.startswith(told)
    assert "board vote" in news.text
