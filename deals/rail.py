"""The rail beside a list of deals: facets to tick, dates and values to type, years to see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Literal

from django.urls import reverse
from django.utils.safestring import SafeString

from config.lib.caching import while_unchanged
from config.lib.codes import labels_of_codes
from deals.facet_list import UNKNOWN
from deals.facets import FACETS, FacetValue
from deals.filters import DealFilterSet
from deals.histogram import bars_of, drawn
from deals.selecting import Addresses, known_query
from deals.tallying import ANNOUNCED, WORTH, Band, Tally, tally
from minerals.models import Mineral

type Glyph = Literal["", "place", "mineral", "status", "stage", "rung"]
type Form = Literal["list", "flag", "years", "bands"]

SHOWN: Final = 8
LISTED: Final = 30
"""Values that the page itself holds; more are fetched."""


@dataclass(frozen=True)
class RailFacet:
    """How a facet is shown."""

    name: str
    glyph: Glyph = ""
    form: Form = "list"
    is_open: bool = False
    note: str = ""

    @property
    def unknown(self) -> str:
        """What is said of deals without a value; empty where that means nothing."""
        return UNKNOWN.get(self.name, "")


RAIL: Final = (
    RailFacet("bloc"),
    RailFacet("host", "place", is_open=True),
    RailFacet("announced", form="years", is_open=True),
    RailFacet("mineral", "mineral", is_open=True),
    RailFacet("status", "status", is_open=True),
    RailFacet("rung", "rung", is_open=True, note="on this rung or firmer"),
    RailFacet("partner", "place", is_open=True),
    RailFacet("worth", form="bands"),
    RailFacet("kind"),
    RailFacet("stage", "stage"),
    RailFacet("supply_chain_stage"),
    RailFacet("event"),
    RailFacet("provider"),
    RailFacet("provider_country", "place"),
    RailFacet("instrument"),
    RailFacet("company"),
    RailFacet("party_country", "place"),
    RailFacet("confidence"),
    RailFacet("disputed", form="flag"),
    RailFacet("stale", form="flag"),
    RailFacet("counts_toward_total", form="flag"),
)
LISTS: Final = {facet.name: facet for facet in RAIL if facet.form == "list"}
_COUNTED: Final = [facet.name for facet in RAIL if facet.name in FACETS]
_TITLES: Final = {"announced": "Year announced", "worth": "Headline value, US dollars"}
TYPED: Final = ("q", *ANNOUNCED, "min_usd", "max_usd")
"""Parameters that the rail has a field for."""

KEPT: Final = frozenset({"view", "columns", "density", "measure", "page_size"})
"""Parameters that are no filters and stay when another choice is made."""

BANDS: Final[tuple[tuple[str, Band], ...]] = (
    ("up to $10m", {"max_usd": Decimal(10_000_000)}),
    ("$10m to $100m", {"min_usd": Decimal(10_000_000), "max_usd": Decimal(100_000_000)}),
    ("$100m to $1bn", {"min_usd": Decimal(100_000_000), "max_usd": Decimal(1_000_000_000)}),
    ("$1bn or more", {"min_usd": Decimal(1_000_000_000)}),
    ("no value stated", {"has_value": False}),
)


@dataclass(frozen=True)
class Option:
    """One value to tick, with those inside it: the light rare earths of the rare earths."""

    value: FacetValue
    inside: Sequence[Option] = ()

    @property
    def is_open(self) -> bool:
        """Whether a choice lies inside."""
        return bool(self.inside) and any(one.is_set for one in self.inside)

    @property
    def is_set(self) -> bool:
        """Whether it, or one inside it, is chosen or excluded."""
        return self.value.is_set or self.is_open


@dataclass(frozen=True)
class Unknown:
    """The choice of deals of which nothing is known here."""

    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class BandLink:
    """A value band: its address chooses it or, once chosen, takes it back."""

    label: str
    count: int
    href: str
    is_chosen: bool


@dataclass(frozen=True)
class FacetBlock:
    """A facet with its options: some in sight, the rest folded."""

    facet: RailFacet
    title: str
    shown: Sequence[Option] = ()
    folded: Sequence[Option] = ()
    unknown: Unknown | None = None
    bands: Sequence[BandLink] = ()
    choices: int = 0
    """How many choices the selection makes here."""
    total: int = 0
    """How many values there are, listed or not."""
    more_href: str = ""
    """Where all values are listed, if there are more than here."""

    @property
    def is_open(self) -> bool:
        return self.facet.is_open or bool(self.choices)

    @property
    def is_worth_showing(self) -> bool:
        return bool(self.total or self.facet.form != "list" or self.choices)

    @property
    def is_searchable(self) -> bool:
        return self.total > SHOWN and not FACETS[self.facet.name].is_ordered


@dataclass(frozen=True)
class Rail:
    """All that the rail shows."""

    blocks: list[FacetBlock]
    hidden: list[tuple[str, str]]
    """Parameters that the rail has no field for, to be kept."""
    histogram: SafeString
    undated: int
    values: Mapping[str, str] = field(default_factory=dict)
    """What stands in the fields."""


def tally_for_rail(filterset: DealFilterSet) -> Tally:
    """Everything that the rail shows a count of."""
    return tally(
        filterset,
        _COUNTED,
        unknown=[facet.name for facet in RAIL if facet.unknown],
        bands=[band for _, band in BANDS],
        has_years=True,
    )


def rail_of(
    filterset: DealFilterSet,
    facets: Mapping[str, Sequence[FacetValue]],
    counted: Tally,
    minerals: Mapping[str, Mineral],
) -> Rail:
    """The rail of a selection."""
    addresses = Addresses(known_query(filterset))
    return Rail(
        blocks=[_block(one, filterset, facets, counted, minerals, addresses) for one in RAIL],
        hidden=hidden_of(filterset),
        histogram=_histogram(filterset, counted, addresses),
        undated=counted.undated,
        values={name: printable(filterset.data.get(name) or "") for name in TYPED},
    )


def hidden_of(filterset: DealFilterSet) -> list[tuple[str, str]]:
    """The parameters that no field of the rail sends."""
    shown = set(TYPED)
    if not filterset.problems():
        for facet in RAIL:
            shown |= {facet.name, f"{facet.name}__not"}
            if facet.unknown and filterset.cleaned.get(f"{facet.name}__empty"):
                shown.add(f"{facet.name}__empty")
    return [
        (name, printable(value))
        for name, values in filterset.data.lists()
        if name in KEPT or (name in filterset.filters and name not in shown)
        for value in values
        if value
    ]


def printable(text: str) -> str:
    """What was typed, as HTML can hold it: control characters are shown as a replacement."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


