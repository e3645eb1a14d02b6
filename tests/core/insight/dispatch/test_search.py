"""Search finds berths, vehicles, devices, orders and streets by what dispatchers type."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from core.access.scopes import EVERYTHING, NOTHING, Scope
from core.insight.dispatch import search
from core.insight.dispatch.search import Hit, HitKind
from core.kit.db import Database
from core.kit.ids import derived_id
from tests.core.insight import facts
from tests.core.insight.dispatch.street import UNTIL


@pytest.fixture(scope="module")
def city(database: Database) -> Database:
    """Return a database with the small city and two days of its past."""
    facts.fill(database, until=UNTIL, days=2)
    return database


@pytest.fixture(scope="module")
def stay(city: Database) -> dict[str, Any]:
    """Return a stay on the street that is over, with its order and place."""
    with city.transaction() as tx:
        row = tx.row(
            "select s.plate, s.started_at, s.ended_at, o.order_id, site.code as site, p.code as space, s.vehicle_id "
            "from stay as s join charge_order as o using (site_id, stay_id) join site using (site_id) "
            "join space as p on p.site_id = s.site_id and p.space_id = s.subject_id "
            "where s.ended_at < %(at)s and s.plate is not null order by s.started_at desc limit 1",
            at=UNTIL - timedelta(hours=3),
        )
    assert row is not None
    return row


def found(database: Database, text: str, *, scope: Scope = EVERYTHING) -> tuple[Hit, ...]:
    """Search at the end of the past."""
    with database.transaction() as tx:
        return search.search(tx, text=text, at=UNTIL, sites=scope.sites(tx))


class TestSearch:
    def test_finds_a_berth_by_street_and_number(self, city: Database) -> None:
        with city.transaction() as tx:
            name = tx.value("select name from site where code = 'GL-03'")

        for text in (f"{name} 0002", "GL-03/0002", "gl-03 0002"):
            (hit,) = [hit for hit in found(city, text) if hit.kind is HitKind.BERTH]
            assert (hit.site, hit.space, hit.title, hit.at) == ("GL-03", "0002", "0002", None)
            assert name in hit.subtitle
            assert None not in (hit.lon, hit.lat)

    def test_finds_a_vehicle_at_its_newest_stay(self, city: Database, stay: dict[str, Any]) -> None:
        with city.transaction() as tx:
            newest = tx.row(
                "select s.started_at, site.code as site from stay as s join site using (site_id) where vehicle_id = %(v)s "
                "and started_at <= %(at)s order by started_at desc limit 1", v=stay["vehicle_id"], at=UNTIL,
            )  # fmt: skip
        assert newest is not None

        hit = found(city, stay["plate"])[0]
        assert (hit.kind, hit.title, hit.site, hit.at) == (HitKind.PLATE, stay["plate"], newest["site"], newest["started_at"])

    def test_masks_a_plate_that_was_typed_in_part(self, city: Database, stay: dict[str, Any]) -> None:
        hits = [hit for hit in found(city, stay["plate"][2:6].lower()) if hit.kind is HitKind.PLATE]

        assert hits
        assert all(hit.title.endswith("**") for hit in hits)

    def test_finds_an_order_by_its_first_digits(self, city: Database, stay: dict[str, Any]) -> None:
        for text in (str(stay["order_id"]), str(stay["order_id"])[:8], stay["order_id"].hex[:12].upper()):
            hit = found(city, text)[0]
            assert (hit.kind, hit.site, hit.space, hit.at) == (HitKind.ORDER, stay["site"], stay["space"], stay["started_at"])

    def test_finds_a_device_with_the_berth_it_watches(self, city: Database) -> None:
        with city.transaction() as tx:
            row = tx.row(
                "select d.code, s.code as site, p.code as space from device as d join device_binding as b using (device_id) "
                "join site as s on s.site_id = d.site_id join space as p on p.space_id = b.target_id "
                "where d.kind = 'geomagnetic' order by d.code desc limit 1"
            )
        assert row is not None

        hits = [hit for hit in found(city, row["code"].lower()) if hit.kind is HitKind.DEVICE]
        assert (row["site"], row["space"]) in [(hit.site, hit.space) for hit in hits]

    def test_finds_a_street_by_a_part_of_its_name(self, city: Database) -> None:
        with city.transaction() as tx:
            name = tx.value("select name from site where code = 'GL-03'")

        assert "GL-03" in [hit.site for hit in found(city, name[:3]) if hit.kind is HitKind.SITE]

    def test_takes_signs_as_they_are(self, city: Database) -> None:
        assert [found(city, text) for text in ("%%%", "___", "\\", "'; --", "  ", "")] == [()] * 6

    def test_gives_no_more_than_was_asked_for(self, city: Database) -> None:
        with city.transaction() as tx:
            assert len(search.search(tx, text="00", at=UNTIL, sites=EVERYTHING.sites(tx), limit=7)) == 7

    def test_finds_nothing_of_another_site(self, city: Database, stay: dict[str, Any]) -> None:
        with city.transaction() as tx:
            here, there = (tx.value("select site_id from site where code = %(code)s", code=code) for code in ("GL-03", "GL-01"))
            street = tx.value("select name from site where code = 'GL-01'")
            device = tx.value("select code from device where site_id = %(id)s limit 1", id=there)
            mine = tx.value("select code from device where site_id = %(id)s limit 1", id=here)
            elsewhere = tx.row(
                "select o.order_id, s.plate from charge_order as o join stay as s using (site_id, stay_id) "
                "where site_id <> %(id)s and s.plate is not null and not exists (select from stay as other "
                "where other.plate = s.plate and other.site_id = %(id)s) limit 1", id=here,
            )  # fmt: skip
        assert elsewhere is not None
        scope = Scope(site_ids=frozenset({here}))

        for text in ("GL-01/0001", "GL-01", street, device, str(elsewhere["order_id"]), elsewhere["plate"]):
            assert found(city, text) != (), text
            assert [hit for hit in found(city, text, scope=scope) if hit.site != "GL-03"] == [], text
        assert {hit.site for text in (mine, "GL-03", "00") for hit in found(city, text, scope=scope)} == {"GL-03"}
        assert found(city, "GL-03", scope=NOTHING) == ()

    def test_finds_only_the_kinds_asked_for(self, city: Database) -> None:
        with city.transaction() as tx:
            hits = search.search(tx, text="GL-03", at=UNTIL, sites=EVERYTHING.sites(tx), kinds={HitKind.PLATE, HitKind.ORDER})

        assert hits == ()


VEHICLES = """
    insert into vehicle (vehicle_id, plate, plate_colour, class, energy)
    select md5('v' || n)::uuid, '江B' || upper(substr(md5('p' || n), 1, 5)) || n % 100, 'blue', 'small', 'other'
    from generate_series(1, 1000000) as n on conflict do nothing
