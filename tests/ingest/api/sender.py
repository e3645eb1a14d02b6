"""A device that speaks HTTPS, for tests: it signs, sends and can be told to sign wrongly."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from obstore.store import MemoryStore, ObjectStore
from werkzeug.test import TestResponse

from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.ids import uuid7
from core.kit.moments import ms_of
from ingest.api import signatures
from ingest.api.pipelines import Taker
from ingest.api.quotes import Counter
from ingest.api.routes import Door
from ingest.api.signatures import Request
from ingest.arrivals import Arrival, Outcome

AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
WINDOW = timedelta(seconds=300)
QUOTES_LAST = timedelta(minutes=2)
SECRET = bytes(range(32))


@dataclass(slots=True)
class Recorder:
    """Takes messages instead of the pipeline; the same bytes from the same address are a duplicate."""

    taken: list[Arrival] = field(default_factory=list)
    outcome: Outcome = Outcome.STORED
    fails_with: Exception | None = None

    def take(self, arrivals: Sequence[Arrival]) -> list[Outcome]:
        """Note the messages."""
        if self.fails_with is not None:
            raise self.fails_with
        self.taken += arrivals
        return [self.outcome for _arrival in arrivals]


def a_server(database: Database, pipeline: Taker, clock: FixedClock, store: Callable[[], ObjectStore] = MemoryStore) -> Flask:
    """Return a server with nothing but the door."""
    server = Flask("door")
    server.register_blueprint(
        Door(database, pipeline, window=WINDOW, quotes=Counter(valid_for=QUOTES_LAST), clock=clock, store=store).blueprint()
    )
    return server


def alive(seq: int, at: datetime = AT) -> dict[str, Any]:
    """Return the message of a device that has nothing to say."""
    return {"seq": seq, "boot": 1, "at_ms": ms_of(at), "sent_ms": ms_of(at)}


@dataclass(frozen=True, slots=True)
class Sender:
    """One key and the server it speaks to."""

    server: Flask
    clock: FixedClock
    key_id: str
    secret: bytes = SECRET

    def headers(self, path: str, body: bytes, *, nonce: str | None = None, method: str = "POST") -> dict[str, str]:
        """Return the headers that sign a request at this instant."""
        timestamp, nonce = str(int(self.clock.now().timestamp())), nonce or uuid7().hex
        request = Request(method=method, target=path, body=body)
        return {
            "Content-Type": "application/json",
            "Accept-Language": "en",
            signatures.KEY: self.key_id,
            signatures.TIMESTAMP: timestamp,
            signatures.NONCE: nonce,
            signatures.SIGNATURE: signatures.sign(self.secret, request, timestamp=timestamp, nonce=nonce),
        }

    def send(self, path: str, message: object, *, nonce: str | None = None) -> TestResponse:
        """Sign and send a message."""
        body = json.dumps(message).encode()
        return self.post(path, body, self.headers(path, body, nonce=nonce))

    def post(self, path: str, body: bytes, headers: Mapping[str, str], method: str = "POST") -> TestResponse:
        """Send bytes as they are."""
        return self.server.test_client().open(path, method=method, data=body, headers=dict(headers))
