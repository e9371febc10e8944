"""Renames of companies that many deals name: in the background, to be seen, and to the end."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deals import renewing
from deals.importing import Document, import_documents
from deals.models import Company, Edition, Renaming
from deals.publishing import publish, refresh, reissue
from deals.renaming import merge_companies, refresh_company, rename_key
from deals.renewing import bring_names, editions_naming, is_at_work, start_again
from tests import databases
from tests.deals.records import DFC, a_record, published

database = pytest.mark.django_db
NEW_NAME = "Quibbleflax Finance"


@pytest.fixture
def in_background(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if more than two deals were many, and five the first of them."""
    monkeypatch.setattr(renewing, "AT_ONCE", 2)
    monkeypatch.setattr(renewing, "FIRST_BATCH", 5)


def renamed(name: str = NEW_NAME) -> Company:
    company = Company.objects.get(slug=DFC)
    company.name = name
    company.save()
    return company


def names_told(slug: str = DFC) -> list[str]:
    """Names that current editions say of a company, each once."""
    texts = (
        Edition.objects.current()
        .filter(companies__contains=[slug])
        .values_list("document__names_text", flat=True)
    )
    return sorted({json.loads(text)["companies"][slug]["name"] for text in texts})


def run() -> str:
    said = StringIO()
    call_command("run_renamings", stdout=said, stderr=said)
    return said.getvalue()


@database
def test_few_deals_have_the_new_name_at_once() -> None:
    count = editions_naming(Company.objects.get(slug=DFC)).count()
    assert 5 < count < renewing.AT_ONCE

    renaming = bring_names(renamed(), by=None)

    assert renaming is not None
    assert (renaming.state, renaming.done, renaming.total) == ("finished", count, count)
    assert names_told() == [NEW_NAME]
    assert Edition.objects.filter(cause="refresh").count() == count


@database
@pytest.mark.usefixtures("in_background")
def test_of_many_deals_the_first_are_renamed_now_and_the_others_by_the_worker() -> None:
    old_name = Company.objects.get(slug=DFC).name

    renaming = refresh_company(renamed(), by=None)

    assert renaming is not None
    assert (renaming.state, renaming.done) == ("waiting", 5)
    assert (renaming.old_name, renaming.new_name) == (old_name, NEW_NAME)
    assert names_told() == sorted([old_name, NEW_NAME])
    assert f"{old_name} → {NEW_NAME}: {renaming.total} of {renaming.total}" in run()
    renaming.refresh_from_db()
    assert (renaming.state, renaming.done) == ("finished", renaming.total)
    assert renaming.finished_at is not None
    assert names_told() == [NEW_NAME]
    assert Edition.objects.filter(cause="refresh").count() == renaming.total
    assert run() == ""


@database
@pytest.mark.usefixtures("in_background")
def test_staff_publish_a_deal_while_its_company_is_renamed() -> None:
    refresh_company(renamed(), by=None)
    last = editions_naming(Company.objects.get(slug=DFC)).filter(cause="publish").last()
    assert last is not None
    last.deal.title = "Published meanwhile"
    last.deal.save()

    edition = publish(last.deal, by=None)
    run()

    assert Edition.objects.current().get(deal=last.deal) == edition
    assert names_told() == [NEW_NAME]


@database
@pytest.mark.usefixtures("in_background")
def test_a_second_name_given_meanwhile_is_what_all_deals_say_in_the_end() -> None:
    first = refresh_company(renamed(), by=None)

    second = refresh_company(renamed("Flaxquibble Finance"), by=None)

    assert first == second
    run()
    assert names_told() == ["Flaxquibble Finance"]
    assert Renaming.objects.count() == 1


