"""
Import of past stays from files: `boshu import stays FILE... --map MAP`.

Rows become closed stays with their claims and money, by `core.finance.past`; equal rows of a file are told apart by
counting them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from core.customers.rules.classes import traits_of
from core.finance.past import record
from core.kit.db import Database, Tx
from core.kit.money import Fen
from core.settings import Settings
from core.stays.past import PastPayment, PastStay, imported_id, make_months
from ingest.files import imports, sites
from ingest.files.imports import Report
from ingest.files.mapping import SiteMap, StayMap, load
from ingest.files.rows import StayFile, StayRow
from ingest.files.tallies import Tally

CHANNEL: Final = "unstated"
"""How the money of an imported row was paid is not known."""


def run_import(settings: Settings, files: Sequence[Path], map_name: str) -> list[Tally]:
    """
    Import files of stays; return what became of each. Each file's name tells its site.

    Raises:
        mapping.NoMapping: the mapping is missing or wrong. And what `imports.run` raises.
    """
    return imports.run(settings, files, _Stays(load(map_name, StayMap)), map_name)


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
    """Import one file; return what became of it."""
    return imports.bring(database, path, _Stays(mapping), map_name=map_name, folder=folder, at=at, report=report)


@dataclass(slots=True)
class _Stays:
    """Files of stays: one site a file."""

    mapping: StayMap
    kind: str = StayMap.KIND
    site: SiteMap | None = None
    batch: list[PastStay] = field(default_factory=list)

    def must_fit(self, path: Path) -> str:
        """Return the code of the site."""
        return self.mapping.site_of(path).code

    def open(self, _database: Database, path: Path, *, at: datetime) -> StayFile:
        """Open a file and remember whose it is."""
        self.site = self.mapping.site_of(path)
        return StayFile(path, self.mapping, at=at)

    def prepare(self, tx: Tx, rows: Sequence[StayRow]) -> None:
        """Make the site and the months of the rows."""
        assert self.site is not None  # open comes first
        sites.ensure(tx, self.mapping, [self.site])
        site_id = sites.id_of(self.site)
        self.batch = [_past(site_id, self.mapping, row) for row in rows]
        make_months(tx, self.batch)

    def store(self, tx: Tx, rows: Sequence[StayRow], *, at: datetime) -> int:
        """Write stays, claims and money; return how many stays were new."""
        assert len(self.batch) == len(rows)  # prepared before
        return record(tx, stays=self.batch, at=at)

    def tell(self, tally: Tally, rows: Sequence[StayRow]) -> Tally:
        """Count repeats and the amount."""
        return replace(
            tally,
            repeat_n=tally.repeat_n + sum(row.repeat_n > 1 for row in rows),
            fen=Fen((tally.fen or 0) + sum(row.fen or 0 for row in rows)),
        )

    def finish(self, _database: Database, *, at: datetime) -> Sequence[str]:  # noqa: ARG002  # rows of stays tell all
        """Return nothing: every row stands for itself."""
        return ()


def class_of(row: StayRow, mapping: StayMap) -> str:
    """Return the class of a row's vehicle: by its plate, else what the mapping says of all."""
    return mapping.vehicle_class if row.colour is None else traits_of(row.colour).vehicle_class


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
        vehicle_class=class_of(row, mapping),
        quality=row.quality,
        origin="import",
        source_row=row.source_row,
        note="; ".join(part for part in (row.note, repeat) if part) or None,
        gross_fen=row.fen,
        tariff_version_id=None,
        payments=(PastPayment(CHANNEL, stay_id.hex, row.fen, left_at),) if row.fen else (),
    )
