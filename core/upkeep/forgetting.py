"""
Forgetting: plates whose period is over become names that lead to nobody, messages that may name one are emptied.

Tables forgotten_month, and every table that tells of a vehicle. A plate is renamed by a salted key of its month: within the
month the same vehicle is still the same, so that what is counted stays; from one month to the next nobody can follow it, and
once a month is done its salt is gone. What is open stays as it is until it is closed: a stay that goes on, is not paid, or
waits for a person's decision, and plates that a block or watch list holds. Months are those of UTC, as the partitions are.
"""

import base64
import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

import orjson

from core.access import audit
from core.access.audit import Entry, Outcome, Who
from core.kit.db import Database, Tx
from core.kit.moments import ms_of
from core.kit.sql import named
from core.office import switches
from core.office.switches import Switch
from core.stays import carry
from core.stays.rules.plates import Plate
from core.stays.storing import vehicle_of

SQL = named("upkeep/forgetting")

MARK: Final = "~"
"""What every such name begins with, and no plate."""
MOST: Final = 20_000
"""Plates of one transaction."""
AGAIN: Final = timedelta(days=30)
"""How long after a month was done it is looked at again."""
_SALT_BYTES: Final = 32
_NAME_BYTES: Final = 10
_FIRST: Final = UUID(int=0)


