"""Django's database settings from `DATABASE_URL`, or for the embedded server without one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from config.lib.postgres import DATABASE, PORT, USER, Cluster

# libpq's names for what Django keeps apart; all the rest (sslmode, options ...) passes through.
DJANGO_KEYS = {
    "dbname": "NAME",
    "user": "USER",
    "password": "PASSWORD",
    "host": "HOST",
    "port": "PORT",
}


def database_settings(url: str, *, checkout: Path) -> dict[str, Any]:
    """The settings of one database.

    `url` is whatever libpq reads: `postgresql://user:password@host:5432/name?sslmode=require` or
    `host=… dbname=…`. Libpq's own parser knows every form of it. An unreadable one gives Django's
    dummy engine, so that the system check can still run and say what is wrong.
    """
    kept_open = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    if not url:
        cluster = Cluster.of_checkout(checkout)
        return kept_open | {
            "ENGINE": "config.lib.embedded",
            "NAME": DATABASE,
            "USER": USER,
            "HOST": str(cluster.socket_folder),
            "PORT": str(PORT),
            "CLUSTER": cluster,
        }
    if explain_database_url(url):
        return {"ENGINE": "django.db.backends.dummy"}
    parts = conninfo_to_dict(url)
    named = {key: str(parts.pop(name)) for name, key in DJANGO_KEYS.items() if name in parts}
    return kept_open | {"ENGINE": "django.db.backends.postgresql", "OPTIONS": parts} | named


def explain_database_url(url: str) -> str:
    """What is wrong with `url`, as a sentence; empty if nothing is. Never repeats a password."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        return "It is not a PostgreSQL address."
    if not all(port.isdigit() for port in str(parts.get("port", 0)).split(",")):
        return "Its port is not a number."
    return "" if parts.get("dbname") else "It names no database."
