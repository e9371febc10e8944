"""Every kind of page, on a phone and a desk, in light and dark: axe finds nothing, nothing scrolls
sideways, and the browser has nothing to complain about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

from tests.deals.records import COVE_DEAL

PAGES: Final = {
    "home": "/",
    "list": "/deals/?page_size=10",
    "list, filtered": "/deals/?host=c5&mineral=tungsten&rung=indicated&page_size=10",
    "list, searched with a typing error": "/deals/?q=tungstn&page_size=10",
    "list, empty": "/deals/?host=NO&mineral=tungsten&disputed=true",
    "list, past": "/deals/?host=c5&on=2025-01-01&as_of=2026-11-21&page_size=10",
    "list, compact, of chosen columns": "/deals/?rows=compact&columns=title&page_size=10",
    "map": "/deals/?host=c5&view=map",
    "timeline": "/deals/?host=c5&view=timeline&page_size=10",
    "charts": "/deals/?host=c5&view=charts",
    "network": "/deals/?host=c5&view=network&page_size=10",
    "values of a facet": "/deals/facets/company/?host=c5",
    "embed": "/embed/deals/map/?host=c5",
    "deals compared": f"/deals/compare/?deal={COVE_DEAL}&deal=pk-reko-diq-project-financing",
    "four deals compared": "/deals/compare/?deal=kz-c51-critical-minerals-dialogue"
    f"&deal={COVE_DEAL}&deal=pk-reko-diq-project-financing&deal=kz-uk-critical-minerals-2026",
    "countries compared": "/countries/compare/?country=kz&country=uz",
    "minerals compared": "/minerals/compare/?mineral=tungsten&mineral=lithium",
    "deal": "/deals/kz-cove-kaz-tau-ken-samruk-tungsten/",
    "deal with much money": "/deals/pk-reko-diq-project-financing/",
    "deal with many hosts": "/deals/kz-c51-critical-minerals-dialogue/",
    "history": "/deals/kz-cove-kaz-tau-ken-samruk-tungsten/history/",
    "history since it was announced": f"/deals/{COVE_DEAL}/history/?since=announced",
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
OF_COLOURS: Final = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
"""The rules about what another colour scheme changes."""
COVERED: Final = """() => {
  const focused = document.activeElement;
  const { left, top, width, height } = focused.getBoundingClientRect();
  const places = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.15], [0.5, 0.85]];
  const seen = places.some(([right, down]) => {
    const found = document.elementFromPoint(left + width * right, top + height * down);
    return found && (focused.contains(found) || found.contains(focused));
  });
  return seen ? null : focused.outerHTML.slice(0, 120);
}"""
"""What has the focus, if none of five places in it can be seen."""


def findings(page: Page, rules: Mapping[str, object] = RULES) -> list[str]:
    """What axe finds: one line an element, after the rule that it breaks."""
    options = {**rules, **(BESIDE_SWAGGER if page.locator("#swagger-ui").count() else {})}
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


def problems_in(
    page: Page,
    size: tuple[int, int],
    colours: Literal["light", "dark"],
    rules: Mapping[str, object] = RULES,
) -> list[str]:
    """All that is wrong at a size in a colour scheme, which each line names."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=colours)
    found = findings(page, rules)
    if sideways := sideways_pixels(page):
        found.append(f"{sideways} pixels wider than the screen")
    return [f"{size[0]} {colours}: {problem}" for problem in found]


def problems_everywhere(page: Page) -> list[str]:
    """The three settings in which the pages are looked at."""
    return [
        *problems_in(page, DESK, "light"),
        *problems_in(page, DESK, "dark", OF_COLOURS),
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


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_what_is_folded_is_accessible_when_open(page: Page, size: tuple[int, int]) -> None:
    """Every facet, tool and menu of the list, all at once."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_page(page, "/deals/?host=c5&page_size=5")
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert problems_in(page, size, "light" if size == DESK else "dark") == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_suggestions_are_accessible(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_page(page, "/about/")
    page.locator(".site-search input").fill("tung")
    page.locator(".site-search .suggest-option").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert problems_in(page, size, "light" if size == DESK else "dark") == []


@pytest.mark.parametrize("size", [(1440, 500), (390, 500)], ids=["desk", "phone"])
def test_what_has_the_focus_is_in_sight(page: Page, size: tuple[int, int]) -> None:
    """Neither the head of the table nor the bar of what is ticked stands over it (WCAG 2.4.11)."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_page(page, "/deals/?host=c5&page_size=10")
    for tick in page.locator(".compare-tick").all()[:2]:
        tick.check()
    page.locator(".views a[aria-current]").focus()
    steps, hidden = 60, []
    for key in ["Tab"] * steps + ["Shift+Tab"] * steps:
        page.keyboard.press(key)
        if covered := page.evaluate(COVERED):
            hidden.append(covered)
    assert hidden == []
