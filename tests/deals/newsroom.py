"""A newsroom with words that nobody outside may read, and a reader who looks for them."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from countries.models import Country, Reference
from deals.models import (
    Company,
    Deal,
    DealRedirect,
    Event,
    Ownership,
    Project,
)
from deals.models.project import ProjectFigure
from deals.publishing import publish_many, submit, withdraw
from tests.deals.records import Document, a_record, a_value, written

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


@dataclass
class Newsroom:
    """What stands in the database while nobody may see it."""

    words: Words
    draft: Deal
    company: Company
    event: Event
    project: Project
    staff: User


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
