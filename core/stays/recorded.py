"""
Records: what sensors wrote down, brought in from files, and the runs and stays derived from all of it.

Tables event, stay, occupancy_interval. Words are kept as they were told, the impossible and the chatter too; what they
mean is derived anew for the whole site whenever words are added, so their order and their files do not matter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from core.kit import partitions
from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.ids import derived_id
from core.kit.locale import _
from core.kit.moments import EPOCH, moment, ms_of
from core.kit.sql import named
from core.stays.changes import Changes, RunChange, StayChange, StayRow, stay_from
from core.stays.locks import lock_sites
from core.stays.rules.recorded import Chatter, DayOf, Recorded, RecordedVisit, Word, record_of, spans_of
from core.stays.rules.sightings import CloseReason, State

SQL = named("stays/recorded")
TIMELINES = named("stays/timelines")

MOST_WORDS: Final = 1_000_001
Subject = tuple[UUID, UUID]
"""Site and space."""
_KINDS: Final = {State.OCCUPIED: "space_occupied", State.FREE: "space_freed", State.UNKNOWN: "comms_lost"}
_STATES: Final = {kind: state for state, kind in _KINDS.items()}
_WORD: Final = ("uuid", "timestamptz", "uuid", "text", "uuid", "timestamptz", "timestamptz", "timestamptz")


class RecordTooLong(Refused):
    """The records do not fit into memory; they want to be cut into several sites."""


@dataclass(frozen=True, slots=True)
class RecordedWord:
    """One word of a record. A snapshot vouches for a state until `until`; `changed_at` is when it says it began."""

    site_id: UUID
    space_id: UUID
    event_id: UUID
    at: datetime
    state: State
    until: datetime | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Derived:
    """What changed in runs and stays, and the chatter of the records."""

    changes: Changes
    chatter: Mapping[Subject, tuple[Chatter, ...]]


def add(tx: Tx, words: Sequence[RecordedWord], *, at: datetime) -> int:
    """Keep words that are not known yet; return how many. Partitions stand."""
    tx.run(SQL["stage"])
    tx.run(SQL["clear"])
    tx.copy_in(SQL["copy_words"], (_row(word, at) for word in words), _WORD)
    return tx.run(SQL["add_words"])


def make_months(tx: Tx, moments: Iterable[datetime]) -> None:
    """Make the partitions of these instants."""
    for month in sorted({at.date().replace(day=1) for at in moments}):
        tx.run(partitions.MAKE, month=month)


def derive(tx: Tx, *, site_ids: Sequence[UUID], day_of: DayOf, debounce_ms: int, longest_ms: int) -> Derived:
    """
    Tell the runs and stays of sites from their whole records, and how that differs from what is stored.

    Nothing is written but the months that the changes need: callers save the changes and count them.

    Raises:
        RecordTooLong: more words than are folded at once.
    """
    lock_sites(tx, site_ids)
    rows = tx.tuples(SQL["list_words"], site_ids=list(site_ids), most=MOST_WORDS)
    if len(rows) == MOST_WORDS:
        raise RecordTooLong(_("The record of a site holds more than %(count)s words.", count=f"{MOST_WORDS - 1:,}"))
    records: dict[Subject, Recorded] = {}
    for site_id, words in _words(rows).items():
        spans = spans_of({word.at_ms for told in words.values() for word in told}, longest_ms=longest_ms, day_of=day_of)
        for space_id, told in words.items():
            records[site_id, space_id] = record_of(told, spans, debounce_ms=debounce_ms, longest_ms=longest_ms)
    changes = _changes(tx, records)
    make_months(tx, {moment(run.started_ms) for run in changes.runs if run.sign > 0})
    return Derived(changes, {subject: record.chatter for subject, record in records.items() if record.chatter})


def _changes(tx: Tx, records: Mapping[Subject, Recorded]) -> Changes:
    """Compare what the records tell with what is stored."""
    where = {
        "site_ids": [site_id for site_id, _space_id in records],
        "subject_ids": [space_id for _site_id, space_id in records],
        "froms": [EPOCH] * len(records),
    }
    stays_before = {row["stay_id"]: stay_from(row) for row in tx.rows(TIMELINES["list_stays"], **where)}
    runs_before = {
        ((row["site_id"], row["subject_id"]), row["state"], ms_of(row["started_at"]), ms_of(row["ended_at"]))
        for row in tx.rows(TIMELINES["list_runs"], **where)
    }
    told = [_stay(*subject, visit) for subject, record in records.items() for visit in record.visits]
    stays = {stay.stay_id: stay for stay in told}
    stay_of = {((stay.site_id, stay.subject_id), stay.started_ms): stay.stay_id for stay in told}
    runs = {
        (subject, run.state.value, run.started_ms, run.ended_ms)
        for subject, record in records.items()
        for run in record.runs
        if run.ended_ms is not None
    }
    changes = Changes()
    for stay_id in stays_before.keys() | stays.keys():
        before, after = stays_before.get(stay_id), stays.get(stay_id)
        if before != after:
            changes.stays.append(StayChange(before, after))
    for sign, differing in ((-1, runs_before - runs), (1, runs - runs_before)):
        for (site_id, space_id), state, started_ms, ended_ms in differing:
            of_stay = stay_of.get(((site_id, space_id), started_ms)) if state == State.OCCUPIED else None
            changes.runs.append(RunChange(site_id, space_id, "space", state, started_ms, ended_ms, of_stay, sign))
    return changes


def _stay(site_id: UUID, space_id: UUID, visit: RecordedVisit) -> StayRow:
    return StayRow(
        site_id=site_id,
        stay_id=derived_id("stay", site_id, space_id, visit.in_event_id),
        started_ms=visit.started_ms,
        ended_ms=visit.ended_ms,
        subject_id=space_id,
        subject_kind="space",
        plate=None,
        quality=visit.quality,
        reason=CloseReason.OBSERVED_EXIT,
        is_suspect=False,
        in_event_id=visit.in_event_id,
        out_event_id=visit.out_event_id,
        is_found=visit.is_found,
    )


def _words(rows: Iterable[tuple[UUID, UUID, datetime, UUID, str, int | None]]) -> dict[UUID, dict[UUID, list[Word]]]:
    """Return the words by site and space."""
    words: dict[UUID, dict[UUID, list[Word]]] = {}
    for site_id, space_id, at, event_id, kind, until_ms in rows:
        of_site = words.setdefault(site_id, {})
        of_site.setdefault(space_id, []).append(Word(ms_of(at), event_id, _STATES[kind], until_ms))
    return words


def _row(word: RecordedWord, at: datetime) -> tuple[object, ...]:
    return (
        word.site_id, word.at, word.event_id, _KINDS[word.state], word.space_id, at, word.changed_at, word.until,
    )  # fmt: skip
