"""
Import of snapshots of sensors: `boshu import snapshots FILE... --map MAP`.

States are believed for their moment; in between nobody knows, so the runs of those days are unknown. No stays come
of it: a snapshot sees nobody come or leave.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from core.kit.db import Database, Tx
from core.kit.ids import derived_id
from core.settings import Settings
from core.stays import recorded
from core.stays.recorded import RecordedWord
from ingest.files import imports, places, sites
from ingest.files.events import derive
from ingest.files.mapping import load
from ingest.files.snapshot_rows import SnapshotFile, SnapshotMap, SnapshotRow
from ingest.files.tallies import Tally


def run_import(settings: Settings, files: Sequence[Path], map_name: str) -> list[Tally]:
    """
    Import snapshots; return what became of each.

    Raises:
        mapping.NoMapping: the mapping is missing or wrong. And what `imports.run` raises.
    """
    return imports.run(settings, files, Snapshots(load(map_name, SnapshotMap)), map_name)


@dataclass(slots=True)
class Snapshots:
    """Files of states of many streets."""

    mapping: SnapshotMap
    kind: str = SnapshotMap.KIND
    touched: set[UUID] = field(default_factory=set)

    def must_fit(self, _path: Path) -> str:
        """Return whose berths these are."""
        return self.mapping.owner.code

    def open(self, database: Database, path: Path, *, at: datetime) -> SnapshotFile:
        """Open a file; spaces that bays brought are looked up."""
        self.touched.clear()
        with database.transaction() as tx:
            known = {} if self.mapping.site is not None else places.known_spaces(tx, self.mapping)
        return SnapshotFile(path, self.mapping, known, at=at)

    def prepare(self, tx: Tx, rows: Sequence[SnapshotRow]) -> None:
        """Make the spaces that the file tells, and the months."""
        places.ensure(tx, self.mapping, [row.bay for row in rows if row.bay is not None])
        recorded.make_months(tx, {row.at for row in rows})

    def store(self, tx: Tx, rows: Sequence[SnapshotRow], *, at: datetime) -> int:
        """Keep the states; return how many were new."""
        words = [_word(row) for row in rows]
        self.touched |= {word.site_id for word in words}
        return recorded.add(tx, words, at=at)

    def tell(self, tally: Tally, rows: Sequence[SnapshotRow]) -> Tally:
        """Count the states that nobody believes because nothing changed for too long."""
        return replace(tally, marked_n=tally.marked_n + sum(row.is_stale for row in rows))

    def finish(self, database: Database, *, at: datetime) -> Sequence[str]:  # noqa: ARG002  # snapshots end by themselves
        """Derive the runs of the streets that the file spoke of; snapshots hold no chatter."""
        derive(database, self.mapping, sorted(self.touched), debounce_s=0, longest_h=1)
        return ()


def _word(row: SnapshotRow) -> RecordedWord:
    if row.bay is not None:
        site_id = sites.id_of(row.bay.site)
        space_id = places.space_of(site_id, row.code)
    else:
        assert row.place is not None  # the reader refused others
        site_id, space_id = row.place
    return RecordedWord(
        site_id=site_id,
        space_id=space_id,
        event_id=derived_id("snapshot", site_id, row.source_row),
        at=row.at,
        state=row.state,
        until=row.until,
        changed_at=row.changed_at,
    )
