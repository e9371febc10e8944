"""Tags of profile pages: money in words, figures of production, sources, links to deals."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from config.lib.imprecise import ImpreciseDate
from config.lib.paging import Page
from config.lib.words import date_in_words, money_in_words, percent_in_words
from countries.models import Bloc, Country, Reference
from deals import describing
from deals import labels as words
from deals.charts import Cell, Figure, Head
from deals.charts.files import source_of
from deals.codes import BINDING_STATUSES
from deals.filters import DealFilterSet
from deals.labels import labels
from deals.models import Edition
from deals.money import RUNGS
from deals.reading import Clock
from deals.selecting import known_query, query_at
from minerals.models import Mineral, PolicyMeasure, PolicyStatus, Production

register = template.Library()

POLICY_GLYPHS: Final[dict[str, str]] = {
    PolicyStatus.PROPOSED: "proposed",
    PolicyStatus.ANNOUNCED: "announced",
    PolicyStatus.IN_FORCE: "agreement_signed",
    PolicyStatus.SUSPENDED: "suspended",
    PolicyStatus.ENDED: "expired",
    PolicyStatus.NOT_ADOPTED: "cancelled",
}
_WITH_ARTICLE = re.compile(
    r"(United|Netherlands|Philippines|Bahamas|Gambia|Maldives|Comoros|Isle of)\b.*"
    r"|.* (Islands|Republic|Territories|Territory)( .*)?"
)
_UNIT = re.compile(r"(?P<head>[^(]+?)\s*(?:\((?P<of>.*)\))?")


@register.filter
def firmest_money(deal: Mapping[str, Any]) -> str:
    """The firmest money of a summary: “$800m indicated”, “unknown committed”, or none."""
    for rung in reversed(RUNGS):
        if deal["ladder_lines"][rung]:
            usd = deal["ladder"][rung]
            word = labels()["rung"][rung].lower()
            if usd is None and deal["lines_unknown"][rung] < deal["ladder_lines"][rung]:
                return f"{word}, not summed"
            return f"{'amount unknown' if usd is None else money_in_words(usd)}, {word}"
    return "no financing on record"


@register.simple_tag
def figure_cell(heads: Sequence[Head], place: int, cell: Cell) -> SafeString:
    """A cell of the table under a chart, by the kind of its column."""
    kind = heads[place].kind
    if kind == "text":
        return format_html("<td>{}</td>", cell or "")
    if kind == "date":
        return format_html("<td>{}</td>", date_in_words(str(cell)) if cell else "not dated")
    if kind == "url":
        return _link_cell(str(cell or ""))
    if cell is None:
        shown = "none on record" if kind == "usd" else "–"
    elif isinstance(cell, str) or kind == "count":
        shown = str(cell)
    else:
        shown = money_in_words(cell) if kind == "usd" else percent_in_words(cell)
    return format_html('<td class="num{}">{}</td>', "" if cell else " zero", shown)


def _link_cell(url: str) -> SafeString:
    """The host of an address, which leads there; empty for anything that is none."""
    if not url.startswith(("https://", "http://")):
        return mark_safe("<td></td>")
    host = url.split("/")[2].removeprefix("www.")
    return format_html('<td><a href="{}" rel="external">{}</a></td>', url, host)


@register.filter
def source_line(clock: Clock) -> str:
    """Where a chart comes from and of which days it tells."""
    return source_of(clock)


@register.simple_tag(takes_context=True)
def option_href(context: Context, parameter: str, code: str) -> str:
    """The page as it is, with a choice about one of its charts made otherwise."""
    query = context["request"].GET.copy()
    query[parameter] = code
    query.pop("page", None)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def embed_code(context: Context, figure: Figure) -> str:
    """What to paste into a page of another site to show a chart there."""
    address = context["request"].build_absolute_uri(figure_path("chart_embed", figure))
    code = format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy"'
        ' style="border: 0"></iframe>',
        address,
        f"{figure.title} (Lodebook)",
        figure.embed_height,
    )
    return escape(code)  # once more, since on the page it is text to read


@register.simple_tag(name="figure_path")
def figure_path(route: str, figure: Figure) -> str:
    """The address of a chart's file or page for frames: ``chart_svg``, ``chart_embed``."""
    path = reverse(f"deals:{route}", args=[figure.name])
    return f"{path}?{figure.query}" if figure.query else path


@register.simple_tag(takes_context=True)
def deals_href(context: Context, **filters: Any) -> str:
    """``{% deals_href host="KZ" %}``: the list of those deals, as of the same day as this page."""
    query = query_at(context.get("clock") or Clock(), filters)
    return f"/deals/?{query.urlencode(safe=':')}" if query else "/deals/"


@register.simple_tag(takes_context=True)
def binding_href(context: Context, **filters: Any) -> str:
    """`deals_href` to those whose agreement binds."""
    return deals_href(context, **filters, status=sorted(BINDING_STATUSES))


