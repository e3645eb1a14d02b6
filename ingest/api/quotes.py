"""
Quotes over HTTPS: a handheld, a kiosk or a gate asks what a driver owes, and names the answer when he has paid.

A gateway may ask for any device below it. Tables device, price_quote.
"""

from datetime import datetime, timedelta

from core.customers import rights
from core.customers.rules.rights import Rights
from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.moments import ms_of
from core.kit.sql import named
from core.orders import dues
from core.orders.dues import Question
from core.stays.rules.plates import Plate
from ingest.api.bodies import QuoteAnswer, QuoteRequest
from ingest.api.refusals import NotQuoted
from ingest.messages.wire import Address

SQL = named("api/quotes")


class Counter:
    """Answers what is due; it keeps who parks for nothing, and reads that again when it has changed."""

    def __init__(self, *, valid_for: timedelta) -> None:
        """Give quotes that are valid for some time at most."""
        self._valid_for = valid_for
        self._rights: Rights | None = None

    def answer(self, tx: Tx, asked: QuoteRequest, *, address: Address, at: datetime) -> QuoteAnswer:
        """
        Quote what is due.

        Raises:
            NotQuoted: nothing is due, or nobody can say what; or the device takes no money.
        """
        device = tx.row(SQL["find_device"], site=address.site, gateway=address.gateway, device=address.device)
        if device is None:
            raise NotQuoted(_("This device takes no money."))
        question = Question(
            device["site_id"],
            Plate(asked.plate, asked.colour.value),
            entered_ms=asked.entered_ms,
            leaves_ms=asked.leaves_ms,
            device_id=device["device_id"],
        )
        try:
            quote = dues.quote(tx, question, rights=self._current(tx), valid_for=self._valid_for, at=at)
        except Refused as refused:
            raise NotQuoted(refused.message) from refused
        return QuoteAnswer(
            quote_id=str(quote.quote_id),
            net_fen=quote.reckoned.net_fen,
            paid_fen=quote.reckoned.paid_fen,
            due_fen=quote.reckoned.due_fen,
            until_ms=ms_of(quote.leaves_at),
            expires_ms=ms_of(quote.expires_at),
            changes_ms=None if quote.changes_at is None else ms_of(quote.changes_at),
            message=_("Name this quote with the payment."),
        )

    def _current(self, tx: Tx) -> Rights:
        if self._rights is None or rights.current_version(tx) != self._rights.version:
            self._rights = rights.read(tx)
        return self._rights
