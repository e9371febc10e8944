"""What gunicorn reads when it starts in this folder: its workers count requests together.

Each worker keeps its numbers in files of its own in one folder, and whichever is asked for
`/metrics` adds them up (prometheus_client's multiprocess mode). The folder is new with every start
and goes with its end. The numbers of a worker that is gone still count; what it was at does not.

Whoever gives gunicorn another file (`-c`) keeps this in it, or each worker answers for itself.

Threads share two heaps. With one each, as glibc gives them, what one thread has used for a large
file stays taken while the next one takes as much again.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""By which prometheus_client knows the folder. It looks when it is imported."""
M_ARENA_MAX = -8
"""Of `mallopt` (malloc.h): how many heaps there may be."""


def make_folder() -> None:
    """Make the folder of this start; a reload reads this file again and keeps the one there is."""
    prefix = f"lodebook-metrics-{os.getpid()}-"
    if Path(os.environ.get(VARIABLE, "")).name.startswith(prefix):
        return
    os.environ[VARIABLE] = folder = tempfile.mkdtemp(prefix=prefix)
    atexit.register(remove_folder, folder, os.getpid())


def remove_folder(folder: str, owner: int) -> None:
    """Remove it at the end of the first process. Its workers, who end alike, leave it alone."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def on_starting(server: Arbiter) -> None:
    """Let workers write there that run as another user."""
    os.chown(os.environ[VARIABLE], server.cfg.uid, server.cfg.gid)


def child_exit(server: Arbiter, worker: Worker) -> None:
    """Forget what a worker was at, however it ended."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def share_heaps() -> None:
    """Let all threads of a worker take memory from the same two heaps, where there are such."""
    with suppress(AttributeError, OSError):  # elsewhere there is no such function
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)


# Now and not in a hook: with --preload the application is imported before the first of them.
make_folder()
share_heaps()
