"""A prepared query answers as its queryset does, whatever the values are."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pghistory
import pgtrigger
import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext

from config.lib.prepared import Among, Prepared, Together
from countries.models import Country, Membership, MembershipStatus

pytestmark = pytest.mark.django_db

NAMED = Prepared(
    lambda code, *names: (
        Country.objects.filter(Q(iso2=code) | Q(name__in=names))
        .order_by("iso2")
        .values_list("iso2", "name")
    )
)


@pytest.mark.parametrize(
    "values",
    [("KZ",), ("", "Chile"), ("KZ", "Chile", "Peru"), ("%s", "a' OR 'a'='a"), ("slot 1", "Chile")],
)
def test_it_answers_as_the_queryset_does(values: tuple[str, ...]) -> None:
    code, *names = values
    found = Country.objects.filter(Q(iso2=code) | Q(name__in=names)).order_by("iso2")
    for _ in range(2):
        assert NAMED(*values) == list(found.values_list("iso2", "name"))


def test_it_is_one_query_that_is_counted() -> None:
    with CaptureQueriesContext(connection) as queries:
        NAMED("KZ")
    assert len(queries) == 1


def test_a_value_that_changes_the_query_is_refused() -> None:
    made = Prepared(lambda code: Country.objects.filter(iso2=code.lower()).values_list("iso2"))
    with pytest.raises(ValueError, match="1 values are given to a query that takes"):
        made("KZ")


def belonging(filters: dict[str, Any]) -> dict[str, QuerySet[Any, Any]]:
    """Names of countries and memberships, whose dates are more than what the driver gives."""
    return {
        "countries": Country.objects.filter(filters["codes"])
        .order_by("iso2")
        .values_list("iso2", "name", "aliases"),
        "memberships": Membership.objects.filter(
            filters["blocs"], status=MembershipStatus.MEMBER
        ).values_list("country__name", "bloc__key", "since", "until"),
        "all": Country.objects.order_by("name").values_list("name"),
    }


BELONGING = Together(
    lambda: belonging({"codes": Among("iso2", "codes"), "blocs": Among("bloc__key", "blocs")})
)


@pytest.mark.parametrize(
    ("codes", "blocs"),
    [([], []), (["KZ"], ["eu"]), (["CL", "PE", "%s", "a' OR 'a'='a"], ["eu", "brics", "{}", ""])],
)
def test_queries_together_answer_as_each_alone(codes: list[str], blocs: list[str]) -> None:
    alone = belonging({"codes": Q(iso2__in=codes), "blocs": Q(bloc__key__in=blocs)})
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            found = BELONGING(codes=codes, blocs=blocs)
        assert len(queries) == 1
        assert found == {name: list(queryset) for name, queryset in alone.items()}


@pytest.mark.parametrize(
    "around",
    [
        lambda: pghistory.context(user=None),
        lambda: pgtrigger.ignore("countries.CountryAudit:append_only"),
    ],
    ids=["history", "ignore"],
)
def test_the_audit_trail_does_not_hide_results(
    around: Callable[[], AbstractContextManager[object]],
) -> None:
    """Both go through every statement to its last result; one puts another statement in front."""
    with around():
        found = BELONGING(codes=["KZ"], blocs=[])
    assert [name for _, name, _ in found["countries"]] == ["Kazakhstan"]
    assert found["memberships"] == []
    assert len(found["all"]) > 100
