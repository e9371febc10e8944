"""The list of deals: what it finds, what it says of it, and what it refuses."""

from __future__ import annotations

import datetime
import gzip
import re

import pytest
from django.http import QueryDict
from django.test import Client

from deals.filters import DealFilterSet
from deals.models import Edition
from tests.deals.pages import count_of, links_in, titles_in, words_of
from tests.deals.records import (
    COVE_DEAL,
    DFC,
    a_line,
    a_record,
    a_value,
    published,
    written,
)

pytestmark = pytest.mark.django_db
LIST = "/deals/"

type Query = dict[str, str | list[str]]


def test_it_lists_every_published_deal(client: Client) -> None:
    response = client.get(LIST)

    assert count_of(response) == Edition.objects.current().count() > 400
    assert len(titles_in(response)) == 50
    assert "All deals" in words_of(response)


def test_a_row_says_who_where_how_firm_and_how_much(client: Client) -> None:
    response = client.get(LIST, {"q": "Cove Kaz", "event": "c51-washington-2025"})
    words = words_of(response)

    assert "Joint venture · Cove Kaz Capital Group LLC 70% · Tau-Ken Samruk 30% +4" in words
    assert "6 Nov 2025" in words
    assert "$1.6bn indicated" in words
    assert "$1.1bn" in words
    assert f"/deals/{COVE_DEAL}/" in links_in(response)


@pytest.mark.parametrize(
    "query",
    [
        {"host": "KZ"},
        {"host": ["c5"], "mineral": ["tungsten"]},
        {"q": "wolfram"},
        {"mineral": ["rare-earths"], "status__not": ["mou_signed"]},
        {"provider": [DFC], "rung": ["committed"]},
        {"announced_after": "2025", "announced_before": "2025-12-31", "dates": "possible"},
        {"min_usd": "1000000000", "disputed": "true"},
        {"on": "2025-11-10", "status": ["announced"]},
        {"stage__empty": "true", "kind": ["loan", "grant"]},
    ],
)
def test_the_count_is_that_of_the_filters(client: Client, query: Query) -> None:
    response = client.get(LIST, query)
    found = DealFilterSet(response.wsgi_request.GET).qs

    assert count_of(response) == found.count() > 0
    assert len(titles_in(response)) == min(50, found.count())


def test_pages_together_are_the_whole_list(client: Client) -> None:
    pages = [client.get(LIST, {"page": n, "page_size": 200}) for n in (1, 2, 3)]
    keys = [
        href.removeprefix(LIST).rstrip("/")
        for page in pages
        for href in re.findall(r'class="deal-title" href="([^"?]*)', page.content.decode())
    ]

    assert len(keys) == len(set(keys)) == count_of(pages[0])


@pytest.mark.parametrize("ordering", ["title", "-title", "-value_usd", "announced_on", "status"])
def test_heads_sort_and_say_so(client: Client, ordering: str) -> None:
    response = client.get(LIST, {"ordering": ordering})
    content = response.content.decode()
    direction = "descending" if ordering.startswith("-") else "ascending"
    in_order = DealFilterSet(QueryDict(f"ordering={ordering}")).qs.values_list("title", flat=True)

    assert content.count("aria-sort=") == 1
    assert f'aria-sort="{direction}"' in content
    assert titles_in(response) == list(in_order[:50])


def test_the_selection_is_a_sentence_with_a_chip_for_each_choice(client: Client) -> None:
    response = client.get(
        LIST, {"mineral": ["tungsten", "antimony"], "host": "kz", "announced_after": "2024"}
    )
    words = words_of(response)

    assert "Tungsten or antimony deals hosted in Kazakhstan, announced since 2024" in words
    assert "Host: Kazakhstan remove" in words
    assert "Mineral: Antimony remove" in words
    assert "?mineral=antimony&host=kz&announced_after=2024" in set(links_in(response))


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"host__not": "CN"}, "Deals not hosted in China"),
        ({"partner__not": "CN"}, "Deals without China as partner"),
        ({"stage__empty": "true"}, "Deals whose project’s stage is not known"),
        ({"mineral__all": ["tungsten", "copper"]}, "Deals covering tungsten and copper"),
        ({"disputed": "false"}, "Deals without disputed facts"),
        ({"min_usd": "100000000"}, "Deals worth $100m or more"),
        ({"announced_after": "2025", "announced_before": "2025"}, "Deals announced in 2025"),
        ({"status": "mou_signed"}, "MoU-stage deals"),
        ({"rung": "committed"}, "Deals with money committed or firmer"),
        ({"q": "tungsten"}, "Deals matching “tungsten”"),
    ],
)
def test_each_kind_of_choice_has_its_phrase(client: Client, query: Query, sentence: str) -> None:
    assert f'id="selection-sentence">{sentence}<' in client.get(LIST, query).content.decode()


