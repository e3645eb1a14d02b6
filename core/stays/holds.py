"""
Holds: when the lock of a space stood raised, as the lock itself says. Table space_hold.

A lock raised for a booking makes a free space reserved. Only what is newer than all that is known of a lock counts: a
message that comes late repairs no hold (R5).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from core.kit.db import Tx
from core.kit.sql import named
from core.stays import news

SQL = named("stays/holds")

RESERVED: Final = "reserved"

Space = tuple[UUID, UUID]
"""Site and space."""


class Lock(NamedTuple):
    """What a lock says of itself at an instant; booking None: it is raised for nobody in particular."""

    site_id: UUID
    space_id: UUID
    device_id: UUID
    at: datetime
    is_raised: bool
    booking: str | None


@dataclass(slots=True)
class _Hold:
    """The newest hold of a space: it changes while the locks of a batch are gone through, hence not frozen."""

    started_at: datetime | None = None
    ended_at: datetime | None = None
    booking: str | None = None

    @property
    def is_raised(self) -> bool:
        return self.started_at is not None and self.ended_at is None

    @property
    def changed_at(self) -> datetime | None:
        return self.ended_at or self.started_at


@dataclass(slots=True)
class _Changes:
    """What a batch of locks changed."""

    ended: list[tuple[Lock, datetime]] = field(default_factory=list)  # and when the hold had begun
    begun: dict[tuple[Space, datetime], tuple[Lock, datetime | None]] = field(default_factory=dict)  # and when it ended
    spaces: set[Space] = field(default_factory=set)


def note(tx: Tx, locks: Sequence[Lock]) -> int:
    """Note how locks stand; return how many spaces are held otherwise than before, and tell whoever listens."""
    if not locks:
        return 0
    known = _known(tx, {(lock.site_id, lock.space_id) for lock in locks})
    changes = _Changes()
    for lock in sorted(locks, key=lambda lock: lock.at):
        _take(known.setdefault((lock.site_id, lock.space_id), _Hold()), lock, changes)
    if changes.spaces:
        _save(tx, changes)
        _tell(tx, changes.spaces)
    return len(changes.spaces)


def _known(tx: Tx, spaces: Iterable[Space]) -> dict[Space, _Hold]:
    wanted = list(spaces)
    rows = tx.tuples(SQL["list_newest"], site_ids=[site for site, _ in wanted], space_ids=[space for _, space in wanted])
    return {(site_id, space_id): _Hold(*hold) for site_id, space_id, *hold in rows}


def _take(hold: _Hold, lock: Lock, changes: _Changes) -> None:
    """Take one word of a lock: nothing where it is old, or says what is known."""
    if hold.changed_at is not None and lock.at <= hold.changed_at:
        return
    if lock.is_raised == hold.is_raised and (not lock.is_raised or lock.booking == hold.booking):
        return
    space = (lock.site_id, lock.space_id)
    changes.spaces.add(space)
    if hold.is_raised:
        assert hold.started_at is not None
        begun = changes.begun.get((space, hold.started_at))
        if begun is None:
            changes.ended.append((lock, hold.started_at))
        else:
            changes.begun[space, hold.started_at] = (begun[0], lock.at)
        hold.ended_at = lock.at
    if lock.is_raised:
        changes.begun[space, lock.at] = (lock, None)
        hold.started_at, hold.ended_at, hold.booking = lock.at, None, lock.booking


def _save(tx: Tx, changes: _Changes) -> None:
    if changes.ended:
        tx.run(
            SQL["end"],
            site_ids=[lock.site_id for lock, _ in changes.ended],
            space_ids=[lock.space_id for lock, _ in changes.ended],
            started=[started_at for _, started_at in changes.ended],
            ended=[lock.at for lock, _ in changes.ended],
        )
    if changes.begun:
        begun = list(changes.begun.values())
        tx.run(
            SQL["begin"],
            site_ids=[lock.site_id for lock, _ in begun],
            space_ids=[lock.space_id for lock, _ in begun],
            device_ids=[lock.device_id for lock, _ in begun],
            started=[lock.at for lock, _ in begun],
            ended=[ended_at for _, ended_at in begun],
            bookings=[lock.booking for lock, _ in begun],
        )


def _tell(tx: Tx, spaces: Iterable[Space]) -> None:
    wanted = list(spaces)
    rows = tx.tuples(SQL["list_states"], site_ids=[site for site, _ in wanted], space_ids=[space for _, space in wanted])
    news.tell_states(tx, [(space_id, RESERVED if is_reserved else state) for space_id, state, is_reserved in rows])
