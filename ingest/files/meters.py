"""
Import of payments at meters: `boshu import meters FILE... --map MAP`.

A payment buys time; whether a vehicle stood there nobody saw, so its stay has quality C and occupies nothing. Amounts
enter the books only where the city's money is that of the file: nothing is ever converted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from core.finance.past import record
from core.kit.db import Database, Tx
from core.kit.locale import _
from core.kit.money import Fen, to_yuan
from core.settings import Settings
from core.stays.past import PastPayment, PastStay, imported_id, make_months
from ingest.files import imports, places, sites
from ingest.files.mapping import load
from ingest.files.meter_rows import MeterFile, MeterMap, MeterRow
from ingest.files.tallies import Tally

NOTE: Final = "paid period"
"""What the stay of a payment is, in its note."""

_NOTHING: Final = Fen(0)


def run_import(settings: Settings, files: Sequence[Path], map_name: str) -> list[Tally]:
    """
    Import files of payments; return what became of each.

    Raises:
        mapping.NoMapping: the mapping is missing or wrong. And what `imports.run` raises.
    """
    return imports.run(settings, files, Meters(load(map_name, MeterMap), settings.currency), map_name)


@dataclass(slots=True)
class Meters:
    """Files of payments at the meters of one site; `currency` is that of the city's books."""

    mapping: MeterMap
    currency: str
    kind: str = MeterMap.KIND
    batch: list[PastStay] = field(default_factory=list)
    left_out: Fen = _NOTHING

    @property
    def is_booked(self) -> bool:
        """Tell whether the amounts of the files are money of the city's books."""
        return self.mapping.currency == self.currency

    def must_fit(self, _path: Path) -> str:
        """Return the code of the site."""
        return self.mapping.site.code

    def open(self, _database: Database, path: Path, *, at: datetime) -> MeterFile:
        """Open a file."""
        self.left_out = _NOTHING
        return MeterFile(path, self.mapping, at=at)

    def prepare(self, tx: Tx, rows: Sequence[MeterRow]) -> None:
        """Make the site, the spaces of single meters, and the months."""
        sites.ensure(tx, self.mapping, [self.mapping.site])
        places.ensure(tx, self.mapping, [row.bay for row in rows if row.is_single])
        self.batch = [self._past(row) for row in rows]
        make_months(tx, self.batch)

    def store(self, tx: Tx, rows: Sequence[MeterRow], *, at: datetime) -> int:
        """Write the paid periods, with their money where it is the city's; return how many were new."""
        assert len(self.batch) == len(rows)  # prepared before
        return record(tx, stays=self.batch, at=at)

    def tell(self, tally: Tally, rows: Sequence[MeterRow]) -> Tally:
        """Count repeats, payments that bought no time, and the amount: booked, or said to be left out."""
        minor = Fen(sum(row.minor for row in rows))
        told = replace(
            tally,
            repeat_n=tally.repeat_n + sum(row.repeat_n > 1 for row in rows),
            marked_n=tally.marked_n + sum(row.starts_at == row.ends_at for row in rows),
        )
        if self.is_booked:
            return replace(told, fen=Fen((tally.fen or 0) + minor), currency=self.currency)
        self.left_out = Fen(self.left_out + minor)
        amount = {"amount": f"{to_yuan(self.left_out):,}", "currency": self.mapping.currency, "books": self.currency}
        left_out = _("%(amount)s %(currency)s were left out: the books of this city are in %(books)s.", **amount)
        return replace(told, left_out=left_out)

    def finish(self, _database: Database, *, at: datetime) -> Sequence[str]:  # noqa: ARG002  # payments tell all
        """Return nothing: every payment stands for itself."""
        return ()

    def _past(self, row: MeterRow) -> PastStay:
        site_id = sites.id_of(self.mapping.site)
        stay_id = imported_id(site_id, row.source_row)
        paid = PastPayment(row.channel, stay_id.hex, row.minor, row.paid_at)
        return PastStay(
            site_id=site_id,
            subject_id=places.space_of(site_id, row.bay.code) if row.is_single else stay_id,
            subject_kind="space" if row.is_single else "vehicle",
            started_at=row.starts_at,
            ended_at=row.ends_at,
            plate=None,
            plate_colour=None,
            vehicle_class=sites.VEHICLES,
            quality="C",
            origin="import",
            source_row=row.source_row,
            note=NOTE if row.repeat_n == 1 else f"{NOTE}; repeat {row.repeat_n}",
            gross_fen=row.minor if self.is_booked else None,
            tariff_version_id=None,
            payments=(paid,) if self.is_booked else (),
        )
