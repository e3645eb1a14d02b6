"""A check finds what is lost or altered, says nothing of what it cannot reach, and goes round all pictures in time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from obstore.store import ObjectStore

from core.kit.db import Tx
from core.kit.errors import Unavailable
from core.kit.ids import uuid7
from core.stays import checks, pictures
from core.stays.checks import Check, Verdict
from tests.core.stays.gallery import AT, a_clerk, a_kept

LATER = AT + timedelta(days=1)


def path_of(tmp_path: Path, kept: bytes) -> Path:
    """Return the file of a picture."""
    return tmp_path / "evidence" / pictures.path_of(kept)


def run(tx: Tx, folder: ObjectStore, *, at: datetime = LATER) -> dict[Verdict, int]:
    """Ask for a check and do it in one batch."""
    checks.ask_share(tx, at=at)
    check = checks.claim(tx, at=at)
    assert check is not None
    counted = checks.note(tx, checks.look(checks.list_due(tx, check, done_n=0), out_of=folder), at=at)
    checks.note_progress(tx, check, counted)
    checks.finish(tx, check, at=at)
    return counted


def open_damages(tx: Tx) -> Sequence[tuple[UUID, str]]:
    """Return the damages that are open."""
    return tx.tuples("select site_id, kind from picture_damage where ended_at is null order by kind")


class TestNote:
    def test_finds_what_is_lost_and_what_is_altered(self, tx: Tx, folder: ObjectStore, tmp_path: Path) -> None:
        whole, lost, altered = uuid7(), uuid7(), uuid7()
        a_kept(tx, whole, into=folder, side=16)
        path_of(tmp_path, a_kept(tx, lost, into=folder, side=32)).unlink()
        file = path_of(tmp_path, a_kept(tx, altered, into=folder, side=64))
        file.write_bytes(file.read_bytes()[:-1] + b"x")

        counted = run(tx, folder)

        assert counted == {Verdict.GOOD: 1, Verdict.MISSING: 1, Verdict.ALTERED: 1}
        assert open_damages(tx) == [(altered, "altered"), (lost, "missing")]
        told = checks.get_last(tx)
        assert (told.ended_at, told.checked_n, told.missing_n, told.altered_n, told.is_open) == (LATER, 3, 1, 1, False)

    def test_twice_finds_it_once_and_mends_what_is_whole_again(self, tx: Tx, folder: ObjectStore, tmp_path: Path) -> None:
        site_id = uuid7()
        file = path_of(tmp_path, a_kept(tx, site_id, into=folder))
        raw = file.read_bytes()
        file.unlink()
        run(tx, folder)
        run(tx, folder, at=LATER + timedelta(hours=1))
        assert open_damages(tx) == [(site_id, "missing")]

        file.write_bytes(raw)
        run(tx, folder, at=LATER + timedelta(hours=2))

        assert open_damages(tx) == []
        assert tx.value("select ending from picture_damage") == "mended"

    def test_holds_against_nobody_what_served_its_time_meanwhile(self, tx: Tx, folder: ObjectStore) -> None:
        a_kept(tx, uuid7(), into=folder)
        checks.ask_share(tx, at=LATER)
        check = checks.claim(tx, at=LATER)
        assert check is not None
        due = checks.list_due(tx, check, done_n=0)
        pictures.purge(tx, out_of=folder, kept_for=timedelta(hours=1), at=LATER)

        counted = checks.note(tx, checks.look(due, out_of=folder), at=LATER)

        assert sum(counted.values()) == 0
        assert open_damages(tx) == []

    def test_ends_a_damage_when_the_picture_has_served_its_time(self, tx: Tx, folder: ObjectStore, tmp_path: Path) -> None:
        path_of(tmp_path, a_kept(tx, uuid7(), into=folder)).unlink()
        run(tx, folder)

        pictures.purge(tx, out_of=folder, kept_for=timedelta(hours=1), at=LATER)

        assert tx.value("select ending from picture_damage") == "expired"


class TestLook:
    def test_calls_nothing_lost_while_the_store_is_away(self, tx: Tx, folder: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in (("AWS_ENDPOINT_URL", "http://127.0.0.1:9"), ("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b")):
            monkeypatch.setenv(name, value)
        a_kept(tx, uuid7(), into=folder)
        checks.ask_share(tx, at=LATER)
        check = checks.claim(tx, at=LATER)
        assert check is not None

        with pytest.raises(Unavailable):
            checks.look(checks.list_due(tx, check, done_n=0), out_of=pictures.store("s3://nowhere/at-all"))

        assert open_damages(tx) == []


class TestListDue:
    def test_takes_those_first_that_were_compared_longest_ago(self, tx: Tx, folder: ObjectStore) -> None:
        first, second, never = uuid7(), uuid7(), uuid7()
        for site_id, side in ((second, 16), (first, 32), (never, 64)):
            a_kept(tx, site_id, into=folder, side=side)
        tx.run("update picture set checked_at = %(at)s where site_id = %(site)s", at=AT, site=first)
        tx.run("update picture set checked_at = %(at)s where site_id = %(site)s", at=AT + timedelta(hours=1), site=second)

        due = checks.list_due(tx, Check(uuid7(), 200, LATER), done_n=0)

        assert [one.site_id for one in due] == [never, first, second]
        assert len(checks.list_due(tx, Check(uuid7(), 2, LATER), done_n=0)) == 2
        assert checks.list_due(tx, Check(uuid7(), 2, LATER), done_n=2) == []


class TestAsk:
    def test_is_one_check_however_often_it_is_asked_for(self, tx: Tx) -> None:
        clerk = a_clerk(tx)

        assert [checks.ask(tx, [], by=clerk, at=AT), checks.ask(tx, [], by=clerk, at=AT)] == [1, 0]

        check = checks.claim(tx, at=AT)
        assert check is not None
        assert check.most == checks.MOST_ASKED
        assert checks.get_last(tx).is_open
        assert checks.claim(tx, at=AT) is None
        assert checks.claim(tx, at=AT + checks.SILENT + timedelta(seconds=1)) is not None  # its runner fell silent
