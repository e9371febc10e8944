"""Comparing two to four deals, countries or minerals: page and file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from config.lib.caching import public_page
from config.lib.columns import Column
from config.lib.problems import (
    InvalidParameters,
    ParameterProblem,
    answer_problems,
    problem_response,
    shortened,
    unknown_parameter,
    unknown_value,
)
from config.lib.tables import stream_csv
from countries.models import Country
from deals.comparing import (
    FEWEST,
    MOST,
    Comparison,
    compare_countries,
    compare_deals,
    compare_minerals,
)
from deals.finding import DealGone, DealMoved, DealNotFound, find_edition
from deals.reading import Clock, ClockError
from deals.suggesting import KINDS, LONGEST, Hit, suggest
from minerals.models import Mineral

ONLY: Final = "differences"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A record that was asked for: what it is called, where it moved, or why it is not there."""

    key: str
    name: str = ""
    record: Any = None
    moved_to: str = ""
    status: HTTPStatus = HTTPStatus.OK
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Comparing:
    """What can be compared: how it is named in addresses, found and compared."""

    parameter: str
    many: str
    url_name: str
    list_url: str
    find: Callable[[str, Clock], Chosen]
    compare: Callable[[Sequence[Any], Clock], Comparison]
    normal: Callable[[str], str] = str
    keeps_day: bool = False
    """Whether ``on`` means something: not to profiles, whose sums are of the present world."""

    def href(self, keys: Sequence[str], query: Mapping[str, str]) -> str:
        """The page of these keys, with the rest of a query."""
        parameters = QueryDict(mutable=True)
        parameters.setlist(self.parameter, list(keys))
        parameters.update(query)
        return f"{reverse(self.url_name)}?{parameters.urlencode()}"


def _find_deal(key: str, clock: Clock) -> Chosen:
    try:
        edition = find_edition(key, clock)
    except DealMoved as moved:
        return Chosen(key, moved_to=moved.key)
    except DealGone as gone:
        return Chosen(key, status=HTTPStatus.GONE, reason=str(gone))
    except DealNotFound as missing:
        return Chosen(key, status=HTTPStatus.NOT_FOUND, reason=str(missing))
    return Chosen(key, edition.title, edition)


def _find_country(key: str, clock: Clock) -> Chosen:
    country = Country.objects.filter(iso2=key.upper()).first()
    if country is None:
        reason = f"“{shortened(key)}” is no country: write its ISO code, such as KZ."
        return Chosen(key, status=HTTPStatus.NOT_FOUND, reason=reason)
    return Chosen(key, country.name, country)


def _find_mineral(key: str, clock: Clock) -> Chosen:
    mineral = Mineral.objects.select_related("parent").filter(slug=key).first()
    if mineral is None:
        reason = f"“{shortened(key)}” is no mineral: write it as addresses do, such as rare-earths."
        return Chosen(key, status=HTTPStatus.NOT_FOUND, reason=reason)
    return Chosen(key, mineral.name, mineral)


DEALS: Final = Comparing(
    "deal", "deals", "deals:compare", "/deals/", _find_deal, compare_deals, keeps_day=True
)
COUNTRIES: Final = Comparing(
    "country",
    "countries",
    "countries:compare",
    "/countries/",
    _find_country,
    compare_countries,
    normal=str.upper,
)
MINERALS: Final = Comparing(
    "mineral", "minerals", "minerals:compare", "/minerals/", _find_mineral, compare_minerals
)


@public_page
def comparison_page(request: HttpRequest, *, comparing: Comparing) -> HttpResponseBase:
    """Records side by side, with a field to add another; fewer than two lead to that field.

    What is named twice or by an old key leads to the plain address. More than four are 400, what
    is unknown 404, a withdrawn deal 410: each with what can be compared instead.
    """
    try:
        clock = _clock(request, comparing)
    except ClockError as error:
        return render(request, "deals/wrong_time.html", {"problem": error}, status=400)
    rest = _rest(request, comparing)
    keys = _keys(request, comparing)
    chosen = [comparing.find(key, clock) for key in keys[: MOST + 1]]
    canonical = list(dict.fromkeys(one.moved_to or one.key for one in chosen)) + keys[MOST + 1 :]
    added, candidates = _added(request, comparing)
    if added:
        canonical = list(dict.fromkeys([*canonical, added]))
    if added or canonical != request.GET.getlist(comparing.parameter):
        return redirect(comparing.href(canonical, rest))
    wrong = [one for one in chosen if one.status != HTTPStatus.OK]
    right = [one for one in chosen if one.record is not None]
    status = max((one.status for one in wrong), default=HTTPStatus.OK)
    too_many = len(keys) > MOST
    comparison = None
    if too_many:
        status = HTTPStatus.BAD_REQUEST
    elif len(right) >= 1 and not wrong:
        comparison = comparing.compare([one.record for one in right], clock)
    only = request.GET.get("only") == ONLY and len(right) >= FEWEST
    context = {
        "clock": clock,
        "comparing": comparing,
        "kind": KINDS[comparing.parameter],
        "comparison": comparison.only_differences() if comparison and only else comparison,
        "whole": comparison,
        "is_comparable": comparison is not None and len(right) >= FEWEST,
        "only": only,
        "wrong": wrong,
        "too_many": too_many,
        "can_add": len(right) < MOST,
        "without": [
            (one, comparing.href([k.key for k in right if k.key != one.key], rest)) for one in right
        ],
        "right_href": comparing.href([one.key for one in right[:MOST]], rest),
        "right": right,
        "asked": request.GET.get("add", "").strip()[:LONGEST],
        "candidates": [
            (hit, comparing.href([*(one.key for one in right), comparing.normal(hit.key)], rest))
            for hit in candidates
        ],
        "kept": [(comparing.parameter, one.key) for one in right] + list(rest.items()),
        "all_href": comparing.href(keys, rest),
        "only_href": comparing.href(keys, rest | {"only": ONLY}),
        "csv_href": comparing.href(keys, rest).replace("/compare/?", "/compare.csv?"),
        "most": MOST,
        "time_query": urlencode({name: day for name, day in rest.items() if name != "only"}),
    }
    return render(request, "deals/compare.html", context, status=status)


