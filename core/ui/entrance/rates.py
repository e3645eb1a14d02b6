"""
Rates: how often somebody may ask in a second.

The count is kept by each process: one more write to the database for every click would cost more than what it saves, and a
user who is spread over a few workers is let through a few times as much at most. Where a request comes from somebody who is
not known, the count of tries to sign in holds instead (`core.access.attempts`), which is kept in the database.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final
from uuid import UUID

A_SECOND: Final = 20.0
AT_ONCE: Final = 40.0
"""What a page asks for when it opens, twice."""
_REMEMBERED: Final = 10_000


class Rates:
    """A bucket for everybody: it fills by so many a second, each request takes one out."""

    def __init__(
        self, *, a_second: float = A_SECOND, at_once: float = AT_ONCE, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`clock` returns seconds."""
        self._a_second, self._at_once, self._clock = a_second, at_once, clock
        self._left: OrderedDict[UUID, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def wait_s(self, who: UUID) -> float:
        """Count a request; return 0 where it may pass, else the seconds after which one may."""
        with self._lock:
            now = self._clock()
            left, at = self._left.pop(who, (self._at_once, now))
            left = min(self._at_once, left + (now - at) * self._a_second)
            is_let_in = left >= 1
            self._left[who] = (left - 1 if is_let_in else left, now)
            if len(self._left) > _REMEMBERED:
                self._left.popitem(last=False)
        return 0.0 if is_let_in else (1 - left) / self._a_second
