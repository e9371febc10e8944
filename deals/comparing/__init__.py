"""Two to four records side by side: fact by fact, with what differs told apart from what does not.

A comparison is made of facts in groups; a fact has one cell a record. Cells hold words, so that
page, print and file say the same, and beside them what a page can draw: a code, places, minerals.
"""

from deals.comparing.countries import compare_countries
from deals.comparing.deals import compare_deals
from deals.comparing.facts import FEWEST, MOST, Cell, Comparison, Fact, FactGroup, Head
from deals.comparing.minerals import compare_minerals

__all__ = [
    "FEWEST",
    "MOST",
    "Cell",
    "Comparison",
    "Fact",
    "FactGroup",
    "Head",
    "compare_countries",
    "compare_deals",
    "compare_minerals",
]
