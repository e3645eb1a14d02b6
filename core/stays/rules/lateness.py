"""Fold a whole window twice, with and without late messages, so that lateness never raises a price (R2, R8)."""

from collections.abc import Callable, Sequence

from core.stays.rules.sightings import Case, CaseKind, Sighting, Timeline, Visit


def refold(start: Callable[[], Timeline], sightings: Sequence[Sighting]) -> Timeline:
    """
    Return the timeline that all sightings tell, from a fresh start; the order they come in does not matter.

    Where late ones changed a visit that would have been closed without them, the visit names what it would have been.
    """
    ordered = sorted(sightings)
    told = _folded(start(), ordered)
    if any(sighting.is_late for sighting in ordered):
        timely = _folded(start(), [sighting for sighting in ordered if not sighting.is_late])
        for visit in told.visits:
            visit.timely = _what_was_known(visit, timely.visits)
            if visit.timely:
                told.cases.append(Case(CaseKind.LATE_EVENT, visit.in_event_id, visit.started_ms, visit.plate, visit.stay_id))
    return told


def _folded(timeline: Timeline, ordered: Sequence[Sighting]) -> Timeline:
    for sighting in ordered:
        timeline.apply(sighting)
    return timeline


def _what_was_known(visit: Visit, timely: Sequence[Visit]) -> tuple[tuple[int, int], ...]:
    """Return the closed visits the timely messages alone would have billed in its place; empty if nothing differs."""
    if visit.ended_ms is None:
        return ()
    known: list[tuple[int, int]] = []
    for other in timely:
        if other.started_ms >= visit.ended_ms or (other.ended_ms or visit.ended_ms) <= visit.started_ms:
            continue
        if other.ended_ms is None:
            return ()
        known.append((other.started_ms, other.ended_ms))
    return () if known == [(visit.started_ms, visit.ended_ms)] else tuple(known)
