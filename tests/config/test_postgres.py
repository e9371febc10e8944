"""The embedded server: one at a time, never in anyone's way, and back after any crash."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from config.lib import postgres
from config.lib.database_url import database_settings
from config.lib.postgres import SOCKET_PATH_BYTES, Cluster, PostgresError

START = """
import sys
from pathlib import Path
from config.lib.postgres import Cluster
cluster = Cluster.at(Path(sys.argv[1]))
cluster.start()
print(cluster.pid())
"""


@pytest.fixture
def ledger(cluster: Cluster) -> Iterator[Cluster]:
    """A cluster with a table `entry` that holds one committed row."""
    cluster.start()
    with psycopg.connect(cluster.conninfo()) as session:
        session.execute("CREATE TABLE entry (word text)")
        session.execute("INSERT INTO entry VALUES ('committed')")
    yield cluster


def words(cluster: Cluster) -> list[str]:
    """What the ledger holds."""
    with psycopg.connect(cluster.conninfo()) as session:
        return [word for (word,) in session.execute("SELECT word FROM entry").fetchall()]


def kill(cluster: Cluster) -> int:
    """End the server as a power cut would; its process id."""
    pid = cluster.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    return pid


def is_at_work(pid: int) -> bool:
    """Whether a process lives; one that only waits to be collected does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_many_processes_start_one_server(cluster: Cluster) -> None:
    """All get the same one, whoever comes first."""
    command = [sys.executable, "-c", START, str(cluster.folder)]
    starters = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    answers = {starter.communicate(timeout=120)[0].strip() for starter in starters}
    assert answers == {str(cluster.pid())}


def test_a_server_that_runs_is_left_alone(ledger: Cluster) -> None:
    """A second start changes nothing."""
    before = ledger.pid()
    ledger.start()
    assert ledger.pid() == before


def test_it_listens_on_its_socket_alone_and_writes_safely(ledger: Cluster) -> None:
    """No port is opened, and no setting trades safety for speed."""
    with psycopg.connect(ledger.conninfo()) as session:
        names = ["listen_addresses", "fsync", "full_page_writes", "synchronous_commit"]
        found = {name: session.execute(f"SHOW {name}").fetchone() for name in names}
    assert found == {
        "listen_addresses": ("",),
        "fsync": ("on",),
        "full_page_writes": ("on",),
        "synchronous_commit": ("on",),
    }


def test_only_its_owner_can_reach_it(ledger: Cluster) -> None:
    """Anyone who reaches the socket is trusted, so nobody else reaches it."""
    for folder in (ledger.folder, ledger.data, ledger.socket_folder):
        assert folder.stat().st_mode & 0o077 == 0, folder


def test_stop_ends_it_and_keeps_the_data(ledger: Cluster) -> None:
    """Stopping says whether there was something to stop."""
    assert ledger.stop() is True
    assert ledger.pid() is None
    assert ledger.stop() is False
    ledger.start()
    assert words(ledger) == ["committed"]


def test_stop_without_a_cluster_is_nothing(cluster: Cluster) -> None:
    """Nothing was created, so nothing runs."""
    assert cluster.stop() is False


def test_kill_9_loses_no_commit_and_keeps_no_half(ledger: Cluster) -> None:
    """A killed server comes back with all that was committed, and nothing that was not."""
    session = psycopg.connect(ledger.conninfo())
    session.execute("INSERT INTO entry VALUES ('second')")
    session.commit()
    session.execute("INSERT INTO entry VALUES ('never committed')")
    pid = kill(ledger)
    ledger.start()
    session.close()
    assert ledger.pid() != pid
    assert words(ledger) == ["committed", "second"]


def test_a_busy_backend_does_not_hinder_recovery(ledger: Cluster) -> None:
    """One that computes does not notice that its server is gone, and holds the shared memory."""
    session = psycopg.connect(ledger.conninfo(), autocommit=True)
    session.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 1000000000000)")
    backend = session.info.backend_pid
    kill(ledger)
    ledger.start()
    session.close()
    assert words(ledger) == ["committed"]
    assert not is_at_work(backend)


def test_a_claim_by_someone_elses_process_is_void(ledger: Cluster) -> None:
    """After a restart of the machine the id in `postmaster.pid` may be anybody's."""
    claim = (ledger.data / "postmaster.pid").read_text()
    ledger.stop()
    (ledger.data / "postmaster.pid").write_text(claim.replace(claim.split()[0], str(os.getpid())))
    assert ledger.pid() is None
    ledger.start()
    assert words(ledger) == ["committed"]


