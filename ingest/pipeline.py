"""
Pipeline: from arrivals to stays, claims and books, one batch in one transaction.

Every arrival becomes exactly one row, a message or a dead letter; every event counts once; nothing is acknowledged
before the transaction committed. What the batch changes is decided by pure rules from what is stored, so the same
batch given twice changes nothing the second time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from core.customers import rights
from core.customers.rules.rights import Rights
from core.devices import hearing, registry
from core.devices.hearing import Heard, Known, Pulse
from core.devices.registry import Registry
from core.devices.rules.clocks import OLDEST_MS, TimeQuality, agreed_time, first_seen
from core.finance import payments, settling
from core.finance.ledger import Books
from core.finance.payments import Report
from core.kit.db import Database, Tx
from core.kit.ids import derived_id
from core.kit.log import get_logger
from core.kit.moments import moment, ms_of
from core.kit.money import Fen
from core.kit.partitions import Partitions
from core.orders.claims import Claims
from core.stays import news, timelines
from core.stays.changes import Changes
from core.stays.news import Happening
from core.stays.rules.sightings import Sighting
from core.stays.timelines import Subject, Work
from ingest import archive, effects
from ingest.arrivals import Arrival, Outcome
from ingest.messages.handheld import Payment
from ingest.messages.wire import Reason, Unreadable
from ingest.readings import Reading, identify, judge_lateness, understand

_log = get_logger(__name__)

DAY_MS: Final = 86_400_000
_HAPPENING: Final = {
    "space_occupied": "occupied",
    "space_freed": "freed",
    "plate_read": "plate",
    "lane_in": "in",
    "lane_out": "out",
    "payment": "paid",
    "command_answer": "command",
}
"""What an event is called where it passes by on the map."""


class Pipeline:
    """Takes arrivals, batch by batch; one thread uses it at a time."""

    def __init__(self, database: Database, *, worker: int = 0) -> None:
        """Keep the database; `worker` tells several processes apart in the pulses of the sources."""
        self._database = database
        self._worker = worker
        self._partitions = Partitions(database)
        self._registry: Registry | None = None
        self._rights = Rights()

    def take(self, arrivals: Sequence[Arrival]) -> list[Outcome]:
        """
        Store and apply arrivals in one transaction; return what became of each, in their order.

        Raises:
            Unavailable: the database is away; nothing was stored, the same arrivals may be given again.
        """
        if not arrivals:
            return []
        known = self._known_registry()
        read = [_read(arrival, known) for arrival in arrivals]
        readings = [one for one in read if isinstance(one, Reading)]
        letters = [(arrival, one) for arrival, one in zip(arrivals, read, strict=True) if isinstance(one, Unreadable)]
        self._partitions.ensure(_months(arrivals, readings))
        with self._database.transaction() as tx:
            if letters:
                archive.keep_letters(tx, letters)
            if readings:
                self._apply(tx, readings, known)
        return [Outcome.DEAD_LETTER if isinstance(one, Unreadable) else _outcome(one) for one in read]

    def set_aside(self, arrivals: Sequence[Arrival], detail: str) -> None:
        """Store arrivals as dead letters unread: they took the process with them more than once."""
        with self._database.transaction() as tx:
            archive.keep_letters(tx, [(arrival, Unreadable(Reason.POISON, detail)) for arrival in arrivals])

    def _known_registry(self) -> Registry:
        """Return the registry as it stands; read it again when places or devices changed, and so with rights of plates."""
        with self._database.transaction() as tx:
            if rights.current_version(tx) != self._rights.version:
                self._rights = rights.read(tx)
            if self._registry is None or registry.current_version(tx) != self._registry.version:
                self._registry = registry.read(tx)
                _log.info("Read the registry.", version=self._registry.version)
        return self._registry

    def _apply(self, tx: Tx, readings: Sequence[Reading], known: Registry) -> None:
        """Do everything a batch of readable arrivals brings about."""
        settling.lock(tx, {reading.site.site_id for reading in readings})
        states = hearing.known_states(
            tx, {(reading.site.site_id, reading.device.device_id) for reading in readings if reading.device}
        )
        heard = date(readings, states)
        for reading in readings:
            identify(reading, known)
        archive.claim(tx, [reading for reading in readings if not reading.is_quarantined])
        archive.keep_messages(tx, readings)
        counting = [reading for reading in readings if not reading.is_duplicate and not reading.is_quarantined]
        archive.keep_events(tx, counting)
        _hear(tx, readings, heard, states, worker=self._worker)
        _open_cases(tx, counting)
        _book(tx, counting, known, self._rights)
        effects.apply(tx, counting)
        news.tell_happenings(tx, _happenings(counting))


def _read(arrival: Arrival, known: Registry) -> Reading | Unreadable:
    try:
        return understand(arrival, known)
    except Unreadable as fault:
        return fault


def _outcome(reading: Reading) -> Outcome:
    if reading.is_quarantined:
        return Outcome.QUARANTINED
    return Outcome.DUPLICATE if reading.is_duplicate else Outcome.STORED


def _months(arrivals: Sequence[Arrival], readings: Iterable[Reading]) -> list[datetime]:
    """Return instants in every month that rows of this batch may fall into; impossible times are dated by our clock."""
    months = [arrivals[0].received_at, arrivals[-1].received_at]
    months += [moment(reading.at_ms) for reading in readings if -DAY_MS < reading.received_ms - reading.at_ms < OLDEST_MS]
    return months


def date(readings: Sequence[Reading], states: Mapping[UUID, Known]) -> dict[UUID, Heard]:
    """Agree on the time of every reading, device by device; return what was heard of each device."""
    heard: dict[UUID, Heard] = {}
    for reading in readings:
        device, message = reading.device, reading.message
        if device is None or reading.arrival.transport == "system":
            judge_lateness(reading)
            continue
        one = heard.get(device.device_id)
        before = one.clock if one else states[device.device_id].clock if device.device_id in states else None
        seen = {"received_ms": reading.received_ms, "sent_ms": message.sent_ms}
        clock = first_seen(**seen) if before is None else before.seen(**seen)
        if one is None:
            one = heard[device.device_id] = Heard(reading.site.site_id, device.device_id, clock)
        one.clock = clock
        reading.at_ms, reading.quality = agreed_time(device_ms=message.at_ms, received_ms=reading.received_ms, clock=clock)
        judge_lateness(reading)
        _note(one, reading)
    return heard


def _note(one: Heard, reading: Reading) -> None:
    """Add a reading to what was heard of its device."""
    message = reading.message
    one.seen_ms = max(one.seen_ms, reading.received_ms)
    one.event_ms = max(one.event_ms or 0, reading.at_ms)
    one.boot_id = max(one.boot_id, message.boot)
    one.boots.add(message.boot)
    one.message_n += 1
    one.hour(reading.received_ms).message_n += 1
    difference = reading.received_ms - message.sent_ms
    one.smallest_ms = difference if one.smallest_ms is None else min(one.smallest_ms, difference)
    told = message.__dict__  # pydantic's own look-up of what is not there costs more than the rest of this
    one.battery_mv = told.get("battery_mv") or one.battery_mv
    one.rssi_dbm = told.get("rssi_dbm") or one.rssi_dbm
    temperature = told.get("temp_c")
    one.temperature_c = one.temperature_c if temperature is None else temperature


def _hear(tx: Tx, readings: Sequence[Reading], heard: Mapping[UUID, Heard], states: Mapping[UUID, Known], *, worker: int) -> None:
    """Store what the batch tells of devices and sources; duplicates count for their device, and for nothing else."""
    pulses: dict[str, Pulse] = {}
    numbers: list[tuple[UUID, UUID, int, int]] = []
    for reading in readings:
        if reading.device is None or reading.arrival.transport == "system":
            continue
        if reading.is_duplicate:
            heard[reading.device.device_id].count_duplicate(reading.received_ms)
        else:
            numbers.append((reading.site.site_id, reading.device.device_id, reading.message.boot, reading.message.seq))
        for source in reading.sources:
            pulse = pulses.setdefault(source, Pulse(reading.at_ms, reading.received_ms))
            pulse.event_ms = max(pulse.event_ms, reading.at_ms)
            pulse.received_ms = max(pulse.received_ms, reading.received_ms)
            pulse.message_n += 1
    hearing.save(tx, list(heard.values()), known=states)
    hearing.save_sequences(tx, numbers, at_ms=readings[-1].received_ms)
    hearing.save_pulses(tx, pulses, worker=worker)


def _open_cases(tx: Tx, counting: Iterable[Reading]) -> None:
    """Ask for a person's eyes where an event cannot be taken at its word."""
    found = [(reading, kind) for reading in counting if (kind := _case_of(reading)) is not None]
    if found:
        tx.run(
            archive.SQL["open_cases"],
            site_ids=[reading.site.site_id for reading, _ in found],
            case_ids=[derived_id("case", reading.site.site_id, kind, reading.event_id) for reading, kind in found],
            kinds=[kind for _, kind in found],
            subject_ids=[reading.subject_id for reading, _ in found],
            stay_ids=[None for _ in found],
            event_ids=[reading.event_id for reading, _ in found],
            opened=[moment(reading.at_ms) for reading, _ in found],
        )


