"""
Keep several processes running as one: start them, restart what crashes, stop all of them.

Every child leads a process group of its own, so a Ctrl-C in the terminal reaches the supervisor alone and the children
end in order. Should the supervisor be killed, the kernel tells the children (`follow_parent`).
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType
from typing import Final

from core.kit.log import get_logger

_TICK_S: Final = 0.1
_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 30.0
_SETTLED_S: Final = 60.0
"""A child that lived this long is trusted again: its next crash waits only the first pause."""
_PATIENCE_S: Final = 10.0
_PARENT: Final = "BOSHU_SUPERVISOR"
_PR_SET_PDEATHSIG: Final = 1
_STOPS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Program:
    """
    What to run.

    `is_once`: it ends by itself when its work is done; only a crash starts it again. `wait_s`: seconds by which it
    leaves the machine to the others at the start.
    """

    name: str
    command: tuple[str, ...]
    is_once: bool = False
    wait_s: float = 0.0


@dataclass(slots=True)
class _Child:
    """One program as it runs."""

    program: Program
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    pause_s: float = _FIRST_PAUSE_S
    due_at: float = 0.0

    def start(self, environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            self.program.command, env={**environment, _PARENT: str(os.getpid())}, stdin=subprocess.DEVNULL, process_group=0
        )
        self.started_at = time.monotonic()

    def watch(self, environment: Mapping[str, str]) -> None:
        """Start what is due; note what ended, and when to start it again."""
        if self.process is None:
            if time.monotonic() >= self.due_at:
                self.start(environment)
        elif (code := self.process.poll()) is not None:
            self._sweep()
            self.process = None
            self._plan(code)

    def _plan(self, code: int) -> None:
        if self.program.is_once and code == 0:
            self.due_at = float("inf")
            return
        if time.monotonic() - self.started_at > _SETTLED_S:
            self.pause_s = _FIRST_PAUSE_S
        _log.error("A process ended; it is started again.", name=self.program.name, code=code, pause_s=self.pause_s)
        self.due_at = time.monotonic() + self.pause_s
        self.pause_s = min(self.pause_s * 2, _LONGEST_PAUSE_S)

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def is_gone(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def end(self) -> None:
        """Kill what is left of the child and of what it started."""
        if self.process is not None:
            self._sweep()
            self.process.wait()

    def _sweep(self) -> None:
        assert self.process is not None  # only a started child is swept
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def supervise(
    programs: Sequence[Program], environment: Mapping[str, str], *, at_each_tick: Callable[[], None] = lambda: None
) -> None:
    """
    Run programs until SIGINT, SIGTERM or SIGHUP; then stop them, the last first, and return when none is left.

    A second signal does not wait for them to finish. `at_each_tick` is called ten times a second.
    """
    children = [_Child(program, due_at=time.monotonic() + program.wait_s) for program in programs]
    with _stop_signals() as stopping:
        try:
            while not stopping.wait(_TICK_S):
                for child in children:
                    child.watch(environment)
                at_each_tick()
        finally:
            stopping.clear()
            _stop(children[::-1], hurry=stopping)


def follow_parent() -> None:
    """End this process when the supervisor that started it is gone, even by kill -9. Called first in a child; Linux only."""
    parent = os.environ.get(_PARENT)
    if parent is None or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):  # it went before we asked
        sys.exit(1)


def _stop(children: Sequence[_Child], *, hurry: threading.Event) -> None:
    until = time.monotonic() + _PATIENCE_S
    for child in children:
        child.ask_to_stop()
    while time.monotonic() < until and not all(child.is_gone() for child in children):
        if hurry.wait(_TICK_S):
            break
    for child in children:
        child.end()


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """Set an event when the user or the system wants us to stop."""
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    before = {number: signal.signal(number, stop) for number in _STOPS}
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
