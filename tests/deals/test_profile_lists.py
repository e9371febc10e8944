"""What the lists of countries, minerals, companies, events, policies and sources have in common."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from deals.models import Company, Event
from minerals.models import PolicyMeasure
from tests.deals.pages import words_of

pytestmark = pytest.mark.django_db

LISTS = ["/countries/", "/minerals/", "/companies/", "/events/", "/policies/", "/sources/"]
PAGED = LISTS[2:]


@pytest.mark.parametrize("path", PAGED)
@pytest.mark.parametrize("query", ["page=x", "page=0", "page=-1", "page_size=9000"])
def test_a_number_that_is_none_is_named_and_shows_no_rows(
    client: Client, path: str, query: str
) -> None:
    response = client.get(f"{path}?{query}")
    name, value = query.split("=")
    assert response.status_code == 400
    assert f"{name}: {value}. “{value}” is not a whole number" in words_of(response)
    assert not list(response.context["page"])


@pytest.mark.parametrize("path", PAGED)
def test_a_page_behind_the_last_is_404(client: Client, path: str) -> None:
    assert client.get(f"{path}?page=9999").status_code == 404


@pytest.mark.parametrize("path", PAGED)
def test_pages_have_as_many_rows_as_asked(client: Client, path: str) -> None:
    response = client.get(f"{path}?page_size=3&page=2")
    assert len(response.context["page"]) == 3
    assert "page_size=3" in response.context["page"].next_query


@pytest.mark.parametrize("path", LISTS)
def test_a_text_too_long_to_search_for_is_named_and_not_cut(client: Client, path: str) -> None:
    response = client.get(path, {"q": "tungsten " * 30})
    assert response.status_code == 400
    assert "At most 200 characters are read, and this has 269." in words_of(response)


@pytest.mark.parametrize("path", LISTS)
def test_a_zero_byte_is_named(client: Client, path: str) -> None:
    response = client.get(path, {"q": "tin\0"})
    assert response.status_code == 400
    assert "U+0000" in words_of(response)


@pytest.mark.parametrize("path", LISTS)
def test_an_unknown_order_is_named_with_the_nearest(client: Client, path: str) -> None:
    response = client.get(f"{path}?ordering=dealz")
    assert response.status_code == 400
    assert "“dealz” is not an order." in words_of(response)


def test_too_many_publishers_are_refused(client: Client) -> None:
    response = client.get("/sources/", {"publisher": [f"P{number}" for number in range(51)]})
    assert response.status_code == 400
    assert "At most 50 values" in words_of(response)


def rows_at(client: Client, path: str) -> Any:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.context["rows"]


def test_companies_sort_by_name_type_home_and_deals(client: Client) -> None:
    size = "page_size=500"
    down = [deals for _, deals in rows_at(client, f"/companies/?ordering=-deals&{size}")]
    assert down == sorted(down, reverse=True)
    assert down[0] > 10
    names = [company.sort_name for company, _ in rows_at(client, f"/companies/?{size}")]
    assert names == sorted(names)
    turned = [c.sort_name for c, _ in rows_at(client, f"/companies/?ordering=-name&{size}")]
    assert turned[0] == Company.objects.public().order_by("-sort_name")[0].sort_name
    homes = [c.country for c, _ in rows_at(client, f"/companies/?ordering=country&{size}")]
    known = [home.sort_name for home in homes if home]
    assert known == sorted(known)
    assert None not in homes[: len(known)]


def test_events_sort_and_narrow_by_words_and_country(client: Client) -> None:
    rows = rows_at(client, "/events/?ordering=-headline_usd&page_size=500")
    stated = [sums["headline_usd"] for _, sums in rows if sums["headline_usd"] is not None]
    assert stated == sorted(stated, reverse=True)
    assert all(sums["headline_usd"] is None for _, sums in rows[len(stated) :])
    assert len(rows) == Event.objects.public().count()
    tokyo = {event.city for event, _ in rows_at(client, "/events/?q=tokyo")}
    assert tokyo == {"Tokyo"}
    with_kazakhstan = {event.key for event, _ in rows_at(client, "/events/?country=kz")}
    assert "c51-washington-2025" in with_kazakhstan
    assert with_kazakhstan < {event.key for event, _ in rows}
    assert client.get("/events/?country=aq").status_code == 400


def test_policies_narrow_by_country_and_mineral_and_sort(client: Client) -> None:
    on_tungsten = client.get("/policies/?mineral=tungsten").context["measures"]
    assert {m.key for m in on_tungsten} == set(
        PolicyMeasure.objects.filter(minerals__slug="tungsten").values_list("key", flat=True)
    )
    of_kazakhstan = client.get("/policies/?country=kz").context["measures"]
    assert len(of_kazakhstan) > 3
    titles = [m.title.lower() for m in client.get("/policies/?ordering=title").context["measures"]]
    assert titles == sorted(titles)
    assert client.get("/policies/?mineral=unobtainium").status_code == 400


def test_countries_and_minerals_sort_within_their_groups(client: Client) -> None:
    for region in client.get("/countries/?ordering=-partner").context["regions"]:
        partnered = [row[2] for row in region.rows]
        assert partnered == sorted(partnered, reverse=True)
    for _, nodes in client.get("/minerals/?ordering=name").context["families"]:
        names = [node.mineral.sort_name for node in nodes]
        assert names == sorted(names)


def test_sources_sort_by_publisher_and_date(client: Client) -> None:
    size = "page_size=500"
    found = client.get(f"/sources/?ordering=publisher&{size}").context["page"]
    names = [row["name"] for row in found]
    assert names[0] <= names[-1]
    dated = [
        row["latest"]
        for row in client.get(f"/sources/?ordering=-published_on&{size}").context["page"]
    ]
    known = [day for day in dated if day]
    assert known == sorted(known, reverse=True)
