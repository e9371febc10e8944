"""The charts of a selection by name: what pages, files and embeds can ask for.

A new chart is a function that draws a `Figure` from a filter set, and an entry in `CHARTS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from django.http import QueryDict

from config.lib.parameters import chosen_names
from deals.charts.figure import Choice, Figure
from deals.charts.series import DIMENSIONS, series
from deals.charts.timeline import KEEPS, timeline
from deals.charts.years import years
from deals.filters import DealFilterSet
from deals.portfolios import counts_by_year
from deals.selecting import deals_href, known_query

type Options = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Option:
    """A parameter of a chart itself, such as what it measures; the first choice is the default."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]

    def read(self, query: QueryDict) -> str:
        """The choice in the query. Raises `InvalidParameters` for one that does not exist."""
        codes = [code for code, _ in self.choices]
        given = chosen_names(query, self.name, codes, what=f"a choice of “{self.label.lower()}”")
        return given[0] if given else codes[0]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart of a selection. ``draw`` answers None where there is nothing to draw."""

    name: str
    label: str
    """What it is called in a list of charts."""
    draw: Callable[[DealFilterSet, Options], Figure | None]
    options: tuple[Option, ...] = ()
    keeps: tuple[str, ...] = ()
    """Parameters of the list that change the picture beside the filters: its order, its page."""
    nothing: str = "None of these deals has what this chart shows."
    """What is said where there is nothing to draw."""


def draw(name: str, filterset: DealFilterSet) -> Figure | None:
    """The chart called ``name`` of the selection, with the addresses of its files.

    Raises `InvalidParameters` for a wrong option, and KeyError for an unknown name.
    """
    chart = CHARTS[name]
    options = {option.name: option.read(filterset.data) for option in chart.options}
    figure = chart.draw(filterset, options)
    if figure is None:
        return None
    kept = {*filterset.filters, *options} - {"ordering"}
    query = known_query(filterset, keep=lambda parameter: parameter in kept)
    for parameter in (*chart.keeps, *options):
        if given := filterset.data.get(parameter):
            query[parameter] = given
    return replace(
        figure,
        name=name,
        query=query.urlencode(),
        choices=tuple(
            Choice(option.label, option.name, option.choices, options[option.name])
            for option in chart.options
        ),
    )


def _years(filterset: DealFilterSet, options: Options) -> Figure | None:
    counted = counts_by_year(filterset.qs)
    if not counted.rows:
        return None
    return years(
        counted,
        subtitle="Deals by year of announcement, and whether the agreement binds",
        until=filterset.clock.last_day,
        href=partial(_year_href, filterset),
    )


def _year_href(filterset: DealFilterSet, year: int) -> str:
    return deals_href(filterset, announced_after=str(year), announced_before=str(year))


def _series(filterset: DealFilterSet, options: Options) -> Figure | None:
    return series(filterset, options["by"])


def _timeline(filterset: DealFilterSet, options: Options) -> Figure | None:
    return timeline(filterset)


CHARTS: Final = {
    chart.name: chart
    for chart in (
        Chart(name="years", label="Deals by year", draw=_years),
        Chart(
            name="series",
            label="Deals by year, compared",
            draw=_series,
            options=(Option(name="by", label="Compare by", choices=tuple(DIMENSIONS.items())),),
        ),
        Chart(name="timeline", label="Timeline", draw=_timeline, keeps=KEEPS),
    )
}
