"""/sources/."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from deals.models import Edition, EditionSource
from tests.deals.records import a_record, a_source, published, written

pytestmark = pytest.mark.django_db


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_every_page_of_a_published_deal_is_counted_once(client: Client) -> None:
    keys = set(
        EditionSource.objects.filter(edition__in=Edition.objects.current()).values_list(
            "url_key", flat=True
        )
    )
    assert client.get("/sources/").context["page"].count == len(keys)


def test_rows_are_in_order_of_the_deals_they_support(client: Client) -> None:
    counts = [len(row["uses"]) for row in client.get("/sources/").context["rows"]]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 1


def test_one_address_is_one_row_with_all_its_deals(client: Client) -> None:
    published(
        a_record(
            key="zz-one", title="Quetzal one", sources=[a_source(url="https://quetzal.org/a")]
        ),
        a_record(
            key="zz-two",
            title="Quetzal two",
            sources=[a_source(url="http://www.quetzal.org/a/?utm_source=x")],
        ),
    )
    response = client.get("/sources/?q=quetzal.org")
    (row,) = response.context["rows"]
    assert [use.edition.title for use in row["uses"]] == ["Quetzal one", "Quetzal two"]
    assert 'href="/deals/zz-one/#source-s1"' in response.content.decode()


def test_pages_of_drafts_do_not_show(client: Client) -> None:
    written(a_record(sources=[a_source(title="Quetzal report")]))
    assert "No page matches." in text_of(client, "/sources/?q=quetzal")


def test_narrowing_by_publisher_and_kind(client: Client) -> None:
    rows = client.get("/sources/?publisher=Qazinform").context["rows"]
    assert {row["source"].publisher for row in rows} == {"Qazinform"}
    rows = client.get("/sources/?kind=primary&kind=wire").context["rows"]
    assert {row["source"].kind for row in rows} <= {"primary", "wire"}
    assert client.get("/sources/?kind=unknown").context["rows"]


def test_a_chosen_publisher_stays_among_the_choices(client: Client) -> None:
    name = EditionSource.objects.order_by("publisher").values_list("publisher", flat=True)[0]
    response = client.get("/sources/", {"publisher": name, "kind": "wire"})
    assert name in [publisher for publisher, _, _ in response.context["publishers"]]


def test_counts_of_publishers_agree_with_the_list(client: Client) -> None:
    for name, pages, _ in client.get("/sources/").context["publishers"][:5]:
        response = client.get("/sources/", {"publisher": name})
        assert response.context["page"].count == pages, name


def test_wrong_kind_is_an_error_without_rows(client: Client) -> None:
    response = client.get("/sources/?kind=blog")
    assert response.status_code == 400
    assert response.context["rows"] == []


def test_before_the_first_edition_there_are_none(client: Client) -> None:
    response = client.get("/sources/?as_of=2020-01-01")
    assert response.context["page"].count == 0


def test_number_of_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(6):
        client.get("/sources/")


@pytest.mark.parametrize("parameter", ["q", "publisher", "kind", "page"])
@pytest.mark.parametrize("value", ["\x00", "\ud83d", "%", "9" * 400])
def test_no_value_breaks_the_list(client: Client, parameter: str, value: str) -> None:
    response = client.get(f"/sources/?{urlencode({parameter: value}, errors='surrogatepass')}")
    assert response.status_code in {200, 400, 404}
