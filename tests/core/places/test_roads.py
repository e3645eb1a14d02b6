"""Roads: one of a code, never closed under a section in service, and none of them is changed unseen."""

import pytest

from core.kit.db import Tx
from core.kit.errors import Changed
from core.kit.listing import Asked
from core.places import records, roads
from tests.core.places import estate
from tests.core.places.estate import ANYBODY, AT


def a_draft(code: str = "R9", **more: object) -> roads.Draft:
    """Return what a form tells of a road."""
    told = {"code": code, "name": "九路", "name_en": "Ninth Rd", "area_id": estate.DISTRICT, "road_class": None, "length_m": 900}
    return roads.Draft.model_validate({**told, **more})


class TestRegister:
    def test_takes_a_code_once(self, tx: Tx) -> None:
        estate.ground(tx)
        roads.register(tx, a_draft(), by=ANYBODY, at=AT)

        with pytest.raises(records.Taken) as taken:
            roads.register(tx, a_draft(), by=ANYBODY, at=AT)

        assert taken.value.field == "code"


class TestChange:
    def test_refuses_whoever_was_slower(self, tx: Tx) -> None:
        estate.ground(tx)
        key = roads.register(tx, a_draft(), by=ANYBODY, at=AT)
        roads.change(tx, key, a_draft(note="first"), version=1, by=ANYBODY, at=AT)

        with pytest.raises(Changed):
            roads.change(tx, key, a_draft(note="second"), version=1, by=ANYBODY, at=AT)


class TestClose:
    def test_refuses_while_a_section_in_service_lies_there(self, tx: Tx) -> None:
        estate.a_site(tx)

        with pytest.raises(roads.StillUsed):
            roads.close(tx, [estate.ROAD], reason="", by=ANYBODY, at=AT, draft=None)

    def test_closes_once_and_opens_again(self, tx: Tx) -> None:
        estate.ground(tx)
        key = roads.register(tx, a_draft(), by=ANYBODY, at=AT)

        assert roads.close(tx, [key], reason="built over", by=ANYBODY, at=AT, draft=None) == 1
        assert roads.close(tx, [key], reason="built over", by=ANYBODY, at=AT, draft=None) == 0
        assert roads.reopen(tx, [key], reason="", by=ANYBODY, at=AT, draft=None) == 1


class TestList:
    def test_counts_the_readers_sections_alone(self, tx: Tx) -> None:
        site = estate.a_site(tx)

        for sites, n in (([site], 1), ([], 0)):
            (road,) = roads.ROADS.rows(tx, Asked(), at=AT, sites=sites)
            assert road["section_n"] == n
