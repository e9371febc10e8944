"""The front page: what Lodebook knows in one picture, what changed last, and ways in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from config.lib.caching import public_page
from deals.describing import published
from deals.facets import FacetValue, facets_of
from deals.filters import DealFilterSet
from deals.models import Edition
from deals.news import latest_news
from deals.portfolios import headlines_of, ladder_of
from deals.reading import Clock
from deals.unit_chart import unit_chart
from minerals.models import Mineral

NEWS_SHOWN = 9
MINERALS_SHOWN = 10
HOSTS_SHOWN = 10
EVENTS_SHOWN = 6
PROVIDERS_SHOWN = 6


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Every number is computed from the editions that readers see now."""
    clock = Clock()
    editions = Edition.objects.current()
    chart = unit_chart(editions, clock.today)
    ladder = ladder_of(editions, clock, deal_count=chart.deals)
    facets = facets_of(DealFilterSet(), ["mineral", "host", "event", "provider"])
    hosts = [value for value in facets["host"] if value.value.isupper()]
    context = {
        "clock": clock,
        "chart": chart,
        "ladder": ladder,
        "share_without": ladder.without_financing / chart.deals if chart.deals else None,
        "headlines": headlines_of(editions),
        "published": published(),
        "news": latest_news(editions, clock.today, count=NEWS_SHOWN),
        "host_count": len(hosts),
        "minerals": _minerals(facets["mineral"][:MINERALS_SHOWN]),
        "hosts": hosts[:HOSTS_SHOWN],
        "events": facets["event"][:EVENTS_SHOWN],
        "providers": facets["provider"][:PROVIDERS_SHOWN],
    }
    return render(request, "deals/home.html", context)


def _minerals(values: list[FacetValue]) -> list[tuple[dict[str, str], int]]:
    """Minerals as their tiles take them, with the number of deals."""
    minerals = Mineral.objects.in_bulk([value.value for value in values], field_name="slug")
    return [
        (
            {
                "slug": mineral.slug,
                "name": mineral.name,
                "symbol": mineral.short_form,
                "category": mineral.category,
            },
            value.count,
        )
        for value in values
        for mineral in [minerals[value.value]]
    ]
