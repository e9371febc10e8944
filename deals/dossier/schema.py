"""The record of a deal: what staff assert, as one nested document with a fixed order of keys.

A record stands in fixtures, imports, exports and editions. Unknown keys, loose types and unknown
codes are refused; what is unknown is left out in YAML and null or empty in JSON. Every nested item
has a ``ref`` that is stable within the deal; milestones, financing events and citations name
sources by it. Units: amounts are whole units of the currency, stakes are percent, dates are
``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` as exact as the source.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationInfo,
)
from pydantic_core import CoreSchema, core_schema

from config.lib.codes import CodeList
from config.lib.imprecise import LAST_YEAR, ImpreciseDate, ImpreciseDateError
from config.lib.keys import KEY_MAX_LENGTH, KEY_PATTERN
from deals import codes
from deals.dossier.catalogue import Catalogue, shortened, unknown

DOSSIER_VERSION = 1
"""Raised when the shape of a record changes; `upgrade` reads older ones."""

HIGHEST_AMOUNT = 10**16
LONGEST_URL = 2000
LONGEST_PARAGRAPH = 10_000
# Besides what no document may hold: Unicode's own line breaks and the byte order mark.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufeff]")


def _text(value: str) -> str:
    """Text without surrounding space or control characters, in Unicode form C.

    Browsers send the line breaks of a text area as two characters; here they are one.
    """
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    if found := _CONTROL.search(value):
        raise ValueError(f"contains the control character U+{ord(found[0]):04X}: remove it")
    value = unicodedata.normalize("NFC", value).strip()
    if not value:
        raise ValueError("is empty: leave the key out")
    return value


def _line(value: str) -> str:
    if "\n" in value:
        raise ValueError("goes over several lines: write it on one")
    return value


def _date(value: str) -> str:
    try:
        date = ImpreciseDate.parse(value)
    except ImpreciseDateError as error:
        raise ValueError(str(error)) from error
    if date.year == LAST_YEAR:
        raise ValueError(f"“{value}” is too late: the last year that can be stored is 9998")
    return str(date)


def _day(value: str) -> str:
    if ImpreciseDate.parse(_date(value)).precision != "day":
        raise ValueError(f"“{value}” is no single day: write YYYY-MM-DD")
    return value


def _number(value: int | float) -> int | float:
    """The number in its shortest form: 70.0 is 70."""
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError(f"{value} is no number")
    return int(value) if value == int(value) else value


def _amount(value: int | float) -> int | float:
    if value <= 0:
        raise ValueError(f"{value} is not above 0: leave the amount out if it is unknown")
    if value > HIGHEST_AMOUNT:
        raise ValueError(f"{value} is above {HIGHEST_AMOUNT}: amounts are whole units")
    if round(value, 2) != value:
        raise ValueError(f"{value} has more than two decimals")
    return value


def _percent(value: int | float) -> int | float:
    if not 0 <= value <= 100:
        raise ValueError(f"{value} is not between 0 and 100 percent")
    if round(value, 4) != value:
        raise ValueError(f"{value} has more than four decimals")
    return value


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        is_address = re.fullmatch(r"https?://[^\s/?#]+\.[^\s]+", value) and parts.port != 0
    except ValueError:  # brackets without an IPv6 address between them, a port out of range
        is_address = False
    if not is_address or _CONTROL.search(value):
        raise ValueError(
            f"“{shortened(value)}” is no web address: it starts with https:// or http://"
        )
    if len(value.encode()) > LONGEST_URL:
        raise ValueError(f"is longer than {LONGEST_URL} bytes")
    return value


@dataclass(frozen=True)
class OneOf:
    """Annotates text that must be a code of a list; the error names the nearest one."""

    codes: type[CodeList]

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.codes.values)}

    def check(self, value: str) -> str:
        """``value`` itself, or ValueError."""
        if value not in self.codes.values:
            raise ValueError(unknown("code", value, self.codes.values))
        return value


def _known(thing: str) -> AfterValidator:
    """A check that a slug or code stands in the catalogue under ``thing``.

    A slug that was merged into another becomes that other one.
    """

    def check(value: str, info: ValidationInfo) -> str:
        catalogue: Catalogue | None = info.context
        return value if catalogue is None else catalogue.check(thing, value)

    return AfterValidator(check)


CountryCode = Annotated[str, _known("country")]
BlocKey = Annotated[str, _known("bloc")]
MineralSlug = Annotated[str, _known("mineral")]
CompanySlug = Annotated[str, _known("company")]
ProjectSlug = Annotated[str, _known("project")]
EventKey = Annotated[str, _known("event")]
DealKey = Annotated[str, _known("deal")]

Line = Annotated[str, AfterValidator(_text), AfterValidator(_line)]
Paragraph = Annotated[str, AfterValidator(_text), Field(max_length=LONGEST_PARAGRAPH)]
DateText = Annotated[str, AfterValidator(_date)]
DayText = Annotated[str, AfterValidator(_day)]
Number = Annotated[int | float, AfterValidator(_number)]
Amount = Annotated[Number, AfterValidator(_amount)]
Percent = Annotated[Number, AfterValidator(_percent)]
Url = Annotated[str, AfterValidator(_url)]
Ref = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,11}$")]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Key = Annotated[str, Field(pattern=KEY_PATTERN, max_length=KEY_MAX_LENGTH)]


class Item(BaseModel):
    """Refuses unknown keys and loose types: “yes” is no boolean and "5" no number."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Value(Item):
    """The headline value: low and high end, equal where one figure is known."""

    low: Amount
    high: Amount
    currency: Currency
    basis: Annotated[str, OneOf(codes.ValueBasis)]
    note: Annotated[Line, Field(max_length=300)] | None = None


