"""Deals and what hangs on them. Models are re-exported here; one concept a file."""

from deals.models.change import EditionChange
from deals.models.company import Company, Ownership
from deals.models.deal import Deal, DealCountry, DealLink, DealRedirect, ReviewState
from deals.models.dispute import Dispute
from deals.models.edition import (
    Edition,
    EditionDocument,
    EditionLine,
    EditionRow,
    EditionSource,
    EditionState,
)
from deals.models.event import Event
from deals.models.financing import FinancingEvent, FinancingLine
from deals.models.milestone import Milestone
from deals.models.party import Party
from deals.models.project import DealProject, Project, ProjectFigure
from deals.models.rate import ExchangeRate
from deals.models.renaming import Renaming
from deals.models.source import Citation, Source, normalised_url

__all__ = [
    "Citation",
    "Company",
    "Deal",
    "DealCountry",
    "DealLink",
    "DealProject",
    "DealRedirect",
    "Dispute",
    "Edition",
    "EditionChange",
    "EditionDocument",
    "EditionLine",
    "EditionRow",
    "EditionSource",
    "EditionState",
    "Event",
    "ExchangeRate",
    "FinancingEvent",
    "FinancingLine",
    "Milestone",
    "Ownership",
    "Party",
    "Project",
    "ProjectFigure",
    "Renaming",
    "ReviewState",
    "Source",
    "normalised_url",
]
