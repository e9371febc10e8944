"""Minerals and what is known of them; models are re-exported here, one concept a file."""

from config.lib.codes import Vocabulary
from minerals.models.criticality import CriticalityList, Listing
from minerals.models.fact import CountryFact
from minerals.models.mineral import Category, Mineral, TradeCode
from minerals.models.policy import DOMESTIC_KINDS, PolicyKind, PolicyMeasure, PolicyStatus
from minerals.models.production import Measure, Production

__all__ = [
    "DOMESTIC_KINDS",
    "Category",
    "CountryFact",
    "CriticalityList",
    "Listing",
    "Measure",
    "Mineral",
    "PolicyKind",
    "PolicyMeasure",
    "PolicyStatus",
    "Production",
    "TradeCode",
    "VOCABULARIES",
]

VOCABULARIES = {
    vocabulary.name: vocabulary
    for vocabulary in (
        Vocabulary(
            "mineral_category", Category, "Family of a mineral", "Lodebook, after USGS, IEA"
        ),
        Vocabulary(
            "production_measure",
            Measure,
            "Measure of production",
            "USGS Mineral Commodity Summaries",
        ),
        Vocabulary(
            "policy_kind",
            PolicyKind,
            "Form of a policy measure",
            "OECD export restrictions, extended",
        ),
        Vocabulary("policy_status", PolicyStatus, "State of a policy measure", "Lodebook"),
    )
}
