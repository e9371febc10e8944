"""Policy measures: the list, and one measure with what it bears on."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from config.lib.problems import ParameterProblem, unknown_value
from countries.models import Country
from deals.charts.policy_timeline import policy_timeline
from deals.codes import BINDING_STATUSES
from deals.labels import labels
from deals.models.edition import EditionQuerySet
from deals.reading import Clock
from deals.views.profile import References, asked, at_a_time, in_time, newest, page
from minerals.models import DOMESTIC_KINDS, Mineral, PolicyMeasure

VOCABULARY = {"kind": "policy_kind", "status": "policy_status"}


@at_a_time
def policy_list(request: HttpRequest, clock: Clock) -> HttpResponse:
    """All measures, the latest first; ``kind`` and ``status`` narrow the list."""
    wanted = {name: asked(request.GET, name) for name in VOCABULARY}
    problems: list[ParameterProblem] = [
        unknown_value(name, wanted[name], f"a {name} of measures", labels()[vocabulary])
        for name, vocabulary in VOCABULARY.items()
        if wanted[name] and wanted[name] not in labels()[vocabulary]
    ]
    everything = _with_parts(PolicyMeasure.objects.all())
    chosen = {name: value for name, value in wanted.items() if value}
    measures = everything.none() if problems else everything.filter(**chosen)
    context = {
        "asked": wanted,
        "problems": problems,
        "measures": measures,
        "choices": [
            (name, name.capitalize(), _choices(everything, name, vocabulary))
            for name, vocabulary in VOCABULARY.items()
        ],
        "is_narrowed": bool(chosen),
    }
    response = page(request, "minerals/policy_list.html", clock, context)
    response.status_code = 400 if problems else 200
    return response


def _with_parts(measures: QuerySet[PolicyMeasure]) -> QuerySet[PolicyMeasure]:
    return in_time(measures).prefetch_related("targets", "minerals")


def _choices(
    measures: QuerySet[PolicyMeasure], column: str, vocabulary: str
) -> list[tuple[str, str, int]]:
    """Code, label and number of measures, in the order of the code list."""
    counts = Counter(measures.order_by().values_list(column, flat=True))
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
        "deals": newest(editions, clock),
        "related": policy_timeline(list(_related(measure, targets, minerals)), clock.last_day),
        "references": references,
    }
    return page(request, "minerals/policy_detail.html", clock, context)


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
