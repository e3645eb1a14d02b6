"""One plate in two places (R20), on a real database."""

from datetime import timedelta
from uuid import UUID

import pytest

from core.kit.db import Tx
from core.kit.ids import uuid7
from core.stays import clones
from tests.core.upkeep.street import AT, Site, a_site, a_space, stand

LATER = AT + clones.SETTLED_AFTER


def a_stay(tx: Tx, vehicle_id: UUID) -> tuple[Site, UUID]:
    """Let a vehicle stand at a site of its own."""
    site = a_site(tx)
    stay_id = stand(tx, site, a_space(tx, site), since=AT)
    tx.run("update open_stay set vehicle_id = %(v)s where stay_id = %(s)s", v=vehicle_id, s=stay_id)
    return site, stay_id


def suspected(tx: Tx) -> set[UUID]:
    return {stay_id for (stay_id,) in tx.tuples("select stay_id from review_case where kind = 'clone_suspect'")}


class TestSuspect:
    @pytest.fixture
    def doubles(self, tx: Tx) -> set[UUID]:
        """Return the stays of a vehicle that stands in two places."""
        vehicle_id = uuid7()
        return {a_stay(tx, vehicle_id)[1] for _ in range(2)}

    def test_r20_opens_a_case_for_both_and_closes_neither(self, tx: Tx, doubles: set[UUID]) -> None:
        a_stay(tx, uuid7())

        assert clones.suspect(tx, at=LATER) == 2
        assert suspected(tx) == doubles
        assert tx.value("select count(*) from open_stay") == 3

    def test_does_so_once(self, tx: Tx, doubles: set[UUID]) -> None:
        clones.suspect(tx, at=LATER)

        assert clones.suspect(tx, at=LATER + timedelta(hours=1)) == 0
        assert suspected(tx) == doubles

    def test_waits_for_the_message_that_may_end_the_first(self, tx: Tx, doubles: set[UUID]) -> None:
        assert clones.suspect(tx, at=LATER - timedelta(seconds=1)) == 0
        assert doubles
