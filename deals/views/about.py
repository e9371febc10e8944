"""What Lodebook is: method, vocabularies, rates, licence, how to cite, filters, API."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Count, Max, Min
from django.http import HttpRequest, HttpResponse

from config.lib.filterset import StrictFilter
from countries.models import Reference
from deals.codes import (
    BASES_NOT_COUNTED,
    NEVER_STALE_KINDS,
    STALE_STATUSES,
    SUMMED_INSTRUMENTS,
    Instrument,
)
from deals.filters import DealFilterSet
from deals.labels import in_sentence, labels, vocabularies
from deals.models import EditionSource, ExchangeRate
from deals.models.edition import Edition
from deals.reading import LAPSED_AFTER_YEARS, STALE_AFTER_YEARS, Clock
from deals.views.profile import at_a_time, page

VARIANTS: Final = {
    "not": "leaves out a deal if any of its values is among these",
    "all": "all of these values",
    "empty": "true: the value is unknown",
}


@at_a_time
def about(request: HttpRequest, clock: Clock) -> HttpResponse:
    """One page, every section with an address of its own."""
    editions = Edition.objects.current()
    years, rates = _rates()
    published = Edition.objects.aggregate(first=Min("published_at"), last=Max("published_at"))
    context = {
        "vocabularies": vocabularies().values(),
        "years": years,
        "rates": rates,
        "rate_sources": Reference.objects.filter(
            pk__in=ExchangeRate.objects.values("reference")
        ).order_by("publisher", "title"),
        "covered_until": ExchangeRate.objects.aggregate(day=Max("covered_until"))["day"],
        "production_sources": _production_sources(),
        "filters": filters_in_words(),
        "variants": VARIANTS,
        "stale_statuses": _in_words("status", STALE_STATUSES),
        "never_stale": _in_words("kind", NEVER_STALE_KINDS),
        "summed": _in_words("instrument", SUMMED_INSTRUMENTS),
        "not_summed": _in_words("instrument", set(Instrument.values) - SUMMED_INSTRUMENTS),
        "not_counted": _in_words("value_basis", BASES_NOT_COUNTED),
        "stale_months": 12 * STALE_AFTER_YEARS,
        "lapsed_months": 12 * LAPSED_AFTER_YEARS,
        "deal_count": editions.count(),
        "source_count": EditionSource.objects.filter(edition__in=editions.values("pk")).aggregate(
            pages=Count("url_key", distinct=True)
        )["pages"],
        "published": published,
        "site": f"{request.scheme}://{request.get_host()}",
    }
    return page(request, "deals/about.html", clock, context)


def _in_words(vocabulary: str, codes: Collection[str]) -> list[str]:
    """The labels of some codes, in the order of the code list."""
    return [in_sentence(label) for code, label in labels()[vocabulary].items() if code in codes]


def _rates() -> tuple[list[int], list[tuple[str, list[ExchangeRate | None]]]]:
    """Years, and by currency the rate of each of them where there is one."""
    table: dict[str, dict[int, ExchangeRate]] = defaultdict(dict)
    for rate in ExchangeRate.objects.order_by("currency", "year"):
        table[rate.currency][rate.year] = rate
    years = sorted({year for by_year in table.values() for year in by_year})
    return years, [
        (currency, [by_year.get(year) for year in years]) for currency, by_year in table.items()
    ]


def _production_sources() -> list[tuple[str, str, int]]:
    """Publisher, terms and number of figures of production and reserves."""
    return list(
        Reference.objects.filter(production__isnull=False)
        .values("publisher", "licence")
        .annotate(figures=Count("production"))
        .order_by("-figures", "publisher")
        .values_list("publisher", "licence", "figures")
    )


@dataclass
class FilterInWords:
    """A parameter of the list, with the suffixes that it also takes."""

    name: str
    label: str
    help_text: str
    codes: str = ""
    """The vocabulary on this page that lists its values."""
    suffixes: list[str] = field(default_factory=list)


def filters_in_words() -> list[FilterInWords]:
    """Every parameter of the list of deals, from the filter set itself."""
    found: dict[str, FilterInWords] = {}
    for name, one in DealFilterSet.base_filters.items():
        base, _, suffix = name.partition("__")
        if suffix:
            found[base].suffixes.append(suffix)
        elif isinstance(one, StrictFilter):
            found[name] = FilterInWords(
                name,
                str(one.label),
                str(one.extra.get("help_text") or ""),
                name if name in vocabularies() else "",
            )
    return list(found.values())
