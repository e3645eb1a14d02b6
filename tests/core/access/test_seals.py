"""Whoever changes the audit is found out, also when he rules the database (O-03)."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from core.access import audit, seals
from core.access.audit import Entry, Outcome, Who
from core.access.seals import Head, Verdict
from core.kit.db import Database, Tx
from core.kit.embedded_pg import EmbeddedPg, PgUrls

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)
MUCH_LATER = AT + timedelta(days=2)
ENTRIES = 12


def note(tx: Tx, n: int) -> None:
    """Write one of many entries."""
    at = AT + timedelta(seconds=n)
    audit.add(
        tx, Entry(at, f"action {n}", Outcome.DONE, actor_kind=Who.USER, actor_name="Wei", before={"n": n}, after={"n": n + 1})
    )


@pytest.fixture
def own(server: EmbeddedPg, template: str) -> Iterator[PgUrls]:
    """Return the addresses of a database of one test alone."""
    from tests.fixtures.database import fresh_copy  # a plugin: pytest imports it under its own rules

    with fresh_copy(server, template) as urls:
        yield urls


@pytest.fixture
def app(own: PgUrls) -> Iterator[Database]:
    """Return that database as the application sees it, a sealed chain of twelve entries in it."""
    database = Database(own.app)
    with database.transaction() as tx:
        for n in range(ENTRIES):
            note(tx, n)
        seals.seal(tx)
    yield database
    database.close()


@pytest.fixture
def anchor(app: Database, tmp_path: Path) -> Path:
    """Return the anchor, written after the last seal."""
    file = tmp_path / "elsewhere" / "audit.anchor"
    with app.transaction() as tx:
        assert seals.anchor(file, seals.head(tx), at=AT)
    return file


def verdict(app: Database, anchor: Path) -> Verdict:
    with app.transaction() as tx:
        return seals.verify(tx, anchors=seals.anchored(anchor), at=MUCH_LATER)


def tamper(urls: PgUrls, *statements: str) -> None:
    """Do as the mightiest account of the server, which no check of the database stops."""
    with psycopg.connect(urls.admin, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        for statement in statements:
            connection.execute(statement)


def rechained(urls: PgUrls) -> None:
    """Change an entry and make the whole chain anew, as somebody would who has read this project."""
    tamper(urls, "update audit_entry set action = 'nothing' where action = 'action 5'", "delete from audit_seal")
    database = Database(urls.app)
    with database.transaction() as tx:
        seals.seal(tx)
    database.close()


TAMPERING: dict[str, Callable[[PgUrls], None]] = {
    "edit": lambda urls: tamper(urls, "update audit_entry set action = 'nothing' where action = 'action 5'"),
    "edit of a value": lambda urls: tamper(urls, "update audit_entry set value_after = '{\"n\": 9}' where action = 'action 5'"),
    "edit of the clock": lambda urls: tamper(urls, "update audit_entry set noted_at = noted_at + '1 us' where action = 'action 5'"),
    "edit of who it was": lambda urls: tamper(urls, "update audit_entry set actor_name = 'Li' where action = 'action 5'"),
    "deletion": lambda urls: tamper(urls, "delete from audit_entry where action = 'action 5'"),
    "deletion with its seal": lambda urls: tamper(
        urls,
        "delete from audit_seal where seal_no = 6",
        "delete from audit_entry where action = 'action 5'",
    ),
    "deletion of the first": lambda urls: tamper(urls, "delete from audit_seal where seal_no = 1"),
    "insertion": lambda urls: tamper(
        urls,
        "insert into audit_entry select gen_random_uuid(), noted_at, actor_id, actor_kind, 'Li', actor_roles, action, subject,"
        " value_before, value_after, reason, address, request_id, outcome from audit_entry where action = 'action 5'",
    ),
    "exchange of two": lambda urls: tamper(
        urls,
        "update audit_seal set seal_no = 1000 where seal_no = 5",
        "update audit_seal set seal_no = 5 where seal_no = 6",
        "update audit_seal set seal_no = 6 where seal_no = 1000",
    ),
    "edit of a seal": lambda urls: tamper(urls, "update audit_seal set hash = sha256('x') where seal_no = 12"),
    "cut of the tail": lambda urls: tamper(
        urls,
        "delete from audit_entry where entry_id in (select entry_id from audit_seal where seal_no > 8)",
        "delete from audit_seal where seal_no > 8",
    ),
    "chain made anew": rechained,
    "emptied": lambda urls: tamper(urls, "truncate audit_entry, audit_seal"),
}


class TestVerify:
    def test_finds_nothing_where_nothing_was_done(self, app: Database, anchor: Path) -> None:
        assert verdict(app, anchor) == Verdict(ENTRIES, ())

    @pytest.mark.parametrize("how", TAMPERING)
    def test_finds_every(self, own: PgUrls, app: Database, anchor: Path, how: str) -> None:
        TAMPERING[how](own)

        assert verdict(app, anchor).faults != ()

    def test_needs_the_anchor_to_see_a_cut_tail(self, own: PgUrls, app: Database, anchor: Path) -> None:
        """The control: without the file outside, nobody could tell."""
        TAMPERING["cut of the tail"](own)

        assert verdict(app, anchor.with_name("none")).faults == ()

    def test_names_the_place(self, own: PgUrls, app: Database, anchor: Path) -> None:
        TAMPERING["edit"](own)

        assert verdict(app, anchor).faults == ("Entry 6 was changed, or its seal was.",)


class TestSeal:
    def test_goes_on_where_it_ended(self, app: Database, anchor: Path) -> None:
        with app.transaction() as tx:
            for n in range(ENTRIES, ENTRIES + 7):
                note(tx, n)
        with app.transaction() as tx:
            assert [seals.seal(tx, most=5), seals.seal(tx, most=5), seals.seal(tx, most=5)] == [5, 2, 0]

        assert verdict(app, anchor) == Verdict(ENTRIES + 7, ())

    def test_is_done_by_one_at_a_time(self, app: Database, anchor: Path) -> None:
        with app.transaction() as tx:
            for n in range(ENTRIES, ENTRIES + 50):
                note(tx, n)
        with app.transaction() as one, app.transaction() as other:
            assert (seals.seal(one), seals.seal(other)) == (50, 0)

        assert verdict(app, anchor) == Verdict(ENTRIES + 50, ())

    def test_keeps_up_with_many_writers(self, own: PgUrls, app: Database, anchor: Path) -> None:
        """8 writers of 100 rows while it seals; 50 of 1,000 run by `make prove`."""
        assert keeps_up(own, app, anchor, writers=8, rows=100) > 500

    @pytest.mark.prove
    def test_keeps_up_with_fifty_writers(self, own: PgUrls, app: Database, anchor: Path) -> None:
        a_second = keeps_up(own, app, anchor, writers=50, rows=1_000)

        print(f"O-03: 50 writers of 1,000 entries, the chain whole; {a_second:,.0f} entries sealed a second")
        assert a_second > 500

    @pytest.mark.prove
    def test_checks_a_million_within_a_minute(self, own: PgUrls, app: Database, anchor: Path) -> None:
        with psycopg.connect(own.admin, autocommit=True) as admin:
            admin.execute(
                "insert into audit_entry select gen_random_uuid(), noted_at + g * interval '20 s', actor_id, actor_kind,"
                " actor_name, actor_roles, action, subject, value_before, value_after, reason, address, request_id, outcome"
                " from audit_entry, generate_series(1, 1000000 / 12) as g"
            )
            admin.execute("analyze audit_entry")
        sealed = 1
        while sealed:
            with app.transaction() as tx:
                sealed = seals.seal(tx)
        began = time.monotonic()
        found = verdict(app, anchor)
        took_s = time.monotonic() - began

        print(f"O-03: {found.sealed_n:,} entries worked out anew in {took_s:.1f} s")
        assert (found.faults, found.sealed_n > 999_000) == ((), True)
        assert took_s <= 60


def keeps_up(own: PgUrls, app: Database, anchor: Path, *, writers: int, rows: int) -> float:
    """Let writers, each on a connection of his own, write while the sealer seals; return the rows sealed a second."""
    theirs = Database(own.app, pool_size=writers)

    def write(writer: int) -> None:
        for n in range(rows):
            with theirs.transaction() as tx:
                note(tx, ENTRIES + writer * rows + n)

    with ThreadPoolExecutor(writers) as pool:
        written = [pool.submit(write, writer) for writer in range(writers)]
        while not all(one.done() for one in written):
            with app.transaction() as tx:
                seals.seal(tx)
        for one in written:
            one.result()
    theirs.close()
    with app.transaction() as tx:
        while seals.seal(tx):
            pass
    assert verdict(app, anchor) == Verdict(ENTRIES + writers * rows, ())
    return _rate_alone(app)


def _rate_alone(app: Database) -> float:
    with app.transaction() as tx:
        for n in range(2_000):
            note(tx, 100_000 + n)
    began = time.monotonic()
    with app.transaction() as tx:
        return seals.seal(tx) / (time.monotonic() - began)


class TestAnchor:
    def test_is_written_when_there_is_news(self, tmp_path: Path) -> None:
        file = tmp_path / "anchor"

        assert not seals.anchor(file, Head(0, bytes(32)), at=AT)
        assert seals.anchor(file, Head(3, bytes(32)), at=AT)
        assert not seals.anchor(file, Head(3, bytes(32)), at=AT)
        assert seals.anchor(file, Head(5, bytes(range(32))), at=AT)
        assert seals.anchored(file).hashes == {3: "00" * 32, 5: bytes(range(32)).hex()}

    def test_bears_a_line_that_a_crash_cut(self, tmp_path: Path) -> None:
        file = tmp_path / "anchor"
        seals.anchor(file, Head(3, bytes(32)), at=AT)
        with file.open("a") as lines:
            lines.write("2026-11-20T06:32:08+00:00 5 0011")

        assert seals.anchored(file).hashes == {3: "00" * 32}
