"""The page of all values of a facet, which the rail also unfolds."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.deals.pages import links_in, words_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def test_it_lists_values_within_the_selection(client: Client) -> None:
    response = client.get("/deals/facets/company/", {"host": "KZ"})

    assert "Deals hosted in Kazakhstan." in words_of(response)
    assert 'name="company" value="kazatomprom"' in response.content.decode()
    assert "/deals/?host=KZ" in links_in(response)


def test_it_is_searched_whatever_the_case(client: Client) -> None:
    content = client.get("/deals/facets/company/", {"find": "KAZATOM"}).content.decode()

    assert 'value="kazatomprom"' in content
    assert 'value="glencore"' not in content
    assert "Nothing here is called" in words_of(
        client.get("/deals/facets/host/", {"find": "xyzzy"})
    )


def test_htmx_gets_the_values_alone(client: Client) -> None:
    content = client.get("/deals/facets/company/", headers=HTMX).content.decode()

    assert "<html" not in content
    assert content.count('type="checkbox"') == 100
    assert "page=2" in content


def test_what_is_wrong_is_refused(client: Client) -> None:
    assert client.get("/deals/facets/nonsense/").status_code == 404
    assert client.get("/deals/facets/host/", {"mineral": "tungstn"}).status_code == 400
    assert client.get("/deals/facets/host/", {"page": "99"}).status_code == 404
