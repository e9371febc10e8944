"""Minerals: the tree, and a profile with deals, output, concentration, lists and measures."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from config.lib.sorting import sort_key
from config.lib.words import count_in_words, share_in_words
from deals.charts.policy_timeline import policy_timeline
from deals.codes import BINDING_STATUSES
from deals.portfolios import (
    counts_by,
    headlines_of,
    ladder_of,
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
from minerals.figures import MeasureTable, of_mineral
from minerals.models import Category, CriticalityList, Listing, Measure, Mineral, PolicyMeasure

DONE: dict[str, str] = {
    Measure.MINE_PRODUCTION: "mined",
    Measure.REFINERY_PRODUCTION: "refined",
    Measure.RESERVES: "held in reserve",
}


@dataclass
class Node:
    """A mineral of the tree with its deals and what is part of it."""

    mineral: Mineral
    deals: int
    listings: int
    parts: list[Node] = field(default_factory=list)

    @property
    def deals_below(self) -> int:
        """Deals that count for it or for the fullest of its parts: what a branch is sorted by."""
        return max([self.deals, *(part.deals_below for part in self.parts)])


ORDERS: dict[str, Callable[[Node], Any]] = {
    "name": lambda node: node.mineral.sort_name,
    "deals": lambda node: node.deals_below,
    "lists": lambda node: node.listings,
}


@at_a_time
def mineral_list(request: HttpRequest, clock: Clock) -> HttpResponse:
    """The tree of minerals by family; ``q`` searches names, symbols and aliases."""
    asked = ListQuery(request.GET)
    query, ordering = asked.text("q"), asked.ordering(ORDERS, "-deals")
    deals = counts_by(clock.editions(), "minerals")
    minerals = list(Mineral.objects.annotate(listing_count=Count("listings")))
    found = [mineral for mineral in minerals if _matches(mineral, query)] if query else []
    nodes = [Node(mineral, deals.get(mineral.slug, 0), mineral.listing_count) for mineral in found]
    context = {
        "query": query,
        "ordering": ordering,
        "found": _sorted(nodes, ordering),
        "families": [] if query or asked.problems else _families(minerals, deals, ordering),
        "mineral_count": len(minerals),
        "named": sum(1 for mineral in minerals if deals.get(mineral.slug)),
        "unspecified": clock.editions().filter(minerals=[]).count(),
    }
    return asked.answer(request, "minerals/list.html", clock, context)


def _sorted(nodes: list[Node], ordering: str) -> list[Node]:
    """In an order of `ORDERS`, those that are equal in it by name."""
    nodes = sorted(nodes, key=lambda node: node.mineral.sort_name)
    return sorted(nodes, key=ORDERS[ordering.lstrip("-")], reverse=ordering.startswith("-"))


def _matches(mineral: Mineral, query: str) -> bool:
    wanted = sort_key(query)
    return query == mineral.symbol or any(
        wanted in sort_key(name) for name in (mineral.name, *mineral.aliases)
    )


def _families(
    minerals: list[Mineral], deals: dict[str, int], ordering: str
) -> list[tuple[str, list[Node]]]:
    """Families in the order of the code list, each with its roots in the order asked for."""
    nodes = {
        mineral.pk: Node(mineral, deals.get(mineral.slug, 0), mineral.listing_count)  # type: ignore[attr-defined]
        for mineral in minerals
    }
    roots: dict[str, list[Node]] = defaultdict(list)
    for node in nodes.values():
        above = node.mineral.parent_id
        siblings = nodes[above].parts if above else roots[node.mineral.category]
        siblings.append(node)
    for siblings in [*roots.values(), *(node.parts for node in nodes.values())]:
        siblings[:] = _sorted(siblings, ordering)
    return [(str(category.label), roots[category]) for category in Category if roots.get(category)]


@at_a_time
def mineral_detail(request: HttpRequest, clock: Clock, slug: str) -> HttpResponse:
    """A mineral or group: its deals and money, who mines and refines it, and the measures on it."""
    mineral = get_object_or_404(Mineral.objects.select_related("parent"), slug=slug)
    editions = clock.editions().filter(minerals__contains=[slug])
    counts = editions.aggregate(
        deals=Count("pk"),
        binding=Count("pk", filter=Q(status__in=BINDING_STATUSES)),
        stale=Count("pk", filter=clock.stale()),
        disputed=Count("pk", filter=Q(is_disputed=True)),
    )
    tables = of_mineral(mineral)
    lineage = _lineage(mineral)
    lists = list(
        CriticalityList.objects.order_by(
            F("published_on__startswith").asc(nulls_last=True), "label"
        )
    )
    listings = {
        listing.criticality_list_id: listing
        for listing in Listing.objects.filter(mineral=mineral).select_related("via")
    }
    parts = _parts_listed(mineral)
    references = References()
    references.numbers(mineral.references.all())
    context = {
        "mineral": mineral,
        "lineage": lineage,
        "counts": counts,
        "deck": _deck(mineral, counts["deals"], tables),
        "ladder": ladder_of(editions, clock, deal_count=counts["deals"]),
        "headlines": headlines_of(editions),
        "figures": drawn(clock, "years", "hosts", "partners", mineral=slug)
        if counts["deals"] >= FEWEST_FOR_A_CHART
        else [],
        "tables": tables,
        "deals_by_host": counts_by(editions, "hosts") if tables else {},
        "listings": listings,
        "list_years": _list_years(lists),
        "list_rows": _list_rows(lists, listings, parts),
        "part_lists": len(parts.keys() - listings.keys()),
        "list_count": len(lists),
        "measures": policy_timeline(_measures([mineral, *lineage]), clock.last_day),
        "trade_codes": mineral.trade_codes.all(),
        "children": mineral.children.all(),
        "siblings": mineral.parent.children.exclude(pk=mineral.pk) if mineral.parent else [],
        "latest": newest(editions, clock),
        "references": references,
    }
    return page(request, "minerals/detail.html", clock, context)


def _lineage(mineral: Mineral) -> list[Mineral]:
    """The groups that it is part of, the nearest first."""
    groups = []
    above = mineral.parent
    while above is not None:
        groups.append(above)
        above = above.parent
    return groups


@dataclass(frozen=True)
class ListedIn:
    """An official list of a year, and the mineral on it; None where it is not on it."""

    of: CriticalityList
    listing: Listing | None
    parts: int
    """Minerals below a group that are on it."""


def _parts_listed(mineral: Mineral) -> dict[int, int]:
    """How many minerals below a group are on each list, by the list's number."""
    below: dict[int | None, list[int]] = defaultdict(list)
    for pk, parent in Mineral.objects.values_list("pk", "parent"):
        below[parent].append(pk)
    found: set[int] = set()
    waiting = list(below[mineral.pk])
    while waiting:
        pk = waiting.pop()
        found.add(pk)
        waiting += below[pk]
    if not found:
        return {}
    counted = Listing.objects.filter(mineral__in=found).values("criticality_list")
    counted = counted.annotate(parts=Count("mineral", distinct=True)).order_by()
    return dict(counted.values_list("criticality_list", "parts"))


