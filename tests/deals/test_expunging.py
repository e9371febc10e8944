"""What is expunged is in no table of the database any more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from deals import publishing
from deals.expunging import ExpungeError, expunge_text, texts
from deals.models import Citation, Deal, Dispute, Edition, EditionDocument, Source

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

COVE = "kz-cove-kaz-tau-ken-samruk-tungsten"
WORD = "quibbleflax"


@pytest.fixture
def admin(db: None) -> User:
    return User.objects.create_superuser("root")


@pytest.fixture
def cove(admin: User) -> Deal:
    """The deal with an unheard-of word in each of its texts, published twice and in a draft."""
    deal = Deal.objects.get(key=COVE)
    Dispute.objects.filter(deal=deal).update(status="resolved", resolution="settled")
    for number in (1, 2, 3):
        for text in texts().values():
            rows = text.model._default_manager.all()
            if text.model is Deal:
                rows = rows.filter(pk=deal.pk)
            elif text.path.startswith("financing.events"):
                rows = rows.filter(line__deal=deal)
            else:
                rows = rows.filter(deal=deal)
            for row in rows:
                old = getattr(row, text.column)
                if text.column == "url":
                    new: object = f"https://example.org/{WORD}/{row.pk}/{number}"
                elif isinstance(old, list):
                    new = [f"{WORD} {number}"]
                else:
                    new = f"{WORD} {number}"
                setattr(row, text.column, new)
                row.save()
        if number < 3:
            publishing.publish(deal, by=admin)
    return deal


def tables() -> Iterator[tuple[str, str]]:
    """Every table of ours and a query that counts the rows which hold the word anywhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (name,) in cursor.fetchall():
            yield name, f'SELECT count(*) FROM "{name}" AS t WHERE t::text ILIKE %s'


def tables_with(word: str) -> dict[str, int]:
    """Rows that hold ``word``, by table."""
    found = {}
    with connection.cursor() as cursor:
        for name, query in tables():
            cursor.execute(query, [f"%{word}%"])
            if count := cursor.fetchone()[0]:
                found[name] = count
    return found


def test_a_whole_deal_is_found_in_no_table(cove: Deal, admin: User) -> None:
    assert len(tables_with(WORD)) > 15
    call_command("expunge", COVE, reason="A court said so.", by="root", yes=True)
    assert tables_with(WORD) == {}
    numbers = list(Edition.objects.filter(deal=cove).order_by("number").values("number", "cause"))
    assert numbers == [{"number": n, "cause": "expunge"} for n in (1, 2, 3, 4)]
    assert not Edition.objects.current().filter(deal=cove).exists()


def test_the_page_of_an_expunged_deal_says_removed(cove: Deal, admin: User) -> None:
    call_command("expunge", COVE, reason="A court said so.", by="root", yes=True)
    for address in (f"/deals/{COVE}/", f"/deals/{COVE}/editions/2/"):
        response = Client().get(address)
        assert response.status_code == 410
        assert "removed" in response.content.decode()


@pytest.mark.parametrize("path", sorted(texts()))
def test_one_kind_of_text_is_found_in_no_table(cove: Deal, admin: User, path: str) -> None:
    text = texts()[path]
    unique = f"{WORD}-{path.replace('.', '-').replace('_', '-')}"
    row = text.model._default_manager.filter(
        **{"pk": cove.pk}
        if text.model is Deal
        else {"line__deal": cove}
        if path.startswith("financing.events")
        else {"deal": cove}
    )[0]
    new: object = f"https://example.org/{unique}" if text.column == "url" else unique
    setattr(row, text.column, [unique] if isinstance(getattr(row, text.column), list) else new)
    row.save()
    publishing.publish(cove, by=admin)
    assert tables_with(unique)
    call_command("expunge", COVE, field=path, reason="A court said so.", by="root", yes=True)
    assert tables_with(unique) == {}
    current = Edition.objects.current().get(deal=cove)
    assert (current.number, current.cause) == (5, "refresh")


def test_other_texts_stay(cove: Deal, admin: User) -> None:
    Citation.objects.filter(deal=cove).update(quote="", stated="")
    Citation.objects.filter(deal=cove, ref="c1").update(quote="secret", stated="open")
    publishing.publish(cove, by=admin)
    expunge_text(cove, "citations.quote", by=admin, reason="A court said so.")
    citation = Citation.objects.get(deal=cove, ref="c1")
    assert (citation.quote, citation.stated) == ("removed", "open")
    assert Citation.objects.get(deal=cove, ref="c2").quote == ""
    documents = EditionDocument.objects.filter(edition__deal=cove).values_list("record_text")
    assert all('"quote":"secret"' not in text for (text,) in documents)
    assert Source.objects.filter(deal=cove, title__startswith=WORD).exists()
    page = Client().get(f"/deals/{COVE}/")
    assert page.status_code == 200
    assert "removed" in page.content.decode()


def test_a_draft_that_was_never_published_is_expunged_too(admin: User) -> None:
    deal = Deal.objects.create(
        key="never-published", title=WORD, summary=WORD, kind="loan", status="announced",
        confidence="low",
    )  # fmt: skip
    call_command("expunge", deal.key, reason="A slip.", by="root", yes=True)
    assert tables_with(WORD) == {}


def test_an_unknown_text_is_refused(admin: User) -> None:
    deal = Deal.objects.get(key=COVE)
    with pytest.raises(ExpungeError, match="no text of a record"):
        expunge_text(deal, "parties.stake_percent", by=admin, reason="A slip.")


@pytest.mark.parametrize(
    ("key", "user", "words"),
    [
        ("no-such-deal", "root", "There is no deal"),
        (COVE, "nobody", "There is no user"),
        (COVE, "ada", "is no administrator"),
    ],
)
def test_the_command_refuses(admin: User, key: str, user: str, words: str) -> None:
    User.objects.create_user("ada", is_staff=True)
    with pytest.raises(CommandError, match=words):
        call_command("expunge", key, reason="A slip.", by=user, yes=True)


def test_the_triggers_hold_again_afterwards(cove: Deal, admin: User) -> None:
    expunge_text(cove, "note", by=admin, reason="A slip.")
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        EditionDocument.objects.filter(edition__deal=cove).update(record_text="{}")
