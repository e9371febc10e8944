"""A client that costs next to nothing: one kept connection, prebuilt requests, bodies unread.

http.client takes about as long to read the head of an answer as the server to make an empty one,
so a share of what is measured with it would be its own.
"""

from __future__ import annotations

import re
import select
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from types import TracebackType
from typing import Final, Self

_PIECE: Final = 1 << 18
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED: Final = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_CLOSE: Final = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
# With the end of the line before it, so that no row of a file that ends in 0 is taken for it.
_LAST_CHUNK: Final = b"\r\n0\r\n\r\n"


class BrokenOff(OSError):
    """The server closed the connection before its answer was complete."""


@dataclass(slots=True)
class Answer:
    """What came back, and when (seconds of `perf_counter`)."""

    status: int
    head: bytes
    body: bytes
    started: float
    first_byte: float
    ended: float
    size: int
    """Bytes of the body as they were sent."""

    @property
    def seconds(self) -> float:
        """From the request to the last byte of the answer."""
        return self.ended - self.started

    def header(self, name: str) -> bytes:
        """The value of a header; empty if there is none."""
        found = re.search(rb"\r\n%s: *([^\r]+)" % name.encode(), self.head, re.IGNORECASE)
        return found[1] if found else b""


@dataclass
class Stream:
    """An answer of any length that is read a piece at a time; `status` and times as they come."""

    status: int
    started: float
    first_byte: float
    pieces: Iterator[bytes] = field(repr=False)


def request_bytes(path: str, headers: Mapping[str, str] | None = None) -> bytes:
    """A request as it goes over the line."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


class Client:
    """One connection to a server on this machine, opened anew where the server closed it."""

    def __init__(self, port: int, *, timeout_seconds: float = 120) -> None:
        self.port = port
        self.timeout_seconds = timeout_seconds
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def ask(self, request: bytes) -> Answer:
        """Send a request and read its whole answer."""
        line = self._connected()
        started = perf_counter()
        line.sendall(request)
        data = line.recv(_PIECE)
        first_byte = perf_counter()
        end = data.find(b"\r\n\r\n")
        while end < 0:
            data += self._received(line, data)
            end = data.find(b"\r\n\r\n")
        head, read = data[: end + 2], data[end + 4 :]
        status = int(head[9:12])
        pieces = [read]
        if found := _LENGTH.search(head):
            missing = int(found[1]) - len(read)
            while missing > 0:
                read = self._received(line, read)
                pieces.append(read)
                missing -= len(read)
        elif _CHUNKED.search(head):
            tail = (b"\r\n" + read)[-len(_LAST_CHUNK) :]
            while not tail.endswith(_LAST_CHUNK):
                read = self._received(line, tail)
                pieces.append(read)
                tail = (tail + read)[-len(_LAST_CHUNK) :]
        ended = perf_counter()
        if _CLOSE.search(head):
            self.close()
        body = b"".join(pieces)
        return Answer(status, head, body, started, first_byte, ended, len(body))

    @contextmanager
    def stream(self, request: bytes) -> Iterator[Stream]:
        """Send a request and read its answer as it comes, whatever pieces it comes in.

        The connection is closed afterwards: whoever leaves early lets the server stop.
        """
        line = self._connected()
        try:
            started = perf_counter()
            line.sendall(request)
            data = line.recv(_PIECE)
            first_byte = perf_counter()
            while b"\r\n\r\n" not in data:
                data += self._received(line, data)
            head, _, read = data.partition(b"\r\n\r\n")
            yield Stream(int(head[9:12]), started, first_byte, self._pieces(line, head, read))
        finally:
            self.close()

    def _pieces(self, line: socket.socket, head: bytes, read: bytes) -> Iterator[bytes]:
        if _CHUNKED.search(head + b"\r\n"):
            yield from self._chunks(line, read)
        else:
            while read:
                yield read
                read = line.recv(_PIECE)

    def _chunks(self, line: socket.socket, read: bytes) -> Iterator[bytes]:
        """The body without the lengths between its chunks."""
        start = 0
        while True:
            while (end := read.find(b"\r\n", start)) < 0:
                read, start = read[start:] + self._received(line, read), 0
            length = int(read[start:end], 16)
            if not length:
                return
            first = end + 2 - start
            size = first + length + 2  # with the end of the line behind it
            if len(read) < start + size:
                read, start = read[start:], 0
            while len(read) < start + size:
                read += self._received(line, read)
            yield read[start + first : start + first + length]
            start += size

    def _connected(self) -> socket.socket:
        """The connection, if the server has not closed it meanwhile; else a new one."""
        line = self._socket
        if line is not None and select.select([line], [], [], 0)[0]:
            line.close()  # readable before anything was asked: it was closed
            line = None
        if line is None:
            line = socket.create_connection(("127.0.0.1", self.port), self.timeout_seconds)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
            self._socket = line
        return line

    def _received(self, line: socket.socket, before: bytes) -> bytes:
        read = line.recv(_PIECE)
        if not read:
            self.close()
            raise BrokenOff(f"The answer broke off after {before[-80:]!r}")
        return read
