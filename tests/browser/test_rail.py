"""The facet rail in a browser: with scripts the list follows each choice, without it is a form."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

WANTED = re.compile(r"/deals/\?.*host=KZ")
COUNT = "#selection-count [data-count]"


def test_a_choice_keeps_the_focus_and_can_be_taken_back(page: Page, complaints: list[str]) -> None:
    page.goto("/deals/")
    option = page.locator("#host-KZ")
    option.focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"\?host=KZ$"))
    expect(page.locator("#selection-sentence")).to_have_text("Deals hosted in Kazakhstan")
    expect(option).to_be_focused()
    expect(page).to_have_title(re.compile("^Deals hosted in Kazakhstan"))

    # The next stop is the way to leave it out; of a chosen one there is none.
    page.locator("#host-UZ").focus()
    page.keyboard.press("Tab")
    expect(page.locator("#not-host-UZ")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("host__not=UZ"))
    expect(page.locator("#host-UZ")).to_be_focused()
    expect(page.locator(".chip-not")).to_contain_text("Host: not Uzbekistan")

    page.go_back()
    expect(page).to_have_url(re.compile(r"\?host=KZ$"))
    expect(page.locator("#host-KZ")).to_be_checked()
    page.locator(".chip").first.click()
    expect(page).to_have_url(re.compile(r"/deals/\??$"))
    assert complaints == []


def test_years_are_clicked_dragged_and_typed(page: Page) -> None:
    page.goto("/deals/")
    page.locator("#year-2025").click()
    expect(page).to_have_url(re.compile("announced_after=2025&announced_before=2025"))
    page.locator("#year-2025").click()
    expect(page).not_to_have_url(re.compile("announced"))

    first, last = (page.locator(f"#year-{year}").bounding_box() for year in (2023, 2025))
    assert first
    assert last
    page.mouse.move(first["x"] + 5, first["y"] + 20)
    page.mouse.down()
    page.mouse.move(last["x"] + 5, last["y"] + 20, steps=8)
    page.mouse.up()
    expect(page).to_have_url(re.compile("announced_after=2023&announced_before=2025"))
    expect(page.locator("#selection-sentence")).to_have_text("Deals announced 2023 to 2025")

    page.locator("#announced-before").fill("")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("announced_after=2023$"))


def test_a_long_facet_is_searched_and_unfolded(page: Page) -> None:
    page.goto("/deals/")
    page.locator("#facet-company > summary").click()
    field = page.locator("#find-company")
    field.fill("kazatom")
    found = page.locator("#facet-company .facet-found")
    expect(found).to_contain_text("Kazatomprom")
    found.locator("label", has_text="Kazatomprom").click()
    expect(page).to_have_url(re.compile("company=kazatomprom"))
    expect(page.locator("#facet-company input:checked")).to_have_count(1)

    # In a list that is all there nothing is fetched; accents and case do not matter.
    page.goto("/deals/")
    page.locator("#find-mineral").fill("TUNG")
    expect(page.locator("#facet-mineral label:visible")).to_have_count(1)
    expect(page).not_to_have_url(re.compile("tung", re.IGNORECASE))


def test_a_failure_says_so_and_can_be_tried_again(page: Page) -> None:
    page.goto("/deals/")
    rows = page.locator(".deal-table tbody tr").count()

    def fail(route: Route) -> None:
        route.abort()

    page.route(WANTED, fail)
    page.locator("#host-KZ").check()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Lodebook did not answer")
    assert page.locator(".deal-table tbody tr").count() == rows
    page.unroute(WANTED, fail)
    alert.get_by_role("button", name="Try again").click()
    expect(page.locator("#selection-sentence")).to_have_text("Deals hosted in Kazakhstan")
    expect(page).to_have_url(re.compile(r"\?host=KZ$"))


def test_on_a_phone_the_choices_open_and_lead_to_the_deals(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/deals/?host=KZ")
    page.locator(".rail-toggle summary").click()
    page.locator("#mineral-uranium").check()
    expect(page).to_have_url(re.compile("mineral=uranium"))
    expect(page.locator("#rail-chosen")).to_contain_text("2 chosen")
    show = page.locator("#show-deals")
    count = page.locator(COUNT).get_attribute("data-count")
    expect(show).to_have_text(f"Show {count} deals")
    expect(show).to_be_in_viewport()
    show.click()
    expect(page.locator("#rail")).to_be_hidden()
    expect(page.locator("#selection-sentence")).to_be_in_viewport()


@pytest.mark.parametrize("width", [390, 1440])
def test_without_scripts_it_is_a_form(browser: Browser, base_url: str, width: int) -> None:
    context = browser.new_context(
        base_url=base_url, java_script_enabled=False, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    page.goto("/deals/?announced_after=2024")
    if width < 500:
        page.locator(".rail-toggle summary").click()
    page.locator("#host-KZ").check()
    page.locator("#mineral-rare-earths").check()
    page.locator("#show-deals").click()
    expect(page).to_have_url(re.compile("host=KZ"))
    expect(page).to_have_url(re.compile("mineral=rare-earths"))
    if width < 500:
        page.locator(".rail-toggle summary").click()
    page.locator("#not-status-mou_signed").click()
    expect(page.locator(".chip-not")).to_contain_text("Agreement: not MoU signed")
    if width > 500:
        page.locator("#year-2025").click()
        expect(page).to_have_url(re.compile("announced_after=2025"))
        page.goto("/deals/")
        page.locator("#all-host a").click()
        page.locator("#host-CL").check()
        page.get_by_role("button", name="Show deals").last.click()
        expect(page.locator("#selection-sentence")).to_have_text("Deals hosted in Chile")
    context.close()
