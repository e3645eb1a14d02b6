"""Detectors: what the list says of a device is what its messages and its silence say."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from core.insight import detectors
from core.insight.detectors import Health, NoSuchDevice
from core.kit.db import Database, Row, Tx
from core.kit.ids import uuid7
from core.kit.listing import Asked, Condition, Is, Order
from tests.core.insight import heard as heard_town
from tests.core.insight.facts import a_sensor, a_street
from tests.core.insight.heard import AT, START

ALL = Asked()


@pytest.fixture(scope="module")
def town(database: Database) -> Database:
    """Return a small city that was heard, with a heavy mess."""
    heard_town.build(database)
    return database


@pytest.fixture
def heard(town: Database) -> Iterator[Tx]:
    """Return a transaction on the town that was heard."""
    with town.transaction() as tx:
        yield tx


class TestListDevices:
    def test_judges_each_by_its_last_word(self, tx: Tx) -> None:
        street = a_street(tx, since=START)
        for number, age_s in enumerate((1_799, 1_800, 3_599, 3_600), start=1):
            hear(tx, street.site_id, a_sensor(tx, street, number, since=START), AT - timedelta(seconds=age_s))
        mute = a_street(tx, "T-02", since=START)
        a_sensor(tx, mute, 1, since=START)
        broken = a_sensor(tx, mute, 2, since=START)
        tx.run("update device set state = 'faulty' where device_id = %(id)s", id=broken)

        rows = detectors.list_devices(tx, ALL, at=AT)

        assert [(row["code"], row["state"]) for row in rows] == [
            ("M1", "online"), ("M2", "late"), ("M3", "late"), ("M4", "silent"), ("M1", "unheard"), ("M2", "faulty"),
        ]  # fmt: skip
        assert [(row["missed_n"], row["boot_n"], row["battery"]) for row in rows[4:]] == [(None, None, "unknown")] * 2

    def test_counts_what_the_messages_say(self, heard: Tx) -> None:
        """Counted again from the raw messages, in Python."""
        said = heard.rows(
            "select m.topic, m.received_at, m.parse_state from inbound_message as m where m.transport = 'mqtt' "
            "order by m.received_at"
        )
        per: dict[str, list[Row]] = defaultdict(list)
        for one in said:
            per[one["topic"].rsplit("/", 1)[0]].append(one)

        rows = detectors.list_devices(heard, ALL, at=AT)

        told = {f"boshu/v1/{row['site']}/{row['gateway_code']}/{row['code']}": row for row in rows}
        spoken = {topic: told[topic] for topic in per if topic in told}
        assert len(spoken) > 20
        assert sum(row["duplicate_n"] for row in spoken.values()) > 0
        assert sum(row["missed_n"] for row in spoken.values()) > 0
        for topic, row in spoken.items():
            mine = per[topic]
            assert row["last_seen_at"] == max(one["received_at"] for one in mine)
            assert row["duplicate_n"] == sum(one["parse_state"] == "duplicate" for one in mine)
            promised = 3_600 // row["expected_interval_s"]
            came = [one["received_at"].hour for one in mine if one["parse_state"] == "parsed"]
            assert row["missed_n"] == sum(max(promised - came.count(hour), 0) for hour in range(min(came) + 1, AT.hour)), topic

    def test_filters_sorts_and_pages(self, heard: Tx) -> None:
        asked = Asked(0, 10, (Order("missed_n", is_falling=True),), (Condition("site", Is.EQUAL, "GL-01"),))

        first = detectors.list_devices(heard, asked, at=AT)
        second = detectors.list_devices(heard, Asked(10, 10, asked.orders, asked.conditions), at=AT)

        missed = [row["missed_n"] for row in (*first, *second)]
        known = [n for n in missed if n is not None]
        assert {row["site"] for row in first} == {"GL-01"}
        assert len({row["device_id"] for row in (*first, *second)}) == 20
        assert known == sorted(known, reverse=True)
        assert missed[: len(known)] == known

    def test_finds_a_code_that_holds_signs_of_patterns(self, heard: Tx) -> None:
        asked = Asked(conditions=(Condition("code", Is.CONTAINS, "%"),))

        assert detectors.list_devices(heard, asked, at=AT) == []


class TestCountStates:
    def test_counts_every_device_once(self, heard: Tx) -> None:
        rows = detectors.list_devices(heard, Asked(conditions=(Condition("site", Is.EQUAL, "GL-04"),)), at=AT)

        counted = detectors.count_states(
            heard, Asked(conditions=(Condition("site", Is.EQUAL, "GL-04"), Condition("state", Is.EQUAL, "online"))), at=AT
        )

        assert counted == {health: sum(row["state"] == health for row in rows) for health in Health}


class TestGetSheet:
    def test_shows_the_reports_with_both_clocks_and_the_holes(self, heard: Tx) -> None:
        rows = detectors.list_devices(heard, Asked(conditions=(Condition("site", Is.EQUAL, "GL-01"),)), at=AT)
        holes = 0
        for row in rows:
            sheet = detectors.get_sheet(heard, device_id=row["device_id"], at=AT)
            events = heard.rows(
                "select at, device_at, received_at, boot_id, seq from event where device_id = %(id)s and kind not like 'comms%%' "
                "and at > %(at)s - interval '24 hours' and at <= %(at)s",
                id=row["device_id"], at=AT,
            )  # fmt: skip
            told = sorted((one.at, one.device_at, one.received_at, one.boot_id, one.seq) for one in sheet.reports)
            assert told == sorted(tuple(event.values()) for event in events)
            numbers = sorted((event["boot_id"], event["seq"]) for event in events)
            jumps = [(boot, before + 1, seq - 1) for (last, before), (boot, seq) in pairwise(numbers) if boot == last]
            lost = {(boot, first, last) for boot, first, last in jumps if first <= last}
            assert {(one.boot_id, *one.missed_before) for one in sheet.reports if one.missed_before} == lost
            holes += len(lost)
        assert holes > 0

    def test_takes_the_silence_out_of_the_day(self, tx: Tx) -> None:
        street = a_street(tx, since=START - timedelta(days=3))
        device_id = a_sensor(tx, street, 1, since=START - timedelta(days=3))
        hear(tx, street.site_id, device_id, AT)
        health(tx, street.site_id, device_id, START - timedelta(days=2))
        midnight = datetime(2026, 11, 19, 16, tzinfo=UTC)  # of the city
        outage(tx, street.site_id, device_id, midnight - timedelta(hours=1), midnight + timedelta(minutes=30))
        outage(tx, street.site_id, device_id, AT - timedelta(minutes=40), None)

        sheet = detectors.get_sheet(tx, device_id=device_id, at=AT)

        whole_min = 8 * 60 + 130
        assert [(one.starts_at, one.ends_at, one.is_running) for one in sheet.outages] == [
            (midnight, midnight + timedelta(minutes=30), False), (AT - timedelta(minutes=40), AT, True),
        ]  # fmt: skip
        assert sheet.online_min == whole_min - 70
        assert sheet.coverage_pct == round(100 * (whole_min - 70) / whole_min, 1)

    def test_does_not_know_the_day_of_a_device_that_never_spoke(self, tx: Tx) -> None:
        sheet = detectors.get_sheet(tx, device_id=a_sensor(tx, a_street(tx, since=START), 1, since=START), at=AT)

        assert (sheet.online_min, sheet.coverage_pct, sheet.reports) == (None, None, ())

    def test_refuses_a_device_nobody_knows(self, tx: Tx) -> None:
        with pytest.raises(NoSuchDevice):
            detectors.get_sheet(tx, device_id=uuid7(), at=AT)


class TestListChoices:
    def test_names_the_sites_that_have_devices(self, heard: Tx) -> None:
        sites = heard.tuples("select distinct site.code from site join device using (site_id) where device.kind = 'geomagnetic'")

        assert {choice["site"] for choice in detectors.list_choices(heard, kinds=["geomagnetic"])} == {code for (code,) in sites}


def hear(tx: Tx, site_id: object, device_id: object, at: datetime) -> None:
    """Let a device have been heard last at an instant."""
    tx.run(
        "insert into device_state (site_id, device_id, last_seen_at) values (%(site)s, %(device)s, %(at)s)",
        site=site_id, device=device_id, at=at,
    )  # fmt: skip


def health(tx: Tx, site_id: object, device_id: object, hour: datetime) -> None:
    """Let a device have spoken in an hour."""
    tx.run(
        "insert into device_health (site_id, device_id, hour, message_n) values (%(site)s, %(device)s, %(hour)s, 4)",
        site=site_id, device=device_id, hour=hour,
    )  # fmt: skip


def outage(tx: Tx, site_id: object, device_id: object, starts_at: datetime, ends_at: datetime | None) -> None:
    """Let a device have been silent."""
    tx.run(
        "insert into device_outage (site_id, device_id, started_at, ended_at, cause) "
        "values (%(site)s, %(device)s, %(starts)s, %(ends)s, 'silence')",
        site=site_id, device=device_id, starts=starts_at, ends=ends_at,
    )  # fmt: skip
