"""
Deadlines: how long a request may wait for the outside world, whatever the outside world does.

The bounds of a server help only while it answers, and the kernel does not notice that a line is dead while something on
the way still takes bytes. So whoever waits looks at the clock himself: connections to the database do (`core.kit.db`).
"""

import time
from contextvars import ContextVar
from typing import Final

from flask import Flask

REQUEST_S: Final = 5.0
"""A request that waited this long is answered with what is known; opening a connection may take three seconds more."""

_ends_at: ContextVar[float | None] = ContextVar("deadline", default=None)


def register(server: Flask, *, seconds: float = REQUEST_S) -> None:
    """Give every request of an application so many seconds."""

    def begin() -> None:
        _ends_at.set(time.monotonic() + seconds)

    def end(_error: BaseException | None) -> None:
        _ends_at.set(None)

    server.before_request(begin)
    server.teardown_request(end)


def left_s() -> float | None:
    """Return the seconds that are left, at least 0; None where nobody set a deadline."""
    ends_at = _ends_at.get()
    return None if ends_at is None else max(0.0, ends_at - time.monotonic())
