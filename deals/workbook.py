"""The deals of a selection as a workbook: a sheet a kind of thing, all keyed by the deal's key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any, Final

from config.lib.columns import Column, Kind, Summary
from config.lib.imprecise import ImpreciseDate
from config.lib.workbook import Sheet, WorkbookWriter
from deals.codes import RUNG_OF_STATUS
from deals.columns import DEAL_COLUMNS
from deals.dossier.schema import FinancingEventItem
from deals.labels import vocabularies
from deals.money import in_order
from deals.reading import Clock, Detail

type Row = dict[str, Any]


def _column(name: str, label: str, help_text: str, kind: Kind = "text", codes: str = "") -> Column:
    return Column(name=name, label=label, kind=kind, help=help_text, codes=codes)


_KEY: Final = _column("deal", "Deal key", "Key of the deal, as on the sheet Deals.")
_TITLE: Final = _column("deal_title", "Deal", "Title of the deal.")
_REF: Final = _column("ref", "Ref", "Stable name within the deal.")
_NOTE: Final = _column("note", "Note", "In words.")
_SOURCE: Final = _column("source", "Source ref", "Ref of the source on the sheet Sources.")

PARTIES: Final = Sheet(
    "Parties",
    (
        _KEY,
        _TITLE,
        _REF,
        _column("company", "Party slug", "Stable name of the company or body."),
        _column("name", "Party", "Name when this edition was published."),
        _column("type", "Type of body", "What sort of body it is.", "code", "company_type"),
        _column("country", "Home country code", "ISO 3166-1 alpha-2."),
        _column("country_name", "Home country", "By name."),
        _column("role", "Role", "What it does in the deal.", "code", "party_role"),
        _column("stake_percent", "Stake, percent", "Where a source states it.", "number"),
        _NOTE,
    ),
)
FINANCING: Final = Sheet(
    "Financing",
    (
        _KEY,
        _TITLE,
        _REF,
        _column("providers", "Provider slugs", "Joint providers stand in one line.", "list"),
        _column("provider_names", "Providers", "By name.", "list"),
        _column("provider_countries", "Provider country codes", "Homes of the providers.", "list"),
        _column("instrument", "Instrument", "The form of the money.", "code", "instrument"),
        _column("amount", "Amount", "As stated; empty where it is not known.", "number"),
        _column("currency", "Currency", "ISO 4217.", "code"),
        _column("amount_usd", "Amount, US dollars", "At the rate of the event's year.", "usd"),
        _column("rung", "Rung", "Where it stands; empty for withdrawn money.", "code", "rung"),
        _column("status", "Firmness", "Of its latest event.", "code", "financing_status"),
        _column("happened_on", "Latest event", "Date of its latest event.", "date"),
        _column("is_counted", "In sums", "It stands in the sum of its rung.", "bool"),
        _column("within", "Within", "Ref of the line that it is part of."),
        _NOTE,
    ),
)
FINANCING_EVENTS: Final = Sheet(
    "Financing events",
    (
        _KEY,
        _TITLE,
        _column("line", "Line ref", "Ref of the line on the sheet Financing."),
        _column("ref", "Ref", "Stable name within the line."),
        _column("status", "Firmness", "After this event.", "code", "financing_status"),
        _column("rung", "Rung", "Where the line stood after it.", "code", "rung"),
        _column("happened_on", "Happened", "As precisely as it is known.", "date"),
        _NOTE,
        _SOURCE,
    ),
)
MILESTONES: Final = Sheet(
    "Milestones",
    (
        _KEY,
        _TITLE,
        _REF,
        _column("happened_on", "Happened", "As precisely as it is known.", "date"),
        _column("status", "Agreement", "What the agreement became.", "code", "status"),
        _column("stage", "Stage", "What the project became.", "code", "stage"),
        _NOTE,
        _SOURCE,
    ),
)
SOURCES: Final = Sheet(
    "Sources",
    (
        _KEY,
        _TITLE,
        _REF,
        _column("publisher", "Publisher", "Who published it."),
        _column("title", "Title", "Of the page."),
        _column("url", "Address", "As text; it is not linked."),
        _column("published_on", "Published", "As precisely as it is known.", "date"),
        _column("retrieved_on", "Retrieved", "When it was read.", "date"),
        _column("language", "Language", "ISO 639."),
        _column("kind", "Kind", "What sort of page.", "code", "source_kind"),
        _column("origin", "Origin", "The report that it repeats, where known."),
        _column("facts", "Facts", "What it is cited for.", "list", "fact"),
    ),
)
CODEBOOK: Final = Sheet(
    "Codebook",
    (
        _column("sheet", "Sheet", "Tab."),
        _column("label", "Column", "As in the first row of the sheet."),
        _column("name", "Name", "In CSV and in ?columns=."),
        _column("help", "Meaning", "What it holds."),
        _column("type", "Type", "Of its cells."),
        _column("codes", "Code list", "On the sheet Code lists."),
    ),
)
CODE_LISTS: Final = Sheet(
    "Code lists",
    (
        _column("list", "Code list", "Its name."),
        _column("code", "Code", "As it stands in cells."),
        _column("label", "Label", "In words."),
        _column("definition", "Definition", "What it means."),
        _column("origin", "Origin of the list", "Where it comes from."),
    ),
)
ABOUT: Final = Sheet(
    "Licence and citation",
    (_column("item", "Item", "What is said."), _column("text", "Text", "What it is.")),
)
TYPES: Final[Mapping[Kind, str]] = {
    "text": "Text.",
    "code": "Code.",
    "number": "Number.",
    "usd": "US dollars.",
    "date": "Date where the day is known, else text: 2025 or 2025-11. The two columns after it "
    "hold the first and the last day that it can be, as dates.",
    "day": "Date.",
    "moment": "Date and time, UTC.",
    "bool": "TRUE or FALSE.",
    "list": "Texts or codes, parted by “; ”.",
}
"""What a cell of each kind of column holds; in CSV all of it is text."""


def write_workbook(
    file: IO[bytes],
    rows: Iterable[tuple[Summary, Detail]],
    clock: Clock,
    about: Iterable[tuple[str, str]],
    columns: Sequence[Column] = (),
) -> None:
    """Write the deals to `file`: `rows` gives summary and document of each, one after another.

    The key always comes first, since the other sheets are joined by it. With a past ``on`` what
    is dated later, or not dated, is left out of the sheets of money and milestones.
    """
    key = DEAL_COLUMNS["key"]
    chosen = [column for column in columns or DEAL_COLUMNS if column is not key]
    deals = Sheet("Deals", [key, *chosen])
    data = (deals, PARTIES, FINANCING, FINANCING_EVENTS, MILESTONES, SOURCES)
    with WorkbookWriter(file, [*data, CODEBOOK, CODE_LISTS, ABOUT], title="Lodebook") as book:
        for summary, document in rows:
            book.add(deals, summary)
            for sheet, row in _nested_rows(document, clock):
                book.add(sheet, row)
        for sheet in data:
            for row in _codebook_rows(sheet):
                book.add(CODEBOOK, row)
        for row in _code_rows(data):
            book.add(CODE_LISTS, row)
        for item, text in about:
            book.add(ABOUT, {"item": item, "text": text})


def _nested_rows(document: Detail, clock: Clock) -> Iterator[tuple[Sheet, Row]]:
    record = document["record"]
    deal = {"deal": document["key"], "deal_title": document["title"]}
    cited: dict[str, dict[str, None]] = {}
    for citation in record["citations"]:
        cited.setdefault(citation["source"], {})[citation["fact"]] = None
    for party in record["parties"]:
        yield PARTIES, deal | party | _body(document, party["company"])
    yield from _money_rows(document, deal, clock)
    for milestone in record["milestones"]:
        if _had_happened(milestone["happened_on"], clock):
            yield MILESTONES, deal | milestone
    for source in record["sources"]:
        yield SOURCES, deal | source | {"facts": list(cited.get(source["ref"], ()))}


def _body(document: Detail, slug: str) -> Row:
    """What is known of a company or body, as it was when the edition was published."""
    body = document["names"]["companies"][slug]
    code = body["country"]
    return {
        "name": body["name"],
        "type": body["type"],
        "country": code,
        "country_name": document["names"]["countries"][code]["name"] if code else None,
    }


def _money_rows(document: Detail, deal: Row, clock: Clock) -> Iterator[tuple[Sheet, Row]]:
    """The lines that stand, and the events that brought them there."""
    facts = {line["ref"]: line for line in document["lines"]}
    for line in document["record"]["financing"]:
        if line["ref"] not in facts:
            continue  # it does not stand on the day asked for
        bodies = [_body(document, slug) for slug in line["providers"]]
        events = [
            event
            for event in in_order([FinancingEventItem.model_construct(**e) for e in line["events"]])
            if _had_happened(event.happened_on, clock)
        ]
        last = events[-1] if events else None
        yield (
            FINANCING,
            deal
            | line
            | facts[line["ref"]]
            | {
                "provider_names": [body["name"] for body in bodies],
                "provider_countries": [body["country"] for body in bodies if body["country"]],
                "status": last.status if last else None,
                "happened_on": last.happened_on if last else None,
            },
        )
        for event in events:
            yield (
                FINANCING_EVENTS,
                deal
                | {
                    "line": line["ref"],
                    "ref": event.ref,
                    "status": event.status,
                    "rung": RUNG_OF_STATUS[event.status],
                    "happened_on": event.happened_on,
                    "note": event.note,
                    "source": event.source,
                },
            )


def _had_happened(happened_on: str | None, clock: Clock) -> bool:
    """Whether something dated so had certainly happened by the day; on no past day, always."""
    if not clock.is_past_world:
        return True
    return happened_on is not None and ImpreciseDate.parse(happened_on).latest <= clock.day


def _codebook_rows(sheet: Sheet) -> Iterator[Row]:
    for column in sheet.columns:
        yield {
            "sheet": sheet.name,
            "label": column.label,
            "name": column.name,
            "help": column.help,
            "type": TYPES[column.kind],
            "codes": column.codes,
        }


def _code_rows(sheets: Iterable[Sheet]) -> Iterator[Row]:
    """Every code of the lists that a column names."""
    named = {column.codes for sheet in sheets for column in sheet.columns if column.codes}
    for name, vocabulary in vocabularies().items():
        if name in named:
            for row in vocabulary.as_rows():
                yield {
                    "list": name,
                    "code": row["code"],
                    "label": row["label"],
                    "definition": row["definition"],
                    "origin": vocabulary.origin,
                }
