"""A reader walks through the site as one does, by its links and forms, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Login, complaints_of

COVE = "/deals/kz-cove-kaz-tau-ken-samruk-tungsten/"


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def reader(
    request: pytest.FixtureRequest, new_context: Callable[..., BrowserContext]
) -> Iterator[Page]:
    """A reader's page; afterwards, that its console stayed silent."""
    context = new_context(java_script_enabled=request.param, reduced_motion="reduce")
    heard = complaints_of(context)
    yield context.new_page()
    assert heard == []


def count_of_deals(page: Page) -> int:
    """The number that the list states."""
    return int(page.locator("[data-count]").first.get_attribute("data-count") or "")


def follow(page: Page, link: str, *, within: str = "main") -> None:
    """Click the first link with exactly this text, and see that its page is there."""
    page.locator(within).get_by_role("link", name=link, exact=True).first.click()
    expect(page.locator("h1")).to_be_visible()


def test_a_reader_walks_from_the_front_door_to_the_method(reader: Page) -> None:
    """Home, list, search, filter, deal, sources, history, then each kind of profile."""
    reader.goto("/")
    expect(reader.locator("h1")).to_be_visible()
    follow(reader, "Deals", within="header")
    everything = count_of_deals(reader)
    assert everything > 400

    search = reader.get_by_label("Search Lodebook")
    search.fill("wolfram")
    search.press("Enter")
    expect(reader).to_have_url(re.compile(r"[?&]q=wolfram"))
    expect(reader.locator("[data-count]").first).not_to_have_attribute(
        "data-count", str(everything)
    )
    found = count_of_deals(reader)
    assert 0 < found < everything

    # A link that narrows, from outside, keeps what stands in the address.
    reader.goto("/deals/?q=wolfram&host=c5")
    assert 0 < count_of_deals(reader) < found
    reader.locator(f'main a[href^="{COVE}"]').first.click()

    expect(reader.locator("h1")).to_contain_text("tungsten joint venture")
    expect(reader.locator("main")).to_contain_text("70%")
    source = reader.locator("#sources a.source-title").first
    assert (source.get_attribute("href") or "").startswith("https://")
    reader.locator('main a[href^="#source-"]').first.click()
    expect(reader).to_have_url(re.compile("#source-"))

    follow(reader, "What each edition changed")
    follow(reader, "Edition 1")
    expect(reader).to_have_url(re.compile(f"{COVE}editions/1/$"))

    follow(reader, "Kazakhstan")
    expect(reader).to_have_url(re.compile("/countries/kz/$"))
    reader.goto(COVE)
    follow(reader, "Tungsten")
    expect(reader).to_have_url(re.compile("/minerals/tungsten/$"))
    reader.goto(COVE)
    follow(reader, "Tau-Ken Samruk")
    expect(reader).to_have_url(re.compile("/companies/tau-ken-samruk/$"))
    reader.goto(COVE)
    follow(reader, "C5+1 Washington summit 2025")
    expect(reader).to_have_url(re.compile("/events/c51-washington-2025/$"))

    follow(reader, "Policies", within="header")
    reader.locator('main a[href^="/policies/"]').first.click()
    expect(reader).to_have_url(re.compile("/policies/[a-z0-9-]+/$"))
    follow(reader, "About", within="header")
    expect(reader.locator("#licence")).to_be_visible()
    follow(reader, "API", within="footer")
    expect(reader).to_have_url(re.compile("/api/docs/$"))


def test_the_filter_form_narrows_the_list(reader: Page) -> None:
    """A tick in the form does what the parameter in an address does."""
    reader.goto("/deals/?host=KZ")
    expected = count_of_deals(reader)
    reader.goto("/deals/")
    reader.locator('.rail input[name="host"][value="KZ"]').check()
    submit = reader.locator(".rail").get_by_role("button", name=re.compile("^Show"))
    if submit.is_visible():
        submit.click()
    expect(reader).to_have_url(re.compile(r"[?&]host=KZ"))
    expect(reader.locator("[data-count]").first).to_have_attribute("data-count", str(expected))


def test_the_keyboard_reaches_the_content_first(page: Page) -> None:
    """The first stop skips the header; every stop can be seen."""
    page.goto("/deals/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()

    page.goto("/deals/")
    for _ in range(20):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
                const stop = document.activeElement, look = getComputedStyle(stop);
                return {what: stop.outerHTML.slice(0, 120), outline: look.outlineStyle,
                        width: parseFloat(look.outlineWidth)};
            }"""
        )
        assert stop["outline"] != "none" and stop["width"] >= 2, stop["what"]


def test_the_menu_opens_on_a_phone(reader: Page) -> None:
    """The navigation folds away, and opens without a script."""
    reader.set_viewport_size({"width": 390, "height": 844})
    reader.goto("/minerals/")
    countries = reader.locator("header").get_by_role("link", name="Countries")
    expect(countries).to_be_hidden()
    reader.locator("header summary").click()
    countries.click()
    expect(reader).to_have_url(re.compile("/countries/$"))


def test_staff_open_a_deal_in_the_admin(
    page: Page, site_staff: Login, complaints: list[str]
) -> None:
    """The form of a deal, empty and filled, works under the policy."""
    page.goto("/admin/")
    page.get_by_label("Username").fill(site_staff.username)
    page.get_by_label("Password").fill(site_staff.password)
    page.get_by_role("button", name="Log in").click()
    page.goto("/admin/deals/deal/add/")
    expect(page.locator("#id_title")).to_be_visible()
    page.goto("/admin/deals/deal/?q=cove+kaz")
    page.locator("#result_list").get_by_role("link", name="Cove Kaz").first.click()
    expect(page.locator("#id_title")).to_have_value(re.compile("^Cove Kaz"))
    assert complaints == []