@while_unchanged
def minerals_by_slug() -> dict[str, Mineral]:
    """Every mineral and group, for names, tiles and the tree."""
    return {mineral.slug: mineral for mineral in Mineral.objects.all()}


# -- Lists ------------------------------------------------------------------------------------


def options_of(
    name: str, values: Iterable[FacetValue], minerals: Mapping[str, Mineral]
) -> list[Option]:
    """The values of a list as they are shown: minerals as a tree, code lists with every code."""
    values = list(values)
    facet = FACETS[name]
    if name == "mineral":
        return _tree(values, minerals)
    if facet.names == "place" and name != "bloc":
        # A list of countries holds blocs too; these have a facet of their own.
        values = [one for one in values if one.is_set or one.value.isupper()]
    if facet.is_ordered and isinstance(facet.names, type):
        found = {one.value: one for one in values}
        values = [
            found.get(code) or FacetValue(code, label, 0)
            for code, label in labels_of_codes(facet.names).items()
        ]
    return [Option(one) for one in values]


def _tree(values: Sequence[FacetValue], minerals: Mapping[str, Mineral]) -> list[Option]:
    slugs = {mineral.pk: slug for slug, mineral in minerals.items()}
    known = {one.value for one in values}
    inside: dict[str, list[FacetValue]] = {}
    for one in values:
        mineral = minerals.get(one.value)
        parent = slugs.get(mineral.parent_id or 0, "") if mineral else ""
        inside.setdefault(parent if parent in known else "", []).append(one)

    def grown(parent: str) -> list[Option]:
        return [Option(one, grown(one.value)) for one in inside.get(parent, ())]

    return grown("")


