"""Whatever is asked, no public address fails, and none lets a wrong value pass in silence.

Addresses are read from the URL configuration, and filters from the filter set: a new one is asked
as well, without a change here.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deals.filters import DealFilterSet
from tests.deals.records import COVE_DEAL
from tests.routes import public_routes

pytestmark = pytest.mark.django_db

POOL = [
    *(COVE_DEAL, "tau-ken-samruk", "tungsten", "kz", "c5", "status", "au-2023"),
    *("c51-washington-2025", "us-critical-minerals-list-2025", "northern-katpar", "deals"),
    "years",
]
OTHERS = [
    *("page", "page_size", "cursor", "ordering", "fields", "omit", "columns", "facets", "by"),
    *("measure", "since", "letter", "type", "publisher", "category", "year", "deal", "view"),
    *("lang", "format", "script", "utm_source", "theme", "size", "bars"),
]
"""Parameters that are not filters of deals, or are known at some addresses only."""
PARAMETERS = [*DealFilterSet.base_filters, *OTHERS]

# As they stand in an address: some are no text once decoded.
VALUES = [
    *("", "%00", "%ED%A0%80", "%FF", "%F0%9F%98%80", "%E2%80%8F%E2%80%AE", "%0A", "%D9%A1"),
    "x" * 10_000,
    *("2025-13", "0000-00-00", "0001-01-01", "2025-02-30", "9999-12-31", "9999"),
    *("9" * 20, "1e400", "-1", "nan", "0", "501", "999999999", "%2B1", "1_0"),
    *("%27%3B%20DROP", "-", "%22unbalanced", ":*", "%7C", "%26", "!", "(", "%25", "_", "%5C", "or"),
    *(",,", "%3B", "garbage", "true", "{{", "%3Cscript%3E"),
]  # fmt: skip
SEGMENTS = [
    *("nothing-here", "x" * 300, "%F0%9F%98%80", "%E2%80%8Fkz", COVE_DEAL.upper(), "kz.", ".."),
    *("%00", "%FF", "%ED%A0%80", "%0a", "kz%0a", "a%2Fb", "%D9%A1", "9" * 20, "2147483648", "-1"),
    *("-", "_", "%E2%84%AAz", "tungsten%0d%0aX:%20y", "%27%3B%20DROP", "a" * 9_000),
]


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Thousands of rightly refused requests would bury what failed."""
    caplog.set_level(logging.CRITICAL, logger="django")


