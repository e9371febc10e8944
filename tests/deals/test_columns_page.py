"""The table of deals: columns that a reader chooses, in the order of the address, and its size."""

from __future__ import annotations

import csv
import io
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deals.columns import DEAL_COLUMNS, DEFAULT_COLUMNS, SCREEN_COLUMNS, screen_columns
from deals.columns.cells import CELLS, rows_in_html
from deals.filters import DealFilterSet
from deals.models import Company, Edition
from deals.reading import Clock, summaries
from tests.deals.records import COVE_DEAL, a_record, published

pytestmark = pytest.mark.django_db

LIST = "/deals/"
HOSTILE = '"<i>'
WRITTEN = {"title", "summary", "name", "note", "currency"}
ALL = ",".join(SCREEN_COLUMNS)


def page_of(client: Client, **query: str) -> str:
    response = client.get(f"{LIST}?{urlencode(query)}")
    assert response.status_code == 200
    return response.content.decode()


def heads_of(page: str) -> list[str]:
    head = re.search(r'<table class="table deal-table.*?</thead>', page, re.DOTALL)
    assert head
    return re.findall(r'<th [^>]*class="c-(\w+)"', head[0])


def cell_of(page: str, name: str) -> str:
    """The words of the first row's cell."""
    found = re.search(rf'<td class="c-{name}"[^>]*>(.*?)</td>', page, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def test_the_usual_columns_and_heads_that_sort(client: Client) -> None:
    page = page_of(client)
    assert heads_of(page) == list(DEFAULT_COLUMNS)
    for column in screen_columns(QueryDict()):
        assert page.count(f'<td class="c-{column.name}">') == 50
        if column.sort:
            assert f"ordering={column.sort.lstrip('-')}" in page.replace("ordering=-", "ordering=")


def test_every_column_of_a_file_is_in_a_cell_and_every_head_sorts_by_an_ordering() -> None:
    assert {name for column in SCREEN_COLUMNS.values() for name in column.shows} == set(
        DEAL_COLUMNS.names
    )
    for column in SCREEN_COLUMNS.values():
        if column.sort:
            assert not DealFilterSet(QueryDict(f"ordering={column.sort}")).problems()


def test_columns_stand_in_the_order_of_the_address(client: Client) -> None:
    names = ["value_usd", "deal", "signed_on", "provider"]
    page = page_of(client, columns=",".join(names))
    assert heads_of(page) == names
    assert 'data-label="Signed"' in page


def test_every_column_has_a_cell() -> None:
    assert set(CELLS) == set(SCREEN_COLUMNS)


def test_no_cell_lets_a_text_of_a_record_be_read_as_html() -> None:
    edition = Edition.objects.current().select_related("document").get(key=COVE_DEAL)
    (summary,) = summaries([edition], Clock())
    summary = {**hostile(summary), "href": HOSTILE}
    page = rows_in_html([summary], list(SCREEN_COLUMNS.values()), has_labels=True)
    assert "&lt;i&gt;" in page
    assert "<i>" not in page


def hostile(part: Any, name: str = "") -> Any:
    """A summary with HTML in each text that a person writes."""
    if isinstance(part, dict):
        return {key: hostile(value, key) for key, value in part.items()}
    if isinstance(part, list):
        return [hostile(item, name) for item in part]
    return f"{part}{HOSTILE}" if name in WRITTEN and part else part


def test_a_column_of_a_file_is_shown_by_the_cell_that_is_about_it(client: Client) -> None:
    page = page_of(client, columns="title,committed_usd,value_usd,party_names")
    assert heads_of(page) == ["deal", "committed", "value_usd", "party"]


def test_all_columns_say_what_is_known(client: Client) -> None:
    page = page_of(client, columns=ALL, q="Severniy Katpar")
    assert heads_of(page) == list(SCREEN_COLUMNS)
    assert f"/deals/{COVE_DEAL}/" in page
    assert cell_of(page, "signed_on") == "12 Mar 2026"
    assert cell_of(page, "indicated") == "$1.6bn"
    assert cell_of(page, "committed") == "nothing"
    assert cell_of(page, "stage") == "not known"
    assert "Cove Kaz Capital Group LLC 70%" in cell_of(page, "party")
    assert "Export-Import Bank of the United States" in cell_of(page, "provider")
    assert cell_of(page, "occasion") == "C5+1 Washington summit 2025"
    assert cell_of(page, "dispute") == "financing, dates, volume, place, other"
    assert cell_of(page, "source_count") == "8"
    assert cell_of(page, "value_basis") == "total investment"
    assert cell_of(page, "published").endswith("edition 1")


def test_a_deal_of_which_little_is_known_fills_every_cell(client: Client) -> None:
    published(a_record(title="Little known"))
    page = page_of(client, columns=ALL, q='"Little known"')
    for name in SCREEN_COLUMNS:
        assert cell_of(page, name), name


def test_the_longest_title_and_fifteen_parties_are_whole(client: Client) -> None:
    title = "稀土 Türkiye " + "y" * 188
    slugs = list(Company.objects.public().values_list("slug", flat=True)[:15])
    parties = [
        {"ref": f"p{place}", "company": slug, "role": "partner", "stake_percent": 6.5}
        for place, slug in enumerate(slugs, start=1)
    ]
    published(a_record(title=title, announced_on=None, parties=parties))
    page = page_of(client, columns=ALL, q="稀土")
    assert title in cell_of(page, "deal")
    assert cell_of(page, "deal").endswith("+13")
    assert cell_of(page, "party").count("6.5%") == 15
    assert cell_of(page, "announced_on") == "–"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("columns=titel", "Did you mean “title”?"),
        ("columns=deal,partys", "Did you mean “party”?"),
        ("density=dense", "comfortable, compact"),
        ("page_size=501", "from 1 to 500"),
    ],
)
def test_what_is_wrong_is_named_and_no_rows_are_shown(
    client: Client, query: str, message: str
) -> None:
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 400
    page = response.content.decode()
    assert message in page
    assert page.count('role="alert"') == 1
    assert "<tbody>" not in page


