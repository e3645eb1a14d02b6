"""Visits of a space, told by its sensor, its pole and collectors: the rules of events.md D.3, one by one and all at once."""

import itertools

import pytest
from hypothesis import given

from core.stays.rules.sightings import CaseKind, CloseReason, Kind, Quality, Sighting, Source, State, Visit
from tests.core.stays.rules.seen import (
    AT_SPACE,
    BLUE,
    BLUE_MISREAD,
    MORNING_MS,
    TAXI,
    a_space,
    freed,
    histories,
    ms,
    occupied,
    read,
    silent,
    told,
)


def ends(visit: Visit) -> tuple[int, int | None]:
    """Return start and end of a visit."""
    return visit.started_ms, visit.ended_ms


class TestApply:
    def test_makes_a_visit_of_an_arrival_and_a_departure(self) -> None:
        space = told(a_space(), occupied(0), freed(60))

        (visit,) = space.visits
        assert ends(visit) == (ms(0), ms(60))
        assert (visit.quality, visit.reason) == (Quality.A, CloseReason.OBSERVED_EXIT)
        assert [run.state for run in space.runs] == [State.FREE, State.OCCUPIED, State.FREE]
        assert space.cases == []

    def test_refuses_what_is_not_seen_on_a_space(self) -> None:
        with pytest.raises(AssertionError):
            a_space().apply(Sighting(ms(0), Kind.IN, occupied(0).event_id))


class TestR3AGapChangesNothing:
    def test_a_lost_departure_and_arrival_leave_one_visit_going_on(self) -> None:
        space = told(a_space(), occupied(0), occupied(90))

        (visit,) = space.visits
        assert ends(visit) == (ms(0), None)

    def test_a_lost_departure_is_dated_by_the_last_evidence_and_doubted(self) -> None:
        space = told(a_space(), occupied(0), occupied(30, repeat=True), freed(50, repeat=True))

        (visit,) = space.visits
        assert ends(visit) == (ms(0), ms(30))
        assert (visit.quality, visit.reason) == (Quality.B, CloseReason.SENSOR_FREE_CONFIRMED)
        assert [(run.state, run.started_ms) for run in space.runs[1:]] == [
            (State.OCCUPIED, ms(0)),
            (State.UNKNOWN, ms(30)),
            (State.FREE, ms(50)),
        ]

    def test_a_lost_arrival_begins_with_the_first_evidence(self) -> None:
        space = told(a_space(), occupied(10, repeat=True), freed(40))

        (visit,) = space.visits
        assert ends(visit) == (ms(10), ms(40))
        assert visit.quality is Quality.B

    def test_doubt_about_both_ends_is_not_billed(self) -> None:
        space = told(a_space(), occupied(10, repeat=True), freed(40, repeat=True))

        assert space.visits[0].quality is Quality.C


class TestR4AReportIsNoChange:
    def test_the_state_known_goes_on(self) -> None:
        space = told(a_space(), occupied(0), silent(20), occupied(30, repeat=True), freed(60))

        (visit,) = space.visits
        assert ends(visit) == (ms(0), ms(60))
        assert (visit.quality, visit.is_suspect) == (Quality.A, False)

    def test_another_state_changed_at_an_unknown_time_within_the_silence(self) -> None:
        space = told(a_space(), occupied(0), silent(20), freed(30, repeat=True))

        (visit,) = space.visits
        assert ends(visit) == (ms(0), ms(20))
        assert visit.quality is Quality.B

    def test_a_report_of_free_where_free_was_known_changes_nothing(self) -> None:
        space = told(a_space(), freed(10, repeat=True))

        assert space.visits == []
        assert (space.state, space.since_ms) == (State.FREE, ms(-60))


