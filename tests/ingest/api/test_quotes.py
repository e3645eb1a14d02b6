"""Quotes over HTTPS: a kiosk asks what is due, is paid, and names the answer; the money settles the order."""

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from werkzeug.test import TestResponse

from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.moments import ms_of
from ingest.api.pipelines import Pipelines
from tests.core.orders.till import MORNING
from tests.core.upkeep.street import Site, a_device
from tests.ingest import town
from tests.ingest.api.sender import SECRET, Sender, a_server
from tests.ingest.town import LOT, Town

CAR = {"plate": "江A12345", "colour": "blue"}


@dataclass(slots=True)
class Kiosk:
    """A kiosk with a key, in a lot that a car entered in the morning."""

    database: Database
    clock: FixedClock
    sender: Sender
    sent_n: int = 0

    def ask(self, minutes: float, device: str = "K9", **more: Any) -> TestResponse:
        """Ask what is due so many minutes after the car came."""
        self.clock.at = MORNING + timedelta(minutes=minutes)
        return self.sender.send(f"/api/v1/sites/{LOT}/gateways/G9/devices/{device}/quotes", CAR | more)

    def pay(self, minutes: float, fen: int, quote_id: str) -> None:
        """Report that the car was paid for."""
        self.sent_n += 1
        self.clock.at = MORNING + timedelta(minutes=minutes)
        at_ms = ms_of(self.clock.at)
        told = {
            "seq": self.sent_n,
            "boot": 1,
            "at_ms": at_ms,
            "sent_ms": at_ms,
            "fen": fen,
            "channel": "wechat",
            "quote_id": quote_id,
        }
        answer = self.sender.send(
            f"/api/v1/sites/{LOT}/gateways/G9/devices/K9/payment", CAR | told | {"trade_no": f"T-00{self.sent_n}"}
        )
        assert answer.status_code == HTTPStatus.OK


@pytest.fixture
def kiosk(own_database: Database) -> Kiosk:
    """Return the kiosk."""
    town.build(own_database)
    with own_database.transaction() as tx:
        a_device(tx, Site(town.site_id(LOT), LOT), kind="kiosk", gateway="G9", code="K9", secret=SECRET)
        a_device(tx, Site(town.site_id(LOT), LOT), kind="gateway", gateway="G9", code="G9", secret=SECRET)
        tx.run("update registry_version set version = version + 1")
        key_id = tx.value("select key_id from device where code = 'G9'")
    pipelines, clock = Pipelines(own_database), FixedClock(MORNING)
    pipelines.take([Town().lane("in", MORNING, CAR["plate"])])
    return Kiosk(own_database, clock, Sender(a_server(own_database, pipelines, clock), clock, key_id))


class TestCounter:
    def test_answers_what_is_due_and_the_payment_settles_it(self, kiosk: Kiosk) -> None:
        quote = kiosk.ask(80).json
        assert quote is not None
        assert (quote["due_fen"], quote["until_ms"]) == (800, ms_of(MORNING + timedelta(minutes=80)))
        assert quote["expires_ms"] == ms_of(MORNING + timedelta(minutes=82))

        kiosk.pay(81, 800, quote["quote_id"])

        again = kiosk.ask(81.5).json
        assert again is not None
        assert (again["paid_fen"], again["due_fen"]) == (800, 0)
        with kiosk.database.transaction() as tx:
            ((quote_id, order_id),) = tx.tuples(
                "select u.quote_id, p.order_id from quote_used as u inner join payment as p on u.payment_id = p.payment_id"
            )
            assert str(quote_id) == quote["quote_id"]
            assert order_id == tx.value("select order_id from charge_order")

    def test_keeps_money_for_a_quote_that_has_expired_and_quotes_the_rest(self, kiosk: Kiosk) -> None:
        quote = kiosk.ask(119).json
        assert quote is not None

        kiosk.pay(125, 800, quote["quote_id"])

        rest = kiosk.ask(126).json
        assert rest is not None
        assert (rest["paid_fen"], rest["due_fen"]) == (800, 300)
        with kiosk.database.transaction() as tx:
            assert tx.tuples("select why from quote_refused") == [("expired",)]

    @pytest.mark.parametrize("more", [{"plate": "江B00000"}, {"colour": "white"}, {"plate": "x"}, {"wheels": 4}])
    def test_refuses_with_a_sentence(self, kiosk: Kiosk, more: dict[str, Any]) -> None:
        answer = kiosk.ask(80, **more)

        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert answer.json is not None
        assert answer.json["message"].endswith((".", "。"))

    def test_answers_only_what_takes_money(self, kiosk: Kiosk) -> None:
        assert kiosk.ask(80, device="G9").status_code == HTTPStatus.UNPROCESSABLE_ENTITY
