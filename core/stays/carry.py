"""The tail of a timeline as it rests in the database between two batches: compact JSON, read and written here only."""

from typing import Any
from uuid import UUID

import orjson

from core.stays.rules.lane import LaneTimeline
from core.stays.rules.plates import Plate
from core.stays.rules.sightings import CloseReason, Kind, Quality, Run, Sighting, State, Timeline, Visit
from core.stays.rules.space import SpaceTimeline

KEEP_RUNS = 4
KEEP_VISITS = 2


def packed(timeline: Timeline, *, kind: Kind | None, late_ms: int | None, born_ms: int) -> str:
    """Return the tail as JSON text. kind belongs to the last sighting, late_ms to the newest late one."""
    waiting = timeline.waiting_read if isinstance(timeline, SpaceTimeline) else None
    return orjson.dumps({
        "r": [(run.state.value, run.started_ms, run.ended_ms) for run in timeline.runs[-KEEP_RUNS:]],
        "v": [_visit_out(visit) for visit in timeline.visits[-KEEP_VISITS:]],
        "w": None if waiting is None else (waiting.at_ms, waiting.event_id.hex, tuple(waiting.plate or ()), waiting.votes),
        "k": kind,
        "l": late_ms,
        "b": born_ms,
    }).decode()  # fmt: skip


def unpacked(site_id: UUID, subject_id: UUID, subject_kind: str, carry: dict[str, Any]) -> Timeline:
    """Return the timeline its tail describes."""
    runs = [Run(State(state), started_ms, ended_ms) for state, started_ms, ended_ms in carry["r"]]
    visits = [_visit_in(packed_visit) for packed_visit in carry["v"]]
    if subject_kind == "vehicle":
        return LaneTimeline(site_id, subject_id, runs, visits)
    waiting = carry["w"]
    return SpaceTimeline(
        site_id,
        subject_id,
        runs,
        visits,
        None if waiting is None else Sighting(
            waiting[0], Kind.PLATE, UUID(waiting[1]), plate=Plate(*waiting[2]), votes=waiting[3]
        ),
    )  # fmt: skip


def fresh(site_id: UUID, subject_id: UUID, subject_kind: str, *, at_ms: int, state: State | None = None) -> Timeline:
    """Return a timeline without history: a vehicle is elsewhere, a space is unknown until somebody speaks of it."""
    if subject_kind == "vehicle":
        return LaneTimeline(site_id, subject_id, [Run(State.FREE, at_ms)], [])
    return SpaceTimeline(site_id, subject_id, [Run(state or State.UNKNOWN, at_ms)], [])


def _visit_out(visit: Visit) -> tuple[object, ...]:
    return (
        visit.stay_id.hex, visit.started_ms, visit.in_event_id.hex, visit.seen_ms, visit.quality_in.value, visit.ended_ms,
        visit.out_event_id.hex if visit.out_event_id else None, visit.quality.value,
        visit.reason.value if visit.reason else None, visit.is_suspect, visit.is_found,
        [(tuple(plate), votes, last_ms) for plate, votes, last_ms in visit.reads],
        visit.out_lane_id.hex if visit.out_lane_id else None, visit.timely,
    )  # fmt: skip


def _visit_in(fields: list[Any]) -> Visit:
    (stay_id, started_ms, in_event, seen_ms, quality_in, ended_ms, out_event, quality, reason, suspect, found, reads, lane,
     timely) = fields  # fmt: skip
    return Visit(
        stay_id=UUID(stay_id),
        started_ms=started_ms,
        in_event_id=UUID(in_event),
        seen_ms=seen_ms,
        quality_in=Quality(quality_in),
        ended_ms=ended_ms,
        out_event_id=UUID(out_event) if out_event else None,
        quality=Quality(quality),
        reason=CloseReason(reason) if reason else None,
        is_suspect=suspect,
        is_found=found,
        reads=[(Plate(*plate), votes, last_ms) for plate, votes, last_ms in reads],
        out_lane_id=UUID(lane) if lane else None,
        timely=tuple((start, end) for start, end in timely),
    )
