"""The supervisor starts, restarts and stops what it was given, and nothing else."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

STEADY = "import time; time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + STEADY
FRUITFUL = f"import subprocess, sys; note(subprocess.Popen([sys.executable, '-c', {STEADY!r}]).pid)\n" + STEADY
FOLLOWING = "from core.kit.processes import follow_parent; follow_parent()\n" + STEADY
CRASHING = "import sys; sys.exit(3)"
DONE = "pass"
NOTE = """
import os

def note(pid):
    with open({file!r}, "a") as out:
        print(pid, file=out)

note(os.getpid())
"""
SUPERVISOR = """
import os, sys
from core.kit import log, processes

log.configure("INFO", process="run")
programs = [
    processes.Program(name, (sys.executable, "-c", code), is_once=name == "once", wait_s=1.5 * (name == "late"))
    for name, code in {codes!r}.items()
]
processes.supervise(programs, os.environ)
"""


class Supervisor:
    """A supervisor in a process of its own; its children note their process ids."""

    def __init__(self, folder: Path, **codes: str) -> None:
        self.folder = folder
        noting = {name: NOTE.format(file=str(folder / name)) + code for name, code in codes.items()}
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR.format(codes=noting)],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    def pids(self, name: str, count: int = 1) -> list[int]:
        """Return the processes a program was, once there are as many as asked for."""
        until = time.monotonic() + 15
        while time.monotonic() < until:
            file = self.folder / name
            found = [int(pid) for pid in file.read_text().split()] if file.exists() else []
            if len(found) >= count:
                return found
            time.sleep(0.02)
        raise TimeoutError(f"{name} did not run {count} times")

    def end(self, number: signal.Signals = signal.SIGTERM) -> str:
        """Stop the supervisor; return its log."""
        self.process.send_signal(number)
        return self.process.communicate(timeout=20)[1]


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Callable[..., Supervisor]]:
    """Return a function that starts a supervisor; what it leaves is ended after the test."""
    started: list[Supervisor] = []

    def start(**codes: str) -> Supervisor:
        started.append(Supervisor(tmp_path, **codes))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.end(signal.SIGTERM)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def wait_until_gone(pids: list[int], seconds: float = 5) -> list[int]:
    """Return those that still live after a while."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and any(is_alive(pid) for pid in pids):
        time.sleep(0.02)
    return [pid for pid in pids if is_alive(pid)]


class TestSupervise:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_leaves_no_process_behind(self, supervisor: Callable[..., Supervisor], number: signal.Signals) -> None:
        run = supervisor(web=STEADY, ingest=FRUITFUL)
        pids = [*run.pids("web"), *run.pids("ingest", 2)]
        stranger = subprocess.Popen([sys.executable, "-c", STEADY])

        run.end(number)

        assert run.process.returncode == 0
        assert wait_until_gone(pids) == []
        assert stranger.poll() is None
        stranger.kill()
        stranger.wait()

    def test_does_not_wait_for_ever_for_one_that_will_not_end(self, supervisor: Callable[..., Supervisor]) -> None:
        run = supervisor(web=STUBBORN)
        pids = run.pids("web")
        run.process.send_signal(signal.SIGINT)
        time.sleep(0.5)  # the second Ctrl-C must be a second one

        run.end(signal.SIGINT)

        assert wait_until_gone(pids) == []

    def test_starts_again_what_crashes_after_ever_longer_pauses(self, supervisor: Callable[..., Supervisor]) -> None:
        run = supervisor(jobs=CRASHING, web=STEADY)

        run.pids("jobs", 3)

        said = [json.loads(line) for line in run.end().splitlines()]
        assert [line["pause_s"] for line in said[:2]] == [0.5, 1.0]
        assert {(line["name"], line["code"]) for line in said} == {("jobs", 3)}

    def test_starts_again_what_was_killed(self, supervisor: Callable[..., Supervisor]) -> None:
        run = supervisor(ingest=STEADY)
        (first,) = run.pids("ingest")

        os.kill(first, signal.SIGKILL)

        assert is_alive(run.pids("ingest", 2)[1])
        run.end()

    def test_lets_rest_what_has_done_its_work(self, supervisor: Callable[..., Supervisor]) -> None:
        run = supervisor(once=DONE, web=STEADY)
        run.pids("once")
        time.sleep(1.2)  # longer than the first pause

        assert len(run.pids("once")) == 1
        assert run.end() == ""

    def test_lets_one_wait_for_the_others(self, supervisor: Callable[..., Supervisor]) -> None:
        began = time.monotonic()
        run = supervisor(late=STEADY, web=STEADY)

        run.pids("web")
        assert not (run.folder / "late").exists()
        run.pids("late")

        assert time.monotonic() - began > 1.5
        run.end()


class TestFollowParent:
    def test_ends_a_child_whose_supervisor_was_killed(self, supervisor: Callable[..., Supervisor]) -> None:
        run = supervisor(web=FOLLOWING)
        pids = run.pids("web")
        time.sleep(0.3)  # the child imports before it follows

        run.end(signal.SIGKILL)

        assert wait_until_gone(pids) == []
