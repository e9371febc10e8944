"""Fixtures for tests in a real browser, against the real server on a database of its own.

`page` comes from pytest-playwright; relative addresses (`page.goto("/deals/")`) are `live_site`'s.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, WebError

from tests import databases
from tests.serving import Site, collect_static, serving

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
HOW_TO_GET_ONE = "No Chromium was found. On Debian: apt-get install chromium"
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


@dataclass(frozen=True)
class Login:
    """A person's way in."""

    username: str
    password: str


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Drive the system's Chromium; without one skip, or fail where a skip would hide a gap."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        if os.environ.get("CI") or os.environ.get("LODEBOOK_REQUIRE_BROWSER"):
            pytest.fail(HOW_TO_GET_ONE)
        pytest.skip(HOW_TO_GET_ONE)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return browser_type_launch_args | {"executable_path": executable, "args": FLAGS + sandbox}


@pytest.fixture(scope="session")
def base_url(live_site: Site) -> str:
    """What relative addresses are relative to."""
    return live_site.url


@pytest.fixture(scope="session")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the static files, which every site serves."""
    folder = tmp_path_factory.mktemp("static")
    collect_static(folder)
    return folder


@pytest.fixture(scope="session")
def live_site(browser_type_launch_args: dict[str, Any], static_root: Path) -> Iterator[Site]:
    """Lodebook as production runs it: gunicorn, DEBUG off, static files collected."""
    with databases.clone() as name, serving(name, static_root) as site:
        yield site


@pytest.fixture(scope="session")
def site_staff(live_site: Site) -> Login:
    """A superuser of `live_site`, to read: other tests count its deals."""
    return superuser_of(live_site)


def superuser_of(site: Site) -> Login:
    """A new superuser of a site."""
    login = Login("grace", secrets.token_urlsafe(12))
    site.manage(
        *("createsuperuser", "--no-input", "--username", login.username, "--email", ""),
        DJANGO_SUPERUSER_PASSWORD=login.password,
    )
    return login


def complaints_of(context: BrowserContext) -> list[str]:
    """What the console of a context complains about from now on.

    What the Content Security Policy blocks and what cannot be loaded is among it, as are
    exceptions that no script caught.
    """
    heard: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            heard.append(f"{message.text} ({message.location['url']})")

    def hear_error(error: WebError) -> None:
        heard.append(str(error.error))

    context.on("console", hear)
    context.on("weberror", hear_error)
    return heard


@pytest.fixture
def complaints(context: BrowserContext) -> list[str]:
    """What the console complains about in `page`."""
    return complaints_of(context)
