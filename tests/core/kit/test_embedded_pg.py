"""The embedded database is shared, survives kill -9 and ends with its last user."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from core.kit.db import Database
from core.kit.embedded_pg import EmbeddedPg
from core.kit.ids import uuid7

SMALL = {"shared_buffers": "'16MB'"}
USER = """
import sys
import time
from pathlib import Path
from core.kit.embedded_pg import EmbeddedPg
server = EmbeddedPg(Path(sys.argv[1]))
server.start()
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(run_folder: Path) -> Iterator[Path]:
    folder = run_folder / f"pg-{uuid7().hex}"
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedPg]:
    server = EmbeddedPg(folder, SMALL)
    server.start()
    yield server
    server.stop()


def is_alive(pid: int) -> bool:
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def another_user(folder: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen([sys.executable, "-c", USER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


class TestStart:
    def test_gives_three_roles_with_passwords_of_their_own(self, server: EmbeddedPg) -> None:
        urls = server.urls()

        for url, role in ((urls.admin, "boshu_admin"), (urls.owner, "boshu_owner"), (urls.app, "boshu_app")):
            with psycopg.connect(url) as connection:
                assert connection.execute("select current_user, current_setting('fsync')").fetchone() == (role, "on")

    def test_lets_nobody_in_without_password(self, server: EmbeddedPg) -> None:
        port = (server.folder / "port").read_text()

        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"postgresql://boshu_admin@127.0.0.1:{port}/boshu", passfile="/dev/null")
        assert (server.folder.stat().st_mode & 0o777, (server.folder / "passwords.json").stat().st_mode & 0o777) == (0o700, 0o600)

    def test_joins_the_server_that_runs(self, server: EmbeddedPg, folder: Path) -> None:
        second = EmbeddedPg(folder, SMALL)

        assert second.start() == server.urls()
        assert not second.stop()
        assert is_alive(server.pid())


class TestStop:
    def test_by_the_last_user_ends_the_server_and_keeps_the_data(self, folder: Path) -> None:
        server = EmbeddedPg(folder, SMALL)
        url, pid = server.start().owner, server.pid()
        with psycopg.connect(url) as connection:
            connection.execute("create table kept (id int)")

        assert server.stop()
        assert not is_alive(pid)

        again = EmbeddedPg(folder, SMALL)
        assert again.start().owner == url  # the same port and password
        with psycopg.connect(url) as connection:
            connection.execute("select id from kept")
        again.stop()

    def test_waits_for_a_user_that_still_works_but_not_for_a_killed_one(self, server: EmbeddedPg, folder: Path) -> None:
        pid, other = server.pid(), another_user(folder)

        assert not server.stop()
        assert is_alive(pid)

        other.kill()
        other.wait()
        server.start()
        assert server.stop()
        assert not is_alive(pid)
        server.start()


class TestRevive:
    def test_after_kill_9_serves_what_was_committed_on_the_same_url(self, server: EmbeddedPg) -> None:
        database = Database(server.urls().owner)
        with database.transaction() as tx:
            tx.run("create table fact (id int)")
        for round_ in range(3):
            with database.transaction() as tx:
                tx.run("insert into fact (id) values (%(id)s)", id=round_)

            os.kill(server.pid(), signal.SIGKILL)

            while not server.revive():
                time.sleep(0.01)
            assert not server.revive()
            with database.transaction() as tx:  # the pool hands out no connection of the server that was killed
                assert tx.value("select count(*) from fact") == round_ + 1
        database.close()
