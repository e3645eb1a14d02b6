"""Write changed stays and runs: rows, the uniqueness of open stays, amendments of closed ones, new vehicles."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from uuid import UUID

import orjson

from core.customers.rules.classes import traits_of
from core.kit.db import Tx
from core.kit.ids import derived_id, uuid7
from core.kit.moments import moment, moment_or_none
from core.kit.sql import named
from core.stays.changes import Changes, RunChange, StayChange, StayRow
from core.stays.rules.plates import Plate

SQL = named("stays/timelines")


@lru_cache(maxsize=200_000)
def vehicle_of(plate: Plate) -> UUID:
    """Return the id of the vehicle with this plate: text and colour are its identity (R21)."""
    return derived_id("vehicle", plate.text, plate.colour)


def save(tx: Tx, changes: Changes, *, by_message: bool = True) -> None:
    """Store what changed. Each row is written at most once a batch. A person's correction (not `by_message`) left its trace."""
    told = [change.after for change in changes.stays if change.after is not None]
    gone = [change.before for change in changes.stays if change.after is None and change.before is not None]
    if gone:
        _delete_stays(tx, gone)
    if told:
        save_vehicles(tx, _named_now(changes.stays))
        _save_stays(tx, told)
    _save_open(tx, changes.stays)
    _save_runs(tx, changes.runs)
    if by_message:
        _save_amendments(tx, changes.stays)


def _save_stays(tx: Tx, stays: Sequence[StayRow]) -> None:
    tx.run(
        SQL["save_stays"],
        site_ids=[stay.site_id for stay in stays],
        started=[moment(stay.started_ms) for stay in stays],
        stay_ids=[stay.stay_id for stay in stays],
        ended=[moment_or_none(stay.ended_ms) for stay in stays],
        subject_ids=[stay.subject_id for stay in stays],
        subject_kinds=[stay.subject_kind for stay in stays],
        vehicle_ids=[vehicle_of(stay.plate) if stay.plate else None for stay in stays],
        plates=[stay.plate.text if stay.plate else None for stay in stays],
        colours=[stay.plate.colour if stay.plate else None for stay in stays],
        classes=[traits_of(stay.plate.colour).vehicle_class if stay.plate else "small" for stay in stays],
        states=[stay.state for stay in stays],
        qualities=[stay.quality.value for stay in stays],
        reasons=[stay.reason.value if stay.reason else None for stay in stays],
        in_event_ids=[stay.in_event_id for stay in stays],
        out_event_ids=[stay.out_event_id for stay in stays],
        founds=[stay.is_found for stay in stays],
        timelies=[_array(stay.timely) for stay in stays],
        billed=[moment_or_none(stay.billed_ms) for stay in stays],
    )


def _array(timely: tuple[tuple[int, int], ...]) -> str | None:
    """Return pairs of milliseconds as the text of a flat array; none as null."""
    return "{" + ",".join(f"{start},{end}" for start, end in timely) + "}" if timely else None


def _delete_stays(tx: Tx, stays: Sequence[StayRow]) -> None:
    tx.run(
        SQL["delete_stays"],
        site_ids=[stay.site_id for stay in stays],
        started=[moment(stay.started_ms) for stay in stays],
        stay_ids=[stay.stay_id for stay in stays],
    )


def _named_now(changes: Sequence[StayChange]) -> set[Plate]:
    """Return the plates that stays carry since this batch."""
    return {
        change.after.plate
        for change in changes
        if change.after and change.after.plate and (change.before is None or change.before.plate != change.after.plate)
    }


def save_vehicles(tx: Tx, plates: Collection[Plate]) -> None:
    """Store the vehicles of these plates, those not known before; what a plate tells of class and right comes with it."""
    if not plates:
        return
    traits = [traits_of(plate.colour) for plate in plates]
    tx.run(
        SQL["save_vehicles"],
        vehicle_ids=[vehicle_of(plate) for plate in plates],
        plates=[plate.text for plate in plates],
        colours=[plate.colour for plate in plates],
        classes=[trait.vehicle_class for trait in traits],
        energies=[trait.energy for trait in traits],
        rights=[trait.right_kind for trait in traits],
    )


def _save_open(tx: Tx, changes: Sequence[StayChange]) -> None:
    """Keep one row for each subject with an open stay; the last word on a subject counts."""
    now_open: dict[tuple[UUID, UUID], StayRow] = {}
    closed: set[tuple[UUID, UUID]] = set()
    for before, after in changes:
        stay = after or before
        assert stay is not None
        subject = (stay.site_id, stay.subject_id)
        if after is not None and after.ended_ms is None:
            now_open[subject] = after
        elif before is not None and before.ended_ms is None:
            closed.add(subject)
    closed -= now_open.keys()
    if closed:
        tx.run(SQL["delete_open"], site_ids=[key[0] for key in closed], subject_ids=[key[1] for key in closed])
    if now_open:
        stays = list(now_open.values())
        tx.run(
            SQL["save_open"],
            site_ids=[stay.site_id for stay in stays],
            subject_ids=[stay.subject_id for stay in stays],
            stay_ids=[stay.stay_id for stay in stays],
            started=[moment(stay.started_ms) for stay in stays],
            vehicle_ids=[vehicle_of(stay.plate) if stay.plate else None for stay in stays],
        )


def _save_runs(tx: Tx, runs: Sequence[RunChange]) -> None:
    gone = [run for run in runs if run.sign < 0]
    if gone:
        tx.run(
            SQL["delete_runs"],
            site_ids=[run.site_id for run in gone],
            started=[moment(run.started_ms) for run in gone],
            subject_ids=[run.subject_id for run in gone],
            states=[run.state for run in gone],
        )
    told = [run for run in runs if run.sign > 0]
    if told:
        tx.copy_in(
            "copy occupancy_interval (site_id, started_at, subject_id, subject_kind, state, ended_at, stay_id) from stdin",
            (
                (run.site_id, moment(run.started_ms), run.subject_id, run.subject_kind, run.state,
                 moment(run.ended_ms), run.stay_id)
                for run in told
            ),
        )  # fmt: skip


def _save_amendments(tx: Tx, changes: Sequence[StayChange]) -> None:
    """Leave a trace of what was known before, where a closed stay is told differently now (D4)."""
    amended = [change for change in changes if change.before is not None and change.before.ended_ms is not None]
    if not amended:
        return
    befores = [change.before for change in amended if change.before is not None]
    tx.run(
        SQL["save_amendments"],
        site_ids=[before.site_id for before in befores],
        amendment_ids=[uuid7() for _ in befores],
        stay_ids=[before.stay_id for before in befores],
        kinds=[_amendment_kind(change) for change in amended],
        befores=[_words(change.before) for change in amended],
        afters=[_words(change.after) for change in amended],
        reasons=["a message came late or out of order" for _ in befores],
        ats=[moment(before.ended_ms or before.started_ms) for before in befores],
    )


def _amendment_kind(change: StayChange) -> str:
    before, after = change
    if after is None or before is None:
        return "rederive"
    if after.ended_ms is None:
        return "reopen"
    if after.ended_ms != before.ended_ms:
        return "out_time"
    return "plate" if after.plate != before.plate else "rederive"


def _words(stay: StayRow | None) -> str:
    if stay is None:
        return "null"
    return orjson.dumps({
        "started_ms": stay.started_ms,
        "ended_ms": stay.ended_ms,
        "plate": list(stay.plate) if stay.plate else None,
        "quality": stay.quality.value,
        "reason": stay.reason.value if stay.reason else None,
    }).decode()  # fmt: skip
