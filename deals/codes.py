"""The code lists of a deal: what each code means and where the list comes from.

``VOCABULARIES`` names them all for the API, the codebook and the method page.
"""

from config.lib.codes import CodeList, Vocabulary


class Kind(CodeList):
    """What form a deal takes. Origin: Lodebook, after the deal types of Land Matrix and the IEA."""

    MOU = "mou", "A memorandum of understanding or declaration of intent.", "Memorandum"
    FRAMEWORK_AGREEMENT = (
        "framework_agreement",
        "An agreement between governments or groups that sets terms for later deals.",
        "Framework agreement",
    )
    JOINT_VENTURE = (
        "joint_venture",
        "Two or more parties hold a company or project together.",
        "Joint venture",
    )
    OFFTAKE = "offtake", "A buyer takes a share of future output.", "Offtake"
    SUPPLY_CONTRACT = "supply_contract", "A sale of existing output or material.", "Supply contract"
    EQUITY_INVESTMENT = (
        "equity_investment",
        "A party buys new or existing shares short of control.",
        "Equity investment",
    )
    ACQUISITION = "acquisition", "A party takes control of a company or project.", "Acquisition"
    DIVESTMENT = "divestment", "An owner sells or gives up a holding.", "Divestment"
    LOAN = "loan", "Money lent, or a facility to lend it.", "Loan"
    GRANT = "grant", "Public money that is not repaid.", "Grant"
    GUARANTEE = "guarantee", "A promise to pay if another party does not.", "Guarantee"
    EXPLORATION_LICENCE = (
        "exploration_licence",
        "A state lets a party explore an area.",
        "Exploration licence",
    )
    MINING_LICENCE = "mining_licence", "A state lets a party mine an area.", "Mining licence"
    RIGHT_OF_FIRST_REFUSAL = (
        "right_of_first_refusal",
        "A party may match any other offer before it is accepted.",
        "Right of first refusal",
    )
    GEOLOGICAL_MAPPING = (
        "geological_mapping",
        "Survey of an area, or exchange of geological data.",
        "Geological mapping",
    )
    PROJECT_DEVELOPMENT = (
        "project_development",
        "Building or developing a mine with named partners.",
        "Project development",
    )
    PROCESSING_PLANT = (
        "processing_plant",
        "Building or converting a plant that processes or refines.",
        "Processing plant",
    )
    INFRASTRUCTURE = (
        "infrastructure",
        "Rail, port, power or water that minerals depend on.",
        "Infrastructure",
    )
    STOCKPILE_PURCHASE = (
        "stockpile_purchase",
        "A state buys for its reserve.",
        "Stockpile purchase",
    )
    ROYALTY_OR_STREAM = (
        "royalty_or_stream",
        "Money now for a share of later revenue or metal.",
        "Royalty or stream",
    )
    TECHNICAL_COOPERATION = (
        "technical_cooperation",
        "Research, training or transfer of know-how.",
        "Technical cooperation",
    )
    PRICE_SUPPORT = "price_support", "A price floor or contract for difference.", "Price support"
    PROJECT_DESIGNATION = (
        "project_designation",
        "A government puts a project on a list of strategic ones.",
        "Project designation",
    )
    OTHER = "other", "None of the other kinds.", "Other"


class Status(CodeList):
    """How binding the agreement is. Origin: Land Matrix's negotiation status, AidData's stages."""

    RUMOURED = "rumoured", "Reported by unnamed sources; no party confirms it.", "Rumoured"
    PROPOSED = "proposed", "Offered, bid for or under negotiation by a named party.", "Proposed"
    ANNOUNCED = (
        "announced",
        "Stated in public by a party or a government; no signed text is known. "
        "Also a unilateral act, such as a grant programme or a designation.",
        "Announced",
    )
    MOU_SIGNED = (
        "mou_signed",
        "A non-binding text is signed: memorandum, declaration, heads of terms.",
        "MoU signed",
    )
    AGREEMENT_SIGNED = "agreement_signed", "A binding contract is signed.", "Agreement signed"
    CLOSED = (
        "closed",
        "A source shows completion: money paid, shares issued, financial close.",
        "Closed",
    )
    SUSPENDED = "suspended", "Halted; a source says it may resume.", "Suspended"
    CANCELLED = "cancelled", "Ended before completion by a party, a court or a state.", "Cancelled"
    EXPIRED = "expired", "Ran out without completion.", "Expired"


BINDING_STATUSES = frozenset({Status.AGREEMENT_SIGNED, Status.CLOSED})
ENDED_STATUSES = frozenset({Status.SUSPENDED, Status.CANCELLED, Status.EXPIRED})
STALE_STATUSES = frozenset({Status.RUMOURED, Status.PROPOSED, Status.ANNOUNCED, Status.MOU_SIGNED})
NEVER_STALE_KINDS = frozenset({Kind.GRANT, Kind.PROJECT_DESIGNATION, Kind.MINING_LICENCE})


