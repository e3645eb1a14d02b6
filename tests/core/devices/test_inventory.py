"""The inventory: a device from order to retirement."""

from uuid import UUID

import pytest

from core.devices import bindings, inventory, models, suppliers
from core.devices.inventory import DEVICES, AddressInUse, Draft, NoSuchModel, Replacement, Retirement, WrongState
from core.kit.db import Tx
from core.kit.errors import Changed
from core.kit.ids import derived_id
from core.kit.listing import Asked
from core.places.records import Taken
from tests.core.devices.test_bindings import MORNING, NOON, a_spare, device_id
from tests.core.orders.till import Till
from tests.ingest.town import LOT, MAGNET, OPENED, VIDEO, site_id


@pytest.fixture
def tx(till: Till) -> Tx:
    """Return a transaction over the town."""
    return till.tx


@pytest.fixture
def model_id(tx: Tx) -> UUID:
    """Return a model of magnetometers."""
    supplier_id = suppliers.add(tx, suppliers.Draft(code="maker", name="厂", name_en="Maker"), at=NOON)
    given = {"code": "M-1", "name": "M-1", "kind": "geomagnetic", "supplier_id": supplier_id, "expected_interval_s": 600}
    return models.add(tx, models.Draft.model_validate(given), at=NOON)


def a_draft(model_id: UUID, **other: object) -> Draft:
    """Return a device as a form tells it."""
    given: dict[str, object] = {
        "site_id": site_id(MAGNET),
        "model_id": model_id,
        "gateway_code": "g1",
        "code": "n1",
        "serial_no": "1",
    }
    return Draft.model_validate(given | other)


def row(tx: Tx, key: UUID) -> dict[str, object]:
    """Return the row of a device."""
    (found,) = DEVICES.find(tx, [key], at=NOON, sites=[site_id(MAGNET)])
    return dict(found)


class TestRegistering:
    def test_takes_kind_supplier_and_interval_from_the_model(self, tx: Tx, model_id: UUID) -> None:
        found = row(tx, inventory.add(tx, a_draft(model_id), at=NOON))

        assert (found["kind"], found["expected_interval_s"], found["state"], found["model"]) == (
            "geomagnetic",
            600,
            "ordered",
            "M-1",
        )

    def test_takes_no_model_out_of_use(self, tx: Tx, model_id: UUID) -> None:
        models.end(tx, [model_id], at=NOON)

        with pytest.raises(NoSuchModel):
            inventory.add(tx, a_draft(model_id), at=NOON)

    @pytest.mark.parametrize(("other", "field"), [({"code": "n2"}, "serial_no"), ({"serial_no": "2"}, "code")])
    def test_knows_each_device_once(self, tx: Tx, model_id: UUID, other: dict[str, object], field: str) -> None:
        inventory.add(tx, a_draft(model_id), at=NOON)

        with pytest.raises(Taken) as refusal:
            inventory.add(tx, a_draft(model_id, **other), at=NOON)
        assert refusal.value.field == field

    def test_raises_the_number_that_ingest_watches(self, tx: Tx, model_id: UUID) -> None:
        before = tx.value("select version from registry_version")
        inventory.add(tx, a_draft(model_id), at=NOON)

        assert tx.value("select version from registry_version") > before


class TestChanging:
    def test_moves_the_address_only_before_it_is_used(self, tx: Tx, model_id: UUID) -> None:
        key = inventory.add(tx, a_draft(model_id), at=NOON)
        inventory.change(tx, key, a_draft(model_id, code="n7"), version=1, at=NOON)

        assert row(tx, key)["code"] == "n7"
        with pytest.raises(AddressInUse):
            inventory.change(tx, device_id("m1"), a_draft(model_id, code="m9"), version=1, at=NOON)
        with pytest.raises(Changed):
            inventory.change(tx, key, a_draft(model_id, code="n7"), version=1, at=NOON)


class TestLife:
    def test_ends_with_everything_it_watches(self, tx: Tx) -> None:
        inventory.retire(tx, [device_id("m1")], draft=Retirement(moment_at=NOON), reason="broken", at=NOON)

        found = row(tx, device_id("m1"))
        assert (found["state"], found["retired_at"], found["places_n"]) == ("retired", NOON, 0)
        with pytest.raises(WrongState, match="m1"):
            inventory.retire(tx, [device_id("m1")], draft=Retirement(moment_at=NOON), reason="again", at=NOON)

    def test_ends_not_before_it_was_bound(self, tx: Tx) -> None:
        with pytest.raises(bindings.NotThen):
            inventory.retire(tx, [device_id("m1")], draft=Retirement(moment_at=OPENED), reason="", at=NOON)

    def test_passes_to_a_device_in_stock_of_the_same_kind(self, tx: Tx) -> None:
        heir = a_spare(tx, "heir")
        a_spare(tx, "camera", kind="pole_camera")

        for code in ("camera", "m2"):
            with pytest.raises(WrongState, match=code):
                inventory.replace(tx, [device_id("m1")], draft=Replacement(code=code, moment_at=NOON), reason="", at=NOON)
        inventory.replace(tx, [device_id("m1")], draft=Replacement(code="heir", moment_at=NOON), reason="", at=NOON)

        assert (row(tx, heir)["places"], row(tx, heir)["state"]) == ("001", "live")
        assert row(tx, device_id("m1"))["state"] == "retired"

    def test_knows_since_when_and_until_when_it_was_out_of_order(self, tx: Tx) -> None:
        inventory.mark_faulty(tx, [device_id("m1")], at=MORNING)
        with pytest.raises(WrongState):
            inventory.mark_faulty(tx, [device_id("m1")], at=NOON)
        inventory.mark_mended(tx, [device_id("m1")], at=NOON)

        outages = tx.rows("select started_at, ended_at, cause from device_outage where device_id = %(id)s", id=device_id("m1"))
        assert [(one["started_at"], one["ended_at"], one["cause"]) for one in outages] == [(MORNING, NOON, "fault_code")]

    def test_is_listed_with_what_it_watches_where_its_reader_may_look(self, tx: Tx) -> None:
        rows = DEVICES.rows(tx, Asked(), at=NOON, sites=[site_id(MAGNET)])

        assert {one["code"]: one["places"] for one in rows}["m3"] == "003"
        assert DEVICES.rows(tx, Asked(), at=NOON, sites=[derived_id("nowhere")]) == []


def test_rows_name_the_sites_a_screen_speaks_of_and_not_where_it_hangs(tx: Tx) -> None:
    key = a_spare(tx, "board", "guidance_screen")
    for number, code in enumerate((LOT, VIDEO)):
        tx.run(
            "insert into device_binding (binding_id, device_id, channel, valid_from, target_kind, target_id) "
            "values (gen_random_uuid(), %(device_id)s, %(channel)s, %(at)s, 'site', %(site_id)s)",
            device_id=key, channel=str(number), at=MORNING, site_id=site_id(code),
        )  # fmt: skip

    assert row(tx, key)["places"] == f"{LOT} {VIDEO}"
