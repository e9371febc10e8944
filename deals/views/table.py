"""The table of deals: which columns, how wide, how dense, and what else there is to choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.http import QueryDict

from config.lib.paging import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, read_paging
from config.lib.problems import InvalidParameters, unknown_value
from deals.columns import (
    COLUMN_GROUPS,
    DEFAULT_COLUMNS,
    SCREEN_COLUMNS,
    ScreenColumn,
    screen_columns,
)
from deals.selecting import Addresses

COLUMNS: Final = "columns"
DENSITY: Final = "density"
COMPACT: Final = "compact"
DENSITIES: Final = ("comfortable", COMPACT)
PAGE_SIZES: Final = (25, DEFAULT_PAGE_SIZE, 100, MAX_PAGE_SIZE)
ROOM: Final = 1200
"""Of the columns' pixels: a tenth more than there are beside the rail on a page 1440 wide, since
columns can give a little. A table that needs more scrolls in a frame of its own."""


@dataclass(frozen=True)
class ChosenColumn:
    """A column on show, and the addresses with it one place earlier and later."""

    column: ScreenColumn
    earlier_href: str
    later_href: str


@dataclass(frozen=True)
class Table:
    """The table that a query asks for. `query` holds what it means, without the page."""

    columns: Sequence[ScreenColumn]
    query: QueryDict
    is_compact: bool = False
    page_size: int = DEFAULT_PAGE_SIZE

    @property
    def names(self) -> list[str]:
        """The names of its columns, in order."""
        return [column.name for column in self.columns]

    @property
    def is_chosen(self) -> bool:
        """Whether it shows other columns than usual, or in another order."""
        return tuple(self.names) != DEFAULT_COLUMNS

    @property
    def is_wide(self) -> bool:
        """Whether it needs more room than a page has."""
        return self._width > ROOM

    @property
    def _width(self) -> int:
        return sum(column.width for column in self.columns)

    @property
    def widths(self) -> list[str]:
        """Width of each column, in pixels where it is wide, else as its part of the room."""
        if self.is_wide:
            return [str(column.width) for column in self.columns]
        return [f"{100 * column.width / self._width:.1f}%" for column in self.columns]

    @property
    def chosen(self) -> list[ChosenColumn]:
        """The columns on show, each with the ways to move it."""
        last = len(self.columns) - 1
        return [
            ChosenColumn(
                column,
                self._moved(place, place - 1) if place else "",
                self._moved(place, place + 1) if place < last else "",
            )
            for place, column in enumerate(self.columns)
        ]

    def _moved(self, place: int, to: int) -> str:
        names = self.names
        names.insert(to, names.pop(place))
        return self.href(**{COLUMNS: ",".join(names)})

    @property
    def others(self) -> list[tuple[str, list[ScreenColumn]]]:
        """The columns that are not on show, under their headings."""
        rest = [column for column in SCREEN_COLUMNS.values() if column not in self.columns]
        grouped = [
            (group, [column for column in rest if column.group == group]) for group in COLUMN_GROUPS
        ]
        return [(group, columns) for group, columns in grouped if columns]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a form that chooses columns must send along."""
        return [
            (name, value)
            for name, values in self.query.lists()
            if name != COLUMNS
            for value in values
        ]

    @property
    def reset_href(self) -> str:
        """The address with the usual columns."""
        return self.href(**{COLUMNS: ""})

    @property
    def all_href(self) -> str:
        """The address with every column."""
        return self.href(**{COLUMNS: ",".join([*self.names, *self._others_names])})

    @property
    def _others_names(self) -> list[str]:
        return [column.name for _, columns in self.others for column in columns]

    @property
    def density_href(self) -> str:
        """The address of the other density."""
        return self.href(**{DENSITY: "" if self.is_compact else COMPACT})

    @property
    def page_sizes(self) -> list[tuple[int, str]]:
        """Rows a page to choose from, with the address of each."""
        return [
            (size, self.href(page_size="" if size == DEFAULT_PAGE_SIZE else str(size)))
            for size in PAGE_SIZES
        ]

    @property
    def file_columns(self) -> str:
        """What ``?columns=`` of a file with these columns is."""
        return ",".join(self.names)

    def href(self, **changes: str) -> str:
        """This address with some parameters set; an empty one is left out."""
        return self._addresses.href("", changes) or "?"

    @cached_property
    def _addresses(self) -> Addresses:
        return Addresses(self.query, safe=",")


def table_of(query: QueryDict, known: QueryDict) -> Table:
    """The table that `query` asks for; `known` is what of it means something here.

    Raises `InvalidParameters` for an unknown column, density or page size.
    """
    density = query.get(DENSITY) or DENSITIES[0]
    if density not in DENSITIES:
        raise InvalidParameters([unknown_value(DENSITY, density, "a density", DENSITIES)])
    return Table(
        screen_columns(query),
        known,
        is_compact=density == COMPACT,
        page_size=read_paging(query)[1],
    )


def usual_table(known: QueryDict) -> Table:
    """The table where nothing is chosen, or nothing that can be read."""
    return Table(screen_columns(QueryDict()), known)


def is_untidy(query: QueryDict) -> bool:
    """Whether the query is as a form sends it: with empty fields, or a name a column."""
    return len(query.getlist(COLUMNS)) > 1 or any("" in values for _, values in query.lists())


def tidied(query: QueryDict) -> QueryDict:
    """The query as it can be read and cited: nothing empty, and columns as one list."""
    tidy = QueryDict(mutable=True)
    for name, values in query.lists():
        if kept := [value for value in values if value]:
            tidy.setlist(name, [",".join(kept)] if name == COLUMNS else kept)
    if tidy.get(COLUMNS) == ",".join(DEFAULT_COLUMNS):
        del tidy[COLUMNS]
    return tidy