@answer_problems
@public_page
def comparison_file(request: HttpRequest, *, comparing: Comparing) -> HttpResponseBase:
    """The same as CSV: one line a fact, one column a record."""
    problems = list(_problems(request, comparing))
    if problems:
        raise InvalidParameters(problems)
    try:
        clock = _clock(request, comparing)
    except ClockError as error:
        problem = ParameterProblem(parameter=error.parameter, value=error.value, detail=str(error))
        raise InvalidParameters([problem]) from error
    chosen = [comparing.find(key, clock) for key in _keys(request, comparing)[: MOST + 1]]
    if not FEWEST <= len(chosen) <= MOST:
        detail = f"Name two to four {comparing.many}, each as {comparing.parameter}=…"
        raise InvalidParameters([ParameterProblem(parameter=comparing.parameter, detail=detail)])
    for one in chosen:
        if one.moved_to:
            detail = f"“{one.key}” is “{one.moved_to}” now."
            return problem_response(request, HTTPStatus.NOT_FOUND, detail)
        if one.status != HTTPStatus.OK:
            return problem_response(request, one.status, one.reason)
    comparison = comparing.compare([one.record for one in chosen], clock)
    if request.GET.get("only") == ONLY:
        comparison = comparison.only_differences()
    names = ["group", "fact", *(head.key for head in comparison.heads), "differs"]
    rows = (
        dict(
            zip(
                names,
                (
                    group.label,
                    fact.label,
                    *(cell.text or None for cell in fact.cells),
                    fact.differs,
                ),
                strict=True,
            )
        )
        for group in comparison.groups
        for fact in group.facts
    )
    filename = f"lodebook-compare-{comparing.many}-{clock.day}.csv"
    return StreamingHttpResponse(
        stream_csv([Column(name=name, label=name) for name in names], rows, for_spreadsheets=True),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


def _problems(request: HttpRequest, comparing: Comparing) -> Iterator[ParameterProblem]:
    """What is wrong with the parameters of a file, beside the keys and the days themselves."""
    known = [comparing.parameter, "as_of", *(["on"] if comparing.keeps_day else []), "only"]
    yield from (unknown_parameter(name, known) for name in request.GET if name not in known)
    only = request.GET.get("only")
    if only and only != ONLY:
        yield unknown_value("only", only, "something to show alone", [ONLY])


def _clock(request: HttpRequest, comparing: Comparing) -> Clock:
    on = request.GET.get("on", "") if comparing.keeps_day else ""
    return Clock.parse(as_of=request.GET.get("as_of", ""), on=on)


def _rest(request: HttpRequest, comparing: Comparing) -> dict[str, str]:
    names = ("as_of", "on", "only") if comparing.keeps_day else ("as_of", "only")
    return {name: value for name in names if (value := request.GET.get(name, ""))}


def _keys(request: HttpRequest, comparing: Comparing) -> list[str]:
    """What was asked for, each once, as it is written in addresses."""
    given = (text.strip().replace("\x00", "") for text in request.GET.getlist(comparing.parameter))
    return list(dict.fromkeys(comparing.normal(text)[:LONGEST] for text in given if text))


def _added(request: HttpRequest, comparing: Comparing) -> tuple[str, list[Hit]]:
    """The key of what is to be added; where the words may mean several, these."""
    text = request.GET.get("add", "").strip()[:LONGEST]
    if not text or not text.isprintable():
        return "", []
    key = comparing.normal(text)
    if comparing.find(key, Clock()).record is not None:
        return key, []
    hits = [hit for group in suggest(text, [comparing.parameter]) for hit in group.hits]
    if len(hits) == 1:
        return comparing.normal(hits[0].key), []
    return "", hits
