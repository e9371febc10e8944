"""Filter sets: what each filter keeps, and that every mistake is named and shows nothing."""

import copy
import datetime
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlencode

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from config.lib.filterset import (
    ArrayFilter,
    CodeFilter,
    CodesFilter,
    DayFilter,
    EmptyFilter,
    ImpreciseDateFilter,
    NumberFilter,
    Order,
    OrderingFilter,
    StrictFilterBackend,
    StrictFilterSet,
    TextFilter,
    TrueFalseFilter,
)
from config.lib.imprecise import ImpreciseDateField
from config.lib.problems import InvalidParameters


class Row(models.Model):
    name = models.CharField(max_length=20)
    minerals = ArrayField(models.TextField(), default=list)
    status = models.CharField(max_length=20, blank=True)
    is_disputed = models.BooleanField(default=False)
    value_usd = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    announced_on = ImpreciseDateField(null=True)

    objects: ClassVar[models.Manager["Row"]] = models.Manager()

    class Meta:
        app_label = "filterset_tests"

    def __str__(self) -> str:
        return self.name


class Line(models.Model):
    row = models.ForeignKey(Row, on_delete=models.CASCADE, related_name="+")
    providers = ArrayField(models.TextField(), default=list)
    rung = models.CharField(max_length=20, blank=True)

    objects: ClassVar[models.Manager["Line"]] = models.Manager()

    class Meta:
        app_label = "filterset_tests"

    def __str__(self) -> str:
        return self.rung


MINERALS = {"tungsten": "Tungsten", "tin": "Tin", "neodymium": "Neodymium", "KZ": "Kazakhstan"}


def expand(value: str) -> Collection[str] | None:
    """A group stands for its members; an old name for its successor."""
    groups = {"rare-earths": ["rare-earths", "neodymium"], "wolfram": ["tungsten"], "none": []}
    return groups.get(value, [value] if value in MINERALS else None)


class RowFilterSet(StrictFilterSet):
    q = TextFilter(where=lambda filterset, value: Q(name__icontains=value), label="Search")
    mineral = ArrayFilter(
        "minerals", what="a mineral", choices=lambda: MINERALS.items(), expand=expand, all_of=True
    )
    status = CodesFilter("status", what="a status", choices=[("closed", "Closed"), ("mou", "MoU")])
    provider = ArrayFilter(
        "providers", what="a provider", choices=[("exim", ""), ("dfc", "")], group="lines"
    )
    rung = CodesFilter(
        "rung", what="a rung", choices=[("committed", ""), ("letter", "")], group="lines"
    )
    disputed = TrueFalseFilter("is_disputed")
    min_usd = NumberFilter("value_usd__gte")
    value__empty = EmptyFilter("value_usd")
    announced_after = ImpreciseDateFilter("announced_on", side="after")
    announced_before = ImpreciseDateFilter("announced_on", side="before")
    dates = CodeFilter(
        what="one of the ways to read dates", choices=[("certain", ""), ("possible", "")]
    )
    on = DayFilter()
    ordering = OrderingFilter(
        {
            "announced_on": Order.by_date("Announced", "announced_on"),
            "value_usd": Order.by("Value", "value_usd"),
        },
        default="-announced_on",
        last="name",
    )

    def in_group(self, group: str, condition: Q) -> Q:
        assert group == "lines"
        return Q(Exists(Line.objects.filter(condition, row=OuterRef("pk"))))


def filterset(query: str = "", **parameters: Any) -> RowFilterSet:
    return RowFilterSet(QueryDict(query or urlencode(parameters, doseq=True)), Row.objects.all())


@pytest.fixture
def rows(db: None) -> Iterator[None]:
    """Four rows, three of them with lines, in tables for this test alone."""
    with connection.schema_editor() as editor:
        editor.create_model(Row)
        editor.create_model(Line)
    make = Row.objects.create
    a = make(
        name="a",
        minerals=["tungsten", "tin"],
        status="closed",
        value_usd=100,
        announced_on="2025-06",
    )
    b = make(name="b", minerals=["neodymium"], status="mou", is_disputed=True, announced_on="2025")
    c = make(name="c", minerals=["tungsten"], status="", value_usd=5, announced_on="2025-06-02")
    make(name="d")
    Line.objects.create(row=a, providers=["exim"], rung="letter")
    Line.objects.create(row=a, providers=["dfc", "exim"], rung="committed")
    Line.objects.create(row=b, providers=["exim"], rung="letter")
    Line.objects.create(row=b, providers=["dfc"], rung="committed")
    Line.objects.create(row=c, providers=[], rung="committed")
    yield


