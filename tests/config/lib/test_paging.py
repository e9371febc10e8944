"""Pages by number and by cursor: what they hold, the links between them, and bad numbers."""

import base64
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.http import Http404, HttpRequest, QueryDict
from django.test import RequestFactory
from rest_framework.request import Request

from config.lib.paging import ListPagination, Page, paginate, read_paging
from config.lib.problems import InvalidParameters


def page(query: str, count: int = 95) -> Page[int]:
    return paginate(list(range(count)), QueryDict(query))


# --- By number ---


@pytest.mark.parametrize(
    ("query", "number", "size"),
    [("", 1, 50), ("page=2", 2, 50), ("page=&page_size=", 1, 50), ("page_size=500", 1, 500)],
)
def test_reads_number_and_size(query: str, number: int, size: int) -> None:
    assert read_paging(QueryDict(query)) == (number, size)


@pytest.mark.parametrize("bad", ["0", "-1", "1.0", "x", "+1", "01", " 1", "%D9%A1", "9" * 400])
def test_refuses_other_numbers_and_names_both(bad: str) -> None:
    with pytest.raises(InvalidParameters) as caught:
        read_paging(QueryDict(f"page={bad}&page_size={bad}"))
    assert [problem.parameter for problem in caught.value.problems] == ["page", "page_size"]


def test_a_page_has_at_most_500() -> None:
    with pytest.raises(InvalidParameters, match="from 1 to 500"):
        page("page_size=501")


def test_a_page_knows_where_it_stands() -> None:
    first, last = page("mineral=tin"), page("page=2&mineral=tin")
    assert list(first) == list(range(50))
    assert (first.first_item, first.last_item, first.count, first.last) == (1, 50, 95, 2)
    assert (last.first_item, last.last_item, len(last), last[0]) == (51, 95, 45, 50)
    assert first.next_query == "?mineral=tin&page=2"
    assert first.previous_query is None
    assert last.next_query is None
    assert last.previous_query == "?mineral=tin"


def test_an_empty_list_has_one_empty_page() -> None:
    empty = page("", count=0)
    assert (len(empty), empty.first_item, empty.last_item, empty.last) == (0, 0, 0, 1)
    assert empty.next_query is empty.previous_query is None


def test_a_page_behind_the_last_is_not_found() -> None:
    with pytest.raises(Http404, match="There is no page 3: the last is 2"):
        page("page=3")


def test_links_keep_every_other_parameter() -> None:
    assert page("host=KZ&host=NO&q=a%26b&page=1").next_query == "?host=KZ&host=NO&q=a%26b&page=2"


def test_steps_leave_numbers_out() -> None:
    steps = page("page=10&page_size=5").steps
    assert [step and step[0] for step in steps] == [1, None, 8, 9, 10, 11, 12, None, 19]
    assert steps[0] == (1, "?page_size=5")
    assert [step and step[0] for step in page("", count=3).steps] == [1]


# --- In the API ---


class View:
    cursor_column = "name"


@pytest.fixture
def groups(db: None) -> list[str]:
    names = [f"lodebook test {number:02}" for number in range(7)]
    Group.objects.bulk_create(Group(name=name) for name in reversed(names))
    return names


def ask(query: str, view: Any = None) -> dict[str, Any]:
    request: HttpRequest = RequestFactory().get("/api/v1/x/?" + query)
    pagination = ListPagination()
    found = Group.objects.filter(name__startswith="lodebook test").order_by("name")
    rows = pagination.paginate_queryset(found, Request(request), view)
    answer: dict[str, Any] = pagination.get_paginated_response([row.name for row in rows]).data
    return answer


def test_numbered_answers(groups: list[str]) -> None:
    answer = ask("page=2&page_size=3&q=x")
    assert answer == {
        "count": 7,
        "next": "http://testserver/api/v1/x/?page_size=3&q=x&page=3",
        "previous": "http://testserver/api/v1/x/?page_size=3&q=x",
        "results": groups[3:6],
    }


def test_a_cursor_reads_everything_once(groups: list[str]) -> None:
    seen: list[str] = []
    query = "cursor=&page_size=2"
    while query:
        answer = ask(query, View)
        assert answer["count"] == 7
        assert answer["previous"] is None
        seen += answer["results"]
        query = (answer["next"] or "").partition("?")[2]
    assert seen == groups


def test_a_cursor_skips_nothing_when_rows_go(groups: list[str]) -> None:
    following = ask("cursor=&page_size=3", View)["next"].partition("?")[2]
    Group.objects.filter(name__in=groups[1:3]).delete()
    assert ask(following, View)["results"] == groups[3:6]


@pytest.mark.parametrize(
    "cursor",
    [
        "!",
        "a",
        "x" * 401,
        base64.urlsafe_b64encode(b"\xff\xff\xff").decode(),
        base64.urlsafe_b64encode(b"a\x00b").decode(),
        "%00",
    ],
)
def test_a_made_up_cursor_is_refused(groups: list[str], cursor: str) -> None:
    with pytest.raises(InvalidParameters, match="This is no cursor"):
        ask(f"cursor={cursor}", View)


@pytest.mark.parametrize(
    ("query", "view", "detail"),
    [
        ("cursor=", None, "has no cursor"),
        ("cursor=&page=2", View, "leave out “page”"),
        ("cursor=&ordering=title", View, "leave out “ordering”"),
        ("cursor=&page_size=0", View, "whole number"),
    ],
)
def test_a_cursor_goes_with_nothing_else(
    groups: list[str], query: str, view: Any, detail: str
) -> None:
    with pytest.raises(InvalidParameters, match=detail):
        ask(query, view)


def test_a_cursor_on_a_number_refuses_texts(groups: list[str]) -> None:
    class Numbered:
        cursor_column = "id"

    assert len(ask("cursor=", Numbered)["results"]) == 7
    for text in (b"one", b"9" * 200):
        cursor = base64.urlsafe_b64encode(text).decode().rstrip("=")
        try:
            assert ask(f"cursor={cursor}", Numbered)["results"] == []
        except InvalidParameters as error:
            assert "This is no cursor" in str(error.detail)


def test_the_schema_says_what_the_view_can() -> None:
    def names(view: Any) -> list[str]:
        return [one["name"] for one in ListPagination().get_schema_operation_parameters(view)]

    assert names(View) == ["page", "page_size", "cursor"]
    assert names(object()) == ["page", "page_size"]
    schema = ListPagination().get_paginated_response_schema({"type": "array"})
    assert list(schema["properties"]) == ["count", "next", "previous", "results"]
