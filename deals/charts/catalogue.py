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
from deals.charts.ladder import ladder
from deals.charts.map import deal_map
from deals.charts.map_measure import MEASURES
from deals.charts.network import network, strongest
from deals.charts.providers import providers
from deals.charts.sankey import sankey
from deals.charts.series import DIMENSIONS, series
from deals.charts.shares import AMOUNTS, MANY, shares
from deals.charts.statuses import statuses
from deals.charts.ties import KINDS
from deals.charts.timeline import KEEPS, timeline
from deals.charts.values import values
from deals.charts.years import years_of
from deals.filters import DealFilterSet
from deals.selecting import known_query

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
    return years_of(filterset)


def _ladder(filterset: DealFilterSet, options: Options) -> Figure | None:
    return ladder(filterset)


def _statuses(filterset: DealFilterSet, options: Options) -> Figure | None:
    return statuses(filterset)


def _values(filterset: DealFilterSet, options: Options) -> Figure | None:
    return values(filterset)


def _providers(filterset: DealFilterSet, options: Options) -> Figure | None:
    return providers(filterset)


def _shares(one: str, filterset: DealFilterSet, options: Options) -> Figure | None:
    return shares(filterset, one, options["bars"])


def _series(filterset: DealFilterSet, options: Options) -> Figure | None:
    return series(filterset, options["by"])


def _flows(filterset: DealFilterSet, options: Options) -> Figure | None:
    return sankey(filterset)


def _network(filterset: DealFilterSet, options: Options) -> Figure | None:
    return network(filterset, options["of"])


def _ties(filterset: DealFilterSet, options: Options) -> Figure | None:
    return strongest(filterset, options["of"])


def _timeline(filterset: DealFilterSet, options: Options) -> Figure | None:
    return timeline(filterset)


def _map(filterset: DealFilterSet, options: Options) -> Figure | None:
    return deal_map(filterset, options["measure"])


CHARTS: Final = {
    chart.name: chart
    for chart in (
        Chart(
            name="years",
            label="Deals by year",
            draw=_years,
            nothing="None of these deals has a date of announcement.",
        ),
        Chart(
            name="statuses",
            label="Deals by year and status",
            draw=_statuses,
            nothing="None of these deals has a date of announcement.",
        ),
        Chart(name="ladder", label="Money by year and rung", draw=_ladder),
        Chart(
            name="values",
            label="Headline values by year",
            draw=_values,
            nothing="None of these deals has a date and a value in US dollars that counts.",
        ),
        Chart(
            name="providers",
            label="Money by provider and rung",
            draw=_providers,
            nothing="No source says who pays for any of these deals.",
        ),
        *(
            Chart(
                name=many,
                label=f"By {one}",
                draw=partial(_shares, one),
                options=(Option(name="bars", label="Bars show", choices=tuple(AMOUNTS.items())),),
                nothing=f"None of these deals has a {one} on record.",
            )
            for one, many in MANY.items()
        ),
        Chart(
            name="series",
            label="Deals by year, compared",
            draw=_series,
            options=(Option(name="by", label="Compare by", choices=tuple(DIMENSIONS.items())),),
        ),
        Chart(name="flows", label="Partner, host, mineral", draw=_flows),
        Chart(
            name="map",
            label="Map",
            draw=_map,
            options=(
                Option(
                    name="measure",
                    label="Shade by",
                    choices=tuple((one.name, one.label) for one in MEASURES.values()),
                ),
            ),
        ),
        *(
            Chart(
                name=name,
                label=label,
                draw=draws,
                options=(Option(name="of", label="Network of", choices=tuple(KINDS.items())),),
                nothing="No deal of these names two that deal with each other.",
            )
            for name, label, draws in (
                ("network", "Who deals with whom", _network),
                ("ties", "Most deals with each other", _ties),
            )
        ),
        Chart(name="timeline", label="Timeline", draw=_timeline, keeps=KEEPS),
    )
}
