"""Dictionaries: the words forms offer, in the reader's language."""

import pytest

from core.kit.db import Tx
from core.kit.errors import Changed
from core.kit.listing import Asked
from core.kit.locale import Language, use
from core.office import dictionaries
from core.office.dictionaries import WORDS, Dictionary, Draft


def a_draft(**other: object) -> Draft:
    """Return a word."""
    given: dict[str, object] = {"dictionary": "void_reason", "code": "flood", "name": "内涝", "name_en": "Flood", "position": 1}
    return Draft.model_validate(given | other)


class TestWords:
    def test_come_with_the_product_for_each_dictionary(self, tx: Tx) -> None:
        assert set(WORDS.count_by(tx, "dictionary", Asked())) == set(Dictionary)
        assert all(dictionaries.list_used(tx, dictionary) for dictionary in Dictionary)

    def test_are_offered_in_their_order_and_in_the_readers_language(self, tx: Tx) -> None:
        dictionaries.add(tx, a_draft())
        dictionaries.add(tx, a_draft(code="other", name="其他", name_en="", position=0))

        assert dictionaries.list_used(tx, Dictionary.VOID_REASON)[:2] == [("other", "其他"), ("flood", "Flood")]
        with use(Language.ZH_CN):
            assert dictionaries.list_used(tx, Dictionary.VOID_REASON)[:2] == [("other", "其他"), ("flood", "内涝")]

    def test_have_a_code_of_their_own(self, tx: Tx) -> None:
        dictionaries.add(tx, a_draft())
        dictionaries.add(tx, a_draft(dictionary="list_reason"))

        with pytest.raises(dictionaries.AlreadyThere) as refusal:
            dictionaries.add(tx, a_draft())
        assert refusal.value.field == "code"

    def test_are_ended_and_used_again(self, tx: Tx) -> None:
        word_id = dictionaries.add(tx, a_draft())

        assert dictionaries.end(tx, [word_id]) == 1
        assert ("flood", "Flood") not in dictionaries.list_used(tx, Dictionary.VOID_REASON)
        assert dictionaries.use_again(tx, [word_id]) == 1
        assert ("flood", "Flood") in dictionaries.list_used(tx, Dictionary.VOID_REASON)

    def test_are_changed_by_the_version_that_was_read(self, tx: Tx) -> None:
        word_id = dictionaries.add(tx, a_draft())
        dictionaries.change(tx, word_id, a_draft(name_en="High water", code="ignored"), version=1)

        assert dictionaries.list_used(tx, Dictionary.VOID_REASON)[0] == ("flood", "High water")
        with pytest.raises(Changed):
            dictionaries.change(tx, word_id, a_draft(), version=1)