# --- What each filter keeps ---


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "abcd"),
        ("mineral=tungsten", "ac"),
        ("mineral=tungsten&mineral=tin", "ac"),
        ("mineral=tin&mineral=neodymium", "ab"),
        ("mineral=rare-earths", "b"),
        ("mineral=wolfram", "ac"),
        ("mineral=none", ""),
        ("mineral=Tungsten", "ac"),
        ("mineral=&mineral=", "abcd"),
        ("mineral=tungsten&mineral=", "ac"),
        ("mineral__all=tungsten&mineral__all=tin", "a"),
        ("mineral__all=rare-earths", "b"),
        ("mineral__all=rare-earths&mineral__all=tin", ""),
        ("mineral__not=tungsten", "bd"),
        ("mineral__not=rare-earths&mineral__not=tin", "cd"),
        ("mineral__not=none", "abcd"),
        ("mineral__empty=true", "d"),
        ("mineral__empty=false", "abc"),
        ("mineral=tungsten&mineral__not=tin", "c"),
        ("status=closed", "a"),
        ("status=closed&status=mou", "ab"),
        ("status__not=closed", "bcd"),
        ("status__empty=true", "cd"),
        ("status__empty=false", "ab"),
        ("status=mou&mineral=tungsten", ""),
        ("disputed=true", "b"),
        ("disputed=false", "acd"),
        ("min_usd=5.5", "a"),
        ("min_usd=0", "ac"),
        ("value__empty=true", "bd"),
        ("value__empty=false", "ac"),
        ("q=A", "a"),
        ("announced_after=2025", "abc"),
        ("announced_after=2025-06", "ac"),
        ("announced_after=2025-06&dates=possible", "abc"),
        ("announced_after=2025-06-02", "c"),
        ("announced_before=2025-06-02&dates=possible", "abc"),
        ("announced_after=2025-06&announced_before=2025-06", "ac"),
        ("announced_after=2026&announced_before=2024", ""),
        ("provider=exim", "ab"),
        ("provider=exim&rung=committed", "a"),
        ("provider=dfc&provider=exim&rung=committed", "ab"),
        ("provider__not=dfc", "cd"),
        ("provider__empty=true", "cd"),
        ("provider__empty=false", "ab"),
        ("rung=committed&provider__not=exim", "c"),
        ("rung__not=letter", "cd"),
        ("page=2&view=map&columns=x", "abcd"),
        ("on=2025-01-01", "abcd"),
    ],
)
def test_filters(rows: None, query: str, found: str) -> None:
    one = filterset(query)
    assert one.is_valid(), one.errors
    assert "".join(sorted(row.name for row in one.qs)) == found
    assert one.qs.count() == len(found)


def test_facets_count_without_their_own_filter(rows: None) -> None:
    one = filterset("mineral=tungsten&status=closed")
    assert {row.name for row in one.filtered(Row.objects.all(), without={"status"})} == {"a", "c"}
    assert {row.name for row in one.filtered(Row.objects.all(), without={"mineral"})} == {"a"}


def test_ordering_puts_the_unknown_last(rows: None) -> None:
    def order(query: str) -> str:
        return "".join(row.name for row in filterset(query).qs)

    assert order("") == order("ordering=-announced_on") == "cabd"
    assert order("ordering=announced_on") == "bacd"
    assert order("ordering=value_usd") == "cabd"
    assert order("ordering=-value_usd") == "acbd"


def test_undecided_dates_are_counted(rows: None) -> None:
    assert filterset("announced_after=2025-06").count_undecided() == 1
    assert filterset("announced_after=2025-06&dates=possible").count_undecided() == 0
    assert filterset("mineral=tin").count_undecided() == 0
    assert filterset("announced_after=soon").count_undecided() == 0


def test_no_query_joins(rows: None) -> None:
    sql = str(filterset("provider=exim&rung=committed&mineral=tin&status__not=mou").qs.query)
    assert "JOIN" not in sql
    assert sql.count("EXISTS") == 1


