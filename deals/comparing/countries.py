"""Countries side by side: deals, money, what they mine and refine, and the measures on them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from config.lib.words import share_in_words
from countries.models import Country, Membership, MembershipStatus
from deals.comparing.facts import (
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
from deals.portfolios import counts_by, counts_by_place
from deals.reading import Clock
from minerals.figures import MEASURES, Standing, of_country
from minerals.models import Mineral, PolicyMeasure, PolicyStatus

OUTPUTS_SHOWN = 12


def compare_countries(countries: Sequence[Country], clock: Clock) -> Comparison:
    """In about nine queries a country: a comparison has four at most."""
    names = dict(Country.objects.values_list("iso2", "name"))
    minerals = dict(Mineral.objects.values_list("slug", "name"))
    hosted = [clock.editions().filter(hosts__contains=[c.iso2]) for c in countries]
    partnered = [clock.editions().filter(partners__contains=[c.iso2]) for c in countries]
    sums = [sums_of(editions, clock) for editions in hosted]
    return Comparison(
        tuple(Head(c.iso2.lower(), c.name, c.get_absolute_url()) for c in countries),
        (
            FactGroup(
                "Deals",
                (
                    *deals_counted(sums, "Hosted"),
                    Fact("As partner", tuple(words(str(one.count())) for one in partnered)),
                    headline_fact(sums, "Headline values of hosted deals"),
                    Fact(
                        "Minerals of hosted deals",
                        tuple(named(counts_by(one, "minerals"), minerals) for one in hosted),
                    ),
                    Fact(
                        "Partners of hosted deals",
                        tuple(
                            named(counts_by_place(editions, "partners"), names)
                            for editions in hosted
                        ),
                    ),
                ),
            ),
            money_group(sums),
            *_outputs(countries),
            group_of(
                "Policy and standing",
                countries,
                ("Region", lambda one: words(one.subregion or one.region)),
                ("Blocs", _blocs),
                ("Measures in force", _measures),
            ),
        ),
    )


def _outputs(countries: Sequence[Country]) -> list[FactGroup]:
    """The minerals of which any of the countries has the largest share, one fact each."""
    found = [
        {(s.shown.mineral.name, s.shown.measure): s for s in of_country(one)} for one in countries
    ]
    largest: dict[tuple[str, str], float] = {}
    for standings in found:
        for key, standing in standings.items():
            largest[key] = max(largest.get(key, 0), float(standing.share or 0))
    chosen = sorted(largest, key=lambda key: (-largest[key], key))[:OUTPUTS_SHOWN]
    chosen.sort(key=lambda key: list(MEASURES).index(key[1]))
    facts = tuple(
        Fact(
            f"{mineral}, {VERBS[measure]}",
            tuple(_output(one.get((mineral, measure))) for one in found),
        )
        for mineral, measure in chosen
    )
    return [FactGroup("Production and reserves", facts)] if facts else []


def _output(standing: Standing | None) -> Cell:
    if standing is None:
        return words(empty="no figure")
    figure = standing.shown
    amount = f"{figure.amount.normalize():,f} {figure.unit}"
    share = f"{share_in_words(standing.share)} of the world" if standing.share is not None else ""
    rank = f"rank {figure.rank}" if figure.rank else ""
    after = f"{figure.year}, {figure.reference.publisher or figure.reference}"
    return words(amount, ", ".join(filter(None, (share, rank))), after)


def _blocs(country: Country) -> Cell:
    memberships = Membership.objects.filter(
        country=country, status=MembershipStatus.MEMBER, until__isnull=True
    ).select_related("bloc")
    return words(
        *sorted(one.bloc.short_name for one in memberships), empty="none of those on record"
    )


def _measures(country: Country) -> Cell:
    measures = (
        PolicyMeasure.objects.filter(status=PolicyStatus.IN_FORCE)
        .filter(Q(issuer_country=country) | Q(targets=country))
        .distinct()
        .order_by("title")
    )
    titles = [measure.title for measure in measures]
    return listed(titles)
