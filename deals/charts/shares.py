"""Hosts, partners and minerals of a selection, ranked by deals or by money.

A deal with several hosts, partners or minerals stands whole in the row of each, so the rows are
not to be added up, and every chart says so. Minerals are counted by the groups at the top of
their tree, each deal once a group: neodymium and dysprosium in one deal are one deal of rare
earths. Where the reader has chosen a group, its own members take its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from config.lib.shapes import FAMILIES
from config.lib.words import count_in_words, money_in_words
from deals.charts.bars import Bar, bars, leaders, left_out, ranked
from deals.charts.figure import Figure, Head
from deals.charts.rungs import mark_of, rung_word
from deals.facets import facets_of, labels_of
from deals.filters import DealFilterSet
from deals.labels import in_sentence
from deals.money import RUNGS
from deals.portfolios import counts_by_place
from deals.selecting import deals_href
from deals.sentences import joined
from deals.stats import Cell, cells_of
from minerals.models import Mineral

SHOWN: Final = 12
AMOUNTS: Final = {
    "deals": "deals",
    "value_usd": "headline values",
    **{f"{rung}_usd": rung for rung in RUNGS},
}
"""What the bars can measure, named as in the statistics of the API."""
MANY: Final = {"host": "hosts", "partner": "partners", "mineral": "minerals"}


def shares(filterset: DealFilterSet, one: str, measure: str) -> Figure | None:
    """The ranking of hosts, partners or minerals (``one``) by a measure."""
    if measure == "deals" and one != "mineral":
        return _places(filterset, one)
    cells, many = cells_of(filterset, (one,), measure), MANY[one]
    if one == "mineral":
        cells, names, marks, opened = _minerals(filterset, cells)
        if opened:
            many = f"minerals within or beside {joined(opened, 'and')}"
    else:
        places = [str(cell.groups[0]) for cell in cells if cell.groups[0]]
        names, marks = {code: name for (_, code), name in labels_of({one: places}).items()}, {}
    links = _Links(filterset, one)
    found = [
        Bar(names[code], cell.value, links.to(code, cell.deals), marks.get(code, "fill-bound"))
        for cell in cells
        if (code := cell.groups[0]) is not None and cell.value is not None
    ]
    found.sort(key=lambda bar: (-bar.deals, bar.name.casefold()))
    if not found:
        return None
    if measure == "deals":
        of_deals = filterset.qs.count()
        return ranked(
            found,
            of_deals,
            one=one,
            many=many,
            shown=SHOWN,
            notes=" ".join(_notes_on_minerals(cells, filterset)) if one == "mineral" else "",
        )
    return _money(filterset, one, measure, found, cells)


def _places(filterset: DealFilterSet, one: str) -> Figure | None:
    """Hosts or partners by deals, blocs that take part themselves among them."""
    editions = filterset.qs
    counts = counts_by_place(editions, MANY[one])
    other = "host" if one == "partner" else "partner"
    if len(chosen := filterset.cleaned.get(other, ())) == 1:
        counts.pop(next(iter(chosen)), None)  # a country is no partner of its own
    if not counts:
        return None
    names = labels_of({one: list(counts)})
    links = _Links(filterset, one)
    found = [
        # A bloc's filter finds its members too, so it leads to more than are counted here.
        Bar(names[one, code], deals, links.to(code, deals) if code.isupper() else "")
        for code, deals in counts.items()
    ]
    found.sort(key=lambda bar: (-bar.deals, bar.name.casefold()))
    blocs = any(not code.isupper() for code in counts)
    return ranked(
        found,
        editions.count(),
        one=one,
        many=MANY[one],
        shown=SHOWN,
        notes="A bloc counts where it takes part itself." if blocs else "",
    )


class _Links:
    """Addresses of the rows' deals.

    One address cannot ask for two hosts at once. Where the reader has chosen some already, a row
    has a link only if its deals are all that have this host at all; of minerals all can be asked.
    """

    def __init__(self, filterset: DealFilterSet, name: str) -> None:
        self._filterset, self._name = filterset, name
        self._is_chosen = name in filterset.cleaned
        self._alone = {
            value.value: value.count
            for value in (facets_of(filterset, [name])[name] if self._is_chosen else ())
        }

    def to(self, code: str, deals: int) -> str:
        """The deals of a row; empty where no address finds just these."""
        if not self._is_chosen or self._alone.get(code) == deals:
            return deals_href(self._filterset, **{self._name: code})
        if self._name == "mineral" and "mineral__all" not in self._filterset.cleaned:
            return deals_href(self._filterset, mineral__all=code)
        return ""


def _minerals(
    filterset: DealFilterSet, cells: list[Cell]
) -> tuple[list[Cell], dict[str, str], dict[str, str], list[str]]:
    """The cells of groups at the top, or of the members of a chosen one; names and families.

    Last the names of the groups that have given way to their members.
    """
    rows = list(Mineral.objects.values_list("slug", "name", "category", "parent__slug"))
    chosen = {codes[0] for codes in filterset.cleaned.get("mineral", {}).values()}
    parents = {parent for *_, parent in rows if parent}
    opened = chosen & parents
    top = {
        slug
        for slug, _, _, parent in rows
        if (parent is None and slug not in opened) or parent in opened
    } - opened
    return (
        [cell for cell in cells if cell.groups[0] in top],
        {slug: name for slug, name, _, _ in rows},
        {slug: f"fill-cat-{FAMILIES.get(category, 8)}" for slug, _, category, _ in rows},
        sorted(in_sentence(name) for slug, name, *_ in rows if slug in opened),
    )


def _notes_on_minerals(cells: list[Cell], filterset: DealFilterSet) -> Iterator[str]:
    yield "Colours are families of minerals."
    if filterset.cleaned.get("mineral"):
        return
    groups = {"rare-earths": "rare earths", "platinum-group-metals": "platinum-group metals"}
    held = [name for slug, name in groups.items() if any(cell.groups[0] == slug for cell in cells)]
    if held:
        yield f"A group such as {held[0]} counts each deal once, whatever its members."


def _money(
    filterset: DealFilterSet, one: str, measure: str, found: list[Bar], cells: list[Cell]
) -> Figure:
    """Bars of US dollars; each in the texture of its rung, since family says nothing of money."""
    items = [Bar(bar.name, bar.deals, bar.href, mark_of(measure)) for bar in found]
    first = leaders(items)
    amount = money_in_words(items[0].deals)
    who = first[0] if len(first) == 1 else count_in_words(len(first), one, MANY[one])
    if measure == "value_usd":
        title = f"{who}: headline values of {amount}, the most of any {one}"
        said = "Headline values in US dollars"
    else:
        word = rung_word(measure.removesuffix("_usd"))
        title = f"{who}: {amount} {word}, the most of any {one}"
        said = f"Money {word} in US dollars"
    has_unknown = any(cell.without_amount for cell in cells)
    notes = [
        left_out(items, SHOWN, one, MANY[one]),
        "Blocs that take part themselves are not among the countries." if one != "mineral" else "",
        "Amounts that are not known in US dollars stand in no bar." if has_unknown else "",
    ]
    return bars(
        items,
        title=title,
        subtitle=f"{said} by {one}; a deal with several stands whole in each",
        what=one.capitalize(),
        note=" ".join(filter(None, notes)),
        shown=SHOWN,
        measured=Head(AMOUNTS[measure].capitalize(), "usd"),
        words=lambda amount: money_in_words(Decimal(amount)),
    )
