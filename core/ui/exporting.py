"""
Exporting: the process that makes the files people asked for.

It finds a list by its declaration, reads it as its owner may read it now, writes the sheet, and says every few seconds how far
it is. Whoever cancels stops it at once, also where the database still sorts.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path
from threading import Event, Thread
from typing import Final

from core.access import actors, exports
from core.access.actors import Actor
from core.access.exports import Job, Made, Shape, Stopped
from core.access.permissions import Permission
from core.kit import locale
from core.kit.clock import Clock, SystemClock, city_zone
from core.kit.db import Database, Tx
from core.kit.errors import Refused, Unavailable
from core.kit.locale import _
from core.kit.log import get_logger
from core.kit.narrowing import narrow
from core.kit.sheets import as_csv, as_pdf, as_xlsx
from core.kit.sheets.sheet import Column, Head, Kind, Tick, Written
from core.kit.sheets.source import Source
from core.ui import register as registers
from core.ui import tables
from core.ui.register import Between, Reader, Register, asking
from core.ui.register.versions import version_of
from core.ui.tables import Look

THREADS: Final = 2
"""Files at a time; a large one must not keep a small one waiting."""
IDLE_S: Final = 1.0
BEAT_S: Final = 2.0
EXPIRE_EVERY: Final = 60
"""Rounds without work, of `IDLE_S` each, between two looks for files that were kept long enough."""
_ONE_VIEW: Final = "set transaction isolation level repeatable read, read only"
_PIXELS: Final = 8
"""Of one letter in a list."""
_KINDS: Final = {
    Look.NUMBER: Kind.NUMBER, Look.LEVEL: Kind.NUMBER, Look.MONEY: Kind.MONEY, Look.SHARE: Kind.SHARE, Look.MOMENT: Kind.MOMENT,
    Look.AGE: Kind.MOMENT, Look.DATE: Kind.DATE, Look.SWITCH: Kind.YES_NO,
}  # fmt: skip
_log = get_logger(__name__)


class NotThere(Refused):
    """The list is no longer there, or no longer for this user."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where files are made: `company` says whose they are, `stopped` that the process is to end."""

    database: Database
    folder: Path
    company: Callable[[Tx], str]
    clock: Clock = field(default_factory=SystemClock)
    stopped: Event = field(default_factory=Event)


def serve(shop: Workshop) -> None:
    """Make files until told to end."""
    shop.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    idle_n, at_work = 0, set[Future[None]]()
    with ThreadPoolExecutor(THREADS, "export") as makers:
        while not shop.stopped.is_set():
            at_work = {each for each in at_work if not each.done()}
            job = _next(shop, expires=idle_n % EXPIRE_EVERY == 0) if len(at_work) < THREADS else None
            if job is None:
                idle_n += 1
                shop.stopped.wait(IDLE_S)
                continue
            at_work.add(made := makers.submit(make, shop, job))
            made.add_done_callback(_tell)


def _tell(made: Future[None]) -> None:
    if bug := made.exception():
        _log.error("A file was not made because of a bug.", exc_info=bug)


def _next(shop: Workshop, *, expires: bool) -> Job | None:
    try:
        with shop.database.transaction() as tx:
            if expires:
                exports.expire(tx, folder=shop.folder, at=shop.clock.now())
            return exports.claim(tx, at=shop.clock.now())
    except Unavailable as away:
        _log.warning("No export can be looked for.", reason=away.message)
        return None


def make(shop: Workshop, job: Job) -> None:
    """Make one file, or say why there is none."""
    path, is_handed_over = exports.path_of(shop.folder, job.export_id), False
    with locale.use(job.language):
        detail = _("This file could not be made.")
        try:
            made = _write(shop, job, path)
            with shop.database.transaction() as tx:
                exports.finish(tx, job=job, made=made, at=shop.clock.now())
            is_handed_over = True
        except Stopped:
            _log.info("An export was stopped.", export=str(job.export_id))
        except (Refused, Unavailable) as said:
            detail = said.message
            _log.warning("An export was not made.", export=str(job.export_id), reason=detail)
        finally:
            if not is_handed_over:
                path.unlink(missing_ok=True)
                with shop.database.transaction() as tx:  # of what was cancelled nothing changes
                    exports.fail(tx, job=job, detail=detail, at=shop.clock.now())


def _write(shop: Workshop, job: Job, path: Path) -> Made:
    """Write the file of a job, as its owner may read the list now."""
    with shop.database.transaction() as tx:
        tx.run(_ONE_VIEW)
        owner = _owner(tx, job)
        register = registers.find(job.register)
        if register is None or not register.has_export:
            raise NotThere(_("This list is no longer there."))
        owner.require(register.view)
        company, sites = shop.company(tx), owner.scope.sites(tx)
        if not owner.scope.is_everything:
            narrow(tx, sites)
        reader = Reader(tx, owner, shop.clock.now(), [] if register.is_for_all else sites)
        source = source_of(register, reader, job)
        with _telling(shop, job, tx) as progress:
            progress.row_total = source.count()
            written = _as(job.shape, path, source, head_of(register, reader, job, company), progress.row_total, progress.tick)
    name = f"{register.title}-{job.asked_at.astimezone(city_zone()):%Y%m%d-%H%M}.{job.shape}".replace("/", "-")
    with path.open("rb") as file:
        return Made(name, written.row_n, path.stat().st_size, file_digest(file, "sha256").digest())


