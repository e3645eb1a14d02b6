"""Import of bays from files: `boshu import bays FILE... --map MAP`: spaces and the streets they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from core.kit.db import Database, Tx
from core.settings import Settings
from ingest.files import imports, places
from ingest.files.bay_rows import BayFile, BayMap, BayRow
from ingest.files.mapping import load
from ingest.files.tallies import Tally


def run_import(settings: Settings, files: Sequence[Path], map_name: str) -> list[Tally]:
    """
    Import files of bays; return what became of each.

    Raises:
        mapping.NoMapping: the mapping is missing or wrong. And what `imports.run` raises.
    """
    return imports.run(settings, files, Bays(load(map_name, BayMap)), map_name)


@dataclass(slots=True)
class Bays:
    """Files of bays of many streets."""

    mapping: BayMap
    kind: str = BayMap.KIND

    def must_fit(self, _path: Path) -> str:
        """Return whose bays these are."""
        return self.mapping.owner.code

    def open(self, _database: Database, path: Path, *, at: datetime) -> BayFile:  # noqa: ARG002  # bays tell no time
        """Open a file."""
        return BayFile(path, self.mapping)

    def prepare(self, tx: Tx, rows: Sequence[BayRow]) -> None:
        """Prepare nothing: places need no months."""

    def store(self, tx: Tx, rows: Sequence[BayRow], *, at: datetime) -> int:  # noqa: ARG002  # bays tell no time
        """Make the spaces and their streets; return how many spaces were new."""
        return places.ensure(tx, self.mapping, [row.bay for row in rows if not row.is_repeat])

    def tell(self, tally: Tally, rows: Sequence[BayRow]) -> Tally:
        """Count spaces told twice, and coordinates left out."""
        return replace(
            tally,
            repeat_n=tally.repeat_n + sum(row.is_repeat for row in rows),
            marked_n=tally.marked_n + sum(row.is_misplaced for row in rows),
        )

    def finish(self, _database: Database, *, at: datetime) -> Sequence[str]:  # noqa: ARG002  # bays tell no time
        """Return nothing: every bay stands for itself."""
        return ()
