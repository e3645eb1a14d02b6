"""What two tariffs make of the same stays: sums, shares, the largest changes, and what has no price."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from core.billing.rules.tallies import MOST_LARGEST, Change, Reason, Side, Tally
from core.kit.money import Fen


def a_change(number: int, before: int, after: int) -> Change:
    return Change(UUID(int=number), 0, 60_000, "small", "", Fen(before), Fen(after))


class TestTally:
    @given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), max_size=60))
    def test_tells_sums_shares_and_the_largest_changes(self, prices: list[tuple[int, int]]) -> None:
        tally = Tally()
        for number, (before, after) in enumerate(prices):
            tally.compare(a_change(number, before, after))

        changed = sorted(
            (pair for pair in enumerate(prices) if pair[1][0] != pair[1][1]), key=lambda p: (-abs(p[1][1] - p[1][0]), p[0])
        )
        assert (tally.before_fen, tally.after_fen) == (sum(pair[0] for pair in prices), sum(pair[1] for pair in prices))
        assert tally.dearer_n == sum(after > before for before, after in prices)
        assert tally.cheaper_n == sum(after < before for before, after in prices)
        assert tally.dearer_n + tally.equal_n + tally.cheaper_n == len(prices)
        assert [change.stay_id.int for change in tally.largest] == [number for number, _pair in changed[:MOST_LARGEST]]

    def test_counts_what_has_no_price_by_its_reason_and_never_as_nothing(self) -> None:
        tally, reason = Tally(), Reason(Side.AFTER, "NoPlan", "motor")
        tally.leave_out(UUID(int=1), reason)
        tally.leave_out(UUID(int=2), reason)

        assert (tally.unpriced_n, tally.reasons[reason].n, tally.reasons[reason].stay_id) == (2, 2, UUID(int=1))
        assert (tally.before_fen, tally.equal_n) == (0, 0)
