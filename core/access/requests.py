"""
Requests: what devices and partners asked of the HTTPS door, and what they were answered. Table door_request; kept for 72 hours.

What they sent is not here: of an answer, only what this list names is shown.
"""

from typing import Final

from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _l
from core.kit.sql import named

SQL = named("access/requests")

STATES: Final[dict[str, Lazy]] = {"taken": _l("Taken"), "refused": _l("Refused"), "waiting": _l("In hand")}
REQUESTS: Final = Relation(
    SQL["request_rows"],
    key="request_key",
    columns=frozenset({"received_at", "key_id", "nonce", "status", "device", "site", "message_n", "state", "results", "message"}),
    order=(Order("received_at", is_falling=True),),
)
