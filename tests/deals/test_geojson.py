"""GeoJSON: the deals of the list, all of them, and no place made up."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from countries.borders import label_point
from deals.columns import DEAL_COLUMNS
from deals.models import Edition, Project
from deals.views import geography

pytestmark = pytest.mark.django_db

QUERIES = ["", "host=KZ&host=UZ", "partner=CN&rung=committed", "mineral=gallium", "host=AQ"]


def collection(client: Client, query: str = "") -> dict[str, Any]:
    response = client.get(f"/deals/export.geojson?{query}")
    assert response.status_code == 200
    found: dict[str, Any] = json.loads(response.getvalue())
    return found


@pytest.mark.parametrize("query", QUERIES)
def test_has_the_deals_of_the_list_in_its_order(client: Client, query: str) -> None:
    features = collection(client, query)["features"]
    listed = json.loads(client.get(f"/deals/export.json?{query}").getvalue())
    assert [feature["id"] for feature in features] == [deal["key"] for deal in listed]


def test_is_geojson_of_rfc_7946(client: Client) -> None:
    response = client.get("/deals/export.geojson")
    assert response["Content-Type"] == "application/geo+json"
    assert 'filename="lodebook-deals' in response["Content-Disposition"]
    found = json.loads(response.getvalue())
    assert found["type"] == "FeatureCollection"
    assert "crs" not in found
    assert len(found["features"]) == Edition.objects.current().count()
    for feature in found["features"]:
        assert feature.keys() == {"type", "id", "geometry", "properties"}
        geometry = feature["geometry"]
        if geometry is None:
            continue
        points = geometry["coordinates"]
        if geometry["type"] == "Point":
            points = [points]
        else:
            assert geometry["type"] == "MultiPoint"
            assert len(points) > 1
        assert all(
            -180 <= longitude <= 180 and -90 <= latitude <= 90 for longitude, latitude in points
        )


def test_a_deal_stands_at_the_label_points_of_its_hosts(client: Client) -> None:
    for feature in collection(client, "host=KZ")["features"]:
        hosts = feature["properties"]["hosts"]
        points = [point for code in hosts if (point := label_point(code))]
        geometry = feature["geometry"]
        stated = geometry["coordinates"]
        assert ([stated] if geometry["type"] == "Point" else stated) == [list(p) for p in points]
        assert feature["properties"]["location"] == "country label point"


def test_a_deal_without_a_place_is_there_without_geometry(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geography, "label_point", lambda code: None)
    features = collection(client, "host=TM")["features"]
    assert features
    for feature in features:
        assert feature["geometry"] is None
        assert feature["properties"]["location"] is None


def test_a_stated_place_of_a_project_comes_first(client: Client) -> None:
    Project.objects.filter(slug="northern-katpar").update(latitude=48.1, longitude=73.5)
    key = "kz-cove-kaz-tau-ken-samruk-tungsten"
    [feature] = [one for one in collection(client, "host=KZ")["features"] if one["id"] == key]
    assert feature["geometry"] == {"type": "Point", "coordinates": [73.5, 48.1]}
    assert feature["properties"]["location"] == "project"


def test_properties_are_the_columns(client: Client) -> None:
    whole = collection(client, "host=TM")["features"][0]["properties"]
    assert list(whole) == ["location", *DEAL_COLUMNS.names]
    assert isinstance(whole["hosts"], list)
    few = collection(client, "host=TM&columns=title,value_usd")["features"][0]["properties"]
    assert list(few) == ["location", "title", "value_usd"]


@pytest.mark.parametrize("query", ["host=XX", "colour=red", "columns=nonsense"])
def test_refuses_what_is_wrong(client: Client, query: str) -> None:
    assert client.get(f"/deals/export.geojson?{query}").status_code == 400


def test_asks_no_more_for_more_deals(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    collection(client, "host=TM")
    with django_assert_num_queries(2):
        collection(client)
