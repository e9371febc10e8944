"""The money ladder by line: a row a financing line, a cell a rung."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from config.lib.imprecise import ImpreciseDate
from config.lib.words import Number, date_in_words, money_in_words
from deals.codes import RUNG_OF_STATUS, SUMMED_INSTRUMENTS, FinancingStatus, Instrument, Rung
from deals.dossier.schema import FinancingEventItem
from deals.money import RUNGS, in_order
from deals.presenting.citing import Cite, SourceBook
from deals.presenting.wording import listed, split_up_to, sum_words, word_of


@dataclass(frozen=True)
class Cell:
    """One rung of a line: it stands here, it passed by, or nothing is known of it here."""

    rung: str
    label: str
    is_here: bool = False
    passed_on: str = ""
    happened_on: str | None = None
    """Date of the event that put it here."""
    note: str = ""


@dataclass(frozen=True)
class Line:
    """A financing line as it stands."""

    ref: str
    providers: list[Mapping[str, Any]]
    """Slug and name of each."""
    instrument: str
    status: str
    rung: str | None
    usd: Number | None
    words: str
    """The amount: “up to €150m ($162m)”, “unknown”."""
    terms: str
    cells: list[Cell]
    cites: list[Cite]
    marks: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    """Its events in words, oldest first, where there are several."""

    @property
    def is_withdrawn(self) -> bool:
        """It is no longer offered."""
        return self.status == FinancingStatus.WITHDRAWN

    @property
    def name(self) -> str:
        """The providers in words."""
        return listed([provider["name"] for provider in self.providers])


@dataclass(frozen=True)
class RungSum:
    """The foot of a column."""

    rung: str
    label: str
    words: str
    is_empty: bool


def lines_of(
    detail: Mapping[str, Any], book: SourceBook, *, until: datetime.date | None = None
) -> list[Line]:
    """The financing lines; ``until`` a day leaves out what is not dated up to that day."""
    record, names = detail["record"], detail["names"]["companies"]
    facts = {line["ref"]: line for line in detail["lines"]}
    by_ref = {line["ref"]: line for line in record["financing"]}
    found = []
    for line in record["financing"]:
        events = _events(line, until)
        if not events:
            continue
        last = events[-1]
        rung = RUNG_OF_STATUS[last.status]
        is_limit, note = split_up_to(line["note"])
        usd = facts[line["ref"]]["amount_usd"]
        found.append(
            Line(
                ref=line["ref"],
                providers=[
                    {"slug": slug, "name": names[slug]["name"]} for slug in line["providers"]
                ],
                instrument=line["instrument"],
                status=last.status,
                rung=rung,
                usd=usd,
                words=sum_words(line["amount"], line["currency"], usd, is_limit=is_limit),
                terms=_terms(line, last, note, whole=by_ref.get(line["within"]), names=names),
                cells=_cells(events),
                cites=_cites(line, events, book),
                marks=_marks(line, facts[line["ref"]]),
                events=[_event_words(event) for event in events] if len(events) > 1 else [],
            )
        )
    return found


def _events(line: Mapping[str, Any], until: datetime.date | None) -> list[FinancingEventItem]:
    events = in_order([FinancingEventItem.model_construct(**event) for event in line["events"]])
    if until is None:
        return events
    return [
        event
        for event in events
        if event.happened_on and ImpreciseDate.parse(event.happened_on).latest <= until
    ]


def _event_words(event: FinancingEventItem) -> str:
    """“Committed, Oct 2025: board approval”."""
    date = date_in_words(event.happened_on) if event.happened_on else "no date known"
    words = f"{word_of('financing_status', event.status)}, {date}"
    return f"{words}: {event.note}" if event.note else words


def _terms(
    line: Mapping[str, Any],
    last: FinancingEventItem,
    note: str,
    *,
    whole: Mapping[str, Any] | None,
    names: Mapping[str, Any],
) -> str:
    """“Letter of interest, loan; debt and project development”."""
    words = word_of("financing_status", last.status)
    if last.status == FinancingStatus.WITHDRAWN and last.happened_on:
        words += f" {date_in_words(last.happened_on)}"
    if line["instrument"] != Instrument.UNSPECIFIED:
        words += f", {word_of('instrument', line['instrument']).lower()}"
    if whole is not None:
        words += f"; part of the line of {names[whole['providers'][0]]['name']}"
    return f"{words}; {note}" if note else words


def _cells(events: list[FinancingEventItem]) -> list[Cell]:
    """A cell a rung; a withdrawn line stands where it last was, struck through."""
    held = [event for event in events if RUNG_OF_STATUS[event.status]]
    here = held[-1] if held else None
    present = RUNG_OF_STATUS[here.status] if here else Rung.INDICATED
    passed = {RUNG_OF_STATUS[event.status]: event.happened_on or "undated" for event in held}
    return [
        Cell(
            rung=rung,
            label=word_of("rung", rung).lower(),
            is_here=rung == present,
            passed_on=passed.get(rung, "") if rung != present else "",
            happened_on=here.happened_on if here and rung == present else None,
            note=(here.note or "") if here and rung == present else "",
        )
        for rung in RUNGS
    ]


def _cites(
    line: Mapping[str, Any], events: list[FinancingEventItem], book: SourceBook
) -> list[Cite]:
    cites = book.of_item("financing", line["ref"])
    for event in events:
        cites += [cite for cite in book.cite(event.source) if cite not in cites]
    return sorted(cites, key=lambda cite: cite.number)


def _marks(line: Mapping[str, Any], facts: Mapping[str, Any]) -> list[str]:
    is_left_out = facts["rung"] and line["amount"] is not None and not facts["is_counted"]
    return ["not in sums"] if is_left_out else []


def sums_of(detail: Mapping[str, Any]) -> list[RungSum]:
    """The sum of each rung, or “nothing”, or “unknown” where only amounts are missing."""
    return [
        RungSum(
            rung,
            word_of("rung", rung).lower(),
            money_in_words(usd)
            if (usd := detail["ladder"][rung]) is not None
            else "unknown"
            if detail["lines_unknown"][rung]
            else "not summed"
            if detail["ladder_lines"][rung]
            else "nothing",
            is_empty=not detail["ladder_lines"][rung],
        )
        for rung in RUNGS
    ]


def remarks_on(detail: Mapping[str, Any], lines: list[Line]) -> list[str]:
    """What a reader must know to read the ladder of this deal."""
    remarks = []
    indicated, value_usd = detail["ladder"]["indicated"], detail["value_usd"]
    if any(line.status == FinancingStatus.LETTER_OF_INTEREST for line in lines):
        remarks.append(
            "A letter of interest says a lender would look at an application. It binds nobody."
        )
    if indicated is not None and value_usd is not None and indicated > value_usd:
        remarks.append(
            f"The {money_in_words(indicated)} indicated exceeds the {money_in_words(value_usd)} "
            "headline: the two figures measure different things."
        )
    standing = [line for line in lines if line.rung]
    unknown = sum(line.usd is None for line in standing)
    if unknown:
        remarks.append(
            f"{'One line has' if unknown == 1 else f'{unknown} lines have'} no amount on record: "
            "counted, never guessed."
        )
    if any(line.instrument not in SUMMED_INSTRUMENTS for line in standing):
        remarks.append(
            "Guarantees, insurance, price floors, tax credits and programmes are shown, not summed."
        )
    return remarks
