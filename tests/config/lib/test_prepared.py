"""A prepared query answers as its queryset does, whatever the values are."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from config.lib.prepared import Prepared
from countries.models import Country

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
