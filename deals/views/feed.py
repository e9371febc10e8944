"""The Atom feed of a list of deals: what was published about them, newest first."""

from __future__ import annotations

import hashlib
from typing import Final

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from config.lib.problems import answer_problems
from deals.filters import DealFilterSet
from deals.models import Edition

ENTRIES: Final = 50
MAX_AGE_SECONDS: Final = 300


@require_safe
@answer_problems
def deal_feed(request: HttpRequest) -> HttpResponseBase:
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
    response = HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )
    if settings.DEBUG:
        patch_cache_control(response, no_store=True)
        return response
    patch_cache_control(response, public=True, max_age=MAX_AGE_SECONDS)
    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def _title(edition: Edition) -> str:
    number = f" (edition {edition.number})" if edition.number > 1 else ""
    return f"{edition.title}{number}"
