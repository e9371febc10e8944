"""The editions of a deal: what changed from one to the next, and each of them for good."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse

from config.lib.caching import public_page
from deals.codes import Cause
from deals.finding import DealGone, DealNotFound, editions_of
from deals.models import Edition
from deals.models.edition import EditionQuerySet
from deals.reading import Clock
from deals.views.deal_context import deal_context, history_of
from deals.views.deals import gone


@public_page
def deal_history(request: HttpRequest, key: str) -> HttpResponse:
    """All editions of a deal, with what each changed in the one before."""
    editions, last = _editions(key)
    if last.key != key:
        return HttpResponsePermanentRedirect(reverse("deals:history", args=[last.key]))
    context = {
        "last": last,
        "steps": history_of(last.deal_id),
        "is_withdrawn": last.cause in Cause.hidden(),
    }
    return render(request, "deals/deal_history.html", context)


@public_page
def deal_edition(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One edition as it was published, marked where it is past or the deal is withdrawn."""
    editions, last = _editions(key)
    edition = editions.filter(number=number).select_related("document").first()
    if edition is None:
        raise Http404(f"“{key}” has no edition {number}: the last is {last.number}.")
    if request.path != edition.get_absolute_url():  # a former key, or zeros before the number
        return HttpResponsePermanentRedirect(edition.get_absolute_url())
    if edition.cause in Cause.hidden():
        readable = editions.readable().order_by("-number").first()
        return gone(request, DealGone(edition, readable.number if readable else None))
    context = {
        **deal_context(request, edition, Clock()),
        "is_edition_page": True,
        "last": last,
        "is_past": not edition.is_current,
        "is_withdrawn": last.cause in Cause.hidden(),
        "json_url": f"/api/v1/deals/{key}/editions/{number}/",
    }
    return render(request, "deals/deal_detail.html", context)


def _editions(key: str) -> tuple[EditionQuerySet, Edition]:
    """All editions of the deal under a key, and the newest. Raises Http404."""
    try:
        editions = editions_of(key)
    except DealNotFound as error:
        raise Http404(str(error)) from error
    return editions, editions.latest("number")
