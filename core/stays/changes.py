"""What a fold changed, for those who price, book and count."""

from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from core.kit.db import Row
from core.kit.moments import ms_of
from core.stays.rules.plates import Plate
from core.stays.rules.sightings import CloseReason, Quality, Visit


class StayRow(NamedTuple):
    """A stay as it is stored. Instants are whole milliseconds; ended_ms None means open."""

    site_id: UUID
    stay_id: UUID
    started_ms: int
    ended_ms: int | None
    subject_id: UUID
    subject_kind: str
    plate: Plate | None
    quality: Quality
    reason: CloseReason | None
    is_suspect: bool
    in_event_id: UUID | None
    out_event_id: UUID | None
    is_found: bool = False  # found standing there: no arrival that anybody saw
    timely: tuple[tuple[int, int], ...] = ()  # what it would have been without late messages; empty: the same
    billed_ms: int | None = None  # the start that is billed, where a person corrected it
    is_void: bool = False  # a person said that it was none

    @property
    def billed_from_ms(self) -> int:
        """Return when what is billed begins."""
        start_ms = self.started_ms if self.billed_ms is None else self.billed_ms
        return start_ms if self.ended_ms is None else min(start_ms, self.ended_ms)

    @property
    def state(self) -> str:
        """Return the physical state: open, suspect or closed; or void."""
        if self.is_void:
            return "void"
        if self.ended_ms is not None:
            return "closed"
        return "suspect" if self.is_suspect else "open"


def row_of(site_id: UUID, subject_id: UUID, subject_kind: str, visit: Visit) -> StayRow:
    """Return the stored form of a visit."""
    return StayRow(
        site_id, visit.stay_id, visit.started_ms, visit.ended_ms, subject_id, subject_kind, visit.plate, visit.quality,
        visit.reason, visit.is_suspect, visit.in_event_id, visit.out_event_id, visit.is_found, visit.timely,
    )  # fmt: skip


def stay_from(row: Row) -> StayRow:
    """Return the stay that a row of table stay holds."""
    timely_ms = row["timely_ms"] or ()
    return StayRow(
        row["site_id"],
        row["stay_id"],
        ms_of(row["started_at"]),
        None if row["ended_at"] is None else ms_of(row["ended_at"]),
        row["subject_id"],
        row["subject_kind"],
        Plate(row["plate"], row["plate_colour"]) if row["plate"] else None,
        Quality(row["quality"]),
        CloseReason(row["close_reason"]) if row["close_reason"] else None,
        row["state"] == "suspect",
        row["in_event_id"],
        row["out_event_id"],
        row["is_found"],
        tuple(zip(timely_ms[::2], timely_ms[1::2], strict=True)),
        None if row["billed_from"] is None else ms_of(row["billed_from"]),
        row["state"] == "void",
    )


class StayChange(NamedTuple):
    """A stay before and after; None where there was, or is, none."""

    before: StayRow | None
    after: StayRow | None


class RunChange(NamedTuple):
    """A closed run of occupied or unknown that appeared (sign 1) or was withdrawn (sign -1)."""

    site_id: UUID
    subject_id: UUID
    subject_kind: str
    state: str
    started_ms: int
    ended_ms: int
    stay_id: UUID | None
    sign: int


@dataclass(slots=True)
class Changes:
    """Everything one batch changed."""

    stays: list[StayChange] = field(default_factory=list)
    runs: list[RunChange] = field(default_factory=list)
