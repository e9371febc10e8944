"""What is not published is found nowhere public.

A draft, the unpublished edits of a published deal, a withdrawn deal and the newsroom's own words
each carry a word of their own in every text field. Then every public address is asked, in every
way that its route allows. Routes are read from the URL configuration: a new one is asked as well,
without a change here.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import logging
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from countries.models import Country, Reference
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
from deals.publishing import publish_many, submit, withdraw
from tests.deals.records import Document, a_record, a_value, written

pytestmark = pytest.mark.django_db

ZIPPED = b"PK\x03\x04"
PUBLIC_KEY = "zz-public-deal"
WITHDRAWN_KEY = "zz-withdrawn-deal"


@dataclass
class Words:
    """Words that stand in one place each, so that a leak says where it comes from."""

    places: dict[str, str] = field(default_factory=dict)

    def make(self, place: str) -> str:
        number = int(hashlib.sha256(place.encode()).hexdigest(), 16)
        letters = "".join(chr(ord("a") + (number // 26**n) % 26) for n in range(12))
        word = f"qx{letters}"
        self.places[word] = place
        return word

    def found_in(self, text: str) -> set[str]:
        return set(re.findall("|".join(self.places), text.lower()))


def secret_record(words: Words, who: str, *, key: str, company: str, **fields: Any) -> Document:
    """A record with a word of its own in every text, by a company of its own."""

    def word(place: str) -> str:
        return words.make(f"{who}: {place}")

    return a_record(
        key=key,
        title=f"Title {word('title')}",
        summary=f"Summary {word('summary')}.",
        value=a_value(usd=123, note=word("value.note")),
        minerals=["tungsten"],
        parties=[
            {
                "ref": "p1",
                "company": company,
                "role": "seller",
                "stake_percent": 12.3456,
                "note": word("parties.note"),
            }
        ],
        financing=[
            {
                "ref": "f1",
                "providers": [company],
                "instrument": "loan",
                "amount": 98765,
                "currency": "USD",
                "note": word("financing.note"),
                "events": [
                    {"ref": "e1", "status": "closed", "note": word("financing.events.note")}
                ],
            }
        ],
        terms=[f"Term {word('terms')}"],
        milestones=[{"ref": "m1", "happened_on": "2025-12", "note": word("milestones.note")}],
        sources=[
            {
                "ref": "s1",
                "url": f"https://{word('sources.url')}.example.org/page",
                "publisher": word("sources.publisher"),
                "title": word("sources.title"),
                "origin": word("sources.origin"),
            }
        ],
        citations=[
            {
                "ref": "c1",
                "source": "s1",
                "fact": "value",
                "locator": word("citations.locator"),
                "quote": word("citations.quote"),
                "stated": word("citations.stated"),
            }
        ],
        disputes=[
            {
                "ref": "d1",
                "fact": "stake",
                "note": word("disputes.note"),
                "status": "resolved",
                "resolution": word("disputes.resolution"),
            }
        ],
        note=word("note"),
        **fields,
    )


def secret_company(words: Words, who: str) -> Company:
    """A company that no published deal names, with words in every text."""
    company = Company.objects.create(
        slug=f"zz-{words.make(f'{who}: company.slug')}",
        name=words.make(f"{who}: company.name"),
        aliases=[words.make(f"{who}: company.aliases")],
        type="company",
        country_id="KZ",
        tickers=[words.make(f"{who}: company.tickers")],
        website=f"https://{words.make(f'{who}: company.website')}.example.org/",
        note=words.make(f"{who}: company.note"),
    )
    company.references.add(secret_reference(words, f"{who}: company.references"))
    return company


def secret_reference(words: Words, place: str) -> Reference:
    return Reference.objects.create(
        key=f"zz-{words.make(f'{place}.key')}",
        url=f"https://{words.make(f'{place}.url')}.example.org/",
        title=words.make(f"{place}.title"),
        publisher=words.make(f"{place}.publisher"),
    )


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Hundreds of pages that are rightly not found would bury what failed."""
    caplog.set_level(logging.ERROR, logger="django.request")


