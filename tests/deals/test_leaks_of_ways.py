"""What is not published is in no view, chart, file, comparison, card or suggestion either.

The newsroom is that of `tests.deals.newsroom`, which asks every address once; here each is asked
in the ways that it has: every chart with every option, every facet, selections that would hold
what is hidden, and the two times.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS
from django.test import Client

from deals.bitmap_index.keeping import held_now
from deals.charts.catalogue import CHARTS
from deals.models import Deal
from deals.presenting.citation import FORMS
from deals.publishing import publish_many, withdraw
from deals.rail import LISTS
from deals.views.ways import WAYS
from tests.deals.newsroom import PUBLIC_KEY, WITHDRAWN_KEY, Newsroom, Reader, a_newsroom
from tests.deals.records import COVE_DEAL, a_record, a_reviewer, written

SELECTIONS = ("mineral=tungsten", "company=tau-ken-samruk")
"""Each would hold the draft, the edits or the withdrawn deal, were they public."""
EXPORTS = ("csv", "csv?for=spreadsheet", "xlsx", "json", "ndjson", "geojson")


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Much is rightly not found here."""
    caplog.set_level(logging.ERROR, logger="django.request")


@pytest.fixture
def newsroom(db: None) -> Newsroom:
    return a_newsroom()


def ways(selection: str) -> Iterator[str]:
    """Every way to see or take a selection."""
    for way in WAYS:
        yield f"/deals/?view={way}&page_size=500&{selection}"
    for chart in CHARTS.values():
        options = [f"{one.name}={code}" for one in chart.options for code, _ in one.choices] or [""]
        for option in options:
            yield f"/deals/charts/{chart.name}.csv?{option}&page_size=500&{selection}"
        yield f"/deals/charts/{chart.name}.svg?page_size=500&{selection}"
        yield f"/embed/deals/{chart.name}/?{selection}"
    for name in LISTS:
        yield f"/deals/facets/{name}/?page_size=500&{selection}"
    for export in EXPORTS:
        path, _, query = export.partition("?")
        yield f"/deals/export.{path}?{query}&{selection}"
    yield f"/deals/feed.atom?{selection}"
    yield f"/cards/deals.png?{selection}"


@pytest.mark.parametrize("selection", SELECTIONS)
def test_no_way_to_see_a_selection_shows_it(newsroom: Newsroom, selection: str) -> None:
    reader = Reader(newsroom.words)
    for address in ways(selection):
        reader.ask(address)

    assert reader.leaks == {}
    assert set(reader.answers.values()) == {200}


def test_numbers_of_a_selection_are_of_what_is_published(newsroom: Newsroom) -> None:
    """Counts, titles and sums are the same, whatever the newsroom holds back."""
    selection = "mineral=tungsten&host=kz"
    addresses = [one for one in ways(selection) if "/export." not in one and "feed" not in one]
    before = {address: body_of(address) for address in addresses}

    publish_many([newsroom.draft], by=None)
    changed = {address for address in addresses if body_of(address) != before[address]}
    withdraw(newsroom.draft, by=newsroom.staff, reason="It was for tests.")

    assert len(changed) > len(addresses) / 2  # the draft would have been counted
    assert {address: body_of(address) for address in addresses} == before


def body_of(address: str) -> bytes:
    answer: Any = Client().get(address)
    assert answer.status_code == 200, address
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_it_is_not_there_by_its_name(newsroom: Newsroom) -> None:
    """A draft is unknown, a withdrawn deal is gone, and neither is said of with its words."""
    reader = Reader(newsroom.words)
    asked = {
        "/cards/deals/{}.png": (404, 404),
        f"/deals/compare/?deal={COVE_DEAL}&deal={{}}": (404, 410),
        f"/deals/compare.csv?deal={COVE_DEAL}&deal={{}}": (404, 410),
        "/deals/{}/": (404, 410),
        "/deals/{}/editions/2/": (404, 410),
        **{f"/deals/{{}}/editions/2/cite.{form.ending}": (404, 410) for form in FORMS},
    }
    for path, statuses in asked.items():
        for key, status in zip((newsroom.draft.key, WITHDRAWN_KEY), statuses, strict=True):
            text = reader.ask(path.format(key))
            assert reader.answers[path.format(key)] == status, (path, key)
            told = newsroom.words.found_in(text) - newsroom.words.found_in(key)
            # Its history stays readable, so what is gone has a name.
            assert {newsroom.words.places[word] for word in told} <= {"withdrawn: title"}, path

    assert reader.leaks == {}
    for kind, slug in (("companies", newsroom.company.slug), ("events", newsroom.event.key)):
        reader.ask(f"/cards/{kind}/{slug}.png")
        assert reader.answers[f"/cards/{kind}/{slug}.png"] == 404


