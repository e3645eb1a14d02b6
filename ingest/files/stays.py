"""
Import of past stays from files: `boshu import stays FILE... --map MAP`.

Tables import_run, import_refusal, beside those of `core.finance.past`. Rows are known by their values, not by file or
line, so a file may be renamed, shuffled, extended or read again after a crash: only new rows add something.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import UUID

from core.customers.rules.classes import traits_of
from core.finance.past import record
from core.kit.clock import utc_now
from core.kit.db import Database
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.locale import _
from core.kit.migrations import pending
from core.kit.money import Fen
from core.kit.sql import named
from core.settings import Settings
from core.stays.past import PastPayment, PastStay, imported_id, make_months
from ingest.files import mapping as mappings
from ingest.files import sites
from ingest.files.mapping import SiteMap, StayMap
from ingest.files.progress import Progress
from ingest.files.rows import RefusedRow, StayFile, StayRow
from ingest.files.tallies import Tally, show

SQL = named("files/stays")

CHUNK_ROWS: Final = 20_000
"""Rows in one transaction; a crash costs at most so many, and the next import adds them."""
CHANNEL: Final = "unstated"
"""How the money of an imported row was paid is not known."""
FOLDER: Final = "imports"
"""Where in the data folder the lists of refused rows stand."""

Report = Callable[[Path, int, int], None]
"""Hears of each chunk: the file, how many rows it had, how many bytes of the file are read by now."""

_REFUSAL: Final = ("uuid", "int8", "text", "text")


class SchemaIsOld(Refused):
    """The database was not migrated."""


def run_import(settings: Settings, files: Sequence[Path], map_name: str) -> list[Tally]:
    """
    Import files of stays, show how it goes and what came of it; return what became of each file.

    Raises:
        mapping.NoMapping: the mapping is missing or wrong.
        mapping.NoSite: a file name tells no site; nothing was read.
        SchemaIsOld: the database was not migrated.
        Unavailable: the database is away; what was committed stays, the same import goes on from there.
    """
    mapping, files = mappings.load(map_name), list(dict.fromkeys(files))
    for path in files:
        mapping.site_of(path)
    assert settings.database_url is not None  # the command line opens the services first
    if pending(settings.database_url):
        raise SchemaIsOld(_("The schema is not current. Run: boshu migrate"))
    database = Database(settings.database_url, pool_size=1)
    try:
        with Progress(files) as progress:
            tallies = [
                bring_in(
                    database,
                    path,
                    mapping,
                    map_name=map_name,
                    folder=settings.data_dir / FOLDER,
                    at=utc_now(),
                    report=progress.report,
                )
                for path in files
            ]
    finally:
        database.close()
    show(tallies, seconds=progress.seconds)
    return tallies


def bring_in(
    database: Database,
    path: Path,
    mapping: StayMap,
    *,
    map_name: str,
    folder: Path,
    at: datetime,
    report: Report = lambda _path, _row_n, _byte_n: None,
) -> Tally:
    """
    Import one file in transactions of CHUNK_ROWS rows; return what became of it.

    Refused rows go to table import_refusal and, for people, to a text file in `folder`.
    """
    report(path, 0, 0)
    work = _Import(uuid7(), database, mapping, mapping.site_of(path), at)
    with database.transaction() as tx:
        tx.run(SQL["start_run"], import_id=work.import_id, file_name=path.name, file_sha256=_digest(path), map_name=map_name, at=at)
    tally = Tally(path.name, work.site.code)
    told = folder / f"{path.name.partition('.')[0]}-{work.import_id}.txt"
    with StayFile(path, mapping, at=at) as rows:
        for chunk in _chunks(iter(rows)):
            added_n = _store(work, chunk)
            tally = _counted(tally, chunk, added_n)
            tally = replace(tally, refusals=_tell(told, chunk) or tally.refusals)
            report(path, len(chunk), rows.bytes_read)
    with database.transaction() as tx:
        tx.run(SQL["end_run"], import_id=work.import_id, at=utc_now())
    return tally


@dataclass(frozen=True, slots=True)
class _Import:
    """One import of one file."""

    import_id: UUID
    database: Database
    mapping: StayMap
    site: SiteMap
    at: datetime


def _store(work: _Import, chunk: Sequence[StayRow | RefusedRow]) -> int:
    """Write one chunk and how far the import is, in one transaction; return how many stays were new."""
    site_id = sites.id_of(work.site)
    stays = [_past(site_id, work.mapping, row) for row in chunk if isinstance(row, StayRow)]
    refused = [row for row in chunk if isinstance(row, RefusedRow)]
    if stays:
        with work.database.transaction() as tx:
            sites.ensure(tx, work.mapping, work.site)
            make_months(tx, stays)
    with work.database.transaction() as tx:
        added_n = record(tx, stays=stays, at=work.at)
        told = ((work.import_id, row.line_no, row.reason, row.line) for row in refused)
        tx.copy_in(SQL["copy_refusals"], told, _REFUSAL)
        tx.run(
            SQL["count_chunk"],
            import_id=work.import_id,
            row_n=len(chunk),
            added_n=added_n,
            known_n=len(stays) - added_n,
            refused_n=len(refused),
        )
    return added_n


def _counted(tally: Tally, chunk: Sequence[StayRow | RefusedRow], added_n: int) -> Tally:
    rows = [row for row in chunk if isinstance(row, StayRow)]
    return replace(
        tally,
        added_n=tally.added_n + added_n,
        known_n=tally.known_n + len(rows) - added_n,
        refused_n=tally.refused_n + len(chunk) - len(rows),
        repeat_n=tally.repeat_n + sum(row.repeat_n > 1 for row in rows),
        fen=Fen(tally.fen + sum(row.fen or 0 for row in rows)),
    )


def _past(site_id: UUID, mapping: StayMap, row: StayRow) -> PastStay:
    """Return the stay of a row. Nobody knows its space, so it is a subject of its own; its money came when it left."""
    stay_id = imported_id(site_id, row.source_row)
    left_at = row.period.ends_at
    repeat = f"repeat {row.repeat_n}" if row.repeat_n > 1 else None
    return PastStay(
        site_id=site_id,
        subject_id=stay_id,
        subject_kind="vehicle",
        started_at=row.period.starts_at,
        ended_at=left_at,
        plate=row.plate,
        plate_colour=row.colour,
        vehicle_class=mapping.vehicle_class if row.colour is None else traits_of(row.colour).vehicle_class,
        quality=row.quality,
        origin="import",
        source_row=row.source_row,
        note="; ".join(part for part in (row.note, repeat) if part) or None,
        gross_fen=row.fen,
        tariff_version_id=None,
        payments=(PastPayment(CHANNEL, stay_id.hex, row.fen, left_at),) if row.fen else (),
    )


def _chunks(rows: Iterator[StayRow | RefusedRow]) -> Iterator[list[StayRow | RefusedRow]]:
    while chunk := list(islice(rows, CHUNK_ROWS)):
        yield chunk


def _tell(told: Path, chunk: Sequence[StayRow | RefusedRow]) -> Path | None:
    """Add the refused rows of a chunk to a list that people read; return it where there were any."""
    lines = [
        _("Line %(number)s: %(reason)s", number=row.line_no, reason=row.reason) + f"\n    {row.line}\n"
        for row in chunk
        if isinstance(row, RefusedRow)
    ]
    if not lines:
        return None
    told.parent.mkdir(parents=True, exist_ok=True)
    with told.open("a", encoding="utf-8") as out:
        out.writelines(lines)
    return told


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
