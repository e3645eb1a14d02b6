"""Timed pictures against what is known (M18.9), on a real database."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from core.kit.db import Tx
from core.kit.ids import uuid7
from core.stays import snapshots
from core.stays.snapshots import Look
from tests.core.upkeep.street import AT, Site, a_site, a_space, stand

SETTLED = AT + snapshots.SETTLED_AFTER


class TestCompare:
    @pytest.fixture
    def site(self, tx: Tx) -> Site:
        return a_site(tx)

    @pytest.fixture
    def space(self, tx: Tx, site: Site) -> UUID:
        """Return a space that is occupied since the start."""
        space = a_space(tx, site)
        stand(tx, site, space, since=AT)
        return space

    def look(self, site: Site, space: UUID, at: datetime = SETTLED, *, is_occupied: bool = False) -> Look:
        return Look(site.site_id, space, uuid7(), at, is_occupied)

    def test_has_a_person_look_at_what_contradicts(self, tx: Tx, site: Site, space: UUID) -> None:
        assert snapshots.compare(tx, [self.look(site, space)]) == 1

        row = tx.row("select kind, subject_id, opened_at, detail from review_case")
        assert row == {
            "kind": "snapshot_mismatch", "subject_id": space, "opened_at": SETTLED,
            "detail": {"known": "occupied", "shown": "free"},
        }  # fmt: skip

    def test_is_content_with_what_agrees(self, tx: Tx, site: Site, space: UUID) -> None:
        assert snapshots.compare(tx, [self.look(site, space, is_occupied=True)]) == 0

    @pytest.mark.parametrize("at", [SETTLED - timedelta(seconds=1), AT - timedelta(hours=1)])
    def test_does_not_compare_what_was_not_of_one_time(self, tx: Tx, site: Site, space: UUID, at: datetime) -> None:
        assert snapshots.compare(tx, [self.look(site, space, at)]) == 0

    def test_unknown_contradicts_nothing(self, tx: Tx, site: Site, space: UUID) -> None:
        tx.run("update timeline set state = 'unknown'")

        assert snapshots.compare(tx, [self.look(site, space)]) == 0