class Stage(CodeList):
    """The project on the ground. Origin: Global Energy Monitor's project status."""

    EXPLORATION = "exploration", "Drilling and sampling; no decision to build.", "Exploration"
    FEASIBILITY = "feasibility", "Studies of whether and how to build.", "Feasibility"
    PERMITTING = "permitting", "Permits are applied for or granted.", "Permitting"
    CONSTRUCTION = "construction", "Being built.", "Construction"
    COMMISSIONING = "commissioning", "Built and being started up.", "Commissioning"
    OPERATING = "operating", "Producing.", "Operating"
    CARE_AND_MAINTENANCE = (
        "care_and_maintenance",
        "Production stopped, kept ready to resume.",
        "Care and maintenance",
    )
    COMPLETED = "completed", "Finished and handed over.", "Completed"
    ABANDONED = "abandoned", "Given up.", "Abandoned"


class ValueBasis(CodeList):
    """What a headline value measures. Origin: Lodebook."""

    TOTAL_INVESTMENT = (
        "total_investment",
        "Planned spending on the whole project.",
        "total investment",
    )
    UP_TO = "up_to", "An upper limit.", "up to"
    ESTIMATED = "estimated", "An estimate by a party or a reporter.", "estimated"
    ACQUISITION_PRICE = (
        "acquisition_price",
        "What the buyer pays for shares or assets.",
        "acquisition price",
    )
    LOAN = "loan", "The sum of a loan.", "loan"
    GRANT = "grant", "The sum of a grant.", "grant"
    OFFTAKE_VALUE = "offtake_value", "Worth of the output to be bought.", "offtake value"
    PROGRAMME = "programme", "A programme's budget, not one deal's price.", "programme"
    ENTERPRISE_VALUE = (
        "enterprise_value",
        "Worth of the whole company including its debt.",
        "enterprise value",
    )
    OTHER = "other", "None of the other bases.", "other"


BASES_NOT_COUNTED = frozenset({ValueBasis.PROGRAMME, ValueBasis.ENTERPRISE_VALUE})


class CountryRole(CodeList):
    """What a country or bloc does in a deal. Origin: Lodebook, after Land Matrix."""

    HOST = "host", "The deal's project, ore or plant is there.", "Host"
    PARTNER = "partner", "Its government or companies are the counterpart.", "Partner"
    THIRD_PARTY = "third_party", "Takes part otherwise.", "Third party"


class PartyRole(CodeList):
    """What a company or body does in a deal. Origin: Open Contracting Data Standard, extended."""

    EQUITY_INVESTOR = "equity_investor", "Holds or buys shares.", "Equity investor"
    OPERATOR = "operator", "Runs the project.", "Operator"
    SELLER = "seller", "Sells shares, an asset or material.", "Seller"
    OFFTAKER = "offtaker", "Buys output.", "Offtaker"
    LENDER = "lender", "Lends, or would lend.", "Lender"
    GUARANTOR = "guarantor", "Guarantees or insures.", "Guarantor"
    GRANTOR = "grantor", "Gives a grant.", "Grantor"
    HOST_GOVERNMENT = "host_government", "Acts for the host state.", "Host government"
    PARTNER_GOVERNMENT = "partner_government", "Acts for the partner state.", "Partner government"
    PARTNER = "partner", "Takes part as an equal or local partner.", "Partner"
    SUPPLIER = "supplier", "Supplies material or equipment.", "Supplier"
    CONTRACTOR = "contractor", "Builds or does paid work.", "Contractor"
    ADVISOR = "advisor", "Advises a party.", "Advisor"
    TARGET = "target", "The company that is bought, lent to or held.", "Target"
    CLAIMANT = "claimant", "Contests the deal or a holding in it.", "Claimant"


class SupplyChainStage(CodeList):
    """Which step from ore to product a deal is about. Origin: IEA, USGS."""

    EXPLORATION = "exploration", "Looking for and measuring ore.", "Exploration"
    MINING = "mining", "Taking ore out of the ground.", "Mining"
    PROCESSING = "processing", "Concentrating and separating.", "Processing"
    REFINING = "refining", "Making metal or pure compounds.", "Refining"
    MANUFACTURING = "manufacturing", "Making parts, magnets, batteries.", "Manufacturing"
    RECYCLING = "recycling", "Recovering from waste and scrap.", "Recycling"
    LOGISTICS = "logistics", "Transport and storage.", "Logistics"
    TRADING = "trading", "Buying and selling.", "Trading"


