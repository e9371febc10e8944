"""A deal as a lane of a timeline: its dated events, each with the shapes that stand for it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from config.lib.imprecise import ImpreciseDate
from config.lib.words import date_in_words, money_in_words
from deals.codes import CountryRole
from deals.dossier import Record
from deals.dossier.schema import MilestoneItem
from deals.indexing.history import states
from deals.models import EditionState
from deals.money import RUNGS
from deals.presenting.citing import Cite, SourceBook
from deals.presenting.lines import lines_of
from deals.presenting.timeline import Moment, timeline_of
from deals.presenting.wording import shortened, word_of

type Axis = Literal["paper", "money", "ground", "news"]

AXES: Final[dict[str, Axis]] = {"status": "paper", "rung": "money", "stage": "ground"}
NEWS: Final[tuple[tuple[Axis, str], ...]] = (("news", ""),)
HOSTS_NAMED: Final = 3


@dataclass(frozen=True)
class Happening:
    """Something that happened to a deal, on whichever axes it moved it."""

    happened_on: ImpreciseDate | None
    shapes: tuple[tuple[Axis, str], ...]
    """Axis and code of each shape: status, rung (``none`` for money withdrawn) or stage.

    What changes nothing on paper, such as the announcement of what was signed before, is news.
    """
    words: str
    cites: list[Cite]

    @property
    def date_words(self) -> str:
        return date_in_words(self.happened_on) if self.happened_on else "not dated"


@dataclass(frozen=True)
class Lane:
    """A deal with its events, oldest first, and where it stands after them."""

    key: str
    title: str
    hosts: str
    status: str | None
    """Status on the day of reading; None where nothing dated decides it."""
    status_words: str
    money_words: str
    """The firmest money: “$1.6bn indicated”; empty where none is on record."""
    stage_words: str
    happenings: list[Happening]
    urls: Mapping[str, str]
    """Address of each source by its ref."""

    @property
    def dated(self) -> list[tuple[ImpreciseDate, Happening]]:
        """The events that a source dates."""
        return [(one.happened_on, one) for one in self.happenings if one.happened_on is not None]


def lane_of(detail: Mapping[str, Any], *, until: datetime.date | None = None) -> Lane:
    """The lane of ``detail`` (see `deals.reading.detail`), up to a day if one is given."""
    record, names = detail["record"], detail["names"]
    book = SourceBook(record)
    moments = timeline_of(detail, book, lines_of(detail, book, until=until), until=until)
    hosts = [
        names["countries"][place["country"]]["name"]
        if place["country"]
        else names["blocs"][place["bloc"]]["name"]
        for place in record["countries"]
        if place["role"] == CountryRole.HOST
    ]
    status, stage = detail["status"], detail["stage"]
    return Lane(
        key=detail["key"],
        title=detail["title"],
        hosts=shortened(hosts, HOSTS_NAMED),
        status=status,
        status_words=word_of("status", status) if status else "not known",
        money_words=_firmest(detail),
        stage_words=word_of("stage", stage) if stage else "",
        happenings=_with_changes([_happening(moment) for moment in moments], record),
        urls={source["ref"]: source["url"] for source in record["sources"]},
    )


def money_words(detail: Mapping[str, Any]) -> str:
    """Each rung where money stands, the firmest first: “$2bn committed, $1.8bn indicated”."""
    said = [
        f"{money_in_words(usd)} {word}"
        if (usd := detail["ladder"][rung]) is not None
        else f"unknown sum {word}"
        if detail["lines_unknown"][rung]
        else f"{word}, not summed"
        for rung in reversed(RUNGS)
        if detail["ladder_lines"][rung]
        for word in [word_of("rung", rung).lower()]
    ]
    return ", ".join(said) or "none on record"


def _firmest(detail: Mapping[str, Any]) -> str:
    for rung in reversed(RUNGS):
        if detail["ladder_lines"][rung]:
            usd, word = detail["ladder"][rung], word_of("rung", rung).lower()
            return f"{money_in_words(usd)} {word}" if usd is not None else word.capitalize()
    return ""


def _happening(moment: Moment) -> Happening:
    cites = list(moment.cites)
    for step in moment.money:
        cites += [cite for cite in step.cites if cite not in cites]
    return Happening(
        ImpreciseDate.parse(moment.happened_on) if moment.happened_on else None,
        tuple(dict.fromkeys(_shapes(moment))) or NEWS,
        " ".join(_sentences(moment)),
        cites,
    )


def _with_changes(happenings: Sequence[Happening], record: Mapping[str, Any]) -> list[Happening]:
    """The same events with a circle only where the agreement changed, as ``on=`` tells it."""
    changed: dict[int, str] = {}
    for day, code in _changes(record):
        of_day = [
            place
            for place, one in enumerate(happenings)
            if one.happened_on and one.happened_on.latest == day and _paper_codes(one)
        ]
        saying_so = [place for place in of_day if code in _paper_codes(happenings[place])]
        if of_day:
            changed[(saying_so or of_day)[-1]] = code
    return [
        replace(one, shapes=_as_changed(one, changed.get(place)))
        for place, one in enumerate(happenings)
    ]


def _paper_codes(happening: Happening) -> list[str]:
    return [code for axis, code in happening.shapes if axis == "paper"]


def _as_changed(happening: Happening, code: str | None) -> tuple[tuple[Axis, str], ...]:
    """The shapes of an event that brought a status, or none."""
    others = tuple(shape for shape in happening.shapes if shape[0] != "paper")
    return (("paper", code), *others) if code else others or NEWS


def _changes(record: Mapping[str, Any]) -> Iterator[tuple[datetime.date, str]]:
    """The days on which the agreement certainly stood otherwise than before."""
    milestones = [MilestoneItem.model_construct(**item) for item in record["milestones"]]
    spans = states(Record.model_construct(**{**record, "milestones": milestones}))
    last = ""
    for span in spans:
        if span["axis"] == EditionState.Axis.STATUS and span["code"] != last:
            last = span["code"]
            yield span["from_on"], last


def _shapes(moment: Moment) -> Iterator[tuple[Axis, str]]:
    # News that money came with bear the square of that money, which its steps give anyway.
    if moment.glyph and not (moment.glyph == "rung" and moment.money):
        yield AXES[moment.glyph], moment.code
    for step in moment.money:
        yield "money", step.code
    if moment.stage:
        yield "ground", moment.stage


def _sentences(moment: Moment) -> Sequence[str]:
    said = [f"{moment.heading}."] if moment.heading else []
    if moment.text:
        said.append(moment.text)
    for step in moment.money:
        said.append(step.text if step.heading == moment.heading else f"{step.heading}: {step.text}")
    return said
