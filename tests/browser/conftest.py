"""Fixtures for tests in a real browser, against the real server on a database of its own.

`page` comes from pytest-playwright; relative addresses (`page.goto("/deals/")`) are `live_site`'s.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, ConsoleMessage, WebError

from tests import databases
from tests.environment import without_settings

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
START_SECONDS = 60


@dataclass(frozen=True)
class Site:
    """A running Lodebook: its address, and the environment that its processes have."""

    url: str
    database: str
    environment: dict[str, str]

    def manage(self, *arguments: str, **environment: str) -> str:
        """Run `manage.py` on the site's database; what it printed."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        ).stdout


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
    site_at(0, "", folder).manage("collectstatic", "--no-input", "--verbosity=0")
    return folder


@pytest.fixture(scope="session")
def live_site(browser_type_launch_args: dict[str, Any], static_root: Path) -> Iterator[Site]:
    """Lodebook as production runs it: gunicorn, DEBUG off, static files collected."""
    with databases.clone() as name, serving(name, static_root) as site:
        yield site


def site_at(port: int, database: str, static_root: Path) -> Site:
    """A site's address and environment; nothing runs there yet."""
    environment = without_settings() | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": databases.conninfo(database),
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "off",
        "STATIC_ROOT": str(static_root),
        "STATIC_COMPRESS": "off",  # compressing takes longer than the tests
    }
    return Site(f"http://127.0.0.1:{port}", database, environment)


@contextmanager
def serving(database: str, static_root: Path) -> Iterator[Site]:
    """A server on a database, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        site = site_at(listener.getsockname()[1], database, static_root)
        # The server takes over a socket that listens already: no port is lost to another
        # process meanwhile, and the first request just waits until it is ready.
        log = static_root.with_name(f"gunicorn-{database}.log")
        with log.open("w") as output:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "gunicorn", "config.wsgi", "--threads", "4"),
                    *("--bind", f"fd://{listener.fileno()}"),
                ],
                cwd=settings.BASE_DIR,
                env=site.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=[listener.fileno()],
            )
        try:
            wait_until_healthy(site, log)
            yield site
        finally:
            process.terminate()
            process.wait(timeout=START_SECONDS)


def wait_until_healthy(site: Site, log: Path) -> None:
    """Wait for the first answer, or say what the server said instead."""
    try:
        with urllib.request.urlopen(f"{site.url}/healthz", timeout=START_SECONDS) as answer:
            assert answer.status == 200
    except OSError as error:
        pytest.fail(f"{site.url} does not answer ({error}):\n{log.read_text()}")


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