def test_what_the_form_sends_becomes_an_address_to_cite(client: Client) -> None:
    response = client.get(f"{LIST}?host=KZ&columns=deal&columns=stage&density=")
    assert response.status_code == 302
    assert response["Location"] == f"{LIST}?host=KZ&columns=deal,stage"
    usual = "&".join(f"columns={name}" for name in DEFAULT_COLUMNS)
    assert client.get(f"{LIST}?{usual}")["Location"] == LIST


def test_the_panel_offers_every_column_once_and_keeps_the_rest_of_the_address(
    client: Client,
) -> None:
    page = page_of(client, columns="stage,deal", host="KZ", density="compact")
    form = re.search(r'<form class="columns-form".*?</form>', page, re.DOTALL)
    assert form
    boxes = re.findall(r'name="columns" value="(\w+)"( checked)?', form[0])
    assert [name for name, checked in boxes if checked] == ["stage", "deal"]
    assert sorted(name for name, _ in boxes) == sorted(SCREEN_COLUMNS)
    assert '<input type="hidden" name="host" value="KZ">' in form[0]
    assert '<input type="hidden" name="density" value="compact">' in form[0]
    assert "columns=deal,stage" in form[0]  # stage one place later


def test_compact_is_a_link_there_and_back(client: Client) -> None:
    assert "density=compact" in page_of(client)
    page = page_of(client, density="compact")
    assert "deal-table-compact" in page
    assert 'href="?">Comfortable rows' in page


def test_the_file_with_the_columns_on_show_holds_what_is_shown(client: Client) -> None:
    page = page_of(client, columns="deal,stage,committed", host="KZ")
    (href,) = re.findall(r'href="(/deals/export\.csv\?host=KZ&amp;columns=[^"]*)">', page)
    content = b"".join(client.get(href.replace("&amp;", "&")).streaming_content)  # type: ignore[attr-defined]
    heading = next(csv.reader(io.StringIO(content.decode(), newline="")))
    shown = [*SCREEN_COLUMNS["deal"].shows, "stage", "committed_usd", "committed_lines"]
    assert heading == shown


def test_five_hundred_rows_cost_no_more_queries_than_fifty(client: Client) -> None:
    def queries(**query: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(client, **query)
        return len(captured)

    assert queries(page_size="500", columns=ALL) == queries(page_size="25")


def test_five_hundred_rows_are_all_there_and_weigh_little(client: Client) -> None:
    response = client.get(f"{LIST}?page_size=500", headers={"Accept-Encoding": "gzip"})
    assert len(response.content) < 120_000
    page = page_of(client, page_size="500")
    assert page.count('<td class="c-deal">') == Edition.objects.current().count()
    assert re.search(r'page_size=500" aria-current="true">500<', page)
