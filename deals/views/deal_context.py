"""What the templates of a deal's page need: of the deal as it stands, and of one edition."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import orjson
from django.http import HttpRequest
from django.urls import reverse

from config.lib.words import count_in_words, percents_closed
from deals import presenting
from deals.codes import Cause
from deals.differences import Difference, differences
from deals.models import Company, Edition, Ownership, Project, ProjectFigure
from deals.reading import Clock, Detail, detail
from deals.views.profile import in_time
from minerals.figures import largest_producers
from minerals.models import PolicyMeasure, PolicyStatus

HISTORY_SHOWN = 4
POLICIES_SHOWN = 4
WEIGHTIEST = ("Agreement", "Financing", "Headline value", "Project on the ground", "Party")
"""Of several changes the one of these that comes first is named."""


@dataclass(frozen=True)
class Step:
    """An edition in a deal's history, and what it changed in the one before."""

    edition: Edition
    changes: list[Difference]
    refreshes: int
    """Editions after it, until the next step, that brought only new names."""
    is_first: bool

    @property
    def words(self) -> str:
        """In one line: the first change, and how many more there are."""
        if self.edition.cause in Cause.hidden():
            return str(self.edition.get_cause_display()).lower()
        if self.is_first:
            return "first published"
        if not self.changes:
            return "published again"
        first = min(self.changes, key=_weight)
        more = len(self.changes) - 1
        words = f"{first.fact[:1].lower()}{first.fact[1:]}"
        if len(first.before) + len(first.after) <= 60:
            words += f": {first.before or 'unknown'} → {first.after or 'taken out'}"
        return f"{words} and {count_in_words(more, 'more change')}" if more else words


def _weight(change: Difference) -> int:
    for place, fact in enumerate(WEIGHTIEST):
        if change.fact.startswith(fact):
            return place
    return len(WEIGHTIEST)


def history_of(deal_id: int) -> list[Step]:
    """The steps of a deal's history, newest first; refreshes are folded into the step before."""
    editions = list(
        Edition.objects.filter(deal=deal_id).select_related("document").order_by("number")
    )
    steps: list[Step] = []
    previous: dict[str, Any] | None = None
    refreshes = 0
    for place, edition in enumerate(editions):
        following = editions[place + 1 :]
        refreshes = 0
        for later in following:
            if later.cause != Cause.REFRESH:
                break
            refreshes += 1
        is_hidden = edition.cause in Cause.hidden()
        current = None if is_hidden else orjson.loads(edition.document.detail_text)
        if edition.cause != Cause.REFRESH:
            steps.append(
                Step(
                    edition,
                    differences(previous, current) if previous and current else [],
                    refreshes,
                    is_first=previous is None and not is_hidden,
                )
            )
        previous = current or previous
    return steps[::-1]


def deal_context(request: HttpRequest, edition: Edition, clock: Clock) -> dict[str, Any]:
    """The page of ``edition`` told under ``clock``, with reference data as known now."""
    document = presenting.typeset(detail(edition, clock))
    steps = history_of(edition.deal_id)
    minerals = document["record"]["minerals"]
    policies = _policies(edition)
    return {
        "edition": edition,
        "clock": clock,
        "deal": document,
        "page": presenting.page_of(
            document,
            day=clock.day,
            is_past_world=clock.is_past_world,
            owners=_owners(document),
            figures=_figures(document),
            links=_links(document, clock),
        ),
        "steps": steps[:HISTORY_SHOWN],
        "step_count": len(steps),
        "producers": largest_producers(minerals[0]) if minerals else None,
        "policies": policies[:POLICIES_SHOWN],
        "more_policies": policies[POLICIES_SHOWN:],
        "edition_url": request.build_absolute_uri(edition.get_absolute_url()),
        "page_url": request.build_absolute_uri(reverse("deals:detail", args=[edition.key])),
        "json_url": f"/api/v1/deals/{edition.key}/",
    }


def _policies(edition: Edition) -> list[PolicyMeasure]:
    """Measures on the deal's places and minerals as known now, those past left out.

    Those that name a place or a mineral come before what a state does in general.
    """
    measures = PolicyMeasure.objects.applying_to(
        places=edition.countries, minerals=edition.minerals
    ).exclude(status__in=[PolicyStatus.ENDED, PolicyStatus.NOT_ADOPTED])
    return list(in_time(measures).general_last())


def _owners(document: Detail) -> dict[str, list[str]]:
    """Who holds the holders of stakes today, by company: public companies only."""
    holders = [
        party["company"]
        for party in document["record"]["parties"]
        if party["stake_percent"] is not None
    ]
    found: dict[str, list[str]] = defaultdict(list)
    if holders:
        holdings = (
            Ownership.objects.filter(
                owned__slug__in=holders, until__isnull=True, owner__in=Company.objects.public()
            )
            .in_order()
            .values_list("owned__slug", "owner__name", "percent")
        )
        for slug, owner, percent in holdings:
            found[slug].append(presenting.owner_words(owner, percent))
    return found


def _figures(document: Detail) -> dict[str, list[presenting.Figure]]:
    """Figures of the deal's projects as known now."""
    slugs = [item["project"] for item in document["record"]["projects"]]
    found: dict[str, list[presenting.Figure]] = defaultdict(list)
    if slugs:
        projects = Project.objects.public().filter(slug__in=slugs)
        for figure in ProjectFigure.objects.filter(project__in=projects).select_related(
            "project", "reference"
        ):
            amount = f"{figure.amount.normalize():,f}" if figure.amount is not None else ""
            found[figure.project.slug].append(
                presenting.Figure(
                    figure.measure,
                    percents_closed(figure.statement) or f"{amount} {figure.unit}".strip(),
                    figure.reference.url if figure.reference else "",
                    figure.reference.publisher if figure.reference else "",
                )
            )
    return found


def _links(document: Detail, clock: Clock) -> list[presenting.LinkedDeal]:
    keys = {link["deal"] for link in document["links"]}
    if not keys:
        return []
    facts = {
        key: (status, announced_on)
        for key, status, announced_on in clock.editions()
        .filter(key__in=keys)
        .values_list("key", "status", "announced_on")
    }
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
