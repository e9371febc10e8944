"""All tags and filters of the design system under one name; `/styleguide/` shows each at work.

Codes are shown with a word. The word is the tag's second argument or, where the view puts
``labels`` (``{"status": {"mou_signed": "MoU signed", …}, …}``) into the context, found there.
"""

from __future__ import annotations

from django import template

from config.templatetags import axes, names, phrases, ways

register = template.Library()
for part in (phrases, axes, names, ways):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
