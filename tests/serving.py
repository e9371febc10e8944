"""Lodebook as production runs it, on a database of the caller's: for browser tests, benchmarks."""

from __future__ import annotations

import secrets
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tests import databases
from tests.environment import without_settings

START_SECONDS = 60


@dataclass(frozen=True)
class Site:
    """A running Lodebook: its address, and the environment that its processes have."""

    url: str
    database: str
    environment: dict[str, str]
    pid: int = 0
    """The server's first process, whose children answer; 0 while nothing runs."""

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

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


def site_at(
    port: int, database: str, static_root: Path, settings_module: str = "config.settings"
) -> Site:
    """A site's address and environment; nothing runs there yet."""
    environment = without_settings() | {
        "DJANGO_SETTINGS_MODULE": settings_module,
        "DATABASE_URL": databases.conninfo(database),
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "off",
        "STATIC_ROOT": str(static_root),
        "STATIC_COMPRESS": "off",  # compressing takes longer than the tests
    }
    return Site(f"http://127.0.0.1:{port}", database, environment)


def collect_static(folder: Path) -> None:
    """Fill a folder with the static files, which every site serves."""
    site_at(0, "", folder).manage("collectstatic", "--no-input", "--verbosity=0")


@contextmanager
def serving(
    database: str,
    static_root: Path,
    *,
    settings_module: str = "config.settings",
    options: Sequence[str] = (),
) -> Iterator[Site]:
    """A server on a database, until the block ends; `options` are gunicorn's."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        site = site_at(port, database, static_root, settings_module)
        # The server takes over a socket that listens already: no port is lost to another
        # process meanwhile, and the first request just waits until it is ready.
        log = log_of(static_root, database)
        with log.open("w") as output:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "gunicorn", "config.wsgi", "--threads", "4"),
                    *("--bind", f"fd://{listener.fileno()}", *options),
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
            yield Site(site.url, database, site.environment, process.pid)
        finally:
            process.terminate()
            process.wait(timeout=START_SECONDS)


def log_of(static_root: Path, database: str) -> Path:
    """What the server of a database said last."""
    return static_root.with_name(f"gunicorn-{database}.log")


def wait_until_healthy(site: Site, log: Path) -> None:
    """Wait for the first answer, or say what the server said instead."""
    try:
        with urllib.request.urlopen(f"{site.url}/healthz", timeout=START_SECONDS) as answer:
            answer.read()
    except OSError as error:
        raise RuntimeError(
            f"{site.url} does not answer ({error}); the server said:\n{log.read_text()}"
        ) from error
