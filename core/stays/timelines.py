"""
Timelines: fold new sightings into the history of spaces and vehicles, and write down what changed.

A sighting that sorts behind everything known is one step from the stored tail. Any other (out of order, late, or soon
after a late one) makes the timeline be folded anew from the events of at least a day, so that the result depends on
the set of events and never on the order they came in (R2). Tables timeline, stay, open_stay, occupancy_interval,
running_sum.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from core.kit import partitions
from core.kit.db import Row, Tx
from core.kit.ids import derived_id
from core.kit.moments import moment, ms_of
from core.kit.sql import named
from core.stays import corrections, news, storing, sums
from core.stays.carry import fresh, packed, unpacked
from core.stays.changes import Changes, RunChange, StayChange, StayRow, row_of, stay_from
from core.stays.corrections import Correction
from core.stays.rules.lateness import refold
from core.stays.rules.plates import Plate
from core.stays.rules.sightings import Kind, Sighting, Source, State, Timeline
from core.stays.sums import Standing

SQL = named("stays/timelines")

WINDOW_MS: Final = 26 * 3_600_000
"""How far behind the earliest new sighting a timeline is folded anew: a day and a margin."""

Subject = tuple[UUID, UUID]
"""Site and space, or site and vehicle."""
_Mark = tuple[int, int, UUID]
_NOTHING_YET: Final = UUID(int=0)

KIND_OF: Final = {
    "space_occupied": Kind.OCCUPIED,
    "space_freed": Kind.FREED,
    "plate_read": Kind.PLATE,
    "lane_in": Kind.IN,
    "lane_out": Kind.OUT,
    "comms_lost": Kind.SILENT,
    "tailgated": Kind.TAILGATED,
}


@dataclass(slots=True)
class Work:
    """New sightings of one subject."""

    subject_kind: str
    sightings: list[Sighting] = field(default_factory=list)


@dataclass(slots=True)
class _Task:
    """One subject on its way through the fold."""

    subject: Subject
    subject_kind: str
    new: list[Sighting]
    timeline: Timeline
    mark: _Mark  # where the last sighting folded so far sorts
    late_ms: int | None
    born_ms: int
    is_new: bool = False  # nothing is stored of it yet
    corrections: Sequence[Correction] = ()
    before: dict[UUID, StayRow] = field(default_factory=dict)
    before_runs: set[tuple[str, int, int]] = field(default_factory=set)

    @property
    def is_in_order(self) -> bool:
        """Tell whether one step from the tail is enough."""
        first = self.new[0]
        if (first.at_ms, first.kind, first.event_id) <= self.mark or any(s.is_late for s in self.new):
            return False
        return self.late_ms is None or first.at_ms - self.late_ms >= WINDOW_MS

    @property
    def is_echo(self) -> bool:
        """Tell whether the sightings only repeat the state that is known: most of what sensors say."""
        kind = Kind.OCCUPIED if self.timeline.state is State.OCCUPIED else Kind.FREED
        return self.timeline.state is not State.UNKNOWN and all(
            sighting.kind is kind and sighting.is_repeat and sighting.plate is None for sighting in self.new
        )

    @property
    def standing(self) -> Standing:
        """Return the state it is in."""
        return Standing(self.subject[0], self.timeline.state.value, self.timeline.since_ms)

    @property
    def window_from_ms(self) -> int:
        """Return how far back folding anew has to reach: a day before the first sighting that may upset anything."""
        return min(self.new[0].at_ms, self.new[0].at_ms if self.late_ms is None else self.late_ms) - WINDOW_MS


def start_unknown(tx: Tx, *, site_id: UUID, space_ids: Sequence[UUID], since: datetime) -> None:
    """Begin the timelines of new spaces: unknown since they went into service."""
    since_ms = ms_of(since)
    tx.run(partitions.MAKE, month=since.date())  # the run will be stored where it began
    carry = packed(fresh(site_id, site_id, "space", at_ms=since_ms), kind=None, late_ms=None, born_ms=since_ms)
    begun_n = tx.value(SQL["start"], site_id=site_id, space_ids=list(space_ids), since=since, carry=carry)
    sums.add(tx, gone=(), come=[Standing(site_id, State.UNKNOWN.value, since_ms)] * begun_n)


def fold(tx: Tx, work: Mapping[Subject, Work]) -> Changes:
    """
    Fold the new sightings, store timelines, stays and runs, and return what changed.

    The events themselves are stored before; the locks of the sites are held (`core.stays.locks`).
    """
    tasks = _loaded(tx, work)
    _read_corrections(tx, [task for task in tasks if not (task.is_in_order and task.is_echo)])
    before = [task.standing for task in tasks]
    anew = [task for task in tasks if not task.is_in_order]
    changes = Changes()
    if anew:
        _fold_anew(tx, anew)
    for task in tasks:
        if not task.is_in_order:
            _note_changes(task, changes)
            continue
        if task.is_echo:
            _apply(task)
        else:
            _remember(task)
            _apply(task)
            _note_changes(task, changes)
    storing.save(tx, changes)
    _save_timelines(tx, tasks)
    _save_cases(tx, tasks)
    moved = [
        (task, was)
        for task, was in zip(tasks, before, strict=True)
        if task.subject_kind == "space" and (task.is_new or task.standing != was)
    ]
    sums.add(tx, gone=[was for task, was in moved if not task.is_new], come=[task.standing for task, _ in moved])
    news.tell_states(tx, [(task.subject[1], task.standing.state) for task, was in moved if task.standing.state != was.state])
    return changes


def _loaded(tx: Tx, work: Mapping[Subject, Work]) -> list[_Task]:
    """Return a task for each subject, standing at its stored tail, or at its very beginning."""
    site_ids, subject_ids = [key[0] for key in work], [key[1] for key in work]
    rows = tx.tuples(SQL["load"], site_ids=site_ids, subject_ids=subject_ids)
    stored = {(site_id, subject_id): tail for site_id, subject_id, *tail in rows}
    tasks = []
    for subject, todo in work.items():
        new = sorted(todo.sightings)
        tail = stored.get(subject)
        tasks.append(_begun(subject, todo.subject_kind, new) if tail is None else _resumed(subject, todo, new, *tail))
    return tasks


def _begun(subject: Subject, subject_kind: str, new: list[Sighting]) -> _Task:
    at_ms = new[0].at_ms
    begun = fresh(*subject, subject_kind, at_ms=at_ms)
    return _Task(subject, subject_kind, new, begun, (0, -1, _NOTHING_YET), None, at_ms, is_new=True)


def _resumed(
    subject: Subject, todo: Work, new: list[Sighting], last_at: datetime, last_event_id: UUID | None, carry: dict[str, Any]
) -> _Task:
    kind = -1 if carry["k"] is None else carry["k"]
    return _Task(
        subject,
        todo.subject_kind,
        new,
        unpacked(*subject, todo.subject_kind, carry),
        (ms_of(last_at), kind, last_event_id or _NOTHING_YET),
        carry["l"],
        carry["b"],
    )


def _read_corrections(tx: Tx, tasks: Sequence[_Task]) -> None:
    """Give tasks what people said of their subjects."""
    made = corrections.read(tx, [task.subject for task in tasks])
    for task in tasks if made else ():
        task.corrections = made.get(task.subject, ())


def _stays(task: _Task) -> dict[UUID, StayRow]:
    """Return the stays that the visits at hand are, as people corrected them."""
    rows = (row_of(*task.subject, task.subject_kind, visit) for visit in task.timeline.visits)
    return {row.stay_id: corrections.laid_over(row, task.corrections) if task.corrections else row for row in rows}


def _remember(task: _Task) -> None:
    """Note what is stored, to be compared with what is told after the fold."""
    task.before = _stays(task)
    task.before_runs = _closed_runs(task.timeline)


def _apply(task: _Task) -> None:
    for sighting in task.new:
        task.timeline.apply(sighting)
    task.mark = max(task.mark, _mark_of(task.new[-1]))


def _fold_anew(tx: Tx, tasks: Sequence[_Task]) -> None:
    """Fold each timeline from an anchor that nothing new can reach behind; the new events are stored already."""
    anchors = _anchors(tx, tasks)
    froms = {task.subject: anchors.get(task.subject, 0) for task in tasks}
    where = {
        "site_ids": [task.subject[0] for task in tasks],
        "subject_ids": [task.subject[1] for task in tasks],
        "froms": [moment(froms[task.subject]) for task in tasks],
    }
    events = _by_subject(tx.rows(SQL["list_events"], **where))
    stays = _by_subject(tx.rows(SQL["list_stays"], **where))
    runs = _by_subject(tx.rows(SQL["list_runs"], **where))
    tx.run(SQL["withdraw_cases"], **where)
    for task in tasks:
        sightings = [_sighting_of(row) for row in events.get(task.subject, ())]
        anchor_ms = anchors.get(task.subject)
        begin = anchor_ms if anchor_ms is not None else min([task.born_ms, *(s.at_ms for s in sightings)])
        state = None if anchor_ms is None else State.FREE
        task.timeline = refold(partial(fresh, *task.subject, task.subject_kind, at_ms=begin, state=state), sightings)
        task.before = {row["stay_id"]: stay_from(row) for row in stays.get(task.subject, ())}
        task.before_runs = {(row["state"], ms_of(row["started_at"]), ms_of(row["ended_at"])) for row in runs.get(task.subject, ())}
        task.late_ms = max((s.at_ms for s in sightings if s.is_late), default=None)
        task.born_ms = min(task.born_ms, begin)
        task.mark = _mark_of(max(sightings))


def _anchors(tx: Tx, tasks: Sequence[_Task]) -> dict[Subject, int]:
    rows = tx.rows(
        SQL["find_anchors"],
        site_ids=[task.subject[0] for task in tasks],
        subject_ids=[task.subject[1] for task in tasks],
        before=[moment(max(task.window_from_ms, 0)) for task in tasks],
    )
    return {(row["site_id"], row["subject_id"]): ms_of(row["ended_at"]) for row in rows}


def _note_changes(task: _Task, changes: Changes) -> None:
    """Compare what was stored with what is told now."""
    timeline, subject = task.timeline, task.subject
    after = _stays(task)
    for stay_id, stay in after.items():
        known = task.before.get(stay_id)
        if known != stay:
            changes.stays.append(StayChange(known, stay))
    for stay_id, stay in task.before.items():
        if stay_id not in after:
            changes.stays.append(StayChange(stay, None))
    told = _closed_runs(timeline)
    for sign, runs in ((-1, task.before_runs - told), (1, told - task.before_runs)):
        for state, started_ms, ended_ms in runs:
            stay_id_of_run = _stay_in(timeline, started_ms)
            changes.runs.append(RunChange(*subject, task.subject_kind, state, started_ms, ended_ms, stay_id_of_run, sign))


def _closed_runs(timeline: Timeline) -> set[tuple[str, int, int]]:
    return {
        (run.state.value, run.started_ms, run.ended_ms)
        for run in timeline.runs
        if run.ended_ms is not None and run.state is not State.FREE and run.ended_ms > run.started_ms
    }


def _stay_in(timeline: Timeline, at_ms: int) -> UUID | None:
    """Return the visit that was going on at an instant."""
    for visit in reversed(timeline.visits):
        if visit.started_ms <= at_ms and (visit.ended_ms is None or at_ms < visit.ended_ms):
            return visit.stay_id
    return None


def _save_timelines(tx: Tx, tasks: Sequence[_Task]) -> None:
    tx.run(
        SQL["save"],
        site_ids=[task.subject[0] for task in tasks],
        subject_ids=[task.subject[1] for task in tasks],
        subject_kinds=[task.subject_kind for task in tasks],
        states=[task.timeline.state.value for task in tasks],
        sinces=[moment(task.timeline.since_ms) for task in tasks],
        stay_ids=[visit.stay_id if (visit := task.timeline.visit) else None for task in tasks],
        suspects=[visit.is_suspect if (visit := task.timeline.visit) else False for task in tasks],
        last_ats=[moment(task.mark[0]) for task in tasks],
        last_event_ids=[task.mark[2] for task in tasks],
        carries=[packed(task.timeline, kind=Kind(task.mark[1]), late_ms=task.late_ms, born_ms=task.born_ms) for task in tasks],
    )


def _save_cases(tx: Tx, tasks: Iterable[_Task]) -> None:
    found = [(task, case) for task in tasks for case in task.timeline.cases]
    if not found:
        return
    tx.run(
        SQL["save_cases"],
        site_ids=[task.subject[0] for task, _ in found],
        case_ids=[derived_id("case", task.subject[0], case.kind, case.event_id) for task, case in found],
        kinds=[case.kind.value for _, case in found],
        subject_ids=[task.subject[1] for task, _ in found],
        stay_ids=[case.stay_id for _, case in found],
        event_ids=[case.event_id for _, case in found],
        opened=[moment(case.at_ms) for _, case in found],
        details=["{}" for _ in found],
    )


def _mark_of(sighting: Sighting) -> _Mark:
    return sighting.at_ms, sighting.kind, sighting.event_id


def _by_subject(rows: Iterable[Row]) -> dict[Subject, list[Row]]:
    grouped: dict[Subject, list[Row]] = {}
    for row in rows:
        grouped.setdefault((row["site_id"], row["subject_id"]), []).append(row)
    return grouped


def _sighting_of(row: Row) -> Sighting:
    detail = row["detail"] or {}
    return Sighting(
        ms_of(row["at"]),
        KIND_OF[row["kind"]],
        row["event_id"],
        row["is_repeat"],
        row["is_late"],
        Plate(row["plate"], row["plate_colour"]) if row["plate"] else None,
        detail.get("votes", 1),
        UUID(detail["lane"]) if "lane" in detail else None,
        _source_of(row, detail),
    )


def _source_of(row: Row, detail: dict[str, Any]) -> Source:
    """Return who saw an event; where it does not say so, what went without saying: a collector, a pole, a magnetometer."""
    if "source" in detail:
        return Source(detail["source"])
    if row["kind"] == "plate_read":
        return Source.HANDHELD
    return Source.VIDEO if row["plate"] and row["kind"] in {"space_occupied", "space_freed"} else Source.MAGNET
