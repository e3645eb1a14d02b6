"""Counts in the database: added once, published only where they can be true, told by the days of their own city."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from core.kit.db import Tx
from core.kit.ids import derived_id
from core.occupancy import counts
from core.occupancy.counts import Count
from tests.core.upkeep.street import a_site

AT = datetime(2026, 10, 25, 1, tzinfo=UTC)


def a_lot(tx: Tx, zone: str = "Asia/Shanghai") -> UUID:
    """Make a lot; return its id."""
    site_id = a_site(tx, mode="import", kind="off_street").site_id
    tx.run("update site set time_zone = %(zone)s where site_id = %(id)s", zone=zone, id=site_id)
    return site_id


def a_count(
    site_id: UUID,
    at: datetime,
    free: int | None,
    *,
    total: int | None = 100,
    inside: int | None = None,
    is_open: bool | None = None,
) -> Count:
    """Return a count that nobody doubts."""
    name = derived_id("count", site_id, f"{at}{free}{total}{inside}{is_open}")
    return Count(site_id, name, at, total, free, inside, is_open, None, is_trusted=True)


def added(tx: Tx, *given: Count) -> int:
    """Add counts with their months."""
    counts.make_months(tx, {count.at for count in given})
    return counts.add(tx, given)


class TestAdd:
    def test_adds_a_count_once(self, tx: Tx) -> None:
        count = a_count(a_lot(tx), AT, 7)

        assert added(tx, count, count) == 1
        assert added(tx, count) == 0

    def test_keeps_an_impossible_count_with_its_fault(self, tx: Tx) -> None:
        site_id = a_lot(tx)

        added(tx, a_count(site_id, AT, -3), a_count(site_id, AT, 101), a_count(site_id, AT, None))

        rows = tx.rows("select declared_free, is_valid, fault from count_snapshot where site_id = %(id)s order by 1", id=site_id)
        assert [tuple(row.values()) for row in rows] == [
            (-3, False, "free_below_zero"),
            (101, False, "free_above_total"),
            (None, True, None),
        ]


class TestPublished:
    def test_passes_over_an_impossible_count(self, tx: Tx) -> None:
        site_id = a_lot(tx)
        added(tx, a_count(site_id, AT, 7), a_count(site_id, AT + timedelta(minutes=5), 101))

        (one,) = [one for one in counts.published(tx, at=AT + timedelta(minutes=10)) if one.site_id == site_id]

        assert (one.at, one.free, one.total) == (AT, 7, 100)

    def test_shows_nothing_that_is_half_an_hour_old_or_still_to_come(self, tx: Tx) -> None:
        site_id = a_lot(tx)
        added(tx, a_count(site_id, AT, 7))

        for at in (AT - timedelta(seconds=1), AT + counts.STALE_AFTER):
            assert [one for one in counts.published(tx, at=at) if one.site_id == site_id] == []

    def test_shows_a_closed_lot_without_places(self, tx: Tx) -> None:
        site_id = a_lot(tx)
        added(tx, a_count(site_id, AT, 7, is_open=False))

        (one,) = [one for one in counts.published(tx, at=AT) if one.site_id == site_id]

        assert (one.free, one.is_open) == (None, False)


class TestListDays:
    def test_cuts_days_by_the_clock_of_the_site(self, tx: Tx) -> None:
        """On 25 October 2026 Madrid put the clocks back: its day began at 22:00 UTC and had 25 hours."""
        site_id = a_lot(tx, "Europe/Madrid")
        starts_at = datetime(2026, 10, 24, 22, tzinfo=UTC)
        told = {
            starts_at - timedelta(seconds=1): 90,
            starts_at: 10,
            starts_at + timedelta(hours=12): 13,
            starts_at + timedelta(hours=25, seconds=-1): 30,
            starts_at + timedelta(hours=25): 91,
        }
        added(tx, *(a_count(site_id, at, free) for at, free in told.items()), a_count(site_id, starts_at, -5))

        (day,) = counts.list_days(tx, site_id=site_id, from_on=date(2026, 10, 25), to_on=date(2026, 10, 26))

        assert (day.day, day.count_n, day.max_free, day.min_free) == (date(2026, 10, 25), 3, 30, 10)
        assert day.mean_free.quantize(Decimal("0.0001")) == Decimal("17.6667")
