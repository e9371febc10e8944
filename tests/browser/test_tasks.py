"""An analyst's ten tasks, from the question to what is taken away.

Each is done as a person does it: by the forms, links and words of the pages, with and without
scripts, on a desk and on a phone, in light and in dark. `LODEBOOK_SCREENSHOTS=<folder>` keeps a
picture of where each one ended.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Literal
from xml.etree import ElementTree

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import complaints_of

COVE = "/deals/kz-cove-kaz-tau-ken-samruk-tungsten/"
C5_SUMMIT = "/events/c51-washington-2025/"


@dataclass(frozen=True)
class Setting:
    """How the analyst reads."""

    has_scripts: bool
    width: int
    height: int
    colours: Literal["light", "dark"]

    def __str__(self) -> str:
        scripts = "scripts" if self.has_scripts else "no scripts"
        return f"{self.width} {self.colours} {scripts}"


SETTINGS = (
    Setting(has_scripts=True, width=1440, height=900, colours="light"),
    Setting(has_scripts=True, width=390, height=844, colours="dark"),
    Setting(has_scripts=False, width=1440, height=900, colours="dark"),
    Setting(has_scripts=False, width=390, height=844, colours="light"),
)


class Analyst:
    """A reader at a page of the site, with the habits that the tasks share."""

    def __init__(self, page: Page, setting: Setting, site: str) -> None:
        self.page = page
        self.setting = setting
        self.site = site

    @property
    def deals(self) -> int:
        """How many deals the list says it shows."""
        return int(self.page.locator("[data-count]").first.get_attribute("data-count") or "")

    def goes_to(self, address: str) -> None:
        self.page.goto(address)
        expect(self.page.locator("h1")).to_be_visible()

    def opens(self, disclosure: Locator) -> None:
        """Unfold a `details` by its summary, unless it is open."""
        if disclosure.get_attribute("open") is None:
            disclosure.locator("summary").first.click()

    def ticks(self, facet: str, value: str) -> None:
        """Choose a value of a facet, and wait until the list has taken it."""
        rail = self.page.locator(".rail")
        if not rail.is_visible():
            self.page.locator(".rail-toggle summary").click()
        block = self.page.locator(f"#facet-{facet}")
        self.opens(block)
        box = block.locator(f'input[name="{facet}"][value="{value}"]')
        if not box.is_visible():
            self._looks_further(block)
        if self.setting.has_scripts:
            expect(box).to_be_visible()
        elif not box.count():  # the whole facet is a page of its own
            box = self.page.locator(f'.facet-form input[name="{facet}"][value="{value}"]')
        box.check()
        if not self.setting.has_scripts:
            self.page.get_by_role("button", name="Show").last.click()
        expect(self.page).to_have_url(re.compile(rf"[?&]{facet}={value}(&|$)"))
        expect(self.page.locator(f"#{facet}-{value}")).to_be_checked()
        expect(self.page.locator("#results")).not_to_have_attribute("aria-busy", "true")

    def _looks_further(self, block: Locator) -> None:
        """Ask for all values of a facet: folded ones, or those that are elsewhere."""
        for more in block.locator(".facet-more").all():
            more.click()
        for branch in block.locator(".branch").all():
            if branch.is_visible():
                self.opens(branch)

    def sees(self, view: str) -> None:
        """Another view of the same deals, of which there are as many."""
        before = self.deals
        self.page.get_by_role("navigation", name="Views").get_by_role("link", name=view).click()
        expect(self.page).to_have_url(re.compile(f"view={view.lower()}"))
        assert self.deals == before

    def takes(self, link: Locator) -> bytes:
        """Fetch what a link leads to, as a click on a download does."""
        address = link.get_attribute("href") or ""
        with urllib.request.urlopen(f"{self.site}{address}") as answer:
            content: bytes = answer.read()
        return content

    def says(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words)

    def rows(self) -> list[str]:
        return self.page.locator(".deal-table tbody tr").all_inner_texts()


@contextmanager
def another_site(page: str) -> Iterator[str]:
    """The address of a server that answers everything with one page."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


# -- The tasks ----------------------------------------------------------------------------------