def _list_years(lists: list[CriticalityList]) -> list[int]:
    return sorted({of.published_on.year for of in lists if of.published_on})


def _list_rows(
    lists: list[CriticalityList], listings: dict[int, Listing], parts: dict[int, int]
) -> list[tuple[str, list[ListedIn | None]]]:
    """Issuers by name, each with its list of every year that any issuer has one in.

    An issuer with two lists of one year has two rows: the name is the list's, without its year.
    """
    found: dict[str, dict[int, ListedIn]] = defaultdict(dict)
    for of in lists:
        if of.published_on:
            name = re.sub(r" \d{4}$", "", of.label)
            found[name][of.published_on.year] = ListedIn(
                of, listings.get(of.pk), parts.get(of.pk, 0)
            )
    years = _list_years(lists)
    return [(name, [found[name].get(year) for year in years]) for name in sorted(found)]


def _deck(mineral: Mineral, deals: int, tables: list[MeasureTable]) -> str:
    sentences = [f"{count_in_words(deals, 'recorded deal').capitalize()}."]
    for table in tables:
        if table.concentration is not None and table.measure != Measure.RESERVES:
            first = table.concentration
            sentences.append(
                f"{first.first.name} {DONE[table.measure]} {share_in_words(first.first_share)}"
                f" of the world’s in {first.year}."
            )
    return " ".join(sentences)


def _measures(minerals: list[Mineral]) -> list[PolicyMeasure]:
    """Measures that name the mineral or a group above it."""
    measures = PolicyMeasure.objects.filter(minerals__in=minerals)
    return list(in_time(PolicyMeasure.objects.filter(pk__in=measures.values("pk"))))
