"""Berths as people manage them: rows along a street, and what has a past stays."""

from datetime import timedelta
from uuid import UUID

import pytest

from core.access.scopes import EVERYTHING
from core.devices import registry
from core.kit import partitions
from core.kit.db import Database, Tx
from core.kit.ids import uuid7
from core.kit.listing import Asked
from core.places import berths, records, shapes
from core.places.berths import Draft, Removal, RowDraft
from core.places.rows import BadRow
from core.places.spaces import SpaceClass
from tests.core.places import estate
from tests.core.places.estate import ANYBODY, AT, OPENED, TODAY, days
from tests.ingest import town

HOUR = timedelta(hours=1)
A_STAY = """
insert into stay (site_id, started_at, stay_id, ended_at, subject_id, subject_kind, state, quality, close_reason)
values (%(site)s, %(begun)s, %(stay)s, %(ended)s, %(space)s, 'space', 'closed', 'A', 'observed_exit')
"""
AN_OPEN_STAY = """
insert into open_stay (site_id, subject_id, stay_id, started_at) values (%(site)s, %(space)s, %(stay)s, %(at)s)
"""


def a_row(zone_id: UUID, **more: object) -> RowDraft:
    """Return what a form tells of a row of berths."""
    return RowDraft.model_validate({"zone_id": zone_id, "last": 10, "in_service_on": OPENED, "is_trial": False, **more})


def listed(tx: Tx) -> list[dict[str, object]]:
    """Return the berths of the estate."""
    return berths.BERTHS.rows(tx, Asked(), sites=EVERYTHING.sites(tx), at=AT)


class TestLay:
    def test_lays_berths_along_the_line_that_ingest_knows_at_once(self, tx: Tx) -> None:
        site_id = estate.a_site(tx)
        zone_id = estate.a_zone(tx, site_id)
        before = estate.version_of(tx)

        laid = berths.lay(tx, a_row(zone_id, prefix="E", spacing_m=20, start_m=5), by=ANYBODY, at=AT)

        assert estate.version_of(tx) == before + 1
        assert registry.read(tx).space(site_id, "E010") is not None
        rows = listed(tx)
        assert [(row["code"], row["lon"], row["lat"]) for row in rows] == [(one.code, *(one.point or ())) for one in laid.berths]
        assert rows[9]["lat"] > 30.5  # type: ignore[operator]  # round the corner
        line = shapes.lines_of(estate.LINE)[0]
        assert shapes.distance_m(line[0], (rows[0]["lon"], rows[0]["lat"])) == pytest.approx(5, abs=0.1)  # type: ignore[arg-type]  # laid

    def test_tries_without_a_trace(self, tx: Tx) -> None:
        zone_id = estate.a_zone(tx, estate.a_site(tx))
        before = estate.version_of(tx)

        laid = berths.lay(tx, a_row(zone_id, is_trial=True), by=ANYBODY, at=AT)

        assert len(laid.berths) == 10
        assert listed(tx) == []
        assert estate.version_of(tx) == before

    def test_names_the_codes_that_are_taken_and_lays_none(self, tx: Tx) -> None:
        zone_id = estate.a_zone(tx, estate.a_site(tx))
        berths.lay(tx, a_row(zone_id, last=5), by=ANYBODY, at=AT)

        with pytest.raises(records.Taken, match="5 codes are taken at this site: 001, 002, 003 …"):
            berths.lay(tx, a_row(zone_id, last=9), by=ANYBODY, at=AT)

        assert len(listed(tx)) == 5

    def test_refuses_what_does_not_fit_along_the_street(self, tx: Tx) -> None:
        zone_id = estate.a_zone(tx, estate.a_site(tx))

        with pytest.raises(BadRow, match="at most 35 fit"):
            berths.lay(tx, a_row(zone_id, last=60), by=ANYBODY, at=AT)

    def test_refuses_a_zone_of_somebody_else(self, tx: Tx) -> None:
        zone_id = estate.a_zone(tx, estate.a_site(tx))

        with pytest.raises(records.Gone):
            berths.lay(tx, a_row(zone_id), by=estate.of_branch(estate.OTHER_BRANCH), at=AT)

    def test_refuses_days_before_the_site_opened(self, tx: Tx) -> None:
        zone_id = estate.a_zone(tx, estate.a_site(tx))

        with pytest.raises(berths.WrongDay):
            berths.lay(tx, a_row(zone_id, in_service_on=OPENED - timedelta(days=1)), by=ANYBODY, at=AT)


