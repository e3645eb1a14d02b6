"""
Hearing: keep what every batch tells of the devices themselves.

Clocks, holes in sequences, health by the hour, and the pulse of each kind of source. Tables device_state, device_gap,
device_health, source_health.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from uuid import UUID

from core.devices.rules.clocks import ClockOffset
from core.kit.db import Tx
from core.kit.moments import moment, moment_or_none, ms_of
from core.kit.sql import named

SQL = named("devices/hearing")
HOUR_MS: Final = 3_600_000


@dataclass(slots=True)
class Hour:
    """How many messages of one batch came from one device within one hour of our clock, and how many of them again."""

    message_n: int = 0
    duplicate_n: int = 0


@dataclass(slots=True)
class Heard:
    """
    What one batch told of one device; instants in milliseconds, of our clock where not said otherwise.

    `hours` holds the messages by the hour they were received in: a batch may lie across the stroke of an hour, or be a backlog.
    """

    site_id: UUID
    device_id: UUID
    clock: ClockOffset
    seen_ms: int = 0
    event_ms: int | None = None  # agreed time of the newest event
    boot_id: int = 0
    message_n: int = 0
    duplicate_n: int = 0
    smallest_ms: int | None = None  # received minus sent, within the batch
    battery_mv: int | None = None
    rssi_dbm: int | None = None
    temperature_c: int | None = None
    boots: set[int] = field(default_factory=set)
    hours: dict[int, Hour] = field(default_factory=dict)

    def hour(self, at_ms: int) -> Hour:
        """Return the counts of the hour of an instant."""
        begin_ms = at_ms - at_ms % HOUR_MS
        found = self.hours.get(begin_ms)
        if found is None:
            found = self.hours[begin_ms] = Hour()
        return found

    def count_duplicate(self, at_ms: int) -> None:
        """Count one message that had come before."""
        self.duplicate_n += 1
        self.hour(at_ms).duplicate_n += 1


@dataclass(slots=True)
class Pulse:
    """What one batch told of one kind of source."""

    event_ms: int
    received_ms: int
    message_n: int = 0


class Known(NamedTuple):
    """What was known of a device before: its clock and its last boot."""

    clock: ClockOffset
    boot_id: int | None


def known_states(tx: Tx, devices: Iterable[tuple[UUID, UUID]]) -> dict[UUID, Known]:
    """Return what is known of devices, given as (site, device); unheard ones are absent."""
    wanted = list(devices)
    rows = tx.tuples(
        SQL["list_states"], site_ids=[site_id for site_id, _ in wanted], device_ids=[device_id for _, device_id in wanted]
    )
    return {
        device_id: Known(ClockOffset(offset_ms, prior_ms, ms_of(since) if since else 0, message_n), boot_id)
        for device_id, boot_id, offset_ms, prior_ms, since, message_n in rows
    }


def save(tx: Tx, heard: Sequence[Heard], *, known: Mapping[UUID, Known]) -> None:
    """Store state and health of the devices heard; a boot counts when it differs from the last one known."""
    if not heard:
        return
    tx.run(
        SQL["save_states"],
        site_ids=[one.site_id for one in heard],
        device_ids=[one.device_id for one in heard],
        messages=[one.message_n for one in heard],
        duplicates=[one.duplicate_n for one in heard],
        batteries=[one.battery_mv for one in heard],
        rssis=[one.rssi_dbm for one in heard],
        seen=[moment(one.seen_ms) for one in heard],
        events=[moment_or_none(one.event_ms) for one in heard],
        boots=[one.boot_id for one in heard],
        offsets=[one.clock.smallest_ms for one in heard],
        priors=[one.clock.prior_ms for one in heard],
        sinces=[moment(one.clock.since_ms) for one in heard],
        temperatures=[one.temperature_c for one in heard],
    )
    _save_health(tx, heard, known)


def _save_health(tx: Tx, heard: Sequence[Heard], known: Mapping[UUID, Known]) -> None:
    """Store health by the hour; what is told once a batch (boots, clock, battery, signal) belongs to the newest hour."""
    rows = [
        (one, begin_ms, counts, begin_ms == one.seen_ms - one.seen_ms % HOUR_MS)
        for one in heard
        for begin_ms, counts in one.hours.items()
    ]
    tx.run(
        SQL["save_health"],
        site_ids=[one.site_id for one, *_ in rows],
        device_ids=[one.device_id for one, *_ in rows],
        hours=[moment(begin_ms) for _, begin_ms, *_ in rows],
        messages=[counts.message_n for *_, counts, _ in rows],
        duplicates=[counts.duplicate_n for *_, counts, _ in rows],
        batteries=[one.battery_mv if is_newest else None for one, *_, is_newest in rows],
        rssis=[one.rssi_dbm if is_newest else None for one, *_, is_newest in rows],
        boots=[_new_boots(one, known) if is_newest else 0 for one, *_, is_newest in rows],
        offsets=[one.smallest_ms if is_newest else None for one, *_, is_newest in rows],
    )


def _new_boots(one: Heard, known: Mapping[UUID, Known]) -> int:
    """Return how many boots of a device are new; of one unheard before, none is."""
    before = known.get(one.device_id)
    return len(one.boots - {before.boot_id}) if before else 0


def save_sequences(tx: Tx, numbers: Iterable[tuple[UUID, UUID, int, int]], *, at_ms: int) -> None:
    """Note the sequence numbers received, as (site, device, boot, seq); what is missing between them is a gap (R3)."""
    received = list(numbers)
    if received:
        tx.run(
            SQL["save_gaps"],
            site_ids=[row[0] for row in received],
            device_ids=[row[1] for row in received],
            boots=[row[2] for row in received],
            seqs=[row[3] for row in received],
            at=moment(at_ms),
        )


def save_pulses(tx: Tx, pulses: Mapping[str, Pulse], *, worker: int) -> None:
    """Note when each kind of source was last heard; every tile takes its age from here."""
    if pulses:
        tx.run(
            SQL["save_sources"],
            worker=worker,
            sources=list(pulses),
            events=[moment(pulse.event_ms) for pulse in pulses.values()],
            received=[moment(pulse.received_ms) for pulse in pulses.values()],
            messages=[pulse.message_n for pulse in pulses.values()],
        )
