"""Reading pages in tests: the words of an answer as a reader sees them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext


def words_of(response: HttpResponseBase) -> str:
    """The text of a page without tags, each run of space as one."""
    content = response.content.decode()  # type: ignore[attr-defined]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", content)).split())


def section(response: HttpResponseBase, ref: str) -> str:
    """The words of the section with an id."""
    content = response.content.decode()  # type: ignore[attr-defined]
    start = content.index(f'id="{ref}"')
    text = content[content.index(">", start) + 1 : content.index("</section>", start)]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def count_of(response: HttpResponseBase) -> int:
    """How many deals a list says it has."""
    found = re.search(r'data-count="(\d+)"', response.content.decode())  # type: ignore[attr-defined]
    assert found, "the page does not say how many deals it has"
    return int(found[1])


def titles_in(response: HttpResponseBase) -> list[str]:
    """The titles of the rows of a list."""
    content = response.content.decode()  # type: ignore[attr-defined]
    return [html.unescape(t) for t in re.findall(r'class="deal-title"[^>]*>([^<]*)<', content)]


def links_in(response: HttpResponseBase) -> Iterator[str]:
    """Every address that a page links to."""
    content = response.content.decode()  # type: ignore[attr-defined]
    return (html.unescape(href) for href in re.findall(r'href="([^"]*)"', content))


def queries_for(client: Client, path: str) -> list[str]:
    """The statements that a page needs, once what is kept between requests is warm."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in queries]
