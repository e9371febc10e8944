"""The links of every kind of page lead to something."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

COVE = "/deals/kz-cove-kaz-tau-ken-samruk-tungsten/"
PAGES = [
    "/",
    *("/deals/", "/deals/?host=c5&mineral=tungsten&page_size=10", "/deals/?q=tungstn&page_size=5"),
    *(COVE, f"{COVE}history/", f"{COVE}editions/1/", "/deals/?host=NO&mineral=tungsten"),
    *("/countries/", "/countries/kz/", "/minerals/", "/minerals/tungsten/"),
    *("/companies/", "/companies/tau-ken-samruk/", "/events/", "/events/c51-washington-2025/"),
    *("/policies/", "/policies/us-jackson-vanik-kz/", "/sources/", "/about/", "/api/docs/"),
    "/no-such-page/",
]
OF_A_SORT = 3
"""Links of one sort (same view, same parameters) that are followed from one page."""


class Anchors(HTMLParser):
    """What a page links to, and what can be linked to in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if (href := named.get("href")) and not (tag == "link" and named.get("rel") == "canonical"):
            self.links.append(href)
        if found := named.get("id"):
            self.ids.add(found)


def sort_of(address: str) -> tuple[object, ...]:
    """What tells links apart that different code answers."""
    target = urlsplit(address)
    try:
        view = resolve(target.path).view_name
    except Resolver404:
        view = target.path
    return (view, *sorted(parse_qs(target.query)))


def links_to_follow(address: str, links: list[str]) -> Iterator[str]:
    """Addresses within the site: a few of each sort."""
    followed: dict[tuple[object, ...], int] = {}
    for link in dict.fromkeys(urljoin(address, link) for link in links):
        target = urlsplit(link)
        if target.netloc or target.scheme or target.path.startswith(("/static/", "/admin/")):
            continue
        sort = sort_of(link)
        followed[sort] = followed.get(sort, 0) + 1
        if followed[sort] <= OF_A_SORT:
            yield link


class Site:
    """The answers of the site, each asked for once: pages share most of their links."""

    def __init__(self) -> None:
        self._answers: dict[str, tuple[int, Anchors]] = {}

    def ask(self, path: str) -> tuple[int, Anchors]:
        """The status of an answer, and the links and places in it."""
        if path not in self._answers:
            answer = Client().get(path, headers={"host": "localhost"})
            is_page = answer["Content-Type"].startswith("text/html")
            text = answer.content.decode() if is_page else ""
            self._answers[path] = (answer.status_code, Anchors(text))
        return self._answers[path]


@pytest.fixture(scope="module")
def site() -> Site:
    return Site()


@pytest.mark.django_db
@pytest.mark.parametrize("address", PAGES)
def test_links_lead_somewhere(site: Site, address: str) -> None:
    """Within the page to a place that exists, within the site to an answer."""
    _, anchors = site.ask(address)
    here = {link[1:] for link in anchors.links if link.startswith("#") and len(link) > 1}
    # Glyphs are symbols of the sprite, which is in the page as well.
    assert here - anchors.ids == set()
    broken = []
    for link in links_to_follow(address, anchors.links):
        path, _, place = link.partition("#")
        if path == address:
            continue
        status, target = site.ask(path)
        if status != 200:
            broken.append(f"{link}: {status}")
        elif place and place not in target.ids:
            broken.append(f"{link}: no such place")
    assert broken == []
