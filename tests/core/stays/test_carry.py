"""The tail of a timeline as it rests between two batches: as good as the whole."""

import orjson
from hypothesis import given

from core.stays.carry import packed, renamed, unpacked
from core.stays.changes import StayRow, row_of
from core.stays.rules.sightings import Sighting, State, Timeline
from tests.core.stays.rules.seen import AT_LANE, AT_SPACE, a_space, a_vehicle, came_in, histories, told, went_out

Runs = set[tuple[State, int, int]]


def closed_runs(timeline: Timeline) -> Runs:
    """Return the runs of a timeline that are stored: closed, and of another state than free."""
    return {
        (run.state, run.started_ms, run.ended_ms)
        for run in timeline.runs
        if run.ended_ms is not None and run.state is not State.FREE and run.ended_ms > run.started_ms
    }


def stays(timeline: Timeline, kind: str) -> list[StayRow]:
    return [row_of(timeline.site_id, timeline.subject_id, kind, visit) for visit in timeline.visits]


def stored_step_by_step(timeline: Timeline, kind: str, history: list[Sighting]) -> tuple[list[StayRow], Runs, Timeline]:
    """Fold each sighting from the stored tail, and apply to what is stored only what the tail says has changed."""
    rows: dict[object, StayRow] = {}
    runs: Runs = set()
    for sighting in history:
        tail = packed(timeline, kind=None, late_ms=None, born_ms=0)
        timeline = unpacked(timeline.site_id, timeline.subject_id, kind, orjson.loads(tail))
        before = closed_runs(timeline)
        timeline.apply(sighting)
        after = closed_runs(timeline)
        runs = runs - (before - after) | (after - before)
        rows |= {stay.stay_id: stay for stay in stays(timeline, kind)}
    return list(rows.values()), runs, timeline


class TestRenamed:
    def test_changes_the_plates_of_visits_that_began_in_a_period_and_are_over(self) -> None:
        over = told(a_vehicle(), came_in(0), went_out(60), came_in(120), went_out(180), came_in(240))
        carry = orjson.loads(packed(over, kind=None, late_ms=None, born_ms=0))
        first, second = (visit.started_ms for visit in over.visits[-2:])
        plate = over.visits[-1].reads[0].plate

        def named(from_ms: int, to_ms: int) -> list[str]:
            tail = renamed(carry, from_ms=from_ms, to_ms=to_ms, rename=lambda plate: plate._replace(text="~"))
            return [visit.reads[0].plate.text for visit in unpacked(over.site_id, over.subject_id, "vehicle", tail).visits]

        assert named(first, second) == ["~", plate.text]
        assert named(second, second + 1) == [plate.text, plate.text], "it has not ended"
        assert named(0, first) == [plate.text, plate.text]


class TestUnpacked:
    @given(histories(AT_SPACE))
    def test_goes_on_with_a_space_as_the_whole_would(self, history: list[Sighting]) -> None:
        whole = told(a_space(), *history)

        rows, runs, tail = stored_step_by_step(a_space(), "space", history)

        assert rows == stays(whole, "space")
        assert runs == closed_runs(whole)
        assert (tail.state, tail.since_ms) == (whole.state, whole.since_ms)

    @given(histories(AT_LANE))
    def test_goes_on_with_a_vehicle_as_the_whole_would(self, history: list[Sighting]) -> None:
        whole = told(a_vehicle(), *history)

        rows, runs, tail = stored_step_by_step(a_vehicle(), "vehicle", history)

        assert rows == stays(whole, "vehicle")
        assert runs == closed_runs(whole)
        assert tail.state == whole.state

    def test_forgets_no_visit_for_exits_that_nobody_saw_enter(self) -> None:
        history = [came_in(0), went_out(60), went_out(120), went_out(180), came_in(240)]

        _, runs, _ = stored_step_by_step(a_vehicle(), "vehicle", history)

        assert runs == closed_runs(told(a_vehicle(), *history))
