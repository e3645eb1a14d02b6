"""Ears: a break in our own listening is nobody's silence."""

from datetime import UTC, datetime, timedelta

from ingest.schedule.ears import BREAK, Ears

AT = datetime(2026, 11, 20, tzinfo=UTC)


class TestListeningSince:
    def test_is_the_first_look_while_looks_follow_each_other(self) -> None:
        ears = Ears()

        assert {ears.listening_since(AT + number * BREAK) for number in range(5)} == {AT}

    def test_begins_anew_after_a_break(self) -> None:
        ears = Ears()
        ears.listening_since(AT)
        late = AT + BREAK + timedelta(seconds=1)

        assert ears.listening_since(late) == late
        assert ears.listening_since(late + BREAK) == late

    def test_begins_anew_when_the_clock_goes_back(self) -> None:
        ears = Ears()
        ears.listening_since(AT)

        assert ears.listening_since(AT - timedelta(hours=1)) == AT - timedelta(hours=1)
