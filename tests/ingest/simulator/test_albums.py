"""Albums: the last stays of a city's past have pictures, once."""

from datetime import UTC, datetime

from obstore.store import MemoryStore

from core.kit.db import Database
from ingest.simulator import albums, city, history

SEED = 20_261_122
BORN = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)

SHOWN = """
select count(*) as n, count(distinct s.stay_id) as stays
from picture as p
inner join evidence as e on p.site_id = e.site_id and p.frame_sha256 = e.frame_sha256
inner join stay as s on e.site_id = s.site_id and e.subject_id = s.subject_id and e.at in (s.started_at, s.ended_at)
"""


class TestFill:
    def test_keeps_two_pictures_of_each_stay_once(self, own_database: Database) -> None:
        store = MemoryStore()
        city.build(own_database, seed=SEED, berths=120, at=BORN, days=1)

        for _time in range(2):
            history.load(
                own_database, seed=SEED, until=BORN, days=1, first=lambda database, past: albums.fill(database, past, into=store)
            )

        with own_database.transaction() as tx:
            row = tx.row(SHOWN)
            kept = tx.value("select count(*) from picture")
        assert row is not None
        assert row["stays"] > 20
        assert row["n"] == kept == row["stays"] * 2
