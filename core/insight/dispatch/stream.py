"""
Stream: berths and happenings as the live feed asks for them.

Changes of state are told by the transaction that makes them (`core.stays.news`). Flags, faults and whatever was told to
nobody are found by reading: everything at first, and from then on some streets each second, so that no change has to wait
until a large city has been read. Alarms are looked for once a second.
"""

import base64
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import numpy as np
import orjson

from core.insight.dispatch import catalogue, states
from core.insight.dispatch.catalogue import Catalogue, Street
from core.insight.dispatch.states import CODE_OF, OF_STAY, STATE_MASK, BerthState
from core.insight.happenings import clock_text
from core.kit.db import Row, Tx
from core.kit.live.feed import News, Note
from core.kit.moments import moment
from core.kit.sql import named
from core.stays import news
from core.stays.news import Happening

SQL = named("insight/dispatch/stream")

BERTHS: Final = "berths"
EVENTS: Final = "events"

MOST_EVENTS: Final = 50
"""Rows told in a second, and remembered for who begins to listen."""
LOOKS: Final = 20
"""In so many looks every street is read once: flags and faults are that many seconds late at most."""
LEAST: Final = 1_000
"""Berths that are read at each look, where there are so many: a small city is read whole."""
_MOST_ALARMS: Final = 50
_BACK: Final = timedelta(minutes=5)

EventRow = dict[str, Any]  # JSON of one row


@dataclass(frozen=True, slots=True)
class Found:
    """What a look found: the bytes of some streets, what is out of order, alarms that were raised and cleared."""

    at: datetime
    streets: list[tuple[Street, bytes]]
    faulty: frozenset[UUID]
    alarms: list[Row]


