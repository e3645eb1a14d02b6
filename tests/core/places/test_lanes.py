"""Lanes of lots as people manage them."""

import pytest

from core.kit.db import Database, Tx
from core.places import lanes, records
from core.places.lanes import LaneDirection
from core.places.sites import SiteKind
from tests.core.places import estate
from tests.core.places.estate import ANYBODY, AT
from tests.ingest import town


def a_draft(site_id: object, code: str = "in1", **more: object) -> lanes.Draft:
    """Return what a form tells of a lane."""
    return lanes.Draft.model_validate({"site_id": site_id, "code": code, "direction": LaneDirection.IN, **more})


class TestRegister:
    def test_gives_lanes_to_lots_only(self, tx: Tx) -> None:
        street, lot = estate.a_site(tx), estate.a_site(tx, "E-02", kind=SiteKind.OFF_STREET)

        lanes.register(tx, a_draft(lot), by=ANYBODY, at=AT)
        with pytest.raises(lanes.Misplaced, match="Only lots"):
            lanes.register(tx, a_draft(street), by=ANYBODY, at=AT)
        with pytest.raises(records.Taken):
            lanes.register(tx, a_draft(lot), by=ANYBODY, at=AT)

    def test_pairs_lanes_of_one_lot(self, tx: Tx) -> None:
        one, other = (estate.a_site(tx, code, kind=SiteKind.OFF_STREET) for code in ("E-02", "E-03"))
        way_in = lanes.register(tx, a_draft(one), by=ANYBODY, at=AT)

        lanes.register(tx, a_draft(one, "out1", paired_lane_id=way_in), by=ANYBODY, at=AT)
        with pytest.raises(lanes.Misplaced, match="same lot"):
            lanes.register(tx, a_draft(other, "out1", paired_lane_id=way_in), by=ANYBODY, at=AT)


class TestChange:
    def test_keeps_the_code_a_camera_speaks_under(self, own_database: Database) -> None:
        town.build(own_database)
        with own_database.transaction() as tx:
            lane_id = tx.value("select lane_id from lane where code = 'in'")
            draft = a_draft(town.site_id(town.LOT), "in", direction=LaneDirection.BOTH)
            lanes.change(tx, lane_id, draft, version=1, by=ANYBODY, at=AT)

            with pytest.raises(lanes.HasPast):
                lanes.change(tx, lane_id, draft.model_copy(update={"code": "x"}), version=2, by=ANYBODY, at=AT)

            assert tx.value("select direction from lane where lane_id = %(lane)s", lane=lane_id) == "both"


class TestClose:
    def test_closes_holds_open_and_opens(self, tx: Tx) -> None:
        lane_id = lanes.register(tx, a_draft(estate.a_site(tx, kind=SiteKind.OFF_STREET)), by=ANYBODY, at=AT)
        seen = []

        for does in (lanes.close, lanes.hold_open, lanes.open_again):
            assert does(tx, [lane_id], reason="", by=ANYBODY, at=AT, draft=None) == 1
            seen.append(tx.value("select state from lane where lane_id = %(lane)s", lane=lane_id))

        assert seen == ["closed", "held_open", "open"]