def _case_of(reading: Reading) -> str | None:
    if reading.is_doubtful:
        return "low_confidence_read"
    return "suspect_clock" if reading.quality is TimeQuality.SUSPECT else None


def _book(tx: Tx, counting: Sequence[Reading], known: Registry, free: Rights) -> None:
    """Fold, price, match, book and count; all of it follows from the events stored before."""
    work = _work(counting)
    reports = [_report(reading) for reading in counting if isinstance(reading.message, Payment)]
    if not work and not reports:
        return
    changes = timelines.fold(tx, work) if work else Changes()
    paid = payments.record(tx, reports) if reports else []
    books = {reading.site.site_id: Books(reading.site.code, reading.site.kind) for reading in counting}
    now_ms = max(reading.received_ms for reading in counting)
    settled = settling.settle(tx, changes, paid, books=books, rights=free, booked_ms=now_ms)
    if settled is not None:
        _report_unpriced(tx, settled.claims)
        timely = {payments.payment_id(report) for report in reports if not report.is_late}
        effects.lower_locks(tx, settled.orders, just_paid=timely, book=settled.book, known=known, at=moment(now_ms))


def _happenings(counting: Iterable[Reading]) -> Iterator[Happening]:
    """Yield what dispatchers see pass by; states told again are no news, and nobody is named."""
    for reading in counting:
        kind = _HAPPENING.get(reading.event_kind)
        if kind is None or reading.is_repeat or (kind == "command" and reading.subject_id is None):  # a screen's numbers
            continue
        message = reading.message
        space_id = reading.subject_id if reading.subject_kind == "space" and not isinstance(message, Payment) else None
        device = reading.device.code if reading.device else None
        yield Happening(reading.at_ms, reading.site.code, space_id, kind, device, getattr(message, "fen", None))


