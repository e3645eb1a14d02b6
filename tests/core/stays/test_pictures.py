"""Pictures of evidence: kept where announced, shown to whom the site belongs, gone in time."""

import hashlib
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import obstore
import pytest
from obstore.store import ObjectStore

from core.kit.db import Tx
from core.kit.errors import Unavailable
from core.kit.ids import uuid7
from core.kit.pictures import NoPicture
from core.stays import checks, pictures
from core.stays.checks import Verdict
from tests.core.kit.test_pictures import drawn
from tests.fixtures.s3 import BUCKET, S3

AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
DEVICE = uuid7()
PATIENCE_S = 10.0


def announced(tx: Tx, raw: bytes, *, site_id: UUID | None = None, at: datetime = AT) -> UUID:
    """Let a device of a site speak of a picture; return the site."""
    site = site_id or uuid7()
    tx.run("select make_partitions(%(on)s)", on=at.date())
    tx.run(
        "insert into evidence (site_id, at, evidence_id, event_id, device_id, kind, frame_sha256) "
        "values (%(site)s, %(at)s, %(id)s, %(id)s, %(device)s, 'read', %(sha)s)",
        device=DEVICE, site=site, at=at, id=uuid7(), sha=hashlib.sha256(raw).digest(),
    )  # fmt: skip
    return site


def files(tmp_path: Path) -> list[str]:
    """List what lies in the store."""
    return sorted(str(path.relative_to(tmp_path / "evidence")) for path in tmp_path.rglob("*.jpg"))


class TestKeep:
    def test_puts_the_clean_picture_by_its_own_hash(self, tx: Tx, folder: ObjectStore, tmp_path: Path) -> None:
        raw = drawn()
        site = announced(tx, raw)

        kept = pictures.keep(tx, raw, site_id=site, devices=[DEVICE], into=folder, at=AT)
        pictures.keep(tx, raw, site_id=site, devices=[DEVICE], into=folder, at=AT)

        name = kept.sha256.hex()
        assert files(tmp_path) == [f"{name[:2]}/{name}.jpg"]
        assert hashlib.sha256((tmp_path / "evidence" / name[:2] / f"{name}.jpg").read_bytes()).digest() == kept.sha256

    def test_takes_nothing_that_nobody_announced(self, tx: Tx, folder: ObjectStore, tmp_path: Path) -> None:
        raw = drawn()
        announced(tx, raw)

        with pytest.raises(pictures.NotAnnounced):
            pictures.keep(tx, raw, site_id=uuid7(), devices=[DEVICE], into=folder, at=AT)
        with pytest.raises(pictures.NotAnnounced):
            pictures.keep(tx, raw, site_id=announced(tx, raw), devices=[DEVICE], into=folder, at=AT + pictures.ANNOUNCED)
        with pytest.raises(pictures.NotAnnounced):
            pictures.keep(tx, raw, site_id=announced(tx, raw), devices=[uuid7()], into=folder, at=AT)

        assert files(tmp_path) == []

    def test_takes_no_announced_thing_that_is_no_picture(self, tx: Tx, folder: ObjectStore) -> None:
        raw = b"<svg/>"

        with pytest.raises(NoPicture):
            pictures.keep(tx, raw, site_id=announced(tx, raw), devices=[DEVICE], into=folder, at=AT)


class TestFetch:
    def test_gives_the_picture_to_whom_the_site_belongs_alone(self, tx: Tx, folder: ObjectStore) -> None:
        raw = drawn()
        site, frame = announced(tx, raw), hashlib.sha256(raw).digest()
        kept = pictures.keep(tx, raw, site_id=site, devices=[DEVICE], into=folder, at=AT)

        assert pictures.fetch(tx, site_id=site, frame_sha256=frame, sites=[site], out_of=folder) == kept.raw
        with pytest.raises(pictures.NoSuchPicture):
            pictures.fetch(tx, site_id=site, frame_sha256=frame, sites=[uuid7()], out_of=folder)
        with pytest.raises(pictures.NoSuchPicture):
            pictures.fetch(tx, site_id=site, frame_sha256=kept.sha256, sites=[site], out_of=folder)

    def test_gives_nothing_that_was_altered_in_the_store(self, tx: Tx, folder: ObjectStore, tmp_path: Path) -> None:
        raw = drawn()
        site, frame = announced(tx, raw), hashlib.sha256(raw).digest()
        pictures.keep(tx, raw, site_id=site, devices=[DEVICE], into=folder, at=AT)
        (file,) = tmp_path.rglob("*.jpg")
        file.write_bytes(file.read_bytes() + b"x")

        with pytest.raises(pictures.NoSuchPicture):
            pictures.fetch(tx, site_id=site, frame_sha256=frame, sites=[site], out_of=folder)

    def test_knows_which_of_some_are_kept(self, tx: Tx, folder: ObjectStore) -> None:
        raw, other = drawn(), drawn((10, 10))
        site = announced(tx, raw)
        pictures.keep(tx, raw, site_id=site, devices=[DEVICE], into=folder, at=AT)

        frames = [hashlib.sha256(each).digest() for each in (raw, other)]

        assert pictures.kept_of(tx, site_id=site, frames=frames) == {frames[0]}


