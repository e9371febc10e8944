"""A deal's past, in both times: what each edition changed, and what happened since it began."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from config.lib.imprecise import ImpreciseDate
from config.lib.words import count_in_words, date_in_words
from deals.codes import Cause
from deals.differences import Difference, differences
from deals.labels import in_sentence
from deals.models import Edition
from deals.presenting import silence_of, typeset
from deals.presenting.citing import SourceBook
from deals.presenting.lanes import money_words
from deals.presenting.lines import lines_of
from deals.presenting.timeline import Moment, timeline_of
from deals.presenting.wording import listed, word_of
from deals.reading import Clock, Detail, dated

WEIGHTIEST = ("Agreement", "Financing", "Headline value", "Project on the ground", "Party")
"""Of several changes the one of these that comes first is named."""


@dataclass(frozen=True)
class Step:
    """An edition in a deal's history, and what it changed in the one before."""

    edition: Edition
    changes: list[Difference]
    refreshes: int
    """Editions after it, until the next step, that brought only new names."""
    is_first: bool

    @property
    def words(self) -> str:
        """In one line: the first change, and how many more there are."""
        if self.edition.cause in Cause.hidden():
            return str(self.edition.get_cause_display()).lower()
        if self.is_first:
            return "first published"
        if not self.changes:
            return "published again"
        first = min(self.changes, key=_weight)
        more = len(self.changes) - 1
        words = f"{first.fact[:1].lower()}{first.fact[1:]}"
        if len(first.before) + len(first.after) <= 60:
            words += f": {first.before or 'unknown'} → {first.after or 'taken out'}"
        return f"{words} and {count_in_words(more, 'more change')}" if more else words


def _weight(change: Difference) -> int:
    for place, fact in enumerate(WEIGHTIEST):
        if change.fact.startswith(fact):
            return place
    return len(WEIGHTIEST)


def editions_with_documents(deal_id: int) -> list[Edition]:
    """All editions of a deal, oldest first, with their documents: one query."""
    return list(Edition.objects.filter(deal=deal_id).select_related("document").order_by("number"))


def steps_of(editions: Sequence[Edition]) -> list[Step]:
    """The steps of a deal's history, newest first; refreshes are folded into the step before."""
    steps: list[Step] = []
    previous: dict[str, Any] | None = None
    for place, edition in enumerate(editions):
        refreshes = 0
        for later in editions[place + 1 :]:
            if later.cause != Cause.REFRESH:
                break
            refreshes += 1
        is_hidden = edition.cause in Cause.hidden()
        current = None if is_hidden else _document(edition)
        if edition.cause != Cause.REFRESH:
            steps.append(
                Step(
                    edition,
                    differences(previous, current) if previous and current else [],
                    refreshes,
                    is_first=previous is None and not is_hidden,
                )
            )
        previous = current or previous
    return steps[::-1]


def history_of(edition: Edition) -> list[Step]:
    """The steps of the history of an edition's deal: see `steps_of`.

    It is asked of the database unless this is the only edition; then it must have its document.
    """
    is_alone = edition.pk is not None and edition.is_current and edition.number == 1
    return steps_of([edition] if is_alone else editions_with_documents(edition.deal_id))


def between(earlier: Edition, later: Edition) -> list[Difference]:
    """What changed from one edition of a deal to another, whatever lies between."""
    return differences(_document(earlier), _document(later))


def _document(edition: Edition) -> dict[str, Any]:
    document: dict[str, Any] = orjson.loads(edition.document.detail_text)
    return document


@dataclass(frozen=True)
class Story:
    """What happened to a deal, without the rest of its page."""

    timeline: list[Moment]
    silence: str
    """How long there has been no news, or empty."""


def story_of(edition: Edition, clock: Clock) -> Story:
    """What happened to the deal of an edition, told at the time of ``clock``."""
    detail = typeset(dated([edition], clock)[0])
    book = SourceBook(detail["record"])
    until = clock.day if clock.is_past_world else None
    lines = lines_of(detail, book, until=until)
    return Story(
        timeline_of(detail, book, lines, until=until),
        silence_of(detail, clock.day),
    )


@dataclass(frozen=True)
class Change:
    """One of the three axes, on the day of the announcement and now."""

    axis: str
    name: str
    """“On paper”."""
    then: str
    now: str
    then_code: str | None
    now_code: str | None

    @property
    def is_change(self) -> bool:
        return self.then != self.now


@dataclass(frozen=True)
class SinceAnnounced:
    """What became of a deal since it was announced, told by its dated events."""

    announced_on: str
    changes: list[Change]

    @property
    def sentence(self) -> str:
        """“On paper from announced to agreement signed; in money as it was …”."""
        moved = [change for change in self.changes if change.is_change]
        still = [change.name.lower() for change in self.changes if not change.is_change]
        parts = [
            f"{change.name.lower()} from {in_sentence(change.then)} to {in_sentence(change.now)}"
            for change in moved
        ]
        if still:
            parts.append(f"{listed(still)} no change is dated")
        said = "; ".join(parts)
        return f"Since {date_in_words(self.announced_on)}: {said}."


def since_announced(edition: Edition, clock: Clock) -> SinceAnnounced | None:
    """The deal on the day of its announcement beside the deal on the day of ``clock``.

    None where no announcement is dated, or it may lie after that day. Two queries.
    """
    now = dated([edition], clock)[0]
    announced_on = now["record"]["announced_on"]
    if not announced_on:
        return None
    day = ImpreciseDate.parse(announced_on).latest
    if day >= clock.day:
        return None
    then = dated([edition], replace(clock, on=day))[0]
    return SinceAnnounced(
        announced_on,
        [
            _change("paper", "On paper", then, now, "status"),
            Change("money", "In money", money_words(then), money_words(now), None, None),
            _change("ground", "On the ground", then, now, "stage"),
        ],
    )


def _change(axis: str, name: str, then: Detail, now: Detail, field: str) -> Change:
    return Change(axis, name, _word(then, field), _word(now, field), then[field], now[field])


def _word(detail: Mapping[str, Any], field: str) -> str:
    return word_of(field, detail[field]) if detail[field] else "not known"