def money_committed_by_the_us_to_tungsten_in_central_asia_as_xlsx(analyst: Analyst) -> None:
    """None is committed, and the page and the workbook both say so."""
    analyst.goes_to("/deals/")
    analyst.ticks("mineral", "tungsten")
    analyst.ticks("bloc", "c5")
    analyst.ticks("provider_country", "US")
    assert analyst.deals == 2
    lanes = analyst.page.locator(".lanes-block")
    expect(lanes).to_contain_text("Committed")
    committed = lanes.locator(".lane", has_text="Committed")
    expect(committed).to_contain_text("nothing")
    analyst.opens(analyst.page.locator("#tool-download"))
    link = analyst.page.locator('#tool-download a[href*="export.xlsx"]').first
    book = openpyxl.load_workbook(io.BytesIO(analyst.takes(link)), read_only=True)
    heads, *lines = book["Financing"].iter_rows(values_only=True)
    rungs = [row[heads.index("Rung")] for row in lines]
    assert rungs
    assert "committed" not in rungs
    assert len(list(book["Deals"].iter_rows())) == analyst.deals + 1


def what_changed_on_the_cove_deal_since_it_was_announced(analyst: Analyst) -> None:
    """One look at its history: then and now, side by side."""
    analyst.goes_to(COVE)
    analyst.page.locator('main a[href$="/history/"]').first.click()
    table = analyst.page.locator("#since table")
    expect(table).to_contain_text("Announced 6 Nov 2025")
    agreement = table.locator("tr", has_text="Agreement").first
    expect(agreement).to_contain_text("Agreement signed")
    expect(agreement.locator(".has-changed")).to_be_visible()


def chinese_against_us_processing_deals_for_rare_earths_by_year_as_svg(analyst: Analyst) -> None:
    """Two partners side by side on one scale; the file is a drawing that stands alone."""
    analyst.goes_to("/deals/?mineral=rare-earths&supply_chain_stage=processing")
    analyst.ticks("partner", "US")
    analyst.ticks("partner", "CN")
    analyst.sees("Charts")
    figure = analyst.page.locator("figure", has_text="year of announcement and partner").first
    expect(figure).to_contain_text("United States")
    expect(figure).to_contain_text("China")
    drawing = ElementTree.fromstring(analyst.takes(figure.get_by_role("link", name="SVG")))
    words = " ".join(drawing.itertext())
    assert "United States" in words
    assert "China" in words
    data = analyst.takes(figure.get_by_role("link", name="CSV")).decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(data)))) > 2


def which_c5_promises_went_stale(analyst: Analyst) -> None:
    """The event's page says what became of each; none has gone stale yet."""
    analyst.goes_to("/events/")
    analyst.page.locator(f'main a[href="{C5_SUMMIT}"]').first.click()
    expect(analyst.page.locator("h1")).to_contain_text("C5+1")
    analyst.says("stale")
    analyst.goes_to("/deals/?event=c51-washington-2025")
    announced = analyst.deals
    analyst.goes_to("/deals/?event=c51-washington-2025&stale=false")
    assert analyst.deals == announced == 7


def central_asia_in_november_2025_beside_today(analyst: Analyst) -> None:
    """The same selection on a past day, plainly marked, and back."""
    analyst.goes_to("/deals/?bloc=c5")
    today = analyst.deals
    analyst.opens(analyst.page.locator("#tool-days"))
    analyst.page.get_by_label("The world on").fill("2025-11-01")
    analyst.page.locator("#tool-days").get_by_role("button", name="Show").click()
    expect(analyst.page).to_have_url(re.compile("on=2025-11-01"))
    expect(analyst.page.locator(".strip")).to_contain_text("The world on 1 Nov 2025")
    assert 0 < analyst.deals < today
    analyst.page.get_by_role("link", name="Back to today").first.click()
    expect(analyst.page.locator(".strip")).to_have_count(0)
    assert analyst.deals == today


def on_what_sources_contradict_each_other_about_antimony(analyst: Analyst) -> None:
    """Disputed deals, and on a deal's page who says what."""
    analyst.goes_to("/deals/")
    analyst.ticks("mineral", "antimony")
    every = analyst.deals
    analyst.goes_to("/deals/?mineral=antimony&disputed=true")
    assert 0 < analyst.deals < every
    assert all("disputed" in row for row in analyst.rows())
    analyst.page.locator(".deal-title").first.click()
    expect(analyst.page.locator("#sources-say .claim-disputed").first).to_be_visible()


