"""The line of tools over a list: what it offers leads to the deals that the list shows."""

from __future__ import annotations

import datetime
import html
import re
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
from django.http import QueryDict
from django.test import Client

from deals.filters import DealFilterSet
from deals.taking import FORMATS, Taking
from tests.deals.records import a_record, published

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
QUERIES = ["", "host=KZ&mineral=tungsten", "q=Severniy Katpar&ordering=relevance", "on=2025-06-01"]


def taking(query: str = "", sentence: str = "Deals", columns: str = "") -> Taking:
    filterset = DealFilterSet(QueryDict(query))
    return Taking(filterset, SITE, sentence, filterset.qs.count(), columns)


def panel(client: Client, name: str, query: str = "") -> str:
    page = client.get(f"/deals/?{query}").content.decode()
    found = re.search(
        rf'<details class="tool" name="tools" id="tool-{name}">.*?</details>', page, re.S
    )
    assert found
    return html.unescape(found[0])


def keys_at(client: Client, address: str) -> list[str]:
    """The keys of the deals that an answer holds as JSON."""
    target = urlsplit(address)
    answer: Any = client.get(f"{target.path}?{target.query}")
    assert answer.status_code == 200
    content = orjson.loads(b"".join(answer) if answer.streaming else answer.content)
    found = content["results"] if isinstance(content, dict) else content
    return [one["key"] for one in found]


@pytest.mark.parametrize("query", QUERIES)
def test_everything_offered_answers(client: Client, query: str) -> None:
    offered = taking(query, columns="deal,stage")
    addresses = [one.href for one in offered.downloads]
    addresses += [one.chosen_href for one in offered.downloads if one.chosen_href]
    for address in (*addresses, offered.feed_href, *re.findall(r'"(http[^"]+)"', offered.pandas)):
        target = urlsplit(address)
        assert client.head(f"{target.path}?{target.query}").status_code == 200, address
    assert len(offered.downloads) == len(FORMATS)


@pytest.mark.parametrize("query", QUERIES[:3])
def test_the_api_has_the_same_deals_in_the_same_order(client: Client, query: str) -> None:
    offered = taking(query)
    (paged,) = re.findall(r'"(http[^"]+)"', offered.pandas_from_api)
    expected = list(offered.filterset.qs.values_list("key", flat=True))
    assert keys_at(client, paged) == expected
    assert keys_at(client, offered.api_url) == expected[:50]
    assert offered.api_url in offered.curl


def test_the_snippets_are_programs() -> None:
    for program in (taking(QUERIES[1]).pandas, taking(QUERIES[2]).pandas_from_api):
        compile(program, "snippet", "exec")


def test_a_shell_takes_the_address_as_one_word() -> None:
    quoted = taking("q=a'; rm -rf ~ #&host=KZ").curl
    assert re.fullmatch(r"curl --compressed '[^']*'", quoted)


def test_the_permanent_address_shows_the_same_after_others_are_published(client: Client) -> None:
    yesterday = taking("host=KZ").filterset.clock.today - datetime.timedelta(days=1)
    offered = taking(f"host=KZ&as_of={yesterday}")
    assert offered.is_settled
    before = keys_at(client, offered.permalink.replace("/deals/?", "/deals/export.json?"))
    published(a_record())
    assert keys_at(client, offered.permalink.replace("/deals/?", "/deals/export.json?")) == before


def test_a_citation_names_selection_number_days_and_licence() -> None:
    offered = taking("host=KZ&on=2025-06-01&as_of=2026-11-21", "Deals hosted in Kazakhstan")
    today = offered.filterset.clock.today
    accessed = f"{today.day} {today:%b %Y}"
    assert offered.citation == (
        "Lodebook: an open tracker of critical-minerals deals. “Deals hosted in Kazakhstan”: "
        f"{offered.count} deals, as published by 21 Nov 2026; the world on 1 Jun 2025. "
        f"{SITE}/deals/?host=KZ&on=2025-06-01&as_of=2026-11-21 (accessed {accessed}). CC BY 4.0."
    )


def test_without_as_of_today_is_cited(client: Client) -> None:
    offered = taking("host=KZ")
    assert not offered.is_settled
    assert f"as_of={offered.filterset.clock.today}" in offered.permalink
    assert "from tomorrow (UTC)" in panel(client, "cite", "host=KZ")


def test_bibtex_can_be_read_whatever_was_searched() -> None:
    entry = taking("q=x", r"Deals matching “50% & $1_000 {#} \ ~^”").bibtex
    assert entry.startswith("@misc{lodebook-q-x-")
    escaped = r"50\% \& \$1\_000 \{\#\} \textbackslash{} \textasciitilde{}\textasciicircum{}"
    assert escaped in entry
    bare = re.sub(r"\\[{}]", "", entry)
    assert bare.count("{") == bare.count("}")


def test_every_file_is_offered_with_a_sentence(client: Client) -> None:
    shown = panel(client, "download", "host=KZ&columns=deal,stage")
    for one in FORMATS:
        assert one.label in shown
        assert one.holds in shown
    assert 'href="/deals/export.xlsx?host=KZ&columns=deal,stage"' in shown
    assert 'href="/deals/export.ndjson?host=KZ"' in shown


def test_two_times_stand_in_what_is_offered(client: Client) -> None:
    shown = panel(client, "download", "host=KZ&on=2025-06-01&as_of=2026-11-21")
    assert "the world on 1 Jun 2025, as published by 21 Nov 2026" in shown
    assert "on=2025-06-01&as_of=2026-11-21" in shown


def test_what_is_offered_is_the_same_in_every_view(client: Client) -> None:
    for name in ("download", "api", "cite"):
        assert panel(client, name, "host=KZ") == panel(client, name, "host=KZ&view=charts")
