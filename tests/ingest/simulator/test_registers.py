"""Registers of the demo city: something to look at on every desk, and nobody free who would pay."""

from datetime import UTC, datetime
from uuid import UUID

from core.access.scopes import EVERYTHING
from core.customers import lists, rights, special, vehicles
from core.kit.db import Database, Tx
from core.kit.listing import Asked
from core.kit.moments import ms_of
from core.places import deployments, groups, lane_codes
from core.places.deployments import Deployment
from ingest.simulator import city, logins
from ingest.simulator.plates import plate_of
from ingest.simulator.registers import OWNERS

AT = datetime(2026, 11, 20, 6, 32, tzinfo=UTC)
SEED = 7
DRIVEN = 2_000


def bound(tx: Tx) -> int:
    """Return how many vehicles are bound."""
    return vehicles.BINDINGS.count(tx, Asked(), at=AT, sites=[])


def test_registers_of_the_demo_city_are_filled_once(database: Database) -> None:
    logins.open_accounts(database, at=AT)
    with database.transaction() as tx:
        assert bound(tx) == 0
        deployments.set_up(tx, Deployment("江州市", "Jiangzhou", "jiangzhou", SEED, AT))

    for _start in range(2):
        logins.open_accounts(database, at=AT)

    with database.transaction() as tx:
        assert bound(tx) == OWNERS
        assert lists.ENTRIES.count_by(tx, "state", Asked(), at=AT, sites=[]) == {"active": 6, "asked": 2}
        assert special.CLASSES.count_by(tx, "state", Asked(), at=AT) == {"active": 2, "asked": 1}
        free = rights.read(tx)
    site_id, at_ms = UUID(int=1), ms_of(AT)
    driven = [plate_of(SEED, vehicle) for vehicle in range(DRIVEN)]
    freed = {plate.colour for plate in driven if free.at(*plate, site_id=site_id, at_ms=at_ms).is_free}
    assert freed == {"white"}


def test_sites_are_grouped_and_every_lane_has_its_sign(own_database: Database) -> None:
    city.build(own_database, seed=SEED, berths=120, at=AT)

    logins.open_accounts(own_database, at=AT)

    with own_database.transaction() as tx:
        sites = EVERYTHING.sites(tx)
        lane_n, districts = tx.value("select count(*) from lane"), tx.value("select count(distinct area_id) from site")
        assert groups.GROUPS.count(tx, Asked(), sites=sites) == districts + 1
        assert lane_codes.CODES.count_by(tx, "state", Asked(), sites=sites, at=AT) == {"bound": lane_n}
