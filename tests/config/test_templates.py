"""What all templates keep to, and the pages that need no record."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory

from config import styleguide

ROOT: Final = Path(styleguide.__file__).parent.parent
TEMPLATES: Final = sorted(
    path
    for app in ("config", "countries", "minerals", "deals")
    for path in (ROOT / app).rglob("templates/**/*.html")
)
STYLE: Final = re.compile(r"\sstyle\s*=|<style\b", re.IGNORECASE)
SCRIPT: Final = re.compile(r"<script\b(?![^>]*\bsrc=)|\son[a-z]+\s*=\s*[\"']|javascript:", re.I)


def get(path: str = "/") -> HttpRequest:
    """A reader's request, whose host the settings allow."""
    return RequestFactory().get(path, headers={"host": "localhost"})


def test_templates_are_found() -> None:
    assert ROOT / "config" / "templates" / "base.html" in TEMPLATES


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_style_or_script_inside(path: Path) -> None:
    markup = path.read_text()
    assert STYLE.findall(markup) == []
    assert [found for found in SCRIPT.findall(markup) if "application/ld+json" not in found] == []


@pytest.mark.parametrize(
    "markup",
    [
        '<p style="color: red">',
        "<style>",
        "<script>",
        '<a onclick="x()">',
        "<a href='javascript:1'>",
    ],
)
def test_the_rule_catches_what_the_policy_forbids(markup: str) -> None:
    assert STYLE.search(markup) or SCRIPT.search(markup)


def test_the_style_guide_shows_every_part() -> None:
    page = styleguide.styleguide(get("/styleguide/")).content.decode()
    for part in ("MoU signed", "presumed lapsed", "not in sums", "none on record", "As of 10 Nov"):
        assert part in page
    assert STYLE.search(page) is None


def test_every_class_of_the_style_guide_is_styled() -> None:
    page = styleguide.styleguide(get("/styleguide/")).content.decode()
    used = {name for names in re.findall(r'class="([^"]+)"', page) for name in names.split()}
    css = "".join(path.read_text() for path in (ROOT / "config" / "static" / "css").rglob("*.css"))
    styled = set(re.findall(r"\.([a-zA-Z][\w-]*)", css))
    assert used - styled <= {
        "ladder-none",
        "row-bar",
        "timeline-body",
        "axis-present",
    }


def test_the_page_of_a_failure_needs_no_context() -> None:
    page = render_to_string("500.html")
    assert "/deals/" in page
    assert "{" not in page


def test_not_found_and_withdrawn_say_where_to_go() -> None:
    missing = render_to_string("404.html", {}, get("/nowhere/"))
    assert 'action="/deals/"' in missing
    gone = render_to_string(
        "410.html",
        {"last_edition": 3, "last_edition_url": "/deals/x/editions/3/"},
        get("/deals/x/"),
    )
    assert '<a href="/deals/x/editions/3/">edition 3</a>' in gone
