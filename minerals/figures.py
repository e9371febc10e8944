"""Production and reserves as they are shown: one figure a country, the others kept beside it.

Sources count different things (gross weight, content, oxide), so figures of two sources are never
added together or divided by one another's totals.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from countries.models import Country, Reference
from minerals.models import Measure, Mineral, Production

MEASURES: dict[str, Measure] = {measure.value: measure for measure in Measure}
LEAST_LISTED_SHARE = Decimal("0.5")


@dataclass(frozen=True)
class Standing:
    """What a country mined, refined or holds: the figure shown, and all others of that kind."""

    shown: Production
    others: list[Production]
    """Newest first: other sources, other units, earlier years."""

    @property
    def share(self) -> Decimal | None:
        """Share of the world (0 to 1): as stated, else of the total that the same source states."""
        return share_of_world(self.shown)

    @property
    def sources_differ(self) -> bool:
        """Another source gives a figure too."""
        return any(other.reference_id != self.shown.reference_id for other in self.others)


def share_of_world(figure: Production) -> Decimal | None:
    """Share of the world (0 to 1) in the terms of the figure's own source; None if it has none."""
    if figure.share_percent is not None:
        return figure.share_percent / 100
    if not figure.world_total:
        return None
    return min(Decimal(1), figure.amount / figure.world_total)


def standings(figures: Iterable[Production]) -> list[Standing]:
    """One a mineral, country and measure: the newest preferred figure, else the newest."""
    groups: dict[tuple[int, str, str], list[Production]] = defaultdict(list)
    for figure in figures:
        groups[figure.mineral_id, figure.country_id, figure.measure].append(figure)
    found = []
    for group in groups.values():
        group.sort(key=lambda f: (f.is_preferred, f.year), reverse=True)
        others = sorted(group[1:], key=lambda f: (f.year, f.reference.title), reverse=True)
        found.append(Standing(group[0], others))
    return found


def of_country(country: Country) -> list[Standing]:
    """All that a country mines and refines and its reserves, largest share of the world first."""
    figures = Production.objects.filter(country=country).select_related("mineral", "reference")
    return sorted(
        standings(figures),
        key=lambda s: (-(s.share if s.share is not None else -1), s.shown.mineral.sort_name),
    )


@dataclass(frozen=True)
class Concentration:
    """How much of the world's total lies with few countries, after one source and one year."""

    first: Country
    first_share: Decimal
    """0 to 1."""
    hhi: int
    """Herfindahl–Hirschman index: the sum of squared shares in percent, 0 to 10,000. Countries
    that the source does not list add nothing, so it is a lower bound."""
    countries: int
    listed_share: Decimal
    """Share of the world total (0 to 1) that the countries counted make up."""
    year: int
    unit: str
    reference: Reference
    is_of_listed: bool
    """The source states no usable world total: shares are of the sum of its countries."""


@dataclass(frozen=True)
class MeasureTable:
    """One measure of one mineral, country by country."""

    measure: Measure
    rows: list[Standing]
    concentration: Concentration | None


def of_mineral(mineral: Mineral) -> list[MeasureTable]:
    """What is mined, refined and held in reserve of a mineral, each by country."""
    figures = Production.objects.filter(mineral=mineral).select_related("country", "reference")
    by_measure: dict[str, list[Standing]] = defaultdict(list)
    for standing in standings(figures):
        by_measure[standing.shown.measure].append(standing)
    return [
        MeasureTable(
            MEASURES[measure],
            sorted(
                by_measure[measure],
                key=lambda s: (
                    -(s.share if s.share is not None else -1),
                    s.shown.country.sort_name,
                ),
            ),
            concentration([standing.shown for standing in by_measure[measure]]),
        )
        for measure in sorted(by_measure, key=list(MEASURES).index)
    ]


@dataclass(frozen=True)
class Leaders:
    """The largest producers of a mineral in the world, after one source, unit and year."""

    mineral: Mineral
    measure: Measure
    rows: list[Production]
    """Largest first."""
    concentration: Concentration

    @property
    def is_estimated(self) -> bool:
        return any(figure.is_estimated for figure in self.rows)


def largest_producers(slug: str, count: int = 5) -> Leaders | None:
    """Who mines most of a mineral, or refines it where mines are not told; in one query.

    None where the countries on record make up less than half of the world: the largest of them
    need not be the largest there is.
    """
    figures = Production.objects.filter(
        mineral__slug=slug, measure__in=[Measure.MINE_PRODUCTION, Measure.REFINERY_PRODUCTION]
    ).select_related("mineral", "country", "reference")
    shown = [standing.shown for standing in standings(figures)]
    for measure in (Measure.MINE_PRODUCTION, Measure.REFINERY_PRODUCTION):
        found = concentration([figure for figure in shown if figure.measure == measure])
        if found is None or found.is_of_listed or found.listed_share < LEAST_LISTED_SHARE:
            continue
        rows = [
            figure
            for figure in shown
            if (figure.measure, figure.year, figure.reference, figure.unit)
            == (measure, found.year, found.reference, found.unit)
        ]
        rows.sort(key=lambda figure: (-figure.amount, figure.country.sort_name))
        return Leaders(rows[0].mineral, measure, rows[:count], found)
    return None


def concentration(figures: list[Production]) -> Concentration | None:
    """Of the largest set of figures with one source, unit and year; None below three countries."""
    sets = Counter((f.year, f.reference_id, f.unit) for f in figures if f.amount)
    if not sets:
        return None
    year, reference, unit = max(sets, key=lambda key: (sets[key], key[0]))
    counted = [
        f
        for f in figures
        if f.amount and (f.year, f.reference_id, f.unit) == (year, reference, unit)
    ]
    if len(counted) < 3:
        return None
    listed = sum((f.amount for f in counted), Decimal(0))
    stated = counted[0].world_total or Decimal(0)
    # A total that leaves a country out can be smaller than the sum of those that are listed.
    total = max(stated, listed)
    shares = [f.amount / total for f in counted]
    first = max(counted, key=lambda f: f.amount)
    return Concentration(
        first=first.country,
        first_share=first.amount / total,
        hhi=round(sum((100 * share) ** 2 for share in shares)),
        countries=len(counted),
        listed_share=listed / total,
        year=year,
        unit=unit,
        reference=first.reference,
        is_of_listed=stated < listed,
    )
