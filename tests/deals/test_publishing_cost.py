"""What publishing one deal asks of the database: as little among a million deals as among few."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deals.models import Deal, Edition
from deals.publishing import publish, publish_many, withdraw
from tests.deals.records import COVE_DEAL

pytestmark = pytest.mark.django_db

type Plan = dict[str, Any]

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

    read = {
        query["sql"]: scans_of_all(plan_without_scans(query["sql"]))
        for query in queries
        if "deals_edition" in query["sql"] and query["sql"].startswith(("SELECT", "(SELECT"))
    }
    assert len(read) > 4
    assert {sql: scans for sql, scans in read.items() if scans} == {}


@pytest.mark.parametrize(
    ("sql", "is_of_all"),
    [
        ("SELECT seq FROM deals_edition WHERE title LIKE '%mine%'", True),
        ("SELECT seq FROM deals_edition WHERE upper_inf(period) AND title = 'A'", True),
        ("SELECT max(seq + 1) FROM deals_edition", True),
        ("SELECT seq FROM deals_edition ORDER BY title LIMIT 1", True),
        ("SELECT seq FROM deals_edition WHERE title = 'A' ORDER BY seq LIMIT 1", True),
        ("SELECT seq FROM deals_edition WHERE deal_id = 1", False),
        ("SELECT seq FROM deals_edition ORDER BY seq DESC LIMIT 1", False),
    ],
)
def test_a_statement_that_reads_all_editions_would_be_seen(sql: str, *, is_of_all: bool) -> None:
    assert bool(scans_of_all(plan_without_scans(sql))) == is_of_all


def plan_without_scans(sql: str) -> Plan:
    """The plan of a statement where it may read a whole table only if no index serves it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        (found,) = cursor.fetchone()
        cursor.execute("SET LOCAL enable_seqscan = on")
    plan: Plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


def scans_of_all(node: Plan, *, is_limited: bool = False) -> list[str]:
    """Nodes that go through all editions, or through all of an index of them.

    Under a LIMIT a walk ends early, unless all has to be put in order first or some are skipped.
    """
    kind = node["Node Type"]
    reads_editions = node.get("Relation Name") == "deals_edition" or "edition" in node.get(
        "Index Name", ""
    )
    found = []
    if kind == "Seq Scan" or kind.endswith(("Index Scan", "Index Only Scan")):
        is_led = "Index Cond" in node or (is_limited and "Filter" not in node)
        if reads_editions and not is_led:
            found.append(f"{kind} {node.get('Index Name', '')} {node.get('Filter', '')}")
    if kind == "Limit":
        is_limited = True
    elif kind in {"Sort", "Aggregate", "Hash"}:
        is_limited = False
    for child in node.get("Plans", ()):
        found += scans_of_all(child, is_limited=is_limited)
    return found
