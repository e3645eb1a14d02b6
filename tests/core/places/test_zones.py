"""Zones: one inside of another, at one site, and closed only when nothing of them is in use."""

import pytest

from core.kit.db import Tx
from core.places import berths, capacity, zones
from core.places.sites import SiteKind
from core.places.zones import ZoneKind
from tests.core.places import estate
from tests.core.places.estate import ANYBODY, AT


def draft_of(tx: Tx, zone_id: object, **more: object) -> zones.Draft:
    """Return a zone as its form would tell it, with some fields otherwise."""
    row = tx.row("select site_id, kind, name, name_en, parent_zone_id from zone where zone_id = %(zone)s", zone=zone_id)
    assert row is not None
    return zones.Draft.model_validate({**row, **more})


class TestRegister:
    def test_puts_a_zone_inside_of_another_of_its_site_only(self, tx: Tx) -> None:
        street, lot = estate.a_site(tx), estate.a_site(tx, "E-02", kind=SiteKind.OFF_STREET)
        level = estate.a_zone(tx, lot)

        assert draft_of(tx, estate.a_zone(tx, lot, name="二", parent=level)).parent_zone_id == level
        with pytest.raises(zones.Misplaced, match="another site"):
            estate.a_zone(tx, street, parent=level)


class TestChange:
    def test_refuses_a_zone_within_itself_however_deep(self, tx: Tx) -> None:
        lot = estate.a_site(tx, kind=SiteKind.OFF_STREET)
        outer = estate.a_zone(tx, lot)
        middle = estate.a_zone(tx, lot, name="二", parent=outer)
        inner = estate.a_zone(tx, lot, name="三", parent=middle)

        for parent in (outer, middle, inner):
            with pytest.raises(zones.Misplaced, match="within itself"):
                zones.change(tx, outer, draft_of(tx, outer, parent_zone_id=parent), version=1, by=ANYBODY, at=AT)

    def test_lets_no_zone_move_to_another_site(self, tx: Tx) -> None:
        one, other = estate.a_site(tx), estate.a_site(tx, "E-02")
        zone_id = estate.a_zone(tx, one)

        with pytest.raises(zones.Misplaced, match="stays at its site"):
            zones.change(tx, zone_id, draft_of(tx, zone_id, site_id=other), version=1, by=ANYBODY, at=AT)

    def test_changes_name_and_kind(self, tx: Tx) -> None:
        zone_id = estate.a_zone(tx, estate.a_site(tx))

        zones.change(tx, zone_id, draft_of(tx, zone_id, name="B1", kind=ZoneKind.LEVEL), version=1, by=ANYBODY, at=AT)

        assert draft_of(tx, zone_id).name == "B1"


class TestClose:
    def test_refuses_while_something_of_it_is_in_use(self, tx: Tx) -> None:
        street = estate.a_site(tx)
        outer = estate.a_zone(tx, street)
        inner = estate.a_zone(tx, street, name="二", parent=outer)
        row = berths.RowDraft(zone_id=inner, first=1, last=3, in_service_on=estate.OPENED, is_trial=False)
        berths.lay(tx, row, by=ANYBODY, at=AT)
        capacity.register(tx, capacity.Draft(zone_id=outer, spaces=5, from_on=estate.TODAY), by=ANYBODY, at=AT)

        with pytest.raises(zones.InUse, match="Berths are in service"):
            zones.close(tx, [inner], reason="", by=ANYBODY, at=AT, draft=None)
        with pytest.raises(zones.InUse, match="holds vehicles"):
            zones.close(tx, [outer], reason="", by=ANYBODY, at=AT, draft=None)

    def test_closes_and_opens(self, tx: Tx) -> None:
        zone_id = estate.a_zone(tx, estate.a_site(tx))

        assert zones.close(tx, [zone_id], reason="works", by=ANYBODY, at=AT, draft=None) == 1
        assert tx.value("select state from zone where zone_id = %(zone)s", zone=zone_id) == "closed"
        zones.open_again(tx, [zone_id], reason="", by=ANYBODY, at=AT, draft=None)
        assert tx.value("select state from zone where zone_id = %(zone)s", zone=zone_id) == "open"
