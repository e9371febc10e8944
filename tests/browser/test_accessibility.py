"""Every kind of page, on a phone and a desk, in light and dark: axe finds nothing, nothing scrolls
sideways, and the browser has nothing to complain about."""

from __future__ import annotations

from typing import Final, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

PAGES: Final = {
    "home": "/",
    "list": "/deals/",
    "list, filtered": "/deals/?host=c5&mineral=tungsten&rung=indicated",
    "list, searched with a typing error": "/deals/?q=tungstn&page_size=10",
    "list, empty": "/deals/?host=NO&mineral=tungsten&disputed=true",
    "list, past": "/deals/?host=c5&on=2025-01-01&as_of=2026-11-21&page_size=10",
    "deal": "/deals/kz-cove-kaz-tau-ken-samruk-tungsten/",
    "deal with much money": "/deals/pk-reko-diq-project-financing/",
    "deal with many hosts": "/deals/kz-c51-critical-minerals-dialogue/",
    "history": "/deals/kz-cove-kaz-tau-ken-samruk-tungsten/history/",
    "edition": "/deals/kz-cove-kaz-tau-ken-samruk-tungsten/editions/1/",
    "countries": "/countries/",
    "country": "/countries/kz/",
    "minerals": "/minerals/",
    "mineral": "/minerals/tungsten/",
    "mineral group": "/minerals/rare-earths/",
    "companies": "/companies/",
    "company": "/companies/tau-ken-samruk/",
    "events": "/events/",
    "event": "/events/c51-washington-2025/",
    "policies": "/policies/",
    "policy": "/policies/us-jackson-vanik-kz/",
    "sources": "/sources/",
    "about": "/about/",
    "API": "/api/docs/",
}
REFUSALS: Final = {
    "list, wrong value": ("/deals/?host=atlantis", 400),
    "deal, missing": ("/deals/no-such-deal/", 404),
    "page, missing": ("/no-such-page/", 404),
}
# Swagger UI is other people's work: what axe finds in it, and that it brings a second <main>,
# is not ours to mend.
OURS: Final = {"exclude": [["#swagger-ui"]]}
BESIDE_SWAGGER: Final = {"rules": {"landmark-no-duplicate-main": {"enabled": False}}}
DESK: Final = (1440, 900)
PHONE: Final = (390, 844)
RULES: Final = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}


def findings(page: Page) -> list[str]:
    """What axe finds: one line an element, after the rule that it breaks."""
    options = RULES | (BESIDE_SWAGGER if page.locator("#swagger-ui").count() else {})
    return [
        f"{violation['id']}: {node['html'][:200]}: {node['failureSummary']}"
        for violation in Axe().run(page, context=OURS, options=options).response["violations"]
        for node in violation["nodes"]
    ]


def sideways_pixels(page: Page) -> int:
    """By how much the page is wider than the screen."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


def problems_in(page: Page, size: tuple[int, int], colours: Literal["light", "dark"]) -> list[str]:
    """All that is wrong at a size in a colour scheme, which each line names."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=colours)
    found = findings(page)
    if sideways := sideways_pixels(page):
        found.append(f"{sideways} pixels wider than the screen")
    return [f"{size[0]} {colours}: {problem}" for problem in found]


def problems_everywhere(page: Page) -> list[str]:
    """The three settings in which the pages are looked at."""
    return [
        *problems_in(page, DESK, "light"),
        *problems_in(page, DESK, "dark"),
        *problems_in(page, PHONE, "light"),
    ]


def open_page(page: Page, address: str) -> Response:
    """Go there, without animations, which would blur colours while axe measures them."""
    page.emulate_media(reduced_motion="reduce")
    answer = page.goto(address)
    assert answer is not None
    return answer


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES.keys())
def test_a_page_is_accessible(page: Page, complaints: list[str], address: str) -> None:
    assert open_page(page, address).status == 200
    assert complaints == []
    assert problems_everywhere(page) == []


@pytest.mark.parametrize(("address", "status"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_refusal_is_accessible(page: Page, address: str, status: int) -> None:
    """What could not be shown is said as accessibly."""
    assert open_page(page, address).status == status
    assert problems_everywhere(page) == []
