"""The ways to see one selection of deals: a table, or pictures of the same set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import QueryDict

from config.lib.problems import InvalidParameters, unknown_value
from deals.charts.catalogue import draw
from deals.charts.figure import Figure
from deals.charts.series import is_comparison
from deals.filters import DealFilterSet

PARAMETER: Final = "view"
COMPARING: Final = "series"


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way: what ``?view=`` calls it, its word, and the charts that it shows."""

    name: str
    label: str
    charts: tuple[str, ...] = ()

    def figures(self, filterset: DealFilterSet) -> list[Figure]:
        """Its charts, without those that would show nothing.

        Where several partners, hosts … are chosen, the chart that sets them side by side is first.
        """
        names = self.charts
        if COMPARING in names and is_comparison(filterset):
            names = (COMPARING, *(name for name in names if name != COMPARING))
        figures = (draw(name, filterset) for name in names)
        return [figure for figure in figures if figure is not None]

    @property
    def template(self) -> str:
        """What of the list's page shows it."""
        return f"deals/list/{self.name}.html"


CHARTS_SHOWN: Final = (
    *("years", "ladder", "flows", "statuses", "values"),
    *("hosts", "partners", "minerals", "providers", COMPARING),
)
TABLE: Final = Way(name="table", label="Table")
WAYS: Final = {
    way.name: way
    for way in (
        TABLE,
        Way(name="map", label="Map", charts=("map",)),
        Way(name="timeline", label="Timeline", charts=("timeline",)),
        Way(name="charts", label="Charts", charts=CHARTS_SHOWN),
        Way(name="network", label="Network", charts=("network", "ties")),
    )
}


def way_with(chart: str) -> str:
    """The name of the way that shows a chart."""
    return next(way.name for way in WAYS.values() if chart in way.charts)


def way_of(query: QueryDict) -> Way:
    """The way that the query asks for, the table by default. Raises `InvalidParameters`."""
    name = query.get(PARAMETER) or TABLE.name
    if name not in WAYS:
        raise InvalidParameters([unknown_value(PARAMETER, name, "a view", WAYS)])
    return WAYS[name]
