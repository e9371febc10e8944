"""/policies/ and /policies/<key>/."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from deals.models import Edition
from deals.views.policies import deals_under
from minerals.models import PolicyMeasure
from tests.deals.records import a_record, published, written

pytestmark = pytest.mark.django_db

TUNGSTEN_CONTROL = "cn-tungsten-indium-tellurium-bismuth-molybdenum-2025"
US_BAN = "cn-us-ban-gallium-germanium-antimony"


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_list_holds_every_measure_latest_first_and_undated_last(client: Client) -> None:
    measures = list(client.get("/policies/").context["measures"])
    assert len(measures) == PolicyMeasure.objects.count()
    dates = [(m.announced_on or m.in_force_on) for m in measures]
    dated = [date.earliest for date in dates if date]
    assert dated == sorted(dated, reverse=True)
    assert all(date is None for date in dates[len(dated) :])


def test_list_narrows_by_form_and_state(client: Client) -> None:
    context = client.get("/policies/?kind=export_control&status=suspended").context
    assert {(m.kind, m.status) for m in context["measures"]} == {("export_control", "suspended")}


def test_choices_that_meet_in_no_measure_say_so(client: Client) -> None:
    page = text_of(client, "/policies/?kind=stockpile&status=ended")
    assert "No measure fits all of this." in page


@pytest.mark.parametrize("query", ["kind=embargo", "status=dead"])
def test_wrong_choice_is_an_error_without_rows(client: Client, query: str) -> None:
    response = client.get(f"/policies/?{query}")
    assert response.status_code == 400
    assert not response.context["measures"]


def test_every_measure_has_a_page(client: Client) -> None:
    for measure in PolicyMeasure.objects.all():
        page = text_of(client, measure.get_absolute_url())
        assert "What it may bear on" in page


def test_a_measure_on_minerals_leads_to_their_deals(client: Client) -> None:
    minerals = list(
        PolicyMeasure.objects.get(key=TUNGSTEN_CONTROL).minerals.values_list("slug", flat=True)
    )
    response = client.get(f"/policies/{TUNGSTEN_CONTROL}/")
    expected = Edition.objects.current().filter(minerals__overlap=minerals).count()
    assert response.context["counts"]["deals"] == expected > 0
    assert "mineral=tungsten" in response.content.decode()


def test_a_measure_on_countries_and_minerals_needs_both(client: Client) -> None:
    before = client.get(f"/policies/{US_BAN}/").context["counts"]["deals"]
    published(
        a_record(key="zz-one", minerals=["gallium"]),
        a_record(key="zz-two", minerals=["gallium"], countries=[{"country": "US", "role": "host"}]),
    )
    assert client.get(f"/policies/{US_BAN}/").context["counts"]["deals"] == before + 1


def test_the_link_gives_the_same_deals_as_the_list(client: Client) -> None:
    for measure in PolicyMeasure.objects.all():
        response = client.get(measure.get_absolute_url())
        counted = response.context["counts"]["deals"]
        if not counted:
            continue
        link = client.get("/api/v1/deals/", response.context["filters"])
        assert link.json()["count"] == counted, measure


def test_unknown_measure_is_404(client: Client) -> None:
    assert client.get("/policies/no-such-law/").status_code == 404


def test_draft_does_not_show(client: Client) -> None:
    written(a_record(title="Quetzal venture", minerals=["tungsten"], announced_on="2026-11-01"))
    assert "Quetzal" not in text_of(client, f"/policies/{TUNGSTEN_CONTROL}/")


def test_before_the_first_edition_there_are_no_deals(client: Client) -> None:
    response = client.get(f"/policies/{TUNGSTEN_CONTROL}/?as_of=2020-01-01")
    assert response.context["counts"]["deals"] == 0


@pytest.mark.parametrize(
    ("path", "queries"), [("/policies/", 3), (f"/policies/{TUNGSTEN_CONTROL}/", 9)]
)
def test_number_of_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, path: str, queries: int
) -> None:
    with django_assert_num_queries(queries):
        client.get(path)


def test_a_deal_names_the_measures_whose_pages_list_it() -> None:
    measures = list(PolicyMeasure.objects.prefetch_related("targets", "minerals"))
    applying = 0
    for edition in Edition.objects.current().order_by("key")[::9]:
        found = PolicyMeasure.objects.applying_to(
            places=edition.countries, minerals=edition.minerals
        )
        listing = {
            measure.key
            for measure in measures
            if deals_under(
                Edition.objects.filter(pk=edition.pk),
                measure,
                list(measure.targets.all()),
                list(measure.minerals.all()),
            ).exists()
        }
        assert {measure.key for measure in found} == listing, edition.key
        applying += len(listing)
    assert applying > 50


def test_what_it_bears_on_is_counted_by_mineral_and_since_when(client: Client) -> None:
    context = client.get(f"/policies/{TUNGSTEN_CONTROL}/").context
    tungsten = client.get("/deals/?mineral=tungsten").context["count"]
    assert context["by_mineral"]["tungsten"] == tungsten
    assert 0 < context["after"] < context["counts"]["deals"]
    minerals = "&".join(f"mineral={mineral.slug}" for mineral in context["minerals"])
    later = client.get(f"/deals/?{minerals}&announced_after=2025-02-05").context["count"]
    assert context["after"] == later