def test_a_claim_by_a_zombie_is_void(ledger: Cluster) -> None:
    """A process that died but was never collected still answers to signals."""
    claim = (ledger.data / "postmaster.pid").read_text()
    ledger.stop()
    zombie = subprocess.Popen(["true"])
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    (ledger.data / "postmaster.pid").write_text(claim.replace(claim.split()[0], str(zombie.pid)))
    ledger.start()
    assert words(ledger) == ["committed"]
    zombie.wait()


def test_half_a_creation_is_begun_anew(cluster: Cluster) -> None:
    """`kill -9` during the very first start leaves nothing that hinders the next."""
    (cluster.folder / "data.unfinished" / "base").mkdir(parents=True)
    cluster.start()
    assert cluster.pid() is not None
    assert not (cluster.folder / "data.unfinished").exists()


def test_data_of_another_major_version_stops_with_a_sentence(ledger: Cluster) -> None:
    """PostgreSQL 12's files are named, and not touched."""
    ledger.stop()
    (ledger.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(PostgresError, match=r"written by PostgreSQL 12.*cannot read it"):
        ledger.start()


def test_a_server_that_will_not_start_says_why(ledger: Cluster) -> None:
    """The log's last lines are in the message."""
    ledger.stop()
    (ledger.data / "global" / "pg_control").unlink()
    with pytest.raises(PostgresError, match="pg_control"):
        ledger.start()


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """A file stands in the way."""
    (tmp_path / "file").touch()
    with pytest.raises(PostgresError, match=r"file/database cannot be used.*DATABASE_URL"):
        Cluster.at(tmp_path / "file" / "database").start()


def test_a_folder_behind_a_link_is_refused(tmp_path: Path) -> None:
    """In a folder that all may write to, someone could have laid a link beforehand."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PostgresError, match="belongs to someone else"):
        Cluster.at(tmp_path / "link").start()


def test_each_checkout_has_a_cluster_of_its_own(tmp_path: Path) -> None:
    """Two checkouts share neither data nor socket."""
    one, other = Cluster.of_checkout(tmp_path / "a"), Cluster.of_checkout(tmp_path / "b")
    assert one.folder != other.folder
    assert one.socket_folder != other.socket_folder


def test_a_long_path_still_gets_a_socket(tmp_path: Path) -> None:
    """The system allows about a hundred bytes for a socket's path."""
    cluster = Cluster.at(tmp_path / ("long" * 30))
    assert len(os.fsencode(cluster.socket_folder / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_BYTES
    other = Cluster.at(tmp_path / ("longer" * 30))
    assert other.socket_folder != cluster.socket_folder


def test_django_starts_it_and_finds_it_again(
    cluster: Cluster, django_db_blocker: DjangoDbBlocker
) -> None:
    """The first query starts the server; so does the first one after it was killed."""
    configured = database_settings("", checkout=Path("/nowhere")) | {
        "HOST": str(cluster.socket_folder),
        "CLUSTER": cluster,
    }
    database = ConnectionHandler({"default": configured})["default"]
    with django_db_blocker.unblock():
        with database.cursor() as cursor:
            cursor.execute("SELECT 1")
        kill(cluster)
        database.close()
        with database.cursor() as cursor:
            cursor.execute("SELECT 2")
            assert cursor.fetchone() == (2,)
        database.close()


@pytest.mark.sql
@pytest.mark.django_db
@pytest.mark.parametrize("extension", ["pg_trgm", "unaccent", "btree_gin", "btree_gist"])
def test_extensions_can_be_created(extension: str) -> None:
    """On the embedded server and on a system's, by the database's owner."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")


@pytest.mark.sql
@pytest.mark.django_db
def test_letters_of_every_script_have_case() -> None:
    """Search folds case with the database's own rules, which must know more than ASCII."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower('ÅÖŽКӨ'), to_tsvector('simple', 'ÅÖŽ КӨ')::text")
        assert cursor.fetchone() == ("åöžкө", "'åöž':1 'кө':2")


def test_programs_that_the_server_cannot_reach_are_copied(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root's checkout may lie in a folder that `nobody` cannot enter."""
    reachable = postgres.find_package()
    with tempfile.TemporaryDirectory() as closed:  # mode 0700
        package = Path(closed) / reachable.name
        shutil.copytree(reachable, package)
        shutil.copytree(f"{reachable}.libs", f"{package}.libs")
        # An ordinary user could still enter it: take the right to run them as well.
        for program in (package / "pginstall" / "bin").iterdir():
            program.chmod(0o600)
        monkeypatch.setattr(postgres, "find_package", lambda: package)
        with pytest.raises(PostgresError, match="do not run here"):
            cluster.start()
        for program in (package / "pginstall" / "bin").iterdir():
            program.chmod(0o700)
        shutil.rmtree(next(cluster.folder.glob("programs-*")))
        cluster.start()
    assert cluster.pid() is not None
