"""What the database tells a monitor: how much is published, what waits, and since when.

Numbers only. What is not published has neither key nor title here; that it waits is for monitors.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from deals.bitmap_index.keeping import held_now
from deals.models import Deal, Edition, Renaming
from deals.models.deal import ReviewState

RENAMINGS_TOLD: Final = (
    Renaming.State.WAITING,
    Renaming.State.RUNNING,
    Renaming.State.FAILED,
)


def site_figures() -> Iterable[Metric]:
    """The figures as they are now, by at most four queries."""
    yield GaugeMetricFamily(
        "lodebook_published_deals", "Deals that readers see.", value=_published_count()
    )
    submitted = Deal.objects.filter(review_state=ReviewState.SUBMITTED).count()
    yield GaugeMetricFamily(
        "lodebook_deals_to_review", "Drafts that wait for a reviewer.", value=submitted
    )
    newest = Edition.objects.order_by("-seq").values_list("seq", "published_at").first()
    if newest is not None:
        seq, published_at = newest
        yield GaugeMetricFamily(
            "lodebook_newest_edition_seq", "Number of the newest edition of any deal.", value=seq
        )
        yield GaugeMetricFamily(
            "lodebook_newest_edition_timestamp_seconds",
            "When it was published.",
            value=published_at.timestamp(),
        )
    renamings = GaugeMetricFamily(
        "lodebook_renamings",
        "New names on their way into published deals; those that wait need run_renamings.",
        labels=["state"],
    )
    found = dict(
        Renaming.objects.order_by()
        .filter(state__in=RENAMINGS_TOLD)
        .values_list("state")
        .annotate(Count("pk"))
    )
    for state in RENAMINGS_TOLD:
        renamings.add_metric([state.value], found.get(state, 0))
    yield renamings


def _published_count() -> int:
    """From the index, where this process holds it: the database would read every edition."""
    held = held_now(DEFAULT_DB_ALIAS)
    return Edition.objects.current().count() if held is None else held.snapshot.total
