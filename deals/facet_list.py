"""The facets: which filters have counts beside them, and where their values stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from config.lib.codes import CodeList
from deals.codes import Confidence, Instrument, Kind, Rung, Stage, Status, SupplyChainStage

type Shape = Literal["array", "code", "flag", "rung"]
type Names = Literal["place", "mineral", "company", "event"]


@dataclass(frozen=True, slots=True)
class Facet:
    """Where the values of a filter stand and what they are called.

    `names` is a table of names or a code list; a code list that `is_ordered` is shown in its own
    order, all else by count. `in_lines`: of the financing lines, not of the edition itself.
    """

    column: str
    shape: Shape
    names: Names | type[CodeList] | None = None
    is_ordered: bool = False
    in_lines: bool = False


FACETS: Final[dict[str, Facet]] = {
    "country": Facet("countries", "array", "place"),
    "host": Facet("hosts", "array", "place"),
    "partner": Facet("partners", "array", "place"),
    "party_country": Facet("party_countries", "array", "place"),
    "bloc": Facet("countries", "array", "place"),
    "mineral": Facet("minerals", "array", "mineral"),
    "company": Facet("companies", "array", "company"),
    "event": Facet("event", "code", "event"),
    "kind": Facet("kinds", "array", Kind),
    "status": Facet("status", "code", Status, is_ordered=True),
    "stage": Facet("stage", "code", Stage, is_ordered=True),
    "supply_chain_stage": Facet("supply_chain_stages", "array", SupplyChainStage, is_ordered=True),
    "confidence": Facet("confidence", "code", Confidence, is_ordered=True),
    "provider": Facet("providers", "array", "company", in_lines=True),
    "provider_country": Facet("provider_countries", "array", "place", in_lines=True),
    "instrument": Facet("instrument", "code", Instrument, in_lines=True),
    "rung": Facet("rung_rank", "rung", Rung, is_ordered=True, in_lines=True),
    "has_value": Facet("stated_value", "flag"),
    "counts_toward_total": Facet("counts_toward_total", "flag"),
    "disputed": Facet("is_disputed", "flag"),
    "stale": Facet("", "flag"),
}
YES_NO: Final = {"true": "Yes", "false": "No"}

UNKNOWN: Final = {
    "partner": "none on record",
    "mineral": "not specified",
    "rung": "none on record",
    "event": "none on record",
    "provider": "none on record",
    "stage": "not known",
    "party_country": "not known",
}
"""What a reader is told, and can choose, where a deal has no value of a facet."""
