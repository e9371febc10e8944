"""Whatever is asked of a view, chart, file, facet or comparison: no fault, and a named mistake.

`tests.test_bad_input` asks every address; here those with parameters of their own are asked with
any of these, and any value, in any way that a client asks.
"""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deals.charts.catalogue import CHARTS
from deals.filters import DealFilterSet
from deals.presenting.citation import FORMS
from deals.rail import LISTS
from deals.views.ways import WAYS
from tests.deals.records import COVE_DEAL
from tests.test_bad_input import VALUES, Asker

pytestmark = pytest.mark.django_db

DEAL = f"/deals/{COVE_DEAL}/"
PAIRS = {"deals": f"deal={COVE_DEAL}", "countries": "country=KZ", "minerals": "mineral=copper"}
ADDRESSES = [
    *(f"/deals/?view={way}&host=kz" for way in WAYS),
    *(f"/deals/charts/{chart}.{form}?host=kz" for chart in CHARTS for form in ("svg", "csv")),
    *(f"/deals/charts/{chart}.png?host=kz" for chart in ("years", "timeline", "map")),
    *(f"/embed/deals/{chart}/?host=kz" for chart in CHARTS),
    *(f"/deals/facets/{name}/?host=kz" for name in LISTS),
    *(f"/{what}/compare{end}?{one}" for what, one in PAIRS.items() for end in ("/", ".csv")),
    *(f"/deals/export.{form}?host=uz" for form in ("csv", "xlsx", "geojson", "ndjson")),
    *("/deals/feed.atom?host=kz", "/suggest/?kind=mineral", "/cards/deals.png?host=kz"),
    *(f"{DEAL}?", f"{DEAL}history/?", f"{DEAL}editions/1/?", f"/cards/deals/{COVE_DEAL}.png?"),
    *(f"{DEAL}editions/1/cite.{form.ending}?" for form in FORMS),
    *("/sitemap.xml?", "/sitemap-deals.xml?", "/robots.txt?", "/?"),
]
OWN = [
    *(
        "view",
        "columns",
        "density",
        "page",
        "page_size",
        "ordering",
        "on",
        "as_of",
        "for",
        "before",
    ),
    *("from", "to", "theme", "size", "find", "add", "only", "kind", "p", "deal", "country"),
    *("mineral", "host", "q", "%00", "%FF", "on%0A"),
    *(option.name for chart in CHARTS.values() for option in chart.options),
]
PARAMETERS = sorted({*OWN, *DealFilterSet.base_filters})
STRANGE = [
    *VALUES,
    "x" * 1_000_000,
    "%EF%BC%91",
    "%C2%B2",
    "1.5",
    "-9223372036854775809",
    "=1",
    ",",
]
WAYS_OF_ASKING: list[dict[str, str]] = [
    *({}, {"HX-Request": "true"}, {"Accept": "application/json"}, {"Accept": "\x7f;q=%"}),
    *({"If-None-Match": 'W/"'}, {"If-None-Match": "*"}, {"Range": "bytes=5-1"}),
]


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Hundreds of rightly refused requests would bury what failed."""
    caplog.set_level(logging.CRITICAL, logger="django")


@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(ADDRESSES),
    st.lists(
        st.tuples(st.sampled_from(PARAMETERS) | st.sampled_from(OWN), st.sampled_from(STRANGE)),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(WAYS_OF_ASKING),
    st.sampled_from(["GET", "GET", "GET", "HEAD"]),
)
def test_no_query_is_a_fault(
    address: str, query: list[tuple[str, str]], headers: dict[str, str], method: str
) -> None:
    client = Client(raise_request_exception=False)
    asked = "&".join(f"{name}={value}" for name, value in query)
    answer: Any = client.generic(method, f"{address}&{asked}", headers=headers)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code in {200, 301, 302, 304, 400, 404, 410, 412}
    if body and answer["Content-Type"] == "application/problem+json":
        told = answer.json()
        assert told["detail"]
        assert all(error["parameter"] and error["detail"] for error in told.get("errors", []))
    assert len(body) < 5_000_000  # what was sent is not sent back


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_number_of_repetitions_is_a_fault(address: str) -> None:
    """Nine hundred values, and more parameters than are read at all."""
    asker = Asker()
    mark = "" if address.endswith("?") else "&"
    for name in ("host", "deal"):
        repeated = "&".join(f"{name}=x{number}" for number in range(900))
        answer = asker.ask(f"{address}{mark}{repeated}")
        assert answer.status_code in {200, 301, 302, 400, 404}, (name, answer.status_code)
    asker.ask(address + mark + "&".join(f"x{number}=1" for number in range(1_100)))

    assert asker.failed == []


YEARS = "/deals/charts/years"
WRONG = [
    *((f"{YEARS}.svg?theme=drak", "theme", "drak", "dark"),),
    *((f"{YEARS}.png?size=wyde", "size", "wyde", "wide"),),
    *((f"{YEARS}.csv?host=kz&hots=uz", "hots", None, "host"),),
    *(("/deals/charts/hosts.svg?bars=valeu_usd", "bars", "valeu_usd", "value_usd"),),
    *(("/deals/charts/series.csv?by=hosst", "by", "hosst", "host"),),
    *(("/deals/charts/network.svg?of=company", "of", "company", "companies"),),
    *(("/deals/charts/timeline.svg?page_size=501", "page_size", "501", None),),
    *(("/deals/export.xlsx?columns=titel", "columns", "titel", "title"),),
    *(("/deals/export.geojson?columns=titel", "columns", "titel", "title"),),
    *(("/deals/export.csv?for=spreadsheets", "for", "spreadsheets", "spreadsheet"),),
    *(("/deals/feed.atom?before=%D9%A1", "before", "١", None),),
    *((f"/deals/compare.csv?deal={COVE_DEAL}&deals=x", "deals", None, "deal"),),
    *((f"/deals/compare.csv?deal={COVE_DEAL}", "deal", None, None),),
    *(("/countries/compare.csv?country=KZ&country=UZ&on=2025", "on", None, None),),
    *(("/minerals/compare.csv?only=diffs", "only", "diffs", None),),
    *(("/minerals/compare.csv?as_of=2025-13", "as_of", "2025-13", None),),
    *(("/suggest/?q=a&kind=minerals", "kind", "minerals", "mineral"),),
    *(("/suggest/?query=a", "query", None, None),),
    *(("/cards/deals.png?mineral=tungstn", "mineral", "tungstn", "tungsten"),),
]


@pytest.mark.parametrize(("address", "parameter", "value", "nearest"), WRONG)
def test_a_wrong_value_of_a_file_is_named(
    client: Client, address: str, parameter: str, value: str | None, nearest: str | None
) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    errors = {error["parameter"]: error for error in answer.json()["errors"]}
    assert parameter in errors
    assert errors[parameter].get("value") == value
    assert nearest in {None, errors[parameter].get("nearest")}


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/deals/?view=mpa", "map"),
        ("/deals/?columns=titel", "title"),
        ("/deals/?density=compct", "compact"),
        ("/deals/?page_size=x", "page_size"),
        ("/deals/?view=series&by=x", "charts"),
        ("/deals/facets/mineral/?page=x", "page"),
        ("/embed/deals/years/?theme=drak", "dark"),
        ("/embed/deals/yaers/", "years"),
        (f"{DEAL}history/?from=%C2%B2", "from"),
        (f"{DEAL}history/?to=99999999999999999999", "the last 1"),
        (f"{DEAL}history/?to=0000000019", "the last 1"),
        (f"{DEAL}editions/1/cite.bib?on=2025-13", "2025-13"),
        (f"/deals/compare/?deal={COVE_DEAL}&on=never", "never"),
        ("/countries/compare/?country=KZ&country=XQ", "XQ"),
    ],
)
def test_a_wrong_value_of_a_page_is_said(client: Client, address: str, said: str) -> None:
    answer = client.get(address)
    assert answer.status_code in {400, 404}
    assert said in answer.content.decode()
