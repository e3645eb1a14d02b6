"""Areas: a street office lies in a district, a district in a city, and none is closed over what is in service."""

import pytest

from core.kit.db import Tx
from core.places import areas
from tests.core.places import estate
from tests.core.places.estate import ANYBODY, AT


def a_draft(level: str, parent: object = None, code: str = "S9") -> areas.Draft:
    """Return what a form tells of an area."""
    told = {"level": level, "code": code, "name": "九街道", "name_en": "Ninth", "parent_id": parent}
    return areas.Draft.model_validate(told)


class TestRegister:
    def test_lays_an_area_into_one_of_the_level_above(self, tx: Tx) -> None:
        estate.ground(tx)

        area_id = areas.register(tx, a_draft("street", estate.DISTRICT), by=ANYBODY, at=AT)

        assert tx.value("select parent_id from area where area_id = %(id)s", id=area_id) == estate.DISTRICT

    @pytest.mark.parametrize(("level", "parent"), [("street", None), ("district", estate.DISTRICT), ("city", estate.DISTRICT)])
    def test_refuses_any_other_place(self, tx: Tx, level: str, parent: object) -> None:
        estate.ground(tx)

        with pytest.raises(areas.Misplaced) as misplaced:
            areas.register(tx, a_draft(level, parent), by=ANYBODY, at=AT)

        assert misplaced.value.field == "parent_id"


class TestClose:
    def test_refuses_while_something_in_service_lies_there(self, tx: Tx) -> None:
        estate.a_site(tx)

        with pytest.raises(areas.InUse):
            areas.close(tx, [estate.DISTRICT], reason="", by=ANYBODY, at=AT, draft=None)
