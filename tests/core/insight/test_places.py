"""What the wall fetches once is true at the moment at which it is fetched."""

from datetime import timedelta

from core.insight import places
from core.kit.db import Tx
from core.places import capacity
from core.places.sites import SiteKind
from tests.core.places import estate
from tests.core.places.estate import ANYBODY, AT, TODAY


def held(tx: Tx, *, days: int) -> int | None:
    """Return what the one site of the city holds so many days from now."""
    (site,) = places.places(tx, at=AT + timedelta(days=days))["sites"]
    told: int | None = site["capacity"]
    return told


class TestPlaces:
    def test_tell_the_capacity_that_holds_then(self, tx: Tx) -> None:
        zone = estate.a_zone(tx, estate.a_site(tx, kind=SiteKind.OFF_STREET))
        for from_day, spaces in ((0, 80), (5, 120)):
            draft = capacity.Draft(zone_id=zone, spaces=spaces, from_on=TODAY + timedelta(days=from_day))
            capacity.register(tx, draft, by=ANYBODY, at=AT)

        assert [held(tx, days=days) for days in (0, 4, 6)] == [80, 80, 120]

    def test_know_no_capacity_before_the_first_and_after_the_last(self, tx: Tx) -> None:
        zone = estate.a_zone(tx, estate.a_site(tx, kind=SiteKind.OFF_STREET))
        capacity.register(tx, capacity.Draft(zone_id=zone, spaces=80, from_on=TODAY), by=ANYBODY, at=AT)
        tx.run("update capacity set valid_to = %(at)s", at=AT + timedelta(days=3))

        assert [held(tx, days=days) for days in (-2, 1, 3)] == [None, 80, None]