class Instrument(CodeList):
    """The form of a financing line. Origin: IATI finance types and OCDS, condensed."""

    LOAN = "loan", "Debt.", "Loan"
    EQUITY = "equity", "Shares.", "Equity"
    GRANT = "grant", "Not repaid.", "Grant"
    GUARANTEE = "guarantee", "Promise to pay for another.", "Guarantee"
    INSURANCE = "insurance", "Cover against named risks.", "Insurance"
    BOND = "bond", "Tradable debt.", "Bond"
    CONVERTIBLE = "convertible", "Debt or preferred shares that may become shares.", "Convertible"
    STREAM_OR_ROYALTY = (
        "stream_or_royalty",
        "Money now for later metal or revenue.",
        "Stream or royalty",
    )
    PREPAYMENT = "prepayment", "Paid ahead of delivery.", "Prepayment"
    PRICE_FLOOR = "price_floor", "A guaranteed lowest price.", "Price floor"
    TAX_CREDIT = "tax_credit", "Less tax to pay.", "Tax credit"
    PROGRAMME = "programme", "A budget for many projects.", "Programme"
    UNSPECIFIED = "unspecified", "The sources do not say.", "Unspecified"


SUMMED_INSTRUMENTS = frozenset(
    {
        Instrument.LOAN,
        Instrument.EQUITY,
        Instrument.GRANT,
        Instrument.CONVERTIBLE,
        Instrument.BOND,
        Instrument.PREPAYMENT,
        Instrument.STREAM_OR_ROYALTY,
        Instrument.UNSPECIFIED,
    }
)


class FinancingStatus(CodeList):
    """How firm the money of one line is. Origin: Lodebook, after AidData."""

    CONSIDERED = "considered", "A provider says that it looks at it.", "Considered"
    LETTER_OF_INTEREST = (
        "letter_of_interest",
        "A letter that binds nobody.",
        "Letter of interest",
    )
    CONDITIONAL = (
        "conditional",
        "Approved or offered; documents or conditions are open.",
        "Conditional",
    )
    COMMITTED = "committed", "Signed or announced as a firm promise.", "Committed"
    CLOSED = "closed", "Financial close: all documents signed.", "Closed"
    DISBURSED = "disbursed", "Paid out.", "Disbursed"
    WITHDRAWN = "withdrawn", "No longer offered.", "Withdrawn"


class Rung(CodeList):
    """The money ladder: how far money has come from word to bank transfer. Origin: Lodebook."""

    INDICATED = "indicated", "Considered, or a letter of interest.", "Indicated"
    CONDITIONAL = "conditional", "Approved or offered under open conditions.", "Conditional"
    COMMITTED = "committed", "Promised or at financial close.", "Committed"
    DISBURSED = "disbursed", "Paid out.", "Disbursed"


RUNG_OF_STATUS: dict[str, str | None] = {
    FinancingStatus.CONSIDERED: Rung.INDICATED,
    FinancingStatus.LETTER_OF_INTEREST: Rung.INDICATED,
    FinancingStatus.CONDITIONAL: Rung.CONDITIONAL,
    FinancingStatus.COMMITTED: Rung.COMMITTED,
    FinancingStatus.CLOSED: Rung.COMMITTED,
    FinancingStatus.DISBURSED: Rung.DISBURSED,
    FinancingStatus.WITHDRAWN: None,
}


class LinkType(CodeList):
    """How one deal relates to another. Origin: Lodebook, after OCDS related processes."""

    PART_OF = "part_of", "This deal is part of a larger announcement.", "Part of"
    SUPERSEDES = "supersedes", "This deal replaces the other.", "Supersedes"
    FOLLOWS = "follows", "This deal came after and out of the other.", "Follows"
    SAME_PROJECT = "same_project", "Both concern one project.", "Same project"


class SourceKind(CodeList):
    """What sort of page a source is. Origin: Lodebook."""

    PRIMARY = "primary", "A party's or government's own statement, filing or text.", "Primary"
    WIRE = "wire", "A news agency.", "Wire"
    PRESS = "press", "A newspaper, trade journal or analyst.", "Press"
    MIRROR = "mirror", "A repost, archive or machine translation.", "Mirror"


class Fact(CodeList):
    """What a citation or dispute is about. Origin: Lodebook."""

    VALUE = "value", "The headline value.", "Headline value"
    STAKE = "stake", "Who holds which share.", "Stake"
    FINANCING = "financing", "The financing lines.", "Financing"
    PARTIES = "parties", "Who takes part.", "Parties"
    STATUS = "status", "How binding the agreement is.", "Agreement"
    STAGE = "stage", "The project on the ground.", "Stage"
    DATES = "dates", "When it was announced, signed or closed.", "Dates"
    MINERALS = "minerals", "Which minerals.", "Minerals"
    TERMS = "terms", "What was agreed.", "Terms"
    PROJECTS = "projects", "Which projects.", "Projects"
    VOLUME = "volume", "Resource, capacity or quantity.", "Volume"
    LOCATION = "location", "Where it is.", "Place"
    OTHER = "other", "Anything else.", "Other"


