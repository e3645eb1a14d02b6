"""Visits of one vehicle to a gated site, told by the cameras of its lanes: R9, R10, R13 to R15, R22, and any history at all."""

import itertools

import pytest
from hypothesis import given

from core.stays.rules.sightings import CaseKind, CloseReason, Quality, Sighting, State
from tests.core.stays.rules.seen import (
    AT_LANE,
    LANE_IN,
    LANE_OUT,
    TOKEN,
    a_vehicle,
    came_in,
    histories,
    ms,
    tailgated,
    told,
    went_out,
)


class TestApply:
    def test_makes_a_visit_of_an_entry_and_an_exit(self) -> None:
        vehicle = told(a_vehicle(), came_in(0), went_out(90))

        (visit,) = vehicle.visits
        assert (visit.started_ms, visit.ended_ms) == (ms(0), ms(90))
        assert (visit.quality, visit.reason) == (Quality.A, CloseReason.OBSERVED_EXIT)
        assert vehicle.cases == []


class TestR9AMissingExit:
    def test_never_blocks_the_next_entry_and_is_not_billed(self) -> None:
        vehicle = told(a_vehicle(), came_in(0), came_in(600))

        first, second = vehicle.visits
        assert (first.ended_ms, first.reason, first.quality) == (ms(600), CloseReason.NEXT_ENTRY, Quality.C)
        assert (second.started_ms, second.ended_ms, second.quality) == (ms(600), None, Quality.A)
        assert [(case.kind, case.stay_id) for case in vehicle.cases] == [(CaseKind.MISSING_OUT, first.stay_id)]


class TestR10AMissingEntry:
    def test_leaves_a_visit_of_no_length_for_review(self) -> None:
        vehicle = told(a_vehicle(), went_out(30))

        (visit,) = vehicle.visits
        assert (visit.started_ms, visit.ended_ms) == (ms(30), ms(30))
        assert (visit.quality, visit.reason) == (Quality.C, CloseReason.MISSING_ENTRY)
        assert [(case.kind, case.stay_id) for case in vehicle.cases] == [(CaseKind.MISSING_IN, visit.stay_id)]
        assert all(run.state is State.FREE for run in vehicle.runs)


class TestR13Reversal:
    def test_back_in_over_the_lane_it_left_by_never_left(self) -> None:
        vehicle = told(a_vehicle(), came_in(0), went_out(30), came_in(32, lane=LANE_OUT), went_out(60))

        (visit,) = vehicle.visits
        assert (visit.started_ms, visit.ended_ms, visit.quality) == (ms(0), ms(60), Quality.A)

    def test_back_in_over_another_lane_is_another_visit(self) -> None:
        assert len(told(a_vehicle(), came_in(0), went_out(30), came_in(31, lane=LANE_IN)).visits) == 2

    def test_back_in_too_late_is_another_visit(self) -> None:
        assert len(told(a_vehicle(), came_in(0), went_out(30), came_in(32.001, lane=LANE_OUT)).visits) == 2


class TestR14PairedCameras:
    def test_count_one_passage_once(self) -> None:
        vehicle = told(a_vehicle(), came_in(0), came_in(1), went_out(30), went_out(31))

        (visit,) = vehicle.visits
        assert (visit.started_ms, visit.ended_ms) == (ms(0), ms(30))
        assert vehicle.cases == []

    def test_count_two_passages_more_than_a_minute_apart_as_two(self) -> None:
        vehicle = told(a_vehicle(), came_in(0), went_out(30), went_out(31.001))

        assert [visit.reason for visit in vehicle.visits] == [CloseReason.OBSERVED_EXIT, CloseReason.MISSING_ENTRY]


