"""Past stays with money: the books of live traffic, once, to the fen."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from core.finance.past import record
from core.kit.db import Database, Tx
from core.kit.ids import uuid7
from core.kit.money import Fen
from core.stays.past import PastPayment, PastStay
from tests.core.upkeep.street import a_site

NOON = datetime(2026, 10, 15, 4, tzinfo=UTC)
GONE = NOON + timedelta(hours=2)
AT = NOON + timedelta(days=30)


def a_payment(fen: int, paid_at: datetime, *, channel: str = "wechat") -> PastPayment:
    """Return a payment with a trade number of its own."""
    return PastPayment(channel, uuid7().hex, Fen(fen), paid_at)


def a_stay(site_id: UUID, gross_fen: int | None, *payments: PastPayment) -> PastStay:
    """Return a stay of two hours with a price, None for no claim."""
    return PastStay(
        site_id=site_id,
        subject_id=uuid7(),
        subject_kind="space",
        started_at=NOON,
        ended_at=GONE,
        plate="江A12345",
        plate_colour="blue",
        vehicle_class="small",
        quality="A",
        origin="history",
        source_row=None,
        note=None,
        gross_fen=None if gross_fen is None else Fen(gross_fen),
        tariff_version_id=None,
        payments=payments,
    )


def books(tx: Tx, site_id: UUID) -> dict[str, int]:
    """Return what stands on the accounts of a site, by kind, debits above credits; accounts that stand at nothing left out."""
    rows = tx.rows(
        """select account.kind,
            sum(case when account.account_id = transfer.to_account_id then transfer.fen else -transfer.fen end)::bigint as fen
        from transfer
        inner join account on account.account_id in (transfer.from_account_id, transfer.to_account_id)
        where transfer.site_id = %(site_id)s group by account.kind""",
        site_id=site_id,
    )
    return {row["kind"]: row["fen"] for row in rows if row["fen"]}


def paid(tx: Tx, site_id: UUID) -> tuple[int, int, bool]:
    """Return price, paid part and arrears mark of the only claim of a site."""
    (row,) = tx.rows("select net_fen, paid_fen, in_arrears from charge_order where site_id = %(id)s", id=site_id)
    return row["net_fen"], row["paid_fen"], row["in_arrears"]


class TestRecord:
    def test_books_price_and_payment(self, tx: Tx) -> None:
        site = a_site(tx)

        assert record(tx, stays=[a_stay(site.site_id, 600, a_payment(600, GONE))], at=AT) == 1

        assert books(tx, site.site_id) == {"revenue_on_street": -600, "clearing": 600}
        assert paid(tx, site.site_id) == (600, 600, False)

    def test_takes_cash_into_the_till_of_the_site(self, tx: Tx) -> None:
        site = a_site(tx)

        record(tx, stays=[a_stay(site.site_id, 600, a_payment(600, GONE, channel="cash"))], at=AT)

        assert books(tx, site.site_id) == {"revenue_on_street": -600, "cash_on_hand": 600}

    def test_turns_a_prepayment_into_payment_at_the_departure(self, tx: Tx) -> None:
        site = a_site(tx)

        record(tx, stays=[a_stay(site.site_id, 600, a_payment(400, NOON), a_payment(200, GONE))], at=AT)

        templates = tx.rows("select template from transfer where site_id = %(id)s order by template", id=site.site_id)
        assert [row["template"] for row in templates] == ["apply_prepay", "charge", "pay", "prepay"]
        assert books(tx, site.site_id) == {"revenue_on_street": -600, "clearing": 600}

    def test_holds_what_is_too_much_in_suspense(self, tx: Tx) -> None:
        site = a_site(tx)

        record(tx, stays=[a_stay(site.site_id, 600, a_payment(500, NOON), a_payment(250, GONE))], at=AT)

        assert books(tx, site.site_id) == {"revenue_on_street": -600, "clearing": 750, "suspense": -150}
        assert paid(tx, site.site_id) == (600, 600, False)

    def test_moves_what_was_owed_a_day_later_to_the_arrears(self, tx: Tx) -> None:
        site = a_site(tx)
        late = a_payment(200, GONE + timedelta(days=3))

        record(tx, stays=[a_stay(site.site_id, 600, late)], at=AT)

        assert books(tx, site.site_id) == {"revenue_on_street": -600, "clearing": 200, "arrears": 400}
        assert paid(tx, site.site_id) == (600, 200, True)

    def test_owes_nothing_in_arrears_before_a_day_has_passed(self, tx: Tx) -> None:
        site = a_site(tx)

        record(tx, stays=[a_stay(site.site_id, 600)], at=GONE + timedelta(hours=23))

        assert books(tx, site.site_id) == {"revenue_on_street": -600, "receivable": 600}

    def test_claims_nothing_where_no_price_is_known(self, tx: Tx) -> None:
        site = a_site(tx)

        record(tx, stays=[a_stay(site.site_id, None)], at=AT)

        assert tx.value("select count(*) from charge_order where site_id = %(id)s", id=site.site_id) == 0

    def test_claims_zero_where_the_stay_was_free(self, tx: Tx) -> None:
        site = a_site(tx)

        record(tx, stays=[a_stay(site.site_id, 0)], at=AT)

        assert paid(tx, site.site_id) == (0, 0, False)
        assert books(tx, site.site_id) == {}

    def test_a_repeat_books_nothing(self, tx: Tx) -> None:
        site = a_site(tx)
        stay = a_stay(site.site_id, 600, a_payment(600, GONE))
        record(tx, stays=[stay], at=AT)
        before = books(tx, site.site_id)

        assert record(tx, stays=[stay, stay], at=AT) == 0

        assert books(tx, site.site_id) == before
        assert tx.value("select sum(received_fen) from day_delta where site_id = %(id)s", id=site.site_id) == 600

    def test_a_trade_number_counts_once(self, tx: Tx) -> None:
        site = a_site(tx)
        payment = a_payment(600, GONE)
        stays = [
            a_stay(site.site_id, 600, payment),
            replace(a_stay(site.site_id, 600, payment), started_at=NOON + timedelta(minutes=1)),
        ]

        assert record(tx, stays=stays, at=AT) == 2

        assert tx.value("select sum(fen) from payment where site_id = %(id)s", id=site.site_id) == 600
        assert tx.value("select sum(paid_fen) from charge_order where site_id = %(id)s", id=site.site_id) == 600

    def test_a_day_of_many_stays_adds_up(self, own_database: Database) -> None:
        """Claims, payments, ledger and figures of 3,000 stays agree to the fen, whatever was paid when."""
        luck = random.Random(7)
        with own_database.transaction() as tx:
            sites = [a_site(tx), a_site(tx, kind="off_street", mode="gate")]
            stays = [_random_stay(luck.choice(sites).site_id, luck) for _ in range(3_000)]

            assert record(tx, stays=stays, at=AT) == 3_000

            _assert_adds_up(tx, stays)


def _random_stay(site_id: UUID, luck: random.Random) -> PastStay:
    moments = [GONE + timedelta(hours=hours) for hours in (-1, -1, 0, 1, 50)]
    payments = [
        a_payment(luck.randrange(1, 900), luck.choice(moments), channel=luck.choice(("wechat", "alipay", "cash")))
        for _ in range(luck.randrange(3))
    ]
    return a_stay(site_id, luck.choice((None, 0, 150, 600)), *payments)


def _assert_adds_up(tx: Tx, stays: Sequence[PastStay]) -> None:
    gross = sum(stay.gross_fen or 0 for stay in stays)
    received = sum(payment.fen for stay in stays for payment in stay.payments)
    figures = tx.row(
        "select sum(gross_fen)::bigint as gross, sum(net_fen)::bigint as net, sum(received_fen)::bigint as received from day_delta"
    )
    assert figures == {"gross": gross, "net": gross, "received": received}
    assert tx.value("select sum(received_fen) from hour_delta") == received
    balance = {"clearing": 0, "cash_on_hand": 0, "suspense": 0, "arrears": 0, "receivable": 0, "customer_prepay": 0}
    for site_id in {stay.site_id for stay in stays}:
        for kind, fen in books(tx, site_id).items():
            balance[kind] = balance.get(kind, 0) + fen
    assert balance.pop("revenue_on_street") + balance.pop("revenue_off_street") == -gross
    assert balance["clearing"] + balance["cash_on_hand"] == received
    assert balance["customer_prepay"] == 0
    owed = tx.value("select sum(net_fen - paid_fen) from charge_order")
    assert balance["arrears"] + balance["receivable"] == owed
    assert received + balance["suspense"] == gross - owed
