"""On another day than today the list shows what the same choices give today beside it."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from tests.deals.records import a_line, a_record, a_value, an_event, published

pytestmark = pytest.mark.django_db


def rows_of(page: str) -> dict[str, list[str]]:
    """The table's rows: what is measured, then and today."""
    table = page[page.index('id="beside-today"') :].partition("</details>")[0]
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</th>(.*?)</tr>", table)
    return {
        html.unescape(name): [
            html.unescape(cell) for cell in re.findall(r"<td class=\"num\">(.*?)</td>", cells)
        ]
        for name, cells in rows
    }


def test_a_past_day_stands_beside_today(client: Client) -> None:
    climbed = a_line(
        usd=5_000_000,
        events=[
            an_event(status="letter_of_interest", on="2025-06-01"),
            an_event(status="committed", on="2026-02-01", ref="e2"),
        ],
    )
    published(
        a_record(
            key="zz-then",
            title="Quagga one",
            announced_on="2025-06-01",
            financing=[climbed],
            value=a_value(usd=9_000_000),
        ),
        a_record(key="zz-since", title="Quagga two", announced_on="2026-03-01"),
    )
    page = client.get("/deals/", {"q": "quagga", "on": "2025-11-01"}).text
    assert rows_of(page) == {
        "Deals": ["1", "2"],
        "Without financing on record": ["0", "1"],
        "Indicated": ["$5m", "nothing"],
        "Conditional": ["nothing", "nothing"],
        "Committed": ["nothing", "$5m"],
        "Disbursed": ["nothing", "nothing"],
        "Headline values": ["$9m", "$9m"],
    }
    assert '<a href="/deals/?q=quagga">Today</a>' in page


def test_today_has_no_such_table(client: Client) -> None:
    assert "beside-today" not in client.get("/deals/", {"host": "KZ"}).text
