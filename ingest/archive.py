"""
Archive: keep every arrival to the byte, and every event once.

Tables inbound_message, dead_letter, seen_message, event, plate_read, evidence, count_snapshot. All are insert only.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

import orjson

from core.kit.db import Tx
from core.kit.ids import derived_id, uuid7
from core.kit.moments import moment
from core.kit.sql import named
from core.stays.rules.sightings import Source
from core.stays.storing import vehicle_of
from ingest.arrivals import Arrival
from ingest.messages.gate import Passage
from ingest.messages.magnetometer import State
from ingest.messages.patrol import Sweep
from ingest.messages.video import Snapshot, Space
from ingest.messages.wire import Unreadable
from ingest.readings import Reading

SQL = named("ingest/archive")

_AT_SPACES: Final = frozenset({"space_occupied", "space_freed", "plate_read"})
_AT_LANES: Final = frozenset({"lane_in", "lane_out"})
_PICTURES: Final = (("frame_sha256", "read"), ("tail_sha256", "tail"), ("view_sha256", "view"), ("head_sha256", "head"))
"""Under which key a message names a frame, and what that frame shows."""


def claim(tx: Tx, readings: Sequence[Reading]) -> None:
    """Mark the readings that were seen before, in this batch or ever; the others are claimed for this transaction."""
    first: dict[UUID, Reading] = {}
    for reading in readings:
        reading.is_duplicate = reading.event_id in first
        first.setdefault(reading.event_id, reading)
    if not first:
        return
    fresh = {
        event_id
        for (event_id,) in tx.tuples(
            SQL["claim"],
            site_ids=[reading.site.site_id for reading in first.values()],
            event_ids=list(first),
            ats=[moment(reading.at_ms) for reading in first.values()],
        )
    }
    for claimed_id, reading in first.items():
        reading.is_duplicate = claimed_id not in fresh


def keep_letters(tx: Tx, letters: Iterable[tuple[Arrival, Unreadable]]) -> None:
    """Store what could not be read, with its exact bytes and the reason."""
    tx.copy_in(
        "copy dead_letter (dead_letter_id, received_at, transport, topic, payload, payload_sha256, reason, detail) from stdin",
        (
            (uuid7(), arrival.received_at, arrival.transport, arrival.topic.encode("utf-8", "surrogateescape"),
             arrival.payload, hashlib.sha256(arrival.payload).digest(), fault.reason.value, fault.detail)
            for arrival, fault in letters
        ),
    )  # fmt: skip


def keep_messages(tx: Tx, readings: Iterable[Reading]) -> None:
    """Store every readable arrival, duplicates and quarantined ones too."""
    tx.copy_in(
        "copy inbound_message (site_id, received_at, message_id, transport, topic, payload, parse_state, event_id) from stdin",
        (
            (reading.site.site_id, reading.arrival.received_at, uuid7(), reading.arrival.transport, reading.arrival.topic,
             reading.arrival.payload, _parse_state(reading), reading.event_id)
            for reading in readings
        ),
    )  # fmt: skip


def keep_events(tx: Tx, readings: Sequence[Reading]) -> None:
    """Store the events of readings that count, with the reads and the counts they carry."""
    tx.copy_in(
        "copy event (site_id, at, event_id, kind, subject_id, device_id, device_at, received_at, time_quality, is_repeat, "
        "is_late, is_backfill, boot_id, seq, plate, plate_colour, detail) from stdin",
        (_event_row(reading) for reading in readings),
    )
    reads = [reading for reading in readings if reading.plate is not None and reading.event_kind in _AT_SPACES | _AT_LANES]
    if reads:
        tx.copy_in(
            "copy plate_read (site_id, at, event_id, vehicle_id, plate, plate_colour, min_char_conf_pct, vote_n, "
            "frame_sha256, source) from stdin",
            (_read_row(reading) for reading in reads),
        )
    pictures = [row for reading in readings for row in _picture_rows(reading)]
    if pictures:
        tx.copy_in(
            "copy evidence (site_id, at, evidence_id, event_id, subject_id, device_id, kind, frame_sha256, plate_box) from stdin",
            pictures,
        )
    counts = [row for reading in readings if (row := _count_row(reading)) is not None]
    if counts:
        tx.copy_in("copy count_snapshot (site_id, at, event_id, declared_total, declared_free, is_valid) from stdin", counts)


def _parse_state(reading: Reading) -> str:
    if reading.is_quarantined:
        return "quarantined"
    return "duplicate" if reading.is_duplicate else "parsed"


def _event_row(reading: Reading) -> tuple[object, ...]:
    message, device, plate = reading.message, reading.device, reading.plate
    assert device is not None
    return (
        reading.site.site_id, moment(reading.at_ms), reading.event_id, reading.event_kind, reading.subject_id,
        device.device_id, moment(message.at_ms), reading.arrival.received_at, reading.quality.value, reading.is_repeat,
        reading.is_late, message.backfill, message.boot, message.seq,
        plate.text if plate else None, plate.colour if plate else None, _detail(reading),
    )  # fmt: skip


def _detail(reading: Reading) -> str | None:
    """Return what folding the event again needs beyond its columns, and what was not read of a plate (R30)."""
    detail: dict[str, Any] = {}  # JSON of the event
    if reading.lane_id is not None:
        detail["lane"] = str(reading.lane_id)
    if reading.votes != 1:
        detail["votes"] = reading.votes
    if reading.event_kind in _AT_SPACES and not _goes_without_saying(reading):
        detail["source"] = reading.source
    message = reading.message
    if isinstance(message, State) and message.locked is not None:
        detail["locked"] = message.locked
    elif isinstance(message, Sweep | Space) and reading.plate is None and _should_be_read(message):
        detail["read"] = "low" if reading.is_doubtful else "none"
    return orjson.dumps(detail).decode() if detail else None


def _goes_without_saying(reading: Reading) -> bool:
    """Tell whether nobody else says such things: plates on foot, states by magnetometer."""
    return reading.source is (Source.HANDHELD if reading.event_kind == "plate_read" else Source.MAGNET)


def _should_be_read(message: Sweep | Space) -> bool:
    """Tell whether there was a plate to read: a vehicle came, or a patrol passed one."""
    return isinstance(message, Sweep) or (message.occupied and not message.repeat)


def _read_row(reading: Reading) -> tuple[object, ...]:
    message, plate = reading.message, reading.plate
    assert plate is not None
    confidence = message.min_char_conf if isinstance(message, Passage | Space | Sweep) else None
    frame = message.tail_sha256 if isinstance(message, Sweep) else message.__dict__.get("frame_sha256")
    return (
        reading.site.site_id, moment(reading.at_ms), reading.event_id, vehicle_of(plate), plate.text, plate.colour,
        None if confidence is None else round(confidence * 100), reading.votes,
        bytes.fromhex(frame) if frame else None, "gate" if reading.event_kind in _AT_LANES else reading.source.value,
    )  # fmt: skip


def _picture_rows(reading: Reading) -> Iterator[tuple[object, ...]]:
    """Yield the frames of a message, each with the place of the plate in it: they are never parted (R29)."""
    said = reading.message.__dict__
    box = said.get("plate_box")
    for key, shows in _PICTURES:
        frame = said.get(key)
        if frame is None:
            continue
        assert reading.device is not None
        kind = "snapshot" if isinstance(reading.message, Snapshot) else shows
        yield (
            reading.site.site_id, moment(reading.at_ms), derived_id("evidence", reading.event_id, shows), reading.event_id,
            reading.subject_id, reading.device.device_id, kind, bytes.fromhex(frame),
            [box.left, box.top, box.width, box.height] if box is not None and kind in {"read", "tail"} else None,
        )  # fmt: skip


def _count_row(reading: Reading) -> tuple[object, ...] | None:
    """Return the counts a lot declares; impossible ones are kept, marked and never published (R23)."""
    message = reading.message
    if not isinstance(message, Passage) or message.declared_free is None:
        return None
    total, free = message.declared_total, message.declared_free
    is_valid = total is not None and 0 <= free <= total
    return reading.site.site_id, moment(reading.at_ms), reading.event_id, total, free, is_valid
