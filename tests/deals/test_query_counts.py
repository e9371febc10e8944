"""How many queries the list and the page of a deal need.

On a database of its own: what is kept while nothing changes is kept only outside transactions.
"""

from __future__ import annotations

from django.test import Client

from countries.models import Country
from tests.deals.pages import queries_for
from tests.deals.records import COVE_DEAL, a_record, published

LIST = "/deals/"


def test_a_list_needs_four_queries_however_long(own_database: str) -> None:
    """Counts, rows, ladder and headline values."""
    for query in (
        "",
        "?page_size=500",
        "?host=c5&mineral=tungsten&status=announced",
        "?min_usd=1000000&kind__not=loan&stage__empty=true",
    ):
        assert is_answered_with(4, f"{LIST}{query}"), query


def test_a_deal_needs_three_queries_whatever_hangs_on_it(own_database: str) -> None:
    """The edition, what links to it, and earlier editions if it had any."""
    for key, count in ((COVE_DEAL, 2), (key_with_history(), 3)):
        assert is_answered_with(count, f"{LIST}{key}/"), key


def key_with_history() -> str:
    """A deal with a second edition."""
    published(a_record(title="First"))
    published(a_record(title="Second"))
    return str(a_record()["key"])


def is_answered_with(count: int, path: str) -> bool:
    """Whether so many queries do, in one of some tries.

    Names are read again after a commit in any database of the server, and other tests may commit.
    """
    return any(len(queries_for(Client(), path)) == count for _ in range(20))


def test_a_new_name_is_shown_at_once(own_database: str) -> None:
    client = Client()
    assert "Qazaqstan" not in client.get(LIST).content.decode()
    Country.objects.filter(iso2="KZ").update(name="Qazaqstan")
    assert "Qazaqstan" in client.get(LIST).content.decode()