class TestR7DoubtFavoursTheDriver:
    def test_a_vehicle_found_when_the_space_became_known_starts_then(self) -> None:
        space = told(a_space(State.UNKNOWN), occupied(10, repeat=True), freed(40))

        (visit,) = space.visits
        assert ends(visit) == (ms(10), ms(40))
        assert visit.is_found

    def test_an_arrival_that_was_seen_is_not_found(self) -> None:
        assert not told(a_space(State.UNKNOWN), occupied(10)).visits[0].is_found

    def test_one_that_left_while_nobody_watched_ends_with_the_silence(self) -> None:
        space = told(a_space(), occupied(0), silent(20), occupied(50))

        left, came = space.visits
        assert (ends(left), left.quality) == ((ms(0), ms(20)), Quality.B)
        assert (ends(came), came.quality) == ((ms(50), None), Quality.A)

    def test_a_departure_seen_after_a_silence_is_dated_by_itself_and_doubted(self) -> None:
        space = told(a_space(), occupied(0), silent(20), freed(30))

        assert ends(space.visits[0]) == (ms(0), ms(30))
        assert space.visits[0].quality is Quality.B


class TestR11TheNextVehicleAtOnce:
    def test_another_plate_ends_the_visit_at_the_last_read_of_the_first(self) -> None:
        space = told(a_space(), occupied(0), read(10, plate=BLUE), read(30, plate=BLUE), read(50, plate=TAXI), freed(70))

        first, second = space.visits
        assert (ends(first), first.plate, first.reason) == ((ms(0), ms(30)), BLUE, CloseReason.NEXT_VEHICLE_ON_SPACE)
        assert (ends(second), second.plate, second.quality) == ((ms(50), ms(70)), TAXI, Quality.B)

    def test_a_pole_that_reads_another_plate_at_the_departure_ends_both(self) -> None:
        space = told(a_space(), occupied(0, plate=BLUE), freed(70, plate=TAXI))

        first, second = space.visits
        assert ends(first) == (ms(0), ms(0))
        assert ends(second) == (ms(70), ms(70))

    def test_a_short_dip_splits_where_another_plate_agrees(self) -> None:
        space = told(a_space(), occupied(0, plate=BLUE), freed(30), occupied(30.2, plate=TAXI))

        assert [ends(visit) for visit in space.visits] == [(ms(0), ms(30)), (ms(30.2), None)]

    def test_a_short_dip_splits_where_a_collector_read_another_plate(self) -> None:
        space = told(a_space(), occupied(0, plate=BLUE), freed(30), read(30.1, plate=TAXI), occupied(30.2))

        assert [(ends(visit), visit.plate) for visit in space.visits] == [
            ((ms(0), ms(30)), BLUE),
            ((ms(30.2), None), TAXI),
        ]


class TestR12Debounce:
    def test_a_dip_shorter_than_the_debounce_is_no_departure(self) -> None:
        space = told(a_space(), occupied(0), freed(30), occupied(30.3), freed(60))

        (visit,) = space.visits
        assert ends(visit) == (ms(0), ms(60))
        assert [run.state for run in space.runs] == [State.FREE, State.OCCUPIED, State.FREE]

    def test_a_dip_as_long_as_the_debounce_is_one(self) -> None:
        space = told(a_space(), occupied(0), freed(30), occupied(30 + 20 / 60))

        assert len(space.visits) == 2

    @pytest.mark.parametrize(
        ("source", "seconds", "visits"),
        [
            (Source.MAGNET, 19, 1), (Source.LOOP, 5, 1), (Source.LOOP, 6, 2), (Source.LOCK, 6, 2),
            (Source.BOLLARD, 9, 1), (Source.BOLLARD, 10, 2), (Source.VIDEO, 19, 1),
        ],
    )  # fmt: skip
    def test_hesitates_as_long_as_its_source_must(self, source: Source, seconds: int, visits: int) -> None:
        back = 30 + seconds / 60
        space = told(a_space(), occupied(0, source=source), freed(30, source=source), occupied(back, source=source))

        assert len(space.visits) == visits

    def test_a_dip_after_a_silence_leaves_the_space_occupied(self) -> None:
        space = told(a_space(), occupied(0), silent(20), freed(30), occupied(30.1))

        assert space.state is State.OCCUPIED
        assert ends(space.visits[-1]) == (ms(0), None)


class TestR17Silence:
    def test_makes_the_space_unknown_and_the_visit_suspect(self) -> None:
        space = told(a_space(), occupied(0), silent(20))

        assert space.state is State.UNKNOWN
        (visit,) = space.visits
        assert ends(visit) == (ms(0), None)
        assert visit.is_suspect

    def test_makes_a_free_space_unknown_and_nothing_else(self) -> None:
        space = told(a_space(), silent(20), silent(40))

        assert (space.state, space.since_ms) == (State.UNKNOWN, ms(20))
        assert space.visits == []


