"""A load test: several readers at once who ask for all kinds of answers, and what they get."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from time import perf_counter
from typing import Final, Self

from tests.benchmarks.client import BrokenOff, Client, request_bytes
from tests.benchmarks.measuring import NO_ANSWER
from tests.benchmarks.rows import Row
from tests.benchmarks.timings import percentile

READERS: Final = 8
SHARES: Final[Mapping[str, int]] = {
    "html-typical": 12,
    "html-middling": 6,
    "html-hottest": 3,
    "html-unfiltered": 6,
    "html-deep": 1,
    "html-search": 4,
    "api50-typical": 12,
    "api50-middling": 6,
    "api500": 2,
    "dossiers": 2,
    "facets-typical": 4,
    "stats": 2,
    "suggestions": 8,
    "search-rare": 4,
    "search-newest": 4,
    "search-ranked": 2,
    "detail-html": 14,
    "detail-api": 8,
}
"""How often a reader asks for each kind of answer, in hundredths."""


@dataclass(frozen=True)
class Load:
    """What readers got."""

    readers: int
    seconds: float
    answers: int
    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    errors: dict[str, int]
    """Answers other than 200 by status; “0”: the connection broke off."""

    @classmethod
    def of(cls, times: Sequence[float], statuses: Counter[int], elapsed: float) -> Self:
        """From the seconds that good answers took. Raises ValueError if there was none."""
        return cls(
            readers=READERS,
            seconds=elapsed,
            answers=len(times),
            per_second=len(times) / elapsed,
            p50_ms=percentile(times, 0.5) * 1000,
            p95_ms=percentile(times, 0.95) * 1000,
            p99_ms=percentile(times, 0.99) * 1000,
            errors={str(status): count for status, count in sorted(statuses.items())},
        )

    @property
    def sentence(self) -> str:
        """What readers got, in words."""
        errors = ", ".join(f"{count} × {status}" for status, count in self.errors.items())
        return (
            f"{self.readers} clients of mixed reading for {self.seconds:.0f} s:"
            f" {self.answers:,} answers, {self.per_second:,.0f} a second;"
            f" p50 {self.p50_ms:,.1f} ms, p95 {self.p95_ms:,.1f} ms, p99 {self.p99_ms:,.1f} ms;"
            f" errors: {errors or 'none'}"
        )


def load(port: int, rows: Sequence[Row], seconds: float) -> Load:
    """Let readers ask for so many seconds, each on a connection of its own."""
    requests = {
        row.name: [request_bytes(ask.path, row.headers) for ask in row.asks]
        for row in rows
        if row.name in SHARES
    }
    names = list(requests)
    weights = [SHARES[name] for name in names]
    times: list[float] = []
    statuses: Counter[int] = Counter()
    started = perf_counter()

    def read(place: int) -> None:
        chance = random.Random(place)
        with Client(port) as client:
            while perf_counter() - started < seconds:
                name = chance.choices(names, weights)[0]
                try:
                    answer = client.ask(chance.choice(requests[name]))
                except (BrokenOff, OSError):
                    client.close()
                    statuses[NO_ANSWER] += 1
                    continue
                if answer.status == HTTPStatus.OK:
                    times.append(answer.seconds)
                else:
                    statuses[answer.status] += 1

    readers = [threading.Thread(target=read, args=[place]) for place in range(READERS)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return Load.of(times, statuses, perf_counter() - started)
