"""The whole data set as schema.org has it: what search engines for data sets read."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Final

import orjson
from django.db.models import Max, Min
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from config.lib.caching import while_unchanged
from deals.licence import LICENCE_URL
from deals.models import Edition

FILES: Final = (
    ("CSV", "text/csv", "deals:export_csv"),
    (
        "XLSX",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "deals:export_xlsx",
    ),
    ("JSON", "application/json", "deals:export_json"),
    ("NDJSON", "application/x-ndjson", "deals:export_ndjson"),
)
"""Formats of the whole data set: name, media type, address."""
KEYWORDS: Final = (
    *("critical minerals", "critical raw materials", "mining deals", "rare earths"),
    *("project finance", "letters of interest", "offtake agreements", "mineral diplomacy"),
)
MEASURED: Final = (
    ("status", "How binding the agreement is, from rumoured to closed"),
    ("stage", "The project on the ground, from exploration to operating"),
    ("ladder", "US dollars by firmness: indicated, conditional, committed, disbursed"),
    ("value", "The headline value that a source states, in its currency and in US dollars"),
)
_IN_SCRIPTS: Final = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class Published:
    """What readers see of deals: when it changed last, and the days from which and to which."""

    last_at: datetime.datetime | None
    first_on: datetime.date | None
    last_on: datetime.date | None


@while_unchanged
def published() -> Published:
    """As it is now; each part is read from an index."""
    editions = Edition.objects.current()
    days: dict[str, Any] = editions.aggregate(
        first_on=Min("announced_on__startswith"), last_on=Max("announced_on__startswith")
    )
    last_at = editions.order_by("-seq").values_list("published_at", flat=True).first()
    return Published(last_at, **days)


def dataset(request: HttpRequest, facts: Published) -> dict[str, Any]:
    """The data set as a schema.org ``Dataset``."""
    site = request.build_absolute_uri("/").rstrip("/")
    described: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": f"{site}/#dataset",
        "name": "Lodebook: critical-minerals deals",
        "description": (
            "Critical-minerals deals of the world, each taken apart by source: who holds which "
            "stake, how binding the agreement is, whose money stands behind it and how firm it is, "
            "what happened since, and where sources disagree. Every edition of a deal is kept."
        ),
        "url": f"{site}{reverse('deals:list')}",
        "sameAs": f"{site}/",
        "keywords": list(KEYWORDS),
        "license": LICENCE_URL,
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": "Lodebook", "url": f"{site}/"},
        "spatialCoverage": "World",
        "variableMeasured": [
            {"@type": "PropertyValue", "name": name, "description": said} for name, said in MEASURED
        ],
        "measurementTechnique": f"{site}{reverse('deals:about')}#method",
        "distribution": [
            {
                "@type": "DataDownload",
                "name": name,
                "encodingFormat": kind,
                "contentUrl": f"{site}{reverse(address)}",
            }
            for name, kind, address in FILES
        ],
    }
    if facts.last_at:
        described["dateModified"] = facts.last_at.isoformat(timespec="seconds")
    if facts.first_on:
        described["temporalCoverage"] = f"{facts.first_on}/{facts.last_on}"
    return described


def dataset_script(request: HttpRequest, facts: Published) -> SafeString:
    """The data set as a block of data in a page: no script that runs, so the policy lets it be."""
    text = orjson.dumps(dataset(request, facts)).decode().translate(_IN_SCRIPTS)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))