def test_no_suggestion_is_made_of_it(newsroom: Newsroom) -> None:
    """Whole, begun or misspelt; nor is it proposed to be compared."""
    reader = Reader(newsroom.words)
    places = ("draft: title", "draft: company.name", "draft: company.aliases", "draft: event.name")
    wanted = [word for word, place in newsroom.words.places.items() if place in places]
    wanted += [newsroom.company.name, "zz"]
    assert len(wanted) == 6
    for word, cut in product(wanted, (0, 3)):
        text = word[: len(word) - cut]
        for address in ("/suggest/?q={}", "/deals/compare/?add={}", "/deals/?q={}"):
            said = reader.ask(address.format(text))
            assert newsroom.company.slug not in said
            assert newsroom.draft.key not in said

    assert reader.leaks == {}


def test_nothing_is_shown_for_a_day_before_it_was_published(newsroom: Newsroom) -> None:
    """Neither a deal that is public today nor one that is withdrawn since."""
    yesterday = datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=1)
    days = (f"as_of={yesterday}", f"as_of={yesterday}&on={yesterday}")
    reader = Reader(newsroom.words)
    for day, address in product(days, ways("mineral=tungsten")):
        text = reader.ask(f"{address}&{day}")
        assert PUBLIC_KEY not in text, address
        assert newsroom.words.found_in(text) == set(), address
        assert reader.answers[f"{address}&{day}"] == 200
    for key in (PUBLIC_KEY, WITHDRAWN_KEY):
        for path in (f"/deals/{key}/?", f"/deals/compare/?deal={COVE_DEAL}&deal={key}&"):
            text = reader.ask(f"{path}{days[0]}")
            assert reader.answers[f"{path}{days[0]}"] == 404
            assert newsroom.words.found_in(text) == set()

    assert reader.leaks == {}


@pytest.mark.sql
def test_no_cache_keeps_what_was_withdrawn(own_database: str) -> None:
    """Whoever asks whether anything changed is sent the answer without it."""
    reviewer = a_reviewer()
    (deal,) = written(a_record(title="Withdrawn at once"))
    publish_many([deal], by=reviewer)
    addresses = [
        *ways("host=kz&q=withdrawn"),
        *("/sitemap.xml", "/sitemap-deals.xml", "/suggest/?q=withdrawn", "/cards/home.png"),
        f"/deals/compare/?deal={COVE_DEAL}&deal={deal.key}",
        f"/deals/compare.csv?deal={COVE_DEAL}&deal={deal.key}",
        *(f"/cards/deals/{deal.key}.png", f"/deals/{deal.key}/"),
    ]
    etags = {address: Client().get(address)["ETag"] for address in addresses}

    withdraw(Deal.objects.get(pk=deal.pk), by=reviewer, reason="It was for tests.")

    for address, etag in etags.items():
        answer: Any = Client().get(address, headers={"if-none-match": etag})
        assert answer.status_code in {200, 404, 410}, address
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        # What is gone has a name, since its history stays readable.
        assert b"Withdrawn at once" not in body or answer.status_code == 410, address


def test_what_is_held_in_memory_holds_nothing_of_it(own_database: str, settings: Any) -> None:
    """Bitmaps and names are only held where what was written is committed, so not in other tests.

    A draft is asked for before it is published, while it is, and when it is withdrawn again.
    """
    settings.BITMAPS_FROM_DEALS = 1
    newsroom = a_newsroom()
    assert held_now(DEFAULT_DB_ALIAS) is not None
    places = ("draft: title", "draft: company.name", "draft: event.name", "withdrawn: title")
    words = [word for word, place in newsroom.words.places.items() if place in places]
    assert len(words) == len(places)
    searched = [*words, *(word[:-3] for word in words), newsroom.company.name, "zz"]
    addresses = [
        *(f"/suggest/?q={word}" for word in searched),
        *(f"{path}?q={word}" for word in words for path in ("/deals/", "/api/v1/deals/")),
        *(f"/deals/?view={way}&page_size=500&mineral=tungsten" for way in WAYS),
        *("/deals/?page_size=500", "/api/v1/deals/?mineral=tungsten&page_size=500"),
        *("/api/v1/deals/facets/?mineral=tungsten", "/companies/", "/events/", "/"),
        *(f"/deals/facets/{name}/?page_size=500" for name in LISTS),
        *(f"/deals/export.{export}" for export in EXPORTS),
    ]

    def ask() -> Reader:
        reader = Reader(newsroom.words)
        for address in addresses:
            said = reader.ask(address)
            if newsroom.company.slug in said or newsroom.draft.key in said:
                reader.leaks.setdefault(address, {"a key"})
        assert set(reader.answers.values()) == {200}
        return reader

    assert ask().leaks == {}
    publish_many([newsroom.draft], by=None)
    assert len(ask().leaks) > len(addresses) / 2
    withdraw(newsroom.draft, by=newsroom.staff, reason="It was for tests.")
    assert ask().leaks == {}
