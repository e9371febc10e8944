"""The editions of a deal: what changed from one to the next, and each of them for good."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse

from config.lib.caching import public_page
from config.lib.problems import InvalidParameters, ParameterProblem
from deals.codes import Cause
from deals.finding import DealGone, DealNotFound, editions_of
from deals.history import between, editions_with_documents, since_announced, steps_of, story_of
from deals.models import Edition
from deals.models.edition import EditionQuerySet
from deals.presenting.citation import FORMS
from deals.reading import Clock, ClockError
from deals.views.deal_context import citation_of, deal_context
from deals.views.deals import gone

LONGEST_NUMBER: Final = 9
"""Digits that the number of an edition may have."""


@public_page
def deal_history(request: HttpRequest, key: str) -> HttpResponse:
    """What became of a deal since it was announced, and what each edition changed.

    ``from`` and ``to`` set two editions beside each other, whatever lies between them. A number
    that is no edition to be read is shown as an error (400).
    """
    _, last = _editions(key)
    if last.key != key:
        path, query = reverse("deals:history", args=[last.key]), request.GET.urlencode()
        return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
    editions = editions_with_documents(last.deal_id)
    readable = [edition for edition in editions if edition.cause not in Cause.hidden()]
    is_withdrawn = last.cause in Cause.hidden()
    context: dict[str, Any] = {
        "last": last,
        "clock": Clock(),
        "steps": steps_of(editions),
        "readable": readable,
        "is_withdrawn": is_withdrawn,
        "page_title": readable[-1].title if readable else last.key,
    }
    status = 200
    try:
        context["compared"] = _compared(request, readable)
    except InvalidParameters as error:
        context["problems"] = error.problems
        status = 400
    if readable and not is_withdrawn:
        context |= {
            "since": since_announced(readable[-1], Clock()),
            "page": story_of(readable[-1], Clock()),
        }
    return render(request, "deals/deal_history.html", context, status=status)


def _compared(request: HttpRequest, readable: list[Edition]) -> dict[str, Any] | None:
    """Two editions and what differs, the older first; None if none are asked for."""
    numbers = {edition.number: edition for edition in readable}
    given = {name: request.GET.get(name, "") for name in ("from", "to")}
    if not any(given.values()) or not readable:
        return None
    given = {
        "from": given["from"] or str(readable[0].number),
        "to": given["to"] or str(readable[-1].number),
    }
    problems = [
        ParameterProblem(
            parameter=name,
            value=text[:40],
            detail=f"There is no such edition to read: the first is {min(numbers)}, "
            f"the last {max(numbers)}.",
        )
        for name, text in given.items()
        if not (
            len(text) <= LONGEST_NUMBER
            and text.isascii()
            and text.isdecimal()
            and int(text) in numbers
        )
    ]
    if problems:
        raise InvalidParameters(problems)
    earlier, later = sorted(
        (numbers[int(text)] for text in given.values()), key=lambda edition: edition.number
    )
    return {"earlier": earlier, "later": later, "changes": between(earlier, later)}


@public_page
def deal_edition(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One edition as it was published, marked where it is past or the deal is withdrawn.

    ``on`` tells it for a past day of the world, so that what was read that way can be cited.
    """
    edition, last, answer = _edition(request, key, number)
    if answer is not None:
        return answer
    try:
        clock = Clock.parse(on=request.GET.get("on", ""))
    except ClockError as error:
        return render(request, "deals/deal_not_then.html", {"error": error}, status=400)
    context = {
        **deal_context(request, edition, clock),
        "is_edition_page": True,
        "last": last,
        "is_past": not edition.is_current,
        "is_withdrawn": last.cause in Cause.hidden(),
        "json_url": f"/api/v1/deals/{key}/editions/{number}/",
    }
    return render(request, "deals/deal_detail.html", context)


@public_page
def deal_citation(request: HttpRequest, key: str, number: int, form: str) -> HttpResponse:
    """The citation of one edition as a file for programs that keep references."""
    edition, _, answer = _edition(request, key, number)
    if answer is not None:
        return answer
    try:
        clock = Clock.parse(on=request.GET.get("on", ""))
    except ClockError as error:
        return render(request, "deals/deal_not_then.html", {"error": error}, status=400)
    citation = citation_of(request, edition, clock)
    kind = next(one for one in FORMS if one.ending == form)
    response = HttpResponse(citation.in_form(form), content_type=kind.media_type)
    response["Content-Disposition"] = f'attachment; filename="{citation.identifier}.{form}"'
    return response


def _edition(
    request: HttpRequest, key: str, number: int
) -> tuple[Edition, Edition, HttpResponse | None]:
    """An edition, the newest one, and an answer where the first cannot be read here.

    Raises Http404.
    """
    editions, last = _editions(key)
    edition = editions.filter(number=number).select_related("document").first()
    if edition is None:
        raise Http404(f"“{key}” has no edition {number}: the last is {last.number}.")
    here = edition.get_absolute_url()
    if not request.path.startswith(here):  # a former key, or zeros before the number
        rest = request.path.rpartition("/")[2]
        query = request.GET.urlencode()
        path = f"{here}{rest}?{query}" if query else f"{here}{rest}"
        return edition, last, HttpResponsePermanentRedirect(path)
    if edition.cause in Cause.hidden():
        readable = editions.readable().order_by("-number").first()
        answer = gone(request, DealGone(edition, readable.number if readable else None))
        return edition, last, answer
    return edition, last, None


def _editions(key: str) -> tuple[EditionQuerySet, Edition]:
    """All editions of the deal under a key, and the newest. Raises Http404."""
    try:
        editions = editions_of(key)
    except DealNotFound as error:
        raise Http404(str(error)) from error
    return editions, editions.latest("number")
