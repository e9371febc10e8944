"""Publishing: what makes an edition, what does not, and what never changes in one."""

from __future__ import annotations

import datetime
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from psycopg.types.range import TimestamptzRange

from deals import publishing
from deals.models import Company, Deal, Edition, EditionDocument, FinancingLine, Ownership, Party
from deals.publishing import PublishError
from deals.renaming import merge_companies, refresh_company, rename_key
from tests.deals.records import COVE_DEAL, COVE_KAZ, Document, a_record, a_source, written

database = pytest.mark.django_db
WORD = "quibbleflax"


@pytest.fixture
def grace(db: None) -> User:
    return User.objects.create_superuser("grace")


@pytest.fixture
def cove(db: None) -> Deal:
    return Deal.objects.get(key=COVE_DEAL)


def reworked(deal: Deal, *, title: str = "Another title") -> Deal:
    """The deal with a change that nobody published."""
    deal.title = title
    deal.save()
    return deal


def drafted(document: Document) -> Deal:
    """The one deal with this record, not published."""
    return written(document)[0]


def document_of(edition: Edition) -> Any:
    return json.loads(EditionDocument.objects.get(edition=edition).detail_text)


@database
def test_publishing_makes_the_next_edition_and_closes_the_last(cove: Deal, grace: User) -> None:
    first = Edition.objects.current().get(deal=cove)
    last_seq = Edition.objects.order_by("-seq").values_list("seq", flat=True)[0]
    second = publishing.publish(reworked(cove), by=grace)
    first.refresh_from_db()
    assert (second.number, second.seq, second.cause) == (2, last_seq + 1, "publish")
    assert second.published_by == grace
    assert first.period.upper == second.period.lower == second.published_at
    assert Edition.objects.current().get(deal=cove) == second
    assert document_of(second)["title"] == "Another title"
    assert document_of(first)["title"] != "Another title"
    cove.refresh_from_db()
    assert cove.review_state == "approved"


@database
def test_a_record_that_says_the_same_makes_no_edition(cove: Deal, grace: User) -> None:
    count = Edition.objects.count()
    assert publishing.publish(cove, by=grace).number == 1
    assert Edition.objects.count() == count


@database
def test_every_reason_against_publishing_is_told_at_once(grace: User) -> None:
    good = drafted(a_record(key="zz-good"))
    bare = drafted(a_record(key="zz-bare"))
    bare.sources.all().delete()
    bare.deal_countries.all().delete()
    FinancingLine.objects.create(deal=bare, ref="f1", instrument="loan")
    with pytest.raises(PublishError) as caught:
        publishing.publish_many([good, bare], by=grace)
    paths = {problem.path for problem in caught.value.problems["zz-bare"]}
    assert paths == {"financing[0].providers", "financing[0].events", "sources", "countries"}
    assert not Edition.objects.filter(deal=good).exists()


@database
def test_a_withdrawn_deal_has_no_current_edition_but_keeps_its_past(
    cove: Deal, grace: User
) -> None:
    edition = publishing.withdraw(cove, by=grace, reason="The source retracted it.")
    assert (edition.number, edition.cause) == (2, "withdraw")
    assert not Edition.objects.current().filter(deal=cove).exists()
    assert Edition.objects.readable().get(deal=cove).number == 1
    before = edition.published_at - datetime.timedelta(microseconds=1)
    assert Edition.objects.as_of(before).filter(deal=cove).exists()
    assert not Edition.objects.as_of(edition.published_at).filter(deal=cove).exists()
    assert publishing.publish(cove, by=grace).number == 3
    assert Edition.objects.current().get(deal=cove).number == 3


@database
def test_what_is_not_published_cannot_be_withdrawn(cove: Deal, grace: User) -> None:
    publishing.withdraw(cove, by=grace, reason="A slip.")
    with pytest.raises(PublishError, match="not published"):
        publishing.withdraw(cove, by=grace, reason="A slip.")


@database
def test_the_withdrawing_command(cove: Deal, grace: User) -> None:
    call_command("withdraw_deal", cove.key, reason="A slip.", by="grace")
    assert not Edition.objects.current().filter(deal=cove).exists()
    for key, user in ((cove.key, "grace"), ("no-such", "grace"), (cove.key, "nobody")):
        with pytest.raises(CommandError):
            call_command("withdraw_deal", key, reason="A slip.", by=user)


