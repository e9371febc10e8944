"""Companies and other bodies: the list, and a profile with roles, money, owners and partners."""

from __future__ import annotations

import datetime
import string
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import ExtractYear
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from config.lib.imprecise import latest_first
from config.lib.sorting import sort_key
from config.lib.words import count_in_words
from countries.models import Country
from deals.charts import Figure
from deals.charts.ladder import ladder as draw_ladder
from deals.charts.ownership import ownership_of
from deals.codes import BINDING_STATUSES, CompanyType
from deals.filters import DealFilterSet
from deals.labels import labels
from deals.models import Company, EditionLine
from deals.models.edition import EditionQuerySet
from deals.ownership import OwnershipGraph, holdings_below, owners_above
from deals.portfolios import PortfolioLadder, counts_by, ladder_of_lines
from deals.reading import Clock, Summary, summaries
from deals.selecting import query_at
from deals.stats import Cell
from deals.views.listing import ListQuery
from deals.views.profile import (
    FEWEST_FOR_A_CHART,
    References,
    at_a_time,
    drawn,
    page,
)

DEALS_SHOWN = 100
LINES_SHOWN = 100
PARTNERS_SHOWN = 10
LETTERS = (*string.ascii_uppercase, "#")
ORDERS = ("name", "type", "country", "deals")


@at_a_time
def company_list(request: HttpRequest, clock: Clock) -> HttpResponse:
    """Public bodies; ``q``, ``letter``, ``type`` and ``country`` narrow the list."""
    query = ListQuery(request.GET)
    known = Country.objects.values_list("iso2", flat=True)
    wanted = {
        "q": query.text("q"),
        "letter": query.choice("letter", LETTERS, "a letter from A to Z", upper=True),
        "type": query.choice("type", CompanyType.values, "a type"),
        "country": query.choice("country", known, "an ISO 3166-1 alpha-2 code", upper=True)
        if query.data.get("country")
        else "",
    }
    ordering = query.ordering(ORDERS, "name")
    companies = Company.objects.public()
    deals = _deals_of_each(clock.editions(), _merged())
    chosen = query.page(_in_order(_matching(companies, wanted), ordering, deals))
    named = Company.objects.select_related("country").in_bulk(list(chosen))
    context = {
        "asked": wanted,
        "ordering": ordering,
        "page": chosen,
        "rows": [(named[pk], deals.get(named[pk].slug, 0)) for pk in chosen],
        "types": _types(companies),
        "letters": LETTERS,
        "country": Country.objects.filter(iso2=wanted["country"]).first()
        if wanted["country"]
        else None,
        "is_narrowed": any(wanted.values()),
    }
    return query.answer(request, "deals/company_list.html", clock, context)


def _matching(companies: QuerySet[Company], wanted: dict[str, str]) -> QuerySet[Company]:
    if wanted["type"]:
        companies = companies.filter(type=wanted["type"])
    if wanted["country"]:
        companies = companies.filter(country=wanted["country"])
    if wanted["letter"] == "#":
        companies = companies.exclude(sort_name__regex="^[a-z]")
    elif wanted["letter"]:
        companies = companies.filter(sort_name__startswith=wanted["letter"].lower())
    if wanted["q"]:
        companies = companies.filter(
            Q(sort_name__contains=sort_key(wanted["q"])) | Q(aliases__icontains=wanted["q"])
        )
    return companies


def _in_order(companies: QuerySet[Company], ordering: str, deals: dict[str, int]) -> list[int]:
    """Their numbers in an order of `ORDERS`; of equal ones by name, unknown homes last."""
    rows = list(
        companies.order_by("sort_name", "slug").values_list(
            "pk", "slug", "type", "country__sort_name"
        )
    )
    column, down = ordering.lstrip("-"), ordering.startswith("-")
    if column == "name":
        return [row[0] for row in (reversed(rows) if down else rows)]
    if column == "deals":
        rows.sort(key=lambda row: deals.get(row[1], 0), reverse=down)
    elif column == "type":
        rows.sort(key=lambda row: labels()["company_type"][row[2]], reverse=down)
    else:
        rows.sort(key=lambda row: row[3] or "", reverse=down)
        rows.sort(key=lambda row: not row[3])
    return [row[0] for row in rows]


