"""/events/ and /events/<key>/: what became of a summit."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from deals.models import Event
from deals.reading import Clock
from deals.views.events import Fate, time_since
from tests.deals.records import COVE_DEAL, a_line, a_record, a_value, published, written

pytestmark = pytest.mark.django_db

C5 = "c51-washington-2025"


def an_event_on(*, key: str = "quetzal-summit", day: str = "2024-05-01") -> Event:
    return Event.objects.create(
        key=key, name="Quetzal summit", happened_on=day, summary="Talks about ore."
    )


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def fate_of(client: Client, path: str, key: str) -> Fate:
    fates: list[Fate] = client.get(path).context["fates"]
    return next(fate for fate in fates if fate.deal["key"] == key)


def test_list_holds_public_events_alone(client: Client) -> None:
    rows = client.get("/events/").context["rows"]
    assert {event.key for event, _ in rows} == set(
        Event.objects.public().values_list("key", flat=True)
    )
    assert all(sums["deals"] > 0 for _, sums in rows)


def test_every_public_event_has_a_page_and_no_other(client: Client) -> None:
    public = set(Event.objects.public().values_list("key", flat=True))
    for event in Event.objects.all():
        response = client.get(event.get_absolute_url())
        assert response.status_code == (200 if event.key in public else 404), event


def test_c5_summit_is_told_deal_by_deal(client: Client) -> None:
    response = client.get(f"/events/{C5}/")
    page = response.content.decode()
    assert len(response.context["fates"]) == 7
    cove = fate_of(client, f"/events/{C5}/", COVE_DEAL)
    assert (cove.then, cove.deal["status"]) == ("announced", "agreement_signed")
    assert [fate.deal["key"] for fate in response.context["facts"]["moved"]] == [COVE_DEAL]
    assert "7 recorded deals were announced there with $36.5bn in headlines." in page
    assert "$1.6bn is indicated and nothing is committed." in page
    assert "announced to agreement signed" in page
    assert "$35bn of the headlines is one deal" in page


def test_status_at_the_event_follows_from_dated_states(client: Client) -> None:
    event = an_event_on()
    published(
        a_record(
            event=event.key, announced_on="2024-05-01", status="closed", closed_on="2024-09-01"
        )
    )
    fate = fate_of(client, "/events/quetzal-summit/", "zz-test-deal")
    assert (fate.then, fate.then_on, fate.has_moved) == ("announced", None, True)


def test_a_state_dated_later_bears_its_day(client: Client) -> None:
    event = an_event_on()
    published(a_record(event=event.key, announced_on="2024-05-20", status="announced"))
    fate = fate_of(client, "/events/quetzal-summit/", "zz-test-deal")
    assert (fate.then, fate.then_on) == ("announced", datetime.date(2024, 5, 20))
    assert "by 20 May 2024" in text_of(client, "/events/quetzal-summit/")


def test_without_dates_nothing_is_said_of_that_day(client: Client) -> None:
    event = an_event_on()
    published(a_record(event=event.key, announced_on=None))
    fate = fate_of(client, "/events/quetzal-summit/", "zz-test-deal")
    assert (fate.then, fate.has_moved) == (None, False)


def test_promised_against_committed_never_adds_rungs(client: Client) -> None:
    event = an_event_on()
    published(
        a_record(
            event=event.key,
            announced_on="2024-05-01",
            value=a_value(usd=900_000_000),
            financing=[
                a_line(ref="f1", usd=300_000_000, status="letter_of_interest"),
                a_line(ref="f2", usd=50_000_000, status="committed"),
            ],
        )
    )
    response = client.get("/events/quetzal-summit/")
    assert response.context["ladder"].usd["indicated"] == 300_000_000
    assert response.context["ladder"].usd["committed"] == 50_000_000
    assert response.context["headlines"].usd == 900_000_000
    page = response.content.decode()
    assert "$300m is indicated and $50m is committed." in page
    assert "$350m" not in page


def test_an_event_of_drafts_alone_is_404(client: Client) -> None:
    event = an_event_on()
    written(a_record(event=event.key))
    assert client.get("/events/quetzal-summit/").status_code == 404
    assert "Quetzal" not in text_of(client, "/events/")


def test_unknown_event_is_404(client: Client) -> None:
    assert client.get("/events/no-such-summit/").status_code == 404


def test_before_the_first_edition_it_has_no_deal(client: Client) -> None:
    response = client.get(f"/events/{C5}/?as_of=2020-01-01")
    assert response.context["fates"] == []
    assert "No deal is on record as of that day." in response.content.decode()


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (3, "So far"),
        (40, "1 month on,"),
        (200, "6 months on,"),
        (380, "A year on,"),
        (800, "2 years on,"),
    ],
)
def test_time_since_in_words(days: int, words: str) -> None:
    event = Event(happened_on="2024-05-01")
    event.full_clean(exclude=[f.name for f in Event._meta.fields if f.name != "happened_on"])
    clock = Clock(today=datetime.date(2024, 5, 1) + datetime.timedelta(days=days))
    assert time_since(event, clock) == words


@pytest.mark.parametrize(("path", "queries"), [("/events/", 4), (f"/events/{C5}/", 10)])
def test_number_of_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, path: str, queries: int
) -> None:
    with django_assert_num_queries(queries):
        client.get(path)
