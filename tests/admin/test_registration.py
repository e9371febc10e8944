"""Every model is in the admin, its pages open, and none of them needs an inline script or style."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.contrib.auth.models import Group, User
from django.db import connection, models
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.lib.admin import ReadOnly
from countries.models import Country
from deals.models import Company, Deal
from deals.staff import APPS, EDITORS, REVIEWERS
from tests.admin.articles import COVE

MODELS = sorted(
    (
        model
        for label in APPS
        for model in apps.get_app_config(label).get_models()
        if not model._meta.proxy and not model.__name__.endswith("Audit")
    ),
    key=lambda model: model._meta.label,
)
REGISTERED = [model for model in MODELS if admin.site.is_registered(model)]
MANY = 40
"""Rows above which a plain drop-down is no help."""


@pytest.fixture
def client(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


def inlined() -> set[type[models.Model]]:
    """Models that are edited, or shown, on the page of another."""
    return {
        inline.model for model in REGISTERED for inline in admin.site.get_model_admin(model).inlines
    }


def name(model: type[models.Model], page: str) -> str:
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"


def test_every_model_is_in_the_admin() -> None:
    assert set(MODELS) - set(REGISTERED) - inlined() == set()


@pytest.mark.parametrize("key", ["9" * 5_000, "²", "\0"], ids=["long", "no digit", "NUL"])
@pytest.mark.parametrize("model", [Deal, Company, Country])
def test_an_address_with_a_number_that_none_can_have(
    client: Client, model: type[models.Model], key: str
) -> None:
    of_all = reverse(name(model, "changelist"))
    for answer in (
        client.get(f"{of_all}{key}/change/"),
        client.post(f"{of_all}{key}/change/", {"seen_at": "2026-11-22"}),
        client.get(f"{of_all}{key}/history/"),
    ):
        assert answer.status_code in {302, 404}


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label_lower)
def test_pages_of_a_model_open_under_the_strict_policy(
    client: Client, model: type[models.Model]
) -> None:
    pk = model._default_manager.values_list("pk", flat=True)[:1]
    addresses = [reverse(name(model, "changelist")) + "?q=kazakhstan"]
    for first in pk:
        addresses += [reverse(name(model, page), args=[first]) for page in ("change", "history")]
    if admin.site.get_model_admin(model).has_add_permission(request_of(client)):
        addresses.append(reverse(name(model, "add")))
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        text = response.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text), address
        assert not re.search(r"<[a-z][^>]*\sstyle=", text), address
        assert not re.search(r"<[a-z][^>]*\son[a-z]+=", text), address
        assert "no-store" in response.headers["Cache-Control"]
        assert "unsafe" not in response.headers["Content-Security-Policy"]


def request_of(client: Client) -> HttpRequest:
    return client.get("/admin/").wsgi_request


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label_lower)
def test_a_list_takes_few_queries(client: Client, model: type[models.Model]) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(reverse(name(model, "changelist")))
    assert len(queries) <= 14, [query["sql"][:150] for query in queries]


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label_lower)
def test_a_record_is_found_by_search_and_long_lists_complete(
    db: None, model: type[models.Model]
) -> None:
    page = admin.site.get_model_admin(model)
    assert page.search_fields
    assert page.list_display != ("__str__",)
    for each in [page, *(inline(model, admin.site) for inline in page.inlines)]:
        if isinstance(each, ReadOnly):
            continue
        shown = flatten(each.fields) if each.fields else None
        for column in [*each.model._meta.fields, *each.model._meta.many_to_many]:
            target = column.related_model
            if (
                not (isinstance(target, type) and issubclass(target, models.Model))
                or not column.editable
                or (shown is not None and column.name not in shown)
                or column.name == getattr(each, "fk_name", None)
                or (each is not page and target is model)
                or column.name in each.get_readonly_fields(RequestFactory().get("/"), model())
            ):
                continue
            if target._default_manager.count() > MANY:
                assert column.name in each.autocomplete_fields, f"{each.model}.{column.name}"


def test_the_deal_page_takes_few_queries(client: Client) -> None:
    deal = Deal.objects.get(key=COVE)
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("admin:deals_deal_change", args=[deal.pk]))
    # One a row and field that is chosen from a long list: Django asks for the chosen one.
    assert len(queries) <= 160, len(queries)


def test_groups_hold_what_their_people_need(db: None) -> None:
    held = {
        group: set(Group.objects.get(name=group).permissions.values_list("codename", flat=True))
        for group in (EDITORS, REVIEWERS)
    }
    assert held[EDITORS] < held[REVIEWERS]
    assert "publish_deal" in held[REVIEWERS] - held[EDITORS]
    assert {"change_company", "change_country", "delete_deal"} <= held[REVIEWERS] - held[EDITORS]
    assert {"add_deal", "change_deal", "delete_source", "add_company"} <= held[EDITORS]
    for permissions in held.values():
        assert not any(
            "edition" in codename and not codename.startswith("view_") for codename in permissions
        )
        assert not any(codename.endswith("audit") for codename in permissions)