@database
@pytest.mark.usefixtures("in_background")
def test_one_asked_for_while_a_worker_is_at_the_first_comes_after_it() -> None:
    first = refresh_company(renamed(), by=None)
    assert first is not None
    Renaming.objects.filter(pk=first.pk).update(state="running")

    second = refresh_company(renamed("Flaxquibble Finance"), by=None)

    assert first != second
    run()
    assert names_told() == ["Flaxquibble Finance"]
    assert set(Renaming.objects.values_list("state", flat=True)) == {"finished"}


@database
@pytest.mark.usefixtures("in_background")
def test_a_company_that_is_being_merged_is_found_under_both_slugs(client: Client) -> None:
    into = Company.objects.create(slug="quibbleflax", name=NEW_NAME, type="government")
    total = editions_naming(Company.objects.get(slug=DFC)).count()
    count = re.compile(r'"count": ?(\d+)')

    renaming = merge_companies(Company.objects.get(slug=DFC), into=into, by=None)

    assert renaming is not None
    assert 0 < renaming.done < renaming.total == total
    for slug in (DFC, "quibbleflax"):
        answer = client.get(f"/api/v1/deals/?company={slug}&page_size=1").content.decode()
        assert int(count.findall(answer)[0]) == total
    assert client.get("/companies/quibbleflax/").status_code == 200
    assert client.get(f"/companies/{DFC}/").headers["Location"] == "/companies/quibbleflax/"
    run()
    assert not Edition.objects.current().filter(companies__contains=[DFC]).exists()
    assert names_told("quibbleflax") == [NEW_NAME]


@database
@pytest.mark.usefixtures("in_background")
def test_an_edition_that_cannot_say_the_new_name_is_told_and_the_others_go_on() -> None:
    into = Company.objects.create(slug="quibbleflax", name=NEW_NAME, type="government")
    merge_companies(Company.objects.get(slug=DFC), into=into, by=None)
    # A deal that names both, published as an import would that began before the merge.
    Company.objects.filter(slug=DFC).update(merged_into=None)
    clash = published(
        a_record(
            parties=[
                {"ref": "p1", "company": DFC, "role": "equity_investor"},
                {"ref": "p2", "company": "quibbleflax", "role": "equity_investor"},
            ]
        )
    )[0]
    Company.objects.filter(slug=DFC).update(merged_into=into)

    said = run()

    assert f"{clash.key}: parties" in said
    renaming = Renaming.objects.get()
    assert renaming.state == "failed"
    assert "readers see both: publish the deal without one of them first" in renaming.failure
    left = Edition.objects.current().filter(companies__contains=[DFC])
    assert [edition.key for edition in left] == [clash.key]
    assert start_again(renaming)
    assert (renaming.state, renaming.failure) == ("waiting", "")


@database
def test_one_that_goes_on_already_is_not_started_again() -> None:
    company = Company.objects.get(slug=DFC)
    seen = Renaming.objects.create(
        company=company, old_name="A", new_name="B", total=9, state="failed", failure="No reason."
    )
    Renaming.objects.update(state="running", done=7, failure="")

    assert not start_again(seen)

    assert Renaming.objects.values_list("state", "done").get() == ("running", 7)


@database
def test_nothing_is_kept_of_a_company_that_no_edition_names() -> None:
    company = Company.objects.create(slug="quibbleflax", name=NEW_NAME, type="government")

    assert refresh_company(company, by=None) is None

    assert not Renaming.objects.exists()


@database
def test_who_publishes_takes_the_lock_before_any_row() -> None:
    """A worker has the lock when it wants rows, so whoever had rows first would wait for ever."""
    company = Company.objects.create(slug="quibbleflax", name=NEW_NAME, type="government")
    deal = Edition.objects.current().filter(companies__contains=[DFC])[0].deal
    reviewer = Client()
    reviewer.force_login(User.objects.create_superuser("grace"))
    ways: list[Callable[[], object]] = [
        lambda: rename_key(deal, "zz-renamed", by=None),
        lambda: merge_companies(Company.objects.get(slug=DFC), into=company, by=None),
        lambda: import_documents([Document("zz.yaml", a_record())], publish=True),
        lambda: reviewer.post(f"/admin/deals/deal/{deal.pk}/publish/"),
    ]
    for way in ways:
        with CaptureQueriesContext(connection) as queries:
            way()
        told = [query["sql"] for query in queries]
        lock = next(place for place, sql in enumerate(told) if "pg_advisory_xact_lock" in sql)
        rows = [
            place
            for place, sql in enumerate(told)
            if "deals_" in sql and (sql.startswith(("UPDATE", "INSERT")) or "FOR UPDATE" in sql)
        ]
        assert lock < min(rows), told[min(rows)]


