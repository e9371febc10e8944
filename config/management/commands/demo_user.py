"""`manage.py demo_user`: the staff login that `./dev run` prints."""

from __future__ import annotations

import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Create the demo login with a random password, or remove it."""

    help = "Create the demo staff login, for development only, and print its password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--remove` takes the login away."""
        parser.add_argument("--remove", action="store_true", help="Remove the login.")

    def handle(self, *, remove: bool, **options: Any) -> None:
        """Create or remove."""
        if remove:
            get_user_model().objects.filter(username=settings.DEMO_USERNAME).delete()
            settings.DEMO_PASSWORD_FILE.unlink(missing_ok=True)
            self.stdout.write(f"There is no login {settings.DEMO_USERNAME!r} any more.")
            return
        password = ensure_demo_user()
        self.stdout.write(f"{settings.DEMO_USERNAME} / {password}")


def ensure_demo_user() -> str:
    """Make sure that the demo login exists, and return its password.

    The password is made once and kept in a file that only its owner can read.
    """
    if not settings.DEBUG:
        raise CommandError(
            "The demo login is for development: it needs DEBUG=1. "
            "For a site of your own use `manage.py createsuperuser`."
        )
    users = get_user_model().objects
    password_file: Path = settings.DEMO_PASSWORD_FILE
    user = users.filter(username=settings.DEMO_USERNAME).first()
    if user and password_file.exists():
        return password_file.read_text().strip()
    if not password_file.exists():
        password_file.parent.mkdir(exist_ok=True)
        password_file.touch(mode=0o600)
        password_file.write_text(secrets.token_urlsafe(9) + "\n")
    password = password_file.read_text().strip()
    if user:
        user.set_password(password)
        user.save()
    else:
        users.create_superuser(settings.DEMO_USERNAME, password=password)
    return password
