"""
States: one byte for every berth at any moment.

Low three bits: the state; above them, what calls for attention. A berth is free only where its street was heard around the
moment and nothing says otherwise; what nobody knows is unknown (never heard), faulty or offline, never free. Streets brought
in from files are absent except around the moments their files speak of.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from core.insight import takings, windows
from core.kit.db import Row, Tx
from core.kit.locale import Lazy, _l
from core.kit.sql import named
from core.places import deployments
from core.upkeep.alarms import Limits

SQL = named("insight/dispatch/states")

LIMITS: Final = Limits()
BATTERY_LOW_MV: Final = 3_200
"""Below this a sensor's battery is to be changed (wall.md 4.5)."""
DISAGREE_FOR: Final = timedelta(minutes=30)
"""How long a plate read on a space that its sensor called free is held against them."""
WORD_HOLDS: Final = timedelta(hours=24)
"""How old a device's last word of a space may be to be held against another's."""
STATE_SPEAKERS: Final = ("geomagnetic", "loop", "space_lock", "pole_camera", "bollard")
"""Kinds of devices that say by themselves whether a space is taken."""


class BerthState(StrEnum):
    """What is known of a berth."""

    UNKNOWN = "unknown"
    FREE = "free"
    OCCUPIED = "occupied"
    RESERVED = "reserved"
    FAULT = "fault"
    OFFLINE = "offline"
    ABSENT = "absent"

    @property
    def label(self) -> Lazy:
        """Return what people call it."""
        return _STATE_LABELS[self]


class Flag(StrEnum):
    """What calls for attention."""

    OVERSTAY = "overstay"
    EVASION = "evasion"
    LOW_BATTERY = "low_battery"
    DISAGREE = "disagree"

    @property
    def label(self) -> Lazy:
        """Return what people call it."""
        return _FLAG_LABELS[self]


CODE_OF: Final[dict[BerthState, int]] = {
    BerthState.UNKNOWN: 0,
    BerthState.FREE: 1,
    BerthState.OCCUPIED: 2,
    BerthState.RESERVED: 3,
    BerthState.FAULT: 4,
    BerthState.OFFLINE: 5,
    BerthState.ABSENT: 7,
}
BIT_OF: Final[dict[Flag, int]] = {Flag.OVERSTAY: 8, Flag.EVASION: 16, Flag.LOW_BATTERY: 32, Flag.DISAGREE: 64}
OF_STAY: Final = BIT_OF[Flag.OVERSTAY] | BIT_OF[Flag.EVASION]
"""Flags that go when the vehicle goes."""
STATE_MASK: Final = 7

_STATE_OF: Final = {code: state for state, code in CODE_OF.items()}
_STATE_LABELS: Final = {
    BerthState.UNKNOWN: _l("Unknown"),
    BerthState.FREE: _l("Free"),
    BerthState.OCCUPIED: _l("Occupied"),
    BerthState.RESERVED: _l("Reserved"),
    BerthState.FAULT: _l("Fault"),
    BerthState.OFFLINE: _l("Offline"),
    BerthState.ABSENT: _l("Not in service"),
}
_FLAG_LABELS: Final = {
    Flag.OVERSTAY: _l("Overstay"),
    Flag.EVASION: _l("Suspected evasion"),
    Flag.LOW_BATTERY: _l("Low battery"),
    Flag.DISAGREE: _l("Signals differ"),
}


def read(tx: Tx, *, at: datetime, live: bool) -> bytes:
    """Return the state bytes of all berths at a moment, in the order of the catalogue."""
    return b"".join(row["states"] for row in list_streets(tx, at=at, live=live))


def read_site(tx: Tx, *, site_id: UUID, at: datetime, live: bool) -> bytes:
    """Return the state bytes of the berths of one site, in the order of the catalogue."""
    return read_sites(tx, site_ids=[site_id], at=at, live=live).get(site_id, b"")


def read_sites(tx: Tx, *, site_ids: Sequence[UUID], at: datetime, live: bool) -> dict[UUID, bytes]:
    """Return the state bytes of the berths of some sites, each in the order of the catalogue."""
    return {row["site_id"]: row["states"] for row in list_streets(tx, at=at, live=live, site_ids=site_ids)}


def list_streets(
    tx: Tx,
    *,
    at: datetime,
    live: bool,
    site_ids: Sequence[UUID] | None = None,
    heard_codes: Collection[str] | None = None,
    has_flags: bool = True,
) -> list[Row]:
    """
    Return the streets with the state bytes of their berths, by code; of some sites only where `site_ids` are given.

    `heard_codes`: the sites heard around the moment, where the caller knows them. Without `has_flags` states alone are asked.
    Columns: site_id, code, states.
    """
    return tx.rows(
        SQL["berth_states"],
        at=at,
        live=live,
        site_ids=None if site_ids is None else list(site_ids),
        has_flags=has_flags,
        heard=heard(tx, at=at) if heard_codes is None else list(heard_codes),
        whole_hour_at=at.astimezone(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=1),
        battery_low_mv=BATTERY_LOW_MV,
        state_speakers=list(STATE_SPEAKERS),
        word_holds=WORD_HOLDS,
        disagree_for=DISAGREE_FOR,
        overstay_after=LIMITS.overstay_after,
        evasion_after=LIMITS.evasion_after,
    )


def list_faulty(tx: Tx, *, at: datetime) -> frozenset[UUID]:
    """Return the spaces below a device that is out of order now; unknown, they are faulty, not offline."""
    return frozenset(space_id for (space_id,) in tx.tuples(SQL["list_faulty"], at=at))


def heard(tx: Tx, *, at: datetime) -> list[str]:
    """Return the codes of sites where anything was counted around a moment whose facts are complete."""
    facts_from = deployments.facts_from(tx)
    return [] if facts_from is not None and facts_from > at else list(takings.heard(tx, windows.around(at)))


def state_of(byte: int) -> BerthState:
    """Return the state a byte tells."""
    return _STATE_OF[byte & STATE_MASK]


def flags_of(byte: int) -> frozenset[Flag]:
    """Return the flags a byte bears."""
    return frozenset(flag for flag, bit in BIT_OF.items() if byte & bit)
