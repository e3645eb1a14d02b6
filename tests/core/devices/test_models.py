"""Models: what all devices of one make have in common."""

from uuid import UUID

import pytest

from core.devices import inventory, models, suppliers
from core.devices.models import MODELS, Draft, KindInUse
from core.kit.db import Tx
from core.kit.errors import Changed
from core.kit.listing import Asked
from core.places.records import Taken
from tests.core.devices.test_bindings import NOON
from tests.core.orders.till import Till
from tests.ingest.town import MAGNET, site_id


@pytest.fixture
def tx(till: Till) -> Tx:
    """Return a transaction over the town."""
    return till.tx


@pytest.fixture
def supplier_id(tx: Tx) -> UUID:
    """Return a supplier."""
    return suppliers.add(tx, suppliers.Draft(code="maker", name="厂", name_en="Maker"), at=NOON)


def a_draft(supplier_id: UUID, **other: object) -> Draft:
    """Return a model as a form tells it."""
    given: dict[str, object] = {"code": "M-1", "name": "M-1", "kind": "geomagnetic", "expected_interval_s": 600}
    return Draft.model_validate({**given, "supplier_id": supplier_id, **other})


def test_models_have_a_code_of_their_own(tx: Tx, supplier_id: UUID) -> None:
    key = models.add(tx, a_draft(supplier_id), at=NOON)

    with pytest.raises(Taken) as refusal:
        models.add(tx, a_draft(supplier_id), at=NOON)
    assert refusal.value.field == "code"
    models.change(tx, key, a_draft(supplier_id, name="Magnet one"), version=1, at=NOON)
    with pytest.raises(Changed):
        models.change(tx, key, a_draft(supplier_id), version=1, at=NOON)


def test_models_keep_their_kind_while_devices_of_them_are_at_work(tx: Tx, supplier_id: UUID) -> None:
    key = models.add(tx, a_draft(supplier_id), at=NOON)
    given = {"site_id": site_id(MAGNET), "model_id": key, "gateway_code": "g1", "code": "n1", "serial_no": "1"}
    inventory.add(tx, inventory.Draft.model_validate(given), at=NOON)

    with pytest.raises(KindInUse) as refusal:
        models.change(tx, key, a_draft(supplier_id, kind="loop"), version=1, at=NOON)
    assert refusal.value.field == "kind"
    (row,) = MODELS.rows(tx, Asked(), sites=[site_id(MAGNET)])
    assert row["devices_n"] == 1
