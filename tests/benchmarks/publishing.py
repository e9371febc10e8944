"""How long publishing one deal takes, beside an empty statement of the same connection.

Every publication is taken back, so the database stays as it was.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from django.db import connection, transaction

from deals.models import Deal
from deals.publishing import publish

WARM_UP = 5


@dataclass
class PublishingTimes:
    """Milliseconds, one entry a publication."""

    wall_ms: list[float] = field(default_factory=list)
    process_ms: list[float] = field(default_factory=list)
    """Processor time of this process."""
    server_ms: list[float] = field(default_factory=list)
    """Processor time of the database's process; empty where it is not on this machine."""
    empty_ms: list[float] = field(default_factory=list)
    """`SELECT 1`, in between."""

    @property
    def processor_p50_ms(self) -> float:
        """Both processes: what a machine with nothing else to do needs at least."""
        return median(self.process_ms) + (median(self.server_ms) if self.server_ms else 0)

    @property
    def wall_p50_ms(self) -> float:
        return median(self.wall_ms)

    @property
    def wall_p95_ms(self) -> float:
        return sorted(self.wall_ms)[len(self.wall_ms) * 95 // 100]

    @property
    def empty_p50_ms(self) -> float:
        return median(self.empty_ms)


def time_publishing(count: int = 50) -> PublishingTimes:
    """Publishes ``count`` reworked deals of the default database, one at a time."""
    times = PublishingTimes()
    deals = Deal.objects.filter(pk__in=_with_parties(count + WARM_UP)).order_by("pk")
    for place, deal in enumerate(deals):
        taken = times if place >= WARM_UP else PublishingTimes()
        with transaction.atomic():
            deal.title = f"{deal.title[:150]}, reworked"
            deal.save(update_fields=["title"])
            with _timed(taken):
                publish(deal, by=None)
            transaction.set_rollback(True)
        started = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        taken.empty_ms.append((time.perf_counter() - started) * 1e3)
    return times


def _with_parties(count: int) -> list[int]:
    """Deals that have a working record of their own; copies of archetypes have none."""
    return list(
        Deal.objects.filter(pk__lt=10_000, parties__isnull=False)
        .order_by("pk")
        .values_list("pk", flat=True)
        .distinct()[:count]
    )


@contextmanager
def _timed(times: PublishingTimes) -> Iterator[None]:
    server = _processor_ms()
    process, started = time.process_time(), time.perf_counter()
    yield
    times.wall_ms.append((time.perf_counter() - started) * 1e3)
    times.process_ms.append((time.process_time() - process) * 1e3)
    if server is not None:
        times.server_ms.append((_processor_ms() or server) - server)


def _processor_ms() -> float | None:
    """Processor time of the database's process so far, by the kernel of Linux."""
    statistics = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    try:
        return int(statistics.read_text().split()[0]) / 1e6
    except OSError:
        return None
