"""Measuring rows: answers and their limits in turn, round by round, so that drift hits both."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import cycle
from time import perf_counter, sleep
from typing import Final

import psycopg

from tests.benchmarks import limits
from tests.benchmarks.addresses import EMPTY, PROCESS_HEADER, READY
from tests.benchmarks.client import BrokenOff, Client, request_bytes
from tests.benchmarks.limits import Candidate
from tests.benchmarks.rows import UNIT, Ask, Row
from tests.benchmarks.timings import READY_EVERY_SECONDS, READY_SECONDS, Timings

CLIENTS: Final = 8
CLIENTS_A_WORKER: Final = 2
MOST_TRIES: Final = 200
NO_ANSWER: Final = 0
"""What is counted for an answer that broke off or never came."""
RETAKEN: Final = 5
"""How often an answer that must be unchanged is asked for anew, as others write meanwhile."""

type Say = Callable[[str], object]


@dataclass(frozen=True)
class Effort:
    """How long to measure: rounds, and in each so many answers of a row while it has time left."""

    rounds: int = 30
    turns: int = 4
    row_seconds: float = 10
    least_rounds: int = 2
    crowd_seconds: float = 1.5


@dataclass
class Readings:
    """What was read of one row, in seconds."""

    row: Row
    asks: list[tuple[Ask, bytes, Candidate | None]] = field(default_factory=list)
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """By parameter."""
    limit_times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[int] = field(default_factory=Counter)
    """Answers of another status than the row's."""
    body_bytes: int = 0
    per_second: float | None = None
    """Answers a second to `CLIENTS` at once."""
    spent: float = 0
    spent_on_limit: float = 0

    @property
    def all_times(self) -> list[float]:
        return [time for times in self.times.values() for time in times]

    @property
    def timings(self) -> Timings | None:
        return Timings.of(self.all_times) if self.times else None

    @property
    def limit_timings(self) -> Timings | None:
        times = [time for times in self.limit_times.values() for time in times]
        return Timings.of(times) if times else None

    @property
    def slowest(self) -> tuple[str, Timings] | None:
        """The parameter that takes longest, and how long."""
        found = {name: Timings.of(times) for name, times in self.times.items()}
        return max(found.items(), key=lambda one: one[1].p50_ms) if found else None


