"""Rights: what is known of plates that park for nothing. Tables plate_entry, plate_class; their number is plate_right_version."""

from core.customers.rules.rights import Entry, Rights, Span, Special, compiled
from core.kit.db import Row, Tx
from core.kit.moments import ms_of
from core.kit.sql import named

SQL = named("customers/rights")


def current_version(tx: Tx) -> int:
    """Return the number that rises whenever an entry or a class begins or ends to hold."""
    return int(tx.value(SQL["current_version"]))


def raise_version(tx: Tx) -> None:
    """Say that what holds has changed, in the transaction that changes it."""
    tx.run(SQL["raise_version"])


def read(tx: Tx) -> Rights:
    """Read everything that ever held: a stay is judged by the instant it began."""
    return Rights(
        version=current_version(tx),
        entries=[
            Entry(row["entry_id"], row["plate"], row["plate_colour"], _span(row, row["site_ids"]))
            for row in tx.rows(SQL["read_entries"])
        ],
        specials=[
            Special(row["class_id"], compiled(row["pattern"]), frozenset(row["plate_colours"]), _span(row, None))
            for row in tx.rows(SQL["read_classes"])
        ],
    )


def _span(row: Row, site_ids: list[object] | None) -> Span:
    to_ms = None if row["holds_to"] is None else ms_of(row["holds_to"])
    return Span(ms_of(row["holds_from"]), to_ms, None if site_ids is None else frozenset(site_ids))  # type: ignore[arg-type]  # uuid[]