class Kind(StrEnum):
    """Kinds of records that are forgotten, each after a period of its own."""

    PLATES = "plates"
    MESSAGES = "messages"

    @property
    def period(self) -> Switch:
        """Return the switch that says how long they are kept, in days."""
        return {Kind.PLATES: Switch.PLATE_DAYS, Kind.MESSAGES: Switch.MESSAGE_DAYS}[self]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A month that is done: so many plates renamed or messages emptied, so many plates that stay as something is open."""

    kind: Kind
    month: date
    done_n: int
    kept_n: int


@dataclass(frozen=True, slots=True)
class _Month:
    """A month under way; half-open instants."""

    kind: Kind
    month: date
    from_at: datetime
    to_at: datetime
    salt: bytes
    at: datetime


def name_of(plate: Plate, *, salt: bytes) -> Plate:
    """Return the name of a plate in the month of a salt; a name keeps being the same name."""
    if plate.text.startswith(MARK):
        return plate
    digest = hashlib.blake2b(f"{plate.text}/{plate.colour}".encode(), key=salt, digest_size=_NAME_BYTES).digest()
    return Plate(MARK + base64.b32encode(digest).decode(), plate.colour)


def forget_month(database: Database, kind: Kind, *, nameless: Sequence[str], at: datetime) -> Forgotten | None:
    """
    Forget the oldest month of a kind whose period is over, a batch a transaction; None where none is.

    A crash loses nothing: the month goes on with its salt. `nameless` are the kinds of messages that name no plate.
    """
    with database.transaction() as tx:
        month = _begin(tx, kind, at=at)
    if month is None:
        return None
    if kind is Kind.PLATES:
        _forget_plates(database, month)
    else:
        _forget_messages(database, month, nameless)
    with database.transaction() as tx:
        return _finish(tx, month)


def _begin(tx: Tx, kind: Kind, *, at: datetime) -> _Month | None:
    before = at - timedelta(days=switches.value_of(tx, kind.period))
    month: date | None = tx.value(SQL["due_month"], kind=kind, before=before, again_before=at - AGAIN)
    if month is None:
        return None
    salt = tx.value(SQL["begin"], kind=kind, month=month, salt=secrets.token_bytes(_SALT_BYTES), at=at)
    from_at = datetime.combine(month, time.min, UTC)
    to_at = datetime.combine((month + timedelta(days=31)).replace(day=1), time.min, UTC)
    return _Month(kind, month, from_at, to_at, bytes(salt), at)


def _finish(tx: Tx, month: _Month) -> Forgotten:
    """Let the salt go, and tell the audit."""
    row = tx.row(SQL["finish"], kind=month.kind, month=month.month, at=month.at)
    assert row is not None
    done = Forgotten(month.kind, month.month, row["done_n"], row["kept_n"])
    after = {"done": done.done_n, "kept": done.kept_n}
    subject = f"{month.month:%Y-%m}"
    audit.add(tx, Entry(month.at, f"{month.kind}.forget", Outcome.DONE, actor_kind=Who.PRODUCT, subject=subject, after=after))
    return done


def _forget_messages(database: Database, month: _Month, nameless: Sequence[str]) -> None:
    """Empty the messages of a month, a day a transaction."""
    from_at = month.from_at
    while from_at < month.to_at:
        to_at = from_at + timedelta(days=1)
        with database.transaction() as tx:
            emptied_n: int = tx.value(SQL["forget_messages"], from_at=from_at, to_at=to_at, nameless=list(nameless))
            tx.run(SQL["note_progress"], kind=month.kind, month=month.month, done_n=emptied_n, kept_n=0)
        from_at = to_at


def _forget_plates(database: Database, month: _Month) -> None:
    """Rename the plates of a month but those that are kept, in its records and at the ends of timelines."""
    kept: set[Plate] = set()
    last = Plate("", "")
    while True:
        with database.transaction() as tx:
            plates = _list_plates(tx, month, behind=last)
            if not plates:
                break
            kept_here = _kept(tx, month, plates)
            _rename(tx, month, [plate for plate in plates if plate not in kept_here])
            done_n = len(plates) - len(kept_here)
            tx.run(SQL["note_progress"], kind=month.kind, month=month.month, done_n=done_n, kept_n=len(kept_here))
        kept |= kept_here
        last = plates[-1]
    _rename_tails(database, month, lambda plate: plate if plate in kept else name_of(plate, salt=month.salt))
    with database.transaction() as tx:
        tx.value(SQL["drop_vehicles"])


def _list_plates(tx: Tx, month: _Month, *, behind: Plate) -> list[Plate]:
    rows = tx.tuples(
        SQL["list_plates"],
        from_at=month.from_at, to_at=month.to_at, plate=behind.text, colour=behind.colour, mark=MARK, most=MOST,
    )  # fmt: skip
    return [Plate(*row) for row in rows]


def _kept(tx: Tx, month: _Month, plates: Sequence[Plate]) -> set[Plate]:
    """Return the plates about which something is open."""
    vehicles = {vehicle_of(plate): plate for plate in plates}
    rows = tx.tuples(SQL["list_kept"], from_at=month.from_at, to_at=month.to_at, at=month.at, vehicle_ids=list(vehicles))
    return {vehicles[vehicle_id] for (vehicle_id,) in rows if vehicle_id in vehicles}


def _rename(tx: Tx, month: _Month, plates: Sequence[Plate]) -> None:
    names = [name_of(plate, salt=month.salt) for plate in plates]
    tx.value(
        SQL["forget_plates"],
        from_at=month.from_at,
        to_at=month.to_at,
        olds=[vehicle_of(plate) for plate in plates],
        news=[vehicle_of(name) for name in names],
        plates=[plate.text for plate in plates],
        colours=[plate.colour for plate in plates],
        names=[name.text for name in names],
    )


def _rename_tails(database: Database, month: _Month, rename: Callable[[Plate], Plate]) -> None:
    """Rename what the ends of timelines remember of a month; one that moves on meanwhile is renamed the next time."""
    from_ms, to_ms = ms_of(month.from_at), ms_of(month.to_at)
    last: tuple[UUID, UUID] = (_FIRST, _FIRST)
    while True:
        with database.transaction() as tx:
            rows = tx.rows(SQL["list_tails"], site_id=last[0], subject_id=last[1], to_ms=to_ms, most=MOST)
            for row in rows:
                before, after = row["carry"], carry.renamed(row["carry"], from_ms=from_ms, to_ms=to_ms, rename=rename)
                if after != before:
                    key = {"site_id": row["site_id"], "subject_id": row["subject_id"]}
                    tx.run(SQL["change_tail"], **key, before=_json(before), after=_json(after))
        if not rows:
            break
        last = (rows[-1]["site_id"], rows[-1]["subject_id"])


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
