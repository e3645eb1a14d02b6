"""Imports of bays: spaces and streets as the file tells them, coordinates that cannot be true left out."""

from datetime import UTC, datetime
from pathlib import Path

from core.kit.db import Database
from core.kit.locale import use
from ingest.files import imports
from ingest.files.bay_rows import BayMap
from ingest.files.bays import Bays
from ingest.files.mapping import load
from ingest.files.tallies import Tally

AT = datetime(2026, 11, 20, tzinfo=UTC)
HEADER = "SpaceID,BlockFace,MeterType,RateType,RateRange,MeteredTimeLimit,LatLng\n"


def bring(database: Database, path: Path, folder: Path) -> Tally:
    """Import one file of bays; sentences are English."""
    with use("en"):
        return imports.bring(database, path, Bays(load("la_bays", BayMap)), map_name="la_bays", folder=folder, at=AT)


class TestBays:
    def test_make_spaces_and_streets_once(self, own_database: Database, tmp_path: Path) -> None:
        path = tmp_path / "bays.csv"
        path.write_text(
            HEADER + 'CB1,1400 HOPE ST,Single-Space,TOD,$1.50,4HR,"(34.037345, -118.26693)"\n'
            'CB2,1400 HOPE ST,Single-Space,TOD,$1.50,4HR,"(0.0, 0.0)"\n'
            'CB1,1400 HOPE ST,Single-Space,TOD,$1.50,4HR,"(34.037345, -118.26693)"\n'
            'VH3,4800 HOLLYWOOD BLVD,Single-Space,FLAT,$1.50,1HR,"(-118.294094, 34.101706)"\n'
            ',4800 HOLLYWOOD BLVD,Single-Space,FLAT,$1.50,1HR,"(34.1, -118.2)"\n',
            "utf-8",
        )

        tally = bring(own_database, path, tmp_path)

        assert (tally.added_n, tally.known_n, tally.refused_n, tally.repeat_n, tally.marked_n) == (3, 1, 1, 1, 2)
        assert bring(own_database, path, tmp_path).added_n == 0
        with own_database.transaction() as tx:
            found = tx.rows(
                "select site.code as site, space.code, lon, lat from site inner join space using (site_id) order by space.code"
            )
        assert [tuple(row.values()) for row in found] == [
            ("LA-1400-HOPE-ST", "CB1", -118.26693, 34.037345),
            ("LA-1400-HOPE-ST", "CB2", None, None),
            ("LA-4800-HOLLYWOOD-BLVD", "VH3", None, None),
        ]