def _owner(tx: Tx, job: Job) -> Actor:
    owner = actors.find_by_user(tx, user_id=job.user_id)
    if owner is None:
        raise NotThere(_("You may not do this."))
    owner.require(Permission.EXPORT)
    if job.reveals:
        owner.require(Permission.PII_REVEAL)
    return owner


def _as(shape: Shape, path: Path, source: Source, head: Head, row_n: int, tick: Tick) -> Written:
    match shape:
        case Shape.CSV:
            write = as_csv.write
        case Shape.PDF:
            write = as_pdf.write
        case Shape.XLSX:
            write = as_xlsx.report if row_n <= as_xlsx.REPORT_MOST else as_xlsx.bulk
    return write(path, source, head, row_n=row_n, tick=tick)


def source_of(register: Register, reader: Reader, job: Job) -> Source:
    """Return the rows a job asks for, with the columns it names."""
    found = {column.field: column for column in register.columns}
    summed = {total.field for total in register.totals}
    chosen = tuple(
        column_of(found[name], is_summed=name in summed, reveals=job.reveals) for name in job.columns if name in found
    )  # fmt: skip
    if not chosen:
        raise NotThere(_("This list has no such column."))
    given = asking.given(register, reader, dict(job.question))
    return Source(reader.tx, register.relation, job.asked, chosen, given)


def column_of(column: tables.Column, *, is_summed: bool, reveals: bool) -> Column:
    """Return a column of a list as a column of a sheet."""
    kind = _KINDS.get(column.look, Kind.TEXT)
    if kind is Kind.NUMBER and column.scale == 1 and not column.places:
        kind = Kind.WHOLE
    words = None if column.words is None else {value: str(word) for value, word in column.words.items()}
    return Column(
        field=column.field, title=str(column.title), kind=kind, words=words, english=f"{column.field}_en",
        personal=None if reveals else column.personal, unit=_("yuan") if kind is Kind.MONEY else str(column.unit),
        scale=column.scale, places=column.places, width=max(8, min(48, column.width // _PIXELS)), is_summed=is_summed,
    )  # fmt: skip


def head_of(register: Register, reader: Reader, job: Job, company: str) -> Head:
    """Return what the file says of itself."""
    return Head(
        title=str(register.title), company=company, user=reader.actor.name, made_at=reader.at, snapshot_id=str(job.export_id),
        period=_period(register, job), filters=tuple(asking.in_words(register, reader, job.question)), version=version_of(register),
        is_revealed=job.reveals,
        definitions=tuple((str(column.title), str(column.note)) for column in register.columns if str(column.note)),
    )  # fmt: skip


def _period(register: Register, job: Job) -> str:
    """Return the time a list was narrowed to, by the first of its filters that names one; empty: it was not."""
    spans = (
        job.question.get(each.field, [])
        for each in register.filters
        if isinstance(each, Between) and each.kind is registers.Kind.DATE
    )
    return next((" – ".join(span).strip() for span in spans if any(span)), "")


@dataclass(slots=True)
class _Progress:
    """How far a file is, and whether to go on."""

    row_total: int = 0
    row_n: int = 0
    is_stopped: bool = False

    def tick(self, row_n: int) -> None:
        """
        Note how many rows are written.

        Raises:
            Stopped: nobody wants the file any more.
        """
        self.row_n = row_n
        if self.is_stopped:
            raise Stopped(_("This export was cancelled."))


@contextmanager
def _telling(shop: Workshop, job: Job, tx: Tx) -> Iterator[_Progress]:
    """Tell every few seconds how far it is; where nobody wants it any more, stop the database, too."""
    progress, is_over = _Progress(), Event()
    teller = Thread(target=_beat, args=(shop, job, tx, progress, is_over), name="export-beat")
    teller.start()
    try:
        yield progress
    except Unavailable as away:
        if progress.is_stopped:
            raise Stopped(_("This export was cancelled.")) from away
        raise
    finally:
        is_over.set()
        teller.join()
    if progress.is_stopped:
        raise Stopped(_("This export was cancelled."))


def _beat(shop: Workshop, job: Job, tx: Tx, progress: _Progress, is_over: Event) -> None:
    while not is_over.wait(BEAT_S):
        try:
            with shop.database.transaction() as told:
                exports.beat(told, job=job, row_n=progress.row_n, row_total=progress.row_total, at=shop.clock.now())
        except Unavailable:
            continue
        except Stopped:
            progress.is_stopped = True
            tx.raw.cancel()
            return
