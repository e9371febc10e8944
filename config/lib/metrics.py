"""Numbers of this process for Prometheus: what it answered, how fast, and what it is at.

Several processes of one server share them by files in the folder that `PROMETHEUS_MULTIPROC_DIR`
names, as `gunicorn.conf.py` sets it; then each process answers for all. Without it, for itself.

Labels have few values: names from the URL configuration, methods and status codes, never what
somebody typed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase, StreamingHttpResponse
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

disable_created_metrics()  # a second series beside each, which nothing here asks for

FOLDER: Final = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
"""Where the processes of this server keep their numbers; empty for a process by itself."""
OF_PROCESSES: Final = CollectorRegistry()
"""Where every number is registered that this process keeps."""

METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
OTHER_METHOD: Final = "other"
NO_VIEW: Final = "none"
"""Addresses that nothing answers, foreign hosts, redirects to https."""
STATIC: Final = "static"

REQUESTS: Final = Counter(
    "lodebook_http_requests",
    "Requests answered, by name of the view, method and status code.",
    ["view", "method", "status"],
    registry=OF_PROCESSES,
)
SECONDS: Final = Histogram(
    "lodebook_http_request_seconds",
    "Time from a request until its answer was made, or for a file until it was sent.",
    ["view", "method"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
    registry=OF_PROCESSES,
)
IN_PROGRESS: Final = Gauge(
    "lodebook_http_requests_in_progress",
    "Requests being answered; as many as there are threads means that others wait.",
    registry=OF_PROCESSES,
    multiprocess_mode="livesum",
)

type Answer = Callable[[HttpRequest], HttpResponseBase]


class MetricsMiddleware:
    """Counts every request. It stands first, so that it counts what others answer."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self._static = f"/{settings.STATIC_URL.lstrip('/')}"

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = perf_counter()
        IN_PROGRESS.inc()
        try:
            response = self.get_response(request)
        except BaseException:
            IN_PROGRESS.dec()
            raise
        method = request.method if request.method in METHODS else OTHER_METHOD
        view = self._view_of(request)
        counted = _series(view, method, response.status_code)
        if isinstance(response, StreamingHttpResponse) and not hasattr(response, "file_to_stream"):
            parts = response.streaming_content
            response.streaming_content = _Sent(parts, lambda: _done(counted, began))
        else:
            _done(counted, began)
        return response

    def _view_of(self, request: HttpRequest) -> str:
        match = request.resolver_match
        if match is not None:
            return match.view_name
        return STATIC if request.path_info.startswith(self._static) else NO_VIEW


class _Sent:
    """Parts of an answer; the server closes it when all are sent, or when the reader left."""

    def __init__(self, parts: Any, done: Callable[[], None]) -> None:
        self._parts = parts
        self._done: Callable[[], None] | None = done

    def __iter__(self) -> Iterator[Any]:
        return iter(self._parts)

    def close(self) -> None:
        done, self._done = self._done, None
        if done is not None:
            done()


type _Series = tuple[Counter, Histogram]


@cache
def _series(view: str, method: str, status: int) -> _Series:
    """Where an answer counts. There are as many as the URL configuration and our code allow."""
    return REQUESTS.labels(view, method, status), SECONDS.labels(view, method)


def _done(series: _Series, began: float) -> None:
    requests, seconds = series
    requests.inc()
    seconds.observe(perf_counter() - began)
    IN_PROGRESS.dec()


def exposition(figures: Iterable[Metric]) -> bytes:
    """All numbers of all processes, then ``figures``, in the text format 0.0.4."""
    registry = CollectorRegistry()
    if FOLDER:
        MultiProcessCollector(registry, FOLDER)
    else:
        registry.register(OF_PROCESSES)
    registry.register(_Given([*_of_the_system(), *figures]))
    return generate_latest(registry)


class _Given(Collector):
    """What was collected already."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _of_the_system() -> Iterable[Metric]:
    """Memory, processor time and open files of each process, where the system has `/proc`."""
    found: dict[str, Metric] = {}
    for pid in _living():
        for metric in ProcessCollector(pid=partial(str, pid), registry=None).collect():
            of_all = found.setdefault(
                metric.name, Metric(metric.name, metric.documentation, metric.type)
            )
            for sample in metric.samples:
                of_all.add_sample(sample.name, {"pid": str(pid)}, sample.value)
    return found.values()


def _living() -> list[int]:
    """Processes that answer requests: they have files whose names are theirs while they live."""
    if not FOLDER:
        return [os.getpid()]
    prefix = "gauge_livesum_"
    files = Path(FOLDER).glob(f"{prefix}*.db")
    return sorted(int(path.stem.removeprefix(prefix)) for path in files)
