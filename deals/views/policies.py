"""Policy measures: the list, and one measure with what it bears on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from config.lib.sorting import sort_key
from countries.models import Country
from deals.charts.policy_timeline import policy_timeline
from deals.codes import BINDING_STATUSES
from deals.labels import labels
from deals.models.edition import EditionQuerySet
from deals.portfolios import counts_by
from deals.reading import Clock
from deals.views.listing import ListQuery
from deals.views.profile import References, at_a_time, in_time, newest, page
from minerals.models import DOMESTIC_KINDS, Mineral, PolicyMeasure

VOCABULARY = {"kind": "policy_kind", "status": "policy_status"}
ORDERS: dict[str, Callable[[PolicyMeasure], Any]] = {
    "announced_on": lambda measure: date.earliest if (date := measure.announced_on) else None,
    "title": lambda measure: sort_key(measure.title),
    "issuer": lambda measure: sort_key(measure.issuer.name) if measure.issuer else None,
    "kind": lambda measure: measure.get_kind_display(),
    "status": lambda measure: measure.get_status_display(),
}


@at_a_time
def policy_list(request: HttpRequest, clock: Clock) -> HttpResponse:
    """All measures; ``q``, ``kind``, ``status``, ``country`` and ``mineral`` narrow the list.

    A country's are those that it issues and those that aim at it; a mineral's name it.
    """
    query = ListQuery(request.GET)
    everything = list(_with_parts(PolicyMeasure.objects.all()))
    places = {
        country.iso2: country.name
        for measure in everything
        for country in (measure.issuer_country, *measure.targets.all())
        if country
    }
    minerals = {m.slug: m.name for measure in everything for m in measure.minerals.all()}
    wanted = {
        "q": query.text("q"),
        "kind": query.choice("kind", labels()["policy_kind"], "a kind of measures"),
        "status": query.choice("status", labels()["policy_status"], "a status of measures"),
        "country": query.choice("country", places, "a country of a measure", upper=True),
        "mineral": query.choice("mineral", minerals, "a mineral that a measure names"),
    }
    ordering = query.ordering(ORDERS, "-announced_on")
    found = [measure for measure in everything if _fits(measure, wanted)]
    chosen = query.page(_in_order(found, ordering))
    context = {
        "asked": wanted,
        "ordering": ordering,
        "page": chosen,
        "measures": list(chosen),
        "choices": [
            (name, name.capitalize(), _choices(everything, name, vocabulary))
            for name, vocabulary in VOCABULARY.items()
        ],
        "place": places.get(wanted["country"], ""),
        "mineral": minerals.get(wanted["mineral"], ""),
        "timeline": policy_timeline(list(chosen), clock.last_day),
        "is_narrowed": any(wanted.values()),
    }
    return query.answer(request, "minerals/policy_list.html", clock, context)


def _fits(measure: PolicyMeasure, wanted: dict[str, str]) -> bool:
    places = {measure.issuer_country_id, *(country.iso2 for country in measure.targets.all())}
    return (
        all(getattr(measure, name) == wanted[name] for name in VOCABULARY if wanted[name])
        and (not wanted["country"] or wanted["country"] in places)
        and (not wanted["mineral"] or wanted["mineral"] in {m.slug for m in measure.minerals.all()})
        and sort_key(wanted["q"]) in sort_key(f"{measure.title} {measure.summary}")
    )


def _in_order(measures: list[PolicyMeasure], ordering: str) -> list[PolicyMeasure]:
    """In an order of `ORDERS`; of equal ones the latest first, and those without a value last."""
    column = ORDERS[ordering.lstrip("-")]
    known = [measure for measure in measures if column(measure) is not None]
    known.sort(key=column, reverse=ordering.startswith("-"))
    return [*known, *(measure for measure in measures if column(measure) is None)]


def _with_parts(measures: QuerySet[PolicyMeasure]) -> QuerySet[PolicyMeasure]:
    return in_time(measures).prefetch_related("targets", "minerals")


def _choices(
    measures: Iterable[PolicyMeasure], column: str, vocabulary: str
) -> list[tuple[str, str, int]]:
    """Code, label and number of measures, in the order of the code list."""
    counts = Counter(getattr(measure, column) for measure in measures)
    return [
        (code, label, counts[code]) for code, label in labels()[vocabulary].items() if counts[code]
    ]


@at_a_time
def policy_detail(request: HttpRequest, clock: Clock, key: str) -> HttpResponse:
    """A measure: what it does, who issued it, and the deals in the places and minerals it names."""
    measure = get_object_or_404(_with_parts(PolicyMeasure.objects.all()), key=key)
    targets, minerals = list(measure.targets.all()), list(measure.minerals.all())
    editions = deals_under(clock.editions(), measure, targets, minerals)
    references = References()
    references.numbers(measure.references.all())
    context = {
        "measure": measure,
        "targets": targets,
        "minerals": minerals,
        "counts": editions.aggregate(
            deals=Count("pk"),
            binding=Count("pk", filter=Q(status__in=BINDING_STATUSES)),
        ),
        "filters": _filters(measure, targets, minerals),
        "since": measure.in_force_on or measure.announced_on,
        "after": _announced_since(editions, measure),
        "timeline": policy_timeline([measure], clock.last_day),
        "by_place": _most(editions, "hosts", [country.iso2 for country in targets]),
        "by_mineral": _most(editions, "minerals", [mineral.slug for mineral in minerals]),
        "deals": newest(editions, clock),
        "related": policy_timeline(list(_related(measure, targets, minerals)), clock.last_day),
        "references": references,
    }
    return page(request, "minerals/policy_detail.html", clock, context)


def _announced_since(editions: EditionQuerySet, measure: PolicyMeasure) -> int | None:
    """Deals announced certainly after it was in force, or announced; None where it has no date."""
    since = measure.in_force_on or measure.announced_on
    if since is None:
        return None
    return editions.filter(announced_on__startswith__gt=since.latest).count()


def _most(editions: EditionQuerySet, column: str, codes: list[str]) -> dict[str, int]:
    """Deals that it may bear on by what it names: every country or mineral, also without one."""
    counts = counts_by(editions, column) if codes else {}
    return {code: counts.get(code, 0) for code in codes}


def _related(
    measure: PolicyMeasure, targets: list[Country], minerals: list[Mineral]
) -> QuerySet[PolicyMeasure]:
    """Other measures on the same countries or minerals."""
    others = PolicyMeasure.objects.bearing_on(
        countries=[country.iso2 for country in targets] or [measure.issuer_country_id or ""],
        minerals=[mineral.slug for mineral in minerals],
    )
    others = others.exclude(pk=measure.pk)
    return in_time(PolicyMeasure.objects.filter(pk__in=others.values("pk")))


def _filters(
    measure: PolicyMeasure, targets: list[Country], minerals: list[Mineral]
) -> dict[str, list[str]]:
    """The filters of the list of deals that choose what a measure bears on.

    The countries it aims at, in any role; the minerals it names. Its issuer, where it aims at no
    country and bears at home alone or names no mineral.
    """
    filters = {}
    if targets:
        filters["country"] = [country.iso2 for country in targets]
    if minerals:
        filters["mineral"] = [mineral.slug for mineral in minerals]
    if not targets and (not minerals or measure.kind in DOMESTIC_KINDS):
        bloc = measure.issuer_bloc.key if measure.issuer_bloc else ""
        filters["country"] = [measure.issuer_country_id or bloc]
    return filters


def deals_under(
    editions: EditionQuerySet,
    measure: PolicyMeasure,
    targets: list[Country],
    minerals: list[Mineral],
) -> EditionQuerySet:
    """Deals in the places and minerals that a measure names: it may bear on them, no source says
    that it does."""
    columns = {"country": "countries__overlap", "mineral": "minerals__overlap"}
    filters = _filters(measure, targets, minerals)
    return editions.filter(**{columns[name]: values for name, values in filters.items()})
