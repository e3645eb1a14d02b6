"""
Cashiers: before the money of the demo city is reported, what takes it asks for a quote, as a handheld or a kiosk does.

Who owes what the quote says pays it, and the payment names it. Whoever would pay something else (the operator knows less of
the stay than the driver) pays without a quote.
"""

from datetime import datetime

import orjson

from core.kit.db import Database
from core.kit.errors import Unavailable
from ingest.api.bodies import QuoteRequest
from ingest.api.quotes import Counter
from ingest.api.refusals import NotQuoted
from ingest.messages.wire import read_topic

_PAYMENT = "/payment"


class Cashiers:
    """All that take money in the city."""

    def __init__(self, database: Database, counter: Counter) -> None:
        """Ask a counter over the database of the operator."""
        self._database = database
        self._counter = counter

    def named(self, topic: str, payload: bytes, at: datetime) -> bytes:
        """Return a message as it is, or a payment with the quote it pays; `at` is when it is asked for."""
        if not topic.endswith(_PAYMENT):
            return payload
        told = orjson.loads(payload)
        asked = QuoteRequest(plate=told["plate"], colour=told["colour"], entered_ms=told.get("entered_ms"), leaves_ms=told["at_ms"])
        try:
            with self._database.transaction() as tx:
                quote = self._counter.answer(tx, asked, address=read_topic(topic), at=at)
        except (NotQuoted, Unavailable):
            return payload
        return orjson.dumps({**told, "quote_id": quote.quote_id}) if quote.due_fen == told["fen"] else payload