class TestR15Tailgating:
    def test_doubts_the_entry_of_who_followed_another_vehicle(self) -> None:
        vehicle = told(a_vehicle(), came_in(0), tailgated(0))

        (visit,) = vehicle.visits
        assert (visit.is_suspect, visit.quality) == (True, Quality.C)
        assert [(case.kind, case.stay_id) for case in vehicle.cases] == [(CaseKind.TAILGATING, visit.stay_id)]

    def test_is_not_forgotten_when_it_leaves(self) -> None:
        (visit,) = told(a_vehicle(), came_in(0), tailgated(0), went_out(60)).visits

        assert (visit.ended_ms, visit.quality) == (ms(60), Quality.C)

    def test_doubts_the_exit_alone_of_who_followed_out(self) -> None:
        (visit,) = told(a_vehicle(), came_in(0), went_out(60), tailgated(60)).visits

        assert (visit.quality_in, visit.quality) == (Quality.A, Quality.C)

    def test_knows_nothing_of_a_passage_it_never_saw(self) -> None:
        vehicle = told(a_vehicle(), came_in(0), tailgated(1))

        assert vehicle.visits[0].quality is Quality.A
        assert vehicle.cases == []


class TestR22Token:
    def test_stands_for_one_visit(self) -> None:
        vehicle = told(a_vehicle(), came_in(0, plate=TOKEN), went_out(30, plate=TOKEN))

        (visit,) = vehicle.visits
        assert (visit.plate, visit.quality, vehicle.cases) == (TOKEN, Quality.A, [])

    @pytest.mark.parametrize("again", [came_in(40, plate=TOKEN), went_out(40, plate=TOKEN)])
    def test_expires_when_the_vehicle_leaves(self, again: Sighting) -> None:
        vehicle = told(a_vehicle(), came_in(0, plate=TOKEN), went_out(30, plate=TOKEN), again)

        (visit,) = vehicle.visits
        assert [(case.kind, case.stay_id) for case in vehicle.cases] == [(CaseKind.SHOWN_AGAIN, visit.stay_id)]

    def test_lets_nobody_in_while_its_vehicle_is_inside(self) -> None:
        vehicle = told(a_vehicle(), came_in(0, plate=TOKEN), came_in(40, plate=TOKEN), went_out(50, plate=TOKEN))

        (visit,) = vehicle.visits
        assert (visit.started_ms, visit.ended_ms) == (ms(0), ms(50))
        assert [case.kind for case in vehicle.cases] == [CaseKind.SHOWN_AGAIN]

    def test_lives_on_when_the_vehicle_turned_round_at_the_barrier(self) -> None:
        turned = came_in(31, plate=TOKEN, lane=LANE_OUT)
        vehicle = told(a_vehicle(), came_in(0, plate=TOKEN), went_out(30, plate=TOKEN), turned, went_out(60, plate=TOKEN))

        (visit,) = vehicle.visits
        assert (visit.ended_ms, vehicle.cases) == (ms(60), [])


class TestAnyHistory:
    @given(histories(AT_LANE))
    def test_is_tiled_by_runs(self, history: list[Sighting]) -> None:
        runs = told(a_vehicle(), *history).runs

        assert runs[-1].ended_ms is None
        for run, following in itertools.pairwise(runs):
            assert run.started_ms <= following.started_ms
            assert run.ended_ms == following.started_ms

    @given(histories(AT_LANE))
    def test_has_visits_one_after_the_other(self, history: list[Sighting]) -> None:
        visits = told(a_vehicle(), *history).visits

        assert len({visit.stay_id for visit in visits}) == len(visits)
        assert all(visit.ended_ms is not None for visit in visits[:-1])
        assert all(visit.ended_ms is None or visit.started_ms <= visit.ended_ms for visit in visits)
        for visit, following in itertools.pairwise(visits):
            assert (visit.ended_ms or 0) <= following.started_ms

    @given(histories(AT_LANE))
    def test_is_inside_as_long_as_its_visits_last(self, history: list[Sighting]) -> None:
        vehicle = told(a_vehicle(), *history)

        inside = [(run.started_ms, run.ended_ms) for run in vehicle.runs if run.state is State.OCCUPIED]
        assert inside == [(visit.started_ms, visit.ended_ms) for visit in vehicle.visits if visit.started_ms != visit.ended_ms]

    @given(histories(AT_LANE))
    def test_repairs_nothing_in_silence(self, history: list[Sighting]) -> None:
        vehicle = told(a_vehicle(), *history)

        inferred = {visit.stay_id for visit in vehicle.visits if visit.quality is Quality.C}
        assert inferred == {case.stay_id for case in vehicle.cases}
