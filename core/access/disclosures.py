"""Disclosures: who took lists out of the product, or saw in full what is masked, and why. Table audit_entry."""

from typing import Final

from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _l
from core.kit.sql import named

SQL = named("access/disclosures")

KINDS: Final[dict[str, Lazy]] = {
    "asked": _l("Export asked for"),
    "written": _l("Export written"),
    "fetched": _l("Export fetched"),
    "revealed": _l("Shown in full"),
}
DISCLOSURES: Final = Relation(
    SQL["disclosure_rows"],
    key="entry_id",
    columns=frozenset({"noted_at", "actor_name", "actor_roles", "kind", "register", "subject", "reason", "address", "outcome"}),
    order=(Order("noted_at", is_falling=True),),
)
