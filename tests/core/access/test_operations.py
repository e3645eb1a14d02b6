"""What the auditor reads is what was noted, and how its chain stands."""

from datetime import UTC, datetime, timedelta

from core.access import audit, operations, seals, users
from core.access.audit import Entry, Outcome, Who
from core.access.seals import Verdict
from core.kit.db import Tx
from core.kit.ids import uuid7
from core.kit.listing import Asked, Condition, Is

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)


def note(tx: Tx, action: str, outcome: Outcome = Outcome.DONE) -> Entry:
    entry = Entry(
        AT, action, outcome, actor_id=uuid7(), actor_kind=Who.USER, actor_name="Wei", actor_roles=("manager", "finance"),
        subject="places/roads 7", before={"name": "East"}, after={"name": "West"}, reason="typing error", address="192.0.2.10",
    )  # fmt: skip
    audit.add(tx, entry)
    return entry


class TestOperations:
    def test_tell_who_did_what_and_where_it_stands_in_the_chain(self, tx: Tx) -> None:
        entry = note(tx, "places.change")
        seals.seal(tx)
        later = note(tx, "places.close")

        first, second = (operations.OPERATIONS.find(tx, [each.entry_id])[0] for each in (entry, later))

        assert (first["actor_name"], first["actor_roles"], first["reason"]) == ("Wei", "manager, finance", "typing error")
        assert (first["value_before"], first["value_after"]) == ({"name": "East"}, {"name": "West"})
        assert (first["seal_no"], second["seal_no"]) == (1, None)

    def test_name_the_account_of_who_signs_in_and_him_once_he_succeeded(self, tx: Tx) -> None:
        user_id = users.add(tx, login="wei", name="Wei", at=AT)
        tries = [Entry(AT, "access.sign_in", outcome, actor_id=user_id) for outcome in (Outcome.REFUSED, Outcome.DONE)]
        for entry in tries:
            audit.add(tx, entry)

        found = operations.OPERATIONS.find(tx, [entry.entry_id for entry in tries])

        assert [(row["actor_name"], row["subject"]) for row in found] == [("", "wei"), ("Wei", "wei")]

    def test_are_found_by_who_what_and_how_it_ended(self, tx: Tx) -> None:
        note(tx, "places.change")
        denied = note(tx, "places.close", Outcome.DENIED)
        asked = Asked(conditions=(Condition("outcome", Is.IN, ["denied"]), Condition("action", Is.CONTAINS, "close")))

        assert [row["entry_id"] for row in operations.OPERATIONS.rows(tx, asked)] == [denied.entry_id]


class TestChain:
    def test_is_unknown_before_the_first_seal(self, tx: Tx) -> None:
        chain = operations.chain(tx)

        assert (chain.sealed_n, chain.sealed_to, chain.checked_at, chain.checked_n) == (0, None, None, None)

    def test_tells_the_newest_seal_and_the_newest_check(self, tx: Tx) -> None:
        note(tx, "places.change")
        seals.seal(tx)
        for hours, faults in ((1, ("Entry 6 was changed.",)), (25, ())):
            operations.keep_check(tx, verdict=Verdict(1, faults), at=AT + timedelta(hours=hours))

        chain = operations.chain(tx)

        assert (chain.sealed_n, chain.sealed_to) == (1, AT)
        assert (chain.checked_at, chain.checked_n, chain.faults) == (AT + timedelta(hours=25), 1, ())
