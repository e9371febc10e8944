"""Who owns whom: chains up and down, rings, and what nobody may see."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest
from django.db.models import Value
from django.db.models.functions import Concat
from pytest_django import DjangoAssertNumQueries

from config.lib.typeface import width_of
from deals.charts.lettering import SIZE
from deals.charts.ownership import owners_of, ownership_of
from deals.models import Company, Ownership
from deals.ownership import OwnershipGraph, holdings_below, owners_above
from tests.deals.records import a_record, published

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"


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


# -- The picture --


def nothing_overlaps_or_leaves(svg: str) -> int:
    """Asserts that names keep to their lines and to the picture; the number of names."""
    root = ET.fromstring(svg)
    _, _, width, height = map(float, root.get("viewBox", "").split())
    feet = []
    for text in root.iter(f"{SVG}text"):
        words = "".join(part.text or "" for part in text.iter(f"{SVG}tspan"))
        x, foot = float(text.get("x", 0)), float(text.get("y", 0))
        assert x + width_of(words, SIZE) <= width + 4, words
        assert 9 <= foot <= height
        feet.append(foot)
    assert len(set(feet)) == len(feet)
    for path in root.iter(f"{SVG}path"):
        assert all(
            0 <= float(n) <= max(width, height) for n in re.findall(r"[\d.]+", path.get("d", ""))
        )
    return len(feet)


def test_picture_shows_owners_above_and_holdings_below() -> None:
    top, own, foot = companies("zz-top", "zz-own", "zz-foot")
    holds(top, own, percent="51.5", since="2020-03")
    holds(own, foot, until="2024")
    figure = ownership_of(own)
    assert figure is not None
    assert figure.title == "Zz-Own: 1 owner and 1 holding on record"
    assert "A dashed line has ended." in figure.subtitle
    for svg in (figure.wide, figure.narrow):
        names = re.findall(r'class="(?:chart-link|sankey-name)">([^<]*)<', svg)
        assert names == ["Zz-Top", "Zz-Own", "Zz-Foot"]
        assert "51.5%, since Mar 2020" in svg
        assert "until 2024" in svg
        assert svg.count("owner-past") == 1
        assert nothing_overlaps_or_leaves(svg) == 3
    assert [(row.name, *row.cells[:2]) for row in figure.rows] == [
        ("Zz-Top", "Zz-Own", Decimal("51.5")),
        ("Zz-Own", "Zz-Foot", None),
    ]


def test_picture_of_a_ring_and_of_very_long_names() -> None:
    ring = companies(*(f"zz-{place}" for place in range(14)))
    for one, other in itertools.pairwise([*ring, ring[0]]):
        holds(one, other, percent=99, since="2020-03-04", until="2024-05-06")
    Company.objects.filter(pk__in=[one.pk for one in ring[:3]]).update(
        name=Concat(Value("國" * 60), "slug")
    )
    figure = ownership_of(Company.objects.get(pk=ring[0].pk))
    assert figure is not None
    assert len(figure.rows) == 14
    for svg in (figure.wide, figure.narrow):
        assert nothing_overlaps_or_leaves(svg) == 29
        assert "again" in svg


def test_owners_of_parties_leave_out_those_without() -> None:
    top, own, other = companies("zz-top", "zz-own", "zz-other")
    holds(top, own)
    figure = owners_of([own, other])
    assert figure is not None
    assert figure.title == "Owners on record of 1 party"
    assert "Zz-Other" not in figure.wide
    assert owners_of([other, top]) is None
    assert ownership_of(other) is None


def test_every_recorded_chain_can_be_drawn() -> None:
    top = Company.objects.public().filter(holdings__isnull=False, owners__isnull=True).distinct()
    drawn = [figure for figure in map(ownership_of, top) if figure is not None]
    assert len(drawn) > 30
    for figure in drawn:
        assert nothing_overlaps_or_leaves(figure.wide) == nothing_overlaps_or_leaves(figure.narrow)
