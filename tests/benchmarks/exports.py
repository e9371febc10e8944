"""Files of everything: rows a second beside COPY, the first byte, and the server's memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from time import perf_counter
from typing import Final

import psycopg
from django.db.models import Model

from deals.models import EditionDocument, EditionRow
from tests.benchmarks import limits
from tests.benchmarks.client import Client, request_bytes
from tests.benchmarks.timings import percentile

ROUNDS: Final = 2
MOST_ROUNDS: Final = 10
"""Where a file takes so little time that more rounds fit into `ENOUGH_SECONDS`."""
ENOUGH_SECONDS: Final = 10
FIRST_BYTES: Final = 9
WARMING: Final = 4
WARMING_SECONDS: Final = 5


@dataclass(frozen=True)
class Export:
    """A kind of file, and the stored text it is made from."""

    name: str
    path: str
    model: type[Model]
    column: str


EXPORTS: Final = (
    Export("export-ndjson", "/deals/export.ndjson", EditionDocument, "detail_text"),
    Export("export-csv", "/deals/export.csv", EditionRow, "text"),
)


@dataclass(frozen=True)
class Exported:
    """What one kind of file took."""

    name: str
    rows: int
    """How many were read."""
    is_whole: bool
    """Whether that is all of them, or as many as came in the time there was."""
    rows_per_second: float
    copy_rows_per_second: float
    first_byte_ms: float
    memory_mb: float | None
    """By how much the server's processes grew at most; None where that cannot be read."""
    status: int

    @property
    def share_of_copy(self) -> float:
        return self.rows_per_second / self.copy_rows_per_second


def measure_export(
    export: Export, port: int, connection: psycopg.Connection, server_pid: int, most_seconds: float
) -> Exported:
    """A file of everything in turn with COPY of the text behind it, each at least `ROUNDS` times.

    Either is read for at most `most_seconds`.
    """
    request = request_bytes(export.path)
    first_bytes: list[float] = []
    speeds: list[float] = []
    copied: list[float] = []
    grown: list[float | None] = []
    rows, is_whole, status = 0, True, 0
    with Client(port) as client:
        for _ in range(WARMING):  # each process has made a file before, as it has answered pages
            with client.stream(request) as stream:
                _count(stream.pieces, stream.started, WARMING_SECONDS)
        for _ in range(FIRST_BYTES):
            with client.stream(request) as stream:
                first_bytes.append(stream.first_byte - stream.started)
                status = stream.status
        began = perf_counter()
        while status == HTTPStatus.OK and len(speeds) < MOST_ROUNDS:
            if len(speeds) >= ROUNDS and perf_counter() - began > ENOUGH_SECONDS:
                break
            memory = Memory.of(server_pid)
            with client.stream(request) as stream:
                rows, seconds, is_whole = _count(stream.pieces, stream.started, most_seconds)
            speeds.append(rows / seconds)
            grown.append(memory.growth_mb())
            copied.append(_copy(connection, export, most_seconds))
    return Exported(
        name=export.name,
        rows=rows,
        is_whole=is_whole,
        rows_per_second=percentile(speeds or [0], 0.5),
        copy_rows_per_second=percentile(copied or [1], 0.5),
        first_byte_ms=percentile(first_bytes, 0.5) * 1000,
        memory_mb=max((one for one in grown if one is not None), default=None),
        status=status,
    )


def _count(
    pieces: Iterator[bytes | bytearray | memoryview], started: float, most_seconds: float
) -> tuple[int, float, bool]:
    """Lines, seconds, and whether that was all."""
    rows = 0
    for piece in pieces:
        rows += (bytes(piece) if isinstance(piece, memoryview) else piece).count(b"\n")
        seconds = perf_counter() - started
        if seconds > most_seconds:
            return rows, seconds, False
    return rows, perf_counter() - started, True


def _copy(connection: psycopg.Connection, export: Export, most_seconds: float) -> float:
    started = perf_counter()
    statement = limits.copy_of_all(export.model, export.column).encode()
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        rows, seconds, _ = _count(iter(copy), started, most_seconds)
        if seconds > most_seconds:
            connection.cancel()
            with suppress(psycopg.errors.QueryCanceled):
                deque(copy, maxlen=0)
    return rows / seconds


@dataclass(frozen=True)
class Memory:
    """Resident memory of a server's processes, in kB, and its peak from now on."""

    before: dict[int, int]

    @classmethod
    def of(cls, server_pid: int) -> Memory:
        """As it is now; of no process where the system does not tell."""
        before = {}
        for pid in (server_pid, *_children(server_pid)):
            folder = Path(f"/proc/{pid}")
            try:
                (folder / "clear_refs").write_text("5")  # the peak is now what there is now
                before[pid] = _kilobytes(folder, "VmRSS")
            except OSError:
                continue
        return cls(before)

    def growth_mb(self) -> float | None:
        """How much more all processes together held at most."""
        if not self.before:
            return None
        grown = [
            _kilobytes(Path(f"/proc/{pid}"), "VmHWM") - before
            for pid, before in self.before.items()
        ]
        return sum(grown) / 1024


def _children(pid: int) -> Sequence[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _kilobytes(folder: Path, name: str) -> int:
    for line in (folder / "status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise OSError(f"{folder} does not tell {name}.")
