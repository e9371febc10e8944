"""Who owns whom: chains up and down, rings, and what nobody may see."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from deals.models import Company, Ownership
from deals.ownership import OwnershipGraph, holdings_below, owners_above
from tests.deals.records import a_record, published

pytestmark = pytest.mark.django_db


def companies(*names: str) -> list[Company]:
    """Public companies of these slugs: one deal names them all."""
    found = [Company.objects.create(slug=name, name=name.title(), type="company") for name in names]
    parties = [
        {"ref": f"p{place}", "company": name, "role": "partner"}
        for place, name in enumerate(names, start=1)
    ]
    published(a_record(key="zz-owners", parties=parties))
    return found


def holds(owner: Company, owned: Company, **fields: object) -> Ownership:
    return Ownership.objects.create(owner=owner, owned=owned, **fields)


def walked(graph: OwnershipGraph, slug: str) -> list[tuple[int, str, bool]]:
    return [(step.depth, step.company.slug, step.is_repeated) for step in graph.steps(slug)]


def test_chain_goes_up_and_down() -> None:
    first, second, third = companies("zz-top", "zz-middle", "zz-foot")
    holds(first, second, percent=51, since="2020")
    holds(second, third)
    assert walked(owners_above(["zz-foot"]), "zz-foot") == [
        (1, "zz-middle", False),
        (2, "zz-top", False),
    ]
    assert walked(holdings_below(["zz-top"]), "zz-top") == [
        (1, "zz-middle", False),
        (2, "zz-foot", False),
    ]
    assert walked(owners_above(["zz-top"]), "zz-top") == []
    assert not owners_above(["zz-top"])


def test_ring_ends_where_it_began() -> None:
    one, two, three = companies("zz-one", "zz-two", "zz-three")
    holds(one, two)
    holds(two, three)
    holds(three, one)
    assert walked(owners_above(["zz-one"]), "zz-one") == [
        (1, "zz-three", False),
        (2, "zz-two", False),
        (3, "zz-one", True),
    ]


def test_company_met_twice_is_walked_from_once() -> None:
    top, left, right, foot = companies("zz-top", "zz-left", "zz-right", "zz-foot")
    for middle, percent in ((left, 60), (right, 40)):
        holds(top, middle)
        holds(middle, foot, percent=percent)
    assert walked(owners_above(["zz-foot"]), "zz-foot") == [
        (1, "zz-left", False),
        (2, "zz-top", False),
        (1, "zz-right", False),
        (2, "zz-top", True),
    ]


def test_order_is_present_first_then_by_share() -> None:
    foot, *owners = companies("zz-foot", "zz-a", "zz-b", "zz-c", "zz-d")
    a, b, c, d = owners
    holds(a, foot, percent=90, until="2024")
    holds(b, foot)
    holds(c, foot, percent=10)
    holds(d, foot, percent=30)
    assert [slug for _, slug, _ in walked(owners_above(["zz-foot"]), "zz-foot")] == [
        "zz-d",
        "zz-c",
        "zz-b",
        "zz-a",
    ]


def test_chain_ends_below_a_company_that_is_not_public() -> None:
    foot, top = companies("zz-foot", "zz-top")
    hidden = Company.objects.create(slug="zz-hidden", name="Hidden", type="company")
    holds(hidden, foot)
    holds(top, hidden)
    assert not owners_above(["zz-foot"])
    assert not holdings_below(["zz-top"])
    assert not owners_above(["zz-hidden"])


def test_many_companies_take_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    slugs = list(Company.objects.public().values_list("slug", flat=True))
    with django_assert_num_queries(1):
        graph = owners_above(slugs)
        steps = [step for slug in slugs for step in graph.steps(slug)]
        assert {str(step.company.country) for step in steps}
    public = Ownership.objects.filter(
        owner__in=Company.objects.public(), owned__in=Company.objects.public()
    )
    assert {holding.pk for holding in graph.holdings} == set(public.values_list("pk", flat=True))
    assert graph.holdings
