"""Searches answered from memory: the same as the database finds, each word asked for once."""

from __future__ import annotations

import pytest
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from deals.bitmap_index import selected
from deals.bitmap_index.keeping import held_now
from deals.bitmap_index.masks import Masks
from deals.search import Term
from tests.deals.records import a_record, published
from tests.deals.test_bitmap_index import agree, asked, indexed

__all__ = ["indexed"]

SEARCHES = (
    "tungsten kazakhstan",
    "-tungsten",
    "lithium -chile or cobalt -congo",
    '"rare earth" or -"critical minerals"',
    "-lithium -cobalt",
    "tungstn kazakhstan",
    "tungstn or lithium",
    "Tau-Kan Samruk",
    "Tau-Kan Samruk tungsten",
    "qxqx lithium",
)


def test_words_in_any_connection_find_the_same(indexed: str) -> None:
    for text in SEARCHES:
        agree(f"q={text}")
        agree(f"q={text}&host=c5&disputed=false&ordering=relevance")


def test_what_is_published_is_found_and_ranked_at_once(indexed: str) -> None:
    agree("q=quagga zebra&ordering=relevance")
    published(
        a_record(key="zz-summary", title="A zebra", summary="Of quaggas."),
        a_record(key="zz-title", title="Quagga and zebra", announced_on="2001"),
    )
    agree("q=quagga zebra&ordering=relevance")
    found = selected(asked("q=quagga zebra&ordering=relevance")).page(0, 5)
    assert list(found.values_list("key", flat=True)) == ["zz-title", "zz-summary"]


@pytest.mark.parametrize("text", ["lithium tungsten", "tungsten or lithium", "lithium -tungsten"])
def test_words_that_were_asked_for_are_not_asked_again(indexed: str, text: str) -> None:
    for word in ("tungsten", "lithium"):
        assert selected(asked(f"q={word}")).count
    with CaptureQueriesContext(connection) as queries:
        assert selected(asked(f"q={text}")).count
    # One, which looks up whether a deal has the words.
    assert len(queries) == 1


def test_what_nobody_asks_again_takes_no_more_room_than_there_is(indexed: str) -> None:
    held = held_now(DEFAULT_DB_ALIAS)
    assert held is not None
    masks = Masks(DEFAULT_DB_ALIAS, room_bytes=100_000)

    def ask(number: int) -> None:
        word = f"quagga{number:06}{'xyz' * 8}".translate(str.maketrans("0123456789", "abcdefghij"))
        masks.of(Q(search=Term(word).with_swapped_letters), held.snapshot)

    for number in range(20):
        ask(number)
    assert len(masks) == 20  # a key is short, however much is asked for
    for number in range(20, 80):
        ask(number)
    assert 20 < len(masks) < 60