@dataclass
class Newsroom:
    """What stands in the database while nobody may see it."""

    words: Words
    draft: Deal
    company: Company
    event: Event
    project: Project
    staff: User


@pytest.fixture
def newsroom(db: None) -> Newsroom:
    return a_newsroom()


def a_newsroom() -> Newsroom:
    words = Words()
    staff = User.objects.create_superuser(
        words.make("staff: username"),
        email=f"{words.make('staff: email')}@example.org",
        password=None,
        first_name=words.make("staff: first name"),
        last_name=words.make("staff: last name"),
    )
    # A draft that was never published, with a company, a project and an event of its own.
    company = secret_company(words, "draft")
    project = Project.objects.create(
        slug=f"zz-{words.make('draft: project.slug')}",
        name=words.make("draft: project.name"),
        country_id="KZ",
        region=words.make("draft: project.region"),
        note=words.make("draft: project.note"),
    )
    ProjectFigure.objects.create(
        project=project,
        measure=words.make("draft: figure.measure"),
        unit=words.make("draft: figure.unit"),
        statement=words.make("draft: figure.statement"),
        reference=secret_reference(words, "draft: figure.reference"),
    )
    event = Event.objects.create(
        key=f"zz-{words.make('draft: event.key')}",
        name=words.make("draft: event.name"),
        happened_on="2026-01",
        city=words.make("draft: event.city"),
        country_id="KZ",
        summary=words.make("draft: event.summary"),
    )
    event.participants.add(Country.objects.get(pk="KZ"))
    event.references.add(secret_reference(words, "draft: event.references"))
    (draft,) = written(
        secret_record(
            words,
            "draft",
            key=f"zz-{words.make('draft: key')}",
            company=company.slug,
            event=event.key,
            projects=[{"project": project.slug, "note": words.make("draft: projects.note")}],
            links=[{"type": "follows", "deal": "kz-cove-kaz-tau-ken-samruk-tungsten"}],
        )
    )
    Deal.objects.filter(pk=draft.pk).update(working_note=words.make("draft: working note"))
    DealRedirect.objects.create(deal=draft, key=f"zz-{words.make('draft: former key')}")
    submit(draft)

    # A published deal that links to the draft, its company held by the draft's, and its edits.
    public = a_record(
        key=PUBLIC_KEY,
        parties=[{"ref": "p1", "company": "tau-ken-samruk", "role": "seller"}],
        links=[{"type": "part_of", "deal": draft.key}],
    )
    (deal,) = written(public)
    publish_many([deal], by=staff)
    for owner, owned in ((company.slug, "tau-ken-samruk"), ("tau-ken-samruk", company.slug)):
        Ownership.objects.create(
            owner=Company.objects.get(slug=owner),
            owned=Company.objects.get(slug=owned),
            note=words.make(f"draft: ownership of {owned}"),
            reference=secret_reference(words, f"draft: ownership of {owned}"),
        )
    other = secret_company(words, "edits")
    written(secret_record(words, "edits", key=PUBLIC_KEY, company=other.slug))
    Deal.objects.filter(pk=deal.pk).update(working_note=words.make("edits: working note"))
    ContentType.objects.clear_cache()
    LogEntry.objects.create(
        user=staff,
        content_type=ContentType.objects.get_for_model(Deal),
        object_id=str(deal.pk),
        object_repr=words.make("log: object"),
        action_flag=CHANGE,
        change_message=words.make("log: message"),
    )

    # A deal that was published once and is withdrawn.
    gone = secret_company(words, "withdrawn")
    (deal,) = written(secret_record(words, "withdrawn", key=WITHDRAWN_KEY, company=gone.slug))
    publish_many([deal], by=staff)
    withdraw(deal, by=staff, reason="The parties denied it.")
    return Newsroom(words, draft, company, event, project, staff)