class TestR18WhoAndWhen:
    def test_a_plate_read_just_before_belongs_to_the_arrival(self) -> None:
        space = told(a_space(), read(-1, plate=BLUE), occupied(0))

        assert space.visits[0].plate == BLUE
        assert space.cases == []

    def test_a_plate_read_on_a_space_that_stays_free_is_looked_at(self) -> None:
        space = told(a_space(), read(-3, plate=BLUE), occupied(0))

        assert space.visits[0].plate is None
        assert [(case.kind, case.plate) for case in space.cases] == [(CaseKind.SENSOR_ORDER_MISMATCH, BLUE)]

    def test_the_poles_plate_stands_above_one_read_just_before(self) -> None:
        space = told(a_space(), read(-1, plate=TAXI), occupied(0, plate=BLUE))

        (visit,) = space.visits
        assert visit.plate == BLUE
        assert [(case.kind, case.plate) for case in space.cases] == [(CaseKind.SENSOR_ORDER_MISMATCH, TAXI)]

    def test_a_second_vehicle_read_on_a_free_space_does_not_hide_the_first(self) -> None:
        space = told(a_space(), read(-1, plate=TAXI), read(-0.5, plate=BLUE), occupied(0))

        assert space.visits[0].plate == BLUE
        assert [case.plate for case in space.cases] == [TAXI]

    def test_a_collector_is_evidence_where_nobody_else_watches(self) -> None:
        space = told(a_space(State.UNKNOWN), read(5, plate=BLUE))

        (visit,) = space.visits
        assert (ends(visit), visit.quality, visit.plate) == ((ms(5), None), Quality.B, BLUE)


class TestR18SourcesThatDisagree:
    def test_a_camera_that_watches_is_believed_before_a_collector(self) -> None:
        space = told(
            a_space(),
            occupied(0, plate=BLUE, source=Source.VIDEO),
            read(20, plate=TAXI),
            freed(60, plate=BLUE, source=Source.VIDEO),
        )

        (visit,) = space.visits
        assert (ends(visit), visit.plate, visit.quality) == ((ms(0), ms(60)), BLUE, Quality.B)
        assert [(case.kind, case.plate, case.stay_id) for case in space.cases] == [
            (CaseKind.SENSOR_ORDER_MISMATCH, TAXI, visit.stay_id)
        ]

    def test_a_bollard_corrects_who_was_read_before_it_could(self) -> None:
        space = told(
            a_space(),
            occupied(0, source=Source.BOLLARD),
            read(5, plate=TAXI),
            occupied(20, repeat=True, plate=BLUE, source=Source.BOLLARD),
        )

        (visit,) = space.visits
        assert (visit.plate, visit.quality, visit.ended_ms) == (BLUE, Quality.B, None)
        assert [case.plate for case in space.cases] == [TAXI]

    def test_a_camera_that_sees_an_arrival_tells_of_the_next_vehicle(self) -> None:
        space = told(
            a_space(), occupied(0, source=Source.VIDEO), read(5, plate=TAXI), occupied(20, plate=BLUE, source=Source.VIDEO)
        )

        assert [visit.plate for visit in space.visits] == [TAXI, BLUE]
        assert space.cases == []

    @pytest.mark.parametrize("order", [(Source.PATROL, Source.HANDHELD), (Source.HANDHELD, Source.PATROL)])
    def test_a_patrol_is_believed_before_a_collector_who_came_in_the_same_minute(self, order: tuple[Source, Source]) -> None:
        plates = {Source.PATROL: BLUE, Source.HANDHELD: TAXI}
        first, second = order
        space = told(
            a_space(), occupied(0), read(5, plate=plates[first], source=first), read(6.5, plate=plates[second], source=second)
        )

        (visit,) = space.visits
        assert (visit.plate, visit.quality) == (BLUE, Quality.B)
        assert [case.plate for case in space.cases] == [TAXI]

    def test_r11_readers_who_came_apart_saw_two_vehicles(self) -> None:
        space = told(
            a_space(), occupied(0), read(5, plate=BLUE, source=Source.PATROL), read(20, plate=TAXI), freed(40)
        )  # fmt: skip

        assert [(visit.plate, visit.ended_ms) for visit in space.visits] == [(BLUE, ms(5)), (TAXI, ms(40))]

    def test_a_pole_that_is_silent_watches_nobody(self) -> None:
        space = told(a_space(), occupied(0, plate=BLUE, source=Source.VIDEO), silent(10), read(60, plate=TAXI))

        assert [visit.plate for visit in space.visits] == [BLUE, TAXI]

    def test_of_reads_that_may_be_one_plate_the_better_source_wins_a_tie(self) -> None:
        space = told(
            a_space(), occupied(0), read(5, plate=BLUE_MISREAD), read(10, plate=BLUE, source=Source.PATROL)
        )  # fmt: skip

        assert space.visits[0].plate == BLUE
        assert space.cases == []

    def test_doubt_about_the_vehicle_alone_is_billed(self) -> None:
        """Both ends were observed: the doubt makes it B, not C."""
        space = told(a_space(), occupied(0, plate=BLUE, source=Source.VIDEO), read(20, plate=TAXI), freed(60))

        assert space.visits[0].quality is Quality.B


