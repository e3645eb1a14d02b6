"""
Replay: how every berth changed in a period, from the same facts as its states at a moment.

Overstay and suspected evasion begin in the middle of a run; what a sensor's battery and its disagreements call for is kept
as it was at the beginning. Tables occupancy_interval, timeline, stay, space_hold, device_outage, alarm.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import numpy as np
import orjson
from numpy.typing import NDArray

from core.insight.dispatch import catalogue, states
from core.insight.dispatch.catalogue import Catalogue
from core.insight.dispatch.states import BIT_OF, CODE_OF, LIMITS, OF_STAY, STATE_MASK, BerthState, Flag
from core.insight.happenings import clock_text
from core.kit.db import Row, Tx
from core.kit.moments import ms_of
from core.kit.sql import named

SQL = named("insight/dispatch/replay")

STEPS: Final = 96
MOST_ALARMS: Final = 500
_FREE: Final = CODE_OF[BerthState.FREE]
_OCCUPIED: Final = CODE_OF[BerthState.OCCUPIED]
_OFFLINE: Final = CODE_OF[BerthState.OFFLINE]
_RESERVED: Final = CODE_OF[BerthState.RESERVED]
_UNKNOWN: Final = CODE_OF[BerthState.UNKNOWN]
_OVERSTAY_MS: Final = int(LIMITS.overstay_after.total_seconds() * 1_000)
_EVASION_MS: Final = int(LIMITS.evasion_after.total_seconds() * 1_000)
_EVER: Final = 2**62
_KEPT: Final = 0xFF & ~(STATE_MASK | OF_STAY)

Column = NDArray[np.int64]
_Span = tuple[UUID, int, int | None]  # of a space, milliseconds; None: it lasts


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """Changes in the order they happened: milliseconds since 1970, place in the catalogue, the new byte."""

    at_ms: Column
    index: Column
    byte: Column


def packed(tx: Tx, *, starts_at: datetime, ends_at: datetime) -> bytes:
    """Return header, first states and changes of a period as `/live/replay.bin` gives them."""
    berths = catalogue.read(tx)
    first = states.read(tx, at=starts_at, live=False)
    changes = read(tx, berths, first, starts_at=starts_at, ends_at=ends_at)
    head = {
        "version": berths.version,
        "from": clock_text(starts_at),
        "to": clock_text(ends_at),
        "n_changes": len(changes.at_ms),
        "alarms": _alarms(tx, starts_at=starts_at, ends_at=ends_at),
        "load": _load(first, changes, from_ms=ms_of(starts_at), to_ms=ms_of(ends_at)),
    }
    seconds = (changes.at_ms - ms_of(starts_at)) // 1_000
    body = (
        catalogue.padded(first),
        seconds.astype("<u4").tobytes(),
        changes.index.astype("<u4").tobytes(),
        changes.byte.astype("u1").tobytes(),
    )
    return catalogue.with_header(orjson.dumps(head), b"".join(body))


def read(tx: Tx, berths: Catalogue, first: bytes, *, starts_at: datetime, ends_at: datetime) -> Changes:
    """Return the changes after an instant and up to another, given the states at the first."""
    rows = tx.tuples(SQL["list_runs"], starts_at=starts_at, ends_at=ends_at)
    known = [row for row in rows if row[0] in berths.index_of]
    from_ms, to_ms = ms_of(starts_at), ms_of(ends_at)
    found = _changes(known, berths, from_ms=from_ms, to_ms=to_ms)
    found.byte[:] |= np.frombuffer(first, dtype=np.uint8).astype(np.int64)[found.index] & _KEPT
    mute = {berths.index_of[row[0]] for row in known if row[7]}
    period = {"starts_at": starts_at, "ends_at": ends_at}
    faults, holds = tx.tuples(SQL["list_faults"], **period), tx.tuples(SQL["list_holds"], **period)
    for veil, rows_of in (
        (_Veil(BerthState.FAULT, (_OFFLINE, _UNKNOWN), mute), faults),
        (_Veil(BerthState.RESERVED, (_FREE,)), holds),
    ):
        found = veil.over(found, first, _spans(rows_of, berths), from_ms=from_ms, to_ms=to_ms)
    return found


def _spans(rows: Iterable[_Span], berths: Catalogue) -> dict[int, list[tuple[int, int]]]:
    """Return spans by the places of their berths."""
    found: dict[int, list[tuple[int, int]]] = {}
    for space_id, began, ended in rows:
        if space_id in berths.index_of:
            found.setdefault(berths.index_of[space_id], []).append((began, _EVER if ended is None else ended))
    return found


def _changes(rows: list[tuple[Any, ...]], berths: Catalogue, *, from_ms: int, to_ms: int) -> Changes:
    """Return what runs bring about: their beginnings, the moments at which a stay becomes too long, their ends."""
    index = np.array([berths.index_of[row[0]] for row in rows], dtype=np.int64)
    is_taken, is_nameless, goes_on, is_mute = (np.array([row[at] for row in rows], dtype=bool) for at in (1, 5, 6, 7))
    began, ended, stood = (np.array([_EVER if row[at] is None else row[at] for row in rows], dtype=np.int64) for at in (2, 3, 4))

    def byte_at(at_ms: Column) -> Column:
        flags = (at_ms - stood >= _OVERSTAY_MS) * BIT_OF[Flag.OVERSTAY] + ((at_ms - stood >= _EVASION_MS) & is_nameless) * BIT_OF[
            Flag.EVASION
        ]
        return np.where(is_taken, _OCCUPIED + flags, np.where(is_mute, _UNKNOWN, _OFFLINE)).astype(np.int64)

    is_any = np.ones_like(is_taken)
    parts = [(ended, np.where(goes_on, _OCCUPIED, _FREE), is_any), (began, byte_at(began), is_any)]
    for wait_ms in (_EVASION_MS, _OVERSTAY_MS):
        due = np.where(stood == _EVER, _EVER, stood + wait_ms)
        parts.append((due, byte_at(due), is_taken & (due > began) & (due < ended)))
    at_ms, byte, is_real = (np.concatenate([part[place] for part in parts]) for place in range(3))
    rank, place = np.repeat(np.arange(len(parts)), len(index)), np.tile(index, len(parts))
    kept = np.flatnonzero(is_real & (at_ms > from_ms) & (at_ms <= to_ms))
    order = kept[np.lexsort((rank[kept], place[kept], at_ms[kept]))]
    last = np.ones(len(order), dtype=bool)  # of several at one instant the last holds: a run that ends as the next begins
    last[:-1] = (at_ms[order][1:] != at_ms[order][:-1]) | (place[order][1:] != place[order][:-1])
    order = order[last]
    return Changes(at_ms[order], place[order], byte[order])


@dataclass(frozen=True, slots=True)
class _Veil:
    """
    A state that hides some others for a while.

    Reserved hides free while a booking holds the berth, faulty hides unknown while a device is out of order. `mute` are places of
    berths that nobody ever heard of.
    """

    shown: BerthState
    hidden: tuple[int, ...]
    mute: Collection[int] = ()

    def over(
        self, changes: Changes, first: bytes, spans: Mapping[int, list[tuple[int, int]]], *, from_ms: int, to_ms: int
    ) -> Changes:
        """Return the changes as they look with the veil over some berths for some spans."""
        if not spans:
            return changes
        stays = ~np.isin(changes.index, list(spans))
        rows = list(zip(changes.at_ms[stays].tolist(), changes.index[stays].tolist(), changes.byte[stays].tolist(), strict=True))
        order = np.flatnonzero(~stays)
        told: dict[int, list[tuple[int, int]]] = {}
        for at_ms, index, byte in zip(
            changes.at_ms[order].tolist(), changes.index[order].tolist(), changes.byte[order].tolist(), strict=True
        ):
            told.setdefault(index, []).append((at_ms, byte))
        for index, own in spans.items():
            below = _UNKNOWN if index in self.mute else self.hidden[0]
            seen = self._seen(told.get(index, []), own, first[index], below, (from_ms, to_ms))
            rows += [(at_ms, index, byte) for at_ms, byte in seen]
        rows.sort()
        columns = np.array(rows, dtype=np.int64).reshape(-1, 3)
        return Changes(columns[:, 0], columns[:, 1], columns[:, 2])

    def _seen(
        self, told: list[tuple[int, int]], spans: list[tuple[int, int]], byte: int, below: int, period: tuple[int, int]
    ) -> list[tuple[int, int]]:
        """Return the changes of one berth; `below`: what the veil hides at the beginning, where it does."""
        code = CODE_OF[self.shown]
        plain = byte & ~STATE_MASK | below if byte & STATE_MASK == code else byte
        known = dict(told)
        edges = {at_ms for span in spans for at_ms in span if period[0] < at_ms <= period[1]}
        found = []
        for at_ms in sorted({*known, *edges}):
            plain = known.get(at_ms, plain)
            is_veiled = plain & STATE_MASK in self.hidden and any(began <= at_ms < ended for began, ended in spans)
            shown = plain & ~STATE_MASK | code if is_veiled else plain
            if shown != byte:
                found.append((at_ms, shown))
            byte = shown
        return found


def _load(first: bytes, changes: Changes, *, from_ms: int, to_ms: int) -> list[float | None]:
    """Return the share of known berths that were occupied at 96 moments, the first at the beginning."""
    start = np.frombuffer(first, dtype=np.uint8).astype(np.int64)
    order = np.lexsort((changes.at_ms, changes.index))
    index, byte = changes.index[order], changes.byte[order]
    before = np.empty_like(byte)
    before[1:] = byte[:-1]
    is_first = np.ones(len(index), dtype=bool)
    is_first[1:] = index[1:] != index[:-1]
    before[is_first] = start[index[is_first]]
    steps = np.clip(-(-(changes.at_ms[order] - from_ms) * STEPS // (to_ms - from_ms)), 0, STEPS)
    shares: list[float | None] = []
    counts = [
        np.bincount(steps, weights=_is(byte, codes) * 1.0 - _is(before, codes) * 1.0, minlength=STEPS + 1).cumsum()
        + _is(start, codes).sum()
        for codes in ((_OCCUPIED,), (_OCCUPIED, _FREE, _RESERVED))
    ]
    for taken, known in zip(*(count[:STEPS].tolist() for count in counts), strict=True):
        shares.append(round(taken / known, 4) if known else None)
    return shares


def _is(byte: Column, codes: tuple[int, ...]) -> NDArray[np.bool_]:
    return np.isin(byte & STATE_MASK, codes)


def _alarms(tx: Tx, *, starts_at: datetime, ends_at: datetime) -> list[Row]:
    rows = tx.rows(SQL["list_alarms"], starts_at=starts_at, ends_at=ends_at, limit=MOST_ALARMS)
    return [
        {**row, "at": clock_text(row["at"]), "until": None if row["until"] is None else clock_text(row["until"])} for row in rows
    ]
