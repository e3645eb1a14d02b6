"""
Exports: files made of a list, asked for by a click and made by a process of their own. Table export_job.

Whoever asks needs the right to export; plates, phones and names in full need one more and a reason. What a file holds is
decided when it is made: by the rights and the scope its owner has then. A file is its owner's alone, for a day.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson

from core.access import audit
from core.access.actors import Actor, ActorKind
from core.access.audit import Entry, Outcome, Who
from core.access.permissions import Permission
from core.kit.db import Row, Tx
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.listing import Asked, Condition, Is, Order, Relation
from core.kit.locale import Language, _
from core.kit.sql import named

SQL = named("access/exports")

OPEN_MOST: Final = 2
"""Exports of one user that wait or are being made."""
KEPT_MOST: Final = 20
"""Files of one user; the oldest makes room."""
KEPT: Final = timedelta(hours=24)
SILENT: Final = timedelta(seconds=60)
"""After which the maker of a file is taken for dead, and another one begins anew."""
ATTEMPTS_MOST: Final = 3

OWN: Final = Relation(
    SQL["own"],
    key="export_id",
    columns=frozenset(
        {"register", "shape", "state", "asked_at", "ended_at", "expires_at", "row_n", "file_name", "file_bytes", "done_pct"}
    ),
    order=(Order("asked_at", is_falling=True),),
)
"""The exports of one user, `%(user_id)s`."""


class Shape(StrEnum):
    """What kind of file."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


class ExportState(StrEnum):
    """Where an export stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class TooManyExports(Refused):
    """The user has as many exports at work as one may have."""


class NothingChosen(Refused):
    """No column was chosen."""


class NoReason(Refused):
    """Whoever wants to see plates, phones and names in full says why."""


class NoSuchExport(Refused):
    """There is no such file for this user: never was, or no longer."""


class Stopped(Refused):
    """The export was cancelled, or somebody else makes it now."""


@dataclass(frozen=True, slots=True)
class Job:
    """An export to be made; `runner` is the attempt that may make it."""

    export_id: UUID
    user_id: UUID
    register: str
    shape: Shape
    language: Language
    asked: Asked
    question: Mapping[str, list[str]]
    columns: tuple[str, ...]
    reveals: bool
    reason: str
    asked_at: datetime
    runner: UUID


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made: what a browser calls it, how many rows it holds, and its hash."""

    name: str
    row_n: int
    bytes_n: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Filed:
    """A file its owner may have."""

    path: Path
    name: str
    shape: Shape


def ask(
    tx: Tx, *, register: str, asked: Asked, columns: Sequence[str], shape: Shape, language: Language | str, by: Actor, at: datetime,
    reveals: bool = False, reason: str = "", question: Mapping[str, Sequence[str]] | None = None,
) -> UUID:  # fmt: skip
    """
    Ask for a file of all rows of a list, whatever page of it was shown; return its id. The audit is told here.

    Args:
        tx: the transaction of the click.
        register: the name of the register.
        asked: orders and conditions of the list, as shown.
        columns: the fields wanted, in their order.
        shape: what kind of file.
        language: that of titles and words.
        by: whose file it will be.
        at: the instant.
        reveals: whether plates, phones and names stand there in full.
        reason: why; needed then.
        question: the values of the list's filters as its page has them; the head of the file tells of them.

    Raises:
        NotAllowed: he may not export, or not see what he wants revealed.
        NoReason: he did not say why.
        NothingChosen: no column.
        TooManyExports: as many as he may have are not done yet.
    """
    by.require(Permission.EXPORT)
    reason = reason.strip()
    if reveals:
        by.require(Permission.PII_REVEAL)
        if not reason:
            raise NoReason(_("Say why you need plates, phones and names in full."), field="reason")
    if not columns:
        raise NothingChosen(_("Choose at least one column."), field="columns")
    tx.value(SQL["lock_owner"], user_id=by.id)
    if tx.value(SQL["count_open"], user_id=by.id) >= OPEN_MOST:
        raise TooManyExports(_("%(n)s of your exports are not done yet. Wait for one, or cancel it.", n=OPEN_MOST))
    export_id, written = uuid7(), encode(asked, question or {})
    tx.run(
        SQL["put"], export_id=export_id, user_id=by.id, register=register, shape=shape, language=Language(language), asked=written,
        fields=list(columns), is_revealed=reveals, reason=reason, at=at,
    )  # fmt: skip
    wanted = {"register": register, "shape": shape, "columns": list(columns), "reveals": reveals, "asked": orjson.loads(written)}
    audit.add(tx, _entry("exports.ask", at, by=by, export_id=export_id, reason=reason, after=wanted))
    return export_id


def claim(tx: Tx, *, at: datetime) -> Job | None:
    """Take the next export to make, also one whose maker fell silent; None where there is none."""
    silent = {"silent_since": at - SILENT, "most_attempts": ATTEMPTS_MOST}
    tx.run(SQL["give_up"], at=at, detail=_("Making this file failed several times."), **silent)
    row = tx.row(SQL["claim"], runner=uuid7(), at=at, **silent)
    if row is None:
        return None
    return Job(
        export_id=row["export_id"], user_id=row["user_id"], register=row["register"], shape=Shape(row["shape"]),
        language=Language(row["language"]), asked=decode(row["asked"]),
        question=row["asked"]["question"], columns=tuple(row["fields"]), reveals=row["is_revealed"],
        reason=row["reason"], asked_at=row["asked_at"], runner=row["runner"],
    )  # fmt: skip


