"""Countries: the list by region, and a profile with deals, money, production and policy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from config.lib.sorting import sort_key
from config.lib.words import count_in_words, share_in_words
from countries.models import Bloc, Country, Membership, MembershipStatus
from deals import charts
from deals.charts.policy_timeline import policy_timeline
from deals.codes import BINDING_STATUSES
from deals.models import Company
from deals.models.edition import EditionQuerySet
from deals.portfolios import (
    counts_by,
    headlines_of,
    ladder_of,
    ladder_of_lines,
)
from deals.reading import Clock
from deals.views.listing import ListQuery
from deals.views.profile import (
    FEWEST_FOR_A_CHART,
    References,
    at_a_time,
    drawn,
    in_time,
    newest,
    page,
)
from minerals.figures import Standing, of_country
from minerals.models import CountryFact, Measure, PolicyMeasure

COMPANIES_SHOWN = 12
NOTABLE_SHARE = 0.1
VERBS: dict[str, str] = {Measure.MINE_PRODUCTION: "mines", Measure.REFINERY_PRODUCTION: "refines"}
ORDERS: dict[str, Callable[[tuple[Country, int, int]], Any]] = {
    "name": lambda row: row[0].sort_name,
    "host": lambda row: row[1],
    "partner": lambda row: row[2],
}


@at_a_time
def country_list(request: HttpRequest, clock: Clock) -> HttpResponse:
    """All countries by region, those with deals in a table; ``q`` searches names and codes.

    The order is that within a region.
    """
    editions = clock.editions()
    hosts, partners = counts_by(editions, "hosts"), counts_by(editions, "partners")
    asked = ListQuery(request.GET)
    query, ordering = asked.text("q"), asked.ordering(ORDERS, "-host")
    countries = [country for country in Country.objects.all() if _matches(country, query)]
    if asked.problems:
        countries = []
    in_any_role = counts_by(editions, "countries")
    blocs = [
        (bloc, in_any_role[bloc.key])
        for bloc in Bloc.objects.filter(key__in=in_any_role)
        if not query or sort_key(query) in f"{bloc.sort_name} {sort_key(bloc.short_name)}"
    ]
    context = {
        "query": query,
        "ordering": ordering,
        "regions": _regions(countries, hosts, partners, ordering),
        "found": len(countries),
        "hosting": sum(1 for code in hosts if code.isupper()),
        "partnering": sum(1 for code in partners if code.isupper()),
        "deal_count": editions.count(),
        "blocs": []
        if asked.problems
        else sorted(blocs, key=lambda row: (-row[1], row[0].sort_name)),
    }
    return asked.answer(request, "countries/list.html", clock, context)


@dataclass
class Region:
    """Countries of a UN M49 region: with deals (country, as host, as partner) and without."""

    name: str
    rows: list[tuple[Country, int, int]]
    others: list[Country]


def _matches(country: Country, query: str) -> bool:
    wanted = sort_key(query)
    return (
        wanted in country.sort_name
        or wanted in sort_key(country.official_name)
        or query.upper() in {country.iso2, country.iso3}
    )


def _regions(
    countries: Sequence[Country], hosts: dict[str, int], partners: dict[str, int], ordering: str
) -> list[Region]:
    regions: dict[str, Region] = {}
    for country in countries:
        name = country.region or "Other"
        region = regions.setdefault(name, Region(name, [], []))
        counts = hosts.get(country.iso2, 0), partners.get(country.iso2, 0)
        if any(counts):
            region.rows.append((country, *counts))
        else:
            region.others.append(country)
    for region in regions.values():
        region.rows.sort(key=lambda row: (-row[1], -row[2], row[0].sort_name))
        column = ORDERS[ordering.lstrip("-")]
        region.rows.sort(key=column, reverse=ordering.startswith("-"))
    return sorted(regions.values(), key=lambda region: (not region.rows, region.name))


@at_a_time
def country_detail(request: HttpRequest, clock: Clock, iso2: str) -> HttpResponse:
    """A country as host and partner, its money, what it produces, and the measures on it."""
    country = get_object_or_404(Country, iso2=iso2.upper())
    if iso2 != iso2.lower():
        return redirect(f"{country.get_absolute_url()}{_query(request)}", permanent=True)
    editions = clock.editions()
    hosted = editions.filter(hosts__contains=[country.iso2])
    partnered = editions.filter(partners__contains=[country.iso2])
    counts = _counts(editions, clock, country.iso2)
    references = References()
    memberships = list(
        Membership.objects.filter(country=country)
        .select_related("bloc")
        .order_by("since__startswith", "bloc__sort_name")
    )
    produced = of_country(country)
    rank_of_hosts = counts_by(editions, "hosts") if counts["hosted"] else {}
    context = {
        "country": country,
        "counts": counts,
        "deck": _deck(country, counts, rank_of_hosts, produced),
        "memberships": memberships,
        "ladder": ladder_of(hosted, clock, deal_count=counts["hosted"]),
        "headlines": headlines_of(hosted),
        "figures": _figures(counts, clock, country),
        "provided": _provided(editions, clock, country),
        "produced": [s for s in produced if s.shown.measure != Measure.RESERVES],
        "reserves": [s for s in produced if s.shown.measure == Measure.RESERVES],
        "deals_by_mineral": counts_by(hosted, "minerals") if produced else {},
        "measures": policy_timeline(_measures(country, memberships), clock.last_day),
        "latest": newest(hosted, clock),
        "latest_as_partner": newest(partnered, clock),
        "companies": _companies(country, clock),
        "companies_shown": COMPANIES_SHOWN,
        "facts": _facts(country, references),
        "references": references,
    }
    return page(request, "countries/detail.html", clock, context)


def _query(request: HttpRequest) -> str:
    return f"?{request.GET.urlencode()}" if request.GET else ""


def _counts(editions: EditionQuerySet, clock: Clock, iso2: str) -> dict[str, int]:
    host = Q(hosts__contains=[iso2])
    return editions.aggregate(
        hosted=Count("pk", filter=host),
        partnered=Count("pk", filter=Q(partners__contains=[iso2])),
        binding=Count("pk", filter=host & Q(status__in=BINDING_STATUSES)),
        stale=Count("pk", filter=host & clock.stale()),
        disputed=Count("pk", filter=host & Q(is_disputed=True)),
    )


def _deck(
    country: Country,
    counts: dict[str, int],
    hosts: dict[str, int],
    produced: list[Standing],
) -> str:
    """What stands out, from the data alone: its place among hosts, its largest share of output."""
    sentences = []
    if counts["hosted"]:
        others = [n for code, n in hosts.items() if code.isupper() and code != country.iso2]
        place = (
            ", more than any other country in the tracker,"
            if counts["hosted"] > max(others, default=0)
            else ""
        )
        also = f"{place} and partner in {counts['partnered']}" if counts["partnered"] else place
        sentences.append(f"Host of {_recorded(counts['hosted'])}{also.rstrip(',')}.")
    elif counts["partnered"]:
        sentences.append(f"Partner in {_recorded(counts['partnered'])}, host of none.")
    else:
        sentences.append("No deal on record is hosted here or has a partner from here.")
    leading = [
        (s, VERBS[s.shown.measure])
        for s in produced
        if s.share is not None and s.share >= NOTABLE_SHARE and s.shown.measure in VERBS
    ]
    if leading:
        listed = " and ".join(
            f"{share_in_words(s.share)} of the world’s {s.shown.mineral.name.lower()}"
            for s, verb in leading[:2]
            if verb == leading[0][1]
        )
        sentences.append(f"It {leading[0][1]} {listed}.")
    return " ".join(sentences)


def _recorded(count: int) -> str:
    return count_in_words(count, "recorded deal")


def _figures(counts: dict[str, int], clock: Clock, country: Country) -> list[charts.Figure]:
    """Deals by year and by counterpart: as host, then as partner."""
    figures = []
    if counts["hosted"] >= FEWEST_FOR_A_CHART:
        names = ["years", "partners", "map"]
        figures += drawn(clock, *names, said="Deals hosted", host=country.iso2)
    if counts["partnered"] >= FEWEST_FOR_A_CHART:
        names = ["years", "hosts"] if counts["hosted"] else ["years", "hosts", "map"]
        figures += drawn(clock, *names, said="Deals as partner", partner=country.iso2)
    return figures


def _provided(editions: EditionQuerySet, clock: Clock, country: Country) -> Any:
    """The ladder of money whose providers are at home here, for projects anywhere."""
    lines = (
        clock.lines()
        .filter(edition__in=editions.values("pk"), provider_countries__contains=[country.iso2])
        .exclude(rung="")
    )
    financed: int = lines.aggregate(deals=Count("edition", distinct=True))["deals"]
    return ladder_of_lines(lines, deal_count=financed) if financed else None


def _measures(country: Country, memberships: list[Membership]) -> list[PolicyMeasure]:
    """Measures that it issues or that aim at it, and those of blocs that it is a member of."""
    blocs = [
        membership.bloc_id
        for membership in memberships
        if membership.status == MembershipStatus.MEMBER and membership.until is None
    ]
    measures = PolicyMeasure.objects.filter(
        Q(issuer_country=country) | Q(targets=country) | Q(issuer_bloc__in=blocs)
    )
    # A subquery, since rows doubled by the join cannot be made distinct in another order.
    return list(in_time(PolicyMeasure.objects.filter(pk__in=measures.values("pk"))))


def _companies(country: Country, clock: Clock) -> list[tuple[Company, int]]:
    """Public companies at home here, those with most deals first."""
    companies = list(Company.objects.public().filter(country=country))
    slugs = [company.slug for company in companies]
    counts = counts_by(clock.editions().filter(companies__overlap=slugs), "companies")
    return sorted(
        ((company, counts.get(company.slug, 0)) for company in companies),
        key=lambda row: (-row[1], row[0].sort_name),
    )


def _facts(country: Country, references: References) -> list[tuple[CountryFact, int | None]]:
    """Standing facts, stated ones before computed ones, each with the number of its source."""
    facts = CountryFact.objects.filter(country=country).select_related("mineral", "reference")
    stated_first = sorted(facts, key=lambda fact: fact.basis != "stated")
    return [(fact, references.number(fact.reference)) for fact in stated_first]
