"""Groups of sites: never empty, and nobody sees or moves what he may not."""

import pytest
from pydantic import ValidationError

from core.access.actors import Actor
from core.kit.db import Tx
from core.kit.listing import Asked
from core.places import groups, records
from tests.core.places import estate
from tests.core.places.estate import ANYBODY, AT


def a_draft(sites: list[object], **more: object) -> groups.Draft:
    """Return what a form tells of a group."""
    told = {"code": "g1", "name": "组", "name_en": "Group", "purpose": "report", "sites": sites}
    return groups.Draft.model_validate({**told, **more})


def listed(tx: Tx, reader: Actor) -> list[dict[str, object]]:
    """Return the groups that somebody sees."""
    return groups.GROUPS.rows(tx, Asked(), sites=reader.scope.sites(tx))


class TestRegister:
    def test_refuses_a_group_without_sites_or_with_those_of_others(self, tx: Tx) -> None:
        site = estate.a_site(tx)

        with pytest.raises(ValidationError):
            a_draft([])
        with pytest.raises(records.Gone):
            groups.register(tx, a_draft([site]), by=estate.of_branch(estate.OTHER_BRANCH), at=AT)


class TestChange:
    def test_keeps_the_sites_that_its_writer_does_not_see(self, tx: Tx) -> None:
        one, two = estate.a_site(tx), estate.a_site(tx, "E-02")
        theirs = estate.a_site(tx, "E-03", organisation_id=estate.OTHER_BRANCH)
        key = groups.register(tx, a_draft([one, theirs]), by=ANYBODY, at=AT)
        somebody = estate.of_branch(estate.BRANCH)
        assert [row["site_n"] for row in listed(tx, somebody)] == [1]

        groups.change(tx, key, a_draft([two]), version=1, by=somebody, at=AT)

        members = groups.list_members(tx, group_id=key, sites=ANYBODY.scope.sites(tx))
        assert [row["code"] for row in members] == ["E-02", "E-03"]
        assert [row["code"] for row in groups.list_members(tx, group_id=key, sites=somebody.scope.sites(tx))] == ["E-02"]

    def test_is_not_there_for_who_sees_none_of_its_sites(self, tx: Tx) -> None:
        groups.register(tx, a_draft([estate.a_site(tx)]), by=ANYBODY, at=AT)

        assert listed(tx, estate.of_branch(estate.OTHER_BRANCH)) == []


class TestRetire:
    def test_retires_and_comes_back(self, tx: Tx) -> None:
        key = groups.register(tx, a_draft([estate.a_site(tx)]), by=ANYBODY, at=AT)

        groups.retire(tx, [key], reason="", by=ANYBODY, at=AT, draft=None)
        with pytest.raises(groups.WrongState):
            groups.retire(tx, [key], reason="", by=ANYBODY, at=AT, draft=None)
        groups.use_again(tx, [key], reason="", by=ANYBODY, at=AT, draft=None)

        assert [row["state"] for row in listed(tx, ANYBODY)] == ["active"]
