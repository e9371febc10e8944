"""One deal, and the list of deals."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse

from deals.codes import Cause
from deals.models import DealRedirect, Edition
from deals.reading import Clock, ClockError
from deals.views.deal_context import deal_context


def deal_list(request: HttpRequest) -> HttpResponse:
    """To be written."""
    return HttpResponse("deal_list")


def deal_detail(request: HttpRequest, key: str) -> HttpResponse:
    """A deal as it stands, or as it stood under ``as_of`` and ``on``."""
    try:
        clock = Clock.parse(as_of=request.GET.get("as_of", ""), on=request.GET.get("on", ""))
    except ClockError as error:
        return render(request, "deals/deal_not_then.html", {"error": error}, status=400)
    edition = clock.editions().filter(key=key).select_related("document").first()
    if edition is None:
        return missing_deal(request, key, clock)
    context = deal_context(request, edition, clock)
    return render(request, "deals/deal_detail.html", context)


def missing_deal(request: HttpRequest, key: str, clock: Clock) -> HttpResponse:
    """What to answer where no edition stands.

    A renamed key leads on for good; a withdrawn deal is gone (410), with the number of its last
    edition; a deal that was not there yet on the day asked for says so; all else is not found.
    """
    last = last_edition(key)
    if last is None:
        raise Http404(f"No deal is published under “{key}”.")
    if last.key != key:
        path = reverse("deals:detail", args=[last.key])
        query = request.GET.urlencode()
        return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
    if last.cause in Cause.hidden() and not request.GET.get("as_of"):
        return gone(request, last)
    return render(request, "deals/deal_not_then.html", {"clock": clock, "last": last}, status=404)


def last_edition(key: str) -> Edition | None:
    """The newest edition of the deal that is, or once was, published under ``key``."""
    named = Edition.objects.filter(key=key).order_by("-seq").values_list("deal", flat=True).first()
    if named is None:
        named = DealRedirect.objects.filter(key=key).values_list("deal", flat=True).first()
    if named is None:
        return None
    return Edition.objects.filter(deal=named).order_by("-number").first()


def gone(request: HttpRequest, last: Edition) -> HttpResponse:
    """410: the deal was withdrawn, or its content removed."""
    readable = Edition.objects.readable().filter(deal=last.deal_id).order_by("-number").first()
    context = {"last": last, "readable": readable}
    return render(request, "deals/deal_gone.html", context, status=410)
