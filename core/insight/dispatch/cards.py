"""
Cards: everything about one berth at one moment.

What is kept of the present only, the health of devices above all, is asked where the moment is now; of a past moment the
last whole hour before it is told. Amounts are whole fen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from core.billing import prices
from core.billing.prices import NoTariff, PriceBook, TariffVersion
from core.customers import rights
from core.insight.dispatch import berths, healths, notes, states
from core.insight.dispatch.berths import Berth, NoSuchBerth
from core.insight.dispatch.healths import DeviceHealth, Level
from core.insight.dispatch.notes import Note
from core.insight.dispatch.plates import masked_or_none
from core.insight.dispatch.states import BerthState, Flag
from core.kit.db import Row, Tx
from core.kit.moments import ms_of
from core.kit.sql import named
from core.orders import visits
from core.orders.arrears import AFTER
from core.stays import corrections, evidence, pictures
from core.stays.evidence import Brought

__all__ = ["Brought", "Card", "DeviceHealth", "Evidence", "Level", "NoSuchBerth", "OnDuty", "StayNow", "get_card"]

SQL = named("insight/dispatch/cards")

MOST_PICTURES: Final = 24
MOST_STAFF: Final = 8
_SEEN_BEFORE: Final = timedelta(minutes=2)
"""A plate read this long before the sensor noticed the vehicle belongs to it."""


@dataclass(frozen=True, slots=True)
class StayNow:
    """The stay that goes on at the moment. plate None: nobody has read it; price None: no tariff, or nobody to bill."""

    stay_id: UUID
    order_id: UUID | None
    plate: str | None
    plate_colour: str | None
    vehicle_class: str
    started_at: datetime
    is_found: bool
    is_suspect: bool
    length_s: int
    price_fen: int | None
    paid_fen: int
    due_fen: int | None
    arrears_n: int | None
    arrears_fen: int | None


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody on duty at the site; nobody keeps where he stands."""

    staff_no: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One frame that shows the stay; `is_kept` tells whether more than its fingerprint was sent."""

    at: datetime
    source: str
    sha256: str
    is_kept: bool
    plate: str | None


@dataclass(frozen=True, slots=True)
class Card:
    """
    One berth at one moment; `since` is when its state began, None where nobody knows.

    `evidence` is what devices showed of its stay, newest first; `brought` what people had brought of it by then, oldest first.
    """

    at: datetime
    place: Berth
    state: BerthState
    flags: frozenset[Flag]
    since: datetime | None
    stay: StayNow | None
    devices: tuple[DeviceHealth, ...]
    staff: tuple[OnDuty, ...]
    history: tuple[Note, ...]
    evidence: tuple[Evidence, ...]
    brought: tuple[Brought, ...]


def get_card(tx: Tx, *, site: str, space: str, at: datetime, live: bool) -> Card:
    """
    Return the card of a berth; `live` tells that the moment is now.

    Raises:
        NoSuchBerth: no berth has this code at this site.
    """
    berth = berths.get_berth(tx, site=site, space=space, at=at)
    byte = berths.byte_of(tx, berth, at=at, live=live)
    stay = tx.row(SQL["find_stay"], **berth.key, at=at)
    return Card(
        at=at,
        place=berth,
        state=states.state_of(byte),
        flags=states.flags_of(byte),
        since=_since(tx, berth, states.state_of(byte), at=at),
        stay=None if stay is None else _stay(tx, berth, stay, at=at),
        devices=healths.list_healths(tx, berth=berth, at=at, live=live),
        staff=_staff(tx, berth, at=at),
        history=notes.list_notes(tx, berth=berth, at=at),
        evidence=() if stay is None else _evidence(tx, berth, stay["started_at"], at=at),
        brought=() if stay is None else _brought(tx, berth, stay["started_at"], at=at),
    )


def _since(tx: Tx, berth: Berth, state: BerthState, *, at: datetime) -> datetime | None:
    """Return when the state began: with the run that covers the moment, or with the end of the one before."""
    row = tx.row(SQL["find_run"], **berth.key, at=at, from_at=at - timedelta(days=7))
    if row is None or state in {BerthState.UNKNOWN, BerthState.ABSENT}:
        return None
    since: datetime | None = row["began_at"] or row["ended_at"]
    return since


def _stay(tx: Tx, berth: Berth, row: Row, *, at: datetime) -> StayNow:
    order = tx.row(SQL["find_order"], site_id=berth.site_id, started_at=row["started_at"], stay_id=row["stay_id"])
    paid_fen = 0 if order is None else int(tx.value(SQL["paid_so_far"], order_id=order["order_id"], at=at))
    price_fen = _price(tx, berth, row, at=at)
    owed = None if row["vehicle_id"] is None else tx.row(SQL["owed"], vehicle_id=row["vehicle_id"], at=at, before=at - AFTER)
    return StayNow(
        stay_id=row["stay_id"],
        order_id=None if order is None else order["order_id"],
        plate=masked_or_none(row["plate"]),
        plate_colour=row["plate_colour"],
        vehicle_class=row["vehicle_class"],
        started_at=row["started_at"],
        is_found=row["is_found"],
        is_suspect=row["is_suspect"],
        length_s=(at - row["started_at"]) // timedelta(seconds=1),
        price_fen=price_fen,
        paid_fen=paid_fen,
        due_fen=None if price_fen is None else max(0, price_fen - paid_fen),
        arrears_n=None if owed is None else owed["n"],
        arrears_fen=None if owed is None else owed["fen"],
    )


def _price(tx: Tx, berth: Berth, row: Row, *, at: datetime) -> int | None:
    """Return what the stay costs up to the moment; nobody is billed without a plate, nor who may park for nothing."""
    started_ms = ms_of(row["started_at"])
    if row["plate"] is None or _is_free(tx, berth, row, started_ms):
        return None
    try:
        book = prices.price_book(tx, [berth.site_id])
        held = book.versions_in(berth.site_id, row["vehicle_class"], started_ms, ms_of(at), space_id=berth.space_id)
        used_free_ms = _used(tx, book, row["stay_id"], held)
        return prices.price(held, started_ms=started_ms, ended_ms=ms_of(at), used_free_ms=used_free_ms).gross_fen
    except NoTariff:
        return None


def _used(tx: Tx, book: PriceBook, stay_id: UUID, held: Sequence[TariffVersion]) -> Mapping[str, int]:
    """Return what the vehicle had used before of the free time it gets once a day, as claims tell now."""
    found = corrections.find(tx, stay_id) if any(version.rationed for version in held) else None
    return prices.NOTHING_USED if found is None else visits.used_before(tx, book, found[0], held)


def _is_free(tx: Tx, berth: Berth, row: Row, started_ms: int) -> bool:
    return rights.read(tx).at(row["plate"], row["plate_colour"], site_id=berth.site_id, at_ms=started_ms).is_free


def _staff(tx: Tx, berth: Berth, *, at: datetime) -> tuple[OnDuty, ...]:
    rows = tx.rows(SQL["list_on_duty"], site_id=berth.site_id, at=at, limit=MOST_STAFF)
    return tuple(OnDuty(**row) for row in rows)


def _evidence(tx: Tx, berth: Berth, started_at: datetime, *, at: datetime) -> tuple[Evidence, ...]:
    rows = tx.rows(SQL["list_frames"], **berth.key, from_at=started_at - _SEEN_BEFORE, at=at, limit=MOST_PICTURES)
    kept = pictures.kept_of(tx, site_id=berth.site_id, frames=[row["frame_sha256"] for row in rows])
    return tuple(
        Evidence(row["at"], row["source"], frame.hex(), is_kept=frame in kept, plate=masked_or_none(row["plate"]))
        for row in rows
        for frame in [row["frame_sha256"]]
    )


def _brought(tx: Tx, berth: Berth, started_at: datetime, *, at: datetime) -> tuple[Brought, ...]:
    around = {"from_at": started_at - _SEEN_BEFORE, "to_at": at}
    found = evidence.list_of_subject(tx, site_id=berth.site_id, subject_id=berth.space_id, **around)
    return tuple(one for one in found if one.at <= at)
