"""
Import of counts of lots from files: `boshu import occupancy FILE... --map MAP`.

Each row is one count; the lots of the mapping are made where rows speak of them. Impossible counts are kept and marked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from core.kit.db import Database, Tx
from core.kit.ids import derived_id
from core.kit.locale import _
from core.occupancy import counts
from core.occupancy.counts import Count
from core.settings import Settings
from ingest.files import imports, sites
from ingest.files.count_rows import CountFile, CountMap, CountRow
from ingest.files.mapping import load
from ingest.files.tallies import Tally


def run_import(settings: Settings, files: Sequence[Path], map_name: str) -> list[Tally]:
    """
    Import files of counts; return what became of each.

    Raises:
        mapping.NoMapping: the mapping is missing or wrong. And what `imports.run` raises.
    """
    return imports.run(settings, files, Counts(load(map_name, CountMap)), map_name)


@dataclass(slots=True)
class Counts:
    """Files of counts: rows of many lots."""

    mapping: CountMap
    kind: str = CountMap.KIND

    def must_fit(self, _path: Path) -> str:
        """Return how many lots the mapping knows: any file may speak of any of them."""
        return _("%(count)s lots", count=len(self.mapping.sites))

    def open(self, _database: Database, path: Path, *, at: datetime) -> CountFile:
        """Open a file."""
        return CountFile(path, self.mapping, at=at)

    def prepare(self, tx: Tx, rows: Sequence[CountRow]) -> None:
        """Make the lots and the months of the rows."""
        sites.ensure(tx, self.mapping, [self.mapping.sites[code] for code in dict.fromkeys(row.site for row in rows)])
        counts.make_months(tx, {row.at for row in rows})

    def store(self, tx: Tx, rows: Sequence[CountRow], *, at: datetime) -> int:
        """Write the counts; return how many were new."""
        assert all(row.at <= at for row in rows)  # the reader refused others
        return counts.add(tx, [self._count(row) for row in rows])

    def tell(self, tally: Tally, rows: Sequence[CountRow]) -> Tally:
        """Count what the file told twice, and what cannot be true or is doubtful."""
        return replace(
            tally,
            repeat_n=tally.repeat_n + sum(row.is_repeat for row in rows),
            marked_n=tally.marked_n + sum(row.fault is not None or not row.is_trusted for row in rows),
        )

    def finish(self, _database: Database, *, at: datetime) -> Sequence[str]:  # noqa: ARG002  # counts tell all
        """Return nothing: every count stands for itself."""
        return ()

    def _count(self, row: CountRow) -> Count:
        site_id = sites.id_of(self.mapping.sites[row.site])
        return Count(
            site_id=site_id,
            count_id=derived_id("count", site_id, row.source_row),
            at=row.at,
            total=row.total,
            free=row.free,
            inside=row.inside,
            is_open=row.is_open,
            received_at=row.received_at,
            is_trusted=row.is_trusted,
        )
