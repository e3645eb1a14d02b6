"""Shifts as a log: who was planned where, who came and who went. Tables duty, employee."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from core.kit.db import Tx
from core.kit.listing import Order, Relation
from core.kit.locale import Language, Lazy, _l, current
from core.kit.sql import named

SQL = named("staff/shifts")

SHIFTS: Final = Relation(
    SQL["shift_rows"],
    key="duty_id",
    columns=frozenset(
        {"site", "site_name", "area_id", "district", "staff_no", "person", "planned_from", "planned_to", "signed_in_at",
         "signed_out_at", "late_s", "state", "is_ahead"}
    ),
    order=(Order("is_ahead"), Order("planned_from", is_falling=True), Order("site")),  # who is here before who comes tomorrow
)  # fmt: skip
STATES: Final[dict[str, Lazy]] = {
    "here": _l("On duty"),
    "missing": _l("Not signed in"),
    "over": _l("Signed out"),
    "absent": _l("Never came"),
    "planned": _l("Ahead"),
}


def list_districts(tx: Tx, *, sites: Sequence[UUID]) -> list[tuple[str, str]]:
    """Return the districts of some sites, for a filter."""
    is_english = current() is Language.EN
    rows = tx.rows(SQL["list_districts"], sites=list(sites))
    return [(row["key"], row["name_en"] if is_english else row["name"]) for row in rows]
