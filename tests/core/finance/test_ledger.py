"""The ledger on a real database: rows are only ever added, accounts opened once, and a repeat books nothing."""

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest

from core.finance import ledger
from core.finance.ledger import Account, Books, Transfer
from core.finance.rules.postings import Posting, Side, Template
from core.kit.db import Database
from core.kit.embedded_pg import EmbeddedPg
from core.kit.ids import uuid7
from core.kit.money import Fen
from ingest.arrivals import Arrival
from ingest.pipeline import Pipeline
from tests.core.orders.till import MORNING, STREET, Till, ms
from tests.fixtures.database import fresh_copy
from tests.ingest import town
from tests.ingest.town import LOT, MAGNET, Town

BOOKS = Books("s1", "on_street")
JOURNALS = {"transfer": "fen = fen + 1", "event": "is_late = true", "inbound_message": "topic = ''", "dead_letter": "topic = ''"}


def a_transfer(credit: Account, debit: Account, fen: int = 100, *, line_no: int = 0) -> Transfer:
    """Return a transfer between two accounts, always of the same claim."""
    return Transfer(
        Template.CHARGE, ledger.account_id(*credit), ledger.account_id(*debit), Fen(fen), False, STREET, UUID(int=7), None,
        ms(0), line_no,
    )  # fmt: skip


class TestAccountOf:
    @pytest.mark.parametrize(
        ("side", "channel", "account"),
        [
            (Side.REVENUE, "", Account("revenue_on_street", "s1")),
            (Side.RECEIVABLE, "", Account("receivable", "s1")),
            (Side.ARREARS, "", Account("arrears", "s1")),
            (Side.PREPAY, "", Account("customer_prepay", "s1")),
            (Side.CLEARING, "wechat", Account("clearing", "wechat")),
            (Side.CLEARING, "cash", Account("cash_on_hand", "s1")),
            (Side.SUSPENSE, "cash", Account("suspense", "operator")),
        ],
    )
    def test_lies_with_the_site_the_channel_or_the_operator(self, side: Side, channel: str, account: Account) -> None:
        assert ledger.account_of(side, BOOKS, channel) == account

    def test_names_both_sides_of_a_posting(self) -> None:
        posting = Posting(Template.PAY, Side.RECEIVABLE, Side.CLEARING, "alipay", None)

        assert ledger.sides_of(posting, BOOKS) == (Account("receivable", "s1"), Account("clearing", "alipay"))


class TestBook:
    REVENUE, RECEIVABLE = Account("revenue_on_street", MAGNET), Account("receivable", MAGNET)

    def test_moves_an_amount_from_one_account_to_another(self, till: Till) -> None:
        ledger.open_accounts(till.tx, [self.REVENUE, self.RECEIVABLE])

        ledger.book(till.tx, [a_transfer(self.REVENUE, self.RECEIVABLE)], booked_ms=ms(1))

        assert till.balances() == {"revenue_on_street": -100, "receivable": 100}

    def test_refuses_the_same_booking_again(self, till: Till) -> None:
        ledger.open_accounts(till.tx, [self.REVENUE, self.RECEIVABLE])
        ledger.book(till.tx, [a_transfer(self.REVENUE, self.RECEIVABLE)], booked_ms=ms(1))

        with pytest.raises(psycopg.errors.UniqueViolation), till.tx.savepoint():
            ledger.book(till.tx, [a_transfer(self.REVENUE, self.RECEIVABLE)], booked_ms=ms(2))
        ledger.book(till.tx, [a_transfer(self.REVENUE, self.RECEIVABLE, line_no=1)], booked_ms=ms(2))

        assert till.balances() == {"revenue_on_street": -200, "receivable": 200}

    @pytest.mark.parametrize("fen", [0, -1])
    def test_refuses_to_move_nothing_or_less(self, till: Till, fen: int) -> None:
        ledger.open_accounts(till.tx, [self.REVENUE, self.RECEIVABLE])

        with pytest.raises(psycopg.errors.CheckViolation), till.tx.savepoint():
            ledger.book(till.tx, [a_transfer(self.REVENUE, self.RECEIVABLE, fen)], booked_ms=ms(1))

    def test_refuses_an_account_that_nobody_opened(self, till: Till) -> None:
        with pytest.raises(psycopg.errors.ForeignKeyViolation), till.tx.savepoint():
            ledger.book(till.tx, [a_transfer(self.REVENUE, Account("clearing", uuid7().hex))], booked_ms=ms(1))

    def test_opens_an_account_once(self, till: Till) -> None:
        ledger.open_accounts(till.tx, [self.REVENUE, self.REVENUE])
        ledger.open_accounts(till.tx, [self.REVENUE])

        assert till.tx.value("select count(*) from account where kind = 'revenue_on_street'") == 1


class TestJournals:
    """What was written is never changed, whoever asks through the application (M-15)."""

    @pytest.fixture(scope="class")
    def told(self, server: EmbeddedPg, template: str) -> Iterator[Database]:
        """Return a town after a payment, an arrival and a message nobody could read."""
        say = Town()
        with fresh_copy(server, template) as urls:
            database = Database(urls.app)
            town.build(database)
            said = [say.pay(LOT, MORNING, "江A12345", 800, "T0001"), say.sensor(1, MORNING, occupied=True)]
            Pipeline(database).take([*said, Arrival("nowhere", b"{", MORNING)])
            yield database
            database.close()

    @pytest.mark.parametrize(("table", "change"), JOURNALS.items())
    def test_cannot_be_changed(self, told: Database, table: str, change: str) -> None:
        with told.transaction() as tx:
            assert tx.value(f"select count(*) from {table}") > 0

        with pytest.raises(psycopg.errors.InsufficientPrivilege), told.transaction() as tx:
            tx.run(f"update {table} set {change}")

    @pytest.mark.parametrize("way", ["delete from {}", "truncate {}", "drop table {}", "alter table {} disable row level security"])
    @pytest.mark.parametrize("table", JOURNALS)
    def test_cannot_be_emptied(self, told: Database, table: str, way: str) -> None:
        with pytest.raises(psycopg.errors.InsufficientPrivilege), told.transaction() as tx:
            tx.run(way.format(table))

    @pytest.mark.parametrize("table", ["transfer", "event", "inbound_message"])
    def test_cannot_be_reached_through_a_partition(self, told: Database, table: str) -> None:
        with pytest.raises(psycopg.errors.InsufficientPrivilege), told.transaction() as tx:
            tx.run(f"delete from {table}_202611")