class LiveBerths:
    """The berths of this moment; the feed's threads write by turns, `packed` and `snapshot` may be asked by others."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._catalogue: Catalogue | None = None
        self._states = b""
        self._next = 0  # the street that is read next
        self._heard: set[int] = set()  # places heard of since the last look began
        self._faulty: frozenset[int] = frozenset()  # places of berths below a device that is out of order
        self._at: datetime | None = None
        self._events: deque[EventRow] = deque(maxlen=MOST_EVENTS)
        self._sites: frozenset[str] = frozenset()
        self._told_in: tuple[int, int] = (0, 0)
        self._alarms_at: datetime | None = None

    @property
    def channels(self) -> Sequence[str]:
        """Return the channels of the pipeline's news."""
        return news.STATES, news.HAPPENINGS

    @property
    def topics(self) -> Mapping[str, tuple[str, str]]:
        """Return the two topics and their events."""
        return {BERTHS: ("berths-snapshot", "berths-delta"), EVENTS: ("events", "events")}

    def read(self, tx: Tx, *, at: datetime) -> list[News]:
        """Read every berth; tell what is new, all of it where the registry is another."""
        known = self._catalogue
        if known is None or known.version != catalogue.version(tx) or known.n != catalogue.count(tx):
            self._catalogue, self._states = catalogue.read(tx), b""
            self._sites = frozenset(code for (code,) in tx.tuples(SQL["site_codes"]))
        before, self._states = self._states, states.read(tx, at=at, live=True)
        self._faulty = self._places(states.list_faulty(tx, at=at))
        berths = self._berths(at, None if not before else _differences(before, self._states))
        return [berths, *self._tell_alarms(at, self._list_alarms(tx, at))]

    def look(self, tx: Tx, *, at: datetime) -> Found | None:
        """Read the next streets and look for alarms; None where the registry is another."""
        self._heard = set()
        known = self._catalogue
        if known is None or known.version != catalogue.version(tx):
            return None
        return Found(at, self._reread(tx, known, at), states.list_faulty(tx, at=at), self._list_alarms(tx, at))

    def settle(self, found: Found) -> list[News] | None:
        """Take what a look found, but for berths heard of since; None where a street has other berths than before."""
        if any(len(raw) != street.n for street, raw in found.streets):
            return None
        read = bytearray(self._states)
        for street, raw in found.streets:
            read[street.first : street.first + street.n] = raw
        for index in self._heard:
            read[index] = self._states[index]
        self._faulty = self._places(found.faulty)
        before, self._states = self._states, bytes(read)
        return [self._berths(found.at, _differences(before, self._states)), *self._tell_alarms(found.at, found.alarms)]

    def _reread(self, tx: Tx, known: Catalogue, at: datetime) -> list[tuple[Street, bytes]]:
        """Read as many streets as are due at a look."""
        due: list[Street] = []
        wanted_n = max(known.n // LOOKS + 1, LEAST)
        while len(due) < len(known.streets) and sum(street.n for street in due) < wanted_n:
            due.append(known.streets[self._next % len(known.streets)])
            self._next = (self._next + 1) % len(known.streets)
        found = states.read_sites(tx, site_ids=[street.site_id for street in due], at=at, live=True)
        return [(street, found.get(street.site_id, b"")) for street in due]

    def hear(self, notes: Sequence[Note], *, at: datetime) -> list[News]:
        """Take changes of state and happenings, in their order."""
        found: list[News] = []
        changed = self._change([note.text for note in notes if note.channel == news.STATES])
        if changed:
            found.append(self._berths(at, changed))
        told = [one for note in notes if note.channel == news.HAPPENINGS for one in news.read_happenings(note.text)]
        return found + self._tell(at, [self._row(one) for one in told if one.site in self._sites])

    def away(self) -> list[News]:
        """Tell the old instant again: nothing is known since."""
        return [] if self._at is None else [self._berths(self._at, [])]

    def write(self, topic: str, now: Any, seq: int) -> bytes:  # what a News of the topic bears
        """Return all states, or all events remembered, as JSON."""
        if topic == EVENTS:
            return orjson.dumps({"seq": seq, "rows": now})
        version, at, raw = now
        return snapshot(version, at, raw, seq=seq)

    def packed(self) -> bytes | None:
        """Return every berth with its place and state now; None when nothing has been read yet."""
        known, raw, at = self._catalogue, self._states, self._at
        return None if known is None or at is None or len(raw) != known.n else known.packed(raw, at=at)

    def _berths(self, at: datetime, changes: list[tuple[int, int]] | None) -> News:
        """Return news of berths: those that changed, or all."""
        assert self._catalogue is not None  # it was read first
        self._at = at = max(at, self._at or at)  # a look is older than what was heard meanwhile
        change = None if changes is None else {"at": clock_text(at), "changes": changes}
        return News(BERTHS, (self._catalogue.version, at, self._states), change)

    def _places(self, space_ids: Iterable[UUID]) -> frozenset[int]:
        """Return the places of some spaces."""
        assert self._catalogue is not None  # it was read first
        index_of = self._catalogue.index_of
        return frozenset(index_of[space_id] for space_id in space_ids if space_id in index_of)

    def _change(self, notes: Iterable[str]) -> list[tuple[int, int]]:
        """Give berths their new states; return place and byte of those that differ."""
        if self._catalogue is None:
            return []
        raw = bytearray(self._states)
        touched: dict[int, int] = {}
        for space_id, state in (one for note in notes for one in news.read_states(note)):
            index = self._catalogue.index_of.get(space_id)
            if index is not None and raw[index] & STATE_MASK != CODE_OF[BerthState.ABSENT]:
                raw[index] = touched[index] = _byte_after(raw[index], state, is_faulty=index in self._faulty)
        self._heard.update(touched)
        changes = [(index, byte) for index, byte in touched.items() if byte != self._states[index]]
        self._states = bytes(raw)
        return changes

    def _row(self, one: Happening) -> EventRow:
        index = None if self._catalogue is None or one.subject_id is None else self._catalogue.index_of.get(one.subject_id)
        space = None if index is None or self._catalogue is None else self._catalogue.codes[index]
        return _event(moment(one.at_ms), one.site, space, one.kind, device=one.device, fen=one.fen)

    def _list_alarms(self, tx: Tx, at: datetime) -> list[Row]:
        """Return the alarms raised and cleared since they were looked for the last time."""
        return tx.rows(SQL["list_alarm_changes"], since=self._alarms_at or at - _BACK, at=at, limit=_MOST_ALARMS)

    def _tell_alarms(self, at: datetime, rows: Iterable[Row]) -> list[News]:
        self._alarms_at = at
        return self._tell(at, [_alarm_row(row) for row in rows])

    def _tell(self, at: datetime, rows: list[EventRow]) -> list[News]:
        """Return news of some events, as many as still fit into this second; the newest where they do not."""
        second = int(at.timestamp())
        told_n = self._told_in[1] if self._told_in[0] == second else 0
        kept = rows[max(0, len(rows) - (MOST_EVENTS - told_n)) :] if told_n < MOST_EVENTS else []
        self._told_in = (second, told_n + len(kept))
        self._events.extend(kept)
        return [News(EVENTS, list(self._events), {"rows": kept})] if kept else []


def snapshot(version: int, at: datetime, raw: bytes, *, seq: int) -> bytes:
    """Return all state bytes as JSON."""
    return orjson.dumps({"seq": seq, "version": version, "at": clock_text(at), "states": base64.b64encode(raw).decode()})


def _differences(before: bytes, after: bytes) -> list[tuple[int, int]] | None:
    """Return place and byte of what differs; None where the two are not of one catalogue."""
    if len(before) != len(after):
        return None
    was, now = (np.frombuffer(raw, dtype=np.uint8) for raw in (before, after))
    places = np.flatnonzero(was != now)
    return list(zip(places.tolist(), now[places].tolist(), strict=True))


def _byte_after(byte: int, state: str, *, is_faulty: bool) -> int:
    """Return the byte of a berth in another state: whoever stood there took his flags along."""
    dark = BerthState.FAULT if is_faulty else BerthState.OFFLINE
    code = CODE_OF[dark if state == BerthState.UNKNOWN else BerthState(state)]
    return byte & ~(STATE_MASK | OF_STAY) | code


def _alarm_row(row: Row) -> EventRow:
    kind = "alarm" if row["cleared_at"] is None else "cleared"
    return _event(row["cleared_at"] or row["raised_at"], row["site"], row["space"], kind, rule=row["rule"])


def _event(at: datetime, site: str | None, space: str | None, kind: str, **more: Any) -> EventRow:
    return {"at": clock_text(at), "site": site, "space": space, "kind": kind, "device": None, "fen": None, **more}