"""
STAYS = """
    insert into stay
    (site_id, started_at, stay_id, ended_at, subject_id, subject_kind, vehicle_id, state, quality, origin)
    select s.site_id, t.at, md5('s' || n)::uuid, t.at + interval '40 minutes', p.space_id, 'space',
        md5('v' || (n % 1000000 + 1))::uuid, 'closed', 'A', 'history'
    from generate_series(1, 10000000) as n
    cross join lateral (select timestamptz '2026-11-01' + n % 1728000 * interval '1 second' as at) as t
    join (select space_id, site_id, row_number() over () as k from space) as p on p.k = n % 120 + 1
    join site as s on s.site_id = p.site_id
"""


class TestSize:
    @pytest.mark.prove
    def test_every_search_takes_less_than_fifty_milliseconds_at_ten_million_stays(self, own_database: Database) -> None:
        """Ten million stays of a million vehicles; each statement is timed by the server."""
        facts.fill(own_database, until=UNTIL, days=2)
        with psycopg.connect(own_database.url) as filler:  # no statement of the product may take so long
            filler.execute("set synchronous_commit = off")
            filler.execute(VEHICLES)
            filler.execute(STAYS)
        with psycopg.connect(own_database.url, autocommit=True) as filler:
            filler.execute("analyze")
        with own_database.autocommit() as tx:
            order_id = tx.value("select order_id from charge_order limit 1")
            plate = tx.value("select plate from vehicle where vehicle_id = md5('v77')::uuid")
            sites = EVERYTHING.sites(tx)
            took_ms = {}
            for text in ("0002", plate, plate[2:6], "M0", str(order_id), str(derived_id("nobody")), "解放"):
                search.search(tx, text=text, at=UNTIL, sites=sites)
                with tx.raw.cursor() as cursor:
                    cursor.execute("select clock_timestamp()")
                    began = cursor.fetchone()
                    search.search(tx, text=text, at=UNTIL, sites=sites)
                    cursor.execute("select clock_timestamp()")
                    ended = cursor.fetchone()
                assert began is not None
                assert ended is not None
                took_ms[text] = (ended[0] - began[0]) / timedelta(milliseconds=1)

        print(took_ms)
        assert max(took_ms.values()) < 50 * 5  # five statements each