@database
@pytest.mark.usefixtures("in_background")
def test_no_deal_that_is_copied_while_a_merge_waits_keeps_the_old_slug() -> None:
    """A copy has a higher place in the order than any deal had when the merge began."""
    into = Company.objects.create(slug="quibbleflax", name=NEW_NAME, type="government")
    renaming = merge_companies(Company.objects.get(slug=DFC), into=into, by=None)
    assert renaming is not None
    waiting = Edition.objects.current().filter(companies__contains=[DFC]).order_by("seq")
    first, second, *_, last = waiting.all()
    beside = next(slug for slug in last.companies if slug != DFC)
    Company.objects.filter(slug=beside).update(name="Zebraflax")
    assert refresh_company(Company.objects.get(slug=beside), by=None) is not None
    rename_key(first.deal, "zz-copied", by=None)
    assert reissue(second.deal, by=None, reason="A text was removed.") is not None
    assert waiting.filter(seq__gt=renaming.until_seq).count() >= 3

    assert "Finished" in run()

    assert not waiting.exists()
    assert names_told("quibbleflax") == [NEW_NAME]


@database
@pytest.mark.usefixtures("in_background")
def test_no_deal_that_is_issued_again_while_a_rename_waits_keeps_the_old_name() -> None:
    refresh_company(renamed(), by=None)
    last = editions_naming(Company.objects.get(slug=DFC)).filter(cause="publish").last()
    assert last is not None

    reissue(last.deal, by=None, reason="A text was removed.")
    run()

    assert names_told() == [NEW_NAME]


@database
@pytest.mark.usefixtures("in_background")
def test_what_is_published_under_the_old_slug_while_a_worker_is_at_it_is_brought_in_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    into = Company.objects.create(slug="quibbleflax", name=NEW_NAME, type="government")
    merge_companies(Company.objects.get(slug=DFC), into=into, by=None)
    late: list[Edition] = []

    def refresh_and_publish(*arguments: Any, **keywords: Any) -> list[Edition]:
        made = refresh(*arguments, **keywords)
        if not late:
            # As an import does that began before the merge and has the lock between two batches.
            Company.objects.filter(slug=DFC).update(merged_into=None)
            late.extend(
                published(a_record(parties=[{"ref": "p1", "company": DFC, "role": "seller"}]))
            )
            Company.objects.filter(slug=DFC).update(merged_into=into)
        return made

    monkeypatch.setattr(renewing, "refresh", refresh_and_publish)

    assert "Finished" in run()

    assert late[0].companies == [DFC]
    assert not Edition.objects.current().filter(companies__contains=[DFC]).exists()


@database
@pytest.mark.usefixtures("in_background")
def test_an_error_of_the_program_stops_one_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    renaming = refresh_company(renamed(), by=None)
    assert renaming is not None

    def missing(*_: object, **__: object) -> None:
        raise KeyError("missing")

    monkeypatch.setattr(renewing, "refresh", missing)

    with pytest.raises(KeyError):
        run()

    renaming.refresh_from_db()
    assert renaming.state == "failed"
    assert "KeyError: 'missing'" in renaming.failure
    assert not is_at_work()