class Bench:
    """A server and a database, and clients of both."""

    def __init__(self, port: int, connection: psycopg.Connection, clients: list[Client]) -> None:
        self.port = port
        self.connection = connection
        self.clients = clients
        self.workers = len(clients) // CLIENTS_A_WORKER
        self._next_client = cycle(clients)
        self._etags: dict[bytes, bytes] = {}

    def measure(self, rows: Sequence[Row], effort: Effort, say: Say) -> list[Readings]:
        """All rows, interleaved, and then each under a crowd."""
        all_readings = [self._prepared(row, effort, say) for row in rows]
        for number in range(effort.rounds):
            say(f"round {number + 1} of {effort.rounds}")
            for readings in all_readings:
                if readings.spent < effort.row_seconds or number < effort.least_rounds:
                    self._take_turns(readings, number, effort)
        if effort.crowd_seconds:
            for readings in all_readings:
                say(f"{CLIENTS} clients: {readings.row.name}")
                readings.per_second = self._crowd(readings, effort.crowd_seconds)
        return all_readings

    def _prepared(self, row: Row, effort: Effort, say: Say) -> Readings:
        """Warm up: every ask by every worker, and the best of its statements.

        Where that takes longer than a row may, the asks that are left over are not measured.
        """
        say(f"warming up: {row.name}")
        readings = Readings(row)
        taken: dict[str, float] = {}
        started = perf_counter()
        for ask in row.asks:
            request = request_bytes(ask.path, row.headers)
            if taken and perf_counter() - started > effort.row_seconds:
                break
            for client in self.clients[: self.workers]:
                taken[ask.path] = self._answer(readings, client, request) or float("inf")
        readings.statuses.clear()
        asks = [ask for ask in row.asks if ask.path in taken]
        if row.worst is not None:
            asks.sort(key=lambda ask: -taken[ask.path])
            asks = asks[: row.worst]
        for ask in asks:
            if readings.asks and perf_counter() - started > 2 * effort.row_seconds:
                break
            best = limits.best_of(self.connection, ask.limit) if ask.limit else None
            readings.asks.append((ask, request_bytes(ask.path, row.headers), best))
        return readings

    def _take_turns(self, readings: Readings, number: int, effort: Effort) -> None:
        """Some answers, each followed by its limit; fewer where they take all the time there is."""
        started = perf_counter()
        for turn in range(effort.turns):
            place = (number * effort.turns + turn) % len(readings.asks)
            ask, request, limit = readings.asks[place]
            seconds = self._answer(readings, next(self._next_client), request)
            if seconds is not None:
                readings.times[ask.parameter].append(seconds)
            # A limit that is slow itself must not use up the time of what it is a limit of.
            if limit is not None and readings.spent_on_limit < effort.row_seconds / 2:
                taken = limits.run(self.connection, limit)
                readings.limit_times[ask.parameter].append(taken)
                readings.spent_on_limit += taken
            if perf_counter() - started > effort.row_seconds:
                break
        readings.spent += perf_counter() - started

    def _answer(self, readings: Readings, client: Client, request: bytes) -> float | None:
        """How many seconds an answer of the row's status took; any other is only counted."""
        wanted = readings.row.status
        for _ in range(RETAKEN):
            asked = request
            if wanted == HTTPStatus.NOT_MODIFIED and (etag := self._etags.get(request)):
                asked = request[:-2] + b"If-None-Match: " + etag + b"\r\n\r\n"
            try:
                answer = client.ask(asked)
            except (BrokenOff, OSError):
                client.close()
                readings.statuses[NO_ANSWER] += 1
                return None
            if answer.status == wanted:
                readings.body_bytes = answer.size
                return answer.seconds
            if wanted != HTTPStatus.NOT_MODIFIED or answer.status != HTTPStatus.OK:
                readings.statuses[answer.status] += 1
                return None
            self._etags[request] = answer.header("ETag")
        return None  # it was no more the same each time: others write to the database server

    def _crowd(self, readings: Readings, seconds: float) -> float:
        """Answers a second when `CLIENTS` ask one after another, each on its own connection."""
        counts: list[int] = []
        end = perf_counter() + seconds

        def ask_on(first: int) -> None:
            count = asked = 0
            with Client(self.port) as client:
                while perf_counter() < end:
                    _, request, _ = readings.asks[(first + asked) % len(readings.asks)]
                    count += self._answer(readings, client, request) is not None
                    asked += 1
            counts.append(count)

        started = perf_counter()
        crowd = [threading.Thread(target=ask_on, args=[place]) for place in range(CLIENTS)]
        for thread in crowd:
            thread.start()
        for thread in crowd:
            thread.join()
        return sum(counts) / (perf_counter() - started)


@contextmanager
def clients_of_all(port: int, workers: int) -> Iterator[list[Client]]:
    """Connections to every worker of a server, the same number to each, in turn."""
    found: dict[bytes, list[Client]] = defaultdict(list)
    request = request_bytes(EMPTY)
    with ExitStack() as stack:
        for _ in range(MOST_TRIES):
            client = stack.enter_context(Client(port))
            worker = client.ask(request).header(PROCESS_HEADER)
            if len(found[worker]) < CLIENTS_A_WORKER:
                found[worker].append(client)
            else:
                client.close()
            if sum(map(len, found.values())) == workers * CLIENTS_A_WORKER:
                break
        yield [client for same in zip(*found.values(), strict=False) for client in same]


def wait_until_ready(clients: Sequence[Client]) -> bool:
    """Let every worker load its index of deals; whether all have within `READY_SECONDS`."""
    request = request_bytes(READY)
    end = perf_counter() + READY_SECONDS
    for client in clients:
        while client.ask(request).status != HTTPStatus.OK:
            if perf_counter() > end:
                return False
            sleep(READY_EVERY_SECONDS)
    return True


def unit_ms(all_readings: Sequence[Readings]) -> float:
    """The unit u of a run. Raises ValueError if the empty view never answered."""
    for readings in all_readings:
        if readings.row.name == UNIT and readings.timings:
            return readings.timings.p50_ms
    raise ValueError("The empty view did not answer: there is no unit.")
