"""Whoever asks too often waits, and nobody else does (W-06)."""

from core.kit.ids import uuid7
from core.ui.entrance import rates
from core.ui.entrance.rates import Rates


class Seconds:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def let_in(buckets: Rates, clock: Seconds, *, tries: int, over_s: float) -> int:
    """Try evenly for a while; count what passed."""
    who, passed = uuid7(), 0
    for _n in range(tries):
        passed += buckets.wait_s(who) == 0
        clock.now += over_s / tries
    return passed


class TestRates:
    def test_let_nobody_ask_more_than_twenty_times_a_second_for_long(self) -> None:
        clock = Seconds()

        assert let_in(Rates(clock=clock), clock, tries=60_000, over_s=60) <= 60 * rates.A_SECOND + rates.AT_ONCE

    def test_let_a_page_open_at_once(self) -> None:
        clock = Seconds()

        assert let_in(Rates(clock=clock), clock, tries=40, over_s=0.01) == 40

    def test_never_stop_who_asks_slowly(self) -> None:
        clock = Seconds()

        assert let_in(Rates(clock=clock), clock, tries=1_900, over_s=100) == 1_900

    def test_say_how_long_to_wait(self) -> None:
        clock, who = Seconds(), uuid7()
        buckets = Rates(clock=clock)
        while not (wait_s := buckets.wait_s(who)):
            pass
        assert 0 < wait_s <= 1 / rates.A_SECOND

        clock.now += wait_s + 1e-9

        assert buckets.wait_s(who) == 0

    def test_tell_people_apart(self) -> None:
        clock = Seconds()
        buckets = Rates(clock=clock)
        one = uuid7()
        while not buckets.wait_s(one):
            pass

        assert buckets.wait_s(uuid7()) == 0

    def test_forget_whom_they_have_not_seen_for_long(self) -> None:
        buckets = Rates(clock=Seconds())
        for _n in range(20_000):
            buckets.wait_s(uuid7())

        assert len(buckets._left) == 10_000
