"""Pages of a list: by number, the same for pages and the API, and by cursor for deep reading."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404, QueryDict
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from config.lib.parameters import carried
from config.lib.problems import InvalidParameters, ParameterProblem, shortened

type Following = Callable[[Any, int], QuerySet[Any]]
"""Gives the next records after a value of the cursor's column, or the first; at most so many."""

DEFAULT_PAGE_SIZE: Final = 50
MAX_PAGE_SIZE: Final = 500
FEW: Final = 2_000
"""So many records are sorted sooner than found among all others."""
_MAX_PAGE: Final = 1_000_000
_WHOLE_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_CURSOR = re.compile(r"[A-Za-z0-9_-]{1,400}")


def read_paging(query: QueryDict) -> tuple[int, int]:
    """The page's number (from 1) and size that the query asks for.

    Raises `InvalidParameters` with all that is wrong with them.
    """
    wrong: list[ParameterProblem] = []
    number = _read(query, "page", default=1, most=_MAX_PAGE, wrong=wrong)
    size = _read(query, "page_size", default=DEFAULT_PAGE_SIZE, most=MAX_PAGE_SIZE, wrong=wrong)
    if wrong:
        raise InvalidParameters(wrong)
    return number, size


class Page[Item]:
    """One page of a list: its items, where it stands, and the addresses of the others."""

    def __init__(
        self, items: Sequence[Item], *, number: int, size: int, count: int, query: QueryDict
    ) -> None:
        self.items = items
        self.number = number
        self.size = size
        self.count = count
        self._query = query

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> Item:
        return self.items[index]

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    @property
    def last(self) -> int:
        """The number of the last page; 1 for an empty list."""
        return max(1, -(-self.count // self.size))

    @property
    def first_item(self) -> int:
        """The place of the first item in the whole list, from 1; 0 for an empty list."""
        return (self.number - 1) * self.size + 1 if self.items else 0

    @property
    def last_item(self) -> int:
        """The place of the last item."""
        return self.first_item + len(self.items) - 1 if self.items else 0

    @property
    def previous_query(self) -> str | None:
        """The query string of the page before, if there is one."""
        return self.query_for(self.number - 1) if self.number > 1 else None

    @property
    def next_query(self) -> str | None:
        """The query string of the page after, if there is one."""
        return self.query_for(self.number + 1) if self.number < self.last else None

    def query_for(self, number: int) -> str:
        """``?mineral=tungsten&page=2``: this query on another page."""
        if number == 1:
            return f"?{self._other_parameters}"
        return f"?{self._other_parameters}{'&' if self._other_parameters else ''}page={number}"

    @cached_property
    def _other_parameters(self) -> str:
        return _with(self._query, page=None).removeprefix("?")

    @property
    def steps(self) -> list[tuple[int, str] | None]:
        """Numbers and query strings for a row of links; None where numbers are left out."""
        pages = Paginator(range(self.count), self.size)
        numbers = pages.get_elided_page_range(self.number, on_each_side=2, on_ends=1)
        return [(n, self.query_for(n)) if isinstance(n, int) else None for n in numbers]


def paginate[Item](items: Any, query: QueryDict, *, count: int | None = None) -> Page[Item]:
    """The page of `items`, a queryset or list, that the query asks for.

    Raises `InvalidParameters` for a bad number and Http404 for a page behind the last.
    """
    number, size = read_paging(query)
    if count is None:
        count = items.count() if isinstance(items, QuerySet) else len(items)
    page: Page[Item] = Page([], number=number, size=size, count=count, query=query)
    if number > page.last:
        raise Http404(f"There is no page {number}: the last is {page.last}.")
    page.items = list(items[(number - 1) * size : number * size])
    return page


class ListPagination(BasePagination):
    """The API's pages: ``count``, ``next``, ``previous``, ``results``.

    ``?cursor=`` reads on from where the last answer ended instead, in the order of a unique column
    that the view names in `cursor_column`; nothing is skipped or given twice, however many records
    come or go meanwhile. An empty one starts; ``previous`` is then always null.
    """

    def paginate_queryset(
        self,
        queryset: Any,
        request: Request,
        view: Any = None,
        *,
        count: int | None = None,
        following: Following | None = None,
    ) -> list[Any]:
        """The records of the page asked for; `count` says how many there are, where it is known.

        By cursor they come from `following` if it is given. Else few are found and sorted, many
        read in order until a page is full: PostgreSQL does not know how many of a condition on
        arrays there are.
        """
        self.request = request
        self.next_query: str | None = None
        self.previous_query: str | None = None
        if "cursor" in request.query_params:
            return self._from_cursor(queryset, request.query_params, view, count, following)
        page: Page[Any] = paginate(queryset, request.query_params, count=count)
        self.count = page.count
        self.next_query, self.previous_query = page.next_query, page.previous_query
        return list(page.items)

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "count": self.count,
                "next": self._link(self.next_query),
                "previous": self._link(self.previous_query),
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "nullable": True, "format": "uri"}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "description": "How many records there are in all."},
                "next": link,
                "previous": link,
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        whole = {"type": "integer", "minimum": 1}
        described = {
            "page": (whole, "Number of the page, from 1."),
            "page_size": (
                {**whole, "maximum": MAX_PAGE_SIZE, "default": DEFAULT_PAGE_SIZE},
                f"Records on a page, at most {MAX_PAGE_SIZE}.",
            ),
        }
        if getattr(view, "cursor_column", None):
            described["cursor"] = (
                {"type": "string"},
                "Empty to start, then as given in `next`: reads everything, nothing twice.",
            )
        return [
            {"name": name, "in": "query", "required": False, "description": text, "schema": schema}
            for name, (schema, text) in described.items()
        ]

    def to_html(self) -> str:
        return ""

    def _from_cursor(
        self,
        queryset: QuerySet[Any],
        query: QueryDict,
        view: Any,
        count: int | None,
        following: Following | None,
    ) -> list[Any]:
        column: str | None = getattr(view, "cursor_column", None)
        if column is None:
            raise _cursor_problem(query, "This list has no cursor: use page.")
        for other in ("page", "ordering"):
            if query.get(other):
                raise InvalidParameters(
                    [
                        ParameterProblem(
                            parameter=other,
                            value=query.get(other),
                            detail=f"A cursor reads in an order of its own: leave out “{other}”.",
                        )
                    ]
                )
        _, size = read_paging(query)
        self.count = queryset.count() if count is None else count
        cursor = query.get("cursor")
        after = _after(queryset, column, cursor, query) if cursor else None
        if following is not None:
            queryset = following(after, size + 1)
        elif after is not None:
            queryset = queryset.filter(**{f"{column}__gt": after})
        # Of an expression there is no index in whose order all could be walked.
        is_few = self.count <= FEW or following is not None
        queryset = queryset.order_by(Coalesce(F(column), F(column)) if is_few else column)
        rows = list(queryset[: size + 1])
        if len(rows) > size:
            last = rows[size - 1]
            value = last[column] if isinstance(last, Mapping) else getattr(last, column)
            self.next_query = _with(query, cursor=_encoded(str(value)))
        return rows[:size]

    def _link(self, query: str | None) -> str | None:
        if query is None:
            return None
        return self.request.build_absolute_uri(self.request.path) + query


