"""What all endpoints share: who may ask, what caches may keep, schema, docs, unknown addresses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from config.lib.api import PublicView
from config.schema import SchemaView
from deals.filters import DealFilterSet
from tests.api.answers import API, ask, refused
from tests.deals.records import COVE_DEAL, a_record, published

pytestmark = pytest.mark.django_db

PUBLIC = {
    "BlocViewSet",
    "ChangesView",
    "CompanyViewSet",
    "CountryViewSet",
    "CriticalityListViewSet",
    "DealViewSet",
    "EventViewSet",
    "MineralViewSet",
    "PolicyViewSet",
    "ProductionViewSet",
    "ProjectViewSet",
    "Root",
    "SourceViewSet",
    "VocabularyViewSet",
}
"""Every endpoint that may be read without signing in. Whoever adds one adds it here."""

ENDPOINTS = [
    "",
    "deals/",
    f"deals/{COVE_DEAL}/",
    f"deals/{COVE_DEAL}/editions/",
    f"deals/{COVE_DEAL}/editions/1/",
    "deals/facets/",
    "deals/stats/",
    "companies/",
    "countries/",
    "blocs/",
    "minerals/",
    "criticality-lists/",
    "production/",
    "events/",
    "policies/",
    "sources/",
    "projects/",
    "changes/",
    "vocabularies/",
]


def api_views(patterns: list[URLPattern | URLResolver]) -> Iterator[type[APIView]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from api_views(pattern.url_patterns)
        elif isinstance(view := getattr(pattern.callback, "cls", None), type):
            yield view


def test_public_endpoints_are_listed() -> None:
    views = {view for view in api_views(get_resolver().url_patterns) if issubclass(view, APIView)}
    open_ones = {view for view in views if AllowAny in view.permission_classes}
    about = {view for view in open_ones if view.__module__.startswith("drf_spectacular.")}
    about.add(SchemaView)  # they describe endpoints and hold no records
    assert {view.__name__ for view in open_ones - about} == PUBLIC
    assert all(issubclass(view, PublicView) for view in open_ones - about)


def test_the_root_names_the_endpoints() -> None:
    named = {url.split("/api/v1/")[1] for url in ask("").values()}
    assert named == {path for path in ENDPOINTS if path.count("/") == 1} - {"changes/"}


@pytest.mark.parametrize("path", ENDPOINTS)
def test_answers_can_be_kept_and_asked_for_again(path: str) -> None:
    first = Client().get(f"{API}/{path}")
    assert first["Cache-Control"] == "public, max-age=60"
    assert "Cookie" not in first.get("Vary", "")
    assert not first.cookies
    again = Client().get(f"{API}/{path}", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]


@pytest.mark.parametrize("path", ENDPOINTS)
def test_head_is_answered_without_a_body(path: str) -> None:
    response = Client().head(f"{API}/{path}")
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("path", ENDPOINTS)
def test_an_unknown_parameter_is_named(path: str) -> None:
    if path:
        assert refused(path, xyzzy="1")["errors"][0]["parameter"] == "xyzzy"


def test_an_etag_changes_with_what_is_published() -> None:
    before = Client().get(f"{API}/deals/")
    published(a_record())
    after = Client().get(f"{API}/deals/", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert after["ETag"] != before["ETag"]


def test_an_etag_changes_with_the_day() -> None:
    """Staleness depends on it, also where no deal of this page is stale yet."""
    etags = set()
    for day in ("2027-01-01", "2027-01-02"):
        with time_machine.travel(day):
            etags.add(Client().get(f"{API}/deals/{COVE_DEAL}/?fields=key")["ETag"])
    assert len(etags) == 2


def test_answers_do_not_depend_on_cookies() -> None:
    client = Client()
    client.cookies["sessionid"] = "whatever"
    assert client.get(f"{API}/deals/")["ETag"] == Client().get(f"{API}/deals/")["ETag"]


@pytest.mark.parametrize("path", ["/api/nothing/", "/api/v1/nothing/", "/api/v2/deals/"])
def test_an_unknown_address_is_a_problem_that_leads_to_the_docs(path: str) -> None:
    response = Client().get(path)
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert "/api/docs/" in response.json()["detail"]


def test_a_missing_slash_is_added() -> None:
    response = Client().get(f"{API}/deals?host=kz")
    assert (response.status_code, response["Location"]) == (301, f"{API}/deals/?host=kz")


# -- The schema -----------------------------------------------------------------------------------


@pytest.fixture
def schema(tmp_path: Path) -> dict[str, Any]:
    """The schema, which must be made without a warning."""
    file = tmp_path / "schema.json"
    call_command(
        "spectacular", validate=True, fail_on_warn=True, format="openapi-json", file=str(file)
    )
    made: dict[str, Any] = json.loads(file.read_text())
    return made


def test_every_endpoint_is_in_it(schema: dict[str, Any]) -> None:
    paths = {path.removeprefix("/api/v1/") for path in schema["paths"]}
    listed = {path.replace(COVE_DEAL, "{key}").replace("/1/", "/{number}/") for path in ENDPOINTS}
    assert listed - {""} <= paths


def test_every_filter_is_in_it_with_its_words(schema: dict[str, Any]) -> None:
    for path in ("deals/", "deals/facets/", "deals/stats/"):
        described = {
            one["name"]: one["description"]
            for one in schema["paths"][f"/api/v1/{path}"]["get"]["parameters"]
            if one["in"] == "query" and "description" in one
        }
        for name, one in DealFilterSet.base_filters.items():
            if name != "ordering" or path == "deals/":
                assert str(one.label) in described[name], (path, name)


def test_a_record_has_the_shape_of_the_dossier(schema: dict[str, Any]) -> None:
    record = schema["components"]["schemas"]["Record"]
    assert record["additionalProperties"] is False
    assert {"parties", "financing", "milestones", "citations", "disputes"} <= set(
        record["properties"]
    )


def test_schema_and_docs_are_served_under_the_strict_policy() -> None:
    assert Client().get("/api/schema/").status_code == 200
    page = Client().get("/api/docs/")
    assert page.status_code == 200
    assert b"<style" not in page.content
    assert b"<script>" not in page.content
    assert Client().get("/api/")["Location"] == "/api/docs/"
