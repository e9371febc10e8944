"""From the document of an edition to what its page shows: pure functions, words and geometry.

Nothing here asks the database. Every number is computed from the record; every sentence is
composed from it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config.lib.imprecise import ImpreciseDate
from config.lib.words import Number, count_in_words, money_in_words
from deals.codes import CountryRole, LinkType, ValueBasis
from deals.presenting.axes import Answer, in_money, on_paper, on_the_ground
from deals.presenting.citing import Cite, SourceBook
from deals.presenting.claims import Claim, claims_of
from deals.presenting.lines import Line, RungSum, lines_of, remarks_on, sums_of
from deals.presenting.people import Holding, Owner, holding_of
from deals.presenting.timeline import Moment, months_between, timeline_of
from deals.presenting.wording import basis_words, typeset

__all__ = [
    "DealPage",
    "Figure",
    "LinkedDeal",
    "Owner",
    "last_news_of",
    "link_words",
    "page_of",
    "typeset",
]


NOT_COUNTED: dict[str, str] = {
    ValueBasis.PROGRAMME: "it is the budget of a programme, not the price of one deal",
    ValueBasis.ENTERPRISE_VALUE: "it is what a whole company is worth with its debt",
}


@dataclass(frozen=True)
class Figure:
    """A figure of a project as one or more sources state it."""

    measure: str
    words: str
    sources: Sequence[tuple[str, str]]
    """Address, which may be empty, and publisher of each."""


@dataclass(frozen=True)
class LinkedDeal:
    """A deal that this one points to, or that points here."""

    key: str
    title: str
    relation: str
    status: str | None
    """On the day of reading; None where nothing dated decides it."""
    announced_on: str | None


@dataclass(frozen=True)
class ProjectBlock:
    """A project with its figures as known now."""

    slug: str
    name: str
    country: str
    country_name: str
    region: str
    note: str
    figures: Sequence[Figure]


@dataclass(frozen=True)
class DealPage:
    """All that the page of one edition shows."""

    detail: Mapping[str, Any]
    record: Mapping[str, Any]
    places: Mapping[str, list[dict[str, Any]]]
    """Countries and blocs by role: code or bloc, and name."""
    minerals: list[dict[str, Any]]
    region: str
    value_basis: str
    value_usd_words: str
    source_words: str
    paper: Answer
    money: Answer
    ground: Answer
    lines: list[Line]
    sums: list[RungSum]
    largest_usd: Number | None
    remarks: list[str]
    money_cites: list[Cite]
    holding: Holding
    timeline: list[Moment]
    last_news_on: str | None
    """The last news, as exactly as it is dated."""
    silence: str
    """How long there has been no news: “No news found for 8 months.”, or empty."""
    claims: list[Claim]
    projects: list[ProjectBlock]
    links: list[LinkedDeal]
    caveats: list[str]
    book: SourceBook


def page_of(
    detail: Mapping[str, Any],
    *,
    day: datetime.date,
    is_past_world: bool = False,
    owners: Mapping[str, Sequence[Owner]] | None = None,
    figures: Mapping[str, Sequence[Figure]] | None = None,
    links: Sequence[LinkedDeal] = (),
) -> DealPage:
    """The page of ``detail`` (see `deals.reading.detail`), told on ``day``.

    ``owners`` and ``figures`` are reference data by company and project, as known now.
    """
    record, names = detail["record"], detail["names"]
    book = SourceBook(record)
    until = day if is_past_world else None
    lines = lines_of(detail, book, until=until)
    regions = {names["projects"][item["project"]]["region"] for item in record["projects"]}
    return DealPage(
        detail=detail,
        record=record,
        places={role: _places(detail, role) for role in CountryRole.values},
        minerals=[{"slug": slug, **names["minerals"][slug]} for slug in record["minerals"]],
        region=(regions.pop() or "") if len(regions) == 1 else "",
        value_basis=basis_words(record["value"]),
        value_usd_words=_value_usd(detail),
        source_words=_sources(record, book),
        paper=on_paper(detail),
        money=in_money(detail, lines),
        ground=on_the_ground(detail),
        lines=lines,
        sums=sums_of(detail),
        largest_usd=max((line.usd for line in lines if line.usd is not None), default=None),
        remarks=remarks_on(detail, lines),
        money_cites=book.agreeing("financing"),
        holding=holding_of(detail, owners or {}),
        timeline=timeline_of(detail, book, lines, until=until),
        last_news_on=last_news_of(detail),
        silence=silence_of(detail, day),
        claims=claims_of(detail, book, lines),
        projects=_projects(detail, figures or {}),
        links=list(links),
        caveats=_caveats(detail),
        book=book,
    )


def _places(detail: Mapping[str, Any], role: str) -> list[dict[str, Any]]:
    names = detail["names"]
    return [
        {"code": place["country"], "name": names["countries"][place["country"]]["name"]}
        if place["country"]
        else {"bloc": place["bloc"], **names["blocs"][place["bloc"]]}
        for place in detail["record"]["countries"]
        if place["role"] == role
    ]


def _value_usd(detail: Mapping[str, Any]) -> str:
    """The value in US dollars where it is stated in another currency."""
    value, usd = detail["record"]["value"], detail["value_usd"]
    if value is None or value["currency"] == "USD":
        return ""
    return "no rate for US dollars" if usd is None else f"about {money_in_words(usd)}"


def _sources(record: Mapping[str, Any], book: SourceBook) -> str:
    count, independent = len(record["sources"]), book.independent_at_most
    words = count_in_words(count, "source")
    return words if independent == count else f"{words}, at most {independent} independent"


def last_news_of(detail: Mapping[str, Any]) -> str | None:
    """The date of the last news as its source gives it: the index keeps its last possible day."""
    record = detail["record"]
    last_day: str | None = detail["last_news_on"]
    texts = [
        *(record[name] for name in ("announced_on", "signed_on", "closed_on")),
        *(milestone["happened_on"] for milestone in record["milestones"]),
        *(event["happened_on"] for line in record["financing"] for event in line["events"]),
        *(source["published_on"] for source in record["sources"]),
    ]
    same = [text for text in texts if text and str(ImpreciseDate.parse(text).latest) == last_day]
    # The longest text is the most exact.
    return str(max(same, key=len)) if same else last_day


def silence_of(detail: Mapping[str, Any], day: datetime.date) -> str:
    if not detail["last_news_on"]:
        return ""
    months = months_between(datetime.date.fromisoformat(detail["last_news_on"]), day)
    if months >= 24:
        return f"No news found for more than {months // 12} years."
    return f"No news found for {count_in_words(months, 'month')}." if months > 0 else ""


def _projects(
    detail: Mapping[str, Any], figures: Mapping[str, Sequence[Figure]]
) -> list[ProjectBlock]:
    names = detail["names"]
    return [
        ProjectBlock(
            slug=item["project"],
            name=project["name"],
            country=project["country"],
            country_name=names["countries"][project["country"]]["name"],
            region=project["region"] or "",
            note=item["note"] or "",
            figures=figures.get(item["project"], ()),
        )
        for item in detail["record"]["projects"]
        for project in [names["projects"][item["project"]]]
    ]


def _caveats(detail: Mapping[str, Any]) -> list[str]:
    """The record's public note, and why its value stands in no sum."""
    record = detail["record"]
    caveats = [record["note"]] if record["note"] else []
    if record["value"] and not detail["counts_toward_total"]:
        basis = record["value"]["basis"]
        why = NOT_COUNTED.get(basis, "linked deals already state it")
        caveats.append(f"The headline value stands in no sum: {why}.")
    return caveats


def link_words(link: str, direction: str) -> str:
    """How another deal relates to this one, said from here."""
    here: dict[str, tuple[str, str]] = {
        LinkType.PART_OF: ("This deal is part of", "Part of this deal"),
        LinkType.SUPERSEDES: ("Replaced by this deal", "Replaces this deal"),
        LinkType.FOLLOWS: ("This deal follows from", "Follows from this deal"),
        LinkType.SAME_PROJECT: ("Same project", "Same project"),
    }
    return here[link][direction == "in"]