@database
def test_a_rename_publishes_no_private_work(cove: Deal, grace: User) -> None:
    """A deal reworked in private is not published by a rename of one of its companies."""
    reworked(cove, title=WORD)
    Party.objects.filter(deal=cove).update(note=WORD)
    company = Company.objects.get(slug=COVE_KAZ)
    company.name = "Cove Kaz Renamed"
    company.save()
    renaming = refresh_company(company, by=grace)
    edition = Edition.objects.current().get(deal=cove)
    assert renaming is not None
    assert (renaming.state, renaming.asked_by) == ("finished", grace)
    assert edition.cause == "refresh"
    text = EditionDocument.objects.get(edition=edition)
    assert "Cove Kaz Renamed" in text.detail_text
    assert WORD not in text.detail_text + text.summary_text + edition.search_names
    assert publishing.keys_with_unpublished_edits([cove]) == {COVE_DEAL}


@database
def test_a_refresh_leaves_alone_what_has_its_names_already(grace: User) -> None:
    company = Company.objects.get(slug=COVE_KAZ)
    refresh_company(company, by=grace)
    assert not Edition.objects.filter(cause="refresh").exists()


@database
def test_the_refreshing_command_brings_new_names_into_all_deals(cove: Deal, grace: User) -> None:
    Company.objects.filter(slug=COVE_KAZ).update(name="Cove Kaz Renamed")
    naming = Edition.objects.current().filter(companies__contains=[COVE_KAZ]).count()
    call_command("refresh_editions", by="grace", verbosity=0)
    assert Edition.objects.filter(cause="refresh").count() == naming
    assert (
        document_of(Edition.objects.current().get(deal=cove))["names"]["companies"][COVE_KAZ][
            "name"
        ]
        == "Cove Kaz Renamed"
    )


@database
def test_the_reindexing_command_changes_nothing_that_was_right(cove: Deal) -> None:
    before = EditionDocument.objects.get(edition__deal=cove).detail_text
    call_command("reindex_editions", key=[cove.key], verbosity=0)
    assert EditionDocument.objects.get(edition__deal=cove).detail_text == before


@database
def test_a_merged_company_leaves_every_deal_and_becomes_an_alias(cove: Deal, grace: User) -> None:
    into = Company.objects.create(slug="cove-kaz-new", name="Cove Kaz New", type="company")
    old = Company.objects.get(slug=COVE_KAZ)
    reworked(cove, title=WORD)
    merge_companies(old, into=into, by=grace)
    edition = Edition.objects.current().get(deal=cove)
    assert "cove-kaz-new" in edition.companies
    assert COVE_KAZ not in edition.companies
    assert WORD not in EditionDocument.objects.get(edition=edition).detail_text
    into.refresh_from_db()
    assert old.name in into.aliases
    assert not Party.objects.filter(company=old).exists()


@database
def test_two_companies_in_one_role_of_a_deal_are_not_merged(grace: User) -> None:
    party = Party.objects.get(deal__key=COVE_DEAL, company__slug="tau-ken-samruk")
    twin = Company.objects.create(slug="tau-ken-twin", name="Tau-Ken Twin", type="company")
    Party.objects.create(deal=party.deal, ref="p9", company=twin, role=party.role)
    with pytest.raises(PublishError, match="both take part"):
        merge_companies(twin, into=party.company, by=grace)


@database
def test_companies_that_readers_see_side_by_side_are_not_merged(grace: User) -> None:
    """The working record no longer names both; the current edition does."""
    record = a_record(
        parties=[
            {"ref": "p1", "company": "tau-ken-samruk", "role": "seller"},
            {"ref": "p2", "company": COVE_KAZ, "role": "seller"},
        ]
    )
    deal = drafted(record)
    publishing.publish(deal, by=grace)
    Party.objects.filter(deal=deal, company__slug=COVE_KAZ).delete()
    old, into = (Company.objects.get(slug=slug) for slug in (COVE_KAZ, "tau-ken-samruk"))

    with pytest.raises(PublishError, match="readers see both: publish the deal") as caught:
        merge_companies(old, into=into, by=grace)

    assert set(caught.value.problems) == {"zz-test-deal"}
    assert Company.objects.get(slug=COVE_KAZ).merged_into is None


