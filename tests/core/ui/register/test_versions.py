"""Versions: a list that says something else has another one, whatever language its reader speaks."""

from dataclasses import replace

from core.kit.listing import AtHand, Relation
from core.kit.locale import Language, use
from core.ui.register.versions import version_of
from tests.core.ui.register.shelf import books, changed

BOOKS = books()


class TestVersionOf:
    def test_is_the_same_in_each_language(self) -> None:
        with use(Language.EN):
            in_english = version_of(BOOKS)
        with use(Language.ZH_CN):
            in_chinese = version_of(BOOKS)

        assert in_english == in_chinese
        assert in_english.startswith(f"{BOOKS.name} ")

    def test_differs_where_a_column_means_something_else(self) -> None:
        first, *others = BOOKS.columns

        assert version_of(changed(BOOKS, columns=[replace(first, note="of the first print"), *others])) != version_of(BOOKS)
        assert version_of(changed(BOOKS, columns=[first, *reversed(others)])) != version_of(BOOKS)

    def test_differs_where_rows_come_from_elsewhere(self) -> None:
        assert isinstance(BOOKS.relation, Relation)
        other = replace(BOOKS.relation, statement=f"{BOOKS.relation.statement} where false")
        at_hand = AtHand(lambda _tx: [], BOOKS.relation.key, BOOKS.relation.columns)

        assert len({version_of(BOOKS), *(version_of(changed(BOOKS, relation=each)) for each in (other, at_hand))}) == 3

    def test_stays_where_only_the_look_of_the_list_changes(self) -> None:
        first, *others = BOOKS.columns

        assert version_of(changed(BOOKS, columns=[replace(first, width=300), *others])) == version_of(BOOKS)
