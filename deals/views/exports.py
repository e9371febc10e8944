"""Downloads of a list of deals: the same parameters as the list, every deal they leave.

CSV has the columns of `deals.columns` (``?columns=`` chooses). JSON and NDJSON have whole
documents, record and computed envelope, and can be imported.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import batched
from typing import Any, Final

from django.http import HttpRequest, StreamingHttpResponse

from config.lib.caching import public_page
from config.lib.problems import answer_problems
from config.lib.tables import stream_csv, stream_json, stream_ndjson
from deals.columns import DEAL_COLUMNS
from deals.filters import DealFilterSet
from deals.models import Edition
from deals.reading import Clock, details, summaries

BATCH: Final = 200
SHARED: Final = frozenset({"ordering"})


@answer_problems
@public_page
def export_csv(request: HttpRequest) -> StreamingHttpResponse:
    """One line a deal; all columns unless ``columns`` chooses."""
    filterset = _filterset(request, {"columns"})
    columns = DEAL_COLUMNS.chosen(request.GET)
    rows = _in_batches(filterset.qs.for_list(), filterset.clock, summaries)
    return _file(stream_csv(columns, rows), filterset.clock, "csv", "text/csv; charset=utf-8")


@answer_problems
@public_page
def export_json(request: HttpRequest) -> StreamingHttpResponse:
    """One array of documents."""
    filterset = _filterset(request)
    return _file(stream_json(_documents(filterset)), filterset.clock, "json", "application/json")


@answer_problems
@public_page
def export_ndjson(request: HttpRequest) -> StreamingHttpResponse:
    """One document a line."""
    filterset = _filterset(request)
    lines = stream_ndjson(_documents(filterset))
    return _file(lines, filterset.clock, "ndjson", "application/x-ndjson")


def _filterset(request: HttpRequest, others: Collection[str] = ()) -> DealFilterSet:
    filterset = DealFilterSet(request.GET)
    filterset.raise_for_problems(others)
    return filterset


def _documents(filterset: DealFilterSet) -> Iterator[dict[str, Any]]:
    editions = filterset.qs.select_related("document").defer(
        "search", "search_names", "document__names_text", "document__summary_text"
    )
    return _in_batches(editions, filterset.clock, details)


def _in_batches(
    editions: Any, clock: Clock, read: Callable[[Iterable[Edition], Clock], list[dict[str, Any]]]
) -> Iterator[dict[str, Any]]:
    """What `read` makes of the editions, a batch at a time, so that memory stays small."""
    for batch in batched(editions.iterator(chunk_size=BATCH), BATCH, strict=False):
        yield from read(batch, clock)


def _file(
    pieces: Iterator[bytes], clock: Clock, suffix: str, content_type: str
) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        pieces,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="lodebook-{clock.day}.{suffix}"'},
    )
