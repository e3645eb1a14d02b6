"""
Reviews: what a person must look at, and what he decided. Table review_case; reads evidence.

A case says that sources contradict each other, or that something needs a person's word. To confirm or dismiss it is his word
alone; to correct or void its stay is that and what follows from it: the stay, its price and the books (`core.finance.corrections`).
What a later message explains goes by itself, unless it was decided.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from core.access.actors import Actor
from core.finance import corrections
from core.finance.corrections import PlateDraft, TimeDraft, VoidDraft
from core.kit.db import Row, Tx
from core.kit.errors import Refused
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.sql import named

SQL = named("finance/reviews")

MOST: Final = 12
AROUND: Final = timedelta(minutes=10)
"""What was photographed of a place so long before and after shows the case."""

REVIEWS: Final = Relation(
    SQL["review_rows"],
    key="case_id",
    columns=frozenset(
        {"kind", "state", "opened_at", "age_s", "site", "area_id", "place", "plate", "decided_at", "decided_by_name", "reason"}
    ),
    order=(Order("opened_at", is_falling=True),),
    filled=frozenset({"opened_at"}),
)  # fmt: skip


class Outcome(StrEnum):
    """What a person said of a case."""

    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    CORRECTED = "corrected"
    """Its stay was corrected."""
    VOIDED = "voided"
    """Its stay was declared void."""


OPEN: Final = "open"
STATES: Final[Mapping[str, Lazy]] = {
    OPEN: _l("To be decided"),
    Outcome.CONFIRMED: _l("Confirmed"),
    Outcome.DISMISSED: _l("Dismissed"),
    Outcome.CORRECTED: _l("Stay corrected"),
    Outcome.VOIDED: _l("Stay void"),
}


class NotOpen(Refused):
    """A case was decided before, or explained by a message meanwhile."""


class NoStay(Refused):
    """A case speaks of no stay."""


def confirm(tx: Tx, _keys: Sequence[UUID], *, rows: Sequence[Row], reason: str, by: Actor, at: datetime) -> int:
    """
    Say that it was as suspected; nothing else changes.

    Raises:
        NotOpen: one needs no decision any more; nothing is decided.
    """
    return _decide(tx, rows, Outcome.CONFIRMED, reason=reason, by=by, at=at)


def dismiss(tx: Tx, _keys: Sequence[UUID], *, rows: Sequence[Row], reason: str, by: Actor, at: datetime) -> int:
    """
    Say that there was nothing in it.

    Raises:
        NotOpen: one needs no decision any more; nothing is decided.
    """
    return _decide(tx, rows, Outcome.DISMISSED, reason=reason, by=by, at=at)


def correct_plate(
    tx: Tx, _keys: Sequence[UUID], *, rows: Sequence[Row], reason: str, by: Actor, at: datetime, draft: PlateDraft
) -> int:
    """
    Say which vehicle it was; its claim and payments find each other anew.

    Raises:
        NotOpen: it needs no decision any more.
        NoStay: it speaks of no stay.
        corrections.NotCorrectable: the stay cannot be corrected.
    """
    stays = _stays(rows)
    _decide(tx, rows, Outcome.CORRECTED, reason=reason, by=by, at=at)
    return corrections.correct_plate(tx, stays, reason=reason, by=by, at=at, draft=draft)


def correct_times(
    tx: Tx, _keys: Sequence[UUID], *, rows: Sequence[Row], reason: str, by: Actor, at: datetime, draft: TimeDraft
) -> int:
    """
    Say when the vehicle came, or left; the stay is priced anew.

    Raises:
        NotOpen: it needs no decision any more.
        NoStay: it speaks of no stay.
        corrections.NotCorrectable: the stay cannot be corrected, or not like this.
    """
    stays = _stays(rows)
    _decide(tx, rows, Outcome.CORRECTED, reason=reason, by=by, at=at)
    return corrections.correct_times(tx, stays, reason=reason, by=by, at=at, draft=draft)


def void(
    tx: Tx, _keys: Sequence[UUID], *, rows: Sequence[Row], reason: str, by: Actor, at: datetime, draft: VoidDraft | None = None
) -> int:
    """
    Declare the stays of cases void: they are not counted and cost nothing.

    Raises:
        NotOpen: one needs no decision any more.
        NoStay: one speaks of no stay.
        corrections.NotCorrectable: a stay cannot be declared void.
    """
    stays = _stays(rows)
    _decide(tx, rows, Outcome.VOIDED, reason=reason, by=by, at=at)
    return corrections.void(tx, stays, reason=reason, by=by, at=at, draft=draft)


def list_frames(tx: Tx, row: Row) -> list[Row]:
    """Return what was photographed of the case of a row, oldest first."""
    at: datetime = row["opened_at"]
    return tx.rows(
        SQL["list_frames"], site_id=row["site_id"], event_id=row["event_id"], subject_id=row["subject_id"], from_at=at - AROUND,
        until=at + AROUND, most=MOST,
    )  # fmt: skip


def _stays(rows: Sequence[Row]) -> list[UUID]:
    """Return the stays cases speak of, each once: two cases may speak of one."""
    found = [row["stay_id"] for row in rows]
    if None in found:
        raise NoStay(_("This case speaks of no stay."))
    return list(dict.fromkeys(found))


def _decide(tx: Tx, rows: Sequence[Row], outcome: Outcome, *, reason: str, by: Actor, at: datetime) -> int:
    """Write the decision; before anything is corrected, as what is decided is not withdrawn."""
    cases = {"site_ids": [row["site_id"] for row in rows], "case_ids": [row["case_id"] for row in rows]}
    done = tx.run(SQL["decide"], **cases, outcome=outcome, reason=reason, by=by.id, at=at)
    if done != len(rows):
        raise NotOpen(_("A case needs no decision any more; look again."))
    return done
