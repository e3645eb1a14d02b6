"""The demo city as it is built."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from core.kit.clock import city_date, city_day
from core.kit.db import Database
from ingest.simulator import city, places

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)
SEED = 20_261_122
COUNTS = """
select
    (select count(*) from site where is_demo) as sites,
    (select count(*) from space) as spaces,
    (select count(*) from device) as devices,
    (select count(*) from timeline where state = 'unknown' and since = %(at)s) as unknown,
    (select count(*) from tariff_assignment) as assignments,
    (select count(*) from employee) as employees,
    (select count(*) from duty where signed_in_at <= %(at)s) as signed_in,
    (select count(*) from calendar_day) as days,
    (select version from registry_version) as registry
"""


@pytest.fixture(scope="module")
def built(database: Database) -> Database:
    """Return a database with the city in it; say how long that took."""
    begun = time.monotonic()
    assert city.build(database, seed=SEED, berths=2_400, at=AT)
    took_s = time.monotonic() - begun
    print(f"\nbuilt the demo city in {took_s:.2f} s")
    assert took_s < 3
    return database


class TestBuild:
    def test_sets_up_everything_that_stands_before_the_first_message(self, built: Database) -> None:
        with built.transaction() as tx:
            found = tx.row(COUNTS, at=AT)

        laid_out = places.layout(SEED)
        assert found is not None
        assert found["sites"] == found["assignments"] == 52
        assert found["spaces"] == found["unknown"] == 2_400
        assert found["devices"] == sum(len(site.devices) for site in laid_out.sites)
        assert found["employees"] == 86
        assert found["signed_in"] > 60
        assert found["days"] == 3 * 365
        assert found["registry"] > 1

    def test_changes_nothing_the_second_time(self, built: Database) -> None:
        with built.transaction() as tx:
            before = tx.row(COUNTS, at=AT)

        assert city.build(built, seed=SEED, berths=2_400, at=AT + timedelta(days=1)) is False
        assert city.build(built, seed=SEED + 1, berths=100, at=AT) is False

        with built.transaction() as tx:
            assert tx.row(COUNTS, at=AT) == before

    def test_puts_spaces_into_service_before_the_past_begins(self, built: Database) -> None:
        first = city_date(AT) - timedelta(days=city.HISTORY_DAYS)

        with built.transaction() as tx:
            assert tx.value("select max(in_service_from) from space") == city_day(first)[0]
            assert tx.value("select count(distinct opened_on) from site") == 1

    def test_binds_every_device_that_watches_something(self, built: Database) -> None:
        with built.transaction() as tx:
            unbound = tx.rows(
                "select kind, count(*) as n from device where not exists "
                "(select from device_binding where device_binding.device_id = device.device_id) group by kind"
            )

        assert [row["kind"] for row in unbound] == ["gateway"]