DIES = """
import os, signal
import django
django.setup()
from django.core.management import call_command
from deals import renewing
renewing.BATCH = 5
real, batches = renewing.refresh, []
def dying(*arguments, **keywords):
    made = real(*arguments, **keywords)
    batches.append(made)
    if len(batches) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return made
renewing.refresh = dying
call_command("run_renamings")
"""


def test_a_worker_that_is_killed_leaves_nothing_out(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewing, "AT_ONCE", 2)
    monkeypatch.setattr(renewing, "FIRST_BATCH", 5)
    renaming = refresh_company(renamed(), by=None)
    assert renaming is not None

    process = subprocess.run(
        [sys.executable, "-c", DIES],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DEBUG": "1",
            "DATABASE_URL": databases.conninfo(own_database),
        },
        capture_output=True,
        timeout=60,
    )

    assert process.returncode == -signal.SIGKILL, process.stderr.decode()
    renaming.refresh_from_db()
    assert (renaming.state, renaming.done) == ("running", 10)
    assert Edition.objects.filter(cause="refresh").count() == 10
    with psycopg.connect(databases.conninfo(own_database)) as after:
        # The server takes a moment to notice that it is gone.
        after.execute("SELECT pg_advisory_lock(%s)", [renewing.WORKING_LOCK])
    run()
    renaming.refresh_from_db()
    assert (renaming.state, renaming.done) == ("finished", renaming.total)
    assert names_told() == [NEW_NAME]
    assert Edition.objects.filter(cause="refresh").count() == renaming.total


def test_two_workers_do_not_share_one_renaming(own_database: str) -> None:
    with psycopg.connect(databases.conninfo(own_database)) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [renewing.WORKING_LOCK])

        assert is_at_work()
        assert "Another run_renamings is at work" in run()
        other.execute("SELECT pg_advisory_unlock(%s)", [renewing.WORKING_LOCK])
        assert not is_at_work()


# -- in the admin -------------------------------------------------------------------------------


@pytest.fixture
def reviewer(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("grace"))
    return client


def test_a_company_that_no_published_deal_names_can_still_be_deleted(reviewer: Client) -> None:
    company = Company.objects.create(slug="quibbleflax", name=NEW_NAME, type="government")
    address = f"/admin/deals/company/{company.pk}"

    page = reviewer.post(f"{address}/refresh/", follow=True).content.decode()

    assert "No published deal names it." in page
    assert "New name:" not in page
    reviewer.post(f"{address}/delete/", {"post": "yes"})
    assert not Company.objects.filter(slug="quibbleflax").exists()


@pytest.mark.usefixtures("in_background")
def test_the_company_and_the_list_say_how_far_it_is(reviewer: Client) -> None:
    company = renamed()
    address = f"/admin/deals/company/{company.pk}"
    assert "in the background" in reviewer.get(f"{address}/refresh/").content.decode()

    page = reviewer.post(f"{address}/refresh/", follow=True).content.decode()

    total = Renaming.objects.get().total
    assert f"{total} published deals get the new name in the background" in page
    assert f'<progress max="{total}" value="5"' in page
    assert "asked for by grace" in page
    assert "else run <code>manage.py run_renamings</code>" in page
    listed = reviewer.get("/admin/deals/renaming/").content.decode()
    assert f"5 of {total}" in listed
    run()
    assert "New name: finished" in reviewer.get(f"{address}/change/").content.decode()


def test_one_that_stopped_is_started_again(reviewer: Client) -> None:
    company = Company.objects.get(slug=DFC)
    stopped = Renaming.objects.create(
        company=company, old_name="A", new_name="B", total=9, state="failed", failure="No reason."
    )
    page = reviewer.get(f"/admin/deals/company/{company.pk}/change/").content.decode()
    assert "<li>No reason.</li>" in page

    reviewer.post(
        "/admin/deals/renaming/", {"action": "start_again", "_selected_action": [stopped.pk]}
    )

    stopped.refresh_from_db()
    assert (stopped.state, stopped.failure) == ("waiting", "")
