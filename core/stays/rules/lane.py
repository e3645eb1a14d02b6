"""
Fold the passages of one vehicle at one gated site into its visits.

Rules met here: R9 a missing exit is closed by the next entry and never blocks it, R10 an exit without an entry leaves a
visit of no length for review, R13 the same lane crossed back at once reopens, R14 paired cameras count once, R15 who
followed another vehicle through is suspect and never billed by itself, R22 a token stands for one visit and no other.
"""

from dataclasses import dataclass
from typing import Final

from core.stays.rules.plates import NO_PLATE, Plate
from core.stays.rules.sightings import Case, CaseKind, CloseReason, Kind, Quality, Read, Run, Sighting, State, Timeline, Visit

PAIR_MS: Final = 60_000
"""The same plate the same way within this time is the same passage (R14)."""
REOPEN_MS: Final = 120_000
"""Back in over the exit lane within this time: the vehicle never left (R13)."""


@dataclass(slots=True)
class LaneTimeline(Timeline):
    """The tail of one vehicle's history at one gated site."""

    plate: Plate | None = None

    def __post_init__(self) -> None:
        """Keep the runs of the visits at hand alone: those of older ones are settled, and not ours to withdraw."""
        self._refresh_runs()

    def apply(self, sighting: Sighting) -> None:
        """Fold one passage; it must not sort before one folded earlier."""
        if sighting.kind is Kind.TAILGATED:
            self._tailgated(sighting)
        elif sighting.kind is Kind.IN:
            self._in(sighting)
        else:
            self._out(sighting)
        self._refresh_runs()

    def _in(self, sighting: Sighting) -> None:
        visit = self.visit
        if visit is not None and sighting.at_ms - visit.started_ms <= PAIR_MS:
            visit.seen_ms = sighting.at_ms
            return
        if visit is None and self._is_reversal(sighting):
            self.visits[-1].reopen()
            return
        if self._is_spent(sighting):
            return
        if visit is not None:
            self.cases.append(Case(CaseKind.MISSING_OUT, visit.in_event_id, sighting.at_ms, self.plate, visit.stay_id))
            visit.end(sighting.at_ms, sighting.event_id, CloseReason.NEXT_ENTRY, Quality.C)
        self.visits.append(self._begun(sighting, Quality.A))

    def _out(self, sighting: Sighting) -> None:
        visit = self.visit
        if visit is not None:
            visit.end(sighting.at_ms, sighting.event_id, CloseReason.OBSERVED_EXIT, Quality.A)
            visit.out_lane_id = sighting.lane_id
            return
        last = self.visits[-1] if self.visits else None
        if last is not None and sighting.at_ms - (last.ended_ms or 0) <= PAIR_MS:
            return
        if self._is_spent(sighting):
            return
        unseen = self._begun(sighting, Quality.C)
        unseen.end(sighting.at_ms, sighting.event_id, CloseReason.MISSING_ENTRY, Quality.C)
        self.visits.append(unseen)
        self.cases.append(Case(CaseKind.MISSING_IN, sighting.event_id, sighting.at_ms, self.plate, unseen.stay_id))

    def _tailgated(self, sighting: Sighting) -> None:
        """Doubt the end of the visit at which the vehicle followed another one through (R15)."""
        visit = next((visit for visit in reversed(self.visits) if sighting.at_ms in {visit.started_ms, visit.ended_ms}), None)
        if visit is None:
            return
        if visit.started_ms == sighting.at_ms:
            visit.quality_in = Quality.C
            visit.is_suspect = visit.ended_ms is None
        visit.quality = Quality.C
        self.cases.append(Case(CaseKind.TAILGATING, sighting.event_id, sighting.at_ms, sighting.plate, visit.stay_id))

    def _is_spent(self, sighting: Sighting) -> bool:
        """Tell whether a token is shown that has its visit already, which somebody should look at (R22)."""
        if not self.visits or sighting.plate is None or sighting.plate.colour != NO_PLATE:
            return False
        stay_id = self.visits[-1].stay_id
        self.cases.append(Case(CaseKind.SHOWN_AGAIN, sighting.event_id, sighting.at_ms, sighting.plate, stay_id))
        return True

    def _is_reversal(self, sighting: Sighting) -> bool:
        last = self.visits[-1] if self.visits else None
        return (
            last is not None
            and last.reason is CloseReason.OBSERVED_EXIT
            and last.out_lane_id is not None
            and last.out_lane_id == sighting.lane_id
            and sighting.at_ms - (last.ended_ms or 0) <= REOPEN_MS
        )

    def _begun(self, sighting: Sighting, quality: Quality) -> Visit:
        visit = self.begun(sighting, quality)
        if sighting.plate is not None:
            self.plate = sighting.plate
            visit.reads.append(Read(sighting.plate, sighting.votes, sighting.at_ms, sighting.source))
        return visit

    def _refresh_runs(self) -> None:
        """Derive the runs from the visits: inside during each, elsewhere between."""
        runs: list[Run] = []
        for visit in self.visits:
            if runs and runs[-1].state is State.FREE:
                runs[-1].ended_ms = visit.started_ms
            if visit.ended_ms != visit.started_ms:
                runs.append(Run(State.OCCUPIED, visit.started_ms, visit.ended_ms))
            if visit.ended_ms is not None:
                runs.append(Run(State.FREE, visit.ended_ms))
        self.runs = runs or [Run(State.FREE, self.since_ms)]
