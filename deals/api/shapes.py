"""The shapes of answers about deals: for the API's schema, and tests hold the answers to them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from deals import codes
from deals.dossier import Record
from deals.dossier.schema import OneOf, Value

type Number = int | float
type DateText = Annotated[
    str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$", description="YYYY, YYYY-MM or YYYY-MM-DD.")
]
type Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
type DayText = Annotated[str, Field(json_schema_extra={"format": "date"})]
StatusCode = Annotated[str, OneOf(codes.Status)]
StageCode = Annotated[str, OneOf(codes.Stage)]
KindCode = Annotated[str, OneOf(codes.Kind)]
FactCode = Annotated[str, OneOf(codes.Fact)]
RungCode = Annotated[str, OneOf(codes.Rung)]


class Shape(BaseModel):
    """An answer has these members and no others."""

    model_config = ConfigDict(extra="forbid", strict=True)


class DealPlace(Shape):
    """A country, by code, or a bloc, by key, and its name."""

    code: str | None = None
    bloc: str | None = None
    name: str
    short_name: str | None = None


class DealMineral(Shape):
    """A mineral, its name and what its tile shows."""

    slug: str
    name: str
    symbol: str | None
    short_form: str
    category: str


class DealEvent(Shape):
    """The event where a deal was announced."""

    key: str
    name: str


class DealProject(Shape):
    """A project that a deal is about."""

    slug: str
    name: str


class DealParty(Shape):
    """A party, its home country and its stake in percent, if known."""

    slug: str
    name: str
    country: str | None
    role: Annotated[str, OneOf(codes.PartyRole)]
    stake_percent: Number | None


class DealProvider(Shape):
    """Who gives, or would give, money of a financing line."""

    slug: str
    name: str
    country: str | None


class LadderUsd(Shape):
    """US dollars by rung, null where nothing stands. Rungs are never added together."""

    indicated: Number | None
    conditional: Number | None
    committed: Number | None
    disbursed: Number | None


class LadderCount(Shape):
    """Financing lines by rung."""

    indicated: int
    conditional: int
    committed: int
    disbursed: int


class Computed(Shape):
    """What Lodebook works out from a record, rates, links and the day of reading."""

    key: str
    title: str
    kind: KindCode
    status: Annotated[StatusCode | None, Field(description="Null: not known for a past day.")]
    stage: StageCode | None
    value_usd: Annotated[Number | None, Field(description="Low end, or limit of an “up to”.")]
    value_usd_low: Number | None
    value_usd_high: Number | None
    counts_toward_total: bool
    ladder: LadderUsd
    ladder_lines: LadderCount
    lines_unknown: Annotated[LadderCount, Field(description="Lines without an amount.")]
    is_disputed: bool
    disputed_facts: list[FactCode]
    is_stale: Annotated[bool, Field(description="Not binding and without news for two years.")]
    is_presumed_lapsed: Annotated[bool, Field(description="The same for four years.")]
    last_news_on: DayText | None
    edition: int
    published_at: Moment
    url: Annotated[str, Field(description="Path of the deal's page.")]


class DealSummary(Computed):
    """One deal in a list."""

    summary: str
    also_kinds: list[KindCode]
    announced_on: DateText | None
    signed_on: DateText | None
    closed_on: DateText | None
    value: Value | None
    hosts: list[DealPlace]
    partners: list[DealPlace]
    third_parties: list[DealPlace]
    minerals: list[DealMineral]
    minerals_unspecified: bool
    supply_chain_stages: list[Annotated[str, OneOf(codes.SupplyChainStage)]]
    event: DealEvent | None
    projects: list[DealProject]
    parties: list[DealParty]
    providers: list[DealProvider]
    source_count: Annotated[int, Field(description="Independent sources, at most.")]
    confidence: Annotated[str, OneOf(codes.Confidence)]
    verified_on: DateText | None


class LineFacts(Shape):
    """A financing line on the money ladder."""

    ref: str
    rung: RungCode | None
    amount_usd: Number | None
    is_counted: Annotated[bool, Field(description="Stands in the sum of its rung.")]


class DealLinkShape(Shape):
    """A linked deal: `out` names it here, `in` names this one there."""

    type: Annotated[str, OneOf(codes.LinkType)]
    deal: str
    title: str
    direction: Literal["out", "in"]


class Names(Shape):
    """The names behind the record's codes and slugs, as they were when it was published."""

    countries: dict[str, dict[str, str | None]]
    blocs: dict[str, dict[str, str | None]]
    minerals: dict[str, dict[str, str | list[str] | None]]
    companies: dict[str, dict[str, str | list[str] | None]]
    projects: dict[str, dict[str, str | None]]
    event: dict[str, str] | None


