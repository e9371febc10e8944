"""Databases for tests: one template with everything loaded, and cheap copies of it.

The template holds the migrations and the fixtures. Its name is a hash of all that went into it,
so it is built when something changed and used again by every later run. A copy takes a fraction
of a second, and nobody ever empties one.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql
from psycopg.conninfo import make_conninfo

TEMPLATE_PREFIX = "lodebook_template_"
CLONE_PREFIX = "lodebook_test_"
TEMPLATES_KEPT = 3
BUILD_LOCK = 5_318_008  # any number, the same in every process

# Modules that show data and have no part in loading it: a change there builds no new template.
SHOWING = {
    *("admin", "api", "batches", "caching", "charts", "embedded", "exporting", "facets", "feeds"),
    *("filters", "filterset", "middleware", "paging", "postgres", "problems", "serializers", "svg"),
    *("taking", "templatetags", "timeouts", "urls", "views", "workbook"),
}

_clone_numbers = count(1)


def conninfo(database: str = "") -> str:
    """A connection string for `database` on the tests' server, started if it is our own."""
    configured = settings.DATABASES["default"]
    if cluster := configured.get("CLUSTER"):
        cluster.start()
    return make_conninfo(
        dbname=database or MAINTENANCE,
        user=configured.get("USER") or None,
        password=configured.get("PASSWORD") or None,
        host=configured.get("HOST") or None,
        port=configured.get("PORT") or None,
        **configured.get("OPTIONS", {}),
    )


# The settings name it until a clone takes its place. Tests never write to it: it is only
# connected to while other databases are made and dropped.
MAINTENANCE: str = settings.DATABASES["default"].get("NAME", "")


@contextmanager
def clone() -> Iterator[str]:
    """The name of a fresh copy of the template, dropped afterwards."""
    name = f"{CLONE_PREFIX}{os.getpid()}_{next(_clone_numbers)}"
    with psycopg.connect(conninfo(), autocommit=True) as server:
        # A lock per server, so that nobody copies a template that is being built.
        server.execute("SELECT pg_advisory_lock(%s)", [BUILD_LOCK])
        template = _ensure_template(server)
        _execute(server, "CREATE DATABASE {} TEMPLATE {}", name, template)
        # Nothing here needs to survive a power cut.
        _execute(server, "ALTER DATABASE {} SET synchronous_commit = off", name)
    try:
        yield name
    finally:
        with psycopg.connect(conninfo(), autocommit=True) as server:
            _execute(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@contextmanager
def pointed_at(database: str) -> Iterator[None]:
    """Let Django's default connection, in every thread, be to `database`."""
    configured = connections.settings["default"]
    before = configured["NAME"]
    connections.close_all()
    configured["NAME"] = database
    try:
        yield
    finally:
        connections.close_all()
        configured["NAME"] = before


def _ensure_template(server: psycopg.Connection) -> str:
    """The template's name, after building it if there is none. The caller holds the lock."""
    name = TEMPLATE_PREFIX + fingerprint(settings.BASE_DIR)
    names = [
        row[0]
        for row in server.execute("SELECT datname FROM pg_database ORDER BY oid").fetchall()
        if row[0].startswith((TEMPLATE_PREFIX, CLONE_PREFIX))
    ]
    for left_over in names:
        if left_over.startswith(CLONE_PREFIX) and not _is_alive(int(left_over.split("_")[2])):
            _execute(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", left_over)
    if name in names:
        return name
    templates = [name for name in names if name.startswith(TEMPLATE_PREFIX)]
    for old in templates[: 1 - TEMPLATES_KEPT]:
        _execute(server, "DROP DATABASE {} WITH (FORCE)", old)
    unfinished = f"{CLONE_PREFIX}{os.getpid()}_template"
    _execute(server, "CREATE DATABASE {}", unfinished)
    try:
        _fill(conninfo(unfinished))
    except subprocess.CalledProcessError as error:
        _execute(server, "DROP DATABASE {} WITH (FORCE)", unfinished)
        raise RuntimeError(
            f"The tests' template database could not be built: {error.cmd[2:]} answered\n"
            f"{error.stdout}"
        ) from error
    _execute(server, "ALTER DATABASE {} RENAME TO {}", unfinished, name)
    return name


def _fill(database_url: str) -> None:
    """Migrate and load as a person would, in processes of their own."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "1",
        "DATABASE_URL": make_conninfo(database_url, options="-c synchronous_commit=off"),
    }
    for command in (["migrate", "--verbosity=0"], ["load_fixtures"]):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=True,
        )


def fingerprint(project: Path) -> str:
    """A hash over the fixtures and all code that has a part in loading them."""
    digest = hashlib.sha256()
    files = [
        *(project / "fixtures").rglob("*"),
        *(project / "config" / "lib").rglob("*.py"),
        *(
            path
            for app in ("countries", "minerals", "deals")
            for path in (project / app).rglob("*.py")
            if not SHOWING & {path.stem, *path.relative_to(project).parts}
        ),
        project / "requirements.lock",
    ]
    for path in sorted(path for path in files if path.is_file()):
        digest.update(f"{path.relative_to(project)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _execute(server: psycopg.Connection, statement: str, *names: str) -> None:
    """Run a statement with database names in it, which cannot be parameters."""
    server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _is_alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        try:
            os.kill(pid, 0)
        except PermissionError:
            return True
        return True
    return False