class DisputeStatus(CodeList):
    """Whether a disagreement between sources still stands. Origin: Lodebook."""

    OPEN = "open", "Sources disagree and nothing settles it.", "Open"
    RESOLVED = "resolved", "Settled, with a reason.", "Resolved"


class Confidence(CodeList):
    """How sure the record is. Origin: Lodebook."""

    HIGH = "high", "Two independent sources, or a primary one.", "High"
    MEDIUM = "medium", "One good source.", "Medium"
    LOW = "low", "A weak, undated or machine-translated source.", "Low"


class CompanyType(CodeList):
    """What sort of body a party is. Origin: Lodebook, after IATI organisation types."""

    COMPANY = "company", "A private or listed company.", "Company"
    STATE_OWNED_ENTERPRISE = (
        "state_owned_enterprise",
        "A company that a state owns or controls.",
        "State-owned enterprise",
    )
    GOVERNMENT = "government", "A government, ministry, agency or authority.", "Government"
    EXPORT_CREDIT_AGENCY = (
        "export_credit_agency",
        "A state's lender or insurer of exports.",
        "Export credit agency",
    )
    DEVELOPMENT_FINANCE = (
        "development_finance",
        "A state's development bank or fund.",
        "Development finance institution",
    )
    MULTILATERAL = "multilateral", "A body of several states.", "Multilateral"
    COMMERCIAL_BANK = "commercial_bank", "A bank.", "Commercial bank"
    FUND = "fund", "An investment fund or investor.", "Fund"
    RESEARCH = "research", "A university, institute or survey.", "Research body"
    CONSORTIUM = "consortium", "A group without a name of its own.", "Consortium"
    UNNAMED = "unnamed", "A party that the sources do not name.", "Unnamed"


class OwnershipKind(CodeList):
    """Who owns a body. Origin: Lodebook."""

    STATE = "state", "A state.", "State"
    LISTED = "listed", "Shareholders of a listed company.", "Listed"
    PRIVATE = "private", "Private holders.", "Private"


class Cause(CodeList):
    """Why an edition was made. Origin: Lodebook."""

    PUBLISH = "publish", "Staff published the deal's record.", "Published"
    REFRESH = "refresh", "A name changed; nothing else did.", "Refreshed"
    WITHDRAW = "withdraw", "The deal was withdrawn from publication.", "Withdrawn"
    EXPUNGE = "expunge", "Content was removed for good.", "Removed"

    @classmethod
    def hidden(cls) -> tuple[str, ...]:
        """Causes whose editions have no document to show."""
        return (cls.WITHDRAW, cls.EXPUNGE)


VOCABULARIES: dict[str, Vocabulary] = {
    vocabulary.name: vocabulary
    for vocabulary in (
        Vocabulary("kind", Kind, "Kind of deal", "Lodebook, after Land Matrix and the IEA"),
        Vocabulary(
            "status",
            Status,
            "Agreement: how binding it is",
            "Land Matrix negotiation status; AidData pledge and commitment",
        ),
        Vocabulary("stage", Stage, "Project on the ground", "Global Energy Monitor"),
        Vocabulary("value_basis", ValueBasis, "Basis of a headline value", "Lodebook"),
        Vocabulary("country_role", CountryRole, "Role of a country", "Lodebook, after Land Matrix"),
        Vocabulary(
            "party_role", PartyRole, "Role of a party", "Open Contracting Data Standard, extended"
        ),
        Vocabulary("supply_chain_stage", SupplyChainStage, "Supply chain stage", "IEA; USGS"),
        Vocabulary("instrument", Instrument, "Financing instrument", "IATI finance types; OCDS"),
        Vocabulary(
            "financing_status",
            FinancingStatus,
            "Firmness of a financing line",
            "Lodebook, after AidData",
        ),
        Vocabulary("rung", Rung, "Money ladder", "Lodebook"),
        Vocabulary("link_type", LinkType, "Link between deals", "Lodebook, after OCDS"),
        Vocabulary("source_kind", SourceKind, "Kind of source", "Lodebook"),
        Vocabulary("fact", Fact, "Fact that a source speaks to", "Lodebook"),
        Vocabulary("dispute_status", DisputeStatus, "State of a dispute", "Lodebook"),
        Vocabulary("confidence", Confidence, "Confidence in the record", "Lodebook"),
        Vocabulary(
            "company_type", CompanyType, "Type of body", "Lodebook, after IATI organisation types"
        ),
        Vocabulary("ownership_kind", OwnershipKind, "Ownership of a body", "Lodebook"),
        Vocabulary("cause", Cause, "Cause of an edition", "Lodebook"),
    )
}