def test_without_data_nothing_is_filtered(rows: None) -> None:
    assert RowFilterSet(None, Row.objects.all()).qs.count() == 4


# --- Mistakes ---


@pytest.mark.parametrize(
    ("query", "parameter", "value", "nearest", "detail"),
    [
        ("mineral=tungstn", "mineral", "tungstn", "tungsten", "is not a mineral. Did you mean"),
        ("mineral=zzz", "mineral", "zzz", None, "is not a mineral."),
        ("mineral__not=tungstn", "mineral__not", "tungstn", "tungsten", "is not a mineral"),
        ("mineral__all=tungstn", "mineral__all", "tungstn", "tungsten", "is not a mineral"),
        ("mineral=tin,tungsten", "mineral", "tin,tungsten", "tungsten", "is not a mineral"),
        ("mineral=tin%00", "mineral", "tin\0", "tin", "is not a mineral"),
        ("mineral=" + "x" * 201, "mineral", "x" * 100, None, "at most 200 characters"),
        ("&".join(f"mineral=m{n}" for n in range(51)), "mineral", "m50", None, "At most 50"),
        ("status=Closd", "status", "Closd", "closed", "is not a status"),
        ("rung=letters", "rung", "letters", "letter", "is not a rung"),
        ("disputed=yes", "disputed", "yes", None, "neither true nor false"),
        ("disputed=True", "disputed", "True", None, "neither true nor false"),
        ("disputed=1", "disputed", "1", None, "neither true nor false"),
        ("mineral__empty=maybe", "mineral__empty", "maybe", None, "neither true nor false"),
        ("disputed=true&disputed=false", "disputed", "false", None, "takes one value, not 2"),
        ("min_usd=1e9", "min_usd", "1e9", None, "is not a number"),
        ("min_usd=NaN", "min_usd", "NaN", None, "is not a number"),
        ("min_usd=%D9%A1", "min_usd", "\u0661", None, "is not a number"),
        ("min_usd=" + "9" * 16, "min_usd", "9" * 16, None, "is not a number"),
        ("announced_after=2025-13", "announced_after", "2025-13", None, "YYYY-MM-DD"),
        ("announced_after=%00", "announced_after", "\0", None, "YYYY-MM-DD"),
        ("on=2025-02-30", "on", "2025-02-30", None, "no day of the calendar"),
        ("on=today", "on", "today", None, "write YYYY-MM-DD"),
        ("dates=posible", "dates", "posible", "possible", "is not one of the ways"),
        ("ordering=titel", "ordering", "titel", None, "is not an ordering"),
        ("ordering=values_usd", "ordering", "values_usd", "value_usd", "is not an ordering"),
        ("q=a%00b", "q", "a\0b", None, "Null characters"),
        ("q=" + "x" * 201, "q", "x" * 100, None, "at most 200 characters"),
    ],
)
def test_a_mistake_is_named_and_shows_nothing(
    rows: None, query: str, parameter: str, value: str, nearest: str | None, detail: str
) -> None:
    one = filterset(query)
    assert not one.is_valid()
    assert not one.qs.exists()
    assert not one.filtered(Row.objects.all()).exists()
    (problem,) = one.problems()
    assert problem.parameter == parameter
    assert (problem.value or "")[:100] == value
    assert problem.nearest == nearest
    assert detail in problem.detail
    with pytest.raises(InvalidParameters) as caught:
        one.raise_for_problems()
    assert caught.value.problems == (problem,)


def test_every_mistake_is_named_at_once(rows: None) -> None:
    one = filterset("mineral=tungstn&mineral=tinn&status=x&minerl=tin&utm_source=y")
    assert [problem.parameter for problem in one.unknown_parameters()] == ["minerl", "utm_source"]
    assert one.unknown_parameters()[0].nearest == "mineral"
    assert [(problem.parameter, problem.value) for problem in one.problems()] == [
        ("mineral", "tungstn"),
        ("mineral", "tinn"),
        ("status", "x"),
    ]
    with pytest.raises(InvalidParameters) as caught:
        one.raise_for_problems()
    assert len(caught.value.problems) == 5


