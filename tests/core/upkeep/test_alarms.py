"""Alarms on a real database: each rule rings, does not ring beside its limit, and is cleared."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from core.kit.db import Tx
from core.kit.ids import uuid7
from core.upkeep import alarms, silence
from core.upkeep.alarms import Changes, Limits, Rule
from tests.core.upkeep.street import AT, Site, a_device, a_site, a_space, detail, hear, leave, ringing, seconds, stand

LIMITS = Limits()


def fall_silent(tx: Tx, *, at: datetime) -> None:
    """Let the silence of devices be found at an instant."""
    silence.end_outages(tx)
    silence.mark(tx, devices=silence.list_silent(tx, listening_since=at - timedelta(days=1), at=at))


def judge(tx: Tx, *, at: datetime, limits: Limits = LIMITS) -> Changes:
    """Find silence, then hold the rules against it, as the jobs do."""
    fall_silent(tx, at=at)
    return alarms.judge(tx, limits=limits, at=at)


class TestGatewaySilent:
    @pytest.fixture
    def site(self, tx: Tx) -> Site:
        """Return a site with a gateway and six sensors, all heard just now."""
        site = a_site(tx)
        hear(tx, site, a_device(tx, site, kind="gateway", code="G1", interval_s=10), AT)
        for number in range(6):
            hear(tx, site, a_device(tx, site, code=f"D{number}", interval_s=10), AT)
        return site

    def test_rings_once_after_three_intervals_and_counts_its_devices(self, tx: Tx, site: Site) -> None:
        assert judge(tx, at=AT + seconds(30)) == Changes()

        assert judge(tx, at=AT + seconds(31)) == Changes(raised_n=1)
        assert judge(tx, at=AT + seconds(31)) == Changes()
        assert detail(tx, Rule.GATEWAY_SILENT) == {"gateway": "G1", "n": 6}
        assert tx.value("select priority from alarm where site_id = %(id)s", id=site.site_id) == 1

    def test_is_one_alarm_for_five_hundred_sensors(self, tx: Tx) -> None:
        """They fall silent with their gateway, stay so, and come back one after the other: it rings once and ends once."""
        site = a_site(tx)
        hear(tx, site, a_device(tx, site, kind="gateway", code="G1", interval_s=10), AT)
        for number in range(500):
            hear(tx, site, a_device(tx, site, code=f"D{number:03}", interval_s=10), AT)
        rang = [judge(tx, at=AT + seconds(after)) for after in (31, 41, 120, 600)]

        tx.run(
            """update device_state set last_seen_at = %(at)s where site_id = %(id)s
            and device_id in (select device_id from device where code < 'D250' or kind = 'gateway')""",
            at=AT + seconds(610), id=site.site_id,
        )  # fmt: skip
        rang.append(judge(tx, at=AT + seconds(611)))
        assert tx.rows("select rule, priority, detail ->> 'n' as n from alarm") == [
            {"rule": "gateway_silent", "priority": 1, "n": "500"}
        ]
        tx.run("update device_state set last_seen_at = %(at)s where site_id = %(id)s", at=AT + seconds(672), id=site.site_id)
        rang.append(judge(tx, at=AT + seconds(673)))

        assert [change for change in rang if change != Changes()] == [Changes(raised_n=1), Changes(cleared_n=1)]
        assert tx.value("select count(*) from alarm") == 1

    def test_takes_its_sensors_along(self, tx: Tx, site: Site) -> None:
        judge(tx, at=AT + seconds(120))

        assert ringing(tx, Rule.SENSORS_OFFLINE) == []

    def test_is_cleared_a_minute_after_the_gateway_is_back(self, tx: Tx, site: Site) -> None:
        judge(tx, at=AT + seconds(31))
        back_at = AT + seconds(50)
        tx.run("update device_state set last_seen_at = %(at)s where site_id = %(id)s", at=back_at, id=site.site_id)

        assert judge(tx, at=back_at + seconds(1)) == Changes()
        tx.run("update device_state set last_seen_at = %(at)s where site_id = %(id)s", at=back_at + seconds(59), id=site.site_id)

        assert judge(tx, at=back_at + seconds(61)) == Changes(cleared_n=1)
        assert ringing(tx, Rule.GATEWAY_SILENT) == []

    def test_does_not_ring_for_a_retired_gateway(self, tx: Tx, site: Site) -> None:
        tx.run("update device set state = 'retired' where site_id = %(id)s", id=site.site_id)

        assert judge(tx, at=AT + seconds(60)) == Changes()


class TestSensorsOffline:
    @pytest.fixture
    def site(self, tx: Tx) -> Site:
        """Return a site with a gateway that stays and six sensors."""
        site = a_site(tx)
        hear(tx, site, a_device(tx, site, kind="gateway", code="G1"), AT)
        for number in range(6):
            a_device(tx, site, code=f"D{number}")
        return site

    def sensors(self, tx: Tx, site: Site) -> list[UUID]:
        rows = tx.rows("select device_id from device where site_id = %(id)s and kind <> 'gateway' order by code", id=site.site_id)
        return [row["device_id"] for row in rows]

    def test_rings_for_five_and_not_for_four(self, tx: Tx, site: Site) -> None:
        sensors = self.sensors(tx, site)
        for sensor in sensors[:4]:
            hear(tx, site, sensor, AT - seconds(200))
        for sensor in sensors[4:]:
            hear(tx, site, sensor, AT)

        assert judge(tx, at=AT) == Changes()
        hear(tx, site, sensors[4], AT - seconds(200))

        assert judge(tx, at=AT) == Changes(raised_n=1)
        assert ringing(tx, Rule.SENSORS_OFFLINE) == [site.site_id]
        assert detail(tx, Rule.SENSORS_OFFLINE) == {"n": 5}

    def test_follows_their_number_and_flickers_do_not_clear_it(self, tx: Tx, site: Site) -> None:
        sensors = self.sensors(tx, site)
        for sensor in sensors:
            hear(tx, site, sensor, AT - seconds(200))
        judge(tx, at=AT)
        for sensor in sensors[:2]:
            hear(tx, site, sensor, AT + seconds(5))

        assert judge(tx, at=AT + seconds(10)) == Changes()
        assert judge(tx, at=AT + seconds(66)) == Changes(cleared_n=1)

    def test_waits_for_sensors_to_report_after_their_gateway_is_back(self, tx: Tx, site: Site) -> None:
        """The gateway rings while it is silent; its sensors need their interval after its return."""
        gateway = tx.value("select device_id from device where site_id = %(id)s and kind = 'gateway'", id=site.site_id)
        for device in [gateway, *self.sensors(tx, site)]:
            hear(tx, site, device, AT - seconds(400))
        judge(tx, at=AT)
        hear(tx, site, gateway, AT + seconds(1))

        judge(tx, at=AT + seconds(100))
        assert ringing(tx, Rule.SENSORS_OFFLINE) == []

        hear(tx, site, gateway, AT + seconds(180))
        judge(tx, at=AT + seconds(182))
        assert ringing(tx, Rule.SENSORS_OFFLINE) == [site.site_id]


class TestOverstay:
    def test_rings_after_a_day_and_is_cleared_by_the_departure(self, tx: Tx) -> None:
        site = a_site(tx)
        space_id = a_space(tx, site)
        stay_id = stand(tx, site, space_id, since=AT - timedelta(hours=24), is_read=True)

        assert judge(tx, at=AT - seconds(1)) == Changes()
        assert judge(tx, at=AT) == Changes(raised_n=1)
        assert ringing(tx, Rule.OVERSTAY) == [stay_id]
        leave(tx, site, space_id)
        assert judge(tx, at=AT) == Changes(cleared_n=1)

    def test_says_nothing_of_a_space_nobody_sees(self, tx: Tx) -> None:
        site = a_site(tx)
        stand(tx, site, a_space(tx, site), since=AT - timedelta(hours=30), is_read=True, is_suspect=True)

        assert judge(tx, at=AT) == Changes()

    def test_says_nothing_of_a_lot(self, tx: Tx) -> None:
        site = a_site(tx, mode="video", kind="off_street")
        stand(tx, site, a_space(tx, site), since=AT - timedelta(hours=30), is_read=True)

        assert judge(tx, at=AT) == Changes()


class TestEvasion:
    def test_rings_for_a_car_whose_plate_nobody_has_read(self, tx: Tx) -> None:
        site = a_site(tx)
        unread = stand(tx, site, a_space(tx, site, "0001"), since=AT - timedelta(minutes=30))
        stand(tx, site, a_space(tx, site, "0002"), since=AT - timedelta(minutes=30), is_read=True)

        assert judge(tx, at=AT - seconds(1)) == Changes()
        assert judge(tx, at=AT) == Changes(raised_n=1)
        assert ringing(tx, Rule.EVASION) == [unread]
        assert tx.value("select priority from alarm where subject_id = %(id)s", id=unread) == 3

    def test_is_cleared_when_the_plate_is_read(self, tx: Tx) -> None:
        site = a_site(tx)
        stand(tx, site, a_space(tx, site), since=AT - timedelta(minutes=31))
        judge(tx, at=AT)
        tx.run("update open_stay set vehicle_id = %(id)s where site_id = %(site_id)s", id=uuid7(), site_id=site.site_id)

        assert judge(tx, at=AT) == Changes(cleared_n=1)

    def test_waits_as_long_as_the_operator_wants(self, tx: Tx) -> None:
        site = a_site(tx)
        stand(tx, site, a_space(tx, site), since=AT - timedelta(minutes=11))

        assert judge(tx, at=AT) == Changes()
        assert judge(tx, at=AT, limits=Limits(evasion_after=timedelta(minutes=10))) == Changes(raised_n=1)

    def test_says_nothing_where_a_camera_reads_plates(self, tx: Tx) -> None:
        site = a_site(tx, mode="video")
        stand(tx, site, a_space(tx, site), since=AT - timedelta(hours=1))

        assert judge(tx, at=AT) == Changes()


class TestAreaFull:
    LIMITS = Limits(area_full_pct=90, area_least_n=10)

    @pytest.fixture
    def site(self, tx: Tx) -> Site:
        """Return a street with twenty spaces, all of them free."""
        site = a_site(tx)
        for number in range(20):
            space_id = a_space(tx, site, f"{number:04}")
            stand(tx, site, space_id, since=AT, is_read=True)
        self.fill(tx, site, 0)
        return site

    def fill(self, tx: Tx, site: Site, occupied: int, unknown: int = 0) -> None:
        tx.run(
            """update timeline set state = case when place.n <= %(occupied)s then 'occupied'
                when place.n > 20 - %(unknown)s then 'unknown' else 'free' end
            from (select space_id, row_number() over (order by code) as n from space where site_id = %(id)s) as place
            where site_id = %(id)s and subject_id = place.space_id""",
            occupied=occupied, unknown=unknown, id=site.site_id,
        )  # fmt: skip

    def ring(self, tx: Tx, site: Site, occupied: int, unknown: int = 0) -> list[UUID]:
        """Let so many stand there, and judge."""
        self.fill(tx, site, occupied, unknown)
        alarms.judge(tx, limits=self.LIMITS, at=AT)
        return ringing(tx, Rule.AREA_FULL)

    def test_rings_at_the_limit_and_is_cleared_well_below_it(self, tx: Tx, site: Site) -> None:
        district = tx.value("select area_id from site where site_id = %(id)s", id=site.site_id)

        assert self.ring(tx, site, 17) == []
        assert self.ring(tx, site, 18) == [district]
        assert detail(tx, Rule.AREA_FULL) == {"n": 18, "free": 2}
        assert self.ring(tx, site, 17) == [district]
        assert self.ring(tx, site, 16) == []

    def test_says_nothing_where_most_is_unknown(self, tx: Tx, site: Site) -> None:
        assert self.ring(tx, site, 10, unknown=10) == []
        assert len(self.ring(tx, site, 11, unknown=9)) == 1

    def test_says_nothing_of_a_few_berths(self, tx: Tx, site: Site) -> None:
        self.fill(tx, site, 20)

        alarms.judge(tx, limits=Limits(area_full_pct=90, area_least_n=21), at=AT)

        assert ringing(tx, Rule.AREA_FULL) == []


class TestListedVehicle:
    PLATE = "江A12345"

    def enter(
        self, tx: Tx, kind: str, *, from_at: datetime, to_at: datetime | None = None, at_sites: list[UUID] | None = None
    ) -> None:
        """Put the plate on a list."""
        asker, approver = (tx.value(
            """insert into user_account (user_id, login, name, created_at)
            values (%(id)s, %(login)s, 'Somebody', %(at)s) returning user_id""",
            id=uuid7(), login=f"u-{uuid7().hex}", at=AT,
        ) for _person in range(2))  # fmt: skip
        tx.run(
            """insert into plate_entry (entry_id, kind, plate, reason, starts_at, reach, state, asked_by, asked_at, decided_by,
                decided_at, holds_from, holds_to, site_ids)
            values (%(id)s, %(kind)s, %(plate)s, 'stolen', %(from_at)s, 'city', 'active', %(asker)s, %(from_at)s, %(approver)s,
                %(from_at)s, %(from_at)s, %(to_at)s, %(sites)s)""",
            id=uuid7(), kind=kind, plate=self.PLATE, from_at=from_at, to_at=to_at, sites=at_sites, asker=asker, approver=approver,
        )  # fmt: skip

    @pytest.fixture
    def site(self, tx: Tx) -> Site:
        """Return a street where the vehicle stands."""
        site = a_site(tx)
        stand(tx, site, a_space(tx, site, "0112"), since=AT - timedelta(minutes=5), is_read=True)
        vehicle_id = uuid7()
        tx.run(
            """insert into vehicle (vehicle_id, plate, plate_colour, class, energy)
            values (%(id)s, %(plate)s, 'blue', 'small', 'other')""",
            id=vehicle_id, plate=self.PLATE,
        )  # fmt: skip
        tx.run("update open_stay set vehicle_id = %(id)s where site_id = %(site_id)s", id=vehicle_id, site_id=site.site_id)
        return site

    @pytest.mark.parametrize(("kind", "rule"), [("block", Rule.BLOCKED_VEHICLE), ("watch", Rule.WATCHED_VEHICLE)])
    def test_rings_while_the_vehicle_stands_there_and_names_nobody(self, tx: Tx, site: Site, kind: str, rule: Rule) -> None:
        self.enter(tx, kind, from_at=AT - timedelta(minutes=1))

        assert judge(tx, at=AT) == Changes(raised_n=1)
        assert set(detail(tx, rule)) == {"space", "since", "n"}
        tx.run("delete from open_stay where site_id = %(site_id)s", site_id=site.site_id)
        assert judge(tx, at=AT) == Changes(cleared_n=1)

    @pytest.mark.usefixtures("site")
    def test_says_nothing_of_an_entry_that_does_not_hold(self, tx: Tx) -> None:
        self.enter(tx, "block", from_at=AT + timedelta(minutes=1))
        self.enter(tx, "block", from_at=AT - timedelta(minutes=2), to_at=AT)
        self.enter(tx, "block", from_at=AT - timedelta(minutes=2), at_sites=[uuid7()])
        self.enter(tx, "allow", from_at=AT - timedelta(minutes=2))

        assert judge(tx, at=AT) == Changes()


class TestUnknownDevice:
    def quarantine(self, tx: Tx, site: Site, device: str, at: datetime, state: str = "quarantined") -> None:
        tx.run("select make_partitions(%(on)s)", on=at.date())
        tx.run(
            """insert into inbound_message (site_id, received_at, message_id, transport, topic, payload, parse_state)
            values (%(site_id)s, %(at)s, %(id)s, 'mqtt', %(topic)s, '', %(state)s)""",
            site_id=site.site_id, at=at, id=uuid7(), topic=f"boshu/v1/{site.code}/G1/{device}/state", state=state,
        )  # fmt: skip

    def test_rings_once_for_each_device_until_it_is_quiet(self, tx: Tx) -> None:
        site = a_site(tx)
        for device in ("X1", "X1", "X2"):
            self.quarantine(tx, site, device, AT)
        self.quarantine(tx, site, "D1", AT, state="parsed")

        assert judge(tx, at=AT) == Changes(raised_n=2)
        details = tx.rows("select detail from alarm where site_id = %(id)s order by detail ->> 'device'", id=site.site_id)
        assert [row["detail"] for row in details] == [
            {"gateway": "G1", "device": "X1", "n": 2},
            {"gateway": "G1", "device": "X2", "n": 1},
        ]
        assert judge(tx, at=AT + timedelta(minutes=10)) == Changes(cleared_n=2)

    def test_says_nothing_of_a_device_that_watched_nothing_at_the_time(self, tx: Tx) -> None:
        site = a_site(tx)
        a_device(tx, site, gateway="G1", code="D1")
        self.quarantine(tx, site, "D1", AT)

        assert judge(tx, at=AT) == Changes()


class TestDeadLetters:
    def bury(self, tx: Tx, count: int, at: datetime) -> None:
        for _ in range(count):
            tx.run(
                """insert into dead_letter
                (dead_letter_id, received_at, transport, topic, payload, payload_sha256, reason, detail)
                values (%(id)s, %(at)s, 'mqtt', '', '', '', 'not_json', '')""",
                id=uuid7(), at=at,
            )  # fmt: skip

    def test_ring_beyond_twenty_and_are_cleared_below_half(self, tx: Tx) -> None:
        self.bury(tx, 20, AT)
        assert judge(tx, at=AT) == Changes()

        self.bury(tx, 1, AT)
        assert judge(tx, at=AT) == Changes(raised_n=1)
        assert detail(tx, Rule.DEAD_LETTERS) == {"n": 21}

        self.bury(tx, 11, AT + timedelta(minutes=5))
        assert judge(tx, at=AT + timedelta(minutes=11)) == Changes()
        assert judge(tx, at=AT + timedelta(minutes=16)) == Changes(cleared_n=1)


class TestScreenDrift:
    @pytest.fixture
    def screen(self, tx: Tx) -> UUID:
        """Return a screen that has shown for an hour what it was told: twelve."""
        site = a_site(tx, mode="gate", kind="off_street")
        screen = a_device(tx, site, kind="guidance_screen", code="S1")
        tx.run(
            "insert into screen_number values (%(s)s, %(d)s, %(s)s, 12, %(at)s, 12, %(at)s, %(at)s)",
            s=site.site_id, d=screen, at=AT - timedelta(hours=1),
        )  # fmt: skip
        return screen

    def test_rings_when_a_screen_goes_on_showing_another_number(self, tx: Tx, screen: UUID) -> None:
        tx.run("update screen_number set asked = 8, asked_at = %(at)s, agreed_at = %(at)s", at=AT)

        assert judge(tx, at=AT + seconds(60)) == Changes()
        assert judge(tx, at=AT + seconds(61)) == Changes(raised_n=1)
        assert ringing(tx, Rule.SCREEN_DRIFT) == [screen]
        assert tx.value("select priority from alarm where rule = 'screen_drift'") == 3
        tx.run("update screen_number set shown = 8")
        assert judge(tx, at=AT + seconds(90)) == Changes(cleared_n=1)

    @pytest.mark.usefixtures("screen")
    def test_does_not_ring_for_as_few_as_the_setting_allows(self, tx: Tx) -> None:
        tx.run("update screen_number set asked = 9, agreed_at = %(at)s", at=AT)

        assert judge(tx, at=AT + seconds(90)) == Changes()
        assert judge(tx, at=AT + seconds(90), limits=Limits(screen_drift_n=2)) == Changes(raised_n=1)

    @pytest.mark.usefixtures("screen")
    def test_rings_for_a_dash_where_there_is_a_number(self, tx: Tx) -> None:
        tx.run("update screen_number set shown = null, agreed_at = %(at)s", at=AT)

        assert judge(tx, at=AT + seconds(90)) == Changes(raised_n=1)
