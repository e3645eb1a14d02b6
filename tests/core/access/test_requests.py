"""Requests of terminals are listed with their answers, never with what they sent."""

from datetime import UTC, datetime

from psycopg.types.json import Jsonb

from core.access import requests
from core.kit.db import Row, Tx

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)
ADD = "insert into door_request values ('key-1', %(nonce)s, sha256(%(nonce)s::text::bytea), %(at)s, %(status)s, %(answer)s)"


def asked(tx: Tx, nonce: str, status: int, answer: object) -> Row:
    tx.run(ADD, nonce=nonce, at=AT, status=status, answer=Jsonb(answer))
    return requests.REQUESTS.find(tx, [f"key-1 {nonce}"])[0]


def test_tell_what_became_of_them(tx: Tx) -> None:
    single = asked(tx, "a", 200, {"result": "stored", "message": "Stored."})
    batch = asked(tx, "b", 202, {"results": [{"result": "stored"}, {"result": "duplicate"}, {"result": "stored"}], "message": "3"})
    refused = asked(tx, "c", 422, {"message": "No."})
    waiting = asked(tx, "d", 102, {})

    assert [row["state"] for row in (single, batch, refused, waiting)] == ["taken", "taken", "refused", "waiting"]
    assert [row["message_n"] for row in (single, batch, refused, waiting)] == [1, 3, 0, 0]
    assert (single["results"], batch["results"], refused["results"]) == ("stored", "duplicate, stored", "")


def test_show_nothing_of_an_answer_that_is_not_named_here(tx: Tx) -> None:
    row = asked(tx, "e", 200, {"result": "stored", "message": "Stored.", "plate": "江A88811", "results": None})

    assert "江A88811" not in str(row)