class TestChange:
    def test_keeps_the_code_of_a_berth_that_a_device_watches(self, own_database: Database) -> None:
        town.build(own_database)
        with own_database.transaction() as tx:
            space = town.space_id(town.MAGNET, 1)
            zone_id = tx.value("select zone_id from space where space_id = %(space)s", space=space)
            draft = Draft(zone_id=zone_id, code="001", space_class=SpaceClass.EV, in_service_on=town.OPENED.date())
            berths.change(tx, space, draft, version=1, by=ANYBODY, at=AT)

            with pytest.raises(berths.HasPast) as refused:
                berths.change(tx, space, draft.model_copy(update={"code": "901"}), version=2, by=ANYBODY, at=AT)
            assert refused.value.field == "code"
            other = tx.value("select zone_id from zone where site_id = %(site)s", site=town.site_id(town.LOT))
            with pytest.raises(records.Gone, match="stays at its site"):
                berths.change(tx, space, draft.model_copy(update={"zone_id": other}), version=2, by=ANYBODY, at=AT)

            assert tx.value("select class from space where space_id = %(space)s", space=space) == "ev"


class TestRemove:
    def test_takes_berths_out_on_a_day_and_lets_the_code_be_used_again(self, tx: Tx) -> None:
        zone_id = estate.a_zone(tx, estate.a_site(tx))
        berths.lay(tx, a_row(zone_id, last=4), by=ANYBODY, at=AT)
        keys = [row["space_id"] for row in listed(tx)[:2]]
        before = estate.version_of(tx)

        removed = berths.remove(tx, keys, reason="crossing", by=ANYBODY, at=AT, draft=Removal(to_on=days(-3)))  # type: ignore[arg-type]  # keys of rows

        assert removed == 2
        assert estate.version_of(tx) == before + 1
        assert [row["state"] for row in listed(tx)] == ["removed", "removed", "in_service", "in_service"]
        assert listed(tx)[0]["in_service_to"] == estate.begin(days(-3))
        assert len(berths.lay(tx, a_row(zone_id, last=2, in_service_on=TODAY), by=ANYBODY, at=AT).berths) == 2
        with pytest.raises(berths.HasPast, match="out of service already"):
            berths.remove(tx, keys, reason="", by=ANYBODY, at=AT, draft=Removal(to_on=TODAY))  # type: ignore[arg-type]  # as above

    def test_refuses_a_day_to_come_and_one_before_the_first(self, tx: Tx) -> None:
        zone_id = estate.a_zone(tx, estate.a_site(tx))
        berths.lay(tx, a_row(zone_id, last=1), by=ANYBODY, at=AT)
        keys = [row["space_id"] for row in listed(tx)]

        for on in (days(1), OPENED, OPENED - timedelta(days=1)):
            with pytest.raises(berths.WrongDay):
                berths.remove(tx, keys, reason="", by=ANYBODY, at=AT, draft=Removal(to_on=on))  # type: ignore[arg-type]  # as above

    def test_refuses_a_berth_that_is_watched_or_taken_or_was_used_later(self, own_database: Database) -> None:
        town.build(own_database)
        space, site = town.space_id(town.MAGNET, 1), town.site_id(town.MAGNET)
        with own_database.transaction() as tx:
            with pytest.raises(berths.InUse, match="A device watches berth 001"):
                berths.remove(tx, [space], reason="", by=ANYBODY, at=AT, draft=Removal(to_on=TODAY))
            tx.run("update device_binding set valid_to = %(at)s where target_id = %(space)s", at=AT, space=space)
            tx.run(partitions.MAKE, month=TODAY)
            tx.run(A_STAY, site=site, space=space, stay=uuid7(), begun=AT - HOUR, ended=AT - HOUR / 2)

            with pytest.raises(berths.WrongDay, match="was in use after that day"):
                berths.remove(tx, [space], reason="", by=ANYBODY, at=AT, draft=Removal(to_on=days(-1)))

            tx.run(AN_OPEN_STAY, site=site, space=space, stay=uuid7(), at=AT)
            with pytest.raises(berths.InUse, match="A vehicle stands on berth 001"):
                berths.remove(tx, [space], reason="", by=ANYBODY, at=AT, draft=Removal(to_on=TODAY))
