"""`./dev`: what a newcomer types first, and the lock that it installs from."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from pytest_django import Settings

CHECKOUT: Path = settings.BASE_DIR


def dev(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `./dev` with nothing to read and, unless given, the environment of the tests."""
    return subprocess.run(
        ["./dev", *arguments],
        cwd=CHECKOUT,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def normalised(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_it_says_what_it_can_do() -> None:
    """Every command of the script is in its usage, and no other."""
    answer = dev("help")
    assert answer.returncode == 0
    described = set(re.findall(r"^  (\w+) ", answer.stdout, re.MULTILINE))
    script = (CHECKOUT / "dev").read_text()
    known = set(re.findall(r"^  ([a-z]+)\)", script, re.MULTILINE))
    assert described == known


@pytest.mark.parametrize("arguments", [[], ["fly"]])
def test_an_unknown_command_gets_the_usage(arguments: list[str]) -> None:
    """With the exit code for wrong usage."""
    answer = dev(*arguments)
    assert answer.returncode == 2
    assert "usage: ./dev" in answer.stdout + answer.stderr


def test_it_is_plain_posix_shell() -> None:
    """Debian's sh, Alpine's and macOS's all read it."""
    shell = shutil.which("dash") or "/bin/sh"
    subprocess.run([shell, "-n", str(CHECKOUT / "dev")], check=True)
    script = (CHECKOUT / "dev").read_text()
    assert script.startswith("#!/bin/sh\n")
    assert not re.search(r"\[\[|\blocal\b|\bfunction\b|<<<|\$'", script)


def test_a_taken_port_is_a_sentence(settings: Settings) -> None:
    """Before anything is prepared, with the way to another port."""
    settings.DEBUG = True
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=rf"Port {port} .*PORT=8001 \./dev run"):
            call_command("develop", port=port)


def test_the_development_server_is_no_production_server(settings: Settings) -> None:
    """Without DEBUG it names the one to use."""
    settings.DEBUG = False
    with pytest.raises(CommandError, match="gunicorn config.wsgi"):
        call_command("develop", port=1)


@pytest.fixture
def password_file(settings: Settings, tmp_path: Path) -> Path:
    """Where the demo login's password is kept during a test."""
    settings.DEBUG = True
    file = tmp_path / "private" / "demo-password"
    settings.DEMO_PASSWORD_FILE = file
    return file


@pytest.mark.django_db
def test_the_demo_login_is_made_once(
    password_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its password is random, stays the same and is readable by its owner alone."""
    call_command("demo_user")
    call_command("demo_user")
    first, second = capsys.readouterr().out.splitlines()
    assert first == second
    password = password_file.read_text().strip()
    assert first == f"demo / {password}"
    assert len(password) >= 12
    assert password_file.stat().st_mode & 0o077 == 0
    user = get_user_model().objects.get(username="demo")
    assert user.check_password(password)
    assert user.is_staff


@pytest.mark.django_db
def test_the_demo_login_can_be_removed(password_file: Path) -> None:
    """As the production check asks for."""
    call_command("demo_user")
    call_command("demo_user", remove=True)
    assert not get_user_model().objects.filter(username="demo").exists()
    assert not password_file.exists()


def test_the_lock_holds_every_dependency_with_hashes() -> None:
    """And names no host: it says what to install, not where from."""
    lock = (CHECKOUT / "requirements.lock").read_text()
    pinned = re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==\S+(.*?)(?=^\S|\Z)", lock, re.M | re.S)
    assert all("--hash=sha256:" in rest for _, rest in pinned)
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = {normalised(re.split(r"[\[<>=~! ;]", requirement)[0]) for requirement in wanted}
    assert names <= {normalised(name) for name, _ in pinned}, "run ./dev lock"
    assert "://" not in lock
