"""Settling over sites: who used free time at one site has less of it at the next, whichever is known first."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import permutations
from uuid import UUID

import pytest

from core.customers.rules.rights import Rights
from core.finance import settling
from core.kit.db import Tx
from core.kit.ids import derived_id
from core.stays import storing
from core.stays.changes import Changes, StayChange, StayRow
from tests.core.billing.pricing_room import publish_year
from tests.core.billing.tariffs import free, garage
from tests.core.billing.test_prices import a_version, assign
from tests.core.orders.till import STREET, Till, a_stay, ms
from tests.core.upkeep.street import a_site
from tests.ingest import town
from tests.ingest.town import VIDEO

OTHER = town.site_id(VIDEO)
SHARED = [a_stay(0, 20), a_stay(60, 75, site_id=OTHER), a_stay(120, 140)]
"""Of half an hour, 20 minutes are used in the one street and ten in the other; the third visit has none left."""


@pytest.fixture
def streets(till: Till) -> Tx:
    """Return two streets in which a vehicle gets half an hour once a day, in both together."""
    tx = till.tx
    publish_year(tx)
    a_site(tx)
    version, group = a_version(tx, garage(free=[free(30, "deduct", frequency="once_a_day")])), derived_id("site_group", "both")
    tx.run("insert into site_group values (%(id)s, 'both', '组', 'Group', 'tariff')", id=group)
    tx.run("insert into site_group_member select %(id)s, unnest(%(s)s::uuid[])", id=group, s=[STREET, OTHER])
    for site_id in (STREET, OTHER):
        assign(tx, site_id, version, since=datetime(2026, 1, 1, tzinfo=UTC), vehicle_class="small")
    tx.run("update tariff_assignment set pool_id = %(pool)s where tariff_version_id = %(v)s", pool=group, v=version)
    return tx


def settle(tx: Tx, site_id: UUID, stays: Sequence[StayRow]) -> None:
    """Store and settle stays of one site, as a batch of its messages does."""
    changes = Changes(stays=[StayChange(None, stay) for stay in stays])
    settling.lock(tx, [site_id])
    storing.save(tx, changes)
    settling.settle(tx, changes, books=settling.list_books(tx, [site_id]), rights=Rights(), booked_ms=ms(600))


class TestSettle:
    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_prices_the_stays_behind_anew_at_every_site(self, streets: Tx, order: tuple[int, ...]) -> None:
        for number in order:
            settle(streets, SHARED[number].site_id, [SHARED[number]])

        claims = streets.tuples("select gross_fen, business_on is not null from charge_order order by opened_at")
        booked = streets.value("select sum(case when is_reversal then -fen else fen end) from transfer where template = 'charge'")
        figures = dict(streets.tuples("select site_id, sum(net_fen)::bigint from day_delta group by site_id"))
        assert [fen for fen, _closed in claims] == [0, 500, 500]
        assert booked == 1_000
        assert figures == {STREET: 500, OTHER: 500}


class TestLock:
    def test_holds_the_sites_whose_claims_follow(self, streets: Tx) -> None:
        held = "select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()"
        before = streets.value(held)

        settling.lock(streets, [STREET])

        assert streets.value(held) - before == 2
