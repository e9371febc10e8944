"""Suggestions while a reader types: what is found, in which order, and nothing unpublished."""

from __future__ import annotations

import pytest
from django.test import Client

from deals.models import Company, Event
from deals.suggesting import Hit, records_named, suggest
from tests.deals.records import a_record, published, written

pytestmark = pytest.mark.django_db


def hits(text: str, *kinds: str) -> list[Hit]:
    return [hit for group in suggest(text, kinds) for hit in group.hits]


def first(text: str) -> tuple[str, str]:
    hit = hits(text)[0]
    return hit.kind.name, hit.key


@pytest.mark.parametrize(
    ("typed", "kind", "key"),
    [
        ("tung", "mineral", "tungsten"),
        ("wolfram", "mineral", "tungsten"),
        ("lithum", "mineral", "lithium"),
        ("W", "mineral", "tungsten"),
        ("REE", "mineral", "rare-earths"),
        ("kazahstan", "country", "KZ"),
        ("Kazakh", "country", "KZ"),
        ("drc", "country", "CD"),
        ("COD", "country", "CD"),
        ("ivory coast", "country", "CI"),
        ("cote d'ivoire", "country", "CI"),
        ("c5", "bloc", "c5"),
        ("exim", "company", "export-import-bank-of-the-united-states"),
        ("tau-kan samruk", "company", "tau-ken-samruk"),
        ("Tau Kan Samruk", "company", "tau-ken-samruk"),
        ("c5+1 wash", "event", "c51-washington-2025"),
        ("uk kazakh", "deal", "kz-uk-critical-minerals-2026"),
    ],
)
def test_what_is_meant_comes_first(typed: str, kind: str, key: str) -> None:
    assert first(typed) == (kind, key)


def test_what_begins_so_comes_before_what_has_it_inside_and_more_deals_before_fewer() -> None:
    minerals = hits("co", "mineral")
    assert [hit.key for hit in minerals[:2]] == ["cobalt", "copper"]
    rare = hits("rare", "mineral")
    assert [hit.key for hit in rare] == ["rare-earths", "light-rare-earths", "heavy-rare-earths"]
    assert [hit.deals for hit in rare] == sorted((hit.deals for hit in rare), reverse=True)


def test_a_right_word_is_not_mixed_with_similar_ones() -> None:
    assert all("ithuan" not in hit.name for hit in hits("lithium"))


def test_groups_are_short_and_named() -> None:
    groups = suggest("us")
    assert groups[0].label == "Countries and blocs"
    assert all(1 <= len(group.hits) <= 5 for group in groups)
    assert len({group.label for group in groups}) == len(groups)


def test_kinds_can_be_chosen() -> None:
    assert {hit.kind.name for hit in hits("c", "country", "bloc")} == {"country", "bloc"}
    assert {hit.kind.name for hit in hits("cove", "deal")} == {"deal"}


def test_nothing_unpublished_is_suggested() -> None:
    Company.objects.create(slug="zzyx-hidden", name="Zzyx Hidden Mining", type="company")
    Event.objects.create(
        key="zzyx-summit", name="Zzyx summit", happened_on="2025-01-01", summary="A summit."
    )
    written(a_record(key="zzyx-draft", title="Zzyx draft deal"))
    assert hits("zzyx") == []
    published(a_record(key="zzyx-public", title="Zzyx public deal"))
    assert [hit.key for hit in hits("zzyx")] == ["zzyx-public"]


def test_names_of_drafts_do_not_take_the_place_of_public_ones() -> None:
    Company.objects.bulk_create(
        Company(slug=f"zzyx-{n}", name=f"Zzyxabrand Mining {n}", type="company", sort_name="zzyx")
        for n in range(40)
    )
    shown = {"slug": "zzyx-shown", "name": "Zzyxabrand Minings of the East", "type": "company"}
    Company.objects.create(**shown)
    published(a_record(parties=[{"ref": "p1", "company": "zzyx-shown", "role": "partner"}]))

    assert [hit.key for hit in hits("zzyxabrant mining", "company")] == ["zzyx-shown"]


def test_what_was_typed_is_marked_and_the_rest_escaped() -> None:
    published(a_record(key="zz-xss", title='Zzyx <script>alert("1")</script> & Émile mine'))
    (hit,) = hits("zzyx emil")
    assert str(hit.label) == (
        "<mark>Zzyx</mark> &lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; "
        "&amp; <mark>Émil</mark>e mine"
    )
    (tungsten,) = hits("wolfram", "mineral")
    assert str(tungsten.label) == "Tungsten"
    assert str(tungsten.alias_label) == "<mark>wolfram</mark>"


def test_records_that_a_search_names() -> None:
    def named(text: str) -> set[tuple[str, str]]:
        return {(hit.kind.name, hit.key) for hit in records_named(text)}

    assert named("tungsten kazakhstan") == {("mineral", "tungsten"), ("country", "KZ")}
    assert ("mineral", "rare-earths") in named('"rare earths" -china')
    assert ("country", "CN") not in named('"rare earths" -china')
    assert named("tau-kan samruk") == {("company", "tau-ken-samruk")}
    assert named("-tungsten") == set()
    assert named("the of and") == set()


# -- The address ----------------------------------------------------------------------------------


def test_the_options_of_a_list_box(client: Client) -> None:
    response = client.get("/suggest/", {"q": "wolfram"})
    assert response.status_code == 200
    text = response.text
    assert 'role="group" aria-label="Minerals"' in text
    assert 'role="option"' in text
    assert 'href="/minerals/tungsten/"' in text
    assert "<html" not in text
    assert "public" in response["Cache-Control"]
    assert response["ETag"]


def test_nothing_found_says_what_enter_does(client: Client) -> None:
    assert "Enter searches" in client.get("/suggest/", {"q": "qqqqqq"}).text


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({}, "q"),
        ({"q": "  "}, "q"),
        ({"q": "a" * 201}, "q"),
        ({"q": "a\x00b"}, "q"),
        ({"q": "tin", "kind": "minerl"}, "kind"),
        ({"q": "tin", "page": "2"}, "page"),
    ],
)
def test_a_wrong_question_is_answered_with_the_way_out(
    client: Client, query: dict[str, str], parameter: str
) -> None:
    response = client.get("/suggest/", query)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert [error["parameter"] for error in response.json()["errors"]] == [parameter]


ODD_TEXTS = ["%", "_", "\\", "'", '"', "&|!:*()", "<->", "é" * 200, "日本", "😀"]


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_any_letters_are_answered(client: Client, text: str) -> None:
    assert client.get("/suggest/", {"q": text}).status_code == 200


def test_two_queries(client: Client, django_assert_num_queries: object) -> None:
    client.get("/suggest/", {"q": "kaz"})
    with django_assert_num_queries(2):  # type: ignore[operator]
        client.get("/suggest/", {"q": "kazakh"})
