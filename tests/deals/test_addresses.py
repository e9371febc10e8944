"""Addresses that differ in some parameters of one query."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from deals.selecting import Addresses

QUERY = "country=KZ&mineral=rare-earths&country=c5&q=%22a+b%22+%26+%C3%A9%2C"


@pytest.mark.parametrize("safe", ["", ","])
@pytest.mark.parametrize(
    "changes",
    [{}, {"q": "x, y"}, {"country": ""}, {"page_size": "100", "mineral": "tin"}, {"host": ""}],
)
def test_they_are_written_as_a_query_writes_itself(changes: dict[str, str], safe: str) -> None:
    changed = QueryDict(QUERY, mutable=True)
    for name, value in changes.items():
        changed.setlist(name, [value] if value else [])
    href = Addresses(QueryDict(QUERY), safe=safe).href("/deals/", changes)
    written = changed.urlencode(safe=safe) if safe else changed.urlencode()
    assert href == f"/deals/?{written}"


def test_without_parameters_a_path_stands_alone() -> None:
    addresses = Addresses(QueryDict(""))
    assert addresses.href("/deals/") == "/deals/"
    assert addresses.href("/deals/", {"q": "tin"}) == "/deals/?q=tin"
