"""Pictures wait for their form: a day, for who brought them, for one use."""

from datetime import timedelta
from pathlib import Path

import pytest
from obstore.store import ObjectStore

from core.kit.db import Tx
from core.kit.ids import uuid7
from core.stays import pictures, uploads
from tests.core.stays.gallery import AT, a_clerk, a_kept, an_upload


def files(tmp_path: Path) -> int:
    """Count what lies in the store."""
    return len(list(tmp_path.rglob("*.jpg")))


class TestKeep:
    def test_stops_at_what_one_may_bring_in_a_day(self, tx: Tx, folder: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(uploads, "MOST_A_DAY", 2)
        clerk, other = a_clerk(tx), a_clerk(tx)
        an_upload(tx, clerk, into=folder)
        an_upload(tx, clerk, into=folder)

        with pytest.raises(uploads.TooManyPictures):
            an_upload(tx, clerk, into=folder)

        an_upload(tx, other, into=folder)
        an_upload(tx, clerk, into=folder, at=AT + uploads.WAITS)
        assert tx.value("select count(*) from picture_upload") == 4

    def test_stops_at_as_many_bytes(self, tx: Tx, folder: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(uploads, "MOST_BYTES_A_DAY", 100)
        clerk = a_clerk(tx)
        an_upload(tx, clerk, into=folder)

        with pytest.raises(uploads.TooManyPictures):
            uploads.require_room(tx, by=clerk.id, at=AT)


class TestUse:
    def test_gives_each_picture_once_in_the_order_of_the_form(self, tx: Tx, folder: ObjectStore) -> None:
        clerk = a_clerk(tx)
        small, large = an_upload(tx, clerk, into=folder, side=16), an_upload(tx, clerk, into=folder, side=64)

        found = uploads.use(tx, [large, small, large], by=clerk.id, at=AT)

        assert [one.picture.width for one in found] == [64, 16]
        with pytest.raises(uploads.NoSuchUpload) as again:
            uploads.use(tx, [small], by=clerk.id, at=AT)
        assert again.value.field == "pictures"

    def test_gives_nobody_what_another_brought(self, tx: Tx, folder: ObjectStore) -> None:
        brought = an_upload(tx, a_clerk(tx), into=folder)

        for wanted in ([brought], [uuid7()]):
            with pytest.raises(uploads.NoSuchUpload):
                uploads.use(tx, wanted, by=a_clerk(tx).id, at=AT)

    def test_gives_nothing_that_waited_for_a_day(self, tx: Tx, folder: ObjectStore) -> None:
        clerk = a_clerk(tx)
        brought = an_upload(tx, clerk, into=folder)

        with pytest.raises(uploads.NoSuchUpload):
            uploads.use(tx, [brought], by=clerk.id, at=AT + uploads.WAITS)


class TestPurge:
    def test_deletes_what_nobody_used_and_nothing_else(self, tx: Tx, folder: ObjectStore, tmp_path: Path) -> None:
        clerk = a_clerk(tx)
        an_upload(tx, clerk, into=folder, side=16)
        kept = a_kept(tx, uuid7(), into=folder, side=32)
        an_upload(tx, clerk, into=folder, side=32)
        an_upload(tx, clerk, into=folder, side=64, at=AT + timedelta(hours=1))

        assert uploads.purge(tx, out_of=folder, at=AT + uploads.WAITS) == 2

        assert files(tmp_path) == 2  # the one that is kept, and the one that waits still
        assert pictures.load(kept, out_of=folder) is not None
        assert uploads.purge(tx, out_of=folder, at=AT + uploads.WAITS) == 0
