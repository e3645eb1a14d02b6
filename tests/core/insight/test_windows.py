"""Windows hold every instant of a period once."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.insight import windows

INSTANTS = st.timedeltas(timedelta(), timedelta(days=900)).map(lambda since: datetime(2024, 1, 1, tzinfo=UTC) + since)
LENGTHS = st.timedeltas(timedelta(), timedelta(days=2))


class TestWindow:
    @given(INSTANTS, LENGTHS)
    def test_joins_head_hours_and_tail_without_gap(self, from_at: datetime, length: timedelta) -> None:
        cut = windows.window(from_at, from_at + length)

        parts = [(cut.from_at, cut.head_to), (cut.first_hour, cut.last_hour), (cut.tail_from, cut.to_at)]
        held = [part for part in parts if part[0] < part[1]]
        assert sum(((end - begin) for begin, end in held), timedelta()) == length
        assert all(before[1] == after[0] for before, after in pairwise(held))
        assert all(edge.minute == edge.second == edge.microsecond == 0 for edge in parts[1])
        assert all(end - begin < timedelta(hours=1) for begin, end in (parts[0], parts[2]))


class TestLastWeek:
    def test_ends_at_the_same_elapsed_time(self) -> None:
        cut = windows.last_week(datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC))

        assert (cut.from_at, cut.to_at) == (datetime(2026, 11, 12, 16, tzinfo=UTC), datetime(2026, 11, 13, 6, 32, 8, tzinfo=UTC))
