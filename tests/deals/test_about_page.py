"""/about/: method, vocabularies, rates, filters, licence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from deals.filters import DealFilterSet
from deals.labels import in_sentence, labels, vocabularies
from deals.models import ExchangeRate

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client: Client) -> str:
    response = client.get("/about/")
    assert response.status_code == 200
    return response.content.decode()


def test_every_code_stands_with_label_definition_and_origin(page: str) -> None:
    for vocabulary in vocabularies().values():
        assert escape(vocabulary.origin) in page
        for row in vocabulary.as_rows():
            assert f"<code>{row['code']}</code>" in page, row
            assert escape(row["definition"]) in page, row


def test_every_filter_stands_with_its_suffixes(client: Client, page: str) -> None:
    named = {
        name
        for row in client.get("/about/").context["filters"]
        for name in (row.name, *(f"{row.name}__{suffix}" for suffix in row.suffixes))
    }
    assert named == set(DealFilterSet.base_filters)
    for name in {name.partition("__")[0] for name in named}:
        assert f"<code>{name}</code>" in page, name


def test_every_suffix_is_explained(client: Client) -> None:
    context = client.get("/about/").context
    used = {suffix for row in context["filters"] for suffix in row.suffixes}
    assert used == set(context["variants"])


def test_every_rate_stands_in_the_table(client: Client) -> None:
    context = client.get("/about/").context
    shown = {rate.pk for _, row in context["rates"] for rate in row if rate}
    assert shown == set(ExchangeRate.objects.values_list("pk", flat=True))


def test_addresses_that_templates_link_to_exist(page: str) -> None:
    wanted = {
        match
        for app in ("config", "deals")
        for path in (Path(settings.BASE_DIR) / app).rglob("*.html")
        for match in re.findall(r"/about/#([\w-]+)", path.read_text())
    }
    assert {"licence", "cite", "method", "counted"} <= wanted
    for anchor in wanted:
        assert f'id="{anchor}"' in page, anchor


def test_contents_lead_to_every_section(page: str) -> None:
    sections = re.findall(r'<section id="([\w-]+)"', page)
    assert re.findall(r'<li><a href="#([\w-]+)">', page)[: len(sections)] == sections


def test_number_of_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(7):
        client.get("/about/")


@pytest.mark.parametrize(
    ("label", "within"),
    [
        ("Agreement signed", "agreement signed"),
        ("MoU signed", "MoU signed"),
        ("Loan", "loan"),
        ("up to", "up to"),
    ],
)
def test_labels_within_a_sentence(label: str, within: str) -> None:
    assert in_sentence(label) == within


def test_labels_hold_every_vocabulary() -> None:
    assert labels()["status"]["mou_signed"] == "MoU signed"
    assert labels()["policy_kind"]["export_ban"] == "Export ban"
    assert labels()["membership_status"]["observer"] == "Observer"
