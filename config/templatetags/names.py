"""Countries with their flags, minerals with their tiles, marks, and the numbers of sources."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from config.lib import signs

register = template.Library()

register.simple_tag(signs.flag)
register.simple_tag(signs.country)
register.simple_tag(signs.mineral_tile)
register.simple_tag(signs.mineral_name)
register.simple_tag(signs.mineral_tiles)
register.simple_tag(signs.mark_disputed)
register.simple_tag(signs.mark_stale)
register.simple_tag(signs.mark)


@register.simple_tag
def cite(number: int | str, ref: str) -> SafeString:
    """The number of a source, linked to ``#source-<ref>`` in the list of sources."""
    return format_html(
        '<a class="cite" href="#source-{}"><span class="visually-hidden">source </span>{}</a>',
        ref,
        number,
    )
