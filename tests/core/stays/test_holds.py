"""Holds on a real database: when a lock stood raised, and for whom."""

from uuid import UUID

import pytest

from core.kit.db import Tx
from core.kit.ids import derived_id
from core.stays import holds
from core.stays.holds import Lock
from tests.core.upkeep.street import AT, Site, a_site, a_space, seconds, stand

DEVICE = derived_id("device", "lock")


@pytest.fixture
def site(tx: Tx) -> Site:
    return a_site(tx, mode="space_lock")


@pytest.fixture
def space(tx: Tx, site: Site) -> UUID:
    return a_space(tx, site)


def held(tx: Tx) -> list[tuple[float, float | None, str | None]]:
    """Return the holds: seconds after the start, and the booking."""
    rows = tx.tuples("select started_at, ended_at, booking from space_hold order by started_at")
    return [
        ((started_at - AT).total_seconds(), None if ended_at is None else (ended_at - AT).total_seconds(), booking)
        for started_at, ended_at, booking in rows
    ]


class TestNote:
    def lock(self, site: Site, space: UUID, second: float, *, is_raised: bool, booking: str | None = None) -> Lock:
        return Lock(site.site_id, space, DEVICE, AT + seconds(second), is_raised, booking)

    def test_tells_from_when_to_when_a_lock_stood_raised(self, tx: Tx, site: Site, space: UUID) -> None:
        assert holds.note(tx, [self.lock(site, space, 0, is_raised=True, booking="B7")]) == 1
        assert holds.note(tx, [self.lock(site, space, 300, is_raised=True, booking="B7")]) == 0
        assert held(tx) == [(0, None, "B7")]

        assert holds.note(tx, [self.lock(site, space, 400, is_raised=False)]) == 1
        assert held(tx) == [(0, 400, "B7")]

    def test_keeps_apart_what_came_in_one_batch(self, tx: Tx, site: Site, space: UUID) -> None:
        holds.note(
            tx,
            [
                self.lock(site, space, 200, is_raised=True, booking="B8"),
                self.lock(site, space, 0, is_raised=True, booking="B7"),
                self.lock(site, space, 100, is_raised=False),
                self.lock(site, space, 300, is_raised=True),
            ],
        )

        assert held(tx) == [(0, 100, "B7"), (200, 300, "B8"), (300, None, None)]

    def test_r5_does_not_hear_what_is_older_than_what_is_known(self, tx: Tx, site: Site, space: UUID) -> None:
        holds.note(tx, [self.lock(site, space, 100, is_raised=False), self.lock(site, space, 50, is_raised=True)])
        holds.note(tx, [self.lock(site, space, 70, is_raised=True, booking="B7")])

        assert held(tx) == [(50, 100, None)]

    def test_tells_a_space_reserved_only_while_nobody_stands_there(self, tx: Tx, site: Site, space: UUID) -> None:
        stand(tx, site, space, since=AT)
        holds.note(tx, [self.lock(site, space, 0, is_raised=True, booking="B7")])

        [(_, state, is_reserved)] = tx.tuples(holds.SQL["list_states"], site_ids=[site.site_id], space_ids=[space])
        assert (state, is_reserved) == ("occupied", False)
        tx.run("update timeline set state = 'free'")
        [(_, state, is_reserved)] = tx.tuples(holds.SQL["list_states"], site_ids=[site.site_id], space_ids=[space])
        assert (state, is_reserved) == ("free", True)
