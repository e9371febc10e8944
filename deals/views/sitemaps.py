"""`/sitemap.xml` and `/robots.txt`: the pages that search engines are told of.

The index names a map for each kind of page, in parts of 50,000 addresses. All that is named is
public; the date of a page is that of the last edition that it shows.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from django.contrib.sitemaps import Sitemap, views
from django.db.models import F, Max, TextField
from django.db.models.query import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from config.lib.caching import public_page
from countries.models import Country
from deals.models import Company, Edition, Event
from deals.models.edition import Unnest
from minerals.models import Mineral, PolicyMeasure

type Dates = dict[str, datetime.datetime]

SITE_PAGES: Final = (
    "deals:home",
    "deals:list",
    "countries:list",
    "minerals:list",
    "deals:companies",
    "deals:events",
    "minerals:policies",
    "deals:sources",
    "deals:about",
)
ROBOTS: Final = """\
# Every page may be read. Of the list of deals, selections by one choice: all others are
# countless, and lead to the same deals.
User-agent: *
Disallow: /admin/
Disallow: /api/v1/
Disallow: /embed/
Disallow: /suggest/
Disallow: /metrics
Disallow: /deals/*?*&
Disallow: /deals/export.
Disallow: /companies/*?
Disallow: /sources/*?

# They draw a card for a link that somebody shares.
User-agent: Twitterbot
User-agent: facebookexternalhit
User-agent: LinkedInBot
User-agent: Slackbot
Disallow: /admin/

Sitemap: {sitemap}
"""


if TYPE_CHECKING:
    _Base = Sitemap[Any]
else:
    _Base = Sitemap  # generic for type checkers alone


class _Map(_Base):
    limit = 50_000

    def get_latest_lastmod(self) -> datetime.datetime | None:
        """When anything was published last: the same for all kinds of pages."""
        found = Edition.objects.current().aggregate(last=Max("published_at"))
        last: datetime.datetime | None = found["last"]
        return last


class SiteMap(_Map):
    """The front page and the lists."""

    def items(self) -> Sequence[str]:
        return SITE_PAGES

    def location(self, item: str) -> str:
        return reverse(item)


class DealMap(_Map):
    """Deals with a current edition."""

    def items(self) -> QuerySet[Edition, Any]:
        return Edition.objects.current().order_by("key").values_list("key", "published_at")

    def location(self, item: tuple[str, datetime.datetime]) -> str:
        return reverse("deals:detail", args=[item[0]])

    def lastmod(self, item: tuple[str, datetime.datetime]) -> datetime.datetime:
        return item[1]


class _ProfileMap(_Map):
    """Profiles, dated by the last edition that names them."""

    column = ""
    key = "slug"

    def items(self) -> list[tuple[str, datetime.datetime | None]]:
        last = self._last()
        records = self._records().order_by(self.key)
        return [
            (record.get_absolute_url(), last.get(getattr(record, self.key))) for record in records
        ]

    def location(self, item: tuple[str, datetime.datetime | None]) -> str:
        return item[0]

    def lastmod(self, item: tuple[str, datetime.datetime | None]) -> datetime.datetime | None:
        return item[1]

    def _records(self) -> QuerySet[Any]:
        raise NotImplementedError

    def _last(self) -> Dates:
        """When an edition that names each was published last."""
        is_array = hasattr(Edition._meta.get_field(self.column), "base_field")
        code = Unnest(F(self.column), output_field=TextField()) if is_array else F(self.column)
        rows = (
            Edition.objects.current()
            .order_by()
            .annotate(code=code)
            .values("code")
            .annotate(last=Max("published_at"))
        )
        return dict(rows.values_list("code", "last"))


class CountryMap(_ProfileMap):
    column, key = "countries", "iso2"

    def _records(self) -> QuerySet[Country]:
        return Country.objects.all()


class MineralMap(_ProfileMap):
    column = "minerals"

    def _records(self) -> QuerySet[Mineral]:
        return Mineral.objects.all()


class CompanyMap(_ProfileMap):
    column = "companies"

    def _records(self) -> QuerySet[Company]:
        return Company.objects.public()


class EventMap(_ProfileMap):
    column, key = "event", "key"

    def _records(self) -> QuerySet[Event]:
        return Event.objects.public()


class PolicyMap(_Map):
    """Measures: no edition holds them, so they have no date."""

    def items(self) -> QuerySet[PolicyMeasure]:
        return PolicyMeasure.objects.order_by("key")


MAPS: Final[dict[str, type[_Base] | _Base]] = {
    "pages": SiteMap,
    "deals": DealMap,
    "countries": CountryMap,
    "minerals": MineralMap,
    "companies": CompanyMap,
    "events": EventMap,
    "policies": PolicyMap,
}


@public_page
def sitemap_index(request: HttpRequest) -> HttpResponseBase:
    """The maps, one a kind of page."""
    return _rendered(views.index(request, MAPS, sitemap_url_name="sitemap"))


@public_page
def sitemap(request: HttpRequest, section: str) -> HttpResponseBase:
    """The pages of a kind; ``p`` is the part."""
    return _rendered(views.sitemap(request, MAPS, section))


def _rendered(response: Any) -> HttpResponseBase:
    """The answer with its text: what decides whether it has changed needs it."""
    response.render()
    rendered: HttpResponseBase = response
    return rendered


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read, and where the maps are."""
    sitemap_url = request.build_absolute_uri(reverse("sitemap_index"))
    return HttpResponse(
        ROBOTS.format(sitemap=sitemap_url), content_type="text/plain; charset=utf-8"
    )