class Asker:
    """Asks as anybody may, and keeps what failed."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False, enforce_csrf_checks=True)
        self.failed: list[tuple[int, str]] = []

    def ask(self, address: str, method: str = "GET") -> Any:
        answer: Any = self.client.generic(method, address)
        if answer.streaming:  # what fails while it is sent fails the test
            list(answer.streaming_content)
        if answer.status_code >= 500:
            self.failed.append((answer.status_code, f"{method} {address[:150]}"))
        return answer


def read(answer: Any) -> Any:
    """The answer, read to its end: one that is not keeps a cursor open, which blocks others."""
    if answer.streaming:
        answer.streaming_content = [b"".join(answer.streaming_content)]
    return answer


@cache
def addresses() -> Sequence[str]:
    """One good address of each public route, looked for once: tests leave what is public."""
    return list(_good_addresses())


def _good_addresses() -> Iterator[str]:
    for route in public_routes():
        for address in route.addresses(POOL):
            answer = read(Client().get(address))
            if answer.status_code in {200, 302}:
                yield address
                break
        else:
            pytest.fail(f"Nothing in POOL is known to {route.name}.")


# -- Values ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "of"), [("deals:list", 12), ("api:deal-list", 4)])
def test_no_value_of_a_filter_is_a_fault(name: str, of: int) -> None:
    """Each filter with one value in so many; `test_no_text_is_a_fault` mixes the rest.

    Pages and the API share the filters, and a page takes much longer.
    """
    asker = Asker()
    address = reverse(name)
    for number, parameter in enumerate(PARAMETERS):
        for value in VALUES[number % of :: of]:
            asker.ask(f"{address}?page_size=1&{parameter}={value}")

    assert asker.failed == []


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value[:20] or "empty")
def test_no_value_is_a_fault_anywhere(value: str) -> None:
    asker = Asker()
    every = "&".join(f"{name}={value}" for name in ("q", "page", "as_of", "on", "letter", "type"))
    lists = ("deals:companies", "deals:sources", "countries:list", "minerals:list", "deals:events")
    for name in (*lists, "minerals:policies"):
        asker.ask(f"{reverse(name)}?{every}")
        asker.ask(f"{reverse(name)}?q={value}&country={value}&publisher={value}&kind={value}")
        asker.ask(f"{reverse(name)}?page={value}")
    for name in ("export_csv", "export_ndjson", "feed"):
        asker.ask(f"{reverse(f'deals:{name}')}?host=kz&mineral=tungsten&q={value}")
        asker.ask(f"{reverse(f'deals:{name}')}?on={value}&as_of={value}&columns={value}")
    for name in ("facets", "stats"):
        asker.ask(f"{reverse(f'api:deal-{name}')}?facets={value}&by={value}&measure={value}")
    asker.ask(f"{reverse('api:changes')}?since={value}")
    asker.ask(f"{reverse('api:production-list')}?year={value}&cursor={value}")

    assert asker.failed == []


def test_no_address_fails_at_a_query_that_it_does_not_know() -> None:
    asker = Asker()
    found = addresses()
    for address in found:
        for query in (
            "page=%00&as_of=0001-01-01",
            "on=%FF&q=%ED%A0%80",
            "%00=%00&=&&",
            "x" * 9_000,
        ):
            asker.ask(f"{address}?{query}")

    assert asker.failed == []
    assert len(found) > 45


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(["deals:list", "api:deal-list", "api:deal-facets", "deals:companies"]),
    st.lists(st.tuples(st.sampled_from(PARAMETERS), st.text(max_size=40)), max_size=4),
)
def test_no_text_is_a_fault(name: str, query: list[tuple[str, str]]) -> None:
    asker = Asker()
    asker.ask(f"{reverse(name)}?{urlencode(query, errors='surrogatepass')}")
    assert asker.failed == []


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(alphabet="abct\" -orORу:*&|!()<>\\'%_\x00\ud800é٣", max_size=60))
def test_every_search_is_answered(text: str) -> None:
    """Whatever stands in it: only what is no text or too long is refused, on both sides alike."""
    asker = Asker()
    query = urlencode({"q": text}, errors="surrogatepass")
    answers = [asker.ask(f"{reverse(name)}?{query}") for name in ("deals:list", "api:deal-list")]
    assert asker.failed == []
    if text:
        assert len({answer.status_code for answer in answers}) == 1
    else:  # The page puts a search for nothing right in its address.
        assert [answer.status_code for answer in answers] == [302, 200]


# -- Refusals --------------------------------------------------------------------------------------

WRONG = [
    *(("mineral", "tungstn", "tungsten"), ("host", "Kazakhstan", "KZ"), ("status", "signd", None)),
    *(("announced_after", "2025-13", None), ("on", "0000-00-00", None), ("on", "0001-01-01", None)),
    *(("as_of", "9999-12-31", None), ("min_usd", "1e400", None), ("max_usd", "nan", None)),
    *(("page", "0", None), ("page_size", "501", None), ("page", "-1", None)),
    *(("ordering", ";", None), ("disputed", "yes", None), ("q", "x" * 201, None)),
    *(("mineral__not", "tungstn", "tungsten"), ("mineral__all", "tungstn", "tungsten")),
    *(("stage__empty", "maybe", None), ("company", "tau-ken-samruc", "tau-ken-samruk")),
    *(("rung", "\x00", None), ("event", "c51-washington-2024", "c51-washington-2025")),
]


@pytest.mark.parametrize(("parameter", "value", "nearest"), WRONG)
def test_a_wrong_value_is_named_and_finds_nothing(
    client: Client, parameter: str, value: str, nearest: str | None
) -> None:
    """By the API as a problem, on the page above a table without rows."""
    answer = client.get(reverse("api:deal-list"), {parameter: value})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    (error,) = answer.json()["errors"]
    assert error["parameter"] == parameter
    assert error["value"][:50] == value[:50]
    assert nearest in {None, error.get("nearest")}

    page: Any = client.get(reverse("deals:list"), {parameter: value})
    assert page.status_code == 400
    assert page.context["count"] == 0
    assert list(page.context["rows"]) == []
    assert [problem[0] for problem in page.context["problems"]] == [parameter]


@pytest.mark.parametrize("name", ["api:deal-list", "deals:export_csv", "deals:feed"])
def test_programs_are_told_of_parameters_that_are_unknown(client: Client, name: str) -> None:
    answer = client.get(reverse(name), {"minerals": "tungsten", "mineral": "tungsten"})
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert (error["parameter"], error["nearest"]) == ("minerals", "mineral")


def test_readers_are_not(client: Client) -> None:
    """Links carry all sorts of them."""
    assert client.get(reverse("deals:list"), {"utm_source": "x", "fbclid": "y"}).status_code == 200


@pytest.mark.parametrize("name", ["deals:list", "deals:companies", "deals:sources"])
def test_what_is_meaningless_and_long_is_not_sent_back(client: Client, name: str) -> None:
    """A page has dozens of links, and each would hold it."""
    answer = client.get(reverse(name), {"utm_source": "short", "x": "y" * 10_000})
    assert answer.status_code == 200
    assert "y" * 100 not in answer.content.decode()


@pytest.mark.parametrize("parameter", ["mineral", "host", "company__not", "status", "rung"])
def test_more_than_fifty_values_are_refused(client: Client, parameter: str) -> None:
    query = {parameter: [f"x{number}" for number in range(51)]}
    answer = client.get(reverse("api:deal-list"), query)
    assert answer.status_code == 400
    assert "50" in answer.json()["detail"]
    assert client.get(reverse("deals:list"), query).status_code == 400


@pytest.mark.parametrize("parameter", ["cursor", "fields", "omit"])
def test_what_only_the_api_takes_is_checked_there(client: Client, parameter: str) -> None:
    answer = client.get(reverse("api:deal-list"), {parameter: "gar\x00bage!"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == parameter


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("deals:companies", {"type": "compny"}),
        ("deals:companies", {"country": "XQ"}),
        ("deals:companies", {"letter": "ß"}),
        ("deals:sources", {"kind": "wir"}),
        ("deals:about", {"as_of": "2025-13"}),
        ("minerals:list", {"as_of": "9999-12-31"}),
    ],
)
def test_a_wrong_value_of_another_list_is_said(
    client: Client, name: str, query: dict[str, str]
) -> None:
    answer = client.get(reverse(name), query)
    assert answer.status_code == 400
    assert next(iter(query.values())) in answer.content.decode()


# -- Paths and methods -----------------------------------------------------------------------------


def test_no_path_is_a_fault() -> None:
    asker = Asker()
    paths = [
        *("/{}/", "/{}", "/deals/{}/", "/deals/{}/history/", "/deals/{}/editions/1/"),
        *(f"/deals/{COVE_DEAL}/editions/{{}}/", "/countries/{}/", "/minerals/{}/", "/events/{}/"),
        *("/companies/{}/", "/policies/{}/", "/api/{}/", "/api/v1/{}/", "/api/v1/deals/{}/"),
        *(f"/api/v1/deals/{COVE_DEAL}/editions/{{}}/", "/api/v1/companies/{}/", "/static/{}"),
        *("/api/v1/countries/{}/", "/api/v1/vocabularies/{}/", "/deals/export.{}"),
    ]
    for path in paths:
        for segment in SEGMENTS:
            answer = asker.ask(path.format(segment))
            assert answer.status_code in {301, 404}, (answer.status_code, path, segment)
            if path.startswith("/api/") and answer.status_code == 404:
                assert answer["Content-Type"] == "application/problem+json", (path, segment)

    assert asker.failed == []


def test_an_edition_has_one_address(client: Client) -> None:
    answer = client.get(f"/deals/{COVE_DEAL}/editions/0001/")
    assert (answer.status_code, answer["Location"]) == (301, f"/deals/{COVE_DEAL}/editions/1/")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_public_addresses_are_only_read(method: str) -> None:
    """405 before a form's token is missed, naming what may be done."""
    asker = Asker()
    for address in addresses():
        answer = asker.ask(address, method)
        assert answer.status_code == 405, (method, address, answer.status_code)
        assert {"GET", "HEAD"} <= set(answer["Allow"].split(", ")), address

    assert asker.failed == []


def test_the_test_sees_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: object) -> None:
        raise ValueError("A fault.")

    monkeypatch.setattr("deals.views.sources._grouped", fails)
    asker = Asker()
    asker.ask(reverse("deals:sources"))
    assert asker.failed == [(500, "GET /sources/")]
