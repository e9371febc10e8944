"""The timeline of a deal: agreement, project and money by date, as exact as each is known."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from config.lib.imprecise import ImpreciseDate
from deals.codes import RUNG_OF_STATUS, Status
from deals.indexing.history import status_of_signing
from deals.presenting.citing import Cite, SourceBook
from deals.presenting.lines import Line
from deals.presenting.wording import word_of

STATUSES = tuple(Status.values)
"""On one day the looser agreement comes first: announced, then signed."""


@dataclass(frozen=True)
class Moment:
    """Something that happened. ``glyph`` is status, stage, rung or empty, ``code`` its code."""

    happened_on: str | None
    glyph: str
    code: str
    heading: str
    text: str
    cites: list[Cite] = field(default_factory=list)
    money: list[Moment] = field(default_factory=list)
    """Steps of the money on the same date."""
    stage: str = ""
    """The stage that a change of status brought with it."""


def timeline_of(
    detail: Mapping[str, Any],
    book: SourceBook,
    lines: list[Line],
    *,
    until: datetime.date | None = None,
) -> list[Moment]:
    """All dated events in order, then those that no source dates.

    Dates of the record (announced, signed, closed) appear where no milestone says the same on the
    same date. A step of money on the date of a milestone stands under it. ``until`` a day leaves
    out what had not certainly happened by then.
    """
    record = detail["record"]
    milestones = [_milestone(item, book) for item in record["milestones"]]
    said = {(moment.happened_on, moment.code) for moment in milestones}
    milestones += [
        moment for moment in _dates(record) if (moment.happened_on, moment.code) not in said
    ]
    moments = _with_money(milestones, list(_money(record, book, lines)))
    if until is not None:
        moments = [
            moment
            for moment in moments
            if moment.happened_on and ImpreciseDate.parse(moment.happened_on).latest <= until
        ]
    return sorted(moments, key=_order)


def _order(moment: Moment) -> tuple[datetime.date, datetime.date, int]:
    if moment.happened_on is None:
        return datetime.date.max, datetime.date.max, 0
    date = ImpreciseDate.parse(moment.happened_on)
    place = STATUSES.index(moment.code) if moment.code in STATUSES else len(STATUSES)
    return date.earliest, date.latest, place


def _milestone(item: Mapping[str, Any], book: SourceBook) -> Moment:
    if item["status"]:
        glyph, code, heading = "status", item["status"], word_of("status", item["status"])
    elif item["stage"]:
        glyph, code, heading = "stage", item["stage"], word_of("stage", item["stage"])
    else:
        glyph, code, heading = "", "", ""
    if item["status"] and item["stage"]:
        heading = f"{heading}; project in {word_of('stage', item['stage']).lower()}"
    return Moment(
        item["happened_on"],
        glyph,
        code,
        heading,
        _sentence(item["note"]),
        book.cite(item["source"]),
        stage=(item["stage"] or "") if item["status"] else "",
    )


def _sentence(text: str) -> str:
    """``text`` with a full stop."""
    return text if text.endswith((".", "!", "?", "…", ".”")) else f"{text}."


def _dates(record: Mapping[str, Any]) -> Iterator[Moment]:
    """The dates of the record itself; a date that nothing more is said of has no text."""
    signed = status_of_signing(record["status"], record["kind"])
    for name, status in (
        ("announced_on", Status.ANNOUNCED),
        ("signed_on", signed),
        ("closed_on", Status.CLOSED),
    ):
        if not record[name]:
            continue
        if status is None:
            yield Moment(record[name], "", "", "A letter signed", "It binds nobody.")
        else:
            yield Moment(record[name], "status", status.value, str(status.label), "")


def _money(record: Mapping[str, Any], book: SourceBook, lines: list[Line]) -> Iterator[Moment]:
    by_ref = {line.ref: line for line in lines}
    for item in record["financing"]:
        line = by_ref.get(item["ref"])
        if line is None:
            continue
        for event in item["events"]:
            rung = RUNG_OF_STATUS[event["status"]]
            status = word_of("financing_status", event["status"]).lower()
            text = f"{line.name}, {_amount_of(line)}: {status}"
            yield Moment(
                event["happened_on"],
                "rung",
                rung or "none",
                f"Money, {word_of('rung', rung).lower()}" if rung else "Money withdrawn",
                _sentence(f"{text}; {event['note']}" if event["note"] else text),
                book.cite(event["source"]),
            )


def _amount_of(line: Line) -> str:
    return "amount unknown" if line.words == "unknown" else line.words


def _with_money(milestones: list[Moment], money: list[Moment]) -> list[Moment]:
    """Steps of money under the milestone of their date; plain news then takes their square."""
    found = []
    for moment in milestones:
        here = [step for step in money if moment.happened_on == step.happened_on is not None]
        money = [step for step in money if step not in here]
        if here and not moment.glyph:
            moment = replace(moment, glyph="rung", code=here[0].code, heading=here[0].heading)
        found.append(replace(moment, money=here))
    return [*found, *money]


def months_between(earlier: datetime.date, later: datetime.date) -> int:
    """Whole months."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months - (later.day < earlier.day)
