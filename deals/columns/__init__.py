"""Every column of a list of deals, once: for the screen, CSV and XLSX.

``?columns=`` means the same on the page and in a file. Names are of two sorts: a column of the
screen, which gathers several of a file's, and a column of a file. A file takes the first for all
that it gathers; the screen takes the second for the cell that shows it. So the same query gives
the table that a reader sees and the file that holds what it shows.
"""

from __future__ import annotations

from typing import Final

from django.http import QueryDict

from config.lib.columns import ColumnSet
from deals.columns.files import file_columns
from deals.columns.screen import COLUMN_GROUPS, DEFAULT_COLUMNS, SCREEN_COLUMNS, ScreenColumn

DEAL_COLUMNS: Final = ColumnSet(
    file_columns(), {column.name: column.shows for column in SCREEN_COLUMNS.values()}
)

# The narrowest group first: where a column of a file is in several cells, the one that is about it.
_SHOWN_BY: Final = {
    name: column
    for column in sorted(SCREEN_COLUMNS.values(), key=lambda column: -len(column.shows))
    for name in column.shows
}


def screen_columns(query: QueryDict) -> list[ScreenColumn]:
    """The columns of the table that the query asks for, in its order, or the usual ones.

    Raises `InvalidParameters` for a name that is none, with the nearest that is.
    """
    names = DEAL_COLUMNS.names_chosen(query) or DEFAULT_COLUMNS
    columns = [SCREEN_COLUMNS.get(name) or _SHOWN_BY[name] for name in names]
    return list(dict.fromkeys(columns))


__all__ = [
    "COLUMN_GROUPS",
    "DEAL_COLUMNS",
    "DEFAULT_COLUMNS",
    "SCREEN_COLUMNS",
    "ScreenColumn",
    "screen_columns",
]
