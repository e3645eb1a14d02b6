"""Barriers opened by hand, by hour and guard, against the openings written down apart (R16)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.insight import barriers, quality
from core.insight.barriers import Hand
from core.kit.db import Database
from core.kit.periods import Period
from core.stays import barriers as audited
from ingest.pipeline import Pipeline
from tests.ingest import town
from tests.ingest.town import LOT, MAGNET, Town

NINE = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = Period(NINE - timedelta(hours=9), NINE + timedelta(hours=15))


def after(minutes: float) -> datetime:
    """Return an instant of the test's morning."""
    return NINE + timedelta(minutes=minutes)


@pytest.fixture(scope="module")
def morning(database: Database) -> Database:
    """Return a lot where two guards opened by hand in two hours, once of five times for somebody."""
    town.build(database)
    say, pipeline = Town(), Pipeline(database)
    by_hand = [(5, "li"), (20, "li"), (40, "wang"), (70, "li"), (80, None)]
    pipeline.take([say.lane("in", after(1), "江A12345"), say.lane("in", after(2), "江B55555")])
    pipeline.take(
        [
            say.device(LOT, "gate-out", "barrier", after(minute), lane="out", action="opened", manual=True, operator=operator)
            for minute, operator in by_hand
        ]
    )
    pipeline.take(
        [
            say.lane("out", after(20.2), "江A12345"),
            say.device(LOT, "gate-out", "barrier", after(50), lane="out", action="opened", manual=False),
            say.lane("out", after(50.1), "江B55555"),
        ]
    )
    with database.transaction() as tx:
        audited.audit(tx, at=after(90))
    return database


class TestListHands:
    def test_tells_hours_and_guards(self, morning: Database) -> None:
        with morning.transaction() as tx:
            told = barriers.list_hands(tx, site_id=town.site_id(LOT), asked=DAY)

        assert told == (
            Hand(after(60), "li", 1, 1, 2), Hand(after(60), None, 1, 1, 2), Hand(NINE, "li", 2, 1, 4), Hand(NINE, "wang", 1, 1, 4),
        )  # fmt: skip
        assert [hand.share_pct for hand in told] == [50.0, 50.0, 50.0, 25.0]

    def test_is_part_of_the_sheet_of_a_lot_alone(self, morning: Database) -> None:
        with morning.transaction() as tx:
            lot, street = (quality.get_sheet(tx, site=code, at=after(90)) for code in (LOT, MAGNET))

        assert len(lot.hands) == 4
        assert street.hands == ()
