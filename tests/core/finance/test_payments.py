"""Payments as terminals report them: a trade counts once for ever."""

import pytest

from core.billing.quotes import Quote
from core.customers.rules.rights import Rights
from core.finance import payments
from core.kit.ids import derived_id
from core.kit.moments import moment
from core.orders import dues
from core.orders.dues import Question
from core.stays.storing import vehicle_of
from tests.core.billing.quote_room import TWO_MINUTES
from tests.core.orders.till import CAR, MORNING, STREET, Till, a_report, a_stay, ms


class TestRecord:
    def test_stores_what_was_reported(self, till: Till) -> None:
        ((payment, plate),) = payments.record(till.tx, [a_report(600, 61, names=0)])

        assert plate == CAR
        assert (payment.site_id, payment.vehicle_id, payment.fen, payment.order_id) == (STREET, vehicle_of(CAR), 600, None)
        assert (payment.paid_ms, payment.entered_ms) == (ms(61), ms(0))
        row = till.tx.row("select channel, trade_no, fen, entered_at from payment")
        assert row == {"channel": "wechat", "trade_no": "T1", "fen": 600, "entered_at": MORNING}

    def test_counts_a_trade_reported_twice_in_one_batch_once(self, till: Till) -> None:
        stored = payments.record(till.tx, [a_report(600, 61), a_report(600, 62)])

        assert [payment.paid_ms for payment, _ in stored] == [ms(61)]

    def test_counts_a_trade_reported_again_later_not_at_all(self, till: Till) -> None:
        payments.record(till.tx, [a_report(600, 61)])

        assert payments.record(till.tx, [a_report(600, 62)]) == []
        assert till.tx.tuples("select channel, trade_no, fen from channel_trade") == [("wechat", "T1", 600)]

    def test_tells_trades_of_two_channels_apart(self, till: Till) -> None:
        stored = payments.record(till.tx, [a_report(600, 61), a_report(600, 61, channel="alipay")])

        assert len({payment.payment_id for payment, _ in stored}) == 2

    def test_gives_a_trade_the_same_id_wherever_it_is_reported(self, till: Till) -> None:
        ((payment, _),) = payments.record(till.tx, [a_report(600, 61)])

        assert payment.payment_id == derived_id("payment", "wechat", "T1")

    def test_asks_for_a_person_when_a_trade_comes_again_with_another_amount(self, till: Till) -> None:
        payments.record(till.tx, [a_report(600, 61), a_report(600, 61)])
        assert cases(till) == []

        payments.record(till.tx, [a_report(700, 61), a_report(600, 62), a_report(700, 63)])

        assert till.tx.tuples("select fen from payment") == [(600,)]
        assert cases(till) == [{"channel": "wechat", "trade_no": "T1", "stands_fen": 600, "reported_fen": 700}]

    def test_asks_also_when_both_amounts_come_at_once(self, till: Till) -> None:
        payments.record(till.tx, [a_report(600, 61), a_report(700, 61)])

        assert [case["reported_fen"] for case in cases(till)] == [700]

    def test_lets_a_payment_pay_the_quote_it_names(self, till: Till) -> None:
        till.take(a_stay(0))
        quote = asked(till, 50)

        ((payment, _),) = payments.record(till.tx, [a_report(600, 51)._replace(quote_id=quote.quote_id)])

        assert till.tx.tuples("select quote_id, payment_id from quote_used") == [(quote.quote_id, payment.payment_id)]
        assert payment.settles_ms == ms(51)

    @pytest.mark.parametrize(("fen", "minute", "why"), [(599, 51, "other_amount"), (600, 52, "expired")])
    def test_keeps_money_that_does_not_pay_the_quote_it_names(self, till: Till, fen: int, minute: float, why: str) -> None:
        till.take(a_stay(0))
        quote = asked(till, 50)

        ((payment, _),) = payments.record(till.tx, [a_report(fen, minute)._replace(quote_id=quote.quote_id)])

        assert (payment.fen, payment.settles_ms) == (fen, ms(minute))
        assert till.tx.tuples("select payment_id, why from quote_refused") == [(payment.payment_id, why)]

    def test_does_not_pay_a_quote_again_with_a_trade_that_is_known(self, till: Till) -> None:
        till.take(a_stay(0))
        report = a_report(600, 51)._replace(quote_id=asked(till, 50).quote_id)
        payments.record(till.tx, [report, report])
        payments.record(till.tx, [report])

        assert till.tx.tuples("select count(*) from quote_used") == [(1,)]
        assert till.tx.tuples("select count(*) from quote_refused") == [(0,)]


def asked(till: Till, minute: float) -> Quote:
    """Ask what is due for the car by now."""
    return dues.quote(till.tx, Question(STREET, CAR), rights=Rights(), valid_for=TWO_MINUTES, at=moment(ms(minute)))


def cases(till: Till) -> list[dict[str, object]]:
    """List what people are asked to decide about trades."""
    return [detail for (detail,) in till.tx.tuples("select detail from review_case where kind = 'trade_conflict'")]