class TestStore:
    """What holds of a folder holds of S3 on the wire."""

    @pytest.fixture
    def bucket(self, s3: S3, monkeypatch: pytest.MonkeyPatch) -> ObjectStore:
        """Return a store below a prefix of its own."""
        for name, value in s3.environment.items():
            monkeypatch.setenv(name, value)
        return pictures.store(f"s3://{BUCKET}/{uuid7().hex}")

    def test_keeps_shows_checks_and_deletes_in_s3(self, tx: Tx, bucket: ObjectStore) -> None:
        raw = drawn()
        site, frame = announced(tx, raw), hashlib.sha256(raw).digest()
        kept = pictures.keep(tx, raw, site_id=site, devices=[DEVICE], into=bucket, at=AT)
        due = checks.Due(site, frame, kept.sha256)
        path = pictures.path_of(kept.sha256)
        assert [each["path"] for each in obstore.list(bucket).collect()] == [path]
        assert pictures.fetch(tx, site_id=site, frame_sha256=frame, sites=[site], out_of=bucket) == kept.raw
        assert checks.look([due], out_of=bucket) == {due: Verdict.GOOD}

        obstore.put(bucket, path, kept.raw + b"x")
        assert checks.look([due], out_of=bucket) == {due: Verdict.ALTERED}
        with pytest.raises(pictures.NoSuchPicture):
            pictures.fetch(tx, site_id=site, frame_sha256=frame, sites=[site], out_of=bucket)

        assert pictures.purge(tx, out_of=bucket, kept_for=timedelta(days=1), at=AT + timedelta(days=1)) == 1
        assert obstore.list(bucket).collect() == []
        assert checks.look([due], out_of=bucket) == {due: Verdict.MISSING}

    def test_says_that_s3_is_away_within_the_patience_of_a_screen(self, tx: Tx, s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in {**s3.environment, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}.items():
            monkeypatch.setenv(name, value)
        raw, away = drawn(), pictures.store(f"s3://{BUCKET}/{uuid7().hex}")
        site, began = announced(tx, raw), time.monotonic()

        with pytest.raises(Unavailable):
            pictures.keep(tx, raw, site_id=site, devices=[DEVICE], into=away, at=AT)

        assert time.monotonic() - began < PATIENCE_S
        assert tx.value("select count(*) from picture") == 0


class TestPurge:
    def test_deletes_bytes_in_time_and_keeps_the_hashes(self, tx: Tx, folder: ObjectStore, tmp_path: Path) -> None:
        raw = drawn()
        first, second = announced(tx, raw), announced(tx, raw)
        pictures.keep(tx, raw, site_id=first, devices=[DEVICE], into=folder, at=AT)
        pictures.keep(tx, raw, site_id=second, devices=[DEVICE], into=folder, at=AT + timedelta(hours=1))
        kept_for = timedelta(days=180)

        assert pictures.purge(tx, out_of=folder, kept_for=kept_for, at=AT + kept_for) == 1
        assert len(files(tmp_path)) == 1  # the second site still has it
        assert pictures.purge(tx, out_of=folder, kept_for=kept_for, at=AT + kept_for + timedelta(hours=1)) == 1
        assert files(tmp_path) == []
        with pytest.raises(pictures.NoSuchPicture):
            pictures.fetch(tx, site_id=first, frame_sha256=hashlib.sha256(raw).digest(), sites=[first], out_of=folder)
        assert tx.value("select count(*) from picture where removed_at is not null") == 2
