"""Production as it is shown: which figure stands, what stands beside it, and concentration."""

from __future__ import annotations

from decimal import Decimal

import pytest

from countries.models import Country, Reference
from minerals.figures import (
    concentration,
    largest_producers,
    of_country,
    of_mineral,
    share_of_world,
    standings,
)
from minerals.models import Measure, Mineral, Production

USGS, OTHER = 1, 2
COUNTRIES = {code: Country(iso2=code, name=code, sort_name=code) for code in ("CN", "KZ", "US")}
REFERENCES = {
    USGS: Reference(pk=USGS, title="Commodity summaries: ore"),
    OTHER: Reference(pk=OTHER, title="Mining data"),
}


def a_figure(
    *,
    country: str = "CN",
    amount: int = 50,
    year: int = 2025,
    source: int = USGS,
    world: int | None = 100,
    share: str | None = None,
    unit: str = "t",
    is_preferred: bool = True,
) -> Production:
    return Production(
        mineral_id=1,
        country=COUNTRIES[country],
        measure="mine_production",
        year=year,
        amount=Decimal(amount),
        unit=unit,
        world_total=None if world is None else Decimal(world),
        share_percent=None if share is None else Decimal(share),
        is_preferred=is_preferred,
        reference=REFERENCES[source],
    )


def test_the_newest_preferred_figure_stands_and_all_others_beside_it() -> None:
    old, other = a_figure(year=2024), a_figure(source=OTHER, year=2026, is_preferred=False)
    new = a_figure(year=2025)
    (standing,) = standings([old, other, new])
    assert standing.shown is new
    assert standing.others == [other, old]
    assert standing.sources_differ


def test_earlier_years_of_one_source_are_no_difference() -> None:
    (standing,) = standings([a_figure(year=2024), a_figure(year=2025)])
    assert not standing.sources_differ


def test_where_none_is_preferred_the_newest_stands() -> None:
    new = a_figure(year=2024, is_preferred=False)
    (standing,) = standings([a_figure(year=2023, is_preferred=False), new])
    assert standing.shown is new


@pytest.mark.parametrize(
    ("figure", "share"),
    [
        (a_figure(share="38.65"), Decimal("0.3865")),
        (a_figure(amount=25), Decimal("0.25")),
        (a_figure(amount=120), Decimal(1)),
        (a_figure(world=None), None),
        (a_figure(world=0), None),
    ],
)
def test_share_is_in_the_terms_of_the_source(figure: Production, share: Decimal | None) -> None:
    assert share_of_world(figure) == share


def test_concentration_is_a_lower_bound_over_the_countries_listed() -> None:
    found = concentration(
        [
            a_figure(country="CN", amount=60),
            a_figure(country="KZ", amount=20),
            a_figure(country="US", amount=10),
            a_figure(country="US", amount=90, source=OTHER),
        ]
    )
    assert found is not None
    assert found.hhi == 60**2 + 20**2 + 10**2
    assert (found.first.iso2, found.first_share) == ("CN", Decimal("0.6"))
    assert (found.countries, found.listed_share, found.is_of_listed) == (3, Decimal("0.9"), False)


def test_a_total_smaller_than_its_parts_is_not_used() -> None:
    figures = [a_figure(country=code, amount=50, world=100) for code in COUNTRIES]
    found = concentration(figures)
    assert found is not None
    assert found.is_of_listed
    assert found.listed_share == 1
    assert found.hhi == 3333


def test_units_are_never_mixed() -> None:
    figures = [
        a_figure(country="CN", amount=60),
        a_figure(country="KZ", amount=20),
        a_figure(country="US", amount=10, unit="kg"),
    ]
    assert concentration(figures) is None


@pytest.mark.parametrize("figures", [[], [a_figure(amount=0)], [a_figure()]])
def test_there_is_no_concentration_of_fewer_than_three(figures: list[Production]) -> None:
    assert concentration(figures) is None


@pytest.mark.django_db
def test_real_figures_of_a_country_and_of_a_mineral_are_the_same_rows() -> None:
    kazakhstan = Country.objects.get(iso2="KZ")
    uranium = Mineral.objects.get(slug="uranium")
    here = next(
        s
        for s in of_country(kazakhstan)
        if (s.shown.mineral, s.shown.measure) == (uranium, "mine_production")
    )
    mined = next(t for t in of_mineral(uranium) if t.measure == "mine_production")
    there = next(s for s in mined.rows if s.shown.country_id == "KZ")
    assert here.shown == there.shown
    assert here.others == there.others
    assert here.sources_differ


@pytest.mark.django_db
def test_the_largest_producers_are_of_one_source_and_year() -> None:
    leaders = largest_producers("tungsten")
    assert leaders is not None
    assert [figure.country_id for figure in leaders.rows] == ["CN", "VN", "KZ", "KP", "RU"]
    assert leaders.concentration.first.iso2 == "CN"
    assert len({(f.reference_id, f.year, f.unit, f.measure) for f in leaders.rows}) == 1


@pytest.mark.django_db
def test_where_few_of_the_world_are_on_record_nobody_is_called_largest() -> None:
    """Of mined copper only Central Asia is on record, so the refined kind is told."""
    leaders = largest_producers("copper")
    assert leaders is not None
    assert leaders.measure == Measure.REFINERY_PRODUCTION
    assert leaders.concentration.listed_share >= Decimal("0.5")
    assert largest_producers("no-such-mineral") is None
