"""Vehicles bound by owners: a family may share one, a fleet has its limit, and what was is kept."""

from datetime import timedelta

import pytest

from core.customers import vehicles
from core.customers.vehicles import BINDINGS, Draft
from core.kit.db import Tx
from core.kit.errors import Changed
from core.kit.listing import Asked
from core.office.switches import MEANINGS, Switch
from tests.core.orders.till import MORNING

MOST_OF_OWNER = MEANINGS[Switch.VEHICLES_OF_OWNER].default()
MOST_OF_PLATE = MEANINGS[Switch.OWNERS_OF_VEHICLE].default()


def a_draft(number: int = 0, phone: str = "13800000000", **other: object) -> Draft:
    """Return a vehicle as an owner binds it."""
    given: dict[str, object] = {"plate": f"江A{10_000 + number}", "plate_colour": "blue", "name": "Demo owner", "phone": phone}
    return Draft.model_validate(given | other)


def listed(tx: Tx) -> list[tuple[str, str, int]]:
    """Return plate, state and how many others bound it."""
    return [(row["plate"], row["state"], row["also_n"]) for row in BINDINGS.rows(tx, Asked(), at=MORNING, sites=[])]


class TestBinding:
    def test_makes_the_owner_of_a_phone_once(self, tx: Tx) -> None:
        vehicles.add(tx, a_draft(1), at=MORNING)
        vehicles.add(tx, a_draft(2), at=MORNING)

        assert tx.value("select count(*) from vehicle_owner") == 1
        assert sorted(listed(tx)) == [("江A10001", "bound", 0), ("江A10002", "bound", 0)]

    def test_is_not_done_twice(self, tx: Tx) -> None:
        vehicles.add(tx, a_draft(), at=MORNING)

        with pytest.raises(vehicles.AlreadyBound):
            vehicles.add(tx, a_draft(), at=MORNING)

    def test_lets_a_family_share_a_vehicle(self, tx: Tx) -> None:
        for number in range(MOST_OF_PLATE):
            vehicles.add(tx, a_draft(phone=f"1380000000{number}"), at=MORNING)

        assert {also for _plate, _state, also in listed(tx)} == {MOST_OF_PLATE - 1}
        with pytest.raises(vehicles.TooMany) as refusal:
            vehicles.add(tx, a_draft(phone="13900000000"), at=MORNING)
        assert refusal.value.field == "plate"

    def test_has_a_limit_for_an_owner(self, tx: Tx) -> None:
        for number in range(MOST_OF_OWNER):
            vehicles.add(tx, a_draft(number), at=MORNING)

        with pytest.raises(vehicles.TooMany) as refusal:
            vehicles.add(tx, a_draft(MOST_OF_OWNER), at=MORNING)
        assert refusal.value.field == "phone"

    def test_ends_and_is_kept(self, tx: Tx) -> None:
        binding_id = vehicles.add(tx, a_draft(), at=MORNING)
        vehicles.unbind(tx, [binding_id], reason="sold", at=MORNING + timedelta(days=1))
        vehicles.add(tx, a_draft(), at=MORNING + timedelta(days=2))

        assert sorted(state for _plate, state, _also in listed(tx)) == ["bound", "ended"]
        with pytest.raises(vehicles.NotBound):
            vehicles.unbind(tx, [binding_id], reason="again", at=MORNING + timedelta(days=3))

    def test_changes_its_note_by_the_version_that_was_read(self, tx: Tx) -> None:
        binding_id = vehicles.add(tx, a_draft(), at=MORNING)
        vehicles.change(tx, binding_id, a_draft(note="company car"), version=1)

        with pytest.raises(Changed):
            vehicles.change(tx, binding_id, a_draft(note="mine"), version=1)
