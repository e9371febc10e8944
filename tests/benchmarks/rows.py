"""What is measured: each row a kind of answer, asked for with several parameters in turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from tests.benchmarks import limits
from tests.benchmarks.addresses import EMPTY
from tests.benchmarks.choice import WORST, Choice, Pair
from tests.benchmarks.limits import Candidate

UNIT: Final = "empty"
PAGE: Final = 50
LARGE_PAGE: Final = 500
DEEP: Final = 0.6
"""Where the deep page lies: that share of all pages in."""

_BROWSER: Final = {"Accept": "text/html", "Accept-Encoding": "gzip"}
_PROGRAM: Final = {"Accept": "application/json"}


@dataclass(frozen=True)
class Ask:
    """One address, and statements that fetch the same answer, if there are some."""

    path: str
    parameter: str
    """What tells it from the others of its row."""
    limit: Sequence[Candidate] = ()


@dataclass(frozen=True)
class Row:
    """A kind of answer."""

    name: str
    label: str
    asks: Sequence[Ask]
    headers: Mapping[str, str] = field(default_factory=dict)
    status: HTTPStatus = HTTPStatus.OK
    worst: int | None = None
    """Only so many of the asks are measured: those that take longest when tried."""


def rows_of(choice: Choice) -> list[Row]:
    """Every row, for the parameters that were chosen; the unit comes first."""
    return [
        Row(UNIT, "An empty view: the unit u", [Ask(EMPTY, "")]),
        *_html(choice),
        *_pages(choice),
        *_counts(choice),
        *_searches(choice),
        *_details(choice),
    ]


def wanted(names: Sequence[str], beginnings: Sequence[str]) -> list[str]:
    """The names that begin like one of `beginnings`; all of them for none.

    Raises ValueError, with the names there are, for one that no name begins with.
    """
    for beginning in beginnings:
        if not any(name.startswith(beginning) for name in names):
            raise ValueError(f"Nothing begins with “{beginning}”: there are {', '.join(names)}.")
    return [name for name in names if not beginnings or name.startswith(tuple(beginnings))]


def _pairs(choice: Choice) -> list[tuple[str, str, Sequence[Pair], int | None]]:
    return [
        ("typical", "typical pairs", choice.typical, None),
        ("middling", "worst middling pairs", choice.middling, WORST),
        ("hottest", "hottest pairs", choice.hottest, None),
    ]


def _html(choice: Choice) -> list[Row]:
    deep = int(choice.deals * DEEP) // PAGE
    rows = [
        Row(
            f"html-{name}",
            f"HTML list, facets, count: {label}",
            [
                Ask(f"/deals/?{pair.query}", pair.query, limits.listed(pair.query, PAGE))
                for pair in pairs
            ],
            _BROWSER,
            worst=worst,
        )
        for name, label, pairs, worst in _pairs(choice)
    ]
    deep_pages = [Ask(f"/deals/?page={deep + step}", f"page={deep + step}") for step in range(5)]
    words = [{"q": word} for word in choice.common[:4]]
    return [
        *rows,
        Row("html-unfiltered", "HTML list, unfiltered", [Ask("/deals/", "")], _BROWSER),
        Row("html-deep", "HTML list, a deep page", deep_pages, _BROWSER),
        Row("html-search", "HTML list, a common word", _asks("/deals/", words), _BROWSER),
    ]


def _pages(choice: Choice) -> list[Row]:
    address = "/api/v1/deals/"
    rows = [
        Row(
            f"api50-{name}",
            f"API page of 50: {label}",
            [
                Ask(f"{address}?{pair.query}", pair.query, limits.page(pair.query, PAGE))
                for pair in pairs
            ],
            _PROGRAM,
            worst=worst,
        )
        for name, label, pairs, worst in _pairs(choice)
    ]
    large = [pair.query for pair in choice.hottest if pair.count >= LARGE_PAGE]
    large = large or [urlencode({"country": country}) for country in choice.countries]
    deep = int(choice.deals * DEEP) // PAGE
    deep_pages = [Ask(f"{address}?page={deep + step}", f"page={deep + step}") for step in range(5)]
    return [
        *rows,
        Row(
            "api500",
            "API page of 500, filtered",
            [
                Ask(
                    f"{address}?{query}&page_size={LARGE_PAGE}",
                    query,
                    limits.page(query, LARGE_PAGE),
                )
                for query in large
            ],
            _PROGRAM,
        ),
        Row(
            "api50-unfiltered",
            "API page of 50, unfiltered",
            [Ask(address, "", limits.page("", PAGE))],
            _PROGRAM,
        ),
        Row("api50-deep", "API page of 50, a deep page", deep_pages, _PROGRAM),
        Row(
            "dossiers",
            "Whole documents: typical pairs",
            [
                Ask(f"/deals/export.json?{pair.query}", pair.query, limits.whole(pair.query))
                for pair in choice.typical
            ],
            _PROGRAM,
        ),
    ]


def _counts(choice: Choice) -> list[Row]:
    address = "/api/v1/deals/facets/"
    rows = [
        Row(
            f"facets-{name}",
            f"Facets and count: {label}",
            [
                Ask(f"{address}?{pair.query}", pair.query, limits.facets(pair.query))
                for pair in pairs
            ],
            _PROGRAM,
            worst=worst,
        )
        for name, label, pairs, worst in _pairs(choice)
    ]
    by = "by=host&by=status&measure=value_usd"
    return [
        *rows,
        Row("facets-unfiltered", "Facets and count, unfiltered", [Ask(address, "")], _PROGRAM),
        Row(
            "stats",
            "Sums by host and status: hottest pairs",
            [Ask(f"/api/v1/deals/stats/?{by}&{p.query}", p.query) for p in choice.hottest],
            _PROGRAM,
        ),
        Row(
            "suggestions",
            "Suggestions",
            _asks("/suggest/", [{"q": text} for text in choice.typed]),
            _BROWSER,
        ),
    ]


def _searches(choice: Choice) -> list[Row]:
    address = "/api/v1/deals/"
    rare = [{"q": word} for word in choice.rare]
    common = [{"q": word} for word in choice.common]
    ranked = [{"q": word, "ordering": "relevance"} for word in choice.common]
    return [
        Row("search-rare", "Search: a rare word", _asks(address, rare, PAGE), _PROGRAM),
        Row("search-newest", "Search: a common word", _asks(address, common, PAGE), _PROGRAM),
        Row("search-ranked", "Search: a common word, ranked", _asks(address, ranked), _PROGRAM),
    ]


def _details(choice: Choice) -> list[Row]:
    pages = [Ask(f"/deals/{key}/", key, limits.detail(key)) for key in choice.keys]
    api = [Ask(f"/api/v1/deals/{key}/", key, limits.detail(key)) for key in choice.keys]
    return [
        Row("detail-html", "A deal: its page", pages, _BROWSER),
        Row("detail-api", "A deal: API", api, _PROGRAM),
        Row(
            "unchanged",
            "A deal's page, unchanged: 304",
            [Ask(ask.path, ask.parameter) for ask in pages],
            _BROWSER,
            status=HTTPStatus.NOT_MODIFIED,
        ),
    ]


def _asks(
    address: str, queries: Sequence[Mapping[str, str]], page_size: int | None = None
) -> list[Ask]:
    """An address under several queries; with a limit where a page of it is fetched by one."""
    asks = []
    for query in queries:
        text = urlencode(query)
        limit = limits.page(text, page_size) if page_size else ()
        asks.append(Ask(f"{address}?{text}", text, limit))
    return asks
