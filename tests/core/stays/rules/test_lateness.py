"""Folding anew: the order of arrival never matters, and what came late is set beside what was known in time (R2, R8)."""

from dataclasses import asdict
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.stays.rules.lateness import refold
from core.stays.rules.sightings import CaseKind, Sighting, Timeline
from tests.core.stays.rules.seen import (
    AT_LANE,
    AT_SPACE,
    BLUE,
    TAXI,
    a_space,
    a_vehicle,
    freed,
    histories,
    ms,
    occupied,
    read,
    told,
)


def without_lateness(timeline: Timeline) -> dict[str, object]:
    """Return a timeline without what only folding anew can know."""
    for visit in timeline.visits:
        visit.timely = ()
    timeline.cases = [case for case in timeline.cases if case.kind is not CaseKind.LATE_EVENT]
    return asdict(timeline)


class TestRefold:
    @given(histories(AT_SPACE, late=True), st.randoms())
    def test_of_a_space_is_the_same_in_any_order(self, history: list[Sighting], dice: Random) -> None:
        shuffled = dice.sample(history, len(history))

        assert refold(a_space, shuffled) == refold(a_space, history)

    @given(histories(AT_SPACE, late=True))
    def test_of_a_space_is_the_fold_one_by_one(self, history: list[Sighting]) -> None:
        assert without_lateness(refold(a_space, history)) == asdict(told(a_space(), *history))

    @given(histories(AT_LANE, late=True), st.randoms())
    def test_of_a_vehicle_is_the_same_in_any_order(self, history: list[Sighting], dice: Random) -> None:
        shuffled = dice.sample(history, len(history))

        assert refold(a_vehicle, shuffled) == refold(a_vehicle, history)

    @given(histories(AT_LANE, late=True))
    def test_of_a_vehicle_is_the_fold_one_by_one(self, history: list[Sighting]) -> None:
        assert without_lateness(refold(a_vehicle, history)) == asdict(told(a_vehicle(), *history))

    @given(histories(AT_SPACE))
    def test_has_nothing_to_compare_where_nothing_was_late(self, history: list[Sighting]) -> None:
        space = refold(a_space, history)

        assert all(visit.timely == () for visit in space.visits)
        assert CaseKind.LATE_EVENT not in {case.kind for case in space.cases}

    def test_names_what_an_earlier_start_that_came_late_has_lengthened(self) -> None:
        space = refold(a_space, [occupied(-30, late=True), occupied(0, repeat=True), freed(60)])

        (visit,) = space.visits
        assert (visit.started_ms, visit.ended_ms) == (ms(-30), ms(60))
        assert visit.timely == ((ms(0), ms(60)),)
        assert [(case.kind, case.stay_id) for case in space.cases] == [(CaseKind.LATE_EVENT, visit.stay_id)]

    def test_names_both_visits_that_a_late_message_joined(self) -> None:
        space = refold(a_space, [occupied(0), freed(30), occupied(30.2, late=True), occupied(40), freed(60)])

        (visit,) = space.visits
        assert visit.timely == ((ms(0), ms(30)), (ms(40), ms(60)))

    def test_says_nothing_of_a_late_message_that_changed_no_end(self) -> None:
        space = refold(a_space, [occupied(0), read(10, plate=BLUE, late=True), freed(60)])

        assert space.visits[0].timely == ()
        assert space.cases == []

    def test_says_nothing_of_a_visit_that_would_still_be_open(self) -> None:
        assert refold(a_space, [occupied(0), freed(60, late=True)]).visits[0].timely == ()

    def test_names_for_both_parts_the_visit_that_a_late_plate_has_split(self) -> None:
        history = [occupied(0), read(10, plate=BLUE), read(40, plate=TAXI, late=True), freed(60)]

        first, second = refold(a_space, history).visits

        assert first.timely == second.timely == ((ms(0), ms(60)),)

    @pytest.mark.parametrize("late", [True, False])
    def test_keeps_the_stay_where_its_beginning_is_the_same(self, late: bool) -> None:
        told_now = refold(a_space, [occupied(0), freed(60, late=late)])

        assert told_now.visits[0].stay_id == told(a_space(), occupied(0)).visits[0].stay_id
