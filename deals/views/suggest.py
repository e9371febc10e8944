"""Suggestions while a reader types: a fragment of a page, fetched by suggest.js."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from config.lib.caching import public_page
from config.lib.problems import (
    InvalidParameters,
    ParameterProblem,
    answer_problems,
    unknown_parameter,
    unknown_value,
)
from deals.suggesting import KINDS, LONGEST, suggest

PARAMETERS: Final = ("q", "kind")


@answer_problems
@public_page
def suggestions(request: HttpRequest) -> HttpResponse:
    """What ``q`` may mean, as the options of a list box; ``kind`` asks for some kinds only."""
    text, kinds = request.GET.get("q", ""), request.GET.getlist("kind")
    problems = [
        unknown_parameter(name, PARAMETERS) for name in request.GET if name not in PARAMETERS
    ]
    if not text.strip():
        problems.append(ParameterProblem(parameter="q", detail="Say what to look for: ?q=tungsten"))
    elif len(text) > LONGEST:
        detail = f"Write at most {LONGEST} characters; these are {len(text)}."
        problems.append(ParameterProblem(parameter="q", value=text, detail=detail))
    elif not text.isprintable():
        detail = "Leave out what is no letter, digit or sign."
        problems.append(ParameterProblem(parameter="q", value=text, detail=detail))
    problems += [
        unknown_value("kind", kind, "a kind of record", KINDS)
        for kind in kinds
        if kind not in KINDS
    ]
    if problems:
        raise InvalidParameters(problems)
    groups = suggest(text, kinds)
    return render(request, "deals/suggestions.html", {"groups": groups, "text": text.strip()})
