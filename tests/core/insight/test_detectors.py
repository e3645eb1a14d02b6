"""Detectors: what the list says of a device is what its messages and its silence say."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest

from core.insight import detectors
from core.insight.detectors import DEVICES, Health, Sheet
from core.kit.db import Database, Row, Tx
from core.kit.listing import Asked, Condition, Is, Order
from core.kit.locale import Language, use
from tests.core.insight import heard as heard_town
from tests.core.insight.facts import a_sensor, a_street, every_site
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


def list_devices(tx: Tx, asked: Asked) -> list[Row]:
    """Return the devices of all sites."""
    return DEVICES.rows(tx, asked, **detectors.given(at=AT, sites=every_site(tx)))


def get_sheet(tx: Tx, device_id: UUID) -> Sheet:
    """Return the sheet of a device of the list."""
    (row,) = DEVICES.find(tx, [device_id], **detectors.given(at=AT, sites=every_site(tx)))
    return detectors.get_sheet(tx, row, at=AT)


class TestDevices:
    def test_judges_each_by_its_last_word(self, tx: Tx) -> None:
        street = a_street(tx, since=START)
        for number, age_s in enumerate((1_799, 1_800, 3_599, 3_600), start=1):
            hear(tx, street.site_id, a_sensor(tx, street, number, since=START), AT - timedelta(seconds=age_s))
        mute = a_street(tx, "T-02", since=START)
        a_sensor(tx, mute, 1, since=START)
        broken = a_sensor(tx, mute, 2, since=START)
        tx.run("update device set state = 'faulty' where device_id = %(id)s", id=broken)

        rows = list_devices(tx, ALL)

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

        rows = list_devices(heard, ALL)

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

        first = list_devices(heard, asked)
        second = list_devices(heard, Asked(10, 10, asked.orders, asked.conditions))

        missed = [row["missed_n"] for row in (*first, *second)]
        known = [n for n in missed if n is not None]
        assert {row["site"] for row in first} == {"GL-01"}
        assert len({row["device_id"] for row in (*first, *second)}) == 20
        assert known == sorted(known, reverse=True)
        assert missed[: len(known)] == known

    def test_finds_a_code_that_holds_signs_of_patterns(self, heard: Tx) -> None:
        asked = Asked(conditions=(Condition("code", Is.CONTAINS, "%"),))

        assert list_devices(heard, asked) == []

    def test_are_counted_once_by_state(self, heard: Tx) -> None:
        here = Condition("site", Is.EQUAL, "GL-04")
        rows = list_devices(heard, Asked(conditions=(here,)))

        asked = Asked(conditions=(here, Condition("state", Is.EQUAL, "online")))
        counted = DEVICES.count_by(heard, "state", asked, **detectors.given(at=AT, sites=every_site(heard)))

        assert {health: counted.get(health.value, 0) for health in Health} == {
            health: sum(row["state"] == health for row in rows) for health in Health
        }

    def test_have_those_of_the_sites_that_are_asked_for(self, heard: Tx) -> None:
        own = heard.value("select site_id from site where code = 'GL-01'")

        rows = DEVICES.rows(heard, ALL, **detectors.given(at=AT, sites=[own]))

        assert {row["site"] for row in rows} == {"GL-01"}
        assert DEVICES.count(heard, ALL, **detectors.given(at=AT, sites=[])) == 0


class TestGetSheet:
    def test_shows_the_reports_with_both_clocks_and_the_holes(self, heard: Tx) -> None:
        rows = list_devices(heard, Asked(conditions=(Condition("site", Is.EQUAL, "GL-01"),)))
        holes = 0
        for row in rows:
            sheet = detectors.get_sheet(heard, row, at=AT)
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

        sheet = get_sheet(tx, device_id)

        whole_min = 8 * 60 + 130
        assert [(one.starts_at, one.ends_at, one.is_running) for one in sheet.outages] == [
            (midnight, midnight + timedelta(minutes=30), False), (AT - timedelta(minutes=40), AT, True),
        ]  # fmt: skip
        assert sheet.online_min == whole_min - 70
        assert sheet.coverage_pct == round(100 * (whole_min - 70) / whole_min, 1)

    def test_does_not_know_the_day_of_a_device_that_never_spoke(self, tx: Tx) -> None:
        sheet = get_sheet(tx, a_sensor(tx, a_street(tx, since=START), 1, since=START))

        assert (sheet.online_min, sheet.coverage_pct, sheet.reports) == (None, None, ())


class TestListSites:
    def test_names_the_sites_that_have_devices(self, heard: Tx) -> None:
        sites = heard.tuples("select distinct site.code from site join device using (site_id) where device.kind = 'geomagnetic'")

        told = detectors.list_sites(heard, sites=every_site(heard), kinds=["geomagnetic"])

        assert {code for code, _name in told} == {code for (code,) in sites}
        assert all(name.endswith(f" · {code}") for code, name in told)
        assert detectors.list_sites(heard, sites=[]) == []


class TestListDistricts:
    def test_names_each_district_once_in_the_readers_language(self, heard: Tx) -> None:
        districts = heard.tuples(
            "select distinct area.code, area.name_en from area join site using (area_id) join device using (site_id) "
            "where device.kind = 'geomagnetic' order by 1"
        )

        with use(Language.EN):
            assert detectors.list_districts(heard, sites=every_site(heard), kinds=["geomagnetic"]) == districts


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
