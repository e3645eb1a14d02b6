"""Every state byte equals what the facts say when they are asked apart from the product."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import psycopg
import pytest
from psycopg.rows import dict_row

from core.insight import wall
from core.insight.dispatch import catalogue, states
from core.insight.dispatch.states import BerthState, Flag
from core.kit.db import Database, Tx
from core.kit.ids import uuid7
from core.places import deployments
from tests.core.insight import facts
from tests.core.insight.dispatch import independent, street
from tests.core.insight.dispatch.street import UNTIL, City


@pytest.fixture(scope="module")
def city(database: Database) -> Database:
    """Return a database with the small city and its past."""
    facts.fill(database, until=UNTIL, days=street.DAYS)
    return database


@pytest.fixture
def reader(city: Database) -> Iterator[independent.Connection]:
    """Return a connection of its own for the second computation."""
    with psycopg.connect(city.url, row_factory=dict_row, options="-c timezone=UTC") as connection:
        yield connection


def shown(database: Database, at: datetime, *, live: bool = False) -> dict[tuple[str, str], int]:
    """Return the state bytes as the product tells them."""
    with database.transaction() as tx:
        berths = catalogue.read(tx)
        raw = states.read(tx, at=at, live=live)
    assert len(raw) == berths.n
    return {berths.named(index): byte for index, byte in enumerate(raw)}


class TestRead:
    def test_equals_the_facts_at_fifty_past_moments(self, city: Database, reader: independent.Connection) -> None:
        differences: dict[tuple[datetime, tuple[str, str]], tuple[int, int]] = {}
        for at in street.past_moments(50):
            told, wanted = shown(city, at), independent.states(reader, at=at, live=False)
            differences |= {(at, berth): (told[berth], byte) for berth, byte in wanted.items() if told[berth] != byte}
            assert told.keys() == wanted.keys()

        assert differences == {}

    def test_equals_the_facts_while_the_city_lives(self, city: Database, reader: independent.Connection) -> None:
        living = City(city)
        differences: dict[tuple[datetime, tuple[str, str]], tuple[int, int]] = {}
        seen = Counter[int]()
        for at in street.live_moments(10, minutes=40):
            living.live_until(at)
            told, wanted = shown(city, at, live=True), independent.states(reader, at=at, live=True)
            differences |= {(at, berth): (told[berth], byte) for berth, byte in wanted.items() if told[berth] != byte}
            seen += Counter(byte & 7 for byte in told.values())
            reader.rollback()

        assert differences == {}
        assert min(seen[1], seen[2]) > 100

    def test_counts_what_the_wall_counts(self, city: Database) -> None:
        for at in street.past_moments(5):
            counts = Counter(byte & 7 for byte in shown(city, at).values())
            with city.transaction() as tx:
                tile = wall.snapshot(tx, at=at, live=False)["tiles"]["berths"]

            assert (counts[2], counts[0] + counts[4] + counts[5]) == (tile["occupied"], tile["unknown"])
            assert counts[1] == tile["free"]

    def test_tells_of_one_street_what_it_tells_of_all(self, city: Database) -> None:
        at = street.past_moments(1)[0]
        with city.transaction() as tx:
            sites = tx.tuples("select site_id, code from site where kind = 'on_street' order by code")
            one = {code: states.read_site(tx, site_id=site_id, at=at, live=False) for site_id, code in sites}

        whole: dict[str, bytes] = {}
        for (site, _space), byte in shown(city, at).items():
            whole[site] = whole.get(site, b"") + bytes((byte,))
        assert one == whole


class TestHonesty:
    def test_calls_nothing_free_before_anything_was_heard(self, city: Database) -> None:
        with city.transaction() as tx:
            raw = states.read(tx, at=UNTIL - timedelta(days=street.DAYS + 10), live=False)

        assert set(raw) <= {0, 5, 7}

    def test_calls_nothing_free_in_the_future(self, city: Database) -> None:
        with city.transaction() as tx:
            tx.run("delete from timeline")
            raw = states.read(tx, at=UNTIL + timedelta(days=400), live=False)
            tx.raw.rollback()

        assert not any(byte & 7 == 1 for byte in raw)

    def test_calls_nothing_free_that_is_still_to_be_loaded(self, city: Database) -> None:
        with city.engine.connect() as connection, connection.begin() as undone:
            tx = Tx(connection)
            tx.run("delete from timeline")
            deployments.begin_facts(tx, at=UNTIL)
            raw = states.read(tx, at=UNTIL - timedelta(days=3), live=False)
            undone.rollback()

        assert not any(byte & 7 == 1 for byte in raw)


class TestByHand:
    """Single berths that the small city has none of."""

    @pytest.fixture
    def made(self, tx: Tx) -> facts.Street:
        """Return a street of four berths that has been heard."""
        made = facts.a_street(tx, berths=4, since=UNTIL - timedelta(days=2))
        for number in (1, 2, 3):
            facts.a_sensor(tx, made, number, since=UNTIL - timedelta(days=2))
        hour = UNTIL.replace(minute=0, second=0)
        tx.run("insert into hour_delta (site_id, hour, entry_n) values (%(s)s, %(h)s, 1)", s=made.site_id, h=hour)
        for space_id in made.space_ids:
            tx.run(
                "insert into timeline (site_id, subject_id, subject_kind, state, since, last_at, last_event_id, carry) "
                "values (%(s)s, %(p)s, 'space', 'free', %(at)s, %(at)s, %(e)s, '{}')",
                s=made.site_id, p=space_id, at=UNTIL - timedelta(hours=1), e=uuid7(),
            )  # fmt: skip
        return made

    def states(self, tx: Tx, made: facts.Street, at: datetime = UNTIL, *, live: bool = True) -> list[BerthState]:
        """Return the states of the street's berths."""
        return [states.state_of(byte) for byte in states.read_site(tx, site_id=made.site_id, at=at, live=live)]

    def test_reserves_a_free_berth_while_a_booking_holds_it(self, tx: Tx, made: facts.Street) -> None:
        for number, booking in enumerate(("B-1", None)):
            tx.run(
                "insert into space_hold (site_id, space_id, started_at, ended_at, device_id, booking) "
                "values (%(s)s, %(p)s, %(a)s, %(b)s, %(d)s, %(k)s)",
                s=made.site_id, p=made.space_ids[number], a=UNTIL - timedelta(minutes=9), b=UNTIL + timedelta(minutes=1),
                d=uuid7(), k=booking,
            )  # fmt: skip

        assert self.states(tx, made) == [BerthState.RESERVED, BerthState.FREE, BerthState.FREE, BerthState.FREE]
        assert self.states(tx, made, UNTIL + timedelta(minutes=1))[0] is BerthState.FREE

    def test_tells_faulty_offline_and_never_heard_apart(self, tx: Tx, made: facts.Street) -> None:
        tx.run("update timeline set state = 'unknown' where site_id = %(s)s", s=made.site_id)
        tx.run("update timeline set last_event_id = null where subject_id = %(p)s", p=made.space_ids[3])
        for number, cause in ((1, "fault_code"), (2, "silence")):
            tx.run(
                "insert into device_outage (site_id, device_id, started_at, cause) select site_id, device_id, %(at)s, %(c)s "
                "from device where site_id = %(s)s and code = %(m)s",
                s=made.site_id, m=f"M{number}", c=cause, at=UNTIL - timedelta(minutes=30),
            )  # fmt: skip

        wanted = [BerthState.FAULT, BerthState.OFFLINE, BerthState.OFFLINE, BerthState.UNKNOWN]
        assert self.states(tx, made) == wanted

    def test_shows_no_berth_out_of_service(self, tx: Tx, made: facts.Street) -> None:
        tx.run("update space set in_service_to = %(at)s where space_id = %(p)s", at=UNTIL, p=made.space_ids[1])

        assert self.states(tx, made)[1] is BerthState.ABSENT
        assert self.states(tx, made, UNTIL - timedelta(seconds=1))[1] is BerthState.FREE

    def test_flags_a_low_battery_and_the_hour_it_was_low_in(self, tx: Tx, made: facts.Street) -> None:
        device = "(select device_id from device where site_id = %(s)s and code = 'M1')"
        tx.run(f"insert into device_state (site_id, device_id, last_seen_at, battery_mv) values (%(s)s, {device}, %(at)s, 3199)",
               s=made.site_id, at=UNTIL)  # fmt: skip
        hour = (UNTIL - timedelta(hours=5)).replace(minute=0, second=0)
        tx.run(f"insert into device_health (site_id, device_id, hour, battery_mv) values (%(s)s, {device}, %(h)s, 3150)",
               s=made.site_id, h=hour)  # fmt: skip

        def flags(at: datetime, *, live: bool) -> frozenset[Flag]:
            return states.flags_of(states.read_site(tx, site_id=made.site_id, at=at, live=live)[0])

        assert flags(UNTIL, live=True) == {Flag.LOW_BATTERY}
        assert flags(hour + timedelta(hours=1), live=False) == {Flag.LOW_BATTERY}
        assert flags(hour + timedelta(minutes=59), live=False) == frozenset()

    def test_flags_a_camera_that_sees_what_the_sensor_does_not(self, tx: Tx, made: facts.Street) -> None:
        tx.run(
            "insert into device (device_id, site_id, gateway_code, code, kind, supplier_id, serial_no, expected_interval_s) "
            "select %(d)s, site_id, 'G1', 'CAM', 'pole_camera', supplier_id, 'cam', 60 from device where site_id = %(s)s limit 1",
            d=(camera := uuid7()), s=made.site_id,
        )  # fmt: skip
        tx.run("insert into device_binding values (%(d)s, 'B1', %(at)s, null, 'space', %(p)s)",
               d=camera, at=UNTIL - timedelta(days=1), p=made.space_ids[0])  # fmt: skip
        tx.run("select make_partitions(%(m)s)", m=UNTIL.date().replace(day=1))
        for kind, code in (("space_freed", "M1"), ("space_occupied", "CAM")):
            tx.run(
                "insert into event (site_id, at, event_id, kind, subject_id, device_id, received_at, time_quality) "
                "select %(s)s, %(at)s, %(e)s, %(k)s, %(p)s, device_id, %(at)s, 'trusted' from device "
                "where site_id = %(s)s and code = %(c)s",
                s=made.site_id, at=UNTIL - timedelta(minutes=10), e=uuid7(), k=kind, p=made.space_ids[0], c=code,
            )  # fmt: skip

        byte = states.read_site(tx, site_id=made.site_id, at=UNTIL, live=True)[0]
        assert states.flags_of(byte) == {Flag.DISAGREE}
