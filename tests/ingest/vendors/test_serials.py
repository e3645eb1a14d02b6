"""Eight-bit serial numbers: counted on over the wrap, whatever comes twice or late."""

import random

from hypothesis import given
from hypothesis import strategies as st

from ingest.vendors.serials import CYCLE, Place, Serials

BOOTED_MS = 1_795_000_000_000


def serial_of(number: int) -> int:
    """Return the serial number of the n-th packet after power came: 0, 1 to 255, then 1 again."""
    return 0 if number == 0 else (number - 1) % CYCLE + 1


def at_ms(number: int) -> int:
    """Return when the n-th packet was sent, a minute after the one before it."""
    return BOOTED_MS + number * 60_000


class TestPlace:
    @given(st.integers(1, 900), st.integers(0, 60), st.randoms())
    def test_is_the_number_of_the_packet_whatever_comes_twice_or_late(self, count: int, apart: int, luck: random.Random) -> None:
        numbers = sorted([*range(1, count), *luck.choices(range(1, count + 1), k=20)], key=lambda n: n + luck.uniform(0, apart))
        serials = Serials()
        boot, seq, is_first = serials.place("a", 0, at_ms=at_ms(0))

        assert (boot, seq, is_first) == (BOOTED_MS // 1_000, 0, True)
        assert all(serials.place("a", serial_of(n), at_ms=at_ms(n)) == Place(boot, n, is_first=False) for n in numbers)

    def test_begins_anew_when_power_comes_back(self) -> None:
        serials = Serials()
        first = serials.place("a", 0, at_ms=at_ms(0))
        serials.place("a", 1, at_ms=at_ms(1))

        again = serials.place("a", 0, at_ms=at_ms(2))

        assert again.boot > first.boot
        assert (again.seq, again.is_first) == (0, True)

    def test_takes_the_same_first_packet_for_the_same(self) -> None:
        serials = Serials()

        assert serials.place("a", 0, at_ms=at_ms(0))[:2] == serials.place("a", 0, at_ms=at_ms(0))[:2]

    def test_begins_where_it_first_hears_of_a_sensor(self) -> None:
        serials = Serials()

        assert serials.place("a", 200, at_ms=at_ms(0)) == Place(BOOTED_MS // 1_000, 200, is_first=True)
        assert serials.place("a", 3, at_ms=at_ms(58)) == Place(BOOTED_MS // 1_000, 258, is_first=False)
        assert serials.place("b", 7, at_ms=at_ms(58)).is_first
