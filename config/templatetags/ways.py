"""Ways through the site: navigation, breadcrumbs, queries, paging, heads that sort."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.http import QueryDict
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from config.lib import words
from config.lib.paging import Page
from config.lib.parameters import carried

register = template.Library()


@register.simple_tag(takes_context=True)
def nav_item(context: Context, path: str, word: str) -> SafeString:
    """An entry of the main navigation, marked where the reader is in that part of the site."""
    request = context.get("request")
    here = str(getattr(request, "path", ""))
    current = format_html(' aria-current="{}"', "page" if here == path else "true")
    return format_html(
        '<li><a href="{}"{}>{}</a></li>', path, current if here.startswith(path) else "", word
    )


@register.simple_tag(takes_context=True)
def again(context: Context, name: str) -> SafeString:
    """The text of a block a second time: ``{% again "title" %}`` in the head of a page."""
    blocks = context.render_context[BLOCK_CONTEXT_KEY]
    block = blocks.get_block(name)
    return mark_safe(" ".join(block.render(context).split()) if block else "")


@register.simple_tag
def breadcrumb(*trail: str) -> SafeString:
    """``{% breadcrumb "Deals" "/deals/" "Joint venture" %}``: the last name has no link."""
    steps = [
        format_html('<a href="{}">{}</a>', path, name)
        for name, path in zip(trail[0:-1:2], trail[1::2], strict=True)
    ]
    if len(trail) % 2:
        steps.append(conditional_escape(trail[-1]))
    return format_html(
        '<nav class="breadcrumb" aria-label="Breadcrumb"><ol>{}</ol></nav>',
        format_html_join("", "<li>{}</li>", ((step,) for step in steps)),
    )


def _query(context: Context) -> QueryDict:
    request = context.get("request")
    query = carried(request.GET) if request is not None else QueryDict(mutable=True)
    query.pop("page", None)
    return query


def _as_link(query: QueryDict) -> str:
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def url_with(context: Context, **changes: Any) -> str:
    """The present query with some parameters set (None drops one); a change leads to page 1."""
    query = _query(context)
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        elif isinstance(value, list | tuple):
            query.setlist(name, [str(item) for item in value])
        else:
            query[name] = str(value)
    return _as_link(query)


@register.simple_tag(takes_context=True)
def url_without(context: Context, name: str, value: Any = None) -> str:
    """The present query without a parameter, or without one value of it."""
    query = _query(context)
    kept = [] if value is None else [old for old in query.getlist(name) if old != str(value)]
    if kept:
        query.setlist(name, kept)
    else:
        query.pop(name, None)
    return _as_link(query)


@register.inclusion_tag("parts/pagination.html")
def pagination(
    page: Page[Any],
    one: str = "deal",
    many: str = "",
    sizes: Iterable[tuple[int, str]] = (),
) -> dict[str, Any]:
    """Links to the pages of a list, with what this page shows: “1 to 50 of 457 deals”.

    ``sizes`` are the numbers of rows that a page can have, each with its address.
    """
    total = words.count_in_words(page.count, one, many)
    return {"page": page, "total": total, "sizes": sizes}


@register.inclusion_tag("parts/sort_head.html", takes_context=True)
def sort_head(
    context: Context, word: str, first: str, ordering: str, cell: str = ""
) -> dict[str, Any]:
    """A head that sorts: ``{% sort_head "Announced" "-announced_on" ordering "c-announced_on" %}``.

    `first` is what a first click asks for, with "-" where that is largest first; `ordering` is
    the present one, which a click on its own head turns round.
    """
    href, sort = _sorting(context, first, ordering)
    return {"word": word, "cell": cell, "href": href, "sort": sort}


@register.simple_tag(takes_context=True)
def order_link(context: Context, word: str, first: str, ordering: str) -> SafeString:
    """A link that sorts, for a list without heads; as `sort_head`."""
    href, sort = _sorting(context, first, ordering)
    arrow = {"ascending": " ↑", "descending": " ↓", "": ""}[sort]
    current = mark_safe(' aria-current="true"') if sort else ""
    return format_html('<a href="{}"{}>{}{}</a>', href, current, word, arrow)


def _sorting(context: Context, first: str, ordering: str) -> tuple[str, str]:
    """Where a click leads, and how the column is sorted now: ascending, descending or empty."""
    key = first.lstrip("-")
    present = ordering.lstrip("-") == key
    descending = ordering.startswith("-")
    following = (key if descending else f"-{key}") if present else first
    now = ("descending" if descending else "ascending") if present else ""
    return url_with(context, ordering=following), now
