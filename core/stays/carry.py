"""The tail of a timeline as it rests in the database between two batches: compact JSON, read and written here only."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

import orjson

from core.stays.rules.lane import LaneTimeline
from core.stays.rules.plates import Plate
from core.stays.rules.sightings import CloseReason, Kind, Quality, Read, Run, Sighting, Source, State, Timeline, Visit
from core.stays.rules.space import SpaceTimeline

KEEP_RUNS = 4
KEEP_VISITS = 2
_STARTED_MS: Final = 1
_ENDED_MS: Final = 5
_READS: Final = 11
"""Places of a visit as `_visit_out` packs it."""


def packed(timeline: Timeline, *, kind: Kind | None, late_ms: int | None, born_ms: int) -> str:
    """Return the tail as JSON text. kind belongs to the last sighting, late_ms to the newest late one."""
    waiting = timeline.waiting_read if isinstance(timeline, SpaceTimeline) else None
    return orjson.dumps({
        "r": [(run.state.value, run.started_ms, run.ended_ms) for run in timeline.runs[-KEEP_RUNS:]],
        "v": [_visit_out(visit) for visit in timeline.visits[-KEEP_VISITS:]],
        "w": None if waiting is None else (
            waiting.at_ms, waiting.event_id.hex, tuple(waiting.plate or ()), waiting.votes, waiting.source
        ),
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
    return SpaceTimeline(site_id, subject_id, runs, visits, None if carry["w"] is None else _waiting_in(carry["w"]))


def _waiting_in(fields: list[Any]) -> Sighting:
    """Return the read that waits; those stored before there were other readers were a collector's."""
    at_ms, event, plate, votes, *source = fields
    return Sighting(at_ms, Kind.PLATE, UUID(event), plate=Plate(*plate), votes=votes, source=_source_in(source))


def _source_in(stored: list[str]) -> Source:
    return Source(stored[0]) if stored else Source.HANDHELD


def fresh(site_id: UUID, subject_id: UUID, subject_kind: str, *, at_ms: int, state: State | None = None) -> Timeline:
    """Return a timeline without history: a vehicle is elsewhere, a space is unknown until somebody speaks of it."""
    if subject_kind == "vehicle":
        return LaneTimeline(site_id, subject_id, [Run(State.FREE, at_ms)], [])
    return SpaceTimeline(site_id, subject_id, [Run(state or State.UNKNOWN, at_ms)], [])


def renamed(carry: dict[str, Any], *, from_ms: int, to_ms: int, rename: Callable[[Plate], Plate]) -> dict[str, Any]:
    """Return a tail in which plates of a period have other names: of visits that began and are over, and of a read that waits."""
    visits = [
        [*visit[:_READS], [[[*rename(Plate(*plate))], *rest] for plate, *rest in visit[_READS]], *visit[_READS + 1 :]]
        if from_ms <= visit[_STARTED_MS] < to_ms and visit[_ENDED_MS] is not None
        else visit
        for visit in carry["v"]
    ]
    waiting = carry["w"]
    if waiting is not None and from_ms <= waiting[0] < to_ms:
        at_ms, event, plate, *rest = waiting
        waiting = [at_ms, event, [*rename(Plate(*plate))], *rest]
    return {**carry, "v": visits, "w": waiting}


def _visit_out(visit: Visit) -> tuple[object, ...]:
    return (
        visit.stay_id.hex, visit.started_ms, visit.in_event_id.hex, visit.seen_ms, visit.quality_in.value, visit.ended_ms,
        visit.out_event_id.hex if visit.out_event_id else None, visit.quality.value,
        visit.reason.value if visit.reason else None, visit.is_suspect, visit.is_found,
        [(tuple(read.plate), read.votes, read.last_ms, read.source) for read in visit.reads],
        visit.out_lane_id.hex if visit.out_lane_id else None, visit.timely, visit.is_contested,
    )  # fmt: skip


def _visit_in(fields: list[Any]) -> Visit:
    (stay_id, started_ms, in_event, seen_ms, quality_in, ended_ms, out_event, quality, reason, suspect, found, reads, lane,
     timely, *contested) = fields  # fmt: skip
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
        reads=[Read(Plate(*plate), votes, last_ms, _source_in(source)) for plate, votes, last_ms, *source in reads],
        out_lane_id=UUID(lane) if lane else None,
        timely=tuple((start, end) for start, end in timely),
        is_contested=bool(contested and contested[0]),
    )
