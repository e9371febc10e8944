"""All values of one facet within a selection: a page, or what the rail unfolds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from config.lib.caching import public_page
from config.lib.paging import DEFAULT_PAGE_SIZE, Page, paginate
from config.lib.problems import InvalidParameters
from config.lib.sorting import sort_key
from deals.facets import values_of
from deals.filters import DealFilterSet
from deals.rail import (
    LISTS,
    SHOWN,
    Option,
    minerals_by_slug,
    options_of,
    printable,
    tiles_of,
)
from deals.selecting import Selection, known_query, list_href
from deals.tallying import tally

FIND = "find"
MOST_LETTERS = 80
PAGE_SIZE = 100


@public_page
def facet_values(request: HttpRequest, name: str) -> HttpResponse:
    """The values of a facet, the most frequent first, each to tick; ``find`` searches in them.

    The parameters are those of the list of deals; ``page`` counts pages of values. htmx gets the
    values without the page around them, and without those that the rail shows anyway.
    """
    if name not in LISTS:
        raise Http404(f"“{printable(name)}” is no list of choices.")
    facet = LISTS[name]
    filterset = DealFilterSet(request.GET)
    problems = filterset.problems()
    facets = values_of(filterset, tally(filterset, [name]))
    minerals = minerals_by_slug()
    options = options_of(name, facets[name], minerals)
    total = len(options)
    find = printable(request.GET.get(FIND, ""))[:MOST_LETTERS].strip()
    is_fragment = bool(request.headers.get("HX-Request")) and not request.headers.get(
        "HX-History-Restore-Request"
    )
    if find:
        options = [one for one in _flat(options) if sort_key(find) in sort_key(one.value.label)]
    elif is_fragment:
        chosen = sum(one.is_set for one in options)
        options = [one for one in options if not one.is_set][max(0, SHOWN - chosen) :]
    page: Page[Option] = Page([], number=1, size=DEFAULT_PAGE_SIZE, count=0, query=request.GET)
    try:
        page = paginate(options, _paged(request.GET))
    except InvalidParameters as error:
        problems += error.problems
    query = known_query(filterset)
    path = reverse("deals:facet", args=[name])
    context: dict[str, Any] = {
        "facet": facet,
        "title": filterset.filters[name].label,
        "selection": Selection(filterset, facets),
        "problems": problems,
        "options": page.items,
        "page": page,
        "left": page.count - page.last_item,
        "next_href": f"{path}{page.next_query}" if page.next_query is not None else "",
        "is_fragment": is_fragment,
        "tiles": tiles_of(minerals),
        "find": find,
        "total": total,
        "here": path,
        "all_href": f"{path}?{query.urlencode()}",
        "back_href": list_href(query, {}),
        "kept": [(one, value) for one, values in query.lists() for value in values],
        "hidden": _hidden(filterset, name, page.items),
    }
    template = "deals/facet.html#listed" if is_fragment else "deals/facet.html"
    status = 400 if problems and not is_fragment else 200
    return render(request, template, context, status=status)


def _flat(options: Sequence[Option]) -> list[Option]:
    """Options and those within them, side by side."""
    return [flat for one in options for flat in (Option(one.value), *_flat(one.inside))]


def _paged(given: QueryDict) -> QueryDict:
    """The query, with a hundred values on a page unless it says otherwise."""
    query = given.copy()
    query.setdefault("page_size", str(PAGE_SIZE))
    return query


def _hidden(
    filterset: DealFilterSet, name: str, options: Sequence[Option]
) -> list[tuple[str, str]]:
    """What the form keeps: all parameters but the choices that stand on this page."""
    here = {one.value.value for one in _flat(options) if one.value.is_set}
    return [
        (parameter, printable(value))
        for parameter, values in known_query(filterset).lists()
        for value in values
        if not (parameter in (name, f"{name}__not") and value in here)
    ]
