"""The audit keeps what happened, and is only added to."""

from datetime import UTC, datetime

import psycopg
import pytest

from core.access import audit
from core.access.audit import Entry, Outcome, Who
from core.kit.db import Tx
from core.kit.ids import uuid7

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)


class TestAdd:
    def test_keeps_all_that_is_told(self, tx: Tx) -> None:
        actor, request = uuid7(), uuid7()
        entry = Entry(
            AT,
            "orders.waive",
            Outcome.DONE,
            actor_id=actor,
            actor_kind=Who.USER,
            actor_name="Wei",
            actor_roles=("finance",),
            subject="order 7",
            before={"due_fen": 1_250},
            after={"due_fen": 0},
            reason="goodwill",
            address="192.0.2.10",
            request_id=request,
        )

        audit.add(tx, entry)

        row = tx.row("select * from audit_entry")
        assert row is not None
        assert (row["actor_id"], row["actor_roles"], row["request_id"]) == (actor, ["finance"], request)
        assert (row["value_before"], row["value_after"], row["outcome"]) == ({"due_fen": 1_250}, {"due_fen": 0}, "done")

    def test_bears_any_text(self, tx: Tx) -> None:
        audit.add(tx, Entry(AT, "a\0b\udcff", Outcome.REFUSED, reason="x" * 10_000, after={"at": AT, "id": uuid7()}))

        assert tx.value("select length(reason) from audit_entry") == 500

    @pytest.mark.parametrize(
        "statement",
        ["update audit_entry set reason = ''", "delete from audit_entry", "truncate audit_entry", "delete from audit_seal"],
    )
    def test_is_all_the_application_can_do(self, tx: Tx, statement: str) -> None:
        audit.add(tx, Entry(AT, "orders.waive", Outcome.DONE))

        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            tx.run(statement)
