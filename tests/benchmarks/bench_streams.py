"""
P3: what screens cost the web process: CPU of it with 400 wall streams and 40 map streams, and queries whatever their number.

The demo city stands still but for the sensors of one street, so that numbers change every second and berths all the time.
CPU is the process's own (user and system); what the streams add is told apart from what the process needs without them.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
from psycopg import sql

from core.kit import roles
from core.kit.clock import utc_now
from core.kit.db import Database
from core.kit.embedded import LOOPBACK
from core.kit.embedded_pg import ADMIN, EmbeddedPg
from core.kit.migrations import migrate
from core.stays import news
from ingest.simulator import city
from tests.browser.conftest import ROOT, free_port
from tests.fixtures.visitors import Visitor, sign_in

WALLS, MAPS, MEASURED_S = 400, 40, 20.0
REACH_SHARE = 0.10
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@contextmanager
def web(database_url: str, port: int) -> Iterator[int]:
    """Run the web process with a thread for each stream; return its worker's id."""
    given = {"DATABASE_URL": database_url, "BOSHU_OWNER_URL": database_url, "MQTT_URL": "mqtt://nobody:asks@127.0.0.1:1",
             "BOSHU_WEB_PORT": str(port), "BOSHU_WEB_THREADS": "600", "BOSHU_LOG_LEVEL": "ERROR"}  # fmt: skip
    command = [sys.executable, "-m", "core.kit.cli", "web"]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **given}, start_new_session=True)
    try:
        ends_at = time.monotonic() + 60
        while not _is_ready(port):
            assert time.monotonic() < ends_at, "the web process does not answer"
            time.sleep(0.2)
        yield int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0])
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/healthz", timeout=2):
            return True
    except OSError:
        return False


class Screens:
    """Open streams that are read by one thread, so that reading costs little."""

    def __init__(self, port: int, topics: str, count: int, who: Visitor) -> None:
        """Open so many streams of some topics."""
        self.sockets = [self._opened(port, topics, who.headers["Cookie"]) for _ in range(count)]
        self.told_n = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop reading and close them."""
        self._stopped.set()
        self._thread.join()
        for one in self.sockets:
            one.close()

    def _opened(self, port: int, topics: str, cookie: str) -> socket.socket:
        one = socket.create_connection((LOOPBACK, port), timeout=30)
        one.sendall(f"GET /live/stream?topics={topics} HTTP/1.1\r\nHost: {LOOPBACK}\r\nCookie: {cookie}\r\n\r\n".encode())
        assert b"200 OK" in one.recv(4_096)
        one.setblocking(False)
        return one

    def _read(self) -> None:
        while not self._stopped.wait(0.2):
            for one in self.sockets:
                try:
                    self.told_n += one.recv(1 << 20).count(b"\nid: ")
                except BlockingIOError:
                    continue


def cpu_s(pid: int) -> float:
    """Return the seconds of CPU a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND


def statements(admin: "psycopg.Connection[tuple[object, ...]]", name: str) -> int:
    """Return how many transactions the database has seen."""
    row = admin.execute("select xact_commit + xact_rollback from pg_stat_database where datname = %s", (name,)).fetchone()
    assert row is not None
    return int(str(row[0]))


class BenchStreams:
    def bench_p3(self, run_folder: Path) -> None:
        server = EmbeddedPg(run_folder / "streams-pg")
        server.start()
        with psycopg.connect(server.url(ADMIN, "postgres"), autocommit=True) as admin:
            admin.execute(sql.SQL("create database streams owner {}").format(sql.Identifier(roles.OWNER)))
            urls = server.urls_of("streams")
            migrate(urls.owner)
            database = Database(urls.app)
            city.build(database, seed=7, berths=2_400, at=utc_now() - timedelta(minutes=1))
            stopped = threading.Event()
            telling = threading.Thread(target=_tell, args=(database, stopped), daemon=True)
            telling.start()
            port = free_port()
            with web(urls.app, port) as pid:
                alone = self._share(admin, pid)
                who = sign_in(database)
                walls = Screens(port, "wall", WALLS, who)
                with_walls = self._share(admin, pid)
                maps = Screens(port, "wall,berths,events", MAPS, who)
                with_maps = self._share(admin, pid)
                walls.close()
                maps.close()
            stopped.set()
            telling.join()
            database.close()
        server.stop()
        added = with_walls[0] - alone[0]
        print(f"P3  {WALLS} wall streams: +{added:.1%} of a core (reach {REACH_SHARE:.0%}, ratio {added / REACH_SHARE:.2f}); "
              f"{MAPS} map streams at full pace: +{with_maps[0] - with_walls[0]:.1%}; the process alone {alone[0]:.1%}; "
              f"transactions a second {alone[1]:.1f}, {with_walls[1]:.1f}, {with_maps[1]:.1f}")  # fmt: skip

    def _share(self, admin: "psycopg.Connection[tuple[object, ...]]", pid: int) -> tuple[float, float]:
        """Return the share of a core the process takes, and transactions a second, over a while."""
        time.sleep(3)
        cpu, asked, began = cpu_s(pid), statements(admin, "streams"), time.monotonic()
        time.sleep(MEASURED_S)
        took_s = time.monotonic() - began
        return (cpu_s(pid) - cpu) / took_s, (statements(admin, "streams") - asked) / took_s


def _tell(database: Database, stopped: threading.Event) -> None:
    """Let a berth change twenty times a second."""
    with database.transaction() as tx:
        space_ids = [row[0] for row in tx.tuples("select space_id from space limit 60")]
    number = 0
    while not stopped.wait(0.05):
        number += 1
        state = "free" if number // len(space_ids) % 2 else "occupied"
        with database.transaction() as tx:
            news.tell_states(tx, [(space_ids[number % len(space_ids)], state)])
