"""Text as HTML, for pages that are put together by f-strings."""

from __future__ import annotations

import html
import re
from typing import Final

_SPECIAL: Final = re.compile("[&<>\"']")


def escape(text: str) -> str:
    """`html.escape`, which is slow to find that there is nothing to escape: as nearly always."""
    return html.escape(text) if _SPECIAL.search(text) else text