# -- Every public address --------------------------------------------------------------------


KNOWN_DEALS = ("kz-cove-kaz-tau-ken-samruk-tungsten", "kz-jogmec-tau-ken-samruk-mou")
QUESTIONS = {
    "deals:suggest": "?q={}",
    "deals:compare_csv": f"?deal={KNOWN_DEALS[0]}&deal={{}}",
    "countries:compare_csv": "?country=US&country={}",
    "minerals:compare_csv": "?mineral=copper&mineral={}",
}
"""What must be asked of an address that says nothing without a question."""


@dataclass(frozen=True)
class Route:
    """A named address and the parameters that it takes."""

    name: str
    parameters: tuple[str, ...]

    def addresses(self, pool: Sequence[str]) -> Iterator[str]:
        """Its addresses with every value of the pool that fits; whole numbers where asked."""
        if question := QUESTIONS.get(self.name):
            for value in (*pool, *KNOWN_DEALS[1:]):
                yield f"{reverse(self.name)}{question.format(quote(value))}"
            return
        values = [
            ["1", "2"] if name in {"number", "pk", "id"} else pool for name in self.parameters
        ]
        for chosen in product(*values):
            try:
                yield reverse(self.name, kwargs=dict(zip(self.parameters, chosen, strict=True)))
            except NoReverseMatch:
                continue


def public_routes() -> list[Route]:
    """Every named route but the admin's, which let nobody in."""
    return sorted(set(_routes(get_resolver().url_patterns, ())), key=lambda route: route.name)


def _routes(
    patterns: Sequence[URLPattern | URLResolver], spaces: tuple[str, ...]
) -> Iterator[Route]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
                yield from _routes(pattern.url_patterns, inner)
        elif pattern.name:
            parts: Any = pattern.pattern
            names = parts.converters or parts.regex.groupindex
            yield Route(":".join([*spaces, pattern.name]), tuple(names))


@pytest.fixture
def pool(newsroom: Newsroom) -> list[str]:
    """Keys, slugs and codes to put into addresses: public ones, and those that must not answer."""
    return [
        *(PUBLIC_KEY, WITHDRAWN_KEY, newsroom.draft.key, newsroom.draft.redirects.get().key),
        *("tau-ken-samruk", newsroom.company.slug, newsroom.project.slug, newsroom.event.key),
        *("northern-katpar", "c51-washington-2025", "kz", "KZ", "c5", "tungsten", "status"),
        *("au-2023", "us-critical-minerals-list-2025", "years", "deals", "companies"),
    ]


class Reader:
    """Asks for addresses as anybody may, and looks for words that nobody may read."""

    def __init__(self, words: Words, client: Client | None = None) -> None:
        self.words = words
        self.client = client or Client(raise_request_exception=False)
        self.leaks: dict[str, set[str]] = {}
        self.answers: dict[str, int] = {}

    def ask(self, address: str, *, method: str = "GET", **headers: str) -> str:
        """The answer's head and body as text. What leaked is noted, not raised."""
        answer: Any = self.client.generic(method, address, headers=headers)
        body: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if answer.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        if body.startswith(ZIPPED):
            with zipfile.ZipFile(io.BytesIO(body)) as parts:
                body = b"\n".join(parts.read(name) for name in parts.namelist())
        text = f"{answer.headers}\n{body.decode('utf-8', 'replace')}"
        self.answers[address] = answer.status_code
        # An answer may repeat what it was asked for.
        said = self.words.found_in(text) - self.words.found_in(address)
        leaked = {self.words.places[word] for word in said}
        if is_record_of_what_was_public(address):
            leaked = {place for place in leaked if not place.startswith("withdrawn: ")}
        if leaked:
            self.leaks[f"{method} {address}"] = leaked
        return text


def is_record_of_what_was_public(address: str) -> bool:
    """Past editions of a withdrawn deal stay readable, and its history and the feed name it."""
    return WITHDRAWN_KEY in address or "changes" in address or "as_of=" in address


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
