"""
Effects: what messages bring about beside stays and money.

Answers to commands, holds of locks, numbers on screens, pictures that contradict, openings of barriers; and the commands
we give ourselves. What is late repairs history at most and moves nothing on the street (R5, R27).
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from core.billing.prices import PriceBook
from core.devices import commands
from core.devices.commands import Action, Answer, Order
from core.devices.registry import Registry
from core.kit.db import Tx
from core.kit.moments import moment
from core.orders import release
from core.orders.claims import OrderChange
from core.stays import barriers, guidance, holds, snapshots
from core.stays.barriers import Opening
from core.stays.guidance import Shown
from core.stays.holds import Lock
from core.stays.snapshots import Look
from ingest.messages.commands import Ack
from ingest.messages.gate import Barrier
from ingest.messages.guidance import Screen
from ingest.messages.magnetometer import State
from ingest.messages.video import Snapshot
from ingest.readings import Reading


def apply(tx: Tx, counting: Sequence[Reading]) -> None:
    """Note what devices say of commands, locks, screens and pictures, once stays are what they are."""
    timely = [reading for reading in counting if not reading.is_late]
    commands.answer(tx, [_answer(reading, reading.message) for reading in counting if isinstance(reading.message, Ack)])
    barriers.note(tx, [opening for reading in counting if (opening := _opening(reading)) is not None])
    holds.note(tx, [lock for reading in timely if (lock := _lock(reading)) is not None])
    guidance.note_shown(tx, [row for reading in timely for row in _shown(reading)])
    snapshots.compare(tx, [look for reading in timely if (look := _look(reading)) is not None])


def lower_locks(
    tx: Tx, orders: Sequence[OrderChange], *, just_paid: Collection[UUID], book: PriceBook, known: Registry, at: datetime
) -> int:
    """Tell the locks of those who have paid to go down, once for each payment (M32.4); return how many were told."""
    told = [
        Order(stay.site_id, lock.device_id, Action.LOWER, f"paid/{payment.payment_id}", {})
        for stay, payment in release.paid_up(tx, orders, just_paid=just_paid, book=book)
        if (lock := known.lock(stay.subject_id)) is not None
    ]
    return commands.issue(tx, told, at=at)


def _answer(reading: Reading, message: Ack) -> Answer:
    assert reading.device is not None
    return Answer(
        reading.site.site_id,
        reading.device.device_id,
        UUID(message.command_id),
        message.result.value,
        message.locked,
        reading.arrival.received_at,
    )


def _opening(reading: Reading) -> Opening | None:
    message = reading.message
    if not isinstance(message, Barrier) or reading.lane_id is None:
        return None
    at = moment(reading.at_ms)
    return Opening(reading.site.site_id, reading.event_id, reading.lane_id, at, message.manual, message.operator)


def _lock(reading: Reading) -> Lock | None:
    message = reading.message
    if not isinstance(message, State) or message.locked is None or reading.subject_id is None:
        return None
    assert reading.device is not None
    at = moment(reading.at_ms)
    return Lock(reading.site.site_id, reading.subject_id, reading.device.device_id, at, message.locked, message.booking)


def _shown(reading: Reading) -> list[Shown]:
    """Return the numbers of a screen, those of what it is bound to at the time (R24)."""
    message, device = reading.message, reading.device
    if not isinstance(message, Screen) or device is None:
        return []
    targets = [(device.target(row.target, reading.at_ms), row.free) for row in message.rows]
    at = moment(reading.at_ms)
    return [Shown(reading.site.site_id, device.device_id, target, free, at) for target, free in targets if target is not None]


def _look(reading: Reading) -> Look | None:
    message = reading.message
    if not isinstance(message, Snapshot) or message.occupied is None or reading.subject_id is None:
        return None
    return Look(reading.site.site_id, reading.subject_id, reading.event_id, moment(reading.at_ms), message.occupied)
