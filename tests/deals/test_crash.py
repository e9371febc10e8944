"""`kill -9` on the database under a running import: all or nothing of it, and all that was before.

A cluster of its own, filled with real deals, and the real command in a process of its own. A lock
stops the import at a place of our choosing, so that nothing here depends on how fast it is.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from config.lib.postgres import Cluster
from tests.environment import without_settings

TABLES = (
    *("deals_deal", "deals_party", "deals_source", "deals_citation", "deals_dealaudit"),
    *("deals_edition", "deals_editiondocument", "deals_editionline", "deals_editionstate"),
)


class Lodebook:
    """`manage.py` on a cluster that the test may kill."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=without_settings()
            | {
                "DEBUG": "1",
                "DATABASE_URL": self.cluster.conninfo(),
                "DJANGO_SUPERUSER_PASSWORD": "x",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def manage(self, *arguments: str) -> str:
        process = self.begin(*arguments)
        said = process.communicate(timeout=300)[0]
        assert process.returncode == 0, said
        return said

    def counts(self) -> dict[str, int]:
        with psycopg.connect(self.cluster.conninfo()) as session:
            found = {}
            for table in TABLES:
                row = session.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
                assert row is not None
                found[table] = row[0]
        return found

    def digest(self) -> object:
        """Every document that readers could see."""
        with psycopg.connect(self.cluster.conninfo()) as session:
            return session.execute(
                "SELECT md5(string_agg(detail_text, '' ORDER BY edition_id))"
                " FROM deals_editiondocument"
            ).fetchone()

    def kill(self) -> None:
        """End the server as a power cut would."""
        pid = self.cluster.pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)


@pytest.fixture
def lodebook(cluster: Cluster, tmp_path: Path) -> Lodebook:
    """Reference data and some deals, committed; more deals wait in the folder ``import``."""
    fixtures = settings.BASE_DIR / "fixtures"
    # Deals that link to no other can be loaded in any choice.
    deals = [
        file
        for file in sorted((fixtures / "deals").glob("*.yaml"))
        if "\nlinks:" not in file.read_text(encoding="utf-8")
    ]
    for folder, files in (("fixtures/deals", deals[:20]), ("import", deals[20:80])):
        (tmp_path / folder).mkdir(parents=True)
        for file in files:
            shutil.copy(file, tmp_path / folder)
    shutil.copytree(fixtures / "reference", tmp_path / "fixtures" / "reference")
    shutil.copy(fixtures / "manifest.yaml", tmp_path / "fixtures")
    cluster.start()
    lodebook = Lodebook(cluster)
    lodebook.manage("migrate", "--verbosity=0")
    lodebook.manage("load_fixtures", f"--folder={tmp_path / 'fixtures'}", "--verbosity=0")
    lodebook.manage("createsuperuser", "--no-input", "--username=rosa", "--email=rosa@example.org")
    return lodebook


def test_a_killed_server_keeps_all_or_nothing_of_an_import_and_all_before_it(
    lodebook: Lodebook, tmp_path: Path
) -> None:
    before, documents = lodebook.counts(), lodebook.digest()
    assert before["deals_edition"] == before["deals_editiondocument"] == 20
    importing = ("import_deals", str(tmp_path / "import"), "--publish", "--by=rosa")

    # While the working tables are written, and while the editions are.
    for table in ("deals_citation", "deals_editionstate"):
        hold = psycopg.connect(lodebook.cluster.conninfo())
        hold.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE".encode())
        process = lodebook.begin(*importing)
        wait_until_stopped_at(table, process, lodebook.cluster)

        lodebook.kill()
        said = process.communicate(timeout=120)[0]
        hold.close()
        lodebook.cluster.start()

        assert process.returncode != 0, said
        assert lodebook.counts() == before
        assert lodebook.digest() == documents

    # The same import then goes through, and a crash right afterwards takes none of it away.
    assert "60 new, 0 changed, 0 unchanged; published: 60" in lodebook.manage(*importing)
    after, documents = lodebook.counts(), lodebook.digest()
    lodebook.kill()
    lodebook.cluster.start()
    assert lodebook.counts() == after
    assert lodebook.digest() == documents
    assert after["deals_edition"] == after["deals_editiondocument"] == 80


def wait_until_stopped_at(table: str, process: subprocess.Popen[str], cluster: Cluster) -> None:
    """Asks until the import, in the middle of its transaction, waits for our lock."""
    with psycopg.connect(cluster.conninfo(), autocommit=True) as session:
        while not session.execute(
            "SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE NOT granted AND relation = %s::regclass AND backend_xid IS NOT NULL",
            [table],
        ).fetchone():
            assert process.poll() is None, process.communicate()[0]