def test_pages_may_ignore_unknown_parameters(rows: None) -> None:
    one = filterset("utm_source=y&mineral=tin")
    assert [row.name for row in one.qs] == ["a"]
    with pytest.raises(InvalidParameters):
        one.raise_for_problems()
    filterset("page=1&mineral=tin&fields=key").raise_for_problems()


def test_a_resolver_never_sees_what_a_database_refuses() -> None:
    seen: list[str] = []

    def record(value: str) -> list[str]:
        seen.append(value)
        return [value]

    class Open(StrictFilterSet):
        company = ArrayFilter("minerals", what="a company", expand=record)

    query = urlencode({"company": ["ok", "x\0", "y" * 201]}, doseq=True)
    assert len(Open(QueryDict(query), Row.objects.all()).problems()) == 2
    assert seen == ["ok"]


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*RowFilterSet.base_filters, "page", "x"]),
        st.lists(st.text(max_size=12) | st.sampled_from(["true", "tin", "2025", "1"]), max_size=3),
    )
)
def test_no_query_string_breaks_it(parameters: dict[str, list[str]]) -> None:
    query = urlencode(parameters, doseq=True, errors="replace")
    one = RowFilterSet(QueryDict(query), Row.objects.all())
    assert one.is_valid() == (not one.problems())
    str(one.form)


# --- The form, the schema, the cost ---


def test_the_form_says_what_was_asked() -> None:
    html = str(filterset("mineral=tin&status=closed&disputed=true").form)
    assert '<option value="tin" selected>' in html
    assert '<option value="closed" selected>' in html
    assert '<option value="true" selected>' in html
    assert "Mineral: not" in html


def test_a_filter_without_choices_repeats_its_inputs() -> None:
    class Open(StrictFilterSet):
        company = ArrayFilter("minerals", what="a company", expand=lambda value: [value])

    html = str(Open(QueryDict("company=a&company=b%22"), Row.objects.all()).form["company"])
    assert html.count('name="company"') == 3
    assert 'value="a"' in html
    assert "b&quot;" in html
    assert html.count("id=") == len(set(html.split("id=")[1:])) == 3


def test_schema_describes_every_filter() -> None:
    class View:
        filterset_class = RowFilterSet

    parameters = {
        one["name"]: one for one in StrictFilterBackend().get_schema_operation_parameters(View())
    }
    assert set(parameters) == set(RowFilterSet.base_filters)
    assert parameters["status"]["schema"]["items"]["enum"] == ["closed", "mou"]
    assert parameters["status"]["explode"] is True
    assert parameters["ordering"]["schema"]["default"] == "-announced_on"
    assert parameters["mineral__empty"]["schema"] == {"type": "boolean"}


def test_choices_may_be_grouped() -> None:
    class Grouped(StrictFilterSet):
        kind = CodesFilter(
            "status", what="a kind", choices=[("Money", [("loan", "Loan"), ("grant", "Grant")])]
        )

    assert Grouped.base_filters["kind"].schema["items"]["enum"] == ["loan", "grant"]
    one = Grouped(QueryDict("kind=GRANT"), Row.objects.all())
    assert one.cleaned == {"kind": {"grant": ("grant",)}}
    assert '<optgroup label="Money">' in str(one.form["kind"])


def test_companions_come_with_a_filter_and_can_be_declared_otherwise() -> None:
    names = set(RowFilterSet.base_filters)
    assert {"mineral__not", "mineral__all", "mineral__empty", "status__not"} <= names
    assert "status__all" not in names
    assert "disputed__not" not in names


def test_cleaned_values() -> None:
    one = filterset("mineral=wolfram&min_usd=7&on=2025-01-02&disputed=false")
    assert one.cleaned == {
        "mineral": {"wolfram": ("tungsten",)},
        "min_usd": Decimal(7),
        "on": datetime.date(2025, 1, 2),
        "disputed": False,
    }


def test_filter_sets_share_nothing_that_changes() -> None:
    one, other = filterset("mineral=tin"), filterset("mineral=tungsten")
    assert one.filters["mineral"] is not other.filters["mineral"]
    assert one.filters["mineral"].parent is one
    assert one.cleaned != other.cleaned
    assert copy.deepcopy(one.filters["mineral"]) is not one.filters["mineral"]
