"""Sites as people manage them."""

import pytest
from pydantic import ValidationError

from core.access.scopes import EVERYTHING
from core.devices import registry
from core.kit.db import Database, Tx
from core.kit.errors import Changed
from core.kit.listing import Asked
from core.places import records, sites
from core.places.shapes import BadShape
from core.places.sites import SiteKind, SiteMode
from tests.core.places import estate
from tests.core.places.estate import ANYBODY, AT
from tests.ingest import town

STATE = "select state, closed_on, version from site where site_id = %(site_id)s"


def named(tx: Tx, code: str) -> dict[str, object]:
    """Return the row of a site as its list has it."""
    rows = sites.SITES.rows(tx, Asked(), sites=EVERYTHING.sites(tx), at=AT)
    return next(row for row in rows if row["code"] == code)


class TestRegister:
    def test_opens_a_site_that_ingest_knows_in_the_same_transaction(self, tx: Tx) -> None:
        before = estate.version_of(tx)

        site_id = estate.a_site(tx)

        assert estate.version_of(tx) > before
        assert registry.read(tx).sites["E-01"].site_id == site_id
        assert named(tx, "E-01")["state"] == "open"

    def test_plans_a_site_that_opens_later(self, tx: Tx) -> None:
        estate.a_site(tx, opened_on=estate.days(1))

        assert named(tx, "E-01")["state"] == "planned"

    def test_puts_its_label_half_way_along_its_line(self, tx: Tx) -> None:
        estate.a_site(tx)

        row = named(tx, "E-01")
        assert (row["centre_lon"], row["centre_lat"]) == pytest.approx((114.001, 30.50007), abs=1e-5)

    def test_refuses_a_code_twice(self, tx: Tx) -> None:
        estate.a_site(tx)

        with pytest.raises(records.Taken) as refused:
            estate.a_site(tx)

        assert refused.value.field == "code"

    def test_refuses_a_line_for_a_lot_and_a_gate_on_a_street(self, tx: Tx) -> None:
        with pytest.raises(BadShape):
            estate.a_site(tx, kind=SiteKind.OFF_STREET, geometry=estate.LINE)
        with pytest.raises(sites.Misfit) as refused:
            estate.a_site(tx, mode=SiteMode.GATE)
        assert refused.value.field == "mode"
        with pytest.raises(sites.Misfit) as refused:
            estate.a_site(tx, road_id=None)
        assert refused.value.field == "road_id"

    def test_refuses_a_site_of_an_organisation_that_its_writer_does_not_see(self, tx: Tx) -> None:
        estate.ground(tx)
        somebody = estate.of_branch(estate.OTHER_BRANCH)

        with pytest.raises(sites.NotYours):
            sites.register(tx, estate.site_draft(), by=somebody, at=AT)

        sites.register(tx, estate.site_draft(), by=estate.of_branch(estate.OPERATOR), at=AT)

        assert named(tx, "E-01")["organisation"] == "一分"

    @pytest.mark.parametrize("code", ["", "a b", "名", "x" * 41, "a/b", "a+b", "a#"])
    def test_takes_codes_that_fit_into_a_topic_only(self, code: str) -> None:
        with pytest.raises(ValidationError):
            estate.site_draft(code)


class TestChange:
    def test_refuses_a_version_that_is_over(self, tx: Tx) -> None:
        site_id = estate.a_site(tx)
        sites.change(tx, site_id, estate.site_draft(name="新"), version=1, by=ANYBODY, at=AT)

        with pytest.raises(Changed):
            sites.change(tx, site_id, estate.site_draft(name="旧"), version=1, by=ANYBODY, at=AT)

        assert named(tx, "E-01")["name"] == "新"

    def test_keeps_code_and_kind_of_a_site_with_a_past(self, own_database: Database) -> None:
        town.build(own_database)
        with own_database.transaction() as tx:
            estate.ground(tx)
            draft = estate.site_draft(town.MAGNET, opened_on=town.OPENED.date())
            sites.change(tx, town.site_id(town.MAGNET), draft, version=1, by=ANYBODY, at=AT)

            with pytest.raises(sites.HasPast, match="has a past") as refused:
                sites.change(tx, town.site_id(town.MAGNET), draft.model_copy(update={"code": "new"}), version=2, by=ANYBODY, at=AT)

            assert refused.value.field == "code"

    def test_renames_a_site_that_nothing_happened_at(self, tx: Tx) -> None:
        site_id = estate.a_site(tx)

        sites.change(tx, site_id, estate.site_draft("E-02"), version=1, by=ANYBODY, at=AT)

        assert named(tx, "E-02")["version"] == 2


class TestClose:
    def test_closes_opens_and_retires_with_its_days(self, tx: Tx) -> None:
        site_id = estate.a_site(tx)
        before = estate.version_of(tx)

        assert sites.close(tx, [site_id], reason="works", by=ANYBODY, at=AT, draft=None) == 1
        assert tx.row(STATE, site_id=site_id) == {"state": "closed", "closed_on": estate.TODAY, "version": 2}

        sites.open_again(tx, [site_id], reason="", by=ANYBODY, at=AT, draft=None)
        assert tx.row(STATE, site_id=site_id) == {"state": "open", "closed_on": None, "version": 3}

        sites.retire(tx, [site_id], reason="sold", by=ANYBODY, at=AT, draft=None)
        assert tx.row(STATE, site_id=site_id) == {"state": "retired", "closed_on": estate.TODAY, "version": 4}
        assert estate.version_of(tx) == before + 3
        with pytest.raises(sites.WrongState):
            sites.open_again(tx, [site_id], reason="", by=ANYBODY, at=AT, draft=None)
        with pytest.raises(sites.WrongState):
            sites.change(tx, site_id, estate.site_draft(), version=4, by=ANYBODY, at=AT)

    def test_refuses_to_retire_where_devices_are_at_work(self, own_database: Database) -> None:
        town.build(own_database)
        with own_database.transaction() as tx, pytest.raises(sites.InUse, match="Devices are at work at lot"):
            sites.retire(tx, [town.site_id(town.LOT)], reason="", by=ANYBODY, at=AT, draft=None)
