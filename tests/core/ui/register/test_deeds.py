"""Deeds: the audit's names of acts are told in words, of every register that is declared."""

from callbacks.places.roads import ROADS
from core.kit.locale import Language, use
from core.ui.register.deeds import Deeds, Titles


class TestTitles:
    def test_call_every_list_in_the_language_of_their_reader(self) -> None:
        with use(Language.ZH_CN):
            assert Titles()[ROADS.name] == "道路"


class TestDeeds:
    def test_call_what_is_done_to_a_register(self) -> None:
        deeds = Deeds({"access.sign_in": "Sign in"})

        assert deeds["access.sign_in"] == "Sign in"
        assert deeds[f"{ROADS.name}.save"] == "Roads · Save"
        assert deeds[f"{ROADS.name}.action:close"] == "Roads · Close"

    def test_know_nothing_of_addresses(self) -> None:
        assert "/system/users" not in Deeds({})

    def test_speak_the_language_of_their_reader(self) -> None:
        with use(Language.ZH_CN):
            assert Deeds({})[f"{ROADS.name}.save"] == "道路 · 保存"