class Place(Item):
    """A country, or a bloc that takes part itself, and its role."""

    country: CountryCode | None = None
    bloc: BlocKey | None = None
    role: Annotated[str, OneOf(codes.CountryRole)]

    @property
    def code(self) -> str:
        """ISO alpha-2, or the bloc's key."""
        return self.country or self.bloc or ""


class PartyItem(Item):
    """A company in the deal."""

    ref: Ref
    company: CompanySlug
    role: Annotated[str, OneOf(codes.PartyRole)]
    stake_percent: Percent | None = None
    note: Annotated[Line, Field(max_length=300)] | None = None


class FinancingEventItem(Item):
    """A dated step of a financing line."""

    ref: Ref
    status: Annotated[str, OneOf(codes.FinancingStatus)]
    happened_on: DateText | None = None
    note: Annotated[Line, Field(max_length=300)] | None = None
    source: Ref | None = None


class FinancingItem(Item):
    """One sum of money or one promise of it; its latest event says how firm it is."""

    ref: Ref
    providers: Annotated[list[CompanySlug], Field(min_length=1)]
    instrument: Annotated[str, OneOf(codes.Instrument)]
    amount: Amount | None = None
    currency: Currency | None = None
    within: Ref | None = None
    note: Annotated[Line, Field(max_length=300)] | None = None
    events: Annotated[list[FinancingEventItem], Field(min_length=1)]


class MilestoneItem(Item):
    """A dated change of agreement or stage, or plain news."""

    ref: Ref
    happened_on: DateText | None = None
    status: Annotated[str, OneOf(codes.Status)] | None = None
    stage: Annotated[str, OneOf(codes.Stage)] | None = None
    note: Annotated[Line, Field(max_length=500)]
    source: Ref | None = None


class ProjectItem(Item):
    """A project that the deal is about."""

    project: ProjectSlug
    note: Annotated[Line, Field(max_length=300)] | None = None


class LinkItem(Item):
    """How this deal relates to another."""

    type: Annotated[str, OneOf(codes.LinkType)]
    deal: DealKey


class SourceItem(Item):
    """A page that the deal rests on."""

    ref: Ref
    url: Url
    publisher: Annotated[Line, Field(max_length=200)]
    title: Annotated[Line, Field(max_length=500)]
    published_on: DateText | None = None
    retrieved_on: DayText | None = None
    language: Annotated[str, Field(pattern="^[a-z]{2,3}(-[A-Za-z0-9]+)*$", max_length=8)] | None = (
        None
    )
    kind: Annotated[str, OneOf(codes.SourceKind)] | None = None
    origin: Annotated[Line, Field(max_length=200)] | None = None


class CitationItem(Item):
    """A source speaks to a fact; ``stated`` is what it says where it differs."""

    ref: Ref
    source: Ref
    fact: Annotated[str, OneOf(codes.Fact)]
    item: Ref | None = None
    locator: Annotated[Line, Field(max_length=120)] | None = None
    quote: Annotated[Line, Field(max_length=300)] | None = None
    stated: Annotated[Line, Field(max_length=300)] | None = None


class DisputeItem(Item):
    """A fact on which sources disagree."""

    ref: Ref
    fact: Annotated[str, OneOf(codes.Fact)]
    note: Paragraph
    status: Annotated[str, OneOf(codes.DisputeStatus)]
    resolution: Paragraph | None = None


class Record(Item):
    """One deal, whole."""

    key: Key
    title: Annotated[Line, Field(max_length=200)]
    summary: Paragraph
    kind: Annotated[str, OneOf(codes.Kind)]
    also_kinds: list[Annotated[str, OneOf(codes.Kind)]] = []
    status: Annotated[str, OneOf(codes.Status)]
    stage: Annotated[str, OneOf(codes.Stage)] | None = None
    announced_on: DateText | None = None
    signed_on: DateText | None = None
    closed_on: DateText | None = None
    value: Value | None = None
    countries: list[Place] = []
    minerals: list[MineralSlug] = []
    minerals_unspecified: bool = False
    supply_chain_stages: list[Annotated[str, OneOf(codes.SupplyChainStage)]] = []
    event: EventKey | None = None
    parties: list[PartyItem] = []
    financing: list[FinancingItem] = []
    terms: list[Paragraph] = []
    milestones: list[MilestoneItem] = []
    projects: list[ProjectItem] = []
    links: list[LinkItem] = []
    sources: list[SourceItem] = []
    citations: list[CitationItem] = []
    disputes: list[DisputeItem] = []
    confidence: Annotated[str, OneOf(codes.Confidence)]
    verified_on: DayText | None = None
    note: Paragraph | None = None

    @property
    def hosts(self) -> list[Place]:
        """Countries and blocs in the role of host."""
        return [place for place in self.countries if place.role == codes.CountryRole.HOST]


type Mode = Literal["full", "short"]


def as_document(record: Record, *, mode: Mode = "full") -> dict[str, Any]:
    """The record as plain values in the order of the schema.

    ``full`` has every key, for JSON. ``short`` leaves out what is unknown or empty, for YAML.
    """
    document: dict[str, Any] = record.model_dump(mode="python")
    return _shortened(document) if mode == "short" else document


def _shortened(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _shortened(item)
            for key, item in value.items()
            if item is not None and item != [] and item is not False
        }
    if isinstance(value, list):
        return [_shortened(item) for item in value]
    return value


def upgrade(document: dict[str, Any], *, version: int) -> dict[str, Any]:
    """A stored record of an earlier ``version`` in today's shape."""
    if version != DOSSIER_VERSION:
        raise ValueError(
            f"dossier version {version} is not known here: this Lodebook reads {DOSSIER_VERSION}"
        )
    return document
