"""The audit is kept as long as it must be, goes by whole months, and its chain holds before and after (O-05, O-03)."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from core.access import audit, retention, seals
from core.access.audit import Entry, Outcome
from core.kit.clock import utc_now
from core.kit.db import Database
from core.kit.embedded_pg import EmbeddedPg, PgUrls
from core.kit.migrations import FOLDER, migrate

KEPT = 36
JANUARY, FEBRUARY = date(2023, 1, 1), date(2023, 2, 1)
DUE = datetime(2026, 2, 2, tzinfo=UTC)
"""The day from which on January 2023 may go."""


@pytest.fixture
def own(server: EmbeddedPg, template: str) -> Iterator[PgUrls]:
    """Return the addresses of a database of one test alone."""
    from tests.fixtures.database import fresh_copy  # a plugin: pytest imports it under its own rules

    with fresh_copy(server, template) as urls:
        yield urls


@pytest.fixture
def app(own: PgUrls) -> Iterator[Database]:
    """Return that database with two months of the audit, sealed: an entry every ten days."""
    database = Database(own.app)
    with database.transaction() as tx:
        for month in (JANUARY, FEBRUARY):
            retention.make_month(tx, month)
    for day in (0, 10, 20, 30, 40, 50):
        note(database, datetime(2023, 1, 1, 9, tzinfo=UTC) + timedelta(days=day))
    yield database
    database.close()


@pytest.fixture
def anchor(app: Database, tmp_path: Path) -> Path:
    """Return the anchor, written after the last seal."""
    file = tmp_path / "elsewhere" / "audit.anchor"
    anchored(app, file)
    return file


def note(database: Database, at: datetime) -> None:
    """Note an entry, and seal it."""
    with database.transaction() as tx:
        audit.add(tx, Entry(at, f"action of {at:%Y-%m-%d}", Outcome.DONE))
        seals.seal(tx)


def anchored(app: Database, file: Path) -> None:
    with app.transaction() as tx:
        seals.anchor(file, seals.head(tx), at=DUE)


def faults(app: Database, anchor: Path) -> tuple[str, ...]:
    with app.transaction() as tx:
        seals.seal(tx)
        return seals.verify(tx, anchors=seals.anchored(anchor), at=DUE + timedelta(days=1)).faults


def actions(app: Database) -> list[str]:
    with app.transaction() as tx:
        return [action for (action,) in tx.tuples("select action from audit_entry order by noted_at")]


def retire(app: Database, anchor: Path, *, at: datetime = DUE) -> retention.Retired | None:
    return retention.retire(app, anchor_file=anchor, kept_months=KEPT, at=at)


class TestRetire:
    def test_takes_the_oldest_month_and_the_chain_holds(self, app: Database, anchor: Path) -> None:
        gone = retire(app, anchor)

        assert gone is not None
        assert (gone.month, gone.entry_n, gone.cut.seal_no) == (JANUARY, 4, 4)
        assert actions(app) == ["action of 2023-02-10", "action of 2023-02-20", "audit.retire"]
        assert faults(app, anchor) == ()

    def test_takes_no_month_before_its_day(self, app: Database, anchor: Path) -> None:
        assert retire(app, anchor, at=DUE - timedelta(seconds=1)) is None

        assert len(actions(app)) == 6

    def test_takes_one_month_after_the_other(self, app: Database, anchor: Path) -> None:
        a_month_later = DUE + timedelta(days=28)
        note(app, a_month_later)
        anchored(app, anchor)

        assert [gone and gone.month for gone in (retire(app, anchor, at=a_month_later) for _n in range(2))] == [JANUARY, FEBRUARY]
        assert faults(app, anchor) == ()

    def test_keeps_what_the_anchor_does_not_know(self, app: Database, tmp_path: Path) -> None:
        with pytest.raises(retention.NotProved):
            retire(app, tmp_path / "none")

        assert len(actions(app)) == 6

    def test_keeps_what_somebody_changed(self, own: PgUrls, app: Database, anchor: Path) -> None:
        tamper(own, "update audit_entry set action = 'nothing' where action = 'action of 2023-02-10'")

        with pytest.raises(retention.NotProved):
            retire(app, anchor)

        assert len(actions(app)) == 6

    def test_keeps_the_head_of_the_chain(self, app: Database, anchor: Path) -> None:
        retire(app, anchor)
        with app.transaction() as tx:  # what tells of it is not sealed yet
            assert seals.head(tx).seal_no == 6

        with pytest.raises(retention.NotProved):
            retention.retire(app, anchor_file=anchor, kept_months=7, at=DUE - timedelta(days=1))

    def test_is_finished_by_the_next_run_after_a_crash(self, app: Database, anchor: Path) -> None:
        """The control is beside it: the anchor alone takes nothing away."""
        with app.transaction() as tx:
            row = tx.row("select seal_no, hash from audit_seal where seal_no = 4")
        assert row is not None
        seals.cut(anchor, seals.Head(4, bytes(row["hash"])), at=DUE)
        assert (faults(app, anchor), len(actions(app))) == ((), 6)

        assert retire(app, anchor) is not None
        assert (faults(app, anchor), len(actions(app))) == ((), 3)

    def test_leaves_what_was_sealed_late_with_its_seal(self, app: Database, anchor: Path) -> None:
        """An entry of February sealed before the last one of January stays, and stands in the chain no more."""
        note(app, datetime(2023, 3, 1, tzinfo=UTC))
        note(app, datetime(2023, 2, 28, 23, 59, tzinfo=UTC))
        note(app, DUE)
        anchored(app, anchor)
        later = DUE + timedelta(days=60)

        for _month in (JANUARY, FEBRUARY):
            retire(app, anchor, at=later)

        assert actions(app)[:2] == ["action of 2023-03-01", "action of 2026-02-02"]
        assert faults(app, anchor) == ()

    def test_is_seen_where_somebody_takes_more(self, own: PgUrls, app: Database, anchor: Path) -> None:
        """Who rules the database can take a month, and cannot tell the anchor."""
        tamper(own, "delete from audit_seal where seal_no <= 4", "drop table audit_entry_202301 cascade")

        assert "Seal 1 is missing." in faults(app, anchor)


def tamper(urls: PgUrls, *statements: str) -> None:
    """Do as the mightiest account of the server."""
    with psycopg.connect(urls.admin, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        for statement in statements:
            connection.execute(statement)


class TestMonths:
    def test_of_the_last_half_year_nobody_takes_away(self, app: Database) -> None:
        """The database itself refuses, whatever instant it is told."""
        now = utc_now()
        young = (now - timedelta(days=184)).date().replace(day=1)
        with app.transaction() as tx:
            retention.make_month(tx, young)

        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="must be kept"), app.transaction() as tx:
            tx.run("select retire_audit_month(%(month)s, 1)", month=young)

    def test_go_with_their_whole_chain_or_not_at_all(self, app: Database) -> None:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="outside of the chain"), app.transaction() as tx:
            tx.run("select retire_audit_month('2023-01-01', 3)")

    def test_are_no_condition_for_noting(self, app: Database) -> None:
        """What falls into no month is noted all the same, and no month is made over it."""
        note(app, datetime(2031, 5, 6, tzinfo=UTC))
        with app.transaction() as tx:
            retention.make_month(tx, date(2031, 5, 1))
            retention.make_month(tx, date(2031, 6, 1))

            newest = tx.value("select tableoid::regclass::text from audit_entry order by noted_at desc limit 1")
            assert newest == "audit_entry_other"
            assert tx.value("select to_regclass('audit_entry_203105')") is None
            assert tx.value("select to_regclass('audit_entry_203106')") is not None


class TestMigration:
    def test_carries_a_chain_over_as_it_stands(self, empty_database: Callable[[], PgUrls], tmp_path: Path) -> None:
        urls = empty_database()
        before = tmp_path / "before"
        before.mkdir()
        for file in FOLDER.glob("0[0-4]*.sql"):
            if file.name < "0461":
                shutil.copy(file, before)
        migrate(urls.owner, before)
        a_chain_of_old(urls)

        migrate(urls.owner)

        database = Database(urls.app)
        assert actions(database) == ["action 0", "action 1", "action 2"]
        with database.transaction() as tx:
            assert seals.verify(tx, anchors=seals.NOWHERE, at=DUE) == seals.Verdict(3, ())
            assert tx.value("select count(distinct tableoid) from audit_entry") == 3
        database.close()


def a_chain_of_old(urls: PgUrls) -> None:
    """Note and seal three entries of three months as was done before there were months."""
    with psycopg.connect(urls.app) as connection:
        hash_ = bytes(32)
        for n in range(3):
            row = connection.execute(
                """with noted as (
                    insert into audit_entry (
                        entry_id, noted_at, actor_kind, actor_name, actor_roles, action, subject, reason, address, outcome)
                    values (gen_random_uuid(), %s, 'nobody', '', '{}', %s, '', '', '', 'done')
                    returning *
                )
                select entry_id, jsonb_build_array(
                    entry_id, extract(epoch from noted_at), actor_id, actor_kind, actor_name, actor_roles, action, subject,
                    value_before, value_after, reason, address, request_id, outcome)::text
                from noted""",
                (datetime(2023, 1 + n, 15, tzinfo=UTC), f"action {n}"),
            ).fetchone()
            assert row is not None
            hash_ = seals.link(hash_, n + 1, row[1])
            connection.execute("insert into audit_seal (seal_no, entry_id, hash) values (%s, %s, %s)", (n + 1, row[0], hash_))
