"""What the sources say, fact by fact: who agrees, who says otherwise, what has no source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from config.lib.words import count_in_words, percent_in_words
from deals.codes import DisputeStatus, Fact
from deals.presenting.citing import Cite, SourceBook, publishers
from deals.presenting.lines import Line
from deals.presenting.wording import dates_words, shortened, value_words, word_of


@dataclass(frozen=True)
class Version:
    """What some sources say of a fact."""

    text: str
    publishers: str
    cites: list[Cite]
    about: str = ""
    """The part of the fact that it speaks of, where that is not all: one line, one stake."""


@dataclass(frozen=True)
class Settled:
    """A disagreement that was resolved, and why."""

    note: str
    resolution: str


@dataclass(frozen=True)
class Claim:
    """One fact."""

    fact: str
    name: str
    state: str
    is_disputed: bool
    versions: list[Version]
    notes: list[str] = field(default_factory=list)
    """Open disagreements in words."""
    settled: list[Settled] = field(default_factory=list)
    quotes: list[tuple[str, str, list[Cite]]] = field(default_factory=list)


def claims_of(detail: Mapping[str, Any], book: SourceBook, lines: list[Line]) -> list[Claim]:
    """All facts that the record states or that sources or disputes speak to."""
    record = detail["record"]
    texts = _record_says(detail, lines)
    found = []
    for fact in Fact.values:
        open_notes, settled = [], []
        for dispute in record["disputes"]:
            if dispute["fact"] != fact:
                continue
            if dispute["status"] == DisputeStatus.OPEN:
                open_notes.append(dispute["note"])
            else:
                settled.append(Settled(dispute["note"], dispute["resolution"] or ""))
        agreeing, differing = book.agreeing(fact), book.differing(fact)
        text = texts.get(fact, "")
        if not (text or agreeing or differing or open_notes or settled):
            continue
        versions = [Version(text, publishers(agreeing), agreeing)] if text or agreeing else []
        versions += [
            Version(stated, publishers(cites), cites, _item_words(detail, fact, item, lines))
            for stated, item, cites in differing
        ]
        is_disputed = fact in detail["disputed_facts"]
        found.append(
            Claim(
                fact=fact,
                name=word_of("fact", fact),
                state=_state(agreeing, is_disputed=is_disputed, is_stated=bool(text)),
                is_disputed=is_disputed,
                versions=versions,
                notes=open_notes,
                settled=settled,
                quotes=book.quotes(fact),
            )
        )
    return found


def _state(agreeing: list[Cite], *, is_disputed: bool, is_stated: bool) -> str:
    if is_disputed:
        return "sources disagree"
    if not agreeing:
        return "no source of its own" if is_stated else ""
    return "one source" if len(agreeing) == 1 else f"{len(agreeing)} sources agree"


def _record_says(detail: Mapping[str, Any], lines: list[Line]) -> dict[str, str]:
    """What the record itself says of each fact, in words; facts it does not state are missing."""
    record, names = detail["record"], detail["names"]
    value = record["value"]
    note = f" ({value['note']})" if value and value["note"] else ""
    stakes = [
        f"{percent_in_words(party['stake_percent'])} {names['companies'][party['company']]['name']}"
        for party in record["parties"]
        if party["stake_percent"] is not None
    ]
    parties = [names["companies"][party["company"]]["name"] for party in record["parties"]]
    said = {
        Fact.VALUE: f"{value_words(value)}{note}",
        Fact.STAKE: ", ".join(stakes),
        Fact.FINANCING: shortened([_line_words(line) for line in lines], 3),
        Fact.PARTIES: shortened(list(dict.fromkeys(parties)), 4),
        Fact.STATUS: word_of("status", record["status"]),
        Fact.STAGE: word_of("stage", record["stage"]) if record["stage"] else "",
        Fact.DATES: dates_words(record),
        Fact.MINERALS: shortened([names["minerals"][m]["name"] for m in record["minerals"]], 6),
        Fact.TERMS: (
            f"{count_in_words(len(record['terms']), 'point')}, listed above"
            if record["terms"]
            else ""
        ),
        Fact.PROJECTS: shortened(
            [names["projects"][item["project"]]["name"] for item in record["projects"]], 6
        ),
    }
    return {fact.value: text for fact, text in said.items() if text}


def _item_words(detail: Mapping[str, Any], fact: str, ref: str | None, lines: list[Line]) -> str:
    """The line, party or milestone under ``ref`` as a reader knows it; empty for a whole fact."""
    if ref is None:
        return ""
    record, names = detail["record"], detail["names"]
    if fact == Fact.FINANCING:
        return next((_line_words(line) for line in lines if line.ref == ref), "")
    for party in record["parties"]:
        if party["ref"] == ref:
            return str(names["companies"][party["company"]]["name"])
    return next((str(one["note"]) for one in record["milestones"] if one["ref"] == ref), "")


def _line_words(line: Line) -> str:
    amount = "unknown amount" if line.words == "unknown" else line.words
    state = word_of("rung", line.rung).lower() if line.rung else "withdrawn"
    return f"{amount} {state} by {line.name}"
