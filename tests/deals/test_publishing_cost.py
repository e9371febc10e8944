"""What publishing one deal asks of the database: as little among a million deals as among few."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deals.models import Deal, Edition
from deals.publishing import publish, publish_many, withdraw
from tests.deals.records import COVE_DEAL

pytestmark = pytest.mark.django_db

QUERIES = 16
"""The working record, its names, and what an index is derived from are read in one statement each;
six write the edition, and the rest are the transaction, the lock, the last edition, the order,
its end and the review."""


def reworked(deal: Deal) -> Deal:
    deal.title += ", reworked"
    deal.save()
    return deal


def test_a_publication_takes_a_fixed_number_of_queries() -> None:
    deal = reworked(Deal.objects.get(key=COVE_DEAL))

    with CaptureQueriesContext(connection) as queries:
        edition = publish(deal, by=None)

    assert edition.number == 2
    assert len(queries) == QUERIES


def test_ten_deals_take_no_more_queries_than_one() -> None:
    deals = [reworked(deal) for deal in Deal.objects.filter(links=None, links_here=None)[:10]]

    with CaptureQueriesContext(connection) as queries:
        publish_many(deals, by=None)

    assert Edition.objects.current().filter(number=2).count() == 10
    assert len(queries) == QUERIES


def test_no_statement_of_publishing_reads_all_editions(admin_user: User) -> None:
    linked = Deal.objects.filter(links__isnull=False).order_by("key")[0]
    reworked(linked)

    with CaptureQueriesContext(connection) as queries:
        publish(linked, by=admin_user)
        withdraw(linked, by=admin_user, reason="A test.")

    plans = {
        query["sql"]: plan_without_scans(query["sql"])
        for query in queries
        if "deals_edition" in query["sql"] and query["sql"].startswith(("SELECT", "(SELECT"))
    }
    assert len(plans) > 4
    assert [sql for sql, plan in plans.items() if "Seq Scan on deals_edition" in plan] == []


def plan_without_scans(sql: str) -> str:
    """The plan of a statement where it may read a whole table only if no index serves it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("SET LOCAL enable_seqscan = on")
    return plan
