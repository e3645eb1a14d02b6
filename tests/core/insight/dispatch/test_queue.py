"""The queue holds the alarms that stand at a moment, the urgent first."""

from datetime import timedelta
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from core.insight.dispatch import queue
from core.kit.db import Tx
from core.kit.ids import uuid7
from core.kit.locale import Language, use
from tests.core.insight import facts
from tests.core.insight.dispatch.street import UNTIL


def an_alarm(tx: Tx, made: facts.Street, rule: str, priority: int, minutes: int, **detail: Any) -> None:
    """Add an alarm that was raised so many minutes before the end and never cleared."""
    tx.run(
        "insert into alarm (alarm_id, rule, priority, site_id, subject_id, raised_at, detail) "
        "values (%(id)s, %(r)s, %(p)s, %(s)s, %(id)s, %(at)s, %(d)s)",
        id=uuid7(), r=rule, p=priority, s=made.site_id, at=UNTIL - timedelta(minutes=minutes), d=Jsonb(detail),
    )  # fmt: skip


class TestListQueue:
    @pytest.fixture
    def made(self, tx: Tx) -> facts.Street:
        made = facts.a_street(tx, since=UNTIL - timedelta(days=2))
        tx.run("update space set lon = 114.5, lat = 30.5 where space_id = %(p)s", p=made.space_ids[1])
        an_alarm(tx, made, "overstay", 2, 14, space="B2", since=(UNTIL - timedelta(hours=25)).isoformat(), n=1)
        an_alarm(tx, made, "evasion", 3, 1, space="B1", since=(UNTIL - timedelta(hours=1)).isoformat(), n=1)
        an_alarm(tx, made, "gateway_silent", 1, 2, gateway="G1", n=48)
        tx.run("update alarm set cleared_at = %(at)s where rule = 'evasion'", at=UNTIL - timedelta(seconds=1))
        return made

    def test_puts_the_urgent_first_and_leaves_out_what_is_over(self, tx: Tx, made: facts.Street) -> None:
        with use(Language.EN):
            told = queue.list_queue(tx, at=UNTIL)

        assert (told.p1, told.p2, told.p3) == (1, 1, 0)
        gateway, overstay = told.rows
        assert (gateway.rule, gateway.n, gateway.age_s, gateway.space) == ("gateway_silent", 48, 120, None)
        assert gateway.text == "Gateway G1: 48 devices behind it are not heard."
        assert (overstay.site, overstay.space, overstay.lon, overstay.lat) == (made.code, "B2", 114.5, 30.5)
        assert overstay.text == "Parked since 11-19 13:32."

    def test_shows_a_past_moment(self, tx: Tx, made: facts.Street) -> None:
        told = queue.list_queue(tx, at=UNTIL - timedelta(seconds=30))

        assert (told.p1, told.p2, told.p3) == (1, 1, 1)
        assert {row.site for row in told.rows} == {made.code}

    def test_counts_exactly_what_it_does_not_list(self, tx: Tx, made: facts.Street) -> None:
        for _ in range(30):
            an_alarm(tx, made, "sensors_offline", 2, 5, n=6)

        told = queue.list_queue(tx, at=UNTIL, limit=10)

        assert (told.p2, len(told.rows)) == (31, 10)

    def test_reaches_every_alarm_page_by_page(self, tx: Tx, made: facts.Street) -> None:
        for _ in range(30):
            an_alarm(tx, made, "sensors_offline", 2, 5, n=6)

        pages = [queue.list_queue(tx, at=UNTIL, limit=10, skip=skip) for skip in (0, 10, 20, 30, 40)]

        assert [len(page.rows) for page in pages] == [10, 10, 10, 2, 2]
        assert pages[4].skipped == 30, "what was cleared meanwhile leaves the last page"
        assert len({row.alarm_id for page in pages for row in page.rows}) == 32

    def test_says_what_is_wrong_with_a_screen_and_how_full_a_district_is(self, tx: Tx, made: facts.Street) -> None:
        an_alarm(tx, made, "screen_drift", 3, 1, screen="S1", n=5)
        an_alarm(tx, made, "area_full", 2, 1, n=1_180, free=20)
        tx.run(
            "update alarm set site_id = null, subject_id = site.area_id from site "
            "where rule = 'area_full' and site.site_id = alarm.site_id"
        )

        with use(Language.EN):
            told = {row.rule: row for row in queue.list_queue(tx, at=UNTIL).rows}

        assert told["screen_drift"].text == "5 numbers on screen S1 are not those it was told."
        assert told["area_full"].text == "1,180 of 1,200 berths are taken."
        district = tx.value("select area.name from area inner join site using (area_id) where site_id = %(s)s", s=made.site_id)
        assert told["area_full"].site_name == district, "a district that is full is named"
