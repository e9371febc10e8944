"""Deals on a map of one's own: GeoJSON (RFC 7946) of a selection, a feature a deal.

A deal stands where its projects are, where their coordinates are recorded; otherwise at a label
point of each host country, which says nothing of any place in it, and the feature says so. A deal
without either, such as one hosted by a bloc, has no geometry and is there all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from config.lib.caching import public_page
from config.lib.columns import Column, Summary
from config.lib.imprecise import ImpreciseDate
from config.lib.problems import answer_problems
from config.lib.projection import Point
from config.lib.tables import stream_feature_collection
from countries.borders import label_point
from deals.columns import DEAL_COLUMNS
from deals.exporting import summaries_of
from deals.licence import LICENCE_URL
from deals.models import Project
from deals.views.exports import file_of, filterset_of

GEOJSON: Final = "application/geo+json"
ABOUT: Final = {"name": "Lodebook deals", "license": LICENCE_URL}
AT_PROJECT: Final = "project"
AT_COUNTRY: Final = "country label point"


@answer_problems
@public_page
def export_geojson(request: HttpRequest) -> HttpResponseBase:
    """One feature a deal; properties are the columns of a CSV, of which ``columns`` chooses."""
    filterset = filterset_of(request, {"columns"})
    columns = DEAL_COLUMNS.chosen(request.GET)
    places = _places_of_projects()
    rows = summaries_of(filterset)
    features = (_feature(summary, columns, places) for summary in rows)
    pieces = stream_feature_collection(features, ABOUT)
    return file_of(request, filterset, pieces, "geojson", GEOJSON)


def _places_of_projects() -> dict[str, Point]:
    """Longitude and latitude of the public projects for which a source states them, by slug."""
    placed = Project.objects.public().filter(latitude__isnull=False)
    return {
        slug: (longitude, latitude)
        for slug, longitude, latitude in placed.values_list("slug", "longitude", "latitude")
        if longitude is not None and latitude is not None
    }


def _feature(
    summary: Summary, columns: Sequence[Column], places: Mapping[str, Point]
) -> dict[str, Any]:
    kind, points = _points(summary, places)
    return {
        "type": "Feature",
        "id": summary["key"],
        "geometry": _geometry(points),
        "properties": {
            "location": kind if points else None,
            **{column.name: _value(column.value_of(summary)) for column in columns},
        },
    }


def _points(summary: Summary, places: Mapping[str, Point]) -> tuple[str, list[Point]]:
    """What the points stand for, and the points."""
    slugs = (project["slug"] for project in summary["projects"])
    if at_projects := [places[slug] for slug in slugs if slug in places]:
        return AT_PROJECT, at_projects
    codes = (host.get("code") for host in summary["hosts"])
    found = (label_point(code) for code in codes if code)
    return AT_COUNTRY, [point for point in found if point is not None]


def _geometry(points: Sequence[Point]) -> dict[str, Any] | None:
    if len(points) == 1:
        return {"type": "Point", "coordinates": points[0]}
    return {"type": "MultiPoint", "coordinates": list(points)} if points else None


def _value(value: Any) -> Any:
    """A value of a column as JSON has it: lists stay lists, dates are text."""
    return str(value) if isinstance(value, ImpreciseDate) else value