def _types(companies: QuerySet[Company]) -> list[tuple[str, str, int]]:
    """Code, label and number of public bodies of each type, in the order of the code list."""
    counts = Counter(companies.order_by().values_list("type", flat=True))
    return [
        (code, labels()["company_type"][code], counts[code])
        for code in CompanyType.values
        if counts[code]
    ]


@dataclass(frozen=True)
class Involvement:
    """A deal of the body with what it does there."""

    deal: Summary
    roles: list[str]
    stake_percent: float | None


@at_a_time
def company_detail(request: HttpRequest, clock: Clock, slug: str) -> HttpResponse:
    """A body: its deals and roles, money by rung, owners, holdings and usual partners."""
    company = _public_company(slug)
    if company.slug != slug:
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(f"{company.get_absolute_url()}{query}", permanent=True)
    merged = _merged()
    # Until a merge has come to all editions, some name the company that was merged.
    slugs = [slug, *(old for old, successor in merged.items() if successor == slug)]
    all_editions = clock.editions()
    editions = all_editions.filter(companies__overlap=slugs)
    lines = (
        clock.lines()
        .filter(edition__in=all_editions.values("pk"), providers__overlap=slugs)
        .exclude(rung="")
    )
    involvements = _involvements(editions, clock, slugs)
    references = References()
    references.numbers(company.references.all())
    deal_count = editions.count()
    ladder = _ladder(lines)
    context = {
        "company": company,
        "deck": _deck(deal_count, involvements),
        "deal_count": deal_count,
        "binding": editions.filter(status__in=BINDING_STATUSES).count(),
        "stale": editions.filter(clock.stale()).count(),
        "roles": _roles(involvements),
        "involvements": involvements,
        "ladder": ladder,
        "lines": _lines(lines) if ladder else [],
        "portfolio": _portfolio(lines, ladder, clock, slug),
        "figures": drawn(clock, "years", company=slug) if deal_count >= FEWEST_FOR_A_CHART else [],
        "ownership": ownership_of(company),
        "owners": _chain(owners_above([slug]), slug, references),
        "holdings": _chain(holdings_below([slug]), slug, references),
        "partners": _partners(editions, slug, merged),
        "references": references,
    }
    return page(request, "deals/company_detail.html", clock, context)


def _public_company(slug: str) -> Company:
    """The public company of that slug, or the one that it was merged into; else 404."""
    company = Company.objects.select_related("country").filter(slug=slug).first()
    seen = set()
    while company is not None and company.merged_into_id is not None and company.pk not in seen:
        seen.add(company.pk)
        company = Company.objects.select_related("country").get(pk=company.merged_into_id)
    if company is None or not Company.objects.public().filter(pk=company.pk).exists():
        raise Http404("There is no company of this name in a published deal.")
    return company


def _merged() -> dict[str, str]:
    """Slugs of companies that were merged into another, and those of their successors."""
    merged = Company.objects.exclude(merged_into=None).order_by()
    return dict(merged.values_list("slug", "merged_into__slug"))


def _deals_of_each(editions: EditionQuerySet, merged: Mapping[str, str]) -> dict[str, int]:
    """Deals by company; those of a merged one are its successor's, and a deal may name both."""
    counts = counts_by(editions, "companies")
    still_named: dict[str, list[str]] = {}
    for slug in merged.keys() & counts.keys():
        still_named.setdefault(merged[slug], []).append(slug)
        del counts[slug]
    for successor, slugs in still_named.items():
        counts[successor] = editions.filter(companies__overlap=[successor, *slugs]).count()
    return counts


def _involvements(
    editions: EditionQuerySet, clock: Clock, slugs: Collection[str]
) -> list[Involvement]:
    rows = editions.select_related("document").order_by(*latest_first("announced_on"), "key")
    found = []
    for deal in summaries(rows[:DEALS_SHOWN], clock):
        parts = [party for party in deal["parties"] if party["slug"] in slugs]
        stakes = [part["stake_percent"] for part in parts if part["stake_percent"] is not None]
        found.append(
            Involvement(
                deal,
                list(dict.fromkeys(part["role"] for part in parts)),
                stakes[0] if stakes else None,
            )
        )
    return found


