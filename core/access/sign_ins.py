"""Sign-ins: who tried to sign in, from where, and how it ended. Table sign_in_attempt; kept for half a year."""

from typing import Final

from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _l
from core.kit.sql import named

SQL = named("access/sign_ins")

OUTCOMES: Final[dict[str, Lazy]] = {
    "passed": _l("Passed"),
    "failed": _l("Failed"),
    "turned-away": _l("One too many"),
    "pending": _l("Not finished"),
}
SIGN_INS: Final = Relation(
    SQL["sign_in_rows"],
    key="attempt_id",
    columns=frozenset({"tried_at", "outcome", "address", "login", "name"}),
    order=(Order("tried_at", is_falling=True),),
)