class DealDetail(Computed):
    """One edition of a deal: what staff assert (`record`) and what is worked out from it."""

    edition_url: str
    is_current: Annotated[bool, Field(description="Readers see this edition now.")]
    is_withdrawn: Annotated[bool, Field(description="The deal is not public any more.")]
    superseded_at: Annotated[Moment | None, Field(description="When another edition came.")]
    lines: list[LineFacts]
    uncited_facts: Annotated[list[FactCode], Field(description="Stated without a source.")]
    names: Names
    dossier_version: int
    record: Record
    links: list[DealLinkShape]


class EditionEntry(Shape):
    """One edition in the history of a deal."""

    number: int
    seq: Annotated[int, Field(description="Order of publication over all deals.")]
    key: str
    title: str
    cause: Annotated[str, OneOf(codes.Cause)]
    reason: str
    published_at: Moment
    superseded_at: Moment | None
    is_current: bool
    url: Annotated[str | None, Field(description="Null where nothing can be read any more.")]


class Editions(Shape):
    """The history of a deal, newest edition first."""

    count: int
    next: str | None
    previous: str | None
    results: list[EditionEntry]


class Change(Shape):
    """One publication, refreshed name, withdrawal or removal."""

    seq: int
    key: str
    title: str
    edition: int
    cause: Annotated[str, OneOf(codes.Cause)]
    reason: str
    published_at: Moment
    url: Annotated[str | None, Field(description="The edition; null where it cannot be read.")]


class Changes(Shape):
    """Changes after `since`, oldest first; `latest` is the number to ask with next time."""

    count: Annotated[int, Field(description="How many follow `since` in all.")]
    next: str | None
    previous: None
    latest: int
    results: list[Change]


class FacetCount(Shape):
    """One value of a filter and how many deals it would leave."""

    value: str
    label: str
    count: int


class Facets(Shape):
    """Counts beside the filters. A facet ignores its own choice."""

    count: Annotated[int, Field(description="How many deals the parameters leave.")]
    facets: dict[str, list[FacetCount]]


class StatsRow(Shape):
    """One cell of a table: its place in each dimension and what is measured there."""

    groups: Annotated[
        dict[str, str | None], Field(description="Dimension → value; null where it is unknown.")
    ]
    labels: dict[str, str]
    value: Annotated[Number | None, Field(description="Null where nothing stands; never 0 money.")]
    deals: Annotated[int, Field(description="Deals in the cell.")]
    without_amount: Annotated[
        int | None, Field(description="Deals or lines that count but whose sum is unknown.")
    ]


class Stats(Shape):
    """A measure of the selected deals, divided by up to two dimensions."""

    by: list[str]
    measure: str
    unit: Literal["deals", "usd"]
    count: Annotated[int, Field(description="How many deals the parameters leave.")]
    total: Annotated[Number | None, Field(description="The measure of them all together.")]
    is_additive: Annotated[
        bool, Field(description="Whether the cells add up to the total: no deal is in two.")
    ]
    results: list[StatsRow]


class Code(Shape):
    """One code of a list."""

    code: str
    label: str
    definition: str


class VocabularyShape(Shape):
    """A code list: what its codes mean and where it comes from."""

    name: str
    title: str
    origin: str
    codes: list[Code]


class Vocabularies(Shape):
    """Every code list."""

    count: int
    next: None
    previous: None
    results: list[VocabularyShape]
