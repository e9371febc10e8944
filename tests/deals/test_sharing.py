"""What is told of our pages elsewhere: cards, shared links, maps of the site, schema.org."""

from __future__ import annotations

import html
import json
import re
import struct
from xml.etree import ElementTree

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from countries.models import Country
from deals.models import Company, Deal, Edition, Event
from deals.publishing import withdraw
from minerals.models import Mineral, PolicyMeasure
from tests.deals.records import COVE_DEAL, a_record, published, written

pytestmark = pytest.mark.django_db

EXIM = "export-import-bank-of-the-united-states"
C5 = "c51-washington-2025"
CARDS = [
    "/cards/home.png",
    "/cards/deals.png?host=KZ&mineral=tungsten",
    f"/cards/deals/{COVE_DEAL}.png",
    "/cards/countries/kz.png",
    "/cards/countries/aq.png",
    "/cards/minerals/rare-earths.png",
    f"/cards/companies/{EXIM}.png",
    f"/cards/events/{C5}.png",
]
PAGES = [
    "/",
    "/deals/",
    "/deals/?host=KZ&mineral=tungsten",
    f"/deals/{COVE_DEAL}/",
    "/countries/kz/",
    "/minerals/tungsten/",
    f"/companies/{EXIM}/",
    f"/events/{C5}/",
    "/companies/",
    "/about/",
]


def metas(client: Client, path: str) -> dict[str, str]:
    """The tags of a page by name, with its canonical address."""
    page = client.get(path).content.decode()
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', page)
    canonical = re.findall(r'<link rel="canonical" href="([^"]*)"', page)
    return {
        **{name: html.unescape(content) for name, content in found},
        "canonical": html.unescape(canonical[0]) if canonical else "",
    }


@pytest.mark.parametrize("path", CARDS)
def test_a_card_is_a_png_of_the_size_that_others_show(client: Client, path: str) -> None:
    response = client.get(path)
    assert response["Content-Type"] == "image/png"
    assert response.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", response.content[16:24]) == (1200, 630)
    assert len(response.content) < 150_000


def test_every_measure_has_a_card(client: Client) -> None:
    measure = PolicyMeasure.objects.order_by("-title")[0]
    assert client.get(f"/cards/policies/{measure.key}.png").status_code == 200


def test_long_titles_and_strange_letters_have_room(client: Client) -> None:
    published(a_record(title="Überlange Vereinbarung 中文 <b>&</b> " * 5))
    response = client.get("/cards/deals/zz-test-deal.png")
    assert struct.unpack(">II", response.content[16:24]) == (1200, 630)


def test_drafts_and_withdrawn_deals_have_no_card(client: Client) -> None:
    document = a_record()
    written(document)
    assert client.get("/cards/deals/zz-test-deal.png").status_code == 404
    published(document)
    assert client.get("/cards/deals/zz-test-deal.png").status_code == 200
    withdraw(Deal.objects.get(key="zz-test-deal"), by=None, reason="Published by mistake.")
    assert client.get("/cards/deals/zz-test-deal.png").status_code == 404


def test_a_wrong_selection_has_no_card(client: Client) -> None:
    assert client.get("/cards/deals.png?host=XX").status_code == 400


@pytest.mark.parametrize("path", PAGES)
def test_pages_say_what_a_shared_link_shows(client: Client, path: str) -> None:
    tags = metas(client, path)
    page = client.get(path).content.decode()
    title = html.unescape(re.findall(r"<title>([^<]*)</title>", page)[0])
    assert title.startswith(tags["og:title"])
    assert tags["og:description"] == tags["description"]
    assert tags["og:url"] == tags["canonical"] == f"http://testserver{path}"
    picture = tags["og:image"].removeprefix("http://testserver")
    assert client.get(picture)["Content-Type"] == "image/png"


def test_pages_of_a_kind_have_titles_of_their_own(client: Client) -> None:
    titles = [metas(client, path)["og:title"] for path in PAGES]
    assert len(set(titles)) == len(titles)


def test_a_selection_has_one_address_however_it_was_put_together(client: Client) -> None:
    one = metas(client, "/deals/?mineral=tungsten&host=UZ&host=KZ&view=charts&ordering=title")
    other = metas(client, "/deals/?host=KZ&host=UZ&mineral=tungsten&page_size=20")
    assert one["canonical"] == other["canonical"]
    assert one["canonical"].endswith("/deals/?host=KZ&host=UZ&mineral=tungsten")
    second = metas(client, "/deals/?page=2")
    assert second["canonical"].endswith("/deals/?page=2")


