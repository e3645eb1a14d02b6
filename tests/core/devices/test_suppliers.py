"""Suppliers and models: what devices have in common."""

from datetime import UTC, datetime

import pytest

from core.devices import suppliers
from core.devices.suppliers import SUPPLIERS, Draft
from core.kit.db import Tx
from core.kit.errors import Changed
from core.kit.listing import Asked
from core.places.records import Taken

AT = datetime(2026, 11, 20, 4, tzinfo=UTC)


def a_draft(**other: object) -> Draft:
    """Return a supplier as a form tells it."""
    return Draft.model_validate({"code": "maker", "name": "厂", "name_en": "Maker", **other})


def test_suppliers_have_a_code_of_their_own(tx: Tx) -> None:
    suppliers.add(tx, a_draft(), at=AT)

    with pytest.raises(Taken) as refusal:
        suppliers.add(tx, a_draft(name="另一厂"), at=AT)
    assert refusal.value.field == "code"


def test_suppliers_are_changed_by_the_version_that_was_read(tx: Tx) -> None:
    key = suppliers.add(tx, a_draft(), at=AT)
    suppliers.change(tx, key, a_draft(contact="Service desk"), version=1, at=AT)

    with pytest.raises(Changed):
        suppliers.change(tx, key, a_draft(), version=1, at=AT)


def test_suppliers_that_ended_are_offered_no_longer(tx: Tx) -> None:
    key = suppliers.add(tx, a_draft(), at=AT)

    assert suppliers.end(tx, [key], at=AT) == 1
    assert suppliers.list_choices(tx) == []
    assert suppliers.resume(tx, [key], at=AT) == 1
    assert suppliers.list_choices(tx) == [(str(key), "Maker")]
    assert [row["state"] for row in SUPPLIERS.rows(tx, Asked(), sites=[])] == ["active"]