class TestR19AgreeingReads:
    def test_outrank_a_single_one_whatever_came_first(self) -> None:
        space = told(a_space(), occupied(0), read(5, plate=BLUE_MISREAD), read(10, plate=BLUE), read(15, plate=BLUE))

        (visit,) = space.visits
        assert visit.plate == BLUE

    def test_count_by_their_votes(self) -> None:
        space = told(
            a_space(), occupied(0), read(5, plate=BLUE, votes=3), read(10, plate=BLUE_MISREAD), read(15, plate=BLUE_MISREAD)
        )

        assert space.visits[0].plate == BLUE

    def test_of_equals_the_first_stands(self) -> None:
        space = told(a_space(), occupied(0), read(5, plate=BLUE), read(10, plate=BLUE_MISREAD))

        assert space.visits[0].plate == BLUE


class TestAnyHistory:
    @given(histories(AT_SPACE))
    def test_is_tiled_by_runs(self, history: list[Sighting]) -> None:
        runs = told(a_space(), *history).runs

        assert runs[0].started_ms == ms(-60)
        assert runs[-1].ended_ms is None
        for run, following in itertools.pairwise(runs):
            assert run.started_ms < following.started_ms
            assert run.ended_ms == following.started_ms
            assert run.state is not following.state

    @given(histories(AT_SPACE))
    def test_has_visits_one_after_the_other(self, history: list[Sighting]) -> None:
        visits = told(a_space(), *history).visits

        assert len({visit.stay_id for visit in visits}) == len(visits)
        assert all(visit.ended_ms is not None for visit in visits[:-1])
        assert all(visit.ended_ms is None or visit.started_ms <= visit.ended_ms for visit in visits)
        for visit, following in itertools.pairwise(visits):
            assert (visit.ended_ms or 0) <= following.started_ms

    @given(histories(AT_SPACE))
    def test_ends_in_what_was_seen_last(self, history: list[Sighting]) -> None:
        space = a_space()
        for sighting in history:
            space.apply(sighting)

            match sighting.kind:
                case Kind.OCCUPIED:
                    assert space.state is State.OCCUPIED
                case Kind.FREED:
                    assert space.state is State.FREE
                case Kind.SILENT:
                    assert space.state is State.UNKNOWN
            assert space.visit is None or space.state is not State.FREE
            assert space.visit is not None or space.state is not State.OCCUPIED

    @given(histories(AT_SPACE))
    def test_bills_no_time_the_space_was_free(self, history: list[Sighting]) -> None:
        space = told(a_space(), *history)
        free = [(run.started_ms, run.ended_ms or 1 << 62) for run in space.runs if run.state is State.FREE]

        for visit in space.visits:
            ended_ms = visit.ended_ms or history[-1].at_ms
            assert all(min(ended_ms, to_ms) <= max(visit.started_ms, from_ms) for from_ms, to_ms in free)

    @given(histories(AT_SPACE))
    def test_begins_no_visit_before_it_began_itself(self, history: list[Sighting]) -> None:
        assert all(visit.started_ms >= MORNING_MS for visit in told(a_space(State.UNKNOWN), *history).visits)
