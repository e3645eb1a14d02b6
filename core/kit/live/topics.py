"""
Topics: numbered news of one kind, told to every stream that asked for them.

A topic keeps its newest news in a ring of frames. What a stream has not taken when the ring has gone round is lost to it,
and it gets everything at once instead, as it did when it began. No queue can grow.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Protocol, runtime_checkable

from core.kit.live import frames

KEPT: Final = 16
"""Frames a slow stream may be behind before it gets the whole again."""
BEAT_S: Final = 10.0
"""Longest silence of a stream, seconds."""

Write = Callable[[Any, int], bytes]  # what is known now and its number: JSON of the whole


class Topic:
    """News of one kind; written by one thread, read by many."""

    def __init__(self, *, whole: str, news: str, write: Write, kept: int = KEPT) -> None:
        """`whole` and `news` name the events of the stream, `write` makes JSON of the whole when somebody needs it."""
        self._events = (whole, news)
        self._write = write
        self._changed = threading.Condition()
        self._ring: deque[tuple[int, bytes]] = deque(maxlen=kept)
        self._wakes: set[threading.Event] = set()
        self._now: Any = None
        self._written: tuple[int, bytes] = (0, b"")
        self.seq = 0

    def publish(self, now: Any, news: Callable[[int], bytes] | None) -> None:
        """Give what is known now the next number; `news` writes as JSON what is new in it, None where all is."""
        with self._changed:
            self.seq += 1
            self._now = now
            if news is not None:
                self._ring.append((self.seq, frames.frame(self._events[1], self.seq, news(self.seq))))
            else:
                self._ring.clear()
            self._changed.notify_all()
            self._wake()

    def whole(self, *, wait_s: float = 0) -> bytes | None:
        """Return everything as JSON; None when there is nothing after waiting."""
        with self._changed:
            self._changed.wait_for(lambda: self.seq > 0, timeout=wait_s)
            return self._whole_now() if self.seq else None

    def after(self, seen: int) -> tuple[bytes, int]:
        """Return the frames a stream lacks that has seen so many, and the number it has seen then."""
        with self._changed:
            if seen == self.seq:
                return b"", seen
            if seen == 0 or not self._ring or self._ring[0][0] > seen + 1:
                return frames.frame(self._events[0], self.seq, self._whole_now()), self.seq
            return b"".join(body for seq, body in self._ring if seq > seen), self.seq

    def join(self, wake: threading.Event) -> None:
        """Set an event whenever there is news."""
        with self._changed:
            self._wakes.add(wake)

    def leave(self, wake: threading.Event) -> None:
        """Set it no more."""
        with self._changed:
            self._wakes.discard(wake)

    @property
    def is_heard(self) -> bool:
        """Tell whether a stream listens."""
        return bool(self._wakes)

    def wake_all(self) -> None:
        """Let every stream look whether it is over."""
        with self._changed:
            self._changed.notify_all()
            self._wake()

    def _wake(self) -> None:
        for wake in self._wakes:
            wake.set()

    def _whole_now(self) -> bytes:
        """Return the whole, written at most once a number; holds the lock."""
        if self._written[0] != self.seq:
            self._written = (self.seq, self._write(self._now, self.seq))
        return self._written[1]


@runtime_checkable
class Guest(Protocol):
    """Whoever looks at a stream, and may be told what is for him alone."""

    def __call__(self) -> bool:
        """Tell whether he is still let in."""

    def told(self) -> bytes:
        """Return frames for him alone, each once; empty where there are none."""


def stream(topics: Sequence[Topic], *, is_over: Callable[[], bool], aside: Callable[[], bytes] = bytes) -> Iterator[bytes]:
    """
    Yield frames of some topics: of each the whole first, then what is new; end when it is over.

    `aside` returns frames for this stream alone; it is asked whenever there is news, at least every ten seconds.
    """
    yield frames.RETRY
    wake = threading.Event()
    seen = dict.fromkeys(topics, 0)
    for topic in topics:
        topic.join(wake)
    try:
        while not is_over():
            parts = []
            for topic in topics:
                body, seen[topic] = topic.after(seen[topic])
                parts.append(body)
            parts.append(aside())
            yield b"".join(parts) or frames.BEAT
            wake.wait(BEAT_S)
            wake.clear()
    finally:
        for topic in topics:
            topic.leave(wake)
