"""
Corrections: what a person says of a stay against its sources, with his reason. Table stay_amendment, where made_by is set.

A correction is a fact beside the events, never an edit: a stay is what its sources tell, with the corrections laid over it.
It speaks of whoever stood at a place at an instant, so that it finds its stay again when late messages tell the stay anew.
Of two corrections of one kind the later one holds; those of different kinds do not touch each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson

from core.kit.db import Tx
from core.kit.ids import uuid7
from core.kit.moments import moment, ms_of
from core.kit.sql import named
from core.stays.changes import StayRow, stay_from
from core.stays.rules.plates import Plate
from core.stays.rules.sightings import CloseReason, Quality

SQL = named("stays/corrections")

Subject = tuple[UUID, UUID]
"""Site and space, or site and vehicle."""


class Kind(StrEnum):
    """What is corrected."""

    PLATE = "plate"
    IN_TIME = "in_time"
    OUT_TIME = "out_time"
    VOID = "void"


class Correction(NamedTuple):
    """
    One correction. Instants in milliseconds.

    about_ms: whoever stood there then is meant; made_ms: when it was said; at_ms: the time that is told, of a time.
    """

    kind: Kind
    about_ms: int
    made_ms: int
    amendment_id: UUID
    plate: Plate | None = None
    at_ms: int | None = None


NONE: Final[Mapping[Subject, Sequence[Correction]]] = {}


def laid_over(stay: StayRow, corrections: Iterable[Correction]) -> StayRow:
    """Return a stay as people corrected it; the same corrections twice change nothing more."""
    meant = sorted((one for one in corrections if _means(one, stay)), key=lambda one: (one.made_ms, one.amendment_id))
    last = {one.kind: one for one in meant}
    if plate := last.get(Kind.PLATE):
        stay = stay._replace(plate=plate.plate)
    if came := last.get(Kind.IN_TIME):
        stay = stay._replace(billed_ms=came.at_ms, quality=_told(stay.quality), timely=())
    if left := last.get(Kind.OUT_TIME):
        stay = _ended(stay, left.at_ms or left.made_ms)._replace(
            reason=CloseReason.STAFF_CLOSE, quality=_told(stay.quality), timely=()
        )
    if void := last.get(Kind.VOID):
        stay = (stay if stay.ended_ms is not None else _ended(stay, void.made_ms))._replace(is_void=True)
    return stay


def read(tx: Tx, subjects: Sequence[Subject]) -> Mapping[Subject, Sequence[Correction]]:
    """Return all corrections that were made at some places."""
    if not subjects:
        return NONE
    rows = tx.tuples(
        SQL["list_corrections"],
        site_ids=[site_id for site_id, _ in subjects],
        subject_ids=[subject_id for _, subject_id in subjects],
    )
    found: dict[Subject, list[Correction]] = {}
    for site_id, subject_id, about_at, kind, after, made_at, amendment_id in rows:
        one = _from_words(Kind(kind), ms_of(about_at), ms_of(made_at), amendment_id, after)
        found.setdefault((site_id, subject_id), []).append(one)
    return found


def find(tx: Tx, stay_id: UUID) -> tuple[StayRow, bool] | None:
    """Return a stay as it is stored, and whether it follows from events; None where there is none."""
    row = tx.row(SQL["find_stay"], stay_id=stay_id)
    return None if row is None else (stay_from(row), row["origin"] == "live")


def find_site(tx: Tx, stay_id: UUID) -> UUID | None:
    """Return the site of a stay, whose lock is to be taken before anything is decided; None where there is no such stay."""
    found: UUID | None = tx.value(SQL["find_site"], stay_id=stay_id)
    return found


def add(
    tx: Tx,
    stay: StayRow,
    kind: Kind,
    *,
    plate: Plate | None = None,
    to: datetime | None = None,
    reason: str,
    by: UUID,
    at: datetime,
) -> None:
    """Store a correction of a stay: another plate, or another time. The lock of its site is held."""
    after: dict[str, Any] = {"plate": list(plate)} if plate else {"at_ms": ms_of(to)} if to else {}
    tx.run(
        SQL["add_correction"],
        site_id=stay.site_id,
        amendment_id=uuid7(),
        stay_id=stay.stay_id,
        kind=kind,
        before=orjson.dumps(_words(stay)).decode(),
        after=orjson.dumps(after).decode(),
        reason=reason,
        at=at,
        subject_id=stay.subject_id,
        about_at=moment(stay.started_ms),
        made_by=by,
    )


def _means(correction: Correction, stay: StayRow) -> bool:
    """Tell whether a correction speaks of a stay: it was there at the instant."""
    if stay.started_ms == correction.about_ms:
        return True
    return stay.started_ms < correction.about_ms and (stay.ended_ms is None or correction.about_ms < stay.ended_ms)


def _ended(stay: StayRow, at_ms: int) -> StayRow:
    return stay._replace(ended_ms=max(at_ms, stay.started_ms), is_suspect=False)


def _told(quality: Quality) -> Quality:
    """Return the quality of a stay of which a person told a time: nobody saw it, but it is no guess, either."""
    return Quality.B if quality in {Quality.A, Quality.C} else quality


def _from_words(kind: Kind, about_ms: int, made_ms: int, amendment_id: UUID, after: dict[str, Any]) -> Correction:
    plate = Plate(*after["plate"]) if "plate" in after else None
    return Correction(kind, about_ms, made_ms, amendment_id, plate, after.get("at_ms"))


def _words(stay: StayRow) -> dict[str, Any]:
    return {
        "started_ms": stay.started_ms,
        "ended_ms": stay.ended_ms,
        "billed_ms": stay.billed_ms,
        "plate": list(stay.plate) if stay.plate else None,
        "quality": stay.quality.value,
        "state": stay.state,
    }