def three_tungsten_deals_side_by_side(analyst: Analyst) -> None:
    """Ticked in the list, compared fact by fact, reduced to what differs."""
    analyst.goes_to("/deals/?mineral=tungsten")
    boxes = analyst.page.locator('.deal-table input[name="deal"]')
    for place in range(3):
        boxes.nth(place).check()
    analyst.page.get_by_role("button", name="Compare").first.click()
    expect(analyst.page).to_have_url(re.compile(r"/deals/compare/\?deal="))
    expect(analyst.page.locator(".compare thead th")).to_have_count(3)
    facts = analyst.page.locator(".compare tbody tr").count()
    analyst.page.get_by_role("link", name="Show only differences").click()
    expect(analyst.page).to_have_url(re.compile("only"))
    assert 0 < analyst.page.locator(".compare tbody tr").count() < facts


def a_map_of_tungsten_hosts_for_an_article(analyst: Analyst) -> None:
    """The map's code to embed works in a page of another site."""
    analyst.goes_to("/deals/")
    analyst.ticks("mineral", "tungsten")
    analyst.sees("Map")
    figure = analyst.page.locator("figure", has=analyst.page.locator("svg")).first
    analyst.opens(figure.locator(".figure-embed"))
    code = figure.locator(".figure-embed textarea").input_value()
    with another_site(f"<!doctype html><title>Article</title>{code}") as article:
        analyst.page.goto(article)
        frame = analyst.page.frame_locator("iframe")
        expect(frame.locator("svg").first).to_be_attached()
        expect(frame.locator("body")).to_contain_text("Lodebook")


def the_portfolio_of_an_export_credit_agency(analyst: Analyst) -> None:
    """From a few letters in the search box to its money by rung."""
    analyst.goes_to("/")
    search = analyst.page.locator("#site-search")
    search.fill("export import bank")
    if analyst.setting.has_scripts:
        options = analyst.page.get_by_role("option")
        expect(options.filter(has_text="Export-Import Bank of the United States")).to_be_visible()
        options.filter(has_text="Export-Import Bank of the United States").first.click()
    else:
        search.press("Enter")
        analyst.page.locator(
            'main a[href="/companies/export-import-bank-of-the-united-states/"]'
        ).first.click()
    expect(analyst.page.locator("h1")).to_contain_text("Export-Import Bank of the United States")
    for rung in ("Indicated", "Conditional", "Committed", "Disbursed"):
        analyst.says(rung)


def a_citation_and_the_same_deals_for_a_program(analyst: Analyst) -> None:
    """A citation that stays true, and an address that answers a program with the same deals."""
    analyst.goes_to("/deals/?host=KZ&rung=indicated")
    count = analyst.deals
    analyst.opens(analyst.page.locator("#tool-cite"))
    cited = analyst.page.locator("#cite-address").inner_text()
    assert "as_of=" in cited
    analyst.opens(analyst.page.locator("#tool-api"))
    address = analyst.page.locator("#api-address").inner_text()
    with urllib.request.urlopen(address) as answer:
        found: dict[str, Any] = json.load(answer)
    assert found["count"] == count
    analyst.goes_to(COVE)
    bibtex = analyst.page.locator("#cite a", has_text="BibTeX").first
    assert analyst.takes(bibtex).decode().startswith("@")


TASKS: tuple[Callable[[Analyst], None], ...] = (
    money_committed_by_the_us_to_tungsten_in_central_asia_as_xlsx,
    what_changed_on_the_cove_deal_since_it_was_announced,
    chinese_against_us_processing_deals_for_rare_earths_by_year_as_svg,
    which_c5_promises_went_stale,
    central_asia_in_november_2025_beside_today,
    on_what_sources_contradict_each_other_about_antimony,
    three_tungsten_deals_side_by_side,
    a_map_of_tungsten_hosts_for_an_article,
    the_portfolio_of_an_export_credit_agency,
    a_citation_and_the_same_deals_for_a_program,
)


@pytest.fixture(params=SETTINGS, ids=str)
def analyst(
    request: pytest.FixtureRequest, new_context: Callable[..., BrowserContext], base_url: str
) -> Iterator[Analyst]:
    """An analyst in each setting; afterwards, that the console stayed silent."""
    setting: Setting = request.param
    context = new_context(
        java_script_enabled=setting.has_scripts,
        viewport={"width": setting.width, "height": setting.height},
        color_scheme=setting.colours,
        reduced_motion="reduce",
    )
    heard = complaints_of(context)
    someone = Analyst(context.new_page(), setting, base_url)
    yield someone
    if folder := os.environ.get("LODEBOOK_SCREENSHOTS"):
        name = re.sub(r"[^a-z0-9]+", "-", request.node.name.casefold()).strip("-")
        someone.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert heard == []


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.__name__)
def test_a_task(analyst: Analyst, task: Callable[[Analyst], None]) -> None:
    task(analyst)
