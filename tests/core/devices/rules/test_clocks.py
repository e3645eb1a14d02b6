"""What the clock of a device is worth (R6, R28): offsets, the bounds of trust, and never an event from the future."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.devices.rules.clocks import (
    CORRECT_MS,
    ENOUGH,
    OLDEST_MS,
    TRUST_MS,
    WINDOW_MS,
    ClockOffset,
    TimeQuality,
    agreed_time,
    first_seen,
)

NOW_MS = 1_795_000_000_000
OFFSETS = st.integers(-2 * CORRECT_MS, 2 * CORRECT_MS)
DELAYS = st.lists(st.integers(0, 7_200_000), min_size=1, max_size=8)


def a_clock(offset_ms: int, *, message_n: int = ENOUGH, prior_ms: int | None = None) -> ClockOffset:
    """Return what is known of a clock that many messages spoke for."""
    return ClockOffset(offset_ms, prior_ms, NOW_MS - 60_000, message_n)


class TestAgreedTime:
    @pytest.mark.parametrize("offset_ms", [0, 1, TRUST_MS - 1, 1 - TRUST_MS])
    def test_trusts_a_clock_within_half_a_minute(self, offset_ms: int) -> None:
        assert agreed_time(device_ms=NOW_MS - 5_000, received_ms=NOW_MS, clock=a_clock(offset_ms)) == (
            NOW_MS - 5_000,
            TimeQuality.TRUSTED,
        )

    @pytest.mark.parametrize("offset_ms", [TRUST_MS, -TRUST_MS, CORRECT_MS - 1, 1 - CORRECT_MS])
    def test_corrects_a_clock_within_ten_minutes(self, offset_ms: int) -> None:
        device_ms = NOW_MS - 5_000 - offset_ms

        assert agreed_time(device_ms=device_ms, received_ms=NOW_MS, clock=a_clock(offset_ms)) == (
            NOW_MS - 5_000,
            TimeQuality.CORRECTED,
        )

    @pytest.mark.parametrize("offset_ms", [CORRECT_MS, -CORRECT_MS, 86_400_000])
    def test_takes_our_clock_beyond_ten_minutes(self, offset_ms: int) -> None:
        assert agreed_time(device_ms=NOW_MS - 5_000 - offset_ms, received_ms=NOW_MS, clock=a_clock(offset_ms)) == (
            NOW_MS,
            TimeQuality.SUSPECT,
        )

    def test_waits_for_enough_messages_before_it_calls_a_clock_slow(self) -> None:
        """The first message after an outage comes late over a good clock."""
        kept_ms = NOW_MS - 3_600_000

        waited = agreed_time(device_ms=kept_ms, received_ms=NOW_MS, clock=a_clock(3_600_000, message_n=ENOUGH - 1))
        assert waited == (kept_ms, TimeQuality.TRUSTED)

        judged = agreed_time(device_ms=kept_ms, received_ms=NOW_MS, clock=a_clock(3_600_000, message_n=ENOUGH))
        assert judged == (NOW_MS, TimeQuality.SUSPECT)

    def test_calls_a_clock_fast_at_once(self) -> None:
        """Nothing arrives before it is sent."""
        clock = a_clock(-60_000, message_n=1)

        assert agreed_time(device_ms=NOW_MS + 60_000, received_ms=NOW_MS, clock=clock) == (NOW_MS, TimeQuality.CORRECTED)

    @pytest.mark.parametrize("device_ms", [NOW_MS + TRUST_MS + 1, NOW_MS - OLDEST_MS - 1])
    def test_takes_our_clock_for_the_future_and_the_long_past(self, device_ms: int) -> None:
        assert agreed_time(device_ms=device_ms, received_ms=NOW_MS, clock=a_clock(0)) == (NOW_MS, TimeQuality.RECEIVED)

    @given(st.integers(NOW_MS - 2 * OLDEST_MS, NOW_MS + 2 * OLDEST_MS), OFFSETS, st.integers(1, 10), st.none() | OFFSETS)
    def test_never_leaves_its_bounds(self, device_ms: int, offset_ms: int, message_n: int, prior_ms: int | None) -> None:
        clock = a_clock(offset_ms, message_n=message_n, prior_ms=prior_ms)

        at_ms, quality = agreed_time(device_ms=device_ms, received_ms=NOW_MS, clock=clock)

        assert NOW_MS - OLDEST_MS <= at_ms <= NOW_MS + TRUST_MS
        if quality is TimeQuality.TRUSTED:
            assert at_ms == device_ms
            assert abs(clock.offset_ms) < TRUST_MS or (clock.offset_ms > 0 and message_n < ENOUGH)
        elif quality is TimeQuality.CORRECTED:
            assert TRUST_MS <= abs(at_ms - device_ms) < CORRECT_MS
        else:
            assert at_ms == NOW_MS


class TestClockOffset:
    @given(st.integers(-CORRECT_MS, CORRECT_MS), DELAYS)
    def test_is_the_offset_and_the_least_delay(self, offset_ms: int, delays_ms: list[int]) -> None:
        """The delay of a queue never looks like a wrong clock."""
        sent_ms = [NOW_MS + number for number in range(len(delays_ms))]
        first, *rest = [
            {"received_ms": sent, "sent_ms": sent - delay - offset_ms} for sent, delay in zip(sent_ms, delays_ms, strict=True)
        ]
        clock = first_seen(**first)
        for one in rest:
            clock = clock.seen(**one)

        assert clock.offset_ms == offset_ms + min(delays_ms)
        assert clock.message_n == len(delays_ms)

    def test_forgets_a_clock_after_two_windows(self) -> None:
        clock = first_seen(received_ms=NOW_MS, sent_ms=NOW_MS)
        clock = clock.seen(received_ms=NOW_MS + WINDOW_MS, sent_ms=NOW_MS + WINDOW_MS - 60_000)
        assert clock.offset_ms == 0

        clock = clock.seen(received_ms=NOW_MS + 2 * WINDOW_MS, sent_ms=NOW_MS + 2 * WINDOW_MS - 60_000)

        assert clock.offset_ms == 60_000

    @given(st.lists(st.tuples(st.integers(0, WINDOW_MS - 1), st.integers(0, CORRECT_MS)), min_size=1, max_size=6))
    def test_of_one_window_does_not_depend_on_the_order(self, messages: list[tuple[int, int]]) -> None:
        found = set()
        for order in itertools.islice(itertools.permutations(messages), 24):
            clock = first_seen(received_ms=NOW_MS, sent_ms=NOW_MS)
            for after_ms, delay_ms in order:
                clock = clock.seen(received_ms=NOW_MS + after_ms, sent_ms=NOW_MS + after_ms - delay_ms)
            found.add(clock)

        assert len(found) == 1
