"""
Past stays: what happened before the system watched, written in bulk. `core.finance.past.record` adds claims and money.

Tables stay, occupancy_interval, vehicle, hour_delta, day_delta, length_delta. A stay that is known already changes
nothing, so every load can be repeated. Seconds are whole seconds between rounded-down ends, so that runs cut at hours
add up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from core.kit.clock import city_zone
from core.kit.db import Tx
from core.kit.ids import derived_id
from core.kit.money import Fen
from core.kit.sql import named
from core.stays.rules.plates import Plate
from core.stays.storing import save_vehicles, vehicle_of

SQL = named("stays/past")
TIMELINES = named("stays/timelines")

_STAY: Final = (
    "uuid", "uuid", "uuid", "text", "timestamptz", "timestamptz", "uuid", "text", "text", "text", "text", "text", "text",
    "text",
)  # fmt: skip
_UNKNOWN: Final = ("uuid", "uuid", "timestamptz", "timestamptz")


@dataclass(frozen=True, slots=True)
class PastPayment:
    """Money that came for one stay; before its end it is a prepayment."""

    channel: str
    trade_no: str
    fen: Fen
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class PastStay:
    """
    One stay that is over.

    `origin` is "history" or "import"; an imported stay is named by its `source_row`. `gross_fen` None means that no
    claim exists, which is not the same as a claim over nothing.
    """

    site_id: UUID
    subject_id: UUID
    subject_kind: str
    started_at: datetime
    ended_at: datetime
    plate: str | None
    plate_colour: str | None
    vehicle_class: str
    quality: str
    origin: str
    source_row: str | None
    note: str | None
    gross_fen: Fen | None
    tariff_version_id: UUID | None
    payments: tuple[PastPayment, ...]

    @property
    def stay_id(self) -> UUID:
        """Return the id that makes a repeat of this stay the same stay."""
        if self.source_row is not None:
            return imported_id(self.site_id, self.source_row)
        return derived_id("stay", self.site_id, self.subject_id, self.started_at.astimezone(UTC).isoformat())

    @property
    def vehicle_id(self) -> UUID | None:
        """Return the vehicle, None where nobody read the plate."""
        return None if self.plate is None else vehicle_of(Plate(self.plate, self.plate_colour or "unknown"))


@dataclass(frozen=True, slots=True)
class PastUnknown:
    """A run in which nobody knew whether a space was taken."""

    site_id: UUID
    subject_id: UUID
    started_at: datetime
    ended_at: datetime


@lru_cache(maxsize=65_536)
def imported_id(site_id: UUID, source_row: str) -> UUID:
    """Return the id of a stay that came from a file, named by its row."""
    return derived_id("stay", site_id, source_row)


def make_months(tx: Tx, stays: Iterable[PastStay], unknowns: Iterable[PastUnknown] = ()) -> None:
    """Make the partitions these facts fall into where they are missing; that blocks other writers until the commit."""
    days = {moment.astimezone(UTC).date() for stay in stays for moment in (stay.started_at, stay.ended_at)}
    days |= {paid.paid_at.astimezone(UTC).date() for stay in stays for paid in stay.payments}
    days |= {run.started_at.astimezone(UTC).date() for run in unknowns}
    months: set[date] = {day.replace(day=1) for day in days}
    tx.rows(SQL["make_months"], months=sorted(months))


def add(tx: Tx, *, stays: Iterable[PastStay], unknowns: Sequence[PastUnknown] = ()) -> dict[UUID, PastStay]:
    """
    Add stays with their runs and counts; return by id those that were new.

    Partitions stand and the locks of the sites are held; of two stays with one id the first counts.
    """
    fresh: dict[UUID, PastStay] = {}
    for stay in stays:
        fresh.setdefault(stay.stay_id, stay)
    _stage(tx, fresh, unknowns)
    for known in tx.rows(SQL["add_stays"]):
        del fresh[known["stay_id"]]
    save_vehicles(tx, {Plate(stay.plate, stay.plate_colour or "unknown") for stay in fresh.values() if stay.plate is not None})
    tx.run(SQL["add_runs"])
    tx.run(SQL["add_hours"])
    tx.run(SQL["add_days"], zone=city_zone().key)
    tx.run(SQL["add_lengths"], zone=city_zone().key)
    return fresh


def _stage(tx: Tx, stays: Mapping[UUID, PastStay], unknowns: Iterable[PastUnknown]) -> None:
    """Fill the staging tables of this connection; what an earlier batch of this transaction left there goes first."""
    tx.run(SQL["stage_stays"])
    tx.run(SQL["stage_unknowns"])
    tx.run(SQL["clear_stays"])
    tx.run(SQL["clear_unknowns"])
    rows = (
        (
            stay.site_id, stay_id, stay.subject_id, stay.subject_kind, stay.started_at, stay.ended_at, stay.vehicle_id,
            stay.plate, stay.plate_colour, stay.vehicle_class, stay.quality, stay.origin, stay.source_row, stay.note,
        )
        for stay_id, stay in stays.items()
    )  # fmt: skip
    tx.copy_in(SQL["copy_stays"], rows, _STAY)
    tx.copy_in(SQL["copy_unknowns"], ((run.site_id, run.subject_id, run.started_at, run.ended_at) for run in unknowns), _UNKNOWN)
