"""The chain of the audit is sealed, anchored and worked out anew by itself."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.access import audit, operations, seals
from core.access.audit import Entry, Outcome
from core.kit.clock import FixedClock
from core.kit.db import Database
from ingest.pipeline import Pipeline
from ingest.schedule import audit as jobs
from ingest.schedule.job import Work

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)


@pytest.fixture
def work(own_database: Database, tmp_path: Path) -> Work:
    """Return work on a database of one test alone, three entries in it."""
    with own_database.transaction() as tx:
        for n in range(3):
            audit.add(tx, Entry(AT, f"action {n}", Outcome.DONE))
    return Work(own_database, Pipeline(own_database), anchor=tmp_path / "audit.anchor", clock=FixedClock(AT))


class TestVerify:
    def test_keeps_what_was_found(self, work: Work) -> None:
        assert jobs.seal(work) == "3 entries"
        assert jobs.anchor(work) == "3 anchored"

        assert jobs.verify(work) == "3 entries as they were written"

        with work.database.transaction() as tx:
            chain = operations.chain(tx)
        assert (chain.sealed_n, chain.checked_n, chain.checked_at, chain.faults) == (3, 3, AT, ())

    def test_says_when_somebody_changed_the_audit(self, work: Work) -> None:
        jobs.seal(work)
        assert work.anchor is not None
        work.anchor.write_text(f"{AT.isoformat()} 9 {'0' * 64}\n")

        with pytest.raises(jobs.Tampered):
            jobs.verify(work)

        with work.database.transaction() as tx:
            assert len(operations.chain(tx).faults) == 1
        assert seals.anchored(work.anchor).hashes == {9: "0" * 64}
