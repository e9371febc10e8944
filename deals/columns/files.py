"""The columns of files: each reads the summary of a deal, as the API's list gives it.

Cells with several values hold codes or slugs in one column and names in the next, so that both
people and programs find what they look for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from config.lib.columns import Column, Kind, Summary
from deals.codes import Rung


def _each(member: str, key: str) -> Callable[[Summary], list[str]]:
    """What each item of a list has under a key."""
    return lambda summary: [item[key] for item in summary[member]]


def _each_place(member: str) -> Callable[[Summary], list[str]]:
    """A country's code, or a bloc's key."""
    return lambda summary: [item.get("code") or item["bloc"] for item in summary[member]]


def _within(member: str, key: str) -> Callable[[Summary], Any]:
    """A member of a member, or None where that is unknown."""
    return lambda summary: (summary[member] or {}).get(key)


def _of_rung(member: str, rung: Rung) -> Callable[[Summary], Any]:
    """What a member says of each rung."""
    code = rung.value
    return lambda summary: summary[member][code]


def _parties(summary: Summary) -> list[str]:
    """Names, with the stake where it is known: “Cove Kaz Capital Group LLC (70%)”."""
    return [
        party["name"]
        if party["stake_percent"] is None
        else f"{party['name']} ({party['stake_percent']:g}%)"
        for party in summary["parties"]
    ]


def _column(
    name: str,
    label: str,
    help_text: str,
    kind: Kind = "text",
    value: Callable[[Summary], Any] | None = None,
    *,
    codes: str = "",
) -> Column:
    return Column(name=name, label=label, kind=kind, help=help_text, value=value, codes=codes)


def _money_columns() -> Iterator[Column]:
    for rung in Rung:
        yield _column(
            f"{rung.value}_usd",
            f"{rung.label}, US dollars",
            "Sum of the financing lines that stand exactly on this rung; empty if there is none.",
            "usd",
            _of_rung("ladder", rung),
        )
    for rung in Rung:
        yield _column(
            f"{rung.value}_lines",
            f"{rung.label}, lines",
            "Financing lines on this rung, of known amount or not.",
            "number",
            _of_rung("ladder_lines", rung),
        )


def file_columns() -> Iterator[Column]:
    """All of them, in the order in which a file has them."""
    yield from [
        _column("key", "Key", "Stable name of the deal."),
        _column("title", "Deal", "Title."),
        _column("summary", "Summary", "What it is about."),
        _column("kind", "Kind", "Main kind.", "code", codes="kind"),
        _column("also_kinds", "Other kinds", "Kinds that it is as well.", "list", codes="kind"),
        _column("status", "Agreement", "How binding the agreement is.", "code", codes="status"),
        _column("stage", "Stage", "The project on the ground.", "code", codes="stage"),
        _column(
            "announced_on",
            "Announced",
            "As precisely as it is known.",
            "date",
        ),
        _column("signed_on", "Signed", "As precisely as it is known.", "date"),
        _column("closed_on", "Closed", "As precisely as it is known.", "date"),
        _column(
            "hosts",
            "Host codes",
            "ISO 3166-1 alpha-2, or a bloc's key.",
            "list",
            _each_place("hosts"),
        ),
        _column(
            "host_names",
            "Hosts",
            "Where the ore, mine or plant is.",
            "list",
            _each("hosts", "name"),
        ),
        _column(
            "partners",
            "Partner codes",
            "ISO 3166-1 alpha-2, or a bloc's key.",
            "list",
            _each_place("partners"),
        ),
        _column(
            "partner_names",
            "Partners",
            "The counterparts.",
            "list",
            _each("partners", "name"),
        ),
        _column(
            "third_parties",
            "Third party codes",
            "Countries and blocs that take part otherwise.",
            "list",
            _each_place("third_parties"),
        ),
        _column("minerals", "Mineral slugs", "By slug.", "list", _each("minerals", "slug")),
        _column(
            "mineral_names",
            "Minerals",
            "By name.",
            "list",
            _each("minerals", "name"),
        ),
        _column(
            "minerals_unspecified",
            "Minerals unspecified",
            "It speaks of critical minerals in general.",
            "bool",
        ),
        _column(
            "supply_chain_stages",
            "Supply chain stages",
            "From ore to product.",
            "list",
            codes="supply_chain_stage",
        ),
        _column("event", "Event key", "Where it was announced.", "code", _within("event", "key")),
        _column("event_name", "Event", "Where it was announced.", "text", _within("event", "name")),
        _column("projects", "Projects", "By name.", "list", _each("projects", "name")),
        _column("parties", "Party slugs", "By slug.", "list", _each("parties", "slug")),
        _column("party_names", "Parties", "With stakes, where known.", "list", _parties),
        _column(
            "providers",
            "Provider slugs",
            "Who gives or would give money, by slug.",
            "list",
            _each("providers", "slug"),
        ),
        _column(
            "provider_names",
            "Providers",
            "Who gives or would give money, whatever became of it.",
            "list",
            _each("providers", "name"),
        ),
        _column("value_low", "Value, low end", "As stated.", "number", _within("value", "low")),
        _column("value_high", "Value, high end", "As stated.", "number", _within("value", "high")),
        _column("value_currency", "Currency", "ISO 4217.", "code", _within("value", "currency")),
        _column(
            "value_basis",
            "Value basis",
            "What the headline value measures.",
            "code",
            _within("value", "basis"),
            codes="value_basis",
        ),
        _column("value_note", "Value note", "In words.", "text", _within("value", "note")),
        _column(
            "value_usd",
            "Value, US dollars",
            "At the rate of the deal's year: the low end, or the limit of an “up to”.",
            "usd",
        ),
        _column("value_usd_low", "Value, US dollars, low end", "At the year's rate.", "usd"),
        _column("value_usd_high", "Value, US dollars, high end", "At the year's rate.", "usd"),
        _column(
            "counts_toward_total",
            "Counts toward totals",
            "The headline value may stand in a sum with others.",
            "bool",
        ),
        *_money_columns(),
        _column("is_disputed", "Disputed", "Sources disagree on a fact.", "bool"),
        _column(
            "disputed_facts", "Disputed facts", "On which they disagree.", "list", codes="fact"
        ),
        _column("is_stale", "Stale", "Not binding and without news for two years.", "bool"),
        _column(
            "is_presumed_lapsed",
            "Presumed lapsed",
            "Not binding and without news for four years.",
            "bool",
        ),
        _column("last_news_on", "Last news", "Latest possible day of the last news.", "day"),
        _column("source_count", "Sources", "Independent ones, at most.", "number"),
        _column("confidence", "Confidence", "How sure the record is.", "code", codes="confidence"),
        _column("verified_on", "Verified", "When it was last checked.", "date"),
        _column(
            "published_at",
            "Published (UTC)",
            "When readers first saw this edition (UTC).",
            "moment",
        ),
        _column("edition", "Edition", "Number of the edition.", "number"),
        _column("url", "Address", "Path of the deal's page."),
    ]
