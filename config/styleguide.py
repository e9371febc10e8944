"""The parts of the design system on one page, with example data; served in DEBUG only."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.safestring import SafeString

from config.lib import svg
from config.lib.paging import paginate

LABELS: Final = {
    "status": {
        "rumoured": "Rumoured",
        "proposed": "Proposed",
        "announced": "Announced",
        "mou_signed": "MoU signed",
        "agreement_signed": "Agreement signed",
        "closed": "Closed",
        "suspended": "Suspended",
        "cancelled": "Cancelled",
        "expired": "Expired",
    }
}


def _deal(**rungs: tuple[int | None, int]) -> dict[str, Any]:
    """A deal with only a ladder: rung → (USD or None where unknown, lines)."""
    return {
        "ladder": {rung: usd for rung, (usd, _) in rungs.items()},
        "ladder_lines": {rung: lines for rung, (_, lines) in rungs.items()},
    }


def _mineral(slug: str, name: str, symbol: str | None, category: str) -> dict[str, str | None]:
    return {"slug": slug, "name": name, "symbol": symbol, "category": category}


LADDERS: Final = [
    ("None", _deal()),
    ("Indicated", _deal(indicated=(1_600_000_000, 2))),
    ("Conditional", _deal(indicated=(None, 1), conditional=(222_000_000, 1))),
    ("Committed", _deal(indicated=(1_800_000_000, 1), committed=(2_900_000_000, 3))),
    ("Disbursed", _deal(committed=(150_000_000, 1), disbursed=(68_000_000, 1))),
]
MINERALS: Final = [
    (
        "Battery",
        [
            _mineral("lithium", "Lithium", "Li", "battery_metal"),
            _mineral("nickel", "Nickel", "Ni", "battery_metal"),
            _mineral("cobalt", "Cobalt", "Co", "battery_metal"),
            _mineral("graphite", "Graphite", "C", "battery_metal"),
        ],
    ),
    (
        "Rare earths",
        [
            _mineral("rare-earths", "Rare earths", None, "rare_earth"),
            _mineral("neodymium", "Neodymium", "Nd", "light_rare_earth"),
            _mineral("dysprosium", "Dysprosium", "Dy", "heavy_rare_earth"),
        ],
    ),
    (
        "Refractory, alloy",
        [
            _mineral("tungsten", "Tungsten", "W", "refractory_metal"),
            _mineral("titanium", "Titanium", "Ti", "refractory_metal"),
            _mineral("chromium", "Chromium", "Cr", "ferrous"),
        ],
    ),
    (
        "Minor, semiconductor",
        [
            _mineral("gallium", "Gallium", "Ga", "minor_metal"),
            _mineral("antimony", "Antimony", "Sb", "minor_metal"),
        ],
    ),
    (
        "Base",
        [
            _mineral("copper", "Copper", "Cu", "base_metal"),
            _mineral("tin", "Tin", "Sn", "base_metal"),
        ],
    ),
    (
        "Precious",
        [
            _mineral("gold", "Gold", "Au", "precious_metal"),
            _mineral("platinum-group-metals", "Platinum group metals", None, "platinum_group"),
        ],
    ),
    ("Energy", [_mineral("uranium", "Uranium", "U", "energy_mineral")]),
    (
        "Industrial",
        [
            _mineral("phosphate", "Phosphate", None, "industrial_mineral"),
            _mineral("potash", "Potash", None, "industrial_mineral"),
            _mineral("boron", "Boron", "B", "industrial_mineral"),
        ],
    ),
]
SELECTION: Final = {
    "sums": {
        "indicated": 22_500_000_000,
        "conditional": 7_700_000_000,
        "committed": 42_100_000_000,
        "disbursed": 163_000_000,
    },
    "deals": {"indicated": 32, "conditional": 23, "committed": 87, "disbursed": 4},
    "headline_usd": 362_500_000_000,
}
DEALS: Final = [
    {
        "title": "Bid for 40% of a chromium producer with a trader’s prepayment",
        "sub": "Acquisition · a holding with a long name · a trader +1",
        "hosts": [{"code": "KZ", "name": "Kazakhstan"}],
        "partners": [{"code": "CH", "name": "Switzerland"}],
        "minerals": [MINERALS[2][1][2], MINERALS[4][1][0], MINERALS[2][1][0]],
        "announced_on": "2026-03-05",
        "status": "proposed",
        "value": {"low": 1_400_000_000, "high": 1_400_000_000, "currency": "USD"},
        "is_disputed": True,
        **_deal(indicated=(800_000_000, 1)),
    },
    {
        "title": "Memorandum on critical minerals and plan of action",
        "sub": "Memorandum",
        "hosts": [{"code": "UZ", "name": "Uzbekistan"}],
        "partners": [
            {"code": "GB", "name": "United Kingdom"},
            {"bloc": "eu27", "name": "European Union"},
        ],
        "minerals": [],
        "announced_on": "2025-12",
        "status": "mou_signed",
        "value": None,
        "is_stale": True,
        **_deal(),
    },
    {
        "title": "Letter of interest for a tungsten project",
        "sub": "Loan · a company · a fund +1",
        "hosts": [{"code": "TM", "name": "Turkmenistan"}],
        "partners": [{"code": "US", "name": "United States"}],
        "minerals": [mineral for _, family in MINERALS[:3] for mineral in family][:5],
        "announced_on": "2026",
        "status": "agreement_signed",
        "value": {"low": None, "high": 240_000_000, "currency": "EUR"},
        **_deal(committed=(None, 1)),
    },
]
COLOURS: Final = (
    *("paper", "surface", "sunken", "rule", "rule-strong", "ink", "ink-2", "ink-3"),
    *("link", "focus", "chosen", "paper-open", "paper-bound", "paper-ended", "bar-open"),
    *("money", "rung-line", "rung-committed", "rung-disbursed", "rung-track", "headline"),
    *("ground", "ground-track", "dispute", "dispute-bg", "stale", "good"),
    *(f"cat-{family}" for family in range(1, 9)),
    *(f"seq-{step}" for step in range(6)),
)


def _mark(class_: str, word: str) -> tuple[str, SafeString]:
    """A mark of charts with its word."""
    fill = "url(#hatch)" if class_ == "rung-conditional" else None
    drawn = (
        svg.circle(9, 8, 6, class_=class_)
        if class_.startswith("mark-")
        else svg.line(0, 8, 60, 8, class_=class_)
        if class_.startswith(("line-", "stroke-", "base-", "grid-", "tie"))
        else svg.rect(1, 2, 58, 12, class_=class_, fill=fill)
    )
    return word, svg.svg(drawn, width=60, height=16, title=word, width_="60", height_="16")


CHART_MARKS: Final = [
    _mark("fill-bound", "Binding, in force"),
    _mark("fill-open", "Not binding, not exact"),
    _mark("bar-ended", "Ended"),
    _mark("bar-lifted", "Suspended"),
    _mark("mark-open", "Announced"),
    _mark("line-open", "Not yet in force"),
    _mark("fill-ground", "Output, the subject"),
    _mark("fill-headline", "Headline, the others"),
    _mark("rung-indicated", "Indicated"),
    _mark("rung-conditional", "Conditional"),
    _mark("rung-committed", "Committed"),
    _mark("rung-disbursed", "Disbursed"),
    *(_mark(f"fill-cat-{place}", f"Compared, {place}") for place in range(1, 9)),
    _mark("flow", "Flow"),
    _mark("flow flow-first", "Flow of the first"),
    _mark("flow flow-second", "Flow of the second"),
    _mark("tie", "Tie of a network"),
    *(_mark(f"map-seq-{step}", f"Map, deals, {step}") for step in range(6)),
    *(_mark(f"map-usd-{step}", f"Map, money, {step}") for step in range(6)),
    _mark("base-line", "Base line"),
    _mark("grid-line", "Grid"),
]


def _histogram(years: dict[int, int], since: int) -> SafeString:
    """The bars of years beside a list, those before `since` left out."""
    most, step = max(years.values()), 240 / len(years)
    return svg.svg(
        *(
            svg.link(
                "#list",
                svg.element("title", f"{year}: {deals} deals"),
                svg.rect(place * step + 1, 44 * (1 - deals / most), step - 2, 44 * deals / most),
                svg.text(place * step + step / 2, 57, str(year), text_anchor="middle"),
                class_="in" if year >= since else "out",
            )
            for place, (year, deals) in enumerate(years.items())
        ),
        width=240,
        height=60,
        title="Deals by year announced",
        role="group",
        class_="histogram",
    )


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every glyph, mark, chip, button, state and form of the ladder."""
    context = {
        "labels": LABELS,
        "ladders": LADDERS,
        "minerals": MINERALS,
        "selection": SELECTION,
        "cove": _deal(indicated=(1_600_000_000, 2)),
        "deals": DEALS,
        "stakes": [70, 30],
        "page": paginate(range(457), QueryDict("page=3")),
        "colours": COLOURS,
        "chart_marks": CHART_MARKS,
        "histogram": _histogram({2021: 14, 2022: 30, 2023: 61, 2024: 88, 2025: 173}, since=2023),
        "lines": [
            SimpleNamespace(
                name="Export-Import Bank of the United States",
                terms="Letter of interest",
                usd=900_000_000,
                up_to=False,
                date="2025-11-06",
            ),
            SimpleNamespace(
                name="US International Development Finance Corporation",
                terms="Letter of interest, debt and project development",
                usd=700_000_000,
                up_to=True,
                date="2026-02-11",
            ),
        ],
    }
    return render(request, "styleguide.html", context)
