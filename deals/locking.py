"""The one lock of publishing: whoever writes editions or their index holds it."""

from __future__ import annotations

from django.db import connection

PUBLISHING_LOCK = 0x10DEB00C


def hold_lock() -> None:
    """Keeps everyone else from writing editions until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISHING_LOCK])
