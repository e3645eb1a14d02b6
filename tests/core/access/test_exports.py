"""Exports: asked for by a click, made later, its owner's alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from core.access import actors, exports
from core.access.actors import Actor, NotAllowed
from core.access.exports import ExportState, Job, Made, Shape
from core.access.permissions import Permission
from core.access.roles import RoleCode
from core.kit.db import Database, Row, Tx
from core.kit.ids import uuid7
from core.kit.listing import Asked, Condition, Is, Order
from core.kit.locale import Language
from tests.core.access.people import a_user

AT = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
ASKED = Asked(
    first=100,
    most=100,
    orders=(Order("paid_fen", is_falling=True),),
    conditions=(
        Condition("state", Is.IN, ["open", "closed"]),
        Condition("entered_at", Is.AT_LEAST, AT),
        Condition("opened_on", Is.AT_MOST, date(2026, 11, 22)),
        Condition("site_id", Is.EQUAL, UUID(int=7)),
        Condition("plate", Is.CONTAINS, "A·1_%"),
        Condition("paid_fen", Is.AT_LEAST, 1_250),
    ),
)


def somebody(tx: Tx, *roles: RoleCode) -> Actor:
    """Add a user; return him as he may act."""
    found = actors.find_by_user(tx, user_id=a_user(tx, *(roles or (RoleCode.MANAGER,)), at=AT, password=None))
    assert found is not None
    return found


def an_export(tx: Tx, by: Actor, *, at: datetime = AT, reveals: bool = False, reason: str = "") -> UUID:
    """Ask for a file."""
    return exports.ask(
        tx, register="places/roads", asked=ASKED, columns=["code", "name"], shape=Shape.XLSX, language=Language.EN, by=by, at=at,
        reveals=reveals, reason=reason, question={"state": ["open", "closed"]},
    )  # fmt: skip


def claimed(tx: Tx, *, at: datetime = AT) -> Job:
    """Take the next export."""
    job = exports.claim(tx, at=at)
    assert job is not None
    return job


def a_file(tx: Tx, folder: Path, job: Job, *, at: datetime = AT) -> Path:
    """Make a file for an export, and hand it over."""
    path = exports.path_of(folder, job.export_id)
    path.write_bytes(b"rows")
    exports.finish(tx, job=job, made=Made("roads.xlsx", 3, 4, bytes(32)), at=at)
    return path


def row_of(tx: Tx, by: Actor, export_id: UUID) -> Row:
    """Return an export as its owner sees it."""
    (row,) = exports.OWN.find(tx, [export_id], user_id=by.id)
    return row


def audited(tx: Tx, export_id: UUID) -> list[str]:
    """List what the audit was told about an export."""
    told = "select action from audit_entry where subject = %(subject)s order by entry_id"
    return [action for (action,) in tx.tuples(told, subject=f"export {export_id}")]


class TestAsk:
    def test_keeps_the_question_as_it_was_asked(self, tx: Tx) -> None:
        export_id = an_export(tx, somebody(tx))

        job = claimed(tx)

        assert (job.export_id, job.register, job.shape, job.columns) == (export_id, "places/roads", Shape.XLSX, ("code", "name"))
        assert job.question == {"state": ["open", "closed"]}
        assert job.asked == ASKED.all_rows()  # not the page that was shown
        assert [type(each.value) for each in job.asked.conditions] == [type(each.value) for each in ASKED.conditions]

    def test_needs_the_right_to_export(self, tx: Tx) -> None:
        with pytest.raises(NotAllowed):
            an_export(tx, somebody(tx, RoleCode.SYSTEM_ADMINISTRATOR))

    def test_needs_a_right_and_a_reason_to_reveal(self, tx: Tx) -> None:
        with pytest.raises(NotAllowed):
            an_export(tx, somebody(tx, RoleCode.DISPATCHER), reveals=True, reason="a claim in court")
        with pytest.raises(exports.NoReason):
            an_export(tx, somebody(tx), reveals=True, reason="  ")

        export_id = an_export(tx, somebody(tx), reveals=True, reason="a claim in court")
        assert claimed(tx, at=AT).export_id == export_id

    def test_refuses_a_third_one_at_work(self, tx: Tx) -> None:
        busy = somebody(tx)
        first = an_export(tx, busy)
        an_export(tx, busy)

        with pytest.raises(exports.TooManyExports):
            an_export(tx, busy)

        exports.cancel(tx, [first], by=busy, at=AT)
        an_export(tx, busy)
        an_export(tx, somebody(tx))


class TestClaim:
    def test_gives_each_to_one_maker(self, tx: Tx) -> None:
        owner = somebody(tx)
        first, second = an_export(tx, owner), an_export(tx, owner, at=AT + timedelta(seconds=1))

        assert [claimed(tx).export_id, claimed(tx).export_id] == [first, second]
        assert exports.claim(tx, at=AT) is None

    def test_waits_for_nobody_who_claims_at_the_same_time(self, own_database: Database) -> None:
        with own_database.transaction() as tx:
            owner = somebody(tx)
            mine = {an_export(tx, owner), an_export(tx, owner)}

        with own_database.transaction() as one, own_database.transaction() as other:
            taken = {claimed(one).export_id, claimed(other).export_id}

        assert taken == mine

    def test_takes_over_from_a_maker_who_fell_silent(self, tx: Tx) -> None:
        an_export(tx, somebody(tx))
        dead = claimed(tx)
        exports.beat(tx, job=dead, row_n=5, row_total=9, at=AT)

        heir = claimed(tx, at=AT + exports.SILENT)

        assert heir.export_id == dead.export_id
        with pytest.raises(exports.Stopped):  # back from the dead, it must not hand over what the heir is writing
            exports.finish(tx, job=dead, made=Made("roads.xlsx", 1, 1, bytes(32)), at=AT + exports.SILENT)

    def test_gives_up_what_kills_its_makers(self, tx: Tx) -> None:
        owner = somebody(tx)
        export_id, at = an_export(tx, owner), AT
        for _attempt in range(exports.ATTEMPTS_MOST):
            claimed(tx, at=at)
            at += exports.SILENT

        assert exports.claim(tx, at=at) is None
        assert row_of(tx, owner, export_id)["state"] == ExportState.FAILED


class TestBeat:
    def test_tells_how_far_it_is(self, tx: Tx) -> None:
        owner = somebody(tx)
        export_id, job = an_export(tx, owner), claimed(tx)

        exports.beat(tx, job=job, row_n=50, row_total=200, at=AT)

        row = row_of(tx, owner, export_id)
        assert (row["state"], row["row_n"], row["row_total"], row["done_pct"]) == (ExportState.RUNNING, 50, 200, 25)

    def test_stops_a_maker_whose_export_was_cancelled(self, tx: Tx) -> None:
        owner = somebody(tx)
        export_id, job = an_export(tx, owner), claimed(tx)
        assert exports.cancel(tx, [export_id], by=owner, at=AT) == 1

        with pytest.raises(exports.Stopped):
            exports.beat(tx, job=job, row_n=1, row_total=2, at=AT)


class TestCancel:
    def test_refuses_what_is_not_ones_own_or_over(self, tx: Tx, tmp_path: Path) -> None:
        owner = somebody(tx)
        export_id = an_export(tx, owner)

        with pytest.raises(exports.NoSuchExport):
            exports.cancel(tx, [export_id], by=somebody(tx), at=AT)

        a_file(tx, tmp_path, claimed(tx))
        with pytest.raises(exports.NoSuchExport):
            exports.cancel(tx, [export_id], by=owner, at=AT)


class TestFetch:
    def test_gives_the_owner_his_file_and_tells_the_audit(self, tx: Tx, tmp_path: Path) -> None:
        owner = somebody(tx)
        export_id = an_export(tx, owner)
        path = a_file(tx, tmp_path, claimed(tx))

        filed = exports.fetch(tx, export_id=export_id, folder=tmp_path, by=owner, at=AT + timedelta(hours=23))

        assert (filed.path, filed.name) == (path, "roads.xlsx")
        assert audited(tx, export_id) == ["exports.ask", "exports.finish", "exports.fetch"]

    def test_gives_nobody_else_anything(self, tx: Tx, tmp_path: Path) -> None:
        export_id = an_export(tx, somebody(tx))
        a_file(tx, tmp_path, claimed(tx))

        with pytest.raises(exports.NoSuchExport):
            exports.fetch(tx, export_id=export_id, folder=tmp_path, by=somebody(tx), at=AT)

    def test_gives_nothing_after_a_day(self, tx: Tx, tmp_path: Path) -> None:
        owner = somebody(tx)
        export_id = an_export(tx, owner)
        a_file(tx, tmp_path, claimed(tx))

        with pytest.raises(exports.NoSuchExport):
            exports.fetch(tx, export_id=export_id, folder=tmp_path, by=owner, at=AT + exports.KEPT)

    def test_keeps_what_is_revealed_from_whom_the_right_was_taken(self, tx: Tx, tmp_path: Path) -> None:
        owner = somebody(tx)
        export_id = an_export(tx, owner, reveals=True, reason="a claim in court")
        a_file(tx, tmp_path, claimed(tx))

        barred = replace(owner, permissions=frozenset({Permission.EXPORT}))

        with pytest.raises(NotAllowed):
            exports.fetch(tx, export_id=export_id, folder=tmp_path, by=barred, at=AT)


class TestExpire:
    def test_deletes_what_was_kept_long_enough_and_strays(self, tx: Tx, tmp_path: Path) -> None:
        owner = somebody(tx)
        export_id, at = an_export(tx, owner), AT + exports.KEPT
        old = a_file(tx, tmp_path, claimed(tx))
        young_id = an_export(tx, owner, at=at)
        young = a_file(tx, tmp_path, claimed(tx, at=at), at=at)
        (tmp_path / f"{uuid7()}.file").write_bytes(b"left by a crash")

        assert exports.expire(tx, folder=tmp_path, at=at) == 2

        assert (old.exists(), young.exists()) == (False, True)
        assert [row_of(tx, owner, each)["state"] for each in (export_id, young_id)] == [ExportState.EXPIRED, ExportState.DONE]

    def test_keeps_no_more_than_twenty_of_a_user(self, tx: Tx, tmp_path: Path) -> None:
        owner = somebody(tx)
        made = []
        for number in range(exports.KEPT_MOST + 1):
            at = AT + timedelta(minutes=number)
            made.append(an_export(tx, owner, at=at))
            a_file(tx, tmp_path, claimed(tx, at=at), at=at)

        assert row_of(tx, owner, made[0])["state"] == ExportState.EXPIRED
        assert row_of(tx, owner, made[1])["state"] == ExportState.DONE
