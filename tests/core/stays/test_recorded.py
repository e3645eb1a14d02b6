"""Records in the database: derived from all that was told, corrected when more is told, figures always in step."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from core.finance.figures import Figures
from core.kit.db import Tx
from core.kit.ids import derived_id, uuid7
from core.kit.moments import ms_of
from core.stays import recorded, storing
from core.stays.recorded import RecordedWord
from core.stays.rules.sightings import State
from core.upkeep.rebuild import compare
from tests.core.upkeep.street import a_site

NOON = datetime(2025, 10, 31, 12, tzinfo=UTC)
DAY_MS = 86_400_000


def words(site_id: UUID, space_id: UUID, *told: tuple[int, State]) -> list[RecordedWord]:
    """Return changes at minutes after noon."""
    return [
        RecordedWord(site_id, space_id, derived_id("event", space_id, f"{minute}{state}"), NOON + timedelta(minutes=minute), state)
        for minute, state in told
    ]


def bring(tx: Tx, site_id: UUID, told: list[RecordedWord]) -> int:
    """Keep words and derive; return how many were new."""
    recorded.make_months(tx, {word.at for word in told})
    new_n = recorded.add(tx, told, at=NOON)
    derived = recorded.derive(
        tx,
        site_ids=[site_id],
        day_of=lambda at_ms: (at_ms - at_ms % DAY_MS, at_ms - at_ms % DAY_MS + DAY_MS),
        debounce_ms=30_000,
        longest_ms=3 * DAY_MS,
    )
    storing.save(tx, derived.changes)
    figures = Figures({site_id: "on_street"})
    figures.add_changes(derived.changes)
    figures.save(tx)
    return new_n


def stays(tx: Tx, site_id: UUID) -> list[tuple[int, int, str]]:
    """Return start, end in minutes after noon, and quality."""
    rows = tx.rows(
        "select started_at, ended_at, quality from stay where site_id = %(id)s order by started_at limit 100", id=site_id
    )
    start_ms = ms_of(NOON)
    return [
        ((ms_of(row["started_at"]) - start_ms) // 60_000, (ms_of(row["ended_at"]) - start_ms) // 60_000, row["quality"])
        for row in rows
    ]


class TestDerive:
    def test_tells_stays_and_counts_them(self, tx: Tx) -> None:
        site_id, space_id = a_site(tx).site_id, uuid7()

        bring(tx, site_id, words(site_id, space_id, (0, State.FREE), (10, State.OCCUPIED), (70, State.FREE)))

        assert stays(tx, site_id) == [(10, 70, "A")]
        assert tx.value("select sum(occupied_s) from hour_delta where site_id = %(id)s", id=site_id) == 3_600
        assert not compare(tx, on=date(2025, 10, 31), site_id=site_id)

    def test_corrects_what_a_later_file_tells_differently(self, tx: Tx) -> None:
        site_id, space_id = a_site(tx).site_id, uuid7()
        bring(tx, site_id, words(site_id, space_id, (0, State.FREE), (10, State.OCCUPIED), (70, State.FREE)))

        bring(tx, site_id, words(site_id, space_id, (30, State.FREE), (40, State.OCCUPIED)))

        assert stays(tx, site_id) == [(10, 30, "A"), (40, 70, "A")]
        assert tx.value("select sum(occupied_s) from hour_delta where site_id = %(id)s", id=site_id) == 3_000
        assert tx.value("select count(*) from stay_amendment where site_id = %(id)s", id=site_id) == 1
        for on in (date(2025, 10, 31), date(2025, 11, 1)):
            assert not compare(tx, on=on, site_id=site_id)

    def test_changes_nothing_when_told_again(self, tx: Tx) -> None:
        site_id, space_id = a_site(tx).site_id, uuid7()
        told = words(site_id, space_id, (0, State.FREE), (10, State.OCCUPIED), (70, State.FREE))

        assert bring(tx, site_id, told) == 3
        deltas = tx.value("select count(*) from hour_delta where site_id = %(id)s", id=site_id)

        assert bring(tx, site_id, told[::-1]) == 0
        assert tx.value("select count(*) from hour_delta where site_id = %(id)s", id=site_id) == deltas
