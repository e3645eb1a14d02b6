"""Doing: what all registers check before the business is asked, and what the audit is told."""

from uuid import UUID

import pytest

from core.kit.errors import Changed, Refused
from core.kit.ids import uuid7
from core.ui.register import Reader, doing
from core.ui.register.doing import NoSuchRow, NotNow, WrongForm
from tests.core.ui.register.shelf import books

BOOKS = books()
LEND = BOOKS.action("lend")
assert LEND is not None


def a_book(reader: Reader, title: str = "Kim", price: str = "12.50") -> str:
    """Add a book; return its key."""
    return doing.save(BOOKS, reader, key="", version=0, typed={"title": title, "price_fen": price}).key


class TestSave:
    def test_adds_and_tells_what_stands_there(self, reader: Reader) -> None:
        deed = doing.save(BOOKS, reader, key="", version=0, typed={"title": "Kim", "price_fen": "12.50"})

        assert deed.before is None
        assert deed.after is not None
        assert (deed.after["title"], deed.after["price_fen"]) == ("Kim", 1_250)
        assert deed.subject == f"library/books {deed.key}"

    def test_tells_of_a_change_only_what_changed(self, reader: Reader) -> None:
        key = a_book(reader)

        deed = doing.save(BOOKS, reader, key=key, version=1, typed={"price_fen": "9"})

        assert (deed.before, deed.after) == ({"price_fen": 1_250}, {"price_fen": 900})

    def test_refuses_whoever_was_slower(self, reader: Reader) -> None:
        key = a_book(reader)
        doing.save(BOOKS, reader, key=key, version=1, typed={"price_fen": "9"})

        with pytest.raises(Changed):
            doing.save(BOOKS, reader, key=key, version=1, typed={"price_fen": "8"})

    def test_says_at_the_field_what_the_business_refuses(self, reader: Reader) -> None:
        with pytest.raises(Refused) as refused:
            a_book(reader, "Forbidden")

        assert refused.value.field == "title"

    def test_finds_no_row_that_is_not_there(self, reader: Reader) -> None:
        with pytest.raises(NoSuchRow):
            doing.save(BOOKS, reader, key=str(uuid7()), version=1, typed={"price_fen": "9"})


class TestAct:
    def act(self, reader: Reader, keys: list[str], reason: str = "a holiday", borrower: str = "Li Lei") -> doing.Deed:
        assert LEND is not None
        return doing.act(BOOKS, LEND, reader, keys=keys, reason=reason, typed={"borrower": borrower})

    def test_does_it_to_all_and_tells_each(self, reader: Reader) -> None:
        keys = [a_book(reader, title) for title in ("Kim", "Emma")]

        deed = self.act(reader, keys)

        assert deed.n == 2
        assert deed.before == {key: {"state": "here", "borrower": None} for key in keys}
        assert deed.after == {**{key: {"state": "lent", "borrower": "Li Lei"} for key in keys}, "asked": {"borrower": "Li Lei"}}

    def test_asks_for_a_reason(self, reader: Reader) -> None:
        with pytest.raises(WrongForm) as wrong:
            self.act(reader, [a_book(reader)], reason="  ")

        assert wrong.value.errors == {"reason": "This is needed."}

    def test_checks_its_own_fields(self, reader: Reader) -> None:
        with pytest.raises(WrongForm) as wrong:
            self.act(reader, [a_book(reader)], borrower="")

        assert wrong.value.errors == {"borrower": "This is needed."}

    def test_is_refused_where_it_is_not_offered(self, reader: Reader) -> None:
        key = a_book(reader)
        self.act(reader, [key])

        with pytest.raises(NotNow, match="Kim"):
            self.act(reader, [key])

    def test_is_refused_where_one_row_is_not_there(self, reader: Reader) -> None:
        with pytest.raises(NoSuchRow):
            self.act(reader, [a_book(reader), str(UUID(int=7))])

    def test_has_an_end(self, reader: Reader) -> None:
        with pytest.raises(NotNow):
            self.act(reader, [str(UUID(int=n)) for n in range(doing.MOST_ROWS + 1)])
