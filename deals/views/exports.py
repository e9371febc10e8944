"""Downloads of a list of deals: the same parameters as the list, every deal they leave.

CSV and XLSX have the columns of `deals.columns` (``?columns=`` chooses). JSON and NDJSON have
whole documents, record and computed envelope, and can be imported.

A file is complete or is no file. The first piece is read before anything is answered, so that a
query that fails then is a problem with a status; what fails later breaks the connection off,
which a client sees. A workbook is finished before it is sent.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Iterator
from itertools import chain
from tempfile import TemporaryFile
from typing import Any, Final

from django.db.models import Max
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from config.lib.caching import public_page
from config.lib.crowding import few_at_a_time
from config.lib.problems import InvalidParameters, answer_problems, unknown_value
from config.lib.tables import stream_csv, stream_csv_rows, stream_json, stream_ndjson
from config.lib.words import date_in_words
from deals.columns import DEAL_COLUMNS
from deals.exporting import documents_of, in_batches, rows_of, summaries_of
from deals.filters import DealFilterSet
from deals.licence import LICENCE, LICENCE_URL
from deals.models import Edition
from deals.reading import Clock, dated, summaries
from deals.taking import SPREADSHEET, Taking, file_name, selection_sentence
from deals.workbook import write_workbook

SHARED: Final = frozenset({"ordering"})
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@answer_problems
@public_page
def export_csv(request: HttpRequest) -> HttpResponseBase:
    """One line a deal; all columns unless ``columns`` chooses.

    ``for=spreadsheet`` writes it so that spreadsheet programs read it rightly and harmlessly (see
    `config.lib.tables.stream_csv`).
    """
    filterset = filterset_of(request, {"columns", "for"})
    purpose = request.GET.get("for")
    if purpose and purpose not in SPREADSHEET.values():
        raise InvalidParameters([unknown_value("for", purpose, "a purpose", SPREADSHEET.values())])
    columns = DEAL_COLUMNS.chosen(request.GET)
    if purpose or columns != list(DEAL_COLUMNS):
        pieces = stream_csv(columns, summaries_of(filterset), for_spreadsheets=bool(purpose))
    else:
        pieces = stream_csv_rows(columns, rows_of(filterset))
    return file_of(request, filterset, pieces, "csv", "text/csv; charset=utf-8")


@answer_problems
@public_page
def export_json(request: HttpRequest) -> HttpResponseBase:
    """One array of documents."""
    filterset = filterset_of(request)
    pieces = stream_json(documents_of(filterset))
    return file_of(request, filterset, pieces, "json", "application/json")


@answer_problems
@public_page
def export_ndjson(request: HttpRequest) -> HttpResponseBase:
    """One document a line."""
    filterset = filterset_of(request)
    lines = stream_ndjson(documents_of(filterset))
    return file_of(request, filterset, lines, "ndjson", "application/x-ndjson")


@answer_problems
@public_page
@few_at_a_time
def export_xlsx(request: HttpRequest) -> HttpResponseBase:
    """A workbook (see `deals.workbook`); ``columns`` chooses those of its first sheet."""
    filterset = filterset_of(request, {"columns"})
    columns = DEAL_COLUMNS.chosen(request.GET)
    if request.method == "HEAD":
        return file_of(request, filterset, iter(()), "xlsx", XLSX)
    file = TemporaryFile()  # noqa: SIM115 (the response closes it)
    loaded = Edition.objects.select_related("document").defer("search", "search_names")
    rows = in_batches(filterset, loaded, _summaries_and_documents)
    write_workbook(file, rows, filterset.clock, _about(request, filterset), columns)
    file.seek(0)
    response = FileResponse(file, content_type=XLSX)
    return _named(response, request, filterset, "xlsx")


def filterset_of(request: HttpRequest, others: Collection[str] = ()) -> DealFilterSet:
    """The filters that a request for a file gives, all of them valid; `others` it may give too."""
    filterset = DealFilterSet(request.GET)
    filterset.raise_for_problems(others)
    return filterset


class Begun:
    """Pieces of which the first is made at once, so that what cannot be made is an error.

    To close it closes the pieces' cursor and transaction. Those that are left to the garbage
    collector would be closed at any moment, even while their connection fetches for another, and
    wait for themselves for ever.
    """

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._all = chain([next(pieces, b"")], pieces)

    def __iter__(self) -> Iterator[bytes]:
        return self._all

    def close(self) -> None:
        """Make no more pieces."""
        if isinstance(self._pieces, Generator):
            self._pieces.close()


def file_of(
    request: HttpRequest,
    filterset: DealFilterSet,
    pieces: Iterator[bytes],
    suffix: str,
    content_type: str,
) -> HttpResponseBase:
    """A file of a selection, sent while it is made; only its headers where no more is asked."""
    if request.method == "HEAD":
        pieces = iter(())
    response = StreamingHttpResponse(Begun(pieces), content_type=content_type)
    return _named(response, request, filterset, suffix)


def _named(
    response: StreamingHttpResponse, request: HttpRequest, filterset: DealFilterSet, suffix: str
) -> HttpResponseBase:
    """With its name, its licence, and the address to cite, which gives the same deals for good."""
    taking = _taking(request, filterset, "")
    response["Content-Disposition"] = f'attachment; filename="{file_name(filterset, suffix)}"'
    response["Link"] = f'<{LICENCE_URL}>; rel="license", <{taking.permalink}>; rel="cite-as"'
    return response


def _taking(request: HttpRequest, filterset: DealFilterSet, sentence: str) -> Taking:
    site = f"{request.scheme}://{request.get_host()}"
    return Taking(filterset, site, sentence, filterset.qs.order_by().count() if sentence else 0)


def _summaries_and_documents(
    editions: Iterable[Edition], clock: Clock
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    editions = list(editions)
    return list(zip(summaries(editions, clock), dated(editions, clock), strict=True))


def _about(request: HttpRequest, filterset: DealFilterSet) -> Iterator[tuple[str, str]]:
    """What a workbook says of itself."""
    sentence = selection_sentence(filterset)
    taking = _taking(request, filterset, sentence)
    clock = filterset.clock
    last = filterset.editions.aggregate(last=Max("published_at"))["last"]
    yield "Data", "Lodebook, an open tracker of critical-minerals deals"
    yield "Selection", sentence
    yield "Deals", str(taking.count)
    yield "Cite as", taking.citation
    yield "Address", taking.permalink
    yield "Licence", f"{LICENCE}, {LICENCE_URL}"
    yield "Retrieved on", date_in_words(clock.today)
    yield "Newest edition published on", date_in_words(last)
    yield (
        "as_of: what Lodebook had published by",
        f"{date_in_words(clock.last_day)}{'' if clock.as_of else ' (not chosen: today)'}",
    )
    yield (
        "on: what had happened in the world by",
        f"{date_in_words(clock.on)}, as known {'then' if clock.as_of else 'now'}"
        if clock.on
        else "not chosen: everything known",
    )
    yield "Money", "Rungs are never added together. A sum is of the lines exactly on its rung."
    yield (
        "Dates",
        "A date known only to the month or year is text; the columns after it hold the first "
        "and the last day that it can be.",
    )