def _roles(involvements: list[Involvement]) -> list[tuple[str, int]]:
    counts = Counter(role for involvement in involvements for role in involvement.roles)
    return counts.most_common()


def _deck(deal_count: int, involvements: list[Involvement]) -> str:
    words = labels()["party_role"]
    roles = [f"{words[role].lower()} in {count}" for role, count in _roles(involvements)[:3]]
    deals = f"Named in {count_in_words(deal_count, 'recorded deal')}"
    return f"{deals}: {', '.join(roles)}." if roles else f"{deals}."


def _ladder(lines: QuerySet[EditionLine]) -> PortfolioLadder | None:
    """The money it provides by rung; None for a body that provides none."""
    financed = lines.order_by().values("edition").distinct().count()
    return ladder_of_lines(lines, deal_count=financed) if financed else None


@dataclass(frozen=True)
class ProvidedLine:
    """A line of a provider: the line as it stands, and the day by which it stood on its rung."""

    line: EditionLine
    since: datetime.date | None


def _lines(lines: QuerySet[EditionLine]) -> list[ProvidedLine]:
    """Its lines, the firmest and largest first, each with its deal."""
    shown = list(
        lines.select_related("edition")
        .defer("edition__search", "edition__search_names")
        .order_by("-rung_rank", F("amount_usd").desc(nulls_last=True), "edition__key", "ref")[
            :LINES_SHOWN
        ]
    )
    since = {
        (edition, ref, rung): day
        for edition, ref, rung, day in EditionLine.objects.filter(
            edition__in=[line.edition_id for line in shown], is_present=False, until_on=None
        ).values_list("edition", "ref", "rung", "from_on")
    }
    return [ProvidedLine(line, since.get((line.edition_id, line.ref, line.rung))) for line in shown]


def _portfolio(
    lines: QuerySet[EditionLine], ladder: PortfolioLadder | None, clock: Clock, slug: str
) -> list[Figure]:
    """What a provider gives: its own lines by year and rung, and its deals by host and mineral."""
    if ladder is None or ladder.deal_count < FEWEST_FOR_A_CHART:
        return []
    rows = (
        lines.order_by()
        .values("rung", year=ExtractYear("edition__announced_on__startswith"))
        .annotate(
            usd=Sum("amount_usd", filter=Q(is_counted=True)),
            deals=Count("edition", distinct=True),
            unknown=Count("pk", filter=Q(amount_usd__isnull=True)),
        )
        .values_list("year", "rung", "usd", "deals", "unknown")
    )
    cells = [
        Cell((str(year) if year else None, rung), usd, deals, unknown)
        for year, rung, usd, deals, unknown in rows
    ]
    filterset = DealFilterSet(query_at(clock, {"provider": slug}))
    by_year = draw_ladder(filterset, cells)
    subtitle = "Its own lines in US dollars by year of the deal and rung; one scale for all four"
    others = drawn(clock, "hosts", "minerals", said="Deals that it finances", provider=slug)
    return [replace(by_year, subtitle=subtitle), *others]


def _chain(graph: OwnershipGraph, slug: str, references: References) -> list[dict[str, Any]]:
    """Who lies above a company, or below it, to the ends of the chains, with dates and sources."""
    return [
        {"step": step, "number": references.number(step.holding.reference)}
        for step in graph.steps(slug)
    ]


def _partners(
    editions: EditionQuerySet, slug: str, merged: Mapping[str, str]
) -> list[tuple[Company, int]]:
    """The public bodies that stand in most of its deals."""
    counts = _deals_of_each(editions, merged)
    counts.pop(slug, None)
    companies = Company.objects.public().filter(slug__in=counts)
    ranked = sorted(companies, key=lambda company: (-counts[company.slug], company.sort_name))
    return [(company, counts[company.slug]) for company in ranked[:PARTNERS_SHOWN]]
