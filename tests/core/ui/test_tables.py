"""Tables: what the grid asks becomes a question, and nothing else does; what it is given is plain."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from dash.development.base_component import Component

from core.kit.listing import Order
from core.kit.locale import Language, use
from core.ui import tables
from core.ui.tables import BadRequest
from core.ui.tones import Tone

ID = UUID("0197a0aa-0000-7000-8000-000000000001")
ROW = {
    "device_id": ID,
    "site_name": "人民路",
    "site_name_en": "Renmin Rd",
    "at": datetime(2026, 11, 20, tzinfo=UTC),
    "n": 3,
    "none": None,
}


class TestAsked:
    def test_takes_rows_and_order_and_no_filter(self) -> None:
        request = {
            "startRow": 100,
            "endRow": 200,
            "sortModel": [{"colId": "missed_n", "sort": "desc"}, {"colId": "code", "sort": "asc"}],
            "filterModel": {"a": {"type": "equals", "filter": "x"}},
        }

        asked = tables.asked(request)

        assert (asked.first, asked.most) == (100, 100)
        assert asked.orders == (Order("missed_n", is_falling=True), Order("code"))
        assert asked.conditions == ()

    def test_never_asks_for_more_than_a_block(self) -> None:
        assert tables.asked({"startRow": 0, "endRow": 1_000_000}).most == tables.BLOCK

    @pytest.mark.parametrize(
        "request_",
        [
            {},
            {"startRow": 0},
            {"startRow": "x", "endRow": 5},
            {"startRow": -1, "endRow": 5},
            {"startRow": 5, "endRow": 5},
            {"startRow": 0, "endRow": 5, "sortModel": [{"colId": "a"}]},
        ],
        ids=str,
    )
    def test_refuses_what_is_no_request(self, request_: dict[str, Any]) -> None:
        with pytest.raises(BadRequest):
            tables.asked(request_)


class TestShown:
    @pytest.mark.parametrize(("language", "name"), [(Language.EN, "Renmin Rd"), (Language.ZH_CN, "人民路")])
    def test_speaks_the_readers_language(self, language: Language, name: str) -> None:
        with use(language):
            shown = tables.shown(ROW, key="device_id")

        assert shown == {
            "id": str(ID), "device_id": str(ID), "site_name": name, "at": 1_795_132_800_000, "n": 3, "none": None,
        }  # fmt: skip


class TestChipOptions:
    def test_count_each_state_and_all(self) -> None:
        with use(Language.EN):
            options = tables.chip_options({"online": "Online", "silent": "Silent"}, {"online": 1_200})

        assert [option["value"] for option in options] == ["", "online", "silent"]
        assert [text(option["label"]) for option in options] == ["All1,200", "Online1,200", "Silent0"]

    def test_tell_no_number_that_nobody_knows(self) -> None:
        with use(Language.EN):
            options = tables.chip_options({"online": "Online"}, None, tones={"online": Tone.GOOD})

        assert [text(option["label"]) for option in options] == ["All", "Online"]
        assert "lamp--good" in str(options[1]["label"])


class TestPlain:
    def test_says_so_where_nothing_is(self) -> None:
        assert text(tables.plain(["A"], [], empty="Nothing")) == "Nothing"

    def test_sets_figures_under_each_other_and_codes_as_words(self) -> None:
        table = tables.plain(["A", "B", "C"], [("0239", "1,250", "—"), ("0240", "99.5%", "9.4 s")], empty="")

        looks = [getattr(cell, "className", None) for cell in table._traverse() if cell.__class__.__name__ in {"Th", "Td"}]
        assert looks == [None, "lines__number", "lines__number"] * 3

    def test_lets_a_lone_cell_go_across(self) -> None:
        table = tables.plain(["A", "B"], [("1", "2"), ("a hole",)], empty="")

        assert [cell.colSpan for cell in table._traverse() if getattr(cell, "colSpan", None)] == [2]


def text(component: Component) -> str:
    """Return all words of a component."""
    return "".join(part for part in component._traverse() if isinstance(part, str))