def beat(tx: Tx, *, job: Job, row_n: int, row_total: int, at: datetime) -> None:
    """
    Say that an export is being made, and how far it is.

    Raises:
        Stopped: it was cancelled, or is no longer this attempt's.
    """
    if tx.value(SQL["beat"], export_id=job.export_id, runner=job.runner, row_n=row_n, row_total=row_total, at=at) is None:
        raise Stopped(_("This export was cancelled."))


def finish(tx: Tx, *, job: Job, made: Made, at: datetime) -> None:
    """
    Hand a file to its owner; the audit is told what left the house.

    Raises:
        Stopped: it was cancelled meanwhile, or is no longer this attempt's.
    """
    done = tx.value(
        SQL["finish"], export_id=job.export_id, runner=job.runner, row_n=made.row_n, file_name=made.name, file_bytes=made.bytes_n,
        file_sha256=made.sha256, expires_at=at + KEPT, at=at,
    )  # fmt: skip
    if done is None:
        raise Stopped(_("This export was cancelled."))
    tx.run(SQL["expire_beyond"], user_id=job.user_id, kept=KEPT_MOST, at=at)
    told = {"register": job.register, "rows": made.row_n, "sha256": made.sha256.hex(), "reveals": job.reveals}
    audit.add(tx, _entry("exports.finish", at, by=None, export_id=job.export_id, reason=job.reason, after=told))


def fail(tx: Tx, *, job: Job, detail: str, at: datetime) -> None:
    """Say in a sentence why there will be no file."""
    tx.run(SQL["fail"], export_id=job.export_id, runner=job.runner, detail=detail, at=at)


def cancel(tx: Tx, keys: Collection[UUID], *, by: Actor, at: datetime) -> int:
    """
    Cancel exports of one's own that are not done; return how many.

    Raises:
        NoSuchExport: none of them is his and open.
    """
    cancelled_n = tx.run(SQL["cancel"], export_ids=list(keys), user_id=by.id, at=at)
    if not cancelled_n:
        raise NoSuchExport(_("This export is over already."))
    return cancelled_n


def list_newest(tx: Tx, *, by: Actor) -> list[Row]:
    """Return the exports somebody asked for last, newest first, as `OWN` has them."""
    return OWN.rows(tx, Asked(most=KEPT_MOST), user_id=by.id)


def fetch(tx: Tx, *, export_id: UUID, folder: Path, by: Actor, at: datetime) -> Filed:
    """
    Return the file of an export for its owner; the audit is told that he took it.

    Raises:
        NotAllowed: he may no longer export, or no longer see what the file reveals.
        NoSuchExport: it is not his, not done, or was kept long enough.
    """
    by.require(Permission.EXPORT)
    row = tx.row(SQL["find_file"], export_id=export_id, user_id=by.id, at=at)
    path = path_of(folder, export_id)
    if row is None or not path.is_file():
        raise NoSuchExport(_("This file is no longer there."))
    if row["is_revealed"]:
        by.require(Permission.PII_REVEAL)
    told = {"register": row["register"], "rows": row["row_n"], "sha256": row["file_sha256"].hex()}
    audit.add(tx, _entry("exports.fetch", at, by=by, export_id=export_id, reason=row["reason"], after=told))
    return Filed(path, row["file_name"], Shape(row["shape"]))


def expire(tx: Tx, *, folder: Path, at: datetime) -> int:
    """Delete the files that were kept long enough, and those that nobody has a row for; return how many."""
    tx.run(SQL["expire"], at=at)
    kept = {str(key) for (key,) in tx.tuples(SQL["kept_files"], at=at)}
    gone = [path for path in folder.iterdir() if path.stem not in kept] if folder.is_dir() else []
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def path_of(folder: Path, export_id: UUID) -> Path:
    """Return where the file of an export lies; an id has no slashes."""
    return folder / f"{export_id}.file"


def encode(asked: Asked, question: Mapping[str, Sequence[str]]) -> str:
    """Return a question as JSON; instants, days and ids keep their types."""
    return orjson.dumps(
        {
            "question": {name: list(values) for name, values in question.items()},
            "orders": [[order.column, order.is_falling] for order in asked.orders],
            "conditions": [[each.column, each.test, _typed(each.value)] for each in asked.conditions],
        }
    ).decode()


def decode(written: dict[str, Any]) -> Asked:
    """Return the question of a JSON object, for the rows of all pages."""
    orders = tuple(Order(column, is_falling) for column, is_falling in written["orders"])
    conditions = tuple(Condition(column, Is(test), _value(value)) for column, test, value in written["conditions"])
    return Asked(orders=orders, conditions=conditions).all_rows()


def _typed(value: object) -> object:
    match value:
        case datetime():
            return {"at": value.isoformat()}
        case date():
            return {"on": value.isoformat()}
        case UUID():
            return {"id": str(value)}
        case list() | tuple() | set() | frozenset():
            return [_typed(each) for each in value]
    assert value is None or isinstance(value, str | int | float | bool), f"a list is not asked by {type(value)}"
    return value


def _value(written: Any) -> object:  # JSON, of any shape
    match written:
        case {"at": text}:
            return datetime.fromisoformat(text)
        case {"on": text}:
            return date.fromisoformat(text)
        case {"id": text}:
            return UUID(text)
        case list():
            return [_value(each) for each in written]
    return written


def _entry(action: str, at: datetime, *, by: Actor | None, export_id: UUID, reason: str, after: dict[str, Any]) -> Entry:
    kind = Who.PRODUCT if by is None else Who.SCREEN if by.kind is ActorKind.SCREEN else Who.USER
    return Entry(
        at, action, Outcome.DONE, actor_id=by.id if by else None, actor_kind=kind, actor_name=by.name if by else "",
        actor_roles=by.roles if by else (), subject=f"export {export_id}", after=after, reason=reason,
    )  # fmt: skip
