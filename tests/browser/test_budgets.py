"""What a first visit costs: bytes over the wire, and whether anything jumps while it loads."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import BrowserContext, Page, Response, Route

FIRST_LOAD_BYTES: Final = 150_000
MOST_SHIFT: Final = 0.01
"""Sum of layout shifts; 0.1 passes for good elsewhere, and nothing here has a reason to move."""
PAGES: Final = {
    "home": "/",
    "list": "/deals/",
    "deal": "/deals/kz-cove-kaz-tau-ken-samruk-tungsten/",
    "country": "/countries/kz/",
    "event": "/events/c51-washington-2025/",
}
SCREENS: Final = {"desk": (1440, 900), "phone": (390, 844)}
TEXTS: Final = ("text/", "javascript", "json", "svg", "xml")
WATCH_SHIFTS: Final = """
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (!entry.hadRecentInput) {
          const nodes = entry.sources.map((source) => source.node);
          const moved = nodes.map((node) => `${node?.nodeName}.${node?.className}`);
          window.shifts.push([entry.value, moved.join(" ")]);
        }
      }
    }).observe({ type: "layout-shift", buffered: true });
"""

DRAWN: Final = """() => new Promise((resolve) => {
  new PerformanceObserver((list) => {
    if (list.getEntriesByName("first-contentful-paint").length) resolve();
  }).observe({ type: "paint", buffered: true });
})"""


def wire_bytes(answer: Response) -> int:
    """Length of an answer as production sends it: texts compressed, the rest as it is."""
    body = answer.body()
    is_text = any(word in answer.headers.get("content-type", "") for word in TEXTS)
    return len(gzip.compress(body, 6)) if is_text else len(body)


@pytest.fixture
def visitor(new_context: Callable[..., BrowserContext]) -> Callable[[tuple[int, int]], Page]:
    """A page with an empty cache, by the size of the screen."""

    def visit(size: tuple[int, int]) -> Page:
        context = new_context(viewport={"width": size[0], "height": size[1]})
        context.add_init_script(WATCH_SHIFTS)
        return context.new_page()

    return visit


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS.keys())
@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES.keys())
def test_a_first_load_is_light_and_still(
    visitor: Callable[[tuple[int, int]], Page], base_url: str, address: str, screen: tuple[int, int]
) -> None:
    page = visitor(screen)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")

    elsewhere = [one.url for one in answers if not one.url.startswith((base_url, "data:"))]
    assert elsewhere == []
    weights = {one.url.removeprefix(base_url): wire_bytes(one) for one in answers}
    heaviest = sorted(weights.items(), key=lambda row: -row[1])[:8]
    assert sum(weights.values()) < FIRST_LOAD_BYTES, heaviest
    shifts = page.evaluate("window.shifts")
    assert sum(value for value, _ in shifts) <= MOST_SHIFT, shifts


def test_a_late_font_moves_nothing(visitor: Callable[[tuple[int, int]], Page]) -> None:
    """The page stays in the fallback that it was first drawn in."""
    page = visitor(SCREENS["desk"])
    held: list[Route] = []
    page.route("**/*latin-wght*.woff2", lambda route: held.append(route))
    page.goto("/", wait_until="commit")
    page.evaluate(DRAWN)
    (font,) = held
    font.continue_()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shifts") == []
