"""What is told of the product is what its tables hold, and what is not known is not told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.access import audit, seals
from core.access.audit import Entry, Outcome
from core.kit.db import Tx
from core.kit.ids import uuid7
from core.upkeep import vitals
from core.upkeep.vitals import Vitals

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)


def taken(tx: Tx) -> Vitals:
    return vitals.take(tx, folder=Path("/"), at=AT)


class TestTake:
    def test_knows_nothing_of_an_empty_city(self, tx: Tx) -> None:
        found = taken(tx)

        assert (found.message_age_s, found.job_age_s) == (None, None)
        assert (found.dead_letter_n, found.gap_n, found.unsettled_n, found.unsettled_fen, found.sealed_n) == (0, 0, 0, 0, 0)
        assert found.disk_free_pct is not None

    def test_tells_how_long_nothing_came(self, tx: Tx) -> None:
        tx.run(
            "insert into source_health values ('magnet', 0, %(at)s, %(at)s, 1), ('video', 0, %(old)s, %(old)s, 1)",
            at=AT - timedelta(seconds=7),
            old=AT - timedelta(days=1),
        )

        assert taken(tx).message_age_s == 7

    def test_counts_the_last_hour(self, tx: Tx) -> None:
        for minutes in (1, 59, 61):
            tx.run(
                "insert into dead_letter values (%(id)s, %(at)s, 'mqtt', 't', 'p', sha256('p'), 'schema', '')",
                id=uuid7(),
                at=AT - timedelta(minutes=minutes),
            )

        assert taken(tx).dead_letter_n == 2

    def test_tells_when_the_chain_stands_still(self, tx: Tx) -> None:
        audit.add(tx, Entry(AT - timedelta(minutes=11), "first", Outcome.DONE))
        seals.seal(tx)
        assert (taken(tx).sealed_n, taken(tx).unsealed_n) == (1, 0)

        audit.add(tx, Entry(AT - timedelta(minutes=10, seconds=30), "second", Outcome.DONE))

        assert (taken(tx).sealed_n, taken(tx).unsealed_n) == (1, 1)

    def test_tells_when_clocks_differ(self, tx: Tx) -> None:
        now = tx.value("select clock_timestamp()")

        assert abs(vitals.take(tx, folder=Path("/"), at=now).clock_off_s) < 5
        assert vitals.take(tx, folder=Path("/"), at=now - timedelta(minutes=5)).clock_off_s > 290

    def test_knows_no_disk_that_is_not_there(self, tx: Tx, tmp_path: Path) -> None:
        assert vitals.take(tx, folder=tmp_path / "none", at=AT).disk_free_pct is None
