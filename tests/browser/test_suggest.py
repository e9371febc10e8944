"""The search field as a combobox: by keyboard, by pointer, and the ticks that lead to compare."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect


def test_suggestions_by_keyboard_and_pointer(page: Page) -> None:
    page.goto("/about/")
    page.keyboard.press("/")
    field = page.get_by_label("Search Lodebook")
    expect(field).to_be_focused()
    field.press_sequentially("wolf")
    expect(field).to_have_role("combobox")
    expect(field).to_have_attribute("aria-expanded", "true")
    options = page.get_by_role("option")
    expect(page.get_by_role("group", name="Minerals")).to_be_visible()
    expect(options.first).to_have_accessible_name(re.compile("Tungsten wolfram"))

    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    first = options.first.get_attribute("id")
    assert first
    expect(field).to_have_attribute("aria-activedescendant", first)
    field.press("ArrowUp")
    expect(field).not_to_have_attribute("aria-activedescendant", re.compile("."))
    field.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    field.press("Home")
    expect(options.last).to_have_attribute("aria-selected", "false")

    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("wolf")
    field.press("Escape")
    expect(field).to_have_value("")

    field.press_sequentially("kazahstan")
    expect(page.get_by_role("option", name="Kazakhstan 61 deals")).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    expect(page).to_have_url(re.compile("/countries/kz/$"))

    field.press_sequentially("exim")
    page.get_by_role("option").first.click()
    expect(page).to_have_url(re.compile("/companies/export-import-bank"))

    field.press_sequentially("antimony")
    expect(options.first).to_be_visible()
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/deals/\?q=antimony"))


def test_ticks_lead_to_a_comparison(page: Page) -> None:
    page.goto("/deals/?mineral=tungsten")
    ticks = page.get_by_role("checkbox", name=re.compile("^Compare: "))
    button = page.get_by_role("button", name="Compare")
    expect(button).to_be_disabled()
    for place in range(4):
        ticks.nth(place).check()
    expect(page.get_by_text("4 chosen, the most that fit side by side.")).to_be_visible()
    ticks.nth(4).click()
    expect(ticks.nth(4)).not_to_be_checked()
    expect(page.get_by_text("Four fit side by side: take one out first.")).to_be_visible()
    button.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("4 deals side by side")
    page.get_by_role("link", name="Leave out").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3 deals side by side")
    field = page.get_by_label("Add a deal")
    field.press_sequentially("cove cap")
    expect(page.get_by_role("option").first).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("4 deals side by side")
