"""The licence of the texts and of the selection of the data, as files and citations name it."""

from __future__ import annotations

from typing import Final

LICENCE: Final = "CC BY 4.0"
LICENCE_URL: Final = "https://creativecommons.org/licenses/by/4.0/"
