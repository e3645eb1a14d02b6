"""The state of a claim follows from its amounts, here and in SQL alike."""

import itertools

import pytest

from core.kit import partitions
from core.kit.db import Tx
from core.kit.ids import uuid7
from core.orders.rules.states import OrderState, state_of
from tests.core.orders.till import MORNING

AMOUNTS = (0, 1, 999, 1000, 1001)


class TestStateOf:
    @pytest.mark.parametrize(
        ("is_closed", "net_fen", "paid_fen", "in_arrears", "state"),
        [
            (False, 0, 0, False, OrderState.ACCRUING),
            (False, 0, 500, False, OrderState.PREPAID),
            (True, 1000, 0, False, OrderState.DUE),
            (True, 1000, 999, False, OrderState.PART_PAID),
            (True, 1000, 1000, False, OrderState.SETTLED),
            (True, 0, 0, False, OrderState.SETTLED),
            (True, 1000, 0, True, OrderState.ARREARS),
            (True, 1000, 999, True, OrderState.ARREARS),
            (True, 1000, 1000, True, OrderState.SETTLED),
        ],
    )
    def test_follows_from_the_amounts(
        self, is_closed: bool, net_fen: int, paid_fen: int, in_arrears: bool, state: OrderState
    ) -> None:
        assert state_of(is_closed=is_closed, net_fen=net_fen, paid_fen=paid_fen, in_arrears=in_arrears) is state

    def test_is_what_the_view_says_of_every_claim(self, tx: Tx) -> None:
        tx.run(partitions.MAKE, month=MORNING.date())
        for is_closed, net, paid, in_arrears in itertools.product((False, True), AMOUNTS, AMOUNTS, (False, True)):
            tx.run(
                "insert into charge_order "
                "(site_id, opened_at, order_id, stay_id, closed_at, gross_fen, net_fen, paid_fen, in_arrears) values "
                "(%(id)s, %(at)s, %(id)s, %(id)s, %(closed_at)s, %(net)s, %(net)s, %(paid)s, %(in_arrears)s)",
                id=uuid7(), at=MORNING, closed_at=MORNING if is_closed else None, net=net, paid=paid, in_arrears=in_arrears,
            )  # fmt: skip

        rows = tx.rows(
            "select s.state, o.* from charge_order as o inner join order_state as s using (site_id, opened_at, order_id)"
        )

        assert len(rows) == 2 * len(AMOUNTS) ** 2 * 2
        assert all(
            row["state"] == state_of(is_closed=row["closed_at"] is not None, net_fen=row["net_fen"], paid_fen=row["paid_fen"],
                                     in_arrears=row["in_arrears"])
            for row in rows
        )  # fmt: skip
