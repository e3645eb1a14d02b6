"""Branches: a tree without loops, closed from the leaves up."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from core.kit.db import Tx
from core.kit.errors import Changed
from core.kit.listing import Asked
from core.kit.locale import Language, use
from core.kit.narrowing import narrow
from core.places import branches
from core.places.branches import BRANCHES, Draft
from tests.core.orders.till import MORNING, STREET, Till


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English."""
    with use(Language.EN):
        yield


@pytest.fixture
def tx(till: Till) -> Tx:
    """Return a transaction in which there are sites."""
    return till.tx


def a_draft(**other: object) -> Draft:
    """Return a branch."""
    return Draft.model_validate({"name": "城东分公司", "name_en": "East branch", "kind": "branch", **other})


def owner_of(tx: Tx, site_id: UUID) -> UUID:
    """Return whose a site is."""
    found: UUID = tx.value("select organisation_id from site where site_id = %(id)s", id=site_id)
    return found


class TestTree:
    def test_takes_nothing_below_itself(self, tx: Tx) -> None:
        top = branches.add(tx, a_draft(), at=MORNING)
        middle = branches.add(tx, a_draft(parent_id=top), at=MORNING)
        bottom = branches.add(tx, a_draft(parent_id=middle), at=MORNING)

        for parent in (top, middle, bottom):
            with pytest.raises(branches.Loop) as refusal:
                branches.change(tx, top, a_draft(parent_id=parent), version=1, at=MORNING)
            assert refusal.value.field == "parent_id"
        branches.change(tx, bottom, a_draft(parent_id=top), version=1, at=MORNING)

    def test_is_changed_by_the_version_that_was_read(self, tx: Tx) -> None:
        key = branches.add(tx, a_draft(), at=MORNING)
        branches.change(tx, key, a_draft(contact="Duty desk"), version=1, at=MORNING)

        with pytest.raises(Changed):
            branches.change(tx, key, a_draft(), version=1, at=MORNING)


class TestClosing:
    def test_waits_for_the_sites(self, tx: Tx) -> None:
        with pytest.raises(branches.StillUsed):
            branches.close(tx, [owner_of(tx, STREET)], at=MORNING)

    def test_goes_from_the_leaves_up_or_all_at_once(self, tx: Tx) -> None:
        top = branches.add(tx, a_draft(), at=MORNING)
        below = branches.add(tx, a_draft(parent_id=top), at=MORNING)

        with pytest.raises(branches.StillUsed, match="城东"):
            branches.close(tx, [top], at=MORNING)
        assert branches.close(tx, [top, below], at=MORNING) == 2

    def test_is_not_needed_for_a_pause(self, tx: Tx) -> None:
        key = owner_of(tx, STREET)

        assert branches.suspend(tx, [key], at=MORNING) == 1
        assert branches.resume(tx, [key], at=MORNING) == 1


def test_rows_tell_how_much_hangs_on_each_also_to_who_sees_no_part_of_the_city(tx: Tx) -> None:
    owner = owner_of(tx, STREET)
    narrow(tx, [])

    rows = BRANCHES.rows(tx, Asked())

    assert {row["organisation_id"]: row["sites_n"] for row in rows}[owner] >= 1