def _read(
    query: QueryDict, name: str, *, default: int, most: int, wrong: list[ParameterProblem]
) -> int:
    text = query.get(name, "")
    if not text:
        return default
    if _WHOLE_NUMBER.fullmatch(text) and int(text) <= most:
        return int(text)
    wrong.append(
        ParameterProblem(
            parameter=name,
            value=text,
            detail=f"“{shortened(text)}” is not a whole number from 1 to {most}.",
        )
    )
    return default


def _with(query: QueryDict, **changes: str | None) -> str:
    changed = carried(query)
    for name, value in changes.items():
        changed.pop(name, None)
        if value is not None:
            changed[name] = value
    return f"?{changed.urlencode()}"


def _encoded(value: str) -> str:
    return base64.urlsafe_b64encode(value.encode()).decode().rstrip("=")


def _after(queryset: QuerySet[Any], column: str, cursor: str, query: QueryDict) -> Any:
    if _CURSOR.fullmatch(cursor):
        try:
            text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
            if "\x00" not in text:
                return queryset.model._meta.get_field(column).to_python(text)
        except (binascii.Error, UnicodeDecodeError, ValidationError):
            pass
    raise _cursor_problem(query, "This is no cursor: take it from “next”, or leave it empty.")


def _cursor_problem(query: QueryDict, detail: str) -> InvalidParameters:
    return InvalidParameters(
        [ParameterProblem(parameter="cursor", value=query.get("cursor"), detail=detail)]
    )
