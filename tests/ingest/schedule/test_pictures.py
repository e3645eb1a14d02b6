"""Pictures by the clock: what is asked for is compared to its end, a lost one calls people, what served its time goes."""

from datetime import timedelta
from pathlib import Path

import pytest
from obstore.store import ObjectStore

from core.access.actors import Actor
from core.access.roles import RoleCode
from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.errors import Unavailable
from core.office import switches
from core.office.switches import Draft, Switch
from core.stays import checks, storage
from core.stays import pictures as kept
from core.upkeep import alarms
from core.upkeep.alarms import Limits, Rule
from ingest.pipeline import Pipeline
from ingest.schedule import pictures
from ingest.schedule.job import Work
from tests.core.access.people import a_user
from tests.core.places.estate import a_site
from tests.core.stays.gallery import AT, a_clerk, a_kept, an_upload

LATER = AT + timedelta(days=1)
PICTURES_N = 2 * checks.BATCH + 3
ALARMS = "select detail from alarm where rule = %(rule)s and cleared_at is null"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ObjectStore:
    """Return the store of this installation."""
    store = kept.store((tmp_path / "evidence").as_uri())
    monkeypatch.setattr(kept, "own_store", lambda: store)
    return store


@pytest.fixture
def work(own_database: Database, folder: ObjectStore) -> Work:
    """Return a site that keeps three batches of pictures, a day later."""
    with own_database.transaction() as tx:
        site_id = a_site(tx, "E-01")
        for side in range(PICTURES_N):
            a_kept(tx, site_id, into=folder, side=side + 1)
    return Work(own_database, Pipeline(own_database), clock=FixedClock(LATER))


def lose_one(tmp_path: Path) -> Path:
    """Move a picture out of the store."""
    path = next(iter(sorted((tmp_path / "evidence").rglob("*.jpg"))))
    return path.rename(path.with_suffix(".away"))


class TestCheckAsked:
    def test_compares_the_night_s_share_to_its_end(self, work: Work, tmp_path: Path) -> None:
        lose_one(tmp_path)
        assert pictures.check_asked(work) == "nothing asked"
        pictures.ask_share(work)

        said = pictures.check_asked(work)

        with work.database.transaction() as tx:
            told = checks.get_last(tx)
            assert tx.value("select count(*) from picture where checked_at = %(at)s", at=LATER) == PICTURES_N
        assert said == f"{PICTURES_N} pictures"
        assert (told.checked_n, told.missing_n, told.altered_n, told.is_open) == (PICTURES_N, 1, 0, False)

    def test_calls_people_until_the_picture_is_back(self, work: Work, tmp_path: Path) -> None:
        away = lose_one(tmp_path)
        for is_back in (False, True):
            if is_back:
                away.rename(away.with_suffix(".jpg"))
            pictures.ask_share(work)
            work.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]  # a FixedClock
            pictures.check_asked(work)
            with work.database.transaction() as tx:
                alarms.judge(tx, limits=Limits(), at=work.clock.now())
                ringing = tx.tuples(ALARMS, rule=Rule.EVIDENCE_DAMAGED)
            assert ringing == ([] if is_back else [({"n": 1},)])

    def test_leaves_a_check_open_while_the_store_is_away(self, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in (("AWS_ENDPOINT_URL", "http://127.0.0.1:9"), ("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b")):
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(kept, "own_store", lambda: kept.store("s3://away/at-all"))
        pictures.ask_share(work)

        with pytest.raises(Unavailable):
            pictures.check_asked(work)

        with work.database.transaction() as tx:
            assert checks.get_last(tx).is_open
            assert tx.value("select count(*) from picture_damage") == 0


class TestPurge:
    def test_keeps_pictures_as_long_as_the_operator_says(self, work: Work, folder: ObjectStore, tmp_path: Path) -> None:
        with work.database.transaction() as tx:
            by = Actor(a_user(tx, RoleCode.SYSTEM_ADMINISTRATOR, at=AT, password=None), frozenset())
            switches.change(tx, Switch.EVIDENCE_DAYS, Draft(value=30), version=0, by=by, at=LATER)
            an_upload(tx, a_clerk(tx), into=folder, side=200)
        assert pictures.purge(work) == "0 pictures, 1 never used"

        work.clock.advance(timedelta(days=29))  # type: ignore[attr-defined]  # a FixedClock
        assert pictures.purge(work) == f"{PICTURES_N} pictures, 0 never used"

        assert list((tmp_path / "evidence").rglob("*.jpg")) == []


class TestCount:
    def test_counts_what_is_kept(self, work: Work) -> None:
        pictures.count(work)

        with work.database.transaction() as tx:
            assert storage.get_amount(tx).kept_n == PICTURES_N