@database
def test_a_merged_companys_holdings_become_its_successors(grace: User) -> None:
    old, into, parent, child = (
        Company.objects.create(slug=f"zz-{name}", name=f"Zz {name}", type="company")
        for name in ("old", "into", "parent", "child")
    )
    for owner, owned in ((parent, old), (parent, into), (old, child), (old, into)):
        Ownership.objects.create(owner=owner, owned=owned, percent=50)

    merge_companies(old, into=into, by=grace)

    holdings = Ownership.objects.filter(owner__slug__startswith="zz-").order_by("owner__slug")
    assert [(o.owner.slug, o.owned.slug) for o in holdings] == [
        ("zz-into", "zz-child"),
        ("zz-parent", "zz-into"),
    ]


@database
def test_a_renamed_key_leads_on_and_stands_in_the_links_of_others(cove: Deal, grace: User) -> None:
    other = drafted(a_record(key="zz-other", links=[{"type": "follows", "deal": COVE_DEAL}]))
    publishing.publish(other, by=grace)
    rename_key(reworked(cove, title=WORD), "kz-new-key", by=grace)
    edition = Edition.objects.current().get(deal=cove)
    assert (edition.key, edition.cause) == ("kz-new-key", "refresh")
    assert Edition.objects.current().get(deal=other).links == ["follows:kz-new-key"]
    assert WORD not in EditionDocument.objects.get(edition=edition).detail_text
    assert cove.redirects.get().key == COVE_DEAL


@database
@pytest.mark.sql
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE deals_editiondocument SET record_text = '{}'",
        "UPDATE deals_editiondocument SET names_text = '{}'",
        "DELETE FROM deals_editiondocument",
        "UPDATE deals_edition SET number = number + 1000",
        "UPDATE deals_edition SET seq = seq + 1000000",
        "UPDATE deals_edition SET published_at = now()",
        "UPDATE deals_edition SET cause = 'expunge'",
        "UPDATE deals_edition SET period = tstzrange(now(), NULL)",
        "DELETE FROM deals_edition",
    ],
)
def test_the_database_refuses_to_change_an_edition(change: str) -> None:
    with pytest.raises(DatabaseError, match="edition"), transaction.atomic():
        connection.cursor().execute(change)


@database
@pytest.mark.sql
def test_the_database_refuses_periods_that_overlap(cove: Deal, grace: User) -> None:
    first = Edition.objects.current().get(deal=cove)
    second = publishing.publish(reworked(cove), by=grace)
    overlapping = Edition(
        deal=cove,
        number=9,
        seq=second.seq + 1,
        cause="publish",
        published_at=first.published_at,
        period=TimestamptzRange(first.published_at, None),
        key=cove.key,
    )
    with pytest.raises(IntegrityError, match="edition_periods_apart"), transaction.atomic():
        overlapping.save(force_insert=True)


def test_editions_published_at_once_have_one_order_without_gaps(own_database: str) -> None:
    keys = list(Deal.objects.order_by("key").values_list("key", flat=True)[:8])
    last = Edition.objects.order_by("-seq").values_list("seq", flat=True)[0]
    start = threading.Barrier(4)

    def publish_some(worker: int) -> None:
        start.wait(timeout=30)
        try:
            for key in keys[worker::4]:
                for round_number in (1, 2):
                    deal = reworked(Deal.objects.get(key=key), title=f"{key} {round_number}")
                    publishing.publish(deal, by=None)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(publish_some, worker) for worker in range(4)]:
            done.result(timeout=120)
    made = list(
        Edition.objects.filter(seq__gt=last).order_by("seq").values_list("seq", "published_at")
    )
    assert [seq for seq, _ in made] == list(range(last + 1, last + 17))
    moments = [moment for _, moment in made]
    assert all(earlier < later for earlier, later in zip(moments, moments[1:], strict=False))


def test_one_deal_published_by_two_people_at_once_has_one_current_edition(
    own_database: str,
) -> None:
    deal = reworked(Deal.objects.get(key=COVE_DEAL))
    start = threading.Barrier(3)

    def publish_it(_: int) -> int:
        start.wait(timeout=30)
        try:
            return publishing.publish(Deal.objects.get(pk=deal.pk), by=None).number
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(publish_it, range(3), timeout=60)) == [2, 2, 2]
    assert Edition.objects.filter(deal=deal).count() == 2


@database
def test_an_edition_says_nothing_of_its_draft(grace: User) -> None:
    deal = drafted(a_record(key="zz-quiet", sources=[a_source()]))
    deal.working_note = WORD
    deal.save()
    edition = publishing.publish(deal, by=grace)
    text = EditionDocument.objects.get(edition=edition)
    stored = text.record_text + text.names_text + text.summary_text + text.detail_text
    assert WORD not in stored
    assert "grace" not in stored
