"""One deal, and the list of deals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import orjson
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from config.lib.caching import public_page
from config.lib.paging import Page, paginate
from config.lib.problems import InvalidParameters
from deals.bitmap_index import selected
from deals.bitmap_index.quietness import quiet_in_memory
from deals.bitmap_index.selection import held_for
from deals.charts import Figure
from deals.choosing import choices_of
from deals.days import PARAMETERS, days_of
from deals.facets import values_of
from deals.filters import DealFilterSet
from deals.finding import DealGone, DealMoved, DealNotFound, find_edition, first_published_at
from deals.highlighting import matches
from deals.models import Edition
from deals.rail import LISTED, minerals_by_slug, printable, rail_of, tally_for_rail, tiles_of
from deals.ranking import ranking_notice
from deals.reading import Clock, ClockError, Summary, summaries
from deals.selecting import Selection, known_query
from deals.suggesting import Hit, records_named
from deals.taking import Taking
from deals.tallying import Tally
from deals.texts import summary_texts
from deals.views.deal_context import deal_context
from deals.views.table import is_untidy, table_of, tidied, usual_table
from deals.views.ways import TABLE, WAYS, way_of

READ_OF_ROWS: Final = (
    *("key", "can_go_stale", "last_news_on", "news_days"),
    "document__summary_text",
)
"""What `summaries` reads of an edition."""


@public_page
def deal_list(request: HttpRequest) -> HttpResponse:
    """Deals under filters, with counts beside them, their money and a page of rows.

    An invalid value is shown with its error and no rows (400). htmx asks for the part that
    changes, which is a partial of the same template.
    """
    if "HX-Request" not in request.headers and is_untidy(request.GET):
        tidy = tidied(request.GET).urlencode(safe=",")
        return redirect(f"{request.path}?{tidy}" if tidy else request.path)
    filterset = DealFilterSet(request.GET)
    problems = filterset.problems()
    counted = tally_for_rail(filterset)
    places = _Places(filterset)
    try:
        page: Page[Summary] = paginate(places, request.GET, count=counted.found)
    except InvalidParameters as error:
        problems += error.problems
        page = Page([], number=1, size=50, count=0, query=request.GET)
    way = TABLE
    figures: list[Figure] = []
    try:
        way = way_of(request.GET)
        if page.count and not problems:
            figures = way.figures(filterset)
    except InvalidParameters as error:
        problems += error.problems
    known = known_query(filterset)
    table = usual_table(known)
    try:
        table = table_of(request.GET, known)
    except InvalidParameters as error:
        # A wrong size of the page is among the problems already.
        problems += [problem for problem in error.problems if problem not in problems]
    context = _selection_context(filterset, counted, page, places, is_wrong=bool(problems))
    selection = context["selection"]
    repaired_href = selection.repaired_href
    site = f"{request.scheme}://{request.get_host()}"
    context |= {
        "table": table,
        "taking": Taking(filterset, site, selection.sentence, page.count, table.file_columns),
        "way": way,
        "ways": WAYS.values(),
        "figures": figures,
        "problems": [
            (
                problem.parameter,
                printable(problem.value or ""),
                printable(problem.detail),
                problem.nearest,
                repaired_href(problem),
            )
            for problem in problems
        ],
        "publishing_since": first_published_at() if filterset.clock.as_of else None,
    }
    is_partial = bool(request.headers.get("HX-Request")) and not request.headers.get(
        "HX-History-Restore-Request"
    )
    template = "deals/deal_list.html#results" if is_partial else "deals/deal_list.html"
    # htmx does not show answers that are errors.
    status = 400 if problems and not is_partial else 200
    response = render(request, template, {**context, "is_partial": is_partial}, status=status)
    if is_partial:
        response["HX-Push-Url"] = f"{request.path}?{context['selection'].query.urlencode()}"
    return response


class _Places:
    """The rows of a selection by their places, read a page at a time."""

    def __init__(self, filterset: DealFilterSet) -> None:
        self._filterset = filterset
        self.editions: Sequence[Edition] = ()
        """Those of the page that was read, where a search has to look into their texts."""

    def __getitem__(self, places: slice) -> list[Summary]:
        filterset, found = self._filterset, selected(self._filterset)
        is_search = "q" in filterset.cleaned
        if not is_search and held_for(filterset) is not None:
            pks = found.page_pks(places.start, places.stop)
            texts = summary_texts(pks, filterset.clock, quiet_in_memory(filterset, pks))
            return [orjson.loads(text) for text in texts]
        editions = found.page(places.start, places.stop).select_related("document")
        self.editions = list(editions if is_search else editions.only(*READ_OF_ROWS))
        return summaries(self.editions, filterset.clock)


def _selection_context(
    filterset: DealFilterSet,
    counted: Tally,
    page: Page[Summary],
    places: _Places,
    *,
    is_wrong: bool,
) -> dict[str, Any]:
    clock = filterset.clock
    facets = values_of(filterset, counted, most=LISTED)
    minerals = minerals_by_slug()
    selection = Selection(filterset, facets)
    found = selected(filterset)
    nothing = not page.count and not is_wrong
    text = filterset.cleaned.get("q")
    named = records_named(text) if text and not is_wrong else []
    return {
        "filterset": filterset,
        "clock": clock,
        "selection": selection,
        "rail": rail_of(filterset, facets, counted, minerals),
        **_times(filterset, is_wrong=is_wrong),
        "tiles": tiles_of(minerals),
        "page": page,
        "rows": rows_of(page.items, places.editions, filterset, named),
        "also": named,
        "meant": choices_of(filterset) if text and not is_wrong else None,
        "count": 0 if is_wrong else page.count,
        "total": counted.total,
        "ladder": found.ladder() if page.count else None,
        "headlines": found.headlines() if page.count else None,
        "undecided": 0 if is_wrong else filterset.count_undecided(),
        "ways_out": selection.ways_out() if nothing else [],
        "ordering": filterset.cleaned.get("ordering", "-announced_on"),
        "misspelt": filterset.search.misspelt if filterset.cleaned.get("q") else [],
        "ranking_notice": None if is_wrong else ranking_notice(filterset, page.count),
        "file_query": known_query(
            filterset, keep=lambda name: name not in ("view", "page_size", "columns", "density")
        ).urlencode(),
        "time_query": _times_in(filterset),
    }


def _times_in(filterset: DealFilterSet) -> str:
    """The parameters that lead to the same days."""
    return known_query(filterset, keep=lambda name: name in PARAMETERS).urlencode()


def _times(filterset: DealFilterSet, *, is_wrong: bool) -> dict[str, Any]:
    """The picker of days and, on another day than today, the same choices today."""
    if is_wrong:
        return {"today": None}
    days = days_of(filterset)
    return {"days": days, "today": _today(filterset), "today_href": days.today_href}


def _today(filterset: DealFilterSet) -> dict[str, Any] | None:
    """How many deals the same choices give today, and their money; None where today is shown."""
    clock = filterset.clock
    if not (clock.on or clock.as_of):
        return None
    query = known_query(filterset, keep=lambda name: name not in PARAMETERS)
    today = DealFilterSet(query)
    found = selected(today)
    return {
        "count": found.count,
        "ladder": found.ladder(),
        "headlines": found.headlines().total,
    }


def rows_of(
    rows: Sequence[Summary],
    editions: Sequence[Edition],
    filterset: DealFilterSet,
    named: Sequence[Hit],
) -> Sequence[Summary]:
    """Summaries for the table with the ``href`` of each; under a search each has its ``match``."""
    times = _times_in(filterset)
    for row in rows:
        row["href"] = f"{row['url']}?{times}" if times else row["url"]
    if "q" in filterset.cleaned and rows:
        found = matches(filterset.search, editions, named)
        for row in rows:
            row["match"] = found.get(row["key"])
    return rows


@public_page
def deal_detail(request: HttpRequest, key: str) -> HttpResponse:
    """A deal as it stands, or as it stood under ``as_of`` and ``on``.

    A renamed key leads on for good; a withdrawn deal is gone (410), with the number of its last
    edition; one that was not published yet by ``as_of`` says since when it is.
    """
    try:
        clock = Clock.parse(as_of=request.GET.get("as_of", ""), on=request.GET.get("on", ""))
    except ClockError as error:
        return render(request, "deals/deal_not_then.html", {"error": error}, status=400)
    try:
        edition = find_edition(key, clock)
    except DealMoved as moved:
        path, query = reverse("deals:detail", args=[moved.key]), request.GET.urlencode()
        return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
    except DealGone as error:
        return gone(request, error)
    except DealNotFound as error:
        if error.published_on is None:
            raise Http404(str(error)) from error
        context = {"clock": clock, "key": key, "published_on": error.published_on}
        return render(request, "deals/deal_not_then.html", context, status=404)
    return render(request, "deals/deal_detail.html", deal_context(request, edition, clock))


def gone(request: HttpRequest, error: DealGone) -> HttpResponse:
    """410: the deal was withdrawn, or its content removed."""
    context = {"closing": error.closing, "last_number": error.last_number}
    return render(request, "deals/deal_gone.html", context, status=410)
