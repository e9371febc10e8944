"""The cells of the list on screen: what stands in each column of one deal, as safe HTML.

A page has up to 500 rows with a cell for each column on show, so cells are put together by
f-strings, which take a twentieth of the time of a template. Whatever comes from a record goes
through `escape`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from config.lib import shapes
from config.lib.ladder import amount_in_words, ladder_in_words, rung_sum
from config.lib.markup import escape
from config.lib.signs import country, mark, mark_disputed, mark_stale, mineral_tiles
from config.lib.words import Number, date_in_words, money_in_words, percent_in_words
from deals.columns.screen import ScreenColumn
from deals.labels import labels
from deals.reading import Summary

UNKNOWN: Final = '<span class="unknown">–</span>'
PARTIES_SHOWN: Final = 2
PLACES_SHOWN: Final = 3

type CellOf = Callable[[Summary], str]


def rows_in_html(
    rows: Iterable[Summary], columns: Sequence[ScreenColumn], *, has_labels: bool
) -> SafeString:
    """The rows of a table; ``has_labels``: each cell says what it holds, for narrow screens.

    A row's ``href`` leads to its deal; its ``match``, if any, says how a search found it.
    """
    parts = []
    for column in columns:
        label = f' data-label="{escape(column.label)}"' if has_labels else ""
        parts.append((f'<td class="c-{column.name}"{label}>', CELLS[column.name]))
    return mark_safe(
        "".join(
            f"\n<tr>\n{''.join([f'{start}{cell(deal)}</td>\n' for start, cell in parts])}</tr>"
            for deal in rows
        )
    )


def _word(vocabulary: str, code: str | None) -> str:
    return escape(labels()[vocabulary][code]) if code else "–"


def _usd(amount_usd: Number | None) -> str:
    return UNKNOWN if amount_usd is None else escape(money_in_words(amount_usd))


def _text(text: str | None) -> str:
    return f'<span class="cell-text">{escape(text)}</span>' if text else UNKNOWN


def _listed(items: Iterable[str], none: str = UNKNOWN) -> str:
    return ", ".join(items) or none


# -- The deal -----------------------------------------------------------------------------------


def _deal(deal: Summary) -> str:
    title, match = escape(deal["title"]), deal.get("match")
    shown, found = title, ""
    if match:
        shown = conditional_escape(match.title) if match.title else title
        if match.excerpt:
            found = (
                f'<span class="deal-match">in {escape(match.place)}: '
                f"{conditional_escape(match.excerpt)}</span>"
            )
    parties = deal["parties"]
    named = "".join([f" · {_party(party)}" for party in parties[:PARTIES_SHOWN]])
    more = f" +{len(parties) - PARTIES_SHOWN}" if len(parties) > PARTIES_SHOWN else ""
    return (
        f'<input class="compare-tick" type="checkbox" name="deal" value="{escape(deal["key"])}"'
        f' form="compare-form" autocomplete="off" aria-label="Compare: {title}">'
        f'<a class="deal-title" href="{escape(deal["href"])}">{shown}</a>{found}'
        f'<span class="deal-sub">{_word("kind", deal["kind"])}{named}{more}</span>{_marks(deal)}'
    )


def _party(party: Mapping[str, Any]) -> str:
    stake = party["stake_percent"]
    return escape(party["name"]) + (f" {percent_in_words(stake)}" if stake is not None else "")


def _marks(deal: Summary) -> str:
    marks = ""
    if deal["is_disputed"]:
        marks += mark_disputed()
    if deal["is_stale"]:
        marks += mark_stale(lapsed=deal["is_presumed_lapsed"])
    if deal["value"] and not deal["counts_toward_total"]:
        marks += mark("not in sums")
    return f'<span class="marks">{marks}</span>' if marks else ""


def _summary(deal: Summary) -> str:
    return f'<span class="cell-text">{escape(deal["summary"])}</span>'


def _kinds(deal: Summary) -> str:
    others = "".join([f", {_word('kind', code).lower()}" for code in deal["also_kinds"]])
    return f"{_word('kind', deal['kind'])}{others}"


def _minerals(deal: Summary) -> str:
    return mineral_tiles(deal["minerals"], unspecified=deal["minerals_unspecified"])


def _supply_chain(deal: Summary) -> str:
    words = [_word("supply_chain_stage", code) for code in deal["supply_chain_stages"]]
    return _listed([*words[:1], *(word.lower() for word in words[1:])])


# -- Places and people --------------------------------------------------------------------------


def _where(deal: Summary) -> str:
    hosts = [f"<li>{one}</li>" for one in _places(deal["hosts"])]
    partners = [
        f'<li class="partner">{"" if place else shapes.icon("back")}{one}</li>'
        for place, one in enumerate(_places(deal["partners"]))
    ]
    return f'<ul class="where">{"".join(hosts)}{"".join(partners)}</ul>'


def _places(places: Sequence[Mapping[str, Any]]) -> list[str]:
    """The first places with their flags; the last of them says how many more there are."""
    shown: list[str] = [country(place) for place in places[:PLACES_SHOWN]]
    if len(places) > PLACES_SHOWN:
        shown[-1] += f' <span class="tile-more">+{len(places) - PLACES_SHOWN}</span>'
    return shown


def _third_parties(deal: Summary) -> str:
    return "<br>".join([country(place) for place in deal["third_parties"]]) or UNKNOWN


def _parties(deal: Summary) -> str:
    return _listed(
        f'<span class="cell-item">{escape(party["name"])}{_stake(party["stake_percent"])}</span>'
        for party in deal["parties"]
    )


def _stake(percent: Number | None) -> str:
    return "" if percent is None else f" <b>{percent_in_words(percent)}</b>"


def _projects(deal: Summary) -> str:
    return _listed(escape(project["name"]) for project in deal["projects"])


def _event(deal: Summary) -> str:
    event = deal["event"]
    if not event:
        return UNKNOWN
    return f'<a href="{reverse("deals:event", args=[event["key"]])}">{escape(event["name"])}</a>'


# -- Agreement and project ----------------------------------------------------------------------


def _day(name: str) -> CellOf:
    return lambda deal: date_in_words(deal[name])


def _status(deal: Summary) -> str:
    code = deal["status"]
    return (
        shapes.with_word(shapes.status_glyph(code), labels()["status"][code])
        if code
        else shapes.NOT_KNOWN
    )


def _stage(deal: Summary) -> str:
    code = deal["stage"]
    return (
        shapes.with_word(shapes.stage_glyph(code), labels()["stage"][code])
        if code
        else shapes.NOT_KNOWN
    )


def _news(deal: Summary) -> str:
    stale = f" {mark_stale(lapsed=deal['is_presumed_lapsed'])}" if deal["is_stale"] else ""
    return f"{date_in_words(deal['last_news_on'])}{stale}"


# -- Money --------------------------------------------------------------------------------------


def _ladder(deal: Summary) -> str:
    return ladder_in_words(deal, labels()["rung"])


def _rung(rung: str) -> CellOf:
    return lambda deal: rung_sum(deal, rung)


def _providers(deal: Summary) -> str:
    return _listed(
        [f'<span class="cell-item">{escape(one["name"])}</span>' for one in deal["providers"]],
        '<span class="quiet">none on record</span>',
    )


def _headline(deal: Summary) -> str:
    value = deal["value"]
    if not value:
        return UNKNOWN
    stated = f"<b>{conditional_escape(amount_in_words(value))}</b>"
    if value["currency"] == "USD" or deal["value_usd"] is None:
        return stated
    return f'{stated}<br><span class="small soft">{_usd(deal["value_usd"])}</span>'


def _value_usd(deal: Summary) -> str:
    return _usd(deal["value_usd"])


def _usd_range(deal: Summary) -> str:
    low, high = deal["value_usd_low"], deal["value_usd_high"]
    if low == high:
        return _usd(low)
    if low is None:
        return f'<span class="up-to">up to</span> {_usd(high)}'
    return f"{_usd(low)} to {'–' if high is None else _usd(high)}"


def _value_basis(deal: Summary) -> str:
    return _word("value_basis", deal["value"]["basis"]) if deal["value"] else UNKNOWN


def _value_note(deal: Summary) -> str:
    return _text(deal["value"]["note"] if deal["value"] else None)


def _counts(deal: Summary) -> str:
    return ("yes" if deal["counts_toward_total"] else "no") if deal["value"] else UNKNOWN


# -- The record ---------------------------------------------------------------------------------


def _confidence(deal: Summary) -> str:
    return _word("confidence", deal["confidence"])


def _source_count(deal: Summary) -> str:
    return str(deal["source_count"])


def _disputed(deal: Summary) -> str:
    if not deal["is_disputed"]:
        return "no"
    return mark_disputed("") + ", ".join(
        [_word("fact", code).lower() for code in deal["disputed_facts"]]
    )


def _published(deal: Summary) -> str:
    day = date_in_words(deal["published_at"][:10])
    return f'{day}<br><span class="small soft">edition {deal["edition"]}</span>'


CELLS: Final[Mapping[str, CellOf]] = {
    "deal": _deal,
    "summary": _summary,
    "kinds": _kinds,
    "mineral": _minerals,
    "supply_chain_stages": _supply_chain,
    "where": _where,
    "third_parties": _third_parties,
    "party": _parties,
    "project": _projects,
    "occasion": _event,
    "announced_on": _day("announced_on"),
    "status": _status,
    "signed_on": _day("signed_on"),
    "closed_on": _day("closed_on"),
    "stage": _stage,
    "news": _news,
    "money": _ladder,
    **{rung: _rung(rung) for rung in shapes.RUNGS},
    "provider": _providers,
    "headline": _headline,
    "value_usd": _value_usd,
    "usd_range": _usd_range,
    "value_basis": _value_basis,
    "value_note": _value_note,
    "counts_toward_total": _counts,
    "confidence": _confidence,
    "source_count": _source_count,
    "dispute": _disputed,
    "published": _published,
    "verified_on": _day("verified_on"),
}
"""The cell of each column of `SCREEN_COLUMNS`, by its name."""
