"""Bindings: what was seen belongs to where the device looked then, however late it is told (R24)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core.devices import bindings, inventory
from core.devices.bindings import BINDINGS, Clash, Draft, End, Move, NoSuchDevice, NoSuchTarget, NotThen
from core.devices.inventory import Replacement, Retirement
from core.kit.db import Database, Tx
from core.kit.errors import Refused
from core.kit.ids import derived_id
from core.kit.listing import Asked, Condition, Is
from ingest.arrivals import Outcome
from ingest.pipeline import Pipeline
from tests.core.orders.till import Till
from tests.ingest import town
from tests.ingest.town import MAGNET, VIDEO, Town, site_id, space_id

MORNING = datetime(2026, 11, 20, 1, tzinfo=UTC)
NOON = MORNING + timedelta(hours=3)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def tx(till: Till) -> Tx:
    """Return a transaction over the town."""
    return till.tx


def living(tx: Tx, device: str, code: str = MAGNET) -> UUID:
    """Return the living binding of a device."""
    statement = "select binding_id from device_binding where device_id = %(id)s and valid_to is null"
    found: UUID = tx.value(statement, id=device_id(device, code))
    return found


def device_id(device: str, code: str = MAGNET) -> UUID:
    """Return the id of a device of the town."""
    return derived_id("device", site_id(code), device)


def a_spare(tx: Tx, device: str, kind: str = "geomagnetic") -> UUID:
    """Lay a device in stock."""
    key = town.equip(tx, MAGNET, device, kind, {})
    tx.run("update device set state = 'ordered' where device_id = %(id)s", id=key)
    return key


def a_draft(**other: object) -> Draft:
    """Return a binding as a form tells it."""
    given: dict[str, object] = {
        "site_id": site_id(MAGNET),
        "device": "spare",
        "target_kind": "space",
        "target": "001",
        "moment_at": NOON,
    }
    return Draft.model_validate(given | other)


def watched(tx: Tx, device: str) -> list[tuple[str, datetime, datetime | None]]:
    """Return what a device watched from when to when, newest first."""
    asked = Asked(conditions=(Condition("device", Is.EQUAL, device),))
    rows = BINDINGS.rows(tx, asked, at=NOON, sites=[site_id(MAGNET)])
    return [(row["target"], row["valid_from"], row["valid_to"]) for row in rows]


class TestBinding:
    def test_lets_a_device_in_stock_go_to_work(self, tx: Tx) -> None:
        key = a_spare(tx, "spare")
        bindings.end(tx, [living(tx, "m1")], draft=End(moment_at=MORNING), reason="broken", at=NOON)

        bindings.add(tx, a_draft(), at=NOON)

        assert watched(tx, "spare") == [("001", NOON, None)]
        assert tx.value("select state from device where device_id = %(id)s", id=key) == "live"

    def test_takes_no_place_that_a_device_of_its_kind_watches(self, tx: Tx) -> None:
        a_spare(tx, "spare")

        with pytest.raises(Clash, match="m1 watches") as refusal:
            bindings.add(tx, a_draft(), at=NOON)
        assert refusal.value.field == "target"

    def test_takes_a_place_beside_devices_of_other_kinds(self, tx: Tx) -> None:
        a_spare(tx, "spare", kind="pole_camera")

        bindings.add(tx, a_draft(channel="001"), at=NOON)

        assert watched(tx, "spare") == [("001", NOON, None)]

    def test_of_one_channel_is_one_at_a_time(self, tx: Tx) -> None:
        with pytest.raises(Clash, match="move it"):
            bindings.add(tx, a_draft(device="m1", target="002"), at=NOON)

    @pytest.mark.parametrize(
        ("other", "error", "field"),
        [
            ({"device": "nobody"}, NoSuchDevice, "device"),
            ({"target": "999"}, NoSuchTarget, "target"),
            ({"target": "001", "target_kind": "lane"}, NoSuchTarget, "target"),
            ({"moment_at": NOON + MINUTE}, NotThen, "moment_at"),
        ],
    )
    def test_says_at_the_field_what_is_wrong(self, tx: Tx, other: dict[str, object], error: type[Refused], field: str) -> None:
        a_spare(tx, "spare")

        with pytest.raises(error) as refusal:
            bindings.add(tx, a_draft(**other), at=NOON)
        assert refusal.value.field == field


class TestMoving:
    def test_ends_the_one_and_begins_the_other_at_one_moment(self, tx: Tx) -> None:
        bindings.end(tx, [living(tx, "m2")], draft=End(moment_at=MORNING), reason="", at=NOON)

        bindings.move(tx, [living(tx, "m1")], draft=Move(target="002", moment_at=NOON), reason="swapped", at=NOON)

        assert watched(tx, "m1") == [("002", NOON, None), ("001", town.OPENED, NOON)]

    @pytest.mark.parametrize("moment_at", [NOON + MINUTE, town.OPENED, town.OPENED - MINUTE])
    def test_takes_place_after_its_beginning_and_not_in_the_future(self, tx: Tx, moment_at: datetime) -> None:
        bindings.end(tx, [living(tx, "m2")], draft=End(moment_at=MORNING), reason="", at=NOON)

        with pytest.raises(NotThen):
            bindings.move(tx, [living(tx, "m1")], draft=Move(target="002", moment_at=moment_at), reason="", at=NOON)

    def test_leaves_what_was_said_where_it_was_placed(self, tx: Tx) -> None:
        tx.run(
            "insert into device_state (site_id, device_id, last_seen_at, last_event_at) values (%(s)s, %(d)s, %(at)s, %(at)s)",
            s=site_id(MAGNET), d=device_id("m1"), at=MORNING,
        )  # fmt: skip

        with pytest.raises(NotThen, match="spoke after"):
            bindings.end(tx, [living(tx, "m1")], draft=End(moment_at=MORNING), reason="", at=NOON)
        assert bindings.end(tx, [living(tx, "m1")], draft=End(moment_at=MORNING + MINUTE), reason="", at=NOON) == 1


class TestIngest:
    """What is told late counts for the place that was watched when it happened."""

    def stays(self, database: Database) -> dict[UUID, int]:
        """Count the arrivals that each berth of the street has seen."""
        with database.transaction() as tx:
            statement = "select subject_id, count(*) as n from event where kind = 'space_occupied' and site_id = %(s)s group by 1"
            return {row["subject_id"]: row["n"] for row in tx.rows(statement, s=site_id(MAGNET))}

    def test_of_a_moved_device_goes_by_the_moment_of_each_event(self, town_database: Database) -> None:
        pipeline, people = Pipeline(town_database), Town()
        late, fresh = MORNING - MINUTE, NOON + MINUTE
        with town_database.transaction() as tx:
            bindings.end(tx, [living(tx, "m4")], draft=End(moment_at=MORNING), reason="", at=NOON)
            bindings.move(tx, [living(tx, "m3")], draft=Move(target="004", moment_at=MORNING), reason="", at=NOON)

        told = [people.sensor(3, fresh, occupied=True), people.sensor(3, late, occupied=True, backfill=True, sent=fresh)]
        assert pipeline.take(told) == [Outcome.STORED, Outcome.STORED]

        assert self.stays(town_database) == {space_id(MAGNET, 4): 1, space_id(MAGNET, 3): 1}

    def test_of_a_retired_device_counts_up_to_its_end(self, town_database: Database) -> None:
        pipeline, people = Pipeline(town_database), Town()
        before = self.stays(town_database).get(space_id(MAGNET, 5), 0)
        with town_database.transaction() as tx:
            inventory.retire(tx, [device_id("m5")], draft=Retirement(moment_at=MORNING), reason="broken", at=NOON)

        told = [
            people.sensor(5, MORNING - MINUTE, occupied=True, backfill=True, sent=NOON),
            people.sensor(5, MORNING + MINUTE, occupied=False, backfill=True, sent=NOON),
            people.alive(MAGNET, "m5", NOON),
        ]
        assert pipeline.take(told) == [Outcome.STORED, Outcome.QUARANTINED, Outcome.QUARANTINED]
        assert self.stays(town_database)[space_id(MAGNET, 5)] == before + 1

    def test_hears_a_device_from_the_next_message_on_that_was_just_installed(self, town_database: Database) -> None:
        pipeline, people = Pipeline(town_database), Town()
        assert pipeline.take([people.device(MAGNET, "new", "state", NOON, occupied=True, repeat=False)]) == [Outcome.QUARANTINED]
        with town_database.transaction() as tx:
            a_spare(tx, "new")
            bindings.end(tx, [living(tx, "m6")], draft=End(moment_at=MORNING), reason="", at=NOON)
            bindings.add(tx, a_draft(device="new", target="006"), at=NOON)

        later = people.device(MAGNET, "new", "state", NOON + MINUTE, occupied=True, repeat=False)
        assert pipeline.take([later]) == [Outcome.STORED]
        assert self.stays(town_database)[space_id(MAGNET, 6)] == 1

    def test_of_a_replaced_device_goes_to_both_by_the_moment(self, town_database: Database) -> None:
        pipeline, people = Pipeline(town_database), Town()
        with town_database.transaction() as tx:
            a_spare(tx, "heir")
            draft = Replacement(code="heir", moment_at=MORNING)
            assert inventory.replace(tx, [device_id("m1")], draft=draft, reason="battery", at=NOON) == 1

        told = [
            people.device(MAGNET, "heir", "state", MORNING + MINUTE, occupied=True, repeat=False),
            people.sensor(1, MORNING - MINUTE, occupied=True, backfill=True, sent=NOON),
        ]
        assert pipeline.take(told) == [Outcome.STORED, Outcome.STORED]
        assert self.stays(town_database)[space_id(MAGNET, 1)] == 2


def test_a_code_that_two_gateways_know_is_named_with_its_gateway(tx: Tx) -> None:
    a_spare(tx, "twin")
    tx.run(
        "insert into device (device_id, site_id, gateway_code, code, kind, supplier_id, serial_no, expected_interval_s) "
        "select gen_random_uuid(), site_id, 'g2', code, kind, supplier_id, 'other', 900 from device where code = 'twin'"
    )

    with pytest.raises(NoSuchDevice, match="gateway/code"):
        bindings.find_device(tx, site_id=site_id(MAGNET), device="twin")
    assert bindings.find_device(tx, site_id=site_id(MAGNET), device="g1/twin") == device_id("twin")
    assert bindings.find_device(tx, site_id=site_id(VIDEO), device="pole") == device_id("pole", VIDEO)
