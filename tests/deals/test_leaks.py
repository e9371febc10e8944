"""What is not published is found nowhere public.

A draft, the unpublished edits of a published deal, a withdrawn deal and the newsroom's own words
each carry a word of their own in every text field. Then every public address is asked, in every
way that its route allows. Routes are read from the URL configuration: a new one is asked as well,
without a change here.
"""

from __future__ import annotations

import logging
from itertools import product
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.test import Client
from django.urls import NoReverseMatch, reverse

from deals.filters import DealFilterSet
from deals.models import (
    Citation,
    Company,
    Deal,
    DealProject,
    DealRedirect,
    Dispute,
    Event,
    FinancingEvent,
    FinancingLine,
    Milestone,
    Ownership,
    Party,
    Project,
    Source,
)
from deals.models.project import ProjectFigure
from deals.privacy import NEVER_PUBLIC
from deals.publishing import publish_many
from tests.deals.newsroom import (
    PUBLIC_KEY,
    WITHDRAWN_KEY,
    Newsroom,
    Reader,
    a_newsroom,
)
from tests.routes import public_routes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Hundreds of pages that are rightly not found would bury what failed."""
    caplog.set_level(logging.ERROR, logger="django.request")


@pytest.fixture
def newsroom(db: None) -> Newsroom:
    return a_newsroom()


# -- Every public address --------------------------------------------------------------------


@pytest.fixture
def pool(newsroom: Newsroom) -> list[str]:
    """Keys, slugs and codes to put into addresses: public ones, and those that must not answer."""
    return [
        *(PUBLIC_KEY, WITHDRAWN_KEY, newsroom.draft.key, newsroom.draft.redirects.get().key),
        *("tau-ken-samruk", newsroom.company.slug, newsroom.project.slug, newsroom.event.key),
        *("northern-katpar", "c51-washington-2025", "kz", "KZ", "c5", "tungsten", "status"),
        *("au-2023", "us-critical-minerals-list-2025", "years", "deals", "companies"),
    ]


def test_no_public_address_shows_what_is_not_published(newsroom: Newsroom, pool: list[str]) -> None:
    reader = Reader(newsroom.words)
    silent = []
    for route in public_routes():
        answers = set()
        for address in route.addresses(pool):
            reader.ask(address)
            answers.add(reader.answers[address])
        if not answers & {200, 301, 302}:
            silent.append(route.name)

    assert reader.leaks == {}
    assert silent == []  # every route was given something that it knows
    assert 500 not in reader.answers.values()


def test_a_draft_and_what_only_it_names_are_not_there(newsroom: Newsroom) -> None:
    reader = Reader(newsroom.words)
    hidden = [
        reverse("deals:detail", args=[newsroom.draft.key]),
        reverse("deals:detail", args=[newsroom.draft.redirects.get().key]),
        reverse("deals:history", args=[newsroom.draft.key]),
        reverse("deals:company", args=[newsroom.company.slug]),
        reverse("deals:event", args=[newsroom.event.key]),
        reverse("api:deal-detail", args=[newsroom.draft.key]),
        reverse("api:company-detail", args=[newsroom.company.slug]),
        reverse("api:event-detail", args=[newsroom.event.key]),
        reverse("api:project-detail", args=[newsroom.project.slug]),
    ]
    for address in hidden:
        reader.ask(address)

    assert reader.answers == dict.fromkeys(hidden, 404)
    assert reader.leaks == {}


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", {}),
        ("OPTIONS", {}),
        ("GET", {"HX-Request": "true", "Accept-Encoding": "gzip", "Accept": "text/html"}),
        ("POST", {}),
    ],
)
def test_no_way_of_asking_shows_it(
    newsroom: Newsroom, method: str, headers: dict[str, str]
) -> None:
    reader = Reader(newsroom.words)
    for route in public_routes():
        for address in route.addresses([PUBLIC_KEY, "tau-ken-samruk", "kz"]):
            reader.ask(address, method=method, **headers)

    assert reader.leaks == {}
    assert len(reader.answers) > 30


def test_no_search_finds_it(newsroom: Newsroom) -> None:
    reader = Reader(newsroom.words)
    searched = {
        *("draft: title", "edits: company.name"),
        *("withdrawn: sources.publisher", "staff: username"),
    }
    characteristic = [word for word, place in newsroom.words.places.items() if place in searched]
    assert len(characteristic) == 4
    for route in public_routes():
        if not route.parameters:
            for word in characteristic:
                reader.ask(f"{reverse(route.name)}?q={word}")

    assert reader.leaks == {}


def test_no_word_counts_in_the_api(newsroom: Newsroom) -> None:
    client = Client()
    for word, place in newsroom.words.places.items():
        answer = client.get(reverse("api:deal-list"), {"q": word})
        assert answer.json()["count"] == 0, place


def test_no_filter_and_no_suggestion_names_it(newsroom: Newsroom) -> None:
    """An unknown value is answered with the nearest known one, which must be a public one."""
    reader = Reader(newsroom.words)
    hidden = [newsroom.company.slug, newsroom.event.key]
    for name, value, address in product(
        DealFilterSet.base_filters, hidden, [reverse("deals:list"), reverse("api:deal-list")]
    ):
        reader.ask(f"{address}?{name}={value[:-1]}")
    reader.ask(f"{reverse('api:deal-list')}?company={newsroom.company.slug}&event=x")

    assert reader.leaks == {}
    assert 400 in reader.answers.values()


def test_no_past_reading_shows_it(newsroom: Newsroom) -> None:
    reader = Reader(newsroom.words)
    for name in ("deals:list", "api:deal-list", "deals:home", "api:deal-facets", "api:changes"):
        for clock in ("on=2025-12-31", "as_of=2026-11-21", "on=2025-12-31&as_of=2026-11-21"):
            reader.ask(f"{reverse(name)}?{clock}")

    assert reader.leaks == {}


def test_staff_see_the_same_public_pages_and_leave_nothing_behind(
    newsroom: Newsroom, pool: list[str]
) -> None:
    """What is shown to them is in no cache that answers others."""
    staff = Client(raise_request_exception=False)
    staff.force_login(newsroom.staff)
    for address in (
        reverse("admin:deals_deal_change", args=[newsroom.draft.pk]),
        reverse("admin:deals_deal_changelist"),
    ):
        answer = staff.get(address)
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"]
    signed_in, anybody = Reader(newsroom.words, staff), Reader(newsroom.words)
    for route in public_routes():
        for address in route.addresses(pool[:3]):
            signed_in.ask(address)
            anybody.ask(address)

    assert signed_in.leaks == {}
    assert anybody.leaks == {}
    assert signed_in.answers == anybody.answers


def test_the_admin_lets_nobody_in(newsroom: Newsroom) -> None:
    reader = Reader(newsroom.words)
    for model in (Deal, Company, Project, Event, User, LogEntry):
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        try:
            reader.ask(reverse(name))
        except NoReverseMatch:
            continue
    reader.ask(reverse("admin:deals_deal_change", args=[newsroom.draft.pk]))
    reader.ask(reverse("admin:index"))

    assert set(reader.answers.values()) == {302}
    assert reader.leaks == {}


# -- The test of the test --------------------------------------------------------------------------

FORMED = {
    *("ref", "currency", "value_currency", "language", "lei", "sort_name", "item"),
}
"""Texts of a form that holds no word, or made from another."""


@pytest.mark.parametrize(
    ("model", "where"),
    [
        (Deal, {}),
        (Party, {}),
        (FinancingLine, {}),
        (FinancingEvent, {"line__deal": "draft"}),
        (Milestone, {}),
        (DealProject, {}),
        (DealRedirect, {}),
        (Source, {}),
        (Citation, {}),
        (Dispute, {}),
        (Company, {"pk": "company"}),
        (Project, {"pk": "project"}),
        (ProjectFigure, {"project": "project"}),
        (Event, {"pk": "event"}),
        (Ownership, {"owner": "company"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_text_of_the_draft_holds_a_word(
    newsroom: Newsroom, model: Any, where: dict[str, str]
) -> None:
    """A new text field fails here until the draft above says something in it."""
    if not where:
        where = {"pk": "draft"} if model is Deal else {"deal": "draft"}
    lookup = {name: getattr(newsroom, value).pk for name, value in where.items()}
    row = model._default_manager.get(**lookup)
    for column in model._meta.concrete_fields:
        inner = column.base_field if isinstance(column, ArrayField) else column
        if not isinstance(inner, models.CharField | models.TextField) or inner.choices:
            continue
        if column.name not in FORMED:
            value = str(getattr(row, column.attname))
            assert newsroom.words.found_in(value), f"{model.__name__}.{column.name}: {value}"


def test_what_is_never_public_is_among_the_words(newsroom: Newsroom) -> None:
    """Each text column that `deals.privacy` names holds a word here."""
    places = " ".join(newsroom.words.places.values())
    words_for = {
        "deals.deal.working_note": "working note",
        "auth.user.username": "staff: username",
        "auth.user.first_name": "staff: first name",
        "auth.user.last_name": "staff: last name",
        "auth.user.email": "staff: email",
        "admin.logentry.change_message": "log: message",
    }
    without_words = {
        # Dates, codes and numbers that stand for themselves.
        *("deals.deal.review_state", "deals.deal.created_at", "deals.deal.updated_at"),
        *("auth.user.password", "auth.user.last_login", "deals.edition.published_by"),
        "pghistory.context.metadata",
    }

    assert set(words_for) | without_words == NEVER_PUBLIC
    assert all(place in places for place in words_for.values())


def test_a_leak_would_be_seen(newsroom: Newsroom) -> None:
    reader = Reader(newsroom.words)
    publish_many([newsroom.draft], by=None)

    reader.ask(reverse("deals:detail", args=[newsroom.draft.key]))
    reader.ask(reverse("api:deal-detail", args=[newsroom.draft.key]))

    (page, api) = reader.leaks.values()
    assert {"draft: title", "draft: sources.title", "draft: note"} <= page
    assert "draft: title" in api
