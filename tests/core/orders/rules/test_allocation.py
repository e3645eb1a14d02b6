"""Which stay a payment is for: decided by stays and payment alone."""

from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from core.orders.rules.allocation import NAMED_WITHIN_MS, UNNAMED_WITHIN_MS, Payable, reach_ms, stay_paid

NOON_MS = 1_795_000_000_000
HOUR_MS = 3_600_000
STARTS = st.lists(st.integers(-48, 4).map(lambda n: NOON_MS + n * HOUR_MS // 4), max_size=8)
NAMES = st.none() | st.integers(-48, 4).map(lambda n: NOON_MS + n * HOUR_MS // 4 + 1)


def stays(*started_ms: int) -> list[Payable]:
    """Return stays that began at these instants, numbered from 1."""
    return [Payable(UUID(int=number), at_ms) for number, at_ms in enumerate(started_ms, start=1)]


class TestStayPaid:
    def test_is_the_one_that_began_nearest_to_the_start_named(self) -> None:
        begun = stays(NOON_MS, NOON_MS + 60_000)

        assert stay_paid(begun, paid_ms=NOON_MS + HOUR_MS, entered_ms=NOON_MS + 40_000) == UUID(int=2)

    def test_is_the_earlier_of_two_equally_near(self) -> None:
        begun = stays(NOON_MS + 60_000, NOON_MS)

        assert stay_paid(begun, paid_ms=NOON_MS + HOUR_MS, entered_ms=NOON_MS + 30_000) == UUID(int=2)

    def test_is_none_where_nothing_began_near_the_start_named(self) -> None:
        begun = stays(NOON_MS)

        assert stay_paid(begun, paid_ms=NOON_MS, entered_ms=NOON_MS + NAMED_WITHIN_MS) == UUID(int=1)
        assert stay_paid(begun, paid_ms=NOON_MS, entered_ms=NOON_MS + NAMED_WITHIN_MS + 1) is None

    def test_is_without_a_name_the_last_that_had_begun(self) -> None:
        begun = stays(NOON_MS, NOON_MS + HOUR_MS, NOON_MS + 2 * HOUR_MS)

        assert stay_paid(begun, paid_ms=NOON_MS + HOUR_MS, entered_ms=None) == UUID(int=2)

    def test_is_none_without_a_name_after_too_long(self) -> None:
        begun = stays(NOON_MS)

        assert stay_paid(begun, paid_ms=NOON_MS + UNNAMED_WITHIN_MS, entered_ms=None) == UUID(int=1)
        assert stay_paid(begun, paid_ms=NOON_MS + UNNAMED_WITHIN_MS + 1, entered_ms=None) is None
        assert stay_paid(begun, paid_ms=NOON_MS - 1, entered_ms=None) is None

    @given(STARTS, NAMES, st.randoms())
    def test_does_not_depend_on_the_order_of_the_stays(self, started_ms: list[int], entered_ms: int | None, dice: Random) -> None:
        begun = stays(*started_ms)

        shuffled = stay_paid(dice.sample(begun, len(begun)), paid_ms=NOON_MS, entered_ms=entered_ms)

        assert shuffled == stay_paid(begun, paid_ms=NOON_MS, entered_ms=entered_ms)

    @given(STARTS, NAMES)
    def test_never_lies_beyond_its_reach(self, started_ms: list[int], entered_ms: int | None) -> None:
        begun = stays(*started_ms)

        found = stay_paid(begun, paid_ms=NOON_MS, entered_ms=entered_ms)

        within = [stay for stay in begun if stay.started_ms >= reach_ms(paid_ms=NOON_MS, entered_ms=entered_ms)]
        assert found == stay_paid(within, paid_ms=NOON_MS, entered_ms=entered_ms)
