"""
Agree on the time of an event from the device's clock and ours (R6, R28).

The offset of a device's clock is the smallest difference between our receiving and its sending over a window: nothing
arrives before it is sent, so the smallest difference is the offset and the least delay there was. Delay in the
broker or in us therefore never looks like a wrong clock, and a message kept by the device is dated by its own clock.
"""

from enum import StrEnum
from typing import Final, NamedTuple

TRUST_MS: Final = 30_000
CORRECT_MS: Final = 600_000
ENOUGH: Final = 5
"""With fewer messages known, a device that seems slow may only have been waiting in a queue."""
WINDOW_MS: Final = 6 * 3_600_000
OLDEST_MS: Final = 400 * 86_400_000


class TimeQuality(StrEnum):
    """What the agreed time rests on."""

    TRUSTED = "trusted"
    CORRECTED = "corrected"
    RECEIVED = "received"
    SUSPECT = "suspect"


class ClockOffset(NamedTuple):
    """What is known of one device's clock; all in milliseconds. prior_ms is the smallest of the window before."""

    smallest_ms: int
    prior_ms: int | None
    since_ms: int
    message_n: int

    @property
    def offset_ms(self) -> int:
        """Return the offset to be corrected, of this window or the last."""
        return self.smallest_ms if self.prior_ms is None else min(self.smallest_ms, self.prior_ms)

    def seen(self, *, received_ms: int, sent_ms: int) -> "ClockOffset":
        """Return what is known after one more message."""
        difference = received_ms - sent_ms
        if received_ms - self.since_ms >= WINDOW_MS:
            return ClockOffset(difference, self.smallest_ms, received_ms, self.message_n + 1)
        return self._replace(smallest_ms=min(self.smallest_ms, difference), message_n=self.message_n + 1)


def first_seen(*, received_ms: int, sent_ms: int) -> ClockOffset:
    """Return what one message tells of a clock."""
    return ClockOffset(received_ms - sent_ms, None, received_ms, 1)


def agreed_time(*, device_ms: int, received_ms: int, clock: ClockOffset) -> tuple[int, TimeQuality]:
    """
    Return the agreed time of an event in milliseconds, and what it rests on.

    A clock within half a minute is trusted, within ten minutes corrected, beyond that our own time counts. An event
    from the future or from more than 400 days ago is dated by our clock too.
    """
    offset_ms = clock.offset_ms
    if abs(offset_ms) < TRUST_MS or (offset_ms > 0 and clock.message_n < ENOUGH):
        at_ms, quality = device_ms, TimeQuality.TRUSTED
    elif abs(offset_ms) < CORRECT_MS:
        at_ms, quality = device_ms + offset_ms, TimeQuality.CORRECTED
    else:
        return received_ms, TimeQuality.SUSPECT
    if at_ms > received_ms + TRUST_MS or received_ms - at_ms > OLDEST_MS:
        return received_ms, TimeQuality.RECEIVED
    return at_ms, quality
