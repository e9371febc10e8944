"""Charts: titles computed from the data, two drawings, rows for the table, nothing unescaped."""

from __future__ import annotations

import datetime
import xml.etree.ElementTree as ET

import pytest

from deals.charts import Bar, Figure, ranked, title_of_years, years
from deals.charts.years import YearCount, Years

NOVEMBER = datetime.date(2026, 11, 21)


def some_years(*counts: int, first: int = 2021, undated: int = 0) -> Years:
    rows = [YearCount(first + place, binding=count) for place, count in enumerate(counts)]
    return Years(rows, undated)


def a_figure(counted: Years) -> Figure:
    return years(
        counted, subtitle="Deals by year", until=NOVEMBER, href=lambda year: f"/deals/?y={year}"
    )


def drawn(picture: str) -> ET.Element:
    return ET.fromstring(picture)


def texts(picture: str) -> list[str]:
    return [
        "".join(node.itertext()) for node in drawn(picture).iter("{http://www.w3.org/2000/svg}text")
    ]


@pytest.mark.parametrize(
    ("counts", "title"),
    [
        ((1, 5, 3), "5 deals in 2022, the most of any year"),
        ((5, 5, 3), "5 deals each in 2021 and 2022, the most of any year"),
        ((1, 1, 1), "No more than 1 deal in any year"),
        ((4,), "4 deals, all in 2021"),
        ((1,), "1 deal, in 2021"),
    ],
)
def test_title_says_which_year_is_fullest(counts: tuple[int, ...], title: str) -> None:
    assert title_of_years(some_years(*counts)) == title


def test_columns_are_drawn_to_one_scale() -> None:
    figure = a_figure(Years([YearCount(2024, 4, 8, 0), YearCount(2025, 1, 0, 3)], 0))
    bars = [
        (node.get("class"), float(node.get("height") or 0))
        for node in drawn(figure.wide).iter("{http://www.w3.org/2000/svg}rect")
    ]
    heights = dict[str | None, list[float]]()
    for name, height in bars:
        heights.setdefault(name, []).append(height)
    bound, open_ = heights["fill-bound"], heights["fill-open"]
    # Each part is drawn 1.5 px short of its share, which parts it from the next.
    assert (bound[0] + 1.5) / (bound[1] + 1.5) == pytest.approx(4, abs=0.01)
    assert (open_[0] + 1.5) / (bound[0] + 1.5) == pytest.approx(2, abs=0.01)
    assert len(heights["bar-ended"]) == 1


def test_an_unfinished_year_bears_an_asterisk_and_words() -> None:
    figure = a_figure(some_years(3, 2, first=2025))
    assert "2026*" in texts(figure.wide)
    assert "’26*" in texts(figure.narrow)
    assert "*2026 to 21 November." in figure.note
    assert "*" not in a_figure(some_years(3, 2, first=2021)).note


def test_what_is_left_out_is_said() -> None:
    figure = a_figure(some_years(*([2] * 20), first=2007, undated=3))
    assert "16 deals before 2015 not drawn." in figure.note
    assert "3 deals without a date left out." in figure.note
    assert len(figure.rows) == 20


def test_rows_hold_the_data_with_links() -> None:
    figure = a_figure(Years([YearCount(2024, 4, 8, 1)], 0))
    assert figure.name_head == "Year"
    assert [head.label for head in figure.heads] == ["Binding", "Not binding", "Ended", "All"]
    assert [(row.name, row.cells, row.href) for row in figure.rows] == [
        ("2024", (4, 8, 1, 13), "/deals/?y=2024")
    ]


@pytest.mark.parametrize("most", [1, 2, 4, 5, 9, 21, 99, 457, 12_345])
def test_axis_has_at_most_five_ticks_and_holds_every_column(most: int) -> None:
    axis = [
        int("".join(node.itertext()))
        for node in drawn(a_figure(some_years(most, 0)).wide).iter(
            "{http://www.w3.org/2000/svg}text"
        )
        if node.get("class") == "chart-axis" and node.get("text-anchor") == "end"
    ]
    assert axis[0] == 0
    assert len(axis) <= 5
    assert axis[-1] >= most


def test_bars_name_the_first_and_what_is_not_drawn() -> None:
    bars = [Bar("China", 12), Bar("United Kingdom", 9), Bar("Chad", 1)]
    figure = ranked(bars, 59, one="partner", many="partners", shown=2)
    assert figure.title == "China first among partners, in 12 of 59 deals"
    assert figure.note == "1 more partner not drawn."
    assert texts(figure.wide)[::2] == ["China", "United Kingdom"]
    assert [row.name for row in figure.rows] == ["China", "United Kingdom", "Chad"]


@pytest.mark.parametrize(
    ("names", "title"),
    [
        (["A", "B"], "A and B first among hosts, each in 2 of 3 deals"),
        (["A", "B", "C"], "3 hosts come first, each in 2 of 3 deals"),
    ],
)
def test_a_tie_is_called_one(names: list[str], title: str) -> None:
    bars = [Bar(name, 2) for name in names]
    assert ranked(bars, 3, one="host", many="hosts", shown=9).title == title


def test_names_are_escaped_and_cut_on_phones() -> None:
    name = "A <b>very</b> long name of a bloc & more"
    figure = ranked([Bar(name, 2)], 3, one="host", many="hosts", shown=9)
    assert "<b>" not in figure.wide
    assert texts(figure.narrow)[0] == "A <b>very</b> lon…"
    assert 'class="chart chart-narrow"' in figure.narrow
