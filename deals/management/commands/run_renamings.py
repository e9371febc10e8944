"""`manage.py run_renamings`: brings new names of companies into all deals, in the background."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, connection

from deals.models import Renaming
from deals.renewing import is_at_work, work_off

PAUSE_S = 5


class Command(BaseCommand):
    """Can be stopped at any moment, also by force, and goes on from there when it is run again."""

    help = "Finish the renamings that wait: those of companies that many published deals name."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--follow",
            action="store_true",
            help=f"Do not end: look for new ones every {PAUSE_S} seconds.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        while options["follow"]:
            try:
                self.work_off()
            except (InterfaceError, OperationalError) as error:
                self.stderr.write(f"No database: {error}Trying again in {PAUSE_S} seconds.")
            connection.close()
            time.sleep(PAUSE_S)
        if is_at_work():
            self.stdout.write("Another run_renamings is at work, so this one ends.")
            return
        self.work_off()

    def work_off(self) -> None:
        """Says of each how it ended."""
        for renaming in work_off():
            self.stdout.write(
                f"{renaming}: {renaming.done} of {renaming.total} published deals looked at. "
                f"{renaming.get_state_display()}."
            )
            if renaming.state == Renaming.State.FAILED:
                self.stderr.write(renaming.failure)