@pytest.mark.parametrize("path", ["/", "/deals/"])
def test_the_data_set_is_described(client: Client, path: str) -> None:
    published(a_record(title="</script><b>", announced_on="2026-11-01"))
    page = client.get(path).content.decode()
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    (described,) = [json.loads(block) for block in blocks]
    assert described["@type"] == "Dataset"
    assert described["license"].startswith("https://creativecommons.org/licenses/by/4.0")
    assert len(described["description"]) >= 50
    newest = Edition.objects.current().latest("published_at").published_at
    assert described["dateModified"] == newest.isoformat(timespec="seconds")
    for download in described["distribution"]:
        file = client.get(download["contentUrl"].removeprefix("http://testserver"))
        assert file.status_code == 200
        b"".join(getattr(file, "streaming_content", ()))
        assert file["Content-Type"].split(";")[0] == download["encodingFormat"]


def test_a_selection_is_no_data_set_of_its_own(client: Client) -> None:
    assert "ld+json" not in client.get("/deals/?host=KZ").content.decode()


# -- Maps of the site ------------------------------------------------------------------------------


def places(client: Client, path: str) -> dict[str, str]:
    """Addresses of a map, each with the day of its last change."""
    response = client.get(path)
    assert response.status_code == 200, path
    assert response["Content-Type"].startswith("application/xml")
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    return {
        node.findtext(f"{space}loc", ""): node.findtext(f"{space}lastmod", "")
        for node in ElementTree.fromstring(response.content)
    }


def test_the_index_leads_to_every_public_page(client: Client) -> None:
    maps = places(client, "/sitemap.xml")
    paths = [
        address.removeprefix("http://testserver")
        for part in maps
        for address in places(client, part.removeprefix("http://testserver"))
    ]
    assert len(set(paths)) == len(paths)
    expected = (
        {f"/deals/{key}/" for key in Edition.objects.current().values_list("key", flat=True)}
        | {country.get_absolute_url() for country in Country.objects.all()}
        | {mineral.get_absolute_url() for mineral in Mineral.objects.all()}
        | {company.get_absolute_url() for company in Company.objects.public()}
        | {event.get_absolute_url() for event in Event.objects.public()}
        | {measure.get_absolute_url() for measure in PolicyMeasure.objects.all()}
    )
    assert expected <= set(paths)
    assert {"/", "/deals/", "/about/", "/sources/"} == set(paths) - expected - {
        *("/countries/", "/minerals/", "/companies/", "/events/", "/policies/"),
    }


def test_what_a_map_names_is_there(client: Client) -> None:
    for part in places(client, "/sitemap.xml"):
        addresses = list(places(client, part.removeprefix("http://testserver")))
        for address in (addresses[0], addresses[-1]):
            assert client.get(address.removeprefix("http://testserver")).status_code == 200, address


def test_dates_are_those_of_editions(client: Client) -> None:
    (edition,) = published(a_record())
    day = edition.published_at.date().isoformat()
    deals = places(client, "/sitemap-deals.xml")
    assert deals["http://testserver/deals/zz-test-deal/"] == day
    assert places(client, "/sitemap-countries.xml")["http://testserver/countries/kz/"] == day


def test_maps_hold_nothing_unpublished(client: Client) -> None:
    Company.objects.create(slug="quetzal-mines", name="Quetzal Mines", type="company")
    document = a_record(parties=[{"ref": "p1", "company": "quetzal-mines", "role": "seller"}])
    written(document)
    for part in ("deals", "companies"):
        found = " ".join(places(client, f"/sitemap-{part}.xml"))
        assert "quetzal" not in found
        assert "zz-test-deal" not in found
    published(document)
    assert "quetzal" in " ".join(places(client, "/sitemap-companies.xml"))


@pytest.mark.parametrize("path", ["/sitemap-nothing.xml", "/sitemap-deals.xml?p=9"])
def test_no_such_map_is_404(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_robots_are_told_of_the_maps_and_kept_from_countless_selections(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in text
    assert "Disallow: /deals/*?*&" in text
    assert "Disallow: /admin/" in text


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/sitemap-deals.xml", 2),
        ("/sitemap-companies.xml", 2),
        ("/cards/countries/kz.png", 4),
        (f"/cards/deals/{COVE_DEAL}.png", 1),
    ],
)
def test_number_of_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, path: str, queries: int
) -> None:
    client.get(path)
    with django_assert_num_queries(queries):
        client.get(path)
