"""Charts of a set of deals, drawn as SVG on the server: a picture needs no script.

A module a kind of picture; `figure` holds what they share, `catalogue` the charts of a selection
by name, each drawn from a filter set. Pages, files, embeds and prints take them from there.
"""

from deals.charts.bars import Bar, bars, ranked
from deals.charts.figure import FULL, NARROW, WIDE, Cell, Figure, Head, Row
from deals.charts.years import title_of_years, years

__all__ = [
    "FULL",
    "NARROW",
    "WIDE",
    "Bar",
    "Cell",
    "Figure",
    "Head",
    "Row",
    "bars",
    "ranked",
    "title_of_years",
    "years",
]
