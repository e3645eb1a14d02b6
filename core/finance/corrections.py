"""
Corrections of stays: what a person says, and all that follows at once: the claim, the books, the figures.

The stay itself is corrected by a fact (`core.stays.corrections`); here it is priced anew and the difference booked, by
transfers that withdraw what should not stand and never by edits.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from core.access.actors import Actor
from core.customers import rights
from core.finance import settling
from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.moments import moment, ms_of
from core.stays import corrections, evidence, storing
from core.stays.changes import Changes, StayChange, StayRow
from core.stays.corrections import Kind
from core.stays.evidence import Beside, Pictures
from core.stays.rules.plates import Plate


class NotCorrectable(Refused):
    """The stay cannot be corrected, or not like this."""


class VoidDraft(BaseModel):
    """What shows that a stay was none."""

    model_config = ConfigDict(frozen=True)
    pictures: Pictures = []


class PlateDraft(BaseModel):
    """The plate that really stood there, and what shows it."""

    model_config = ConfigDict(frozen=True)
    pictures: Pictures = []
    plate: Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, min_length=5, max_length=10)]
    plate_colour: str = Field(default="blue", pattern="^(blue|yellow|green|yellow_green|white|black)$")


class TimeDraft(BaseModel):
    """When the vehicle really came, or left; what is left empty stays as it is. And what shows it."""

    model_config = ConfigDict(frozen=True)
    pictures: Pictures = []
    came_at: AwareDatetime | None = None
    gone_at: AwareDatetime | None = None


def void(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: VoidDraft | None = None) -> int:
    """
    Declare stays void: they are not counted and cost nothing, and what was paid for them waits in suspense.

    Raises:
        NotCorrectable: one is void already, or came without events.
        NoSuchUpload: a picture is not there for who sends the form.
    """

    def say(stay: StayRow) -> None:
        corrections.add(tx, stay, Kind.VOID, reason=reason, by=by.id, at=at)

    stays = _correct(tx, keys, say, at=at)
    return _shown(tx, stays, draft.pictures if draft else [], reason=reason, by=by, at=at)


def correct_plate(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: PlateDraft) -> int:
    """
    Say which vehicle it was; its claim and payments find each other anew.

    Raises:
        NotCorrectable: the stay is void, or came without events.
        NoSuchUpload: a picture is not there for who sends the form.
    """

    def say(stay: StayRow) -> None:
        corrections.add(tx, stay, Kind.PLATE, plate=Plate(draft.plate, draft.plate_colour), reason=reason, by=by.id, at=at)

    return _shown(tx, _correct(tx, keys, say, at=at), draft.pictures, reason=reason, by=by, at=at)


def correct_times(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: TimeDraft) -> int:
    """
    Say when the vehicle came, or left; a stay that goes on ends then. It is priced anew.

    Raises:
        NotCorrectable: the stay is void or came without events, or the times cannot be.
        NoSuchUpload: a picture is not there for who sends the form.
    """

    def say(stay: StayRow) -> None:
        _check_times(stay, draft, at)
        for kind, to in ((Kind.IN_TIME, draft.came_at), (Kind.OUT_TIME, draft.gone_at)):
            if to is not None:
                corrections.add(tx, stay, kind, to=to, reason=reason, by=by.id, at=at)

    return _shown(tx, _correct(tx, keys, say, at=at), draft.pictures, reason=reason, by=by, at=at)


def _correct(tx: Tx, keys: Sequence[UUID], say: Callable[[StayRow], None], *, at: datetime) -> list[StayRow]:
    """Correct stays in one go, under the locks of their sites; return those that changed, as they were."""
    site_ids = {_site_of(tx, key) for key in keys}
    settling.lock(tx, site_ids)
    changes = Changes()
    for key in dict.fromkeys(keys):
        before = _correctable(tx, key)
        say(before)
        made = corrections.read(tx, [(before.site_id, before.subject_id)])
        after = corrections.laid_over(before, made.get((before.site_id, before.subject_id), ()))
        if after != before:
            changes.stays.append(StayChange(before, after))
    storing.save(tx, changes, by_message=False)
    settling.settle(tx, changes, books=settling.list_books(tx, site_ids), rights=rights.read(tx), booked_ms=ms_of(at))
    return [change.before for change in changes.stays if change.before]


def _shown(tx: Tx, stays: Sequence[StayRow], named: Sequence[UUID], *, reason: str, by: Actor, at: datetime) -> int:
    """Put the pictures a correction names beside its stays; return how many stays there are."""
    beside = [Beside(stay.site_id, stay.subject_id, moment(stay.started_ms)) for stay in stays]
    evidence.bring(tx, beside, named, reason=reason, by=by.id, at=at)
    return len(stays)


def _site_of(tx: Tx, stay_id: UUID) -> UUID:
    site_id = corrections.find_site(tx, stay_id)
    if site_id is None:
        raise NotCorrectable(_("There is no such stay."))
    return site_id


def _correctable(tx: Tx, stay_id: UUID) -> StayRow:
    found = corrections.find(tx, stay_id)
    if found is None:
        raise NotCorrectable(_("There is no such stay."))
    stay, follows_from_events = found
    if not follows_from_events:
        raise NotCorrectable(_("This stay was brought over without its messages and cannot be corrected."))
    if stay.is_void:
        raise NotCorrectable(_("This stay is void already."))
    return stay


def _check_times(stay: StayRow, draft: TimeDraft, at: datetime) -> None:
    came_at = draft.came_at or moment(stay.billed_from_ms)
    gone_at = draft.gone_at or (None if stay.ended_ms is None else moment(stay.ended_ms))
    if draft.came_at is None and draft.gone_at is None:
        raise NotCorrectable(_("Say when the vehicle came, or when it left."), field="gone_at")
    if max(came_at, gone_at or came_at) > at:
        raise NotCorrectable(_("This moment has not come yet."), field="gone_at")
    if gone_at is not None and gone_at < max(came_at, moment(stay.started_ms)):
        raise NotCorrectable(_("It cannot have left before it came."), field="gone_at")
