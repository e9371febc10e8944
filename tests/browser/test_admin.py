"""A deal entered by keyboard alone, published and previewed; axe on the pages that staff use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import databases
from tests.browser.conftest import Login, superuser_of
from tests.serving import Site, serving

STOPS = 80
"""More presses of Tab than lie between any two fields that the test fills in."""

FOREIGN = {
    # Django's own table of rows and Select2: what axe finds in them is not ours to mend.
    "rules": {"empty-table-header": {"enabled": False}, "list": {"enabled": False}}
}


@pytest.fixture(scope="module")
def newsroom_site(browser_type_launch_args: dict[str, Any], static_root: Path) -> Iterator[Site]:
    """A site of its own, since deals are published on it: other tests count `live_site`'s."""
    with databases.clone() as name, serving(name, static_root) as site:
        yield site


@pytest.fixture(scope="module")
def editor(newsroom_site: Site) -> Login:
    return superuser_of(newsroom_site)


@pytest.fixture
def context(browser: Browser, newsroom_site: Site) -> Iterator[BrowserContext]:
    """That of `page` and `complaints` in this module."""
    context = browser.new_context(base_url=newsroom_site.url)
    yield context
    context.close()


@pytest.fixture
def staff_page(page: Page, editor: Login) -> Page:
    """A page on which a superuser is signed in."""
    page.goto("/admin/")
    page.get_by_label("Username").fill(editor.username)
    page.get_by_label("Password").fill(editor.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Site administration")).to_be_visible()
    return page


def focused(page: Page) -> str:
    """The name or id of what has the focus."""
    return str(
        page.evaluate(
            """() => {
                const field = document.activeElement;
                const select = field.closest(".select2")?.previousElementSibling;
                return select?.name || field.name || field.textContent.trim();
            }"""
        )
    )


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until the focus is on the field, or the link, of that name."""
    for _ in range(STOPS):
        if focused(page) == name:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not lead to {name}: it ended on {focused(page)}.")


def write(page: Page, name: str, text: str) -> None:
    """Goes to a field and types."""
    tab_to(page, name)
    page.keyboard.type(text)


def choose(page: Page, name: str, text: str) -> None:
    """Goes to a field that completes, types, and takes the first that is offered."""
    tab_to(page, name)
    if page.evaluate("document.activeElement.classList.contains('select2-selection')"):
        page.keyboard.press("Enter")
        # The list opens with everything in it. Typed before that has come, a search is overtaken.
        expect(page.locator(".select2-container--open .select2-search__field")).to_be_focused()
        expect(page.locator(".select2-results__option--highlighted")).to_be_visible()
    page.keyboard.type(text)
    option = page.locator(".select2-results__option--highlighted")
    expect(option).to_contain_text(re.compile(re.escape(text), re.IGNORECASE))
    page.keyboard.press("Enter")


def test_a_deal_is_entered_by_keyboard_alone(staff_page: Page, complaints: list[str]) -> None:
    page = staff_page
    page.goto("/admin/deals/deal/add/")
    page.wait_for_load_state("networkidle")
    write(page, "title", "Keyboard tungsten venture")
    write(page, "summary", "Two firms agree.")
    write(page, "kind", "Loan")
    write(page, "status", "Announced")
    choose(page, "minerals", "tungsten")
    choose(page, "parties-0-company", "Tau-Ken")
    write(page, "parties-0-role", "Partner")
    write(page, "parties-0-stake_percent", "30")
    choose(page, "deal_countries-0-country", "Kazakhstan")
    write(page, "deal_countries-0-role", "Host")
    write(page, "announced_on", "2026-05")
    choose(page, "financing_lines-0-providers", "Export-Import Bank of the United")
    write(page, "financing_lines-0-instrument", "Loan")
    write(page, "financing_events-0-line_ref", "f1")
    write(page, "financing_events-0-status", "Committed")
    write(page, "financing_events-0-source_ref", "s2")
    write(page, "milestones-0-note", "Announced.")
    write(page, "milestones-0-source_ref", "s1")
    write(page, "sources-0-url", "https://example.org/a")
    write(page, "sources-0-publisher", "Paper")
    write(page, "sources-0-title", "A mine")
    tab_to(page, "Add another Source")
    page.keyboard.press("Enter")
    assert focused(page) == "sources-1-url"  # the new row has the focus
    assert page.locator("[name=sources-1-ref]").get_attribute("placeholder") == "s2"
    page.keyboard.type("https://example.org/b")
    write(page, "sources-1-publisher", "Wire")
    write(page, "sources-1-title", "A loan")
    assert page.locator("#source-refs option").evaluate_all("all => all.map(o => o.value)") == [
        "s1",
        "s2",
    ]
    write(page, "citations-0-source_ref", "s1")
    write(page, "citations-0-fact", "Stake")
    write(page, "confidence", "Medium")
    tab_to(page, "_continue")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text("Keyboard tungsten venture")
    expect(page.locator("[name=financing_events-0-source_ref]")).to_have_value("s2")
    expect(page.locator("[name=sources-1-ref]")).to_have_value("s2")

    page.locator("[name=_publish]").first.press("Enter")
    page.get_by_role("button", name="Publish", exact=True).press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text("Readers see edition 1")
    page.goto("/deals/keyboard-tungsten-venture/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Keyboard tungsten venture")
    assert complaints == []


def findings(page: Page) -> list[str]:
    return [
        f"{violation['id']}: {node['html'][:150]}"
        for violation in Axe().run(page, options=FOREIGN).response["violations"]
        for node in violation["nodes"]
    ]


def test_pages_of_staff_are_accessible(staff_page: Page, complaints: list[str]) -> None:
    page = staff_page
    page.goto("/admin/deals/deal/?q=kz-cove-kaz")
    page.locator("#result_list th a").first.click()
    deal = page.url.removesuffix("change/")
    company = "/admin/deals/company/1/"
    light = [
        *(f"{deal}{name}/" for name in ("publish", "withdraw", "rename", "submit")),
        *(f"{deal}{name}/" for name in ("preview", "history")),
        *(f"{company}{name}/" for name in ("change", "merge", "refresh")),
        "/admin/deals/deal/add/",
        "/admin/deals/deal/",
    ]
    dark = [f"{deal}change/", f"{deal}withdraw/"]
    for address in (*light, *dark):
        page.emulate_media(color_scheme="dark" if address in dark else "light")
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert findings(page) == [], address
    assert complaints == []