def test_choices_without_a_field_are_kept_by_the_form(client: Client) -> None:
    query = {"host__not": "CN", "company": DFC, "ordering": "title", "on": "2026-01-01"}
    content = client.get(LIST, query).content.decode()

    for name in ("host__not", "ordering", "on"):
        assert f'<input type="hidden" name="{name}" value="{query[name]}">' in content
    assert re.search(rf'name="company" value="{DFC}" checked', content)


def test_counts_stand_beside_the_options(client: Client) -> None:
    content = client.get(LIST, {"host": "KZ"}).content.decode()
    found = re.search(r'name="host" value="UZ".*?option-count">(\d+)<', content, re.DOTALL)

    assert found
    assert int(found[1]) == count_of(client.get(LIST, {"host": "UZ"}))


def test_money_says_what_is_left_out(client: Client) -> None:
    published(
        a_record(key="zz-a", financing=[a_line(usd=100_000_000)], title="Xylophone one"),
        a_record(key="zz-b", financing=[a_line(usd=None)], title="Xylophone two"),
        a_record(key="zz-c", title="Xylophone three"),
    )
    words = words_of(client.get(LIST, {"q": "xylophone"}))

    assert "Committed $100m 2 deals" in words
    assert "Disbursed nothing no deal" in words
    assert "1 of 3 deals have no financing on record." in words
    assert "Left out: 1 financing line of unknown amount." in words


def test_marks_stand_under_the_title(client: Client) -> None:
    published(
        a_record(
            title="Xylophone",
            status="announced",
            announced_on="2015",
            value=a_value(basis="programme"),
            disputes=[{"ref": "d1", "fact": "value", "note": "One says less.", "status": "open"}],
        )
    )
    words = words_of(client.get(LIST, {"q": "xylophone"}))

    assert "not in sums" in words
    assert "presumed lapsed" in words
    assert "disputed" in words


def test_dates_that_are_too_vague_are_counted_and_can_be_included(client: Client) -> None:
    published(
        a_record(key="zz-a", title="Xylophone", announced_on="2025"),
        a_record(key="zz-b", title="Xylophone", announced_on="2025-07-01"),
    )
    query = {"q": "xylophone", "announced_after": "2025-06"}
    response = client.get(LIST, query)

    assert count_of(response) == 1
    assert "1 deal left out, since its date is not known closely enough" in words_of(response)
    assert "?q=xylophone&announced_after=2025-06&dates=possible" in links_in(response)
    assert count_of(client.get(LIST, query | {"dates": "possible"})) == 2


def test_a_word_with_a_typing_error_is_named(client: Client) -> None:
    words = words_of(client.get(LIST, {"q": "Samrukk"}))

    assert "No deal has “Samrukk”. Names that look like it are shown." in words


def test_an_empty_selection_says_which_choice_to_drop(client: Client) -> None:
    response = client.get(LIST, {"host": "KZ", "min_usd": "900000000000"})

    assert response.status_code == 200
    assert count_of(response) == 0
    words = words_of(response)
    assert "No deal fits all of this." in words
    without = count_of(client.get(LIST, {"host": "KZ"}))
    assert f"Without value: $900bn or more there are {without} deals." in words
    assert "?host=KZ" in links_in(response)


def test_an_empty_selection_names_each_choice_that_would_help(client: Client) -> None:
    words = words_of(client.get(LIST, {"event": "c51-washington-2025", "stale": "true"}))

    for said, query in (
        ("stale: yes", {"event": "c51-washington-2025"}),
        ("event: C5+1 Washington summit 2025", {"stale": "true"}),
    ):
        count = count_of(client.get(LIST, query))
        assert f"Without {said} there are {count} deals." in words


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"status": "anounced"}, "status: anounced. “anounced” is not a status."),
        ({"host": "XX"}, "host: XX."),
        ({"announced_after": "soon"}, "announced_after: soon."),
        ({"min_usd": "much"}, "min_usd: much."),
        ({"as_of": "2999-01-01"}, "as_of: 2999-01-01."),
        ({"ordering": "luck"}, "ordering: luck."),
        ({"page": "two"}, "page: two."),
        ({"page_size": "5000"}, "page_size: 5000."),
        ({"q": "x" * 201}, "q: "),
        ({"mineral": ["tungsten", "unobtainium"]}, "mineral: unobtainium."),
    ],
)
def test_a_wrong_value_shows_its_error_and_no_rows(client: Client, query: Query, said: str) -> None:
    response = client.get(LIST, query)

    assert response.status_code == 400
    assert said in words_of(response)
    assert titles_in(response) == []
    assert count_of(response) == 0


