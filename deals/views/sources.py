"""The pages that the published deals rest on, one row an address."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse

from deals.codes import SourceKind
from deals.labels import labels
from deals.models import EditionSource
from deals.reading import Clock
from deals.views.listing import ListQuery
from deals.views.profile import at_a_time

ORDERS = {"deals": "deals", "published_on": "latest", "publisher": "name"}
PUBLISHERS_SHOWN = 25
UNKNOWN = "unknown"
"""Value of ``kind`` for pages of which no kind is known."""


@at_a_time
def source_list(request: HttpRequest, clock: Clock) -> HttpResponse:
    """Pages grouped by normalised address; ``q``, ``publisher`` and ``kind`` narrow the list."""
    query = ListQuery(request.GET)
    words, publishers = query.text("q"), query.texts("publisher")
    kinds = query.choices("kind", [*SourceKind.values, UNKNOWN], "a kind of source")
    ordering = query.ordering(ORDERS, "-deals")
    everything = EditionSource.objects.filter(edition__in=clock.editions().values("pk"))
    found = _grouped(_matching(everything, words, publishers, kinds), ordering)
    chosen = query.page(found)
    context = {
        "query": words,
        "chosen_publishers": publishers,
        "chosen_kinds": kinds,
        "ordering": ordering,
        "page": chosen,
        "rows": _with_deals(list(chosen), everything),
        "publishers": _publishers(_matching(everything, words, [], kinds), publishers),
        "publisher_count": everything.aggregate(n=Count("publisher", distinct=True))["n"],
        "kinds": _kinds(_matching(everything, words, publishers, [])),
        "is_narrowed": bool(words or publishers or kinds),
    }
    return query.answer(request, "deals/source_list.html", clock, context)


def _matching(
    sources: QuerySet[EditionSource], query: str, publishers: list[str], kinds: list[str]
) -> QuerySet[EditionSource]:
    if query:
        sources = sources.filter(
            Q(title__icontains=query) | Q(publisher__icontains=query) | Q(url__icontains=query)
        )
    if publishers:
        sources = sources.filter(publisher__in=publishers)
    if kinds:
        sources = sources.filter(kind__in=["" if kind == UNKNOWN else kind for kind in kinds])
    return sources


def _grouped(sources: QuerySet[EditionSource], ordering: str) -> QuerySet[Any, Any]:
    """One row a page in an order of `ORDERS`; of equal ones the latest first, undated ones last."""
    column = F(ORDERS[ordering.lstrip("-")])
    first = column.desc(nulls_last=True) if ordering[0] == "-" else column.asc(nulls_last=True)
    return (
        sources.order_by()
        .values("url_key")
        .annotate(
            deals=Count("edition", distinct=True),
            latest=Max("published_on__startswith"),
            name=Min("publisher"),
        )
        .order_by(first, F("latest").desc(nulls_last=True), "url_key")
    )


def _with_deals(
    rows: list[dict[str, Any]], sources: QuerySet[EditionSource]
) -> list[dict[str, Any]]:
    """Each page with the source as its first deal states it and the deals that rest on it."""
    by_page: dict[str, list[EditionSource]] = defaultdict(list)
    for source in (
        sources.filter(url_key__in=[row["url_key"] for row in rows])
        .select_related("edition")
        .only(
            *("url_key", "url", "publisher", "title", "published_on", "kind", "origin"),
            *("ref", "edition__key", "edition__title"),
        )
        .order_by("edition__sort_title", "id")
    ):
        by_page[source.url_key].append(source)
    return [{"source": by_page[row["url_key"]][0], "uses": by_page[row["url_key"]]} for row in rows]


def _publishers(sources: QuerySet[EditionSource], chosen: list[str]) -> list[tuple[str, int, bool]]:
    """The publishers of most pages and all chosen ones, with their number of pages."""
    counts = dict(
        sources.order_by()
        .values("publisher")
        .annotate(pages=Count("url_key", distinct=True))
        .order_by("-pages", "publisher")
        .values_list("publisher", "pages")
    )
    names = list(dict.fromkeys([*chosen, *list(counts)[:PUBLISHERS_SHOWN]]))
    return [(name, counts.get(name, 0), name in chosen) for name in names]


def _kinds(sources: QuerySet[EditionSource]) -> list[tuple[str, str, int]]:
    counts = dict(
        sources.order_by()
        .values("kind")
        .annotate(pages=Count("url_key", distinct=True))
        .values_list("kind", "pages")
    )
    rows = [(code, label, counts.get(code, 0)) for code, label in labels()["source_kind"].items()]
    return [*rows, (UNKNOWN, "Not known", counts.get("", 0))]
