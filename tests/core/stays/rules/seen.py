"""Sightings for tests: what was seen of one space or one vehicle, minutes after the morning began."""

import itertools
from collections.abc import Sequence
from functools import partial
from typing import TypeVar
from uuid import UUID

from hypothesis import strategies as st

from core.kit.ids import derived_id
from core.stays.carry import fresh
from core.stays.rules.lane import LaneTimeline
from core.stays.rules.plates import NO_PLATE, Plate
from core.stays.rules.sightings import Kind, Sighting, Source, State, Timeline
from core.stays.rules.space import SpaceTimeline

MORNING_MS = 1_795_000_000_000
SITE, SPACE, VEHICLE = derived_id("site"), derived_id("space"), derived_id("vehicle")
LANE_IN, LANE_OUT = derived_id("lane", "in"), derived_id("lane", "out")
BLUE, TAXI, GREEN = Plate("江A12345", "blue"), Plate("江B98760", "blue"), Plate("江AD12345", "green")
BLUE_MISREAD = Plate("江A1Z345", "blue")
TOKEN = Plate("T0000417", NO_PLATE)

TimelineT = TypeVar("TimelineT", bound=Timeline)


def ms(minute: float) -> int:
    """Return the instant so many minutes after the morning began."""
    return MORNING_MS + round(minute * 60_000)


def seen(
    kind: Kind,
    minute: float,
    *,
    plate: Plate | None = None,
    votes: int = 1,
    repeat: bool = False,
    late: bool = False,
    lane: UUID | None = None,
    source: Source | None = None,
) -> Sighting:
    """Return one sighting; its event follows from kind and minute. Who does not say so reads on foot, or is a magnetometer."""
    source = source or (Source.HANDHELD if kind is Kind.PLATE else Source.MAGNET)
    return Sighting(ms(minute), kind, derived_id("event", kind.name, str(minute)), repeat, late, plate, votes, lane, source)


occupied = partial(seen, Kind.OCCUPIED)
freed = partial(seen, Kind.FREED)
read = partial(seen, Kind.PLATE)
silent = partial(seen, Kind.SILENT)
came_in = partial(seen, Kind.IN, plate=BLUE, lane=LANE_IN)
went_out = partial(seen, Kind.OUT, plate=BLUE, lane=LANE_OUT)
tailgated = partial(seen, Kind.TAILGATED, plate=BLUE)


def a_space(state: State = State.FREE) -> SpaceTimeline:
    """Return a space that has been in a state since an hour before the morning."""
    timeline = fresh(SITE, SPACE, "space", at_ms=ms(-60), state=state)
    assert isinstance(timeline, SpaceTimeline)
    return timeline


def a_vehicle() -> LaneTimeline:
    """Return a vehicle that has not been here."""
    timeline = fresh(SITE, VEHICLE, "vehicle", at_ms=ms(-60))
    assert isinstance(timeline, LaneTimeline)
    return timeline


def told(timeline: TimelineT, *sightings: Sighting) -> TimelineT:
    """Let a timeline see these, one after the other."""
    for sighting in sightings:
        timeline.apply(sighting)
    return timeline


GAPS_MS = st.sampled_from([0, 1, 5_000, 19_999, 20_000, 59_000, 61_000, 119_000, 121_000, 600_000, 7_200_000])
"""Time between two sightings, on both sides of every threshold."""


@st.composite
def histories(draw: st.DrawFn, kinds: Sequence[Kind], *, late: bool = False) -> list[Sighting]:
    """Draw the sightings of one timeline, in the order they sort."""
    gaps = draw(st.lists(GAPS_MS, min_size=1, max_size=14))
    return sorted(_drawn(draw, at_ms, number, kinds, late=late) for number, at_ms in enumerate(itertools.accumulate(gaps)))


def _drawn(draw: st.DrawFn, at_ms: int, number: int, kinds: Sequence[Kind], *, late: bool) -> Sighting:
    kind = draw(st.sampled_from(kinds))
    plates = st.sampled_from([BLUE, BLUE_MISREAD, TAXI, GREEN])
    is_at_lane = kind in {Kind.IN, Kind.OUT}
    return Sighting(
        at_ms=MORNING_MS + at_ms,
        kind=kind,
        event_id=UUID(int=number),
        is_repeat=draw(st.booleans()) if kind in {Kind.OCCUPIED, Kind.FREED} else False,
        is_late=draw(st.booleans()) if late else False,
        plate=BLUE if is_at_lane else None if kind is Kind.SILENT else draw(plates if kind is Kind.PLATE else plates | st.none()),
        votes=draw(st.integers(1, 3)),
        lane_id=draw(st.sampled_from([LANE_IN, LANE_OUT])) if is_at_lane else None,
        source=Source.MAGNET if is_at_lane else draw(READERS if kind is Kind.PLATE else WATCHERS),
    )


READERS = st.sampled_from([Source.HANDHELD, Source.PATROL])
WATCHERS = st.sampled_from([Source.MAGNET, Source.LOOP, Source.LOCK, Source.BOLLARD, Source.VIDEO])
AT_SPACE = (Kind.OCCUPIED, Kind.FREED, Kind.PLATE, Kind.SILENT)
AT_LANE = (Kind.IN, Kind.OUT)
