"""What changed in the world last, over all deals: the newest dated event of each, as a sentence."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import orjson

from config.lib.imprecise import ImpreciseDate
from deals.models.edition import EditionQuerySet
from deals.presenting.citing import SourceBook
from deals.presenting.lines import Line, lines_of
from deals.presenting.timeline import Moment, timeline_of
from deals.presenting.wording import word_of

LOOKED_AT = 4
"""Deals looked at for each event shown: the last news of a deal may be a source alone."""


@dataclass(frozen=True)
class News:
    """The newest event of a deal."""

    key: str
    title: str
    happened_on: ImpreciseDate
    text: str
    hosts: list[dict[str, Any]]


def latest_news(editions: EditionQuerySet, today: datetime.date, *, count: int) -> list[News]:
    """The ``count`` newest events, one a deal, newest first, none in the future. One query.

    A date that is not known to the day counts from its earliest possible day.
    """
    recent = (
        editions.filter(last_news_on__isnull=False)
        .select_related("document")
        .order_by("-last_news_on", "key")[: count * LOOKED_AT]
    )
    found = []
    for edition in recent:
        document = orjson.loads(edition.document.detail_text)
        news = _newest(document, today)
        if news is not None:
            found.append(news)
    found.sort(key=lambda news: (news.happened_on.earliest, news.key), reverse=True)
    return found[:count]


def _newest(document: dict[str, Any], today: datetime.date) -> News | None:
    book = SourceBook(document["record"])
    lines = lines_of(document, book)
    dated = [
        (ImpreciseDate.parse(moment.happened_on), moment)
        for moment in timeline_of(document, book, lines)
        if moment.happened_on
    ]
    past = [(date, moment) for date, moment in dated if date.earliest <= today]
    if not past:
        return None
    date, moment = max(past, key=lambda pair: (pair[0].earliest, bool(pair[1].text)))
    names = document["names"]["countries"]
    return News(
        document["key"],
        document["title"],
        date,
        " ".join([*_climbs(document, lines, date), _sentence(moment)]),
        [
            {"code": place["country"], "name": names[place["country"]]["name"]}
            for place in document["record"]["countries"]
            if place["role"] == "host" and place["country"]
        ],
    )


def _climbs(document: dict[str, Any], lines: list[Line], date: ImpreciseDate) -> Iterator[str]:
    """What became of money on a date: “EXIM’s letter of interest became conditional.”

    Only steps from one dated event of a line to the next, in the words of the code list.
    """
    names = {line.ref: line.name for line in lines}
    for item in document["record"]["financing"]:
        dated = [event for event in item["events"] if event["happened_on"]]
        dated.sort(key=lambda event: ImpreciseDate.parse(event["happened_on"]).earliest)
        for before, after in pairwise(dated):
            is_step = before["status"] != after["status"] and item["ref"] in names
            if is_step and ImpreciseDate.parse(after["happened_on"]) == date:
                old, new = (
                    word_of("financing_status", event["status"]).lower()
                    for event in (before, after)
                )
                yield f"{_of(names[item['ref']])} {old} became {new}."


def _of(name: str) -> str:
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def _sentence(moment: Moment) -> str:
    """The event in words, to stand after the deal's title and a colon."""
    text = moment.text or f"{moment.heading}."
    return text if text[1:2].isupper() else f"{text[:1].lower()}{text[1:]}"