def unknown_of(facet: RailFacet, filterset: DealFilterSet, counted: Tally) -> Unknown | None:
    """The choice of what is unknown, where it means something."""
    if not facet.unknown:
        return None
    is_chosen = bool(filterset.cleaned.get(f"{facet.name}__empty"))
    return Unknown(facet.unknown, counted.unknown[facet.name], is_chosen)


def _block(
    facet: RailFacet,
    filterset: DealFilterSet,
    facets: Mapping[str, Sequence[FacetValue]],
    counted: Tally,
    minerals: Mapping[str, Mineral],
    addresses: Addresses,
) -> FacetBlock:
    if facet.form == "years":
        choices = int(any(filterset.data.get(name) for name in ANNOUNCED))
        return FacetBlock(facet, _TITLES[facet.name], choices=choices)
    if facet.form == "bands":
        return FacetBlock(
            facet,
            _TITLES[facet.name],
            bands=_band_links(filterset, counted, addresses),
            choices=int(any(filterset.data.get(name) for name in WORTH)),
        )
    title = str(filterset.filters[facet.name].label)
    if facet.form == "flag":
        values = facets.get(facet.name, [])
        choices = sum(one.is_set for one in values)
        return FacetBlock(facet, title, [Option(one) for one in values], choices=choices)
    options = options_of(facet.name, facets.get(facet.name, []), minerals)
    unknown = unknown_of(facet, filterset, counted)
    is_short = FACETS[facet.name].is_ordered
    chosen = [one for one in options if one.is_set]
    in_sight = chosen + [one for one in options if not one.is_set] if chosen else options
    total = _total(facet, options, counted)
    limit = len(options) if is_short else max(SHOWN, len(chosen))
    first, folded = {id(one) for one in in_sight[:limit]}, in_sight[limit : max(LISTED, limit)]
    return FacetBlock(
        facet=facet,
        title=title,
        # In sight they keep the order of the list, so that ticking one does not move it.
        shown=[one for one in options if id(one) in first],
        folded=folded,
        unknown=unknown,
        choices=_choices(options) + int(bool(unknown and unknown.is_chosen)),
        total=total,
        more_href=(
            addresses.href(reverse("deals:facet", args=[facet.name]))
            if total > limit + len(folded)
            else ""
        ),
    )


def _total(facet: RailFacet, options: Sequence[Option], counted: Tally) -> int:
    """How many values a list has: of companies there may be more than were given a name."""
    if FACETS[facet.name].names != "company" or any(one.value.is_excluded for one in options):
        return len(options)
    return len(counted.values[facet.name]) + sum(not one.value.count for one in options)


def _choices(options: Iterable[Option]) -> int:
    return sum(one.value.is_set + (_choices(one.inside) if one.inside else 0) for one in options)


# -- Years and values -------------------------------------------------------------------------


def _histogram(filterset: DealFilterSet, counted: Tally, addresses: Addresses) -> SafeString:
    after, before = (filterset.cleaned.get(name) for name in ANNOUNCED)
    path = reverse("deals:list")

    def href(first: str, last: str) -> str:
        return addresses.href(path, dict(zip(ANNOUNCED, (first, last), strict=True)))

    given = (filterset.data.get(name) or "" for name in ANNOUNCED)
    bars = bars_of(counted.years, filterset.clock.day.year, after, before)
    return drawn(bars, href, *given)


def _band_links(filterset: DealFilterSet, counted: Tally, addresses: Addresses) -> list[BandLink]:
    given: dict[str, Any] = {
        name: value for name in WORTH if (value := filterset.cleaned.get(name)) is not None
    }
    path, links = reverse("deals:list"), []
    for (label, band), count in zip(BANDS, counted.bands, strict=True):
        is_chosen = given == dict(band)
        wanted = {} if is_chosen else {name: _written(value) for name, value in band.items()}
        href = addresses.href(path, dict.fromkeys(WORTH, "") | wanted)
        links.append(BandLink(label, count, href, is_chosen))
    return links


def _written(value: Decimal | bool) -> str:
    return str(value).lower()


def tiles_of(minerals: Mapping[str, Mineral]) -> dict[str, dict[str, str]]:
    """What the tiles of minerals need, by slug."""
    return {
        slug: {
            "slug": slug,
            "name": mineral.name,
            "symbol": mineral.short_form,
            "category": mineral.category,
        }
        for slug, mineral in minerals.items()
    }
