"""`manage.py develop`: what `./dev run` does once the packages are there.

It is `runserver` after a preparation, in one command, because every start of Django costs more
than a second. `runserver` and not gunicorn: it reloads code and templates as they change, serves
static files without collecting them, and one person needs no more. Production runs gunicorn.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.management.commands import runserver
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from config.lib.postgres import PostgresError
from config.management.commands.demo_user import ensure_demo_user

LOOPBACK = "127.0.0.1"


class Command(runserver.Command):
    """Prepare the database and the demo login, then serve on loopback."""

    help = "Prepare everything and serve the site on this machine, for development."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--port` beside what `runserver` knows."""
        super().add_arguments(parser)
        parser.add_argument("--port", type=int, default=8000, help="The port on 127.0.0.1.")

    def handle(self, *args: Any, port: int, **options: Any) -> str | None:
        """Prepare and serve. The reloader's child process comes here again, and only serves."""
        if os.environ.get("RUN_MAIN") != "true":
            if not settings.DEBUG:
                raise CommandError(
                    "DEBUG is off. This command is for development (set DEBUG=1); in production "
                    "run `gunicorn config.wsgi`."
                )
            self.refuse_taken_port(port)
            try:
                self.prepare()
            except (PostgresError, OperationalError) as error:
                raise CommandError(f"No database: {error}") from error
            self.announce(port)
        options["addrport"] = f"{LOOPBACK}:{port}"
        return super().handle(*args, **options)

    def on_bind(self, server_port: int) -> None:
        """Say that it serves; where and how to stop it stands above. Begin what waits for a worker.

        The worker ends with the process, also when code changed: it goes on in the next one.
        """
        threading.Thread(
            target=call_command, args=["run_renamings"], kwargs={"follow": True}, daemon=True
        ).start()
        self.stdout.write("  Serving. Changes to the code take effect by themselves.\n")

    def prepare(self) -> None:
        """Start the database, migrate it, fill it if it is empty."""
        with self.step("Database server"):
            connection.ensure_connection()
        executor = MigrationExecutor(connection)
        if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
            with self.step(f"{len(plan)} migrations"):
                call_command("migrate", interactive=False, verbosity=0)
        if not apps.get_model("deals.Edition")._default_manager.exists():
            self.stdout.write("  Loading the deals and reference data from fixtures/")
            call_command("load_fixtures")
        with self.step("Demo login"):
            ensure_demo_user()

    def announce(self, port: int) -> None:
        """Say where the site is and how to sign in."""
        password = ensure_demo_user()
        self.stdout.write(
            "\n"
            f"  Lodebook    http://{LOOPBACK}:{port}/\n"
            f"  Staff       http://{LOOPBACK}:{port}/admin/  "
            f"user {settings.DEMO_USERNAME}, password {password}\n"
            f"  API         http://{LOOPBACK}:{port}/api/docs/\n"
            "\n"
            "  Ctrl-C ends the web server. The database goes on, so that the next start is quick;\n"
            "  ./dev stop ends it.\n"
        )
        self.stdout.flush()

    def refuse_taken_port(self, port: int) -> None:
        """Say so before anything is prepared if someone else serves on this port."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError as error:
                raise CommandError(
                    f"Port {port} on {LOOPBACK} cannot be used ({error.strerror}); perhaps "
                    "another ./dev run serves there. Choose another one: PORT=8001 ./dev run"
                ) from error

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Print what is being done, and how long it took."""
        self.stdout.write(f"  {name} ... ", ending="")
        self.stdout.flush()
        started = time.monotonic()
        yield
        self.stdout.write(f"{time.monotonic() - started:.1f} s")