def _work(counting: Iterable[Reading]) -> dict[Subject, Work]:
    """Return the new sightings by the timeline they belong to."""
    work: dict[Subject, Work] = {}
    for reading in counting:
        if reading.sighting_kind is None or reading.subject_id is None:
            continue
        subject = (reading.site.site_id, reading.subject_id)
        work.setdefault(subject, Work(reading.subject_kind)).sightings.append(
            Sighting(
                reading.at_ms, reading.sighting_kind, reading.event_id, reading.is_repeat, reading.is_late, reading.plate,
                reading.votes, reading.lane_id, reading.source,
            )
        )  # fmt: skip
    return work


def _report(reading: Reading) -> Report:
    message = reading.message
    assert isinstance(message, Payment)
    assert reading.plate is not None
    return Report(
        reading.site.site_id,
        reading.device.device_id if reading.device else None,
        reading.plate,
        message.channel.value,
        message.trade_no,
        Fen(message.fen),
        reading.at_ms,
        ms_of(reading.arrival.received_at),
        message.entered_ms,
        reading.is_late,
        None if message.quote_id is None else UUID(message.quote_id),
    )


def _report_unpriced(tx: Tx, found: Claims) -> None:
    """No tariff holds for a stay: a person must decide, nothing is assumed."""
    if found.unpriced:
        _log.error("Stays without a tariff.", count=len(found.unpriced))
        tx.run(
            archive.SQL["open_cases"],
            site_ids=[stay.site_id for stay in found.unpriced],
            case_ids=[derived_id("case", stay.site_id, "no_tariff", stay.stay_id) for stay in found.unpriced],
            kinds=["no_tariff" for _ in found.unpriced],
            subject_ids=[stay.subject_id for stay in found.unpriced],
            stay_ids=[stay.stay_id for stay in found.unpriced],
            event_ids=[stay.in_event_id for stay in found.unpriced],
            opened=[moment(stay.started_ms) for stay in found.unpriced],
        )