@register.simple_tag(takes_context=True)
def deals_href_of(context: Context, filters: Mapping[str, Any]) -> str:
    """`deals_href` for filters that the view has put together."""
    return deals_href(context, **filters)


@register.simple_tag(takes_context=True)
def at_same_time(context: Context, path: str) -> str:
    """``path`` as of the same day as this page."""
    clock = context.get("clock")
    if clock is None or not clock.as_of:
        return path
    return f"{path}?as_of={clock.last_day.isoformat()}"


@register.simple_tag(takes_context=True)
def dataset_script(context: Context) -> SafeString:
    """The whole data set as schema.org has it, for search engines.

    A page that shows itself what is ``published`` has it in its context.
    """
    published = context.get("published") or describing.published()
    return describing.dataset_script(context["request"], published)


@register.simple_tag
def canonical_query(filterset: DealFilterSet, page: Page[Any] | None = None) -> str:
    """The query string of a selection of deals, the same however it was put together.

    Its filters in one order and nothing of how it is shown but the page; "?" stands before it.
    """
    query = known_query(filterset, keep=lambda name: name in filterset.filters)
    query.pop("ordering", None)
    parts = sorted((name, value) for name, values in query.lists() for value in {*values})
    if page is not None and page.number > 1:
        parts.append(("page", str(page.number)))
    return f"?{urlencode(parts)}" if parts else ""


@register.filter
def announced_since(filters: Mapping[str, Any], date: ImpreciseDate) -> dict[str, Any]:
    """The filters with deals announced after a date alone: from the day after its last one."""
    after = date.latest + datetime.timedelta(days=1)
    return {**filters, "announced_after": after.isoformat()}


@register.filter
def chain_depth(depth: int) -> int:
    """How far a step of a chain of owners is set in: 0 to 5, since a screen is not endless."""
    return min(depth - 1, 5)


@register.filter
def as_place(place: Country | Bloc) -> dict[str, str]:
    """A country or bloc as the tag ``country`` takes it."""
    if isinstance(place, Country):
        return {"code": place.iso2, "name": place.name}
    return {"bloc": place.key, "name": place.name}


@register.filter
def as_tile(mineral: Mineral) -> dict[str, str]:
    """A mineral as the tags of tiles take it."""
    return {
        "slug": mineral.slug,
        "name": mineral.name,
        "symbol": mineral.short_form,
        "category": mineral.category,
    }


@register.filter
def quantity(figure: Production) -> str:
    """The amount of a figure: ``23,270``."""
    text = f"{figure.amount:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def unit(figure: Production) -> str:
    """The unit of a figure without what is counted: ``t`` of “t (W content)”."""
    match = _UNIT.fullmatch(figure.unit)
    return match["head"] if match else figure.unit


@register.filter
def counted(figure: Production) -> str:
    """What a figure counts: ``W content`` of “t (W content)”; empty where the unit says it all."""
    match = _UNIT.fullmatch(figure.unit)
    return (match["of"] or "") if match else ""


@register.filter
def short_title(reference: Reference) -> str:
    """The name of a source where room is scarce: its title up to the first comma or colon."""
    return re.split("[:,]", reference.title)[0] or reference.publisher or reference.url


@register.filter
def policy_glyph(measure: PolicyMeasure) -> str:
    """The circle that stands for the state of a policy measure, as a status code."""
    return POLICY_GLYPHS[measure.status]


@register.filter
def value_of(mapping: Mapping[str, Any], key: str) -> Any:
    """``counts|value_of:slug``: what a mapping holds under a key, else None."""
    return mapping.get(key)


@register.filter
def source_ref(number: int) -> str:
    """The ref that the tag ``cite`` takes for a numbered source of a reference fact."""
    return f"r{number}"


@register.filter
def thousands(number: int) -> str:
    """``6,255``."""
    return f"{number:,}"


@register.filter
def deal_path(edition: Edition) -> str:
    """The page of an edition's deal."""
    return reverse("deals:detail", args=[edition.key])


@register.filter
def as_tiles(minerals: Iterable[Mineral]) -> list[dict[str, str]]:
    """Minerals as the tag ``mineral_tiles`` takes them."""
    return [as_tile(mineral) for mineral in minerals]


@register.filter
def significant(rate: Decimal) -> str:
    """A rate with four significant figures, never in exponents: ``1.082``, ``0.002191``."""
    digits = max(0, 3 - rate.adjusted())
    return f"{rate:.{digits}f}"


@register.filter
def in_sentence(label: str) -> str:
    """``{{ label|in_sentence }}``: see `deals.labels.in_sentence`."""
    return words.in_sentence(label)


@register.filter
def in_place(country: Country) -> str:
    """The name of a country after “in” or “of”: “Kazakhstan”, “the United States”."""
    return f"the {country.name}" if _WITH_ARTICLE.fullmatch(country.name) else country.name
