"""Where evidence is kept is told without secrets, how much there is as it was counted."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from obstore.store import ObjectStore

from core.kit.db import Tx
from core.kit.ids import uuid7
from core.kit.listing import Asked
from core.settings import Settings
from core.stays import pictures, storage
from core.stays.storage import Where
from tests.core.stays.gallery import AT, a_kept


class TestGetPlace:
    def test_tells_a_folder_with_the_room_on_its_disk(self, tmp_path: Path) -> None:
        place = storage.get_place(Settings(data_dir=tmp_path))

        assert (place.kind, place.address) == (Where.FOLDER, str(tmp_path / "evidence"))
        assert place.free_bytes is not None
        assert place.total_bytes is not None
        assert 0 < place.free_bytes <= place.total_bytes

    def test_tells_a_bucket_without_what_opens_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", "https://key:very-secret@store.example:9000/?token=very-secret")

        place = storage.get_place(Settings(evidence_url="s3://evidence/jiangzhou?key=very-secret"))

        assert place == storage.Place(Where.S3, "s3://evidence/jiangzhou", "store.example:9000")
        assert (place.free_bytes, place.total_bytes) == (None, None)
        assert "secret" not in str(place)


class TestCount:
    def test_adds_up_by_month_of_the_city_and_says_when(self, tx: Tx, folder: ObjectStore) -> None:
        october = datetime(2026, 10, 31, 15, 59, tzinfo=UTC)  # the last minute of October in the city
        for side, at in ((16, october), (32, october + timedelta(minutes=1)), (64, AT)):
            a_kept(tx, uuid7(), into=folder, side=side, at=at)
        pictures.purge(tx, out_of=folder, kept_for=timedelta(days=1), at=october + timedelta(days=1))
        assert storage.get_amount(tx).kept_n is None  # nobody counted yet

        lines_n = storage.count(tx, at=AT)

        rows = storage.SUMS.rows(tx, Asked())
        assert lines_n == 2
        assert [(row["sum_id"], row["kept_n"], row["removed_n"]) for row in rows] == [
            ("2026-11 desk", 2, 0),
            ("2026-10 desk", 0, 1),
        ]
        amount = storage.get_amount(tx)
        assert (amount.kept_n, amount.removed_n, amount.unchecked_n, amount.counted_at) == (2, 1, 2, AT)
        assert amount.oldest_at == october + timedelta(minutes=1)
        assert amount.kept_bytes == tx.value("select sum(kept_bytes) from picture where removed_at is null")

    def test_tells_nothing_from_unknown(self, tx: Tx) -> None:
        storage.count(tx, at=AT)

        amount = storage.get_amount(tx)

        assert (amount.kept_n, amount.kept_bytes, amount.oldest_at, amount.counted_at) == (0, 0, None, AT)

    def test_again_leaves_nothing_of_the_time_before(self, tx: Tx, folder: ObjectStore) -> None:
        a_kept(tx, uuid7(), into=folder)
        storage.count(tx, at=AT)
        tx.run("insert into picture_sum values ('2020-01-01', 'read', 1, 1, 0, 0, %(at)s, 0, null, %(at)s)", at=AT)

        storage.count(tx, at=AT + timedelta(minutes=1))

        assert [row["kept_n"] for row in storage.SUMS.rows(tx, Asked())] == [1]
