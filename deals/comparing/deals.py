"""Deals side by side, each as it stands on the day of a clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from config.lib.words import count_in_words, date_in_words, money_in_words, percent_in_words
from deals.codes import CountryRole, DisputeStatus, Rung
from deals.comparing.facts import NONE, Cell, Comparison, Fact, FactGroup, Head, group_of, words
from deals.labels import in_sentence, labels
from deals.models import Edition, normalised_url
from deals.presenting import last_news_of
from deals.presenting.wording import typeset, value_words
from deals.reading import Clock, Detail, details

type Record = Mapping[str, Any]


def compare_deals(editions: Sequence[Edition], clock: Clock) -> Comparison:
    """Fetch the editions with ``select_related("document")``; one query more for their links."""
    deals = [typeset(detail) for detail in details(editions, clock)]
    return Comparison(
        tuple(Head(deal["key"], deal["title"], deal["url"]) for deal in deals),
        tuple(group for group in _groups(deals) if group.facts),
    )


def _groups(deals: Sequence[Detail]) -> Sequence[FactGroup]:
    return (
        group_of(
            "What it is",
            deals,
            ("Summary", lambda deal: words(deal["record"]["summary"])),
            ("Kind", _kinds),
            ("Minerals", _minerals),
            (
                "Supply chain",
                lambda deal: _codes(deal, "supply_chain_stage", "supply_chain_stages"),
            ),
            ("Projects", _projects),
        ),
        group_of(
            "Who and where",
            deals,
            ("Host", lambda deal: _places(deal, CountryRole.HOST)),
            ("Partner", lambda deal: _places(deal, CountryRole.PARTNER)),
            ("Third party", lambda deal: _places(deal, CountryRole.THIRD_PARTY)),
            ("Parties and stakes", _parties),
            ("Announced at", _event),
        ),
        group_of(
            "How it stands",
            deals,
            ("On paper", lambda deal: _code(deal, "status")),
            ("In money", _firmest),
            ("On the ground", lambda deal: _code(deal, "stage")),
            keeps_unknown=True,
        ),
        _money(deals),
        group_of(
            "Dates",
            deals,
            *(
                (label, _date(name))
                for label, name in (
                    ("Announced", "announced_on"),
                    ("Signed", "signed_on"),
                    ("Closed", "closed_on"),
                )
            ),
            ("Last news", lambda deal: words(_dated(last_news_of(deal)))),
        ),
        group_of(
            "Terms",
            deals,
            ("Agreed", lambda deal: words(*(deal["record"].get("terms") or ()), empty=NONE)),
        ),
        group_of(
            "How sure, how fresh",
            deals,
            ("Confidence", lambda deal: words(_label("confidence", deal["record"]["confidence"]))),
            ("Sources", _sources),
            ("Disputed", _disputed),
            ("Freshness", _freshness),
            (
                "Edition",
                lambda deal: words(
                    f"{deal['edition']}, {date_in_words(deal['published_at'][:10])}"
                ),
            ),
        ),
    )


def _money(deals: Sequence[Detail]) -> FactGroup:
    headline = group_of(
        "Money",
        deals,
        (
            "Headline value",
            lambda deal: words(value_words(deal["record"]["value"]), empty="none stated"),
        ),
        ("In US dollars", _value_usd),
        ("Providers", _providers),
    )
    rungs = (
        Fact(str(rung.label), tuple(_on_rung(deal, rung.value) for deal in deals), rung.value)
        for rung in Rung
    )
    return FactGroup("Money", (*headline.facts, *rungs))


def _label(vocabulary: str, code: str) -> str:
    return labels()[vocabulary][code]


def _dated(text: str | None) -> str:
    return date_in_words(text) if text else ""


def _date(name: str) -> Any:
    return lambda deal: words(_dated(deal["record"][name]))


def _kinds(deal: Detail) -> Cell:
    record = deal["record"]
    others = (_label("kind", code) for code in record["also_kinds"])
    return words(_label("kind", record["kind"]), *others)


def _codes(deal: Detail, vocabulary: str, name: str) -> Cell:
    return words(*(_label(vocabulary, code) for code in deal["record"][name]))


def _code(deal: Detail, axis: str) -> Cell:
    code = deal[axis]
    return Cell((_label(axis, code),), axis, code) if code else words()


def _minerals(deal: Detail) -> Cell:
    names = deal["names"]["minerals"]
    found = [{"slug": slug, **names[slug]} for slug in deal["record"]["minerals"]]
    if deal["record"]["minerals_unspecified"]:
        return words(*(one["name"] for one in found), "critical minerals, not specified")
    return Cell(tuple(one["name"] for one in found), "minerals", found)


def _projects(deal: Detail) -> Cell:
    names = deal["names"]["projects"]
    found = (names[item["project"]] for item in deal["record"]["projects"])
    named = (", ".join(filter(None, (one["name"], one["region"]))) for one in found)
    return words(*named, empty=NONE)


def _places(deal: Detail, role: str) -> Cell:
    names = deal["names"]
    found = [
        {"code": place["country"], **names["countries"][place["country"]]}
        if place["country"]
        else {"bloc": place["bloc"], **names["blocs"][place["bloc"]]}
        for place in deal["record"]["countries"]
        if place["role"] == role
    ]
    return Cell(tuple(one["name"] for one in found), "places", found, empty=NONE)


def _parties(deal: Detail) -> Cell:
    names = deal["names"]["companies"]
    return words(
        *(
            " ".join(
                filter(
                    None,
                    (
                        names[party["company"]]["name"],
                        _stake(party),
                        f"({in_sentence(_label('party_role', party['role']))})",
                    ),
                )
            )
            for party in deal["record"]["parties"]
        ),
        empty=NONE,
    )


def _stake(party: Record) -> str:
    stake = party["stake_percent"]
    return percent_in_words(stake) if stake is not None else ""


def _event(deal: Detail) -> Cell:
    event = deal["names"]["event"]
    return words(event["name"] if event else None, empty="no event on record")


def _value_usd(deal: Detail) -> Cell:
    usd = deal["value_usd"]
    note = "" if deal["counts_toward_total"] else ", not in sums"
    return words(f"{money_in_words(usd)}{note}" if usd is not None else None)


def _firmest(deal: Detail) -> Cell:
    standing = [rung for rung in Rung if deal["ladder_lines"][rung.value]]
    return words(str(standing[-1].label) if standing else None, empty=NONE)


def _on_rung(deal: Detail, rung: str) -> Cell:
    lines, unknown = deal["ladder_lines"][rung], deal["lines_unknown"][rung]
    if not lines:
        return words("nothing")
    usd = deal["ladder"][rung]
    parts = [money_in_words(usd)] if usd is not None else []
    if unknown:
        parts.append(f"{count_in_words(unknown, 'line')} of unknown amount")
    return words(", ".join(parts) or "in no sum")


def _providers(deal: Detail) -> Cell:
    names = deal["names"]["companies"]
    slugs = dict.fromkeys(
        slug for line in deal["record"]["financing"] for slug in line["providers"]
    )
    return words(*(names[slug]["name"] for slug in slugs), empty=NONE)


def _sources(deal: Detail) -> Cell:
    sources = deal["record"]["sources"]
    origins = {source["origin"] or normalised_url(source["url"]) for source in sources}
    independent = f"at most {len(origins)} independent" if len(origins) > 1 else ""
    return words(count_in_words(len(sources), "page"), independent)


def _disputed(deal: Detail) -> Cell:
    notes = [
        dispute["note"]
        for dispute in deal["record"]["disputes"]
        if dispute["status"] == DisputeStatus.OPEN
    ]
    facts = [in_sentence(_label("fact", fact)) for fact in deal["disputed_facts"]]
    if not facts:
        return words("no source differs")
    return words(f"Sources differ on {', '.join(facts)}", *notes)


def _freshness(deal: Detail) -> Cell:
    if deal["is_presumed_lapsed"]:
        return words("Presumed lapsed: no news for four years")
    if deal["is_stale"]:
        return words("Stale: no news for two years")
    return words("Not stale")
