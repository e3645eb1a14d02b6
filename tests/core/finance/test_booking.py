"""Booking on a real database: the difference is written, what should not stand is reversed, and twice is once."""

import random
from collections import Counter

import pytest

from core.finance.rules.postings import ARREARS_AFTER_MS
from core.kit.moments import moment
from core.orders import arrears
from tests.core.orders.till import CAR, OTHER_CAR, Till, a_report, a_stay, ms

DAY_MIN = ARREARS_AFTER_MS // 60_000


def lines(till: Till) -> Counter[tuple[str, int, bool]]:
    """Return every line of the ledger as template, amount and whether it takes another one back."""
    return Counter((row["template"], row["fen"], row["is_reversal"]) for row in till.transfers())


class TestBookClaims:
    def test_books_a_stay_and_its_money_line_by_line(self, till: Till) -> None:
        till.take(a_stay(0, 60), reports=[a_report(400, 30), a_report(500, 61, trade="T2", channel="cash")])

        assert lines(till) == {
            ("charge", 600, False): 1,
            ("prepay", 400, False): 1,
            ("apply_prepay", 400, False): 1,
            ("pay", 200, False): 1,
            ("suspend", 300, False): 1,
        }
        assert till.balances() == {"revenue_on_street": -600, "clearing": 400, "cash_on_hand": 500, "suspense": -300}

    def test_books_nothing_the_second_time(self, till: Till) -> None:
        stay, money = a_stay(0, 60), a_report(400, 61)
        till.take(stay, reports=[money])
        before = lines(till)

        till.take(stay, reports=[money])
        till.take(stay)

        assert lines(till) == before

    def test_reverses_a_claim_that_became_smaller(self, till: Till) -> None:
        till.take(a_stay(0, 120), reports=[a_report(1500, 121)])

        till.take(a_stay(0, 60))

        assert lines(till) == {
            ("charge", 1500, False): 1,
            ("pay", 1500, False): 1,
            ("charge", 900, True): 1,
            ("pay", 900, True): 1,
            ("suspend", 900, False): 1,
        }
        assert till.balances() == {"revenue_on_street": -600, "clearing": 1500, "suspense": -900}
        assert till.orders()[0]["paid_fen"] == 600

    def test_takes_the_charge_back_when_the_vehicle_had_not_left(self, till: Till) -> None:
        till.take(a_stay(0, 60), reports=[a_report(600, 61)])

        till.take(a_stay(0))
        assert till.balances() == {"clearing": 600, "customer_prepay": -600}

        till.take(a_stay(0, 120))
        assert till.balances() == {"clearing": 600, "receivable": 900, "revenue_on_street": -1500}

    def test_goes_back_and_forth_without_leaving_a_fen(self, till: Till) -> None:
        till.take(a_stay(0, 60), reports=[a_report(600, 61)])
        before = till.balances()

        for _ in range(3):
            till.take(a_stay(0, 120))
            till.take(a_stay(0, 60))

        assert till.balances() == before

    def test_takes_money_out_of_suspense_for_the_claim_it_finds(self, till: Till) -> None:
        till.take(reports=[a_report(600, 61, names=0)])

        till.take(a_stay(0, 60))

        assert lines(till) == {
            ("suspend", 600, False): 1,
            ("suspend", 600, True): 1,
            ("charge", 600, False): 1,
            ("pay", 600, False): 1,
        }

    @pytest.mark.parametrize("seed", range(3))
    def test_knows_of_every_claim_and_every_payment_what_stands_in_the_ledger(self, till: Till, seed: int) -> None:
        """Random corrections of random stays, then the whole of it beside the ledger."""
        dice = random.Random(seed)
        for turn in range(30):
            number = dice.randrange(4)
            length = dice.choice([None, 10, 60, 61, 200, 900])
            plate = dice.choice([CAR, OTHER_CAR, None])
            stay = a_stay(number * 1000, None if length is None else number * 1000 + length, plate=plate, space=number + 1)
            at = dice.randrange(0, 4000)
            money = [a_report(dice.choice([150, 600, 2000]), at, trade=f"T{turn}", plate=dice.choice([CAR, OTHER_CAR]))]
            till.take(stay, reports=money if dice.random() < 0.6 else [])

        owed = till.tx.value(
            "select coalesce(sum(net_fen - paid_fen) filter (where closed_at is not null), 0)::bigint from charge_order"
        )
        prepaid = till.tx.value("select coalesce(sum(paid_fen) filter (where closed_at is null), 0)::bigint from charge_order")
        charged = till.tx.value("select coalesce(sum(net_fen), 0)::bigint from charge_order")
        received = till.tx.value("select sum(fen)::bigint from payment")
        stands = Counter(till.balances())
        assert sum(stands.values()) == 0
        assert stands["receivable"] == owed
        assert stands["customer_prepay"] == -prepaid
        assert stands["revenue_on_street"] == -charged
        assert stands["clearing"] == received
        assert stands["suspense"] == charged - owed + prepaid - received


class TestBookClaimsInArrears:
    def overdue(self, till: Till) -> int:
        """Mark what is overdue two days after the morning; return how many claims that are."""
        found = arrears.find_overdue(till.tx, at=moment(ms(2 * DAY_MIN)), most=100)
        till.settle(found.claims)
        return len(found.claims.orders)

    def test_moves_what_is_unpaid_after_a_day(self, till: Till) -> None:
        till.take(a_stay(0, 60), reports=[a_report(200, 61)])

        assert self.overdue(till) == 1
        assert self.overdue(till) == 0

        assert till.balances() == {"revenue_on_street": -600, "clearing": 200, "arrears": 400}
        assert till.orders()[0]["in_arrears"]

    def test_recovers_what_is_paid_later(self, till: Till) -> None:
        till.take(a_stay(0, 60))
        self.overdue(till)

        till.take(reports=[a_report(600, 60 + DAY_MIN + 1, names=0)])

        assert till.balances() == {"revenue_on_street": -600, "clearing": 600}
        assert lines(till)[("recover", 600, False)] == 1

    def test_takes_the_arrears_back_when_the_money_had_come_in_time(self, till: Till) -> None:
        till.take(a_stay(0, 60))
        self.overdue(till)

        till.take(reports=[a_report(600, 61, names=0)])

        assert till.balances() == {"revenue_on_street": -600, "clearing": 600}
        assert lines(till)[("to_arrears", 600, True)] == 1