@pytest.mark.parametrize("name", ["q", "host", "announced_after", "as_of", "page"])
def test_control_characters_are_refused_and_not_sent_back(client: Client, name: str) -> None:
    response = client.get(LIST, {name: "a\0b"})

    assert response.status_code == 400
    assert b"\0" not in response.content


def test_a_near_miss_links_to_the_right_value(client: Client) -> None:
    response = client.get(LIST, {"status": "anounced", "host": "KZ"})

    assert "?status=announced&host=KZ" in links_in(response)


def test_unknown_parameters_are_ignored(client: Client) -> None:
    response = client.get(LIST, {"utm_source": "mail", "host": "KZ"})

    assert response.status_code == 200
    assert not any("utm_source" in href for href in links_in(response) if "export" in href)


def test_a_page_behind_the_last_is_not_found(client: Client) -> None:
    assert client.get(LIST, {"page": "99"}).status_code == 404


def test_text_of_a_search_is_escaped(client: Client) -> None:
    content = client.get(LIST, {"q": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert" not in content


def test_a_draft_is_in_no_list(client: Client) -> None:
    written(a_record(key="zz-draft", title="Quagga deal", financing=[a_line(usd=7)]))

    assert count_of(client.get(LIST, {"q": "quagga"})) == 0
    assert b"Quagga" not in client.get(LIST, {"page_size": "500"}).content


def test_as_of_a_day_is_marked_and_can_be_left(client: Client) -> None:
    today = datetime.datetime.now(datetime.UTC).date()
    response = client.get(LIST, {"as_of": str(today), "host": "KZ"})

    assert "Deals as Lodebook had published them by the end of that day" in words_of(response)
    assert "?host=KZ" in links_in(response)
    assert any(href.endswith(f"/?as_of={today}") for href in links_in(response))


def test_before_the_first_edition_it_says_since_when_there_are_deals(client: Client) -> None:
    response = client.get(LIST, {"as_of": "2020-01-01"})

    assert count_of(response) == 0
    assert "It publishes since" in words_of(response)


def test_on_a_day_the_world_stands_as_it_did(client: Client) -> None:
    response = client.get(LIST, {"on": "2025-11-10", "q": "Cove Kaz Tau-Ken"})

    words = words_of(response)
    assert "The world on 10 Nov 2025." in words
    assert "$900m indicated" in words


def test_htmx_gets_the_part_that_changes(client: Client) -> None:
    response = client.get(
        LIST, {"host": "KZ", "q": "", "page": "1"}, headers={"HX-Request": "true"}
    )
    content = response.content.decode()

    assert "<html" not in content
    # The title goes first: htmx takes the first that it finds, and drawings have some too.
    assert content.lstrip().startswith("<title>Deals hosted in Kazakhstan · Lodebook</title>")
    assert '<div class="results" id="results">' in content
    assert 'id="facets" hx-swap-oob="true"' in content
    assert count_of(response) == count_of(client.get(LIST, {"host": "KZ"}))
    assert response["HX-Push-Url"] == "/deals/?host=KZ"
    assert "HX-Request" in response["Vary"]


def test_htmx_gets_errors_too(client: Client) -> None:
    response = client.get(LIST, {"status": "foo"}, headers={"HX-Request": "true"})

    assert response.status_code == 200
    assert "“foo” is not a status." in words_of(response)


def test_fields_left_blank_do_not_stay_in_the_address(client: Client) -> None:
    """A browser without JavaScript sends every field of the form."""
    response = client.get(LIST, {"q": "", "host": ["", "KZ"], "status": ""})

    assert (response.status_code, response["Location"]) == (302, "/deals/?host=KZ")
    assert client.get(LIST, {"q": ""})["Location"] == "/deals/"


def test_going_back_gets_the_whole_page(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}

    assert "<html" in client.get(LIST, headers=headers).content.decode()


def test_files_and_api_get_the_same_selection(client: Client) -> None:
    found = set(links_in(client.get(LIST, {"host": "KZ", "page": "1", "page_size": "20"})))

    for path in ("/deals/export.csv", "/deals/export.ndjson", "/api/v1/deals/", "/deals/feed.atom"):
        assert any(href.endswith(f"{path}?host=KZ") for href in found), path


def test_the_page_is_light(client: Client) -> None:
    assert len(gzip.compress(client.get(LIST).content)) < 30_000
