"""Words that a search found, marked in the list: in titles, and where else they stand."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client

from deals.filters import DealFilterSet
from deals.highlighting import LONGEST, Match, matches
from deals.suggesting import records_named
from tests.deals.records import COVE_DEAL, a_record, a_source, published

pytestmark = pytest.mark.django_db


def match(text: str, key: str) -> Match:
    filterset = DealFilterSet(QueryDict(urlencode({"q": text})))
    editions = list(filterset.qs.filter(key=key).select_related("document"))
    return matches(filterset.search, editions, records_named(text))[key]


def test_words_of_the_title_are_marked_in_all_their_forms() -> None:
    published(a_record(key="zz-forms", title="Orléans refineries and a mine"))
    found = match("orleans refinery mines", "zz-forms")
    assert found.title == ("<mark>Orléans refineries</mark> and a <mark>mine</mark>")
    assert found.excerpt is None


def test_another_field_is_named_with_its_words() -> None:
    published(
        a_record(
            key="zz-fields",
            title="A deal of quaggas",
            summary="Two firms agree. Zebras are the yellow kind, it says.",
            terms=["First the wombats", "then the numbats"],
            sources=[a_source(publisher="The Bandicoot Post")],
        )
    )
    for text, place, excerpt in (
        (
            "quagga zebra",
            "summary",
            "Two firms agree. <mark>Zebras</mark> are the yellow kind, it says.",
        ),
        ("numbat", "terms", "then the <mark>numbats</mark>"),
        ("bandicoot", "sources", "The <mark>Bandicoot</mark> Post"),
        ("kazakhstan", "countries", "<mark>Kazakhstan</mark>"),
    ):
        found = match(text, "zz-fields")
        assert (found.place, found.excerpt) == (place, excerpt)


def test_other_names_say_whose_they_are() -> None:
    found = match("wolfram EXIM", COVE_DEAL)
    assert found.place in {
        "other names of Tungsten",
        "other names of Export-Import Bank of the United States",
        "summary",
    }
    assert "<mark>" in str(found.excerpt)
    published(a_record(key="zz-congo", countries=[{"country": "CD", "role": "host"}]))
    found = match("DRC", "zz-congo")
    assert (found.place, found.excerpt) == ("other names of DR Congo", "<mark>DRC</mark>")


def test_misspelt_names_mark_the_right_ones() -> None:
    assert "<mark>tungsten</mark>" in match("tungstn", COVE_DEAL).title
    assert "<mark>tungsten</mark>" in match("tugnsten", COVE_DEAL).title
    assert "<mark>Samruk</mark>" in match("Tau-Kan Samruk", COVE_DEAL).title


def test_a_phrase_is_marked_as_a_whole() -> None:
    published(
        a_record(key="zz-phrase", title="Yellow quagga, a zebra, yellow zebra"),
    )
    assert match('"yellow zebra"', "zz-phrase").title == (
        "Yellow quagga, a zebra, <mark>yellow zebra</mark>"
    )


def test_what_is_left_out_is_not_marked() -> None:
    published(a_record(key="zz-minus", title="Quagga mine", summary="About a quagga."))
    assert match("quagga -zebra", "zz-minus").title == "<mark>Quagga</mark> mine"


def test_texts_are_escaped() -> None:
    published(
        a_record(
            key="zz-xss",
            title='Quagga <img src=x onerror="alert(1)"> & co',
            summary="A <b>zebra</b> 'quoted' & \"said\".",
        )
    )
    found = match("quagga zebra", "zz-xss")
    assert found.title == (
        "<mark>Quagga</mark> &lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; co"
    )
    assert found.excerpt == (
        "A &lt;b&gt;<mark>zebra</mark>&lt;/b&gt; &#x27;quoted&#x27; &amp; &quot;said&quot;."
    )


def test_a_long_text_is_cut_between_words_around_the_first_word_found() -> None:
    summary = f"{'Some words before. ' * 20}The quagga comes here. {'Some words after. ' * 20}"
    published(a_record(key="zz-long", summary=summary.strip()))
    excerpt = str(match("quagga", "zz-long").excerpt)
    bare = re.sub("</?mark>", "", excerpt)
    assert excerpt.count("<mark>quagga</mark>") == 1
    assert excerpt.startswith("… ")
    assert excerpt.endswith(" …")
    assert len(bare) <= LONGEST + 4
    assert bare.strip("… ") in summary


# -- The page -------------------------------------------------------------------------------------


def test_the_list_marks_and_names_records(client: Client) -> None:
    text = client.get("/deals/", {"q": "wolfram"}).text
    assert 'Also: <a href="/minerals/tungsten/">Tungsten</a>' in text
    assert "in other names of Tungsten: <mark>wolfram</mark>" in text
    assert "<mark>" not in client.get("/deals/").text


def test_a_search_without_deals_still_leads_to_profiles(client: Client) -> None:
    text = client.get("/deals/", {"q": "Lithuania"}).text
    assert 'href="/countries/lt/"' in text


def test_no_query_a_row(client: Client, django_assert_max_num_queries: object) -> None:
    """Three more than without a search: what it names, what it means, and what is marked."""
    with django_assert_max_num_queries(60) as plain:  # type: ignore[operator]
        client.get("/deals/", {"mineral": "tungsten"})
    with django_assert_max_num_queries(60) as found:  # type: ignore[operator]
        client.get("/deals/", {"mineral": "tungsten", "q": "tungsten"})
    # The fourth looks up whether an edition has the words.
    assert len(found) <= len(plain) + 4
