"""
Answers: what was answered to a request, given again when it comes again. Table door_request, kept for 72 hours.

A request is taken in hand before its messages are stored, so that its nonce belongs to it from the first moment. If we
die in between, the same request may be tried again: the messages themselves are stored once.
"""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from psycopg.types.json import Jsonb

from core.kit.db import Tx
from core.kit.locale import _
from core.kit.sql import named
from ingest.api.refusals import NonceUsed
from ingest.api.signatures import Request, Signed

SQL = named("api/answers")

_IN_HAND: Final = int(HTTPStatus.PROCESSING)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: a status of HTTP and a JSON object."""

    status: int
    body: dict[str, Any]  # one of the models of ingest.api.bodies, dumped


def find(tx: Tx, *, signed: Signed, request: Request) -> Answer | None:
    """
    Return the answer this request got before; None where it came for the first time, or was never answered.

    Raises:
        NonceUsed: its nonce stood on another request.
    """
    row = tx.row(SQL["find"], key_id=signed.key_id, nonce=signed.nonce)
    if row is None:
        return None
    if bytes(row["request_sha256"]) != request.sha256:
        raise NonceUsed(_("This nonce was used for another request."))
    return None if row["status"] == _IN_HAND else Answer(status=row["status"], body=row["answer"])


def take_in_hand(tx: Tx, *, signed: Signed, request: Request, at: datetime) -> bool:
    """Bind the nonce to this request; tell whether it was free. Where it was not, `find` says what became of it."""
    return (
        tx.run(
            SQL["take_in_hand"],
            key_id=signed.key_id,
            nonce=signed.nonce,
            request_sha256=request.sha256,
            at=at,
            in_hand=_IN_HAND,
        )
        == 1
    )


def give(tx: Tx, *, signed: Signed, request: Request, answer: Answer) -> Answer:
    """Keep an answer and return it, or the one that was given first."""
    kept = tx.run(
        SQL["give"],
        key_id=signed.key_id,
        nonce=signed.nonce,
        status=answer.status,
        answer=Jsonb(answer.body),
        in_hand=_IN_HAND,
    )
    return answer if kept else find(tx, signed=signed, request=request) or answer
