"""What the templates of a deal's page need: of the deal as it stands, and of one edition."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from config.lib.caching import while_unchanged
from config.lib.imprecise import ImpreciseDate
from config.lib.words import percents_closed
from deals import presenting
from deals.history import history_of
from deals.models import Edition, EditionState, Project, ProjectFigure
from deals.ownership import Step, owners_above
from deals.presenting.citation import FORMS, Citation
from deals.reading import Clock, Detail, detail
from deals.views.profile import in_time
from minerals.figures import Leaders, largest_producers
from minerals.models import PolicyMeasure, PolicyStatus

HISTORY_SHOWN = 4
POLICIES_SHOWN = 4


def deal_context(request: HttpRequest, edition: Edition, clock: Clock) -> dict[str, Any]:
    """The page of ``edition`` told under ``clock``, with reference data as known now."""
    document = presenting.typeset(detail(edition, clock))
    steps = history_of(edition)
    minerals = document["record"]["minerals"]
    policies = _policies(tuple(edition.countries), tuple(edition.minerals))
    return {
        "edition": edition,
        "clock": clock,
        "deal": document,
        "page": presenting.page_of(
            document,
            day=clock.day,
            is_past_world=clock.is_past_world,
            owners=_owners(tuple(party["company"] for party in document["record"]["parties"])),
            figures=_figures(tuple(item["project"] for item in document["record"]["projects"])),
            links=_links(document, clock),
        ),
        "steps": steps[:HISTORY_SHOWN],
        "step_count": len(steps),
        "producers": _producers(minerals[0])[0] if minerals else None,
        "policies": policies[:POLICIES_SHOWN],
        "more_policies": policies[POLICIES_SHOWN:],
        "citation": citation_of(request, edition, clock),
        "citation_forms": FORMS,
        "page_url": request.build_absolute_uri(reverse("deals:detail", args=[edition.key])),
        "json_url": _at_time(f"/api/v1/deals/{edition.key}/", clock),
    }


def citation_of(request: HttpRequest, edition: Edition, clock: Clock) -> Citation:
    """How to cite what is read: the edition under its own address, for its day of the world."""
    past = replace(clock, as_of=None) if clock.is_past_world else Clock()
    return Citation(
        key=edition.key,
        number=edition.number,
        title=edition.title,
        published_on=edition.published_at.date(),
        url=request.build_absolute_uri(_at_time(edition.get_absolute_url(), past)),
        on=past.on,
    )


def _at_time(path: str, clock: Clock) -> str:
    """``path`` under the two times of ``clock``."""
    query = clock.query
    return f"{path}?{query}" if query else path


# What is known now beside a deal is asked for again only once something is committed.


@while_unchanged
def _producers(mineral: str) -> tuple[Leaders | None]:
    return (largest_producers(mineral),)


@while_unchanged
def _policies(places: tuple[str, ...], minerals: tuple[str, ...]) -> list[PolicyMeasure]:
    """Measures on the deal's places and minerals as known now, those past left out.

    Those that name a place or a mineral come before what a state does in general.
    """
    measures = PolicyMeasure.objects.applying_to(
        places=list(places), minerals=list(minerals)
    ).exclude(status__in=[PolicyStatus.ENDED, PolicyStatus.NOT_ADOPTED])
    return list(in_time(measures).general_last())


@while_unchanged
def _owners(parties: tuple[str, ...]) -> dict[str, list[presenting.Owner]]:
    """The owners above each party as known now: public companies only."""
    if not parties:
        return {}
    graph = owners_above(set(parties))
    return {slug: [_owner(step) for step in graph.steps(slug)] for slug in dict.fromkeys(parties)}


def _owner(step: Step) -> presenting.Owner:
    holding, reference = step.holding, step.holding.reference
    return presenting.Owner(
        depth=step.depth,
        slug=step.company.slug,
        name=step.company.name,
        country=step.company.country_id,
        percent=holding.percent,
        since=holding.since,
        until=holding.until,
        note=percents_closed(holding.note),
        source_url=reference.url if reference else "",
        source=(reference.publisher or reference.title) if reference else "",
        is_repeated=step.is_repeated,
    )


@while_unchanged
def _figures(slugs: tuple[str, ...]) -> dict[str, list[presenting.Figure]]:
    """Figures of the deal's projects as known now; sources that state the same stand together."""
    if not slugs:
        return {}
    said: dict[str, dict[tuple[str, str], dict[tuple[str, str], None]]] = defaultdict(dict)
    projects = Project.objects.public().filter(slug__in=slugs)
    for figure in ProjectFigure.objects.filter(project__in=projects).select_related(
        "project", "reference"
    ):
        amount = f"{figure.amount.normalize():,f}" if figure.amount is not None else ""
        words = percents_closed(figure.statement) or f"{amount} {figure.unit}".strip()
        sources = said[figure.project.slug].setdefault((figure.measure, words), {})
        if reference := figure.reference:
            sources[reference.url, reference.publisher or "source"] = None
    return {
        slug: [
            presenting.Figure(measure, words, list(sources))
            for (measure, words), sources in figures.items()
        ]
        for slug, figures in said.items()
    }


def _links(document: Detail, clock: Clock) -> list[presenting.LinkedDeal]:
    keys = frozenset(link["deal"] for link in document["links"])
    facts = _facts(keys, clock) if keys else {}
    return [
        presenting.LinkedDeal(
            link["deal"],
            link["title"],
            presenting.link_words(link["type"], link["direction"]),
            facts[link["deal"]][0],
            str(facts[link["deal"]][1] or "") or None,
        )
        for link in document["links"]
    ]


type _Facts = dict[str, tuple[str | None, ImpreciseDate | None]]


@while_unchanged
def _facts(keys: frozenset[str], clock: Clock) -> _Facts:
    """Status and announcement of linked deals, by key."""
    linked = clock.editions().filter(key__in=keys)
    facts: _Facts = {
        key: (status, announced_on)
        for key, status, announced_on in linked.values_list("key", "status", "announced_on")
    }
    if clock.is_past_world:
        that_day = dict(
            clock.states(EditionState.Axis.STATUS)
            .filter(edition__in=linked)
            .values_list("edition__key", "code")
        )
        facts = {key: (that_day.get(key), date) for key, (_, date) in facts.items()}
    return facts
