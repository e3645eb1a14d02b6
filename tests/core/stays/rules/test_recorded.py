"""Records of sensors: what holds is a state, what flickers is chatter, what nobody vouches for is unknown."""

import itertools
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from core.stays.rules.recorded import Span, Word, record_of, spans_of, steady
from core.stays.rules.sightings import Quality, State

S = 1_000
DAY_MS = 86_400 * S
LONGEST_MS = 3 * DAY_MS
STATES = {"O": State.OCCUPIED, "F": State.FREE, "U": State.UNKNOWN}


def words(*told: tuple[int, str]) -> list[Word]:
    """Return changes at seconds of the first day."""
    return [Word(at_s * S, UUID(int=at_s + 1), STATES[letter]) for at_s, letter in told]


def shown(found: list[Word]) -> list[tuple[int, State]]:
    return [(word.at_ms // S, word.state) for word in found]


def record(told: list[Word], heard_s: int, **changes: int):  # type: ignore[no-untyped-def]  # the record of one day
    given_ms = {"debounce_ms": 30 * S, "longest_ms": LONGEST_MS} | changes
    return record_of(told, [Span(0, DAY_MS, heard_s * S)], **given_ms)


class TestSteady:
    def test_drops_a_spike_and_a_dip(self) -> None:
        told = words((0, "F"), (100, "O"), (105, "F"), (200, "O"), (300, "F"), (304, "O"), (900, "F"))

        held, chatter = steady(told, debounce_ms=30 * S)

        assert shown([one.word for one in held]) == [(0, State.FREE), (200, State.OCCUPIED), (900, State.FREE)]
        assert [(one.word.at_ms // S, one.held_ms // S) for one in chatter] == [(100, 5), (300, 4)]

    def test_keeps_what_held_exactly_as_long_as_the_debounce(self) -> None:
        held, chatter = steady(words((0, "F"), (100, "O"), (130, "F")), debounce_ms=30 * S)

        assert len(held) == 3
        assert chatter == []

    def test_begins_where_a_state_came_to_rest(self) -> None:
        held, chatter = steady(words((0, "F"), (100, "O"), (105, "F"), (110, "O"), (600, "F")), debounce_ms=30 * S)

        assert shown([one.word for one in held]) == [(0, State.FREE), (110, State.OCCUPIED), (600, State.FREE)]
        assert len(chatter) == 2

    def test_takes_a_repeat_for_no_change(self) -> None:
        held, chatter = steady(words((0, "O"), (5, "O"), (400, "F")), debounce_ms=30 * S)

        assert shown([one.word for one in held]) == [(0, State.OCCUPIED), (400, State.FREE)]
        assert chatter == []

    @given(st.lists(st.tuples(st.integers(0, 2_000), st.sampled_from("OF")), unique_by=lambda one: one[0], max_size=30))
    def test_loses_no_word_and_leaves_no_short_state(self, told: list[tuple[int, str]]) -> None:
        held, chatter = steady(words(*sorted(told)), debounce_ms=30 * S)

        moments = [one.word.at_ms for one in held]
        assert all(later - earlier >= 30 * S for earlier, later in itertools.pairwise(moments))
        assert all(one.word.state is not other.word.state for one, other in itertools.pairwise(held))
        assert {one.word.at_ms for one in chatter}.isdisjoint(moments)
        assert bool(held) == bool(told)


class TestRecordOf:
    def test_is_unknown_before_the_first_word_and_after_the_record(self) -> None:
        found = record(words((100, "F"), (500, "O"), (900, "F")), heard_s=2_000)

        assert [(run.state, run.started_ms // S, (run.ended_ms or 0) // S) for run in found.runs] == [
            (State.UNKNOWN, 0, 100),
            (State.OCCUPIED, 500, 900),
            (State.UNKNOWN, 2_000, 86_400),
        ]
        (visit,) = found.visits
        assert (visit.started_ms, visit.ended_ms, visit.quality) == (500 * S, 900 * S, Quality.A)

    def test_infers_the_arrival_of_a_vehicle_found_standing(self) -> None:
        (visit,) = record(words((500, "O"), (900, "F")), heard_s=2_000).visits

        assert (visit.is_found, visit.quality) == (True, Quality.B)

    def test_tells_no_visit_that_nobody_saw_end(self) -> None:
        found = record(words((100, "F"), (500, "O")), heard_s=2_000)

        assert found.visits == ()
        assert (State.OCCUPIED, 500 * S, 2_000 * S) in [(run.state, run.started_ms, run.ended_ms) for run in found.runs]

    def test_forgets_a_state_that_nobody_told_again_for_long(self) -> None:
        found = record(words((100, "F"), (500, "O"), (40_000, "F")), heard_s=50_000, longest_ms=10_000 * S)

        assert found.visits == ()
        assert [(run.state, run.started_ms // S, (run.ended_ms or 0) // S) for run in found.runs][1:3] == [
            (State.OCCUPIED, 500, 10_500),
            (State.UNKNOWN, 10_500, 40_000),
        ]

    def test_believes_a_snapshot_for_its_time_only(self) -> None:
        told = [
            Word(100 * S, UUID(int=1), State.OCCUPIED, 160 * S),
            Word(900 * S, UUID(int=2), State.FREE, 960 * S),
            Word(1_900 * S, UUID(int=3), State.UNKNOWN, 1_960 * S),
        ]

        found = record(told, heard_s=1_900)

        assert [(run.state, run.started_ms // S, (run.ended_ms or 0) // S) for run in found.runs] == [
            (State.UNKNOWN, 0, 100),
            (State.OCCUPIED, 100, 160),
            (State.UNKNOWN, 160, 900),
            (State.UNKNOWN, 960, 86_400),
        ]
        assert found.visits == ()

    @given(
        st.lists(st.tuples(st.integers(0, 80_000), st.sampled_from("OF")), unique_by=lambda one: one[0], min_size=1, max_size=30)
    )
    def test_never_overlaps_and_never_leaves_the_day(self, told: list[tuple[int, str]]) -> None:
        found = record(words(*sorted(told)), heard_s=max(at for at, _letter in told))

        edges = [(run.started_ms, run.ended_ms or 0) for run in found.runs]
        assert all(0 <= start < end <= DAY_MS for start, end in edges)
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(edges))
        assert {(visit.started_ms, visit.ended_ms) for visit in found.visits} <= set(edges)


class TestSpansOf:
    def test_joins_days_that_are_not_far_apart(self) -> None:
        spans = spans_of(
            [5 * S, DAY_MS + 5 * S, 9 * DAY_MS],
            longest_ms=LONGEST_MS,
            day_of=lambda at_ms: (at_ms - at_ms % DAY_MS, at_ms - at_ms % DAY_MS + DAY_MS),
        )

        assert spans == [Span(0, 2 * DAY_MS, DAY_MS + 5 * S), Span(9 * DAY_MS, 10 * DAY_MS, 9 * DAY_MS)]
