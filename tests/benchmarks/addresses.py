"""What a benchmark asks of a server beside the site's own pages."""

from __future__ import annotations

from typing import Final

EMPTY: Final = "/empty/"
READY: Final = "/ready/"
PROCESS_HEADER: Final = "Answered-By"
"""Names the process that answered, so that all of a server's are asked."""
