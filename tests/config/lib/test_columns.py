"""Columns: choosing them by name, and their values as cells of a file."""

from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict

from config.lib.columns import Column, ColumnSet
from config.lib.imprecise import ImpreciseDate
from config.lib.parameters import names_given
from config.lib.problems import InvalidParameters

columns = ColumnSet(
    [
        Column(name="title", label="Title"),
        Column(name="value_usd", label="Value", kind="usd"),
        Column(
            name="hosts",
            label="Hosts",
            kind="list",
            value=lambda summary: [host["name"] for host in summary["hosts"]],
        ),
    ]
)


def chosen(query: str) -> list[str]:
    return [column.name for column in columns.chosen(QueryDict(query))]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["title", "value_usd", "hosts"]),
        ("columns=", ["title", "value_usd", "hosts"]),
        ("columns=hosts&columns=title", ["hosts", "title"]),
        ("columns=hosts,value_usd,hosts", ["hosts", "value_usd"]),
    ],
)
def test_columns_are_chosen_in_the_order_given(query: str, names: list[str]) -> None:
    assert chosen(query) == names


def test_unknown_columns_are_all_named() -> None:
    with pytest.raises(InvalidParameters) as caught:
        chosen("columns=titel,hosts,zzz")
    problems = caught.value.problems
    assert [(one.parameter, one.value, one.nearest) for one in problems] == [
        ("columns", "titel", "title"),
        ("columns", "zzz", None),
    ]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("Cove", "Cove"),
        (None, None),
        (True, True),
        (Decimal("1.5"), Decimal("1.5")),
        (["a", "b"], "a; b"),
        ([], ""),
        (ImpreciseDate.parse("2025-11"), "2025-11"),
    ],
)
def test_cells(value: Any, cell: Any) -> None:
    assert columns["title"].cell({"title": value}) == cell


def test_values_come_from_the_summary() -> None:
    assert (
        columns["hosts"].cell({"hosts": [{"name": "Norway"}, {"name": "Chad"}]}) == "Norway; Chad"
    )
    assert columns["title"].cell({}) is None
    with pytest.raises(TypeError, match="Column title gives a dict"):
        columns["title"].cell({"title": {}})


def test_a_name_stands_once() -> None:
    with pytest.raises(ValueError, match="two columns named title"):
        ColumnSet([*columns, Column(name="title", label="Again")])


def test_what_columns_say_of_themselves() -> None:
    assert columns.names == ["title", "value_usd", "hosts"]
    assert len(columns) == 3
    assert [column.is_numeric for column in columns] == [False, True, False]


def test_names_given_may_use_commas() -> None:
    assert names_given(QueryDict("facets=a, b&facets=,c,a"), "facets") == ["a", "b", "c"]
