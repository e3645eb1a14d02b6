"""From bytes on the wire to a typed message; what cannot be read becomes a dead letter with its reason."""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from pydantic import ValidationError

from ingest.messages.commands import Ack
from ingest.messages.envelope import MAX_PAYLOAD_BYTES, Alive, Envelope
from ingest.messages.gate import Barrier, Passage, Scan
from ingest.messages.guidance import Screen
from ingest.messages.handheld import Payment, Plate
from ingest.messages.magnetometer import State
from ingest.messages.patrol import Sweep
from ingest.messages.silence import Silent, Tailgated
from ingest.messages.video import Snapshot, Space


class Reason(StrEnum):
    """Why bytes became a dead letter. The list is closed; the table checks it."""

    TOPIC = "topic"
    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"
    TOO_LARGE = "too_large"
    SCHEMA = "schema"
    UNKNOWN_SITE = "unknown_site"
    IDENTITY = "identity"
    POISON = "poison"


class Unreadable(Exception):
    """Bytes that say nothing we understand. `detail` tells an engineer what to look at; it holds no payload."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class Address(NamedTuple):
    """The parts of a topic."""

    site: str
    gateway: str
    device: str
    kind: str


KINDS: Final[dict[str, type[Envelope]]] = {
    "state": State,
    "space": Space,
    "plate": Plate,
    "sweep": Sweep,
    "snapshot": Snapshot,
    "passage": Passage,
    "barrier": Barrier,
    "scan": Scan,
    "payment": Payment,
    "ack": Ack,
    "shown": Screen,
    "alive": Alive,
    "silent": Silent,
    "tailgated": Tailgated,
}

OUR_OWN: Final = frozenset({"silent", "tailgated"})
"""What we alone may say, and all that we say."""

_TOPIC = re.compile(r"boshu/v1/([A-Za-z0-9_-]{1,40})/([A-Za-z0-9_-]{1,40})/([A-Za-z0-9_-]{1,40})/([a-z]{1,20})")


@lru_cache(maxsize=200_000)
def read_topic(topic: str) -> Address:
    """
    Return the parts of a topic.

    Raises:
        Unreadable: not of the form `boshu/v1/<site>/<gateway>/<device>/<kind>`, or an unknown kind.
    """
    found = _TOPIC.fullmatch(topic)
    if found is None:
        raise Unreadable(Reason.TOPIC, "not boshu/v1/<site>/<gateway>/<device>/<kind>")
    address = Address(*found.groups())
    if address.kind not in KINDS:
        raise Unreadable(Reason.TOPIC, f"no kind of message is called {address.kind}")
    return address


def read_payload(kind: str, payload: bytes) -> Envelope:
    """
    Return the typed message.

    Raises:
        Unreadable: too large, not UTF-8, not JSON, or not of the kind's form.
    """
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise Unreadable(Reason.TOO_LARGE, f"{len(payload)} bytes")
    try:
        return KINDS[kind].model_validate_json(payload)
    except ValidationError as error:
        raise _unreadable(payload, error) from None


def _unreadable(payload: bytes, error: ValidationError) -> Unreadable:
    """Say why: the first fault by place and kind, never the payload's own words."""
    try:
        payload.decode()
    except UnicodeDecodeError as fault:
        return Unreadable(Reason.NOT_UTF8, f"byte {fault.start}")
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return Unreadable(Reason.NOT_JSON, "not a JSON text")
    place = ".".join(str(part) for part in first["loc"] if isinstance(part, int) or str(part).isidentifier())
    return Unreadable(Reason.SCHEMA, f"{first['type']} at {place[:80] or 'the top'}")
