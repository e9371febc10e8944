"""System checks on the settings: what is wrong with the environment, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from config.lib.database_url import explain_database_url

SETTINGS_TAG = "settings"
LEAST_TOKEN = 20

NEW_KEY = 'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'


@register(SETTINGS_TAG)
def check_secret_key(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Production needs a secret of its own."""
    try:
        if settings.SECRET_KEY:
            return []
    except ImproperlyConfigured:  # how Django answers when asked for an empty one
        pass
    return [
        Error(
            "SECRET_KEY is not set, and DEBUG is off.",
            hint=f"Set it to a long random text and keep it: {NEW_KEY}. "
            "On your own machine, ./dev run does without.",
            id="config.E001",
        )
    ]


@register(SETTINGS_TAG)
def check_allowed_hosts(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Production needs to know its own names."""
    if settings.DEBUG or settings.ALLOWED_HOSTS:
        return []
    return [
        Error(
            "ALLOWED_HOSTS is empty, and DEBUG is off: every request would be refused.",
            hint="Set it to the host names that Lodebook answers to, for example "
            "ALLOWED_HOSTS=lodebook.example.org.",
            id="config.E002",
        )
    ]


@register(SETTINGS_TAG)
def check_database_url(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """`DATABASE_URL`, where given, is a PostgreSQL address."""
    problem = settings.DATABASE_URL and explain_database_url(settings.DATABASE_URL)
    if not problem:
        return []
    return [
        Error(
            f"DATABASE_URL cannot be used. {problem}",
            hint="Write postgresql://user:password@host:5432/name (PostgreSQL 15 or newer), or "
            "leave it unset for the embedded server.",
            id="config.E003",
        )
    ]


@register(SETTINGS_TAG)
def check_log_level(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """`LOG_LEVEL` is one that Python's logging knows."""
    levels = ["DEBUG", "INFO", "WARNING", "ERROR"]
    if settings.LOG_LEVEL in levels:
        return []
    return [
        Error(
            f"LOG_LEVEL is {settings.LOG_LEVEL!r}, which is no level.",
            hint=f"Choose one of {', '.join(levels)}.",
            id="config.E004",
        )
    ]


@register(SETTINGS_TAG)
def check_metrics_token(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """`METRICS_TOKEN`, where given, cannot be guessed and stands in a header as it is."""
    token = settings.METRICS_TOKEN
    if not token or re.fullmatch(rf"[!-~]{{{LEAST_TOKEN},}}", token):
        return []
    return [
        Error(
            "METRICS_TOKEN cannot be used: it is shorter than "
            f"{LEAST_TOKEN} characters, or holds others than ASCII letters, digits and signs.",
            hint=f"Set it to a random text and give the same to the monitor: {NEW_KEY}. Without "
            "one, only this machine may read /metrics.",
            id="config.E006",
        )
    ]


@register(Tags.security, deploy=True)
def check_demo_user(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """No demo login, whose password was printed on a screen, on a site for the public."""
    if settings.DEBUG or explain_unusable_database():
        return []
    try:
        exists = get_user_model().objects.filter(username=settings.DEMO_USERNAME).exists()
    except DatabaseError:  # no server or no tables yet: then there is no such user either
        return []
    if not exists:
        return []
    return [
        Error(
            f"The demo login {settings.DEMO_USERNAME!r} exists in this database.",
            hint="Remove it: ./manage.py demo_user --remove.",
            id="config.E005",
        )
    ]


def explain_unusable_database() -> str:
    """Why there is no database to ask; empty if there is one."""
    return explain_database_url(settings.DATABASE_URL) if settings.DATABASE_URL else ""
