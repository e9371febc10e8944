"""The Atom feed of a list of deals: what was published about them, newest first."""

from __future__ import annotations

from typing import Final

import orjson
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from config.lib.caching import public_page
from config.lib.problems import answer_problems
from deals.filters import DealFilterSet
from deals.models import Edition

ENTRIES: Final = 50


@answer_problems
@public_page
def deal_feed(request: HttpRequest) -> HttpResponse:
    """The last editions of the deals that the parameters leave; refreshed names are no news."""
    filterset = DealFilterSet(request.GET)
    filterset.raise_for_problems({"ordering"})
    deals = filterset.qs.order_by().values("deal")
    editions = Edition.objects.readable().news().filter(deal__in=deals).order_by("-seq")
    if filterset.clock.as_of is not None:
        editions = editions.filter(published_at__lte=filterset.clock.as_of)
    selection = request.GET.urlencode()
    page = request.build_absolute_uri(reverse("deals:list"))
    feed = Atom1Feed(
        title="Lodebook: deals" if not selection else "Lodebook: selected deals",
        link=f"{page}?{selection}" if selection else page,
        description="",
        subtitle="Critical-minerals deals: who holds what, whose money it is, and how firm.",
        feed_url=request.build_absolute_uri(),
        feed_guid=request.build_absolute_uri(),
        language="en-GB",
    )
    for edition in editions.for_list()[:ENTRIES]:
        link = request.build_absolute_uri(edition.get_absolute_url())
        feed.add_item(
            title=_title(edition),
            link=link,
            unique_id=link,
            unique_id_is_permalink=True,
            description=orjson.loads(edition.document.summary_text)["summary"],
            pubdate=edition.published_at,
            updateddate=edition.published_at,
        )
    return HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )


def _title(edition: Edition) -> str:
    number = f" (edition {edition.number})" if edition.number > 1 else ""
    return f"{edition.title}{number}"
