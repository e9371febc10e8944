"""Which editions changed since a moment: the log that triggers fill.

Every statement that writes editions or their lines leaves a row with their ids and the number of
its transaction. A reader keeps the snapshot of the database that it saw last; what it lacks are
the rows of transactions that this snapshot did not see, whatever their order.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper

from deals.models import EditionChange

MOST_CHANGES: Final = 500
"""More changed editions than these are not brought in one by one."""
LOG_READ_WITHIN: Final = datetime.timedelta(days=1)
"""Who did not read the log for longer reads everything anew; it is kept for seven days."""

_TABLE: Final = EditionChange._meta.db_table
_MOST_ROWS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Moment:
    """What a reader had seen of the database."""

    snapshot: str
    server_started: str
    at: datetime.datetime

    @property
    def xmin(self) -> int:
        """Every transaction before this one was seen."""
        return int(self.snapshot.partition(":")[0])


@dataclass(frozen=True, slots=True)
class Changes:
    """What came after a moment."""

    now: Moment
    editions: tuple[int, ...] = ()
    has_names: bool = False
    """Companies or blocs changed."""
    is_too_much: bool = False
    """Everything has to be read anew."""


_NOW: Final = (
    "SELECT pg_current_snapshot()::text AS snapshot,"
    " pg_postmaster_start_time()::text AS started, statement_timestamp() AS at"
)
_SINCE: Final = (
    f"SELECT now.snapshot, now.started, now.at, log.id, log.editions FROM ({_NOW}) AS now"
    f" LEFT JOIN {_TABLE} AS log ON log.xact >= %s"
    f" AND NOT pg_visible_in_snapshot(log.xact::text::xid8, %s::pg_snapshot) LIMIT {_MOST_ROWS}"
)


def moment(connection: psycopg.Connection[tuple[object, ...]]) -> Moment:
    """What this statement, or transaction, sees."""
    row = connection.execute(_NOW).fetchone()
    assert row is not None
    return Moment(*row)  # type: ignore[arg-type]


def changes_since(connection: BaseDatabaseWrapper, last: Moment) -> Changes:
    """What changed since ``last``, in one query that is prepared once a connection.

    It goes past Django's cursor, so that pinned query counts are about the page alone.
    """
    connection.ensure_connection()
    cursor = psycopg.Cursor(connection.connection)
    rows = cursor.execute(_SINCE, [last.xmin, last.snapshot], prepare=True).fetchall()
    now = Moment(*rows[0][:3])
    logged = [editions for *_, number, editions in rows if number is not None]
    changed = {pk for editions in logged for pk in editions or ()}
    return Changes(
        now,
        tuple(sorted(changed)),
        has_names=any(editions == [] for editions in logged),
        is_too_much=(
            now.server_started != last.server_started
            or now.at - last.at > LOG_READ_WITHIN
            or len(rows) == _MOST_ROWS
            or len(changed) > MOST_CHANGES
            or None in logged
        ),
    )
