"""Minerals side by side: deals, money, who produces, the lists they stand on, the measures."""

from __future__ import annotations

from collections.abc import Sequence

from config.lib.words import share_in_words
from countries.models import Country
from deals.comparing.facts import (
    NONE,
    Cell,
    Comparison,
    Fact,
    FactGroup,
    Head,
    group_of,
    words,
)
from deals.comparing.sums import (
    VERBS,
    deals_counted,
    headline_fact,
    listed,
    money_group,
    named,
    sums_of,
)
from deals.portfolios import counts_by_place
from deals.reading import Clock
from minerals.figures import MEASURES, MeasureTable, of_mineral
from minerals.models import CriticalityList, Listing, Mineral, PolicyMeasure, PolicyStatus


def compare_minerals(minerals: Sequence[Mineral], clock: Clock) -> Comparison:
    """In about ten queries a mineral: a comparison has four at most."""
    names = dict(Country.objects.values_list("iso2", "name"))
    editions = [clock.editions().filter(minerals__contains=[one.slug]) for one in minerals]
    sums = [sums_of(found, clock) for found in editions]
    return Comparison(
        tuple(Head(one.slug, one.name, one.get_absolute_url()) for one in minerals),
        (
            group_of(
                "What it is",
                minerals,
                ("Family", lambda one: words(str(one.get_category_display()))),
                (
                    "Part of",
                    lambda one: words(one.parent.name if one.parent else None, empty="no group"),
                ),
                ("Other names", lambda one: words(*one.aliases, empty=NONE)),
                ("Uses", lambda one: words(*one.uses, empty=NONE)),
                ("HS codes", _trade_codes),
            ),
            FactGroup(
                "Deals",
                (
                    *deals_counted(sums, "Deals"),
                    headline_fact(sums, "Headline values"),
                    Fact(
                        "Hosts",
                        tuple(named(counts_by_place(e, "hosts"), names) for e in editions),
                    ),
                    Fact(
                        "Partners",
                        tuple(named(counts_by_place(e, "partners"), names) for e in editions),
                    ),
                ),
            ),
            money_group(sums),
            *_production(minerals),
            *_lists(minerals),
            group_of("Policy", minerals, ("Measures in force", _measures)),
        ),
    )


def _trade_codes(mineral: Mineral) -> Cell:
    return words(*(f"HS {one.code}" for one in mineral.trade_codes.all()), empty=NONE)


def _production(minerals: Sequence[Mineral]) -> list[FactGroup]:
    tables = [{table.measure.value: table for table in of_mineral(one)} for one in minerals]
    facts = []
    for measure in MEASURES:
        found = [one.get(measure) for one in tables]
        if any(found):
            word = VERBS[measure]
            facts.append(
                Fact(
                    f"Most {word}" if word != "reserves" else "Most reserves",
                    tuple(map(_leaders, found)),
                )
            )
            facts.append(Fact(f"Concentration, {word}", tuple(map(_concentration, found))))
    return [FactGroup("Production and reserves", tuple(facts))] if facts else []


def _leaders(table: MeasureTable | None) -> Cell:
    if table is None:
        return words(empty="no figure")
    return words(
        *(
            f"{row.shown.country.name} {share_in_words(row.share)}"
            for row in table.rows[:4]
            if row.share is not None
        ),
        empty="no share stated",
    )


def _concentration(table: MeasureTable | None) -> Cell:
    found = table.concentration if table else None
    if found is None:
        return words(empty="too few countries with one source")
    return words(
        f"first country {share_in_words(found.first_share)}",
        f"HHI {found.hhi:,} over {found.countries} countries",
        f"{found.year}, {found.reference.publisher or found.reference}",
    )


def _lists(minerals: Sequence[Mineral]) -> list[FactGroup]:
    """One fact a list: whether, and since when, each mineral stands on it."""
    found = {
        (listing.criticality_list_id, listing.mineral_id): listing
        for listing in Listing.objects.filter(mineral__in=minerals).select_related("via")
    }
    lists = CriticalityList.objects.filter(pk__in={key for key, _ in found}).order_by(
        "published_on__startswith", "label"
    )
    facts = tuple(
        Fact(one.label, tuple(_listed(found.get((one.pk, mineral.pk))) for mineral in minerals))
        for one in lists
    )
    return [FactGroup("Criticality lists", facts)] if facts else []


def _listed(listing: Listing | None) -> Cell:
    if listing is None:
        return words("not listed")
    return words("listed" + (f" as {listing.via.name.lower()}" if listing.via else ""))


def _measures(mineral: Mineral) -> Cell:
    measures = PolicyMeasure.objects.filter(
        status=PolicyStatus.IN_FORCE, minerals=mineral
    ).order_by("title")
    titles = [measure.title for measure in measures]
    return listed(titles)
