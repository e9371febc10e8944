"""Deals at the limits of a record, on every screen: nothing breaks out, nothing overlaps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page
from pytest_django import DjangoDbBlocker

from tests import databases
from tests.deals.extremes import BARE, FULL, MARK, RIGHT_TO_LEFT, UNBROKEN, extreme_editions
from tests.serving import Site, serving

FOUND: Final = f"/deals/?q={MARK}"
PAGES: Final = {
    **{key: f"/deals/{key}/" for key in (UNBROKEN, FULL, RIGHT_TO_LEFT, BARE)},
    "history": f"/deals/{UNBROKEN}/history/",
    "edition": f"/deals/{FULL}/editions/1/",
    "list": FOUND,
    "500 a page": "/deals/?page_size=500",
    "compact": f"{FOUND}&rows=compact",
    **{way: f"{FOUND}&view={way}" for way in ("map", "timeline", "charts", "network")},
    "companies tied": f"{FOUND}&view=network&of=companies",
    "companies compared": f"{FOUND}&view=charts&by=company",
    "comparison": "/deals/compare/?" + "&".join(
        f"deal={key}" for key in (UNBROKEN, FULL, RIGHT_TO_LEFT, BARE)
    ),
    "every company": "/deals/facets/company/?q=" + MARK,
    "country": "/countries/kz/",
    "mineral": "/minerals/tungsten/",
    "company": "/companies/zz-unbroken/",
    "company in Arabic": "/companies/zz-maaden/",
    "event": "/events/c51-washington-2025/",
    "home": "/",
}  # fmt: skip
WIDTHS: Final = (1440, 768, 390, 320)
BREAKS: Final = (Path(__file__).parent / "breaks.js").read_text()


@pytest.fixture(scope="module")
def extreme_site(
    browser_type_launch_args: dict[str, Any], static_root: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[Site]:
    """A site of its own: other tests count the deals of `live_site`."""
    with databases.clone() as name:
        with django_db_blocker.unblock(), databases.pointed_at(name):
            extreme_editions()
        with serving(name, static_root) as site:
            yield site


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES.keys())
def test_nothing_breaks(
    page: Page, extreme_site: Site, complaints: list[str], address: str
) -> None:
    """All fits the screen, words do not lie on words, and the console is silent."""
    broken = {}
    answer = page.goto(extreme_site.url + address)
    assert answer is not None
    assert answer.status == 200
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if found := page.evaluate(BREAKS):
            broken[width] = found
    assert broken == {}
    assert complaints == []
