"""One of several processes runs the jobs, each slot once; when it dies another one does within seconds (O-09)."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.kit.db import Database

ROOT = Path(__file__).resolve().parents[3]
MOVES_S = 5
"""Within so many seconds leadership has moved."""


def until(is_so: Callable[[], object], *, within_s: float) -> float:
    """Wait until something is so; return the seconds it took."""
    began = time.monotonic()
    while not is_so():
        took = time.monotonic() - began
        assert took < within_s, f"not so within {within_s} s"
        time.sleep(0.05)
    return time.monotonic() - began


class Crew:
    """Processes that would all run the jobs."""

    def __init__(self, url: str, file: Path) -> None:
        self._command = [sys.executable, "-m", "tests.ingest.schedule.ticking", url, str(file)]
        self._file = file
        self.processes: dict[int, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start one more."""
        process = subprocess.Popen(self._command, cwd=ROOT, stderr=subprocess.DEVNULL)
        self.processes[process.pid] = process

    def ticks(self) -> list[int]:
        """Return who ticked, tick by tick."""
        return [int(line) for line in self._file.read_text().splitlines()] if self._file.exists() else []

    def kill(self, pid: int, number: signal.Signals = signal.SIGKILL) -> int:
        """End one; return its exit code."""
        process = self.processes.pop(pid)
        process.send_signal(number)
        return process.wait(timeout=20)

    def stop(self) -> None:
        """End all, the one that leads last."""
        for pid in sorted(self.processes, key=lambda pid: pid == self.ticks()[-1]):
            self.kill(pid, signal.SIGTERM)


@pytest.fixture
def crew(own_database: Database, tmp_path: Path) -> Iterator[Crew]:
    """Return three processes at work."""
    crew = Crew(own_database.url, tmp_path / "ticks")
    for _ in range(3):
        crew.start()
    until(lambda: len(crew.ticks()) >= 3, within_s=30)
    yield crew
    for pid in list(crew.processes):
        crew.kill(pid)


def runs(database: Database) -> dict[str, int]:
    """Count the slots by how they ended."""
    with database.transaction() as tx:
        return {row["state"]: row["n"] for row in tx.rows("select state, count(*) as n from job_run group by state")}


class TestServe:
    def test_lets_one_process_run_each_slot_once(self, crew: Crew, own_database: Database) -> None:
        until(lambda: len(crew.ticks()) >= 6, within_s=15)
        crew.stop()

        assert len(set(crew.ticks())) == 1
        assert runs(own_database) == {"done": len(crew.ticks())}

    def test_moves_on_when_the_leader_is_killed(self, crew: Crew, own_database: Database) -> None:
        leader = crew.ticks()[0]
        crew.kill(leader)

        took_s = until(lambda: set(crew.ticks()) - {leader}, within_s=MOVES_S)

        until(lambda: len(crew.ticks()) >= 8, within_s=15)
        crew.stop()
        ended = runs(own_database)
        assert took_s <= MOVES_S
        assert len(set(crew.ticks())) == 2
        assert sum(ended.values()) - ended.get("running", 0) <= len(crew.ticks()) <= sum(ended.values())

    def test_moves_on_when_the_session_of_the_leader_breaks(self, crew: Crew, own_database: Database) -> None:
        before = len(crew.ticks())
        with own_database.transaction() as tx:
            ended = tx.value(
                "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted "
                "and database = (select oid from pg_database where datname = current_database()) limit 1"
            )
            assert ended

        until(lambda: len(crew.ticks()) >= before + 4, within_s=15)
        crew.stop()
        assert runs(own_database) == {"done": len(crew.ticks())}

    def test_ends_when_it_is_told_to(self, crew: Crew) -> None:
        assert [crew.kill(pid, signal.SIGTERM) for pid in list(crew.processes)] == [0, 0, 0]
