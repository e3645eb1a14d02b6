"""
Imports: a file goes in chunk by chunk, each in one transaction with its refusals and how far the import is.

Tables import_run, import_refusal. What a row means is the business of the importer of its kind. Rows are known by their
values, not by file or line, so a file may be renamed, shuffled, extended or read again after a crash: only new rows add
something.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final, Protocol, TypeVar
from uuid import UUID

from core.kit.clock import utc_now
from core.kit.db import Database, Tx
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.locale import _
from core.kit.migrations import pending
from core.kit.sql import named
from core.settings import Settings
from ingest.files.lines import RefusedRow
from ingest.files.progress import Progress
from ingest.files.tallies import Tally, show

SQL = named("files/imports")

CHUNK_ROWS: Final = 20_000
"""Rows in one transaction; a crash costs at most so many, and the next import adds them."""
FOLDER: Final = "imports"
"""Where in the data folder the lists of refused rows stand."""

Report = Callable[[Path, int, int], None]
"""Hears of each chunk: the file, how many rows it had, how many bytes of the file are read by now."""

S = TypeVar("S")
R_co = TypeVar("R_co", covariant=True)
_REFUSAL: Final = ("uuid", "int8", "text", "text")


class SchemaIsOld(Refused):
    """The database was not migrated."""


class Rows(Protocol[R_co]):
    """The rows of an open file, and how much of it was read."""

    @property
    def bytes_read(self) -> int:
        """Return how many bytes of the file on disk were read."""

    def __iter__(self) -> Iterator[R_co | RefusedRow]:
        """Yield every row that is not blank, understood or refused."""


class Importer(Protocol[S]):
    """What one kind of file is: how its rows are read, what they bring, and what is told of them at the end."""

    kind: str

    def must_fit(self, path: Path) -> str:
        """Return what the rows of a file belong to, in a word for the summary; refuse a file that cannot be meant."""

    def open(self, database: Database, path: Path, *, at: datetime) -> AbstractContextManager[Rows[S]]:
        """Open a file; nothing after `at` is believed. What is known of its places may be looked up."""

    def prepare(self, tx: Tx, rows: Sequence[S]) -> None:
        """Make places and months the rows need, in a transaction of its own."""

    def store(self, tx: Tx, rows: Sequence[S], *, at: datetime) -> int:
        """Write rows; return how many were new."""

    def tell(self, tally: Tally, rows: Sequence[S]) -> Tally:
        """Add to a tally what only this kind counts."""

    def finish(self, database: Database, *, at: datetime) -> Sequence[str]:
        """Derive what the whole file tells; return lines for people that belong to no row."""


def run(settings: Settings, files: Iterable[Path], importer: Importer[S], map_name: str) -> list[Tally]:
    """
    Import files, show how it goes and what came of it; return what became of each file.

    Raises:
        mapping.NoSite: a file name tells nothing that the mapping knows; nothing was read.
        SchemaIsOld: the database was not migrated.
        Unavailable: the database is away; what was committed stays, the same import goes on from there.
    """
    paths = list(dict.fromkeys(files))
    for path in paths:
        importer.must_fit(path)
    assert settings.database_url is not None  # the command line opens the services first
    if pending(settings.database_url):
        raise SchemaIsOld(_("The schema is not current. Run: boshu migrate"))
    database, folder = Database(settings.database_url, pool_size=1), settings.data_dir / FOLDER
    try:
        with Progress(paths) as progress:
            tallies = [
                bring(database, path, importer, map_name=map_name, folder=folder, at=utc_now(), report=progress.report)
                for path in paths
            ]
    finally:
        database.close()
    show(tallies, seconds=progress.seconds)
    return tallies


def bring(
    database: Database,
    path: Path,
    importer: Importer[S],
    *,
    map_name: str,
    folder: Path,
    at: datetime,
    report: Report = lambda _path, _row_n, _byte_n: None,
) -> Tally:
    """
    Import one file in transactions of CHUNK_ROWS rows; return what became of it.

    Refused rows go to table import_refusal and, for people, to a text file in `folder`; so do the importer's own lines.
    """
    report(path, 0, 0)
    import_id, tally = uuid7(), Tally(path.name, importer.must_fit(path))
    with database.transaction() as tx:
        run = {"import_id": import_id, "kind": importer.kind, "map_name": map_name, "at": at}
        tx.run(SQL["start_run"], file_name=path.name, file_sha256=_digest(path), **run)
    told = folder / f"{path.name.partition('.')[0]}-{import_id}.txt"
    with importer.open(database, path, at=at) as file:
        for chunk in _chunks(iter(file)):
            rows = [row for row in chunk if not isinstance(row, RefusedRow)]
            refused = [row for row in chunk if isinstance(row, RefusedRow)]
            added_n = _store(database, importer, import_id, rows, refused, at)
            known = replace(
                tally,
                added_n=tally.added_n + added_n,
                known_n=tally.known_n + len(rows) - added_n,
                refused_n=tally.refused_n + len(refused),
                refusals=_tell(told, [_words(row) for row in refused]) or tally.refusals,
            )
            tally = importer.tell(known, rows)
            report(path, len(chunk), file.bytes_read)
    notes = importer.finish(database, at=at)
    with database.transaction() as tx:
        tx.run(SQL["end_run"], import_id=import_id, at=utc_now())
    return replace(tally, note_n=len(notes), notes=_tell(told.with_suffix(".notes.txt"), [f"{note}\n" for note in notes]))


def _store(
    database: Database, importer: Importer[S], import_id: UUID, rows: Sequence[S], refused: Sequence[RefusedRow], at: datetime
) -> int:
    """Write one chunk and how far the import is, in one transaction; return how many rows were new."""
    if rows:
        with database.transaction() as tx:
            importer.prepare(tx, rows)
    with database.transaction() as tx:
        added_n = importer.store(tx, rows, at=at) if rows else 0
        tx.copy_in(SQL["copy_refusals"], ((import_id, row.line_no, row.reason, row.line) for row in refused), _REFUSAL)
        tx.run(
            SQL["count_chunk"],
            import_id=import_id,
            row_n=len(rows) + len(refused),
            added_n=added_n,
            known_n=len(rows) - added_n,
            refused_n=len(refused),
        )
    return added_n


def _chunks(rows: Iterator[S | RefusedRow]) -> Iterator[list[S | RefusedRow]]:
    while chunk := list(islice(rows, CHUNK_ROWS)):
        yield chunk


def _words(row: RefusedRow) -> str:
    return _("Line %(number)s: %(reason)s", number=row.line_no, reason=row.reason) + f"\n    {row.line}\n"


def _tell(told: Path, lines: Sequence[str]) -> Path | None:
    """Add lines to a list that people read; return it where there were any."""
    if not lines:
        return None
    told.parent.mkdir(parents=True, exist_ok=True)
    with told.open("a", encoding="utf-8") as out:
        out.writelines(lines)
    return told


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
