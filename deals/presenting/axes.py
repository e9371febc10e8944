"""The three answers at the top of a deal's page: on paper, in money, on the ground."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from config.lib.words import date_in_words, money_in_words
from deals.codes import FinancingStatus, Instrument, Status
from deals.money import RUNGS
from deals.presenting.lines import Line
from deals.presenting.wording import listed, number_word, word_of

NOUNS: dict[str, str] = {
    Instrument.LOAN: "loan",
    Instrument.GRANT: "grant",
    Instrument.GUARANTEE: "guarantee",
    Instrument.BOND: "bond",
    Instrument.PREPAYMENT: "prepayment",
    Instrument.TAX_CREDIT: "tax credit",
    Instrument.PRICE_FLOOR: "price floor",
}


@dataclass(frozen=True)
class Answer:
    """An axis: the answer in bold and a sentence under it."""

    answer: str
    sentence: str


def on_paper(detail: Mapping[str, Any]) -> Answer:
    """How binding the agreement is, since when, and when it was announced."""
    record, status = detail["record"], detail["status"]
    if status is None:
        return Answer("Status not known", "Nothing dated decides it for this day.")
    since, announced = _reached_on(record, status), record["announced_on"]
    parts = [date_in_words(since)] if since else []
    if announced and announced != since:
        parts.append(f"announced {date_in_words(announced)}")
    sentence = "; ".join(parts)
    return Answer(
        word_of("status", status),
        sentence[:1].upper() + sentence[1:] if sentence else "No source read dates it.",
    )


def _reached_on(record: Mapping[str, Any], status: str) -> str | None:
    """The date from which ``status`` holds, as exact as it is known."""
    named: dict[str, str | None] = {
        Status.ANNOUNCED: record["announced_on"],
        Status.MOU_SIGNED: record["signed_on"],
        Status.AGREEMENT_SIGNED: record["signed_on"],
        Status.CLOSED: record["closed_on"],
    }
    dated = [m["happened_on"] for m in record["milestones"] if m["status"] == status]
    found = [date for date in (named.get(status), *dated) if date]
    return found[0] if found else None


def in_money(detail: Mapping[str, Any], lines: list[Line]) -> Answer:
    """The firmest money, what it consists of, and the rungs where nothing stands."""
    ladder = detail["ladder"]
    standing = [rung for rung in reversed(RUNGS) if detail["ladder_lines"][rung]]
    if not standing:
        withdrawn = [line for line in lines if line.is_withdrawn]
        if withdrawn:
            return Answer(
                "Withdrawn",
                f"{_counted(withdrawn)} withdrawn. No other money is on record.",
            )
        return Answer("None on record", "No source read says whose money stands behind it.")
    firmest = standing[0]
    here = [line for line in lines if line.rung == firmest]
    sentences = [f"{_counted(here)}."]
    unknown = sum(line.usd is None for line in here)
    if unknown and ladder[firmest] is not None:
        sentences.append(f"{number_word(unknown)} of unknown amount.")
    for rung in standing[1:]:
        sentences.append(f"{_sentence(_rung_sum(detail, rung, lines))}.")
    empty = [word_of("rung", rung).lower() for rung in RUNGS if rung not in standing]
    if empty:
        sentences.append(f"Nothing {listed(empty, 'or')} is on record.")
    return Answer(_sentence(_rung_sum(detail, firmest, lines)), " ".join(sentences))


def _rung_sum(detail: Mapping[str, Any], rung: str, lines: list[Line]) -> str:
    """“$1.6bn indicated”, “unknown sum committed”, “up to $400m indicated, not summed”."""
    word, usd = word_of("rung", rung).lower(), detail["ladder"][rung]
    if usd is not None:
        return f"{money_in_words(usd)} {word}"
    if detail["lines_unknown"][rung]:
        return f"unknown sum {word}"
    # What no sum holds: a guarantee, insurance, a programme.
    here = [line.words for line in lines if line.rung == rung]
    return f"{here[0]} {word}, not summed" if len(here) == 1 else f"{word}, not summed"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _counted(lines: list[Line]) -> str:
    """“Two letters of interest”, “One loan”, “Three lines”."""
    count = len(lines)
    instruments = {line.instrument for line in lines}
    if {line.status for line in lines} == {FinancingStatus.LETTER_OF_INTEREST}:
        return f"{number_word(count)} {'letter' if count == 1 else 'letters'} of interest"
    noun = NOUNS.get(instruments.pop(), "line") if len(instruments) == 1 else "line"
    return f"{number_word(count)} {noun if count == 1 else f'{noun}s'}"


def on_the_ground(detail: Mapping[str, Any]) -> Answer:
    """How far the project is, as far as a source says."""
    record, stage = detail["record"], detail["stage"]
    projects = [detail["names"]["projects"][item["project"]]["name"] for item in record["projects"]]
    if stage is None:
        of = f" for {listed(projects, 'or')}" if 0 < len(projects) <= 3 else ""
        return Answer("Stage not known", f"No source read states one{of}.")
    since = [m["happened_on"] for m in record["milestones"] if m["stage"] == stage]
    parts = [f"Since {date_in_words(since[0])}"] if since and since[0] else []
    if projects:
        parts.append(listed(projects) if len(projects) <= 3 else f"{len(projects)} projects")
    return Answer(
        word_of("stage", stage), f"{', '.join(parts)}." if parts else "No source read names a site."
    )
