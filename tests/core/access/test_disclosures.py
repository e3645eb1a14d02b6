"""Whoever took data out, or saw it in full, stands in one list, and nobody else does."""

from datetime import UTC, datetime

from core.access import audit, disclosures
from core.access.audit import Entry, Outcome
from core.kit.db import Tx
from core.kit.listing import Asked

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)


def test_lists_exports_and_what_was_shown_in_full(tx: Tx) -> None:
    for action, subject, after in (
        ("exports.ask", "1", {"register": "places/roads"}),
        ("exports.fetch", "1", {"register": "places/roads"}),
        ("registers.tell", "customers/vehicles 7", {"revealed": ["plate"]}),
        ("registers.tell", "places/roads 7", {"name": "West"}),
        ("access.sign_in", "", None),
    ):
        audit.add(tx, Entry(AT, action, Outcome.DONE, subject=subject, after=after, reason="asked by the police"))

    rows = disclosures.DISCLOSURES.rows(tx, Asked())

    assert sorted((row["kind"], row["register"]) for row in rows) == [
        ("asked", "places/roads"), ("fetched", "places/roads"), ("revealed", "customers/vehicles")
    ]  # fmt: skip
    assert {row["reason"] for row in rows} == {"asked by the police"}
