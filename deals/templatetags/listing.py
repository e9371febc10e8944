"""The parts of a list of deals that it has by the hundred: rows, and values to tick.

They are put together by f-strings: as templates they took most of the time of a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from config.lib import shapes
from config.lib.markup import escape
from config.lib.signs import flag, mineral_name
from deals.columns import ScreenColumn
from deals.columns.cells import rows_in_html
from deals.labels import labels
from deals.rail import FacetBlock, Glyph, Option, RailFacet
from deals.reading import Summary
from deals.views.table import Table

register = template.Library()

type Tiles = Mapping[str, Mapping[str, Any]]


@register.simple_tag
def deal_rows(rows: Sequence[Summary], table: Table) -> SafeString:
    """The rows of the table of deals."""
    return rows_in_html(rows, table.columns, has_labels=table.is_chosen)


@register.simple_tag
def facet_options(facet: RailFacet, options: Iterable[Option], tiles: Tiles) -> SafeString:
    """The values of a facet as items of a list; ``tiles`` are those of all minerals, by slug."""
    return mark_safe("".join([_option(facet, option, tiles) for option in options]))


@register.simple_tag
def facet_list(block: FacetBlock, tiles: Tiles) -> SafeString:
    """The values of a facet beside a list: those in sight, what is unknown, the way to the rest."""
    facet, name, rest = block.facet, block.facet.name, ""
    if block.more_href:
        href = escape(block.more_href)
        rest = (
            f'<div class="facet-all" id="all-{name}"><a class="facet-more" href="{href}"'
            f' hx-get="{href}" hx-target="#all-{name}" hx-swap="innerHTML" hx-push-url="false">'
            f"Show all {block.total}</a></div>"
        )
    elif block.folded:
        rest = (
            f'<details class="facet-rest" id="rest-{name}"><summary class="facet-more">'
            f'Show all {block.total}</summary><ul class="options">'
            f"{facet_options(facet, block.folded, tiles)}</ul></details>"
        )
    shown = facet_options(facet, block.shown, tiles)
    return mark_safe(f'<ul class="options">{shown}{_unknown(block)}</ul>\n{rest}')


def _unknown(block: FacetBlock) -> str:
    name, unknown = block.facet.name, block.unknown
    if unknown is None:
        return ""
    return (
        f'<li><div class="option option-unknown{"" if unknown.count else " option-zero"}"><label>'
        f'<input type="checkbox" id="{name}--empty" name="{name}__empty" value="true"'
        f'{" checked" if unknown.is_chosen else ""}><span class="option-label">'
        f'{escape(unknown.label)}</span></label><span class="option-count">{unknown.count}</span>'
        f"</div></li>"
    )


@register.simple_tag
def other_columns(table: Table) -> SafeString:
    """The columns that are not on show, to tick, under their headings."""
    return mark_safe(
        "".join(
            f"<fieldset><legend>{escape(group)}</legend>"
            f'<ul class="options">{"".join(map(_column, columns))}</ul></fieldset>'
            for group, columns in table.others
        )
    )


def _column(column: ScreenColumn) -> str:
    return (
        '<li><label class="option"><input type="checkbox" name="columns"'
        f' value="{column.name}"><span class="option-label">{escape(column.label)}</span>'
        "</label></li>"
    )


def _option(facet: RailFacet, option: Option, tiles: Tiles) -> str:
    one, name = option.value, facet.name
    value, label, word = escape(one.value), escape(one.label), _label(facet.glyph, option, tiles)
    box = f'name="{name}"'
    if one.is_excluded:
        box, word = f'class="leaves-out" name="{name}__not"', f'<b class="option-out">not</b>{word}'
    leave_out = inside = ""
    if not one.is_set:
        leave_out = (
            f'<button type="submit" class="option-not" id="not-{name}-{value}" name="{name}__not"'
            f' value="{value}" aria-label="not {label}">not</button>'
        )
    if option.inside:
        is_open = " open" if option.is_open else ""
        inside = (
            f'<details class="branch" id="inside-{name}-{value}"{is_open}>'
            f'<summary aria-label="Within {label}"></summary>'
            f'<ul class="options">{facet_options(facet, option.inside, tiles)}</ul></details>'
        )
    return (
        f"<li{' class="has-inside"' if inside else ''}>"
        f'<div class="option{"" if one.count else " option-zero"}"><label>'
        f'<input type="checkbox" id="{name}-{value}" {box} value="{value}"'
        f'{" checked" if one.is_set else ""}><span class="option-label">{word}</span></label>'
        f'{leave_out}<span class="option-count">{one.count}</span></div>{inside}</li>'
    )


def _label(glyph: Glyph, option: Option, tiles: Tiles) -> str:
    """A value in words, after the sign that its facet is shown with."""
    code, label = option.value.value, option.value.label
    match glyph:
        case "place":
            return f"{flag(code)}{escape(label)}"
        case "mineral":
            return mineral_name(tiles[code])
        case "status":
            return shapes.with_word(shapes.status_glyph(code), labels()["status"][code])
        case "stage":
            return shapes.with_word(shapes.stage_glyph(code), labels()["stage"][code])
        case "rung":
            return shapes.with_word(shapes.rung_glyph(code), labels()["rung"][code])
    return escape(label)
