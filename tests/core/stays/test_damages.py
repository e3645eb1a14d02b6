"""People look again at what was lost, or accept it, and only of what they see."""

from datetime import timedelta
from pathlib import Path

import pytest
from obstore.store import ObjectStore

from core.access.actors import Actor
from core.access.scopes import EVERYTHING, Scope
from core.kit.db import Tx
from core.kit.ids import uuid7
from core.stays import damages, pictures
from tests.core.places.estate import a_site
from tests.core.stays.gallery import AT, a_kept
from tests.core.stays.test_checks import open_damages, path_of, run

LATER = AT + timedelta(days=1)
BY = Actor(uuid7(), frozenset(), scope=EVERYTHING)


@pytest.fixture
def file(tx: Tx, folder: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the one picture of a site should lie that a check found lost."""
    monkeypatch.setattr(pictures, "own_store", lambda: folder)
    path = path_of(tmp_path, a_kept(tx, a_site(tx, "E-01"), into=folder))
    path.rename(path.with_suffix(".away"))
    run(tx, folder)
    return path


class TestDamages:
    def test_lists_what_is_lost_to_who_sees_its_site(self, tx: Tx, file: Path) -> None:
        site_id, _kind = open_damages(tx)[0]

        (row,) = damages.DAMAGES.find(tx, [tx.value("select damage_id from picture_damage")], sites=[site_id])

        assert (row["kind"], row["state"], row["site"], row["shows"]) == ("missing", "open", "E-01", "desk")
        assert f"{row['kept']}.jpg" == file.name
        assert damages.DAMAGES.find(tx, [row["damage_id"]], sites=[uuid7()]) == []


class TestLookAgain:
    def test_ends_what_was_put_back(self, tx: Tx, file: Path) -> None:
        key = tx.value("select damage_id from picture_damage")
        assert damages.look_again(tx, [key], by=BY, at=LATER) == 1
        assert len(open_damages(tx)) == 1

        file.with_suffix(".away").rename(file)
        damages.look_again(tx, [key], by=BY, at=LATER)

        assert open_damages(tx) == []


class TestAccept:
    def test_closes_it_for_a_reason_until_a_look_finds_it_whole(self, tx: Tx, folder: ObjectStore, file: Path) -> None:
        key = tx.value("select damage_id from picture_damage")

        assert damages.accept(tx, [key], reason="the disk broke", by=BY, at=LATER) == 1

        run(tx, folder, at=LATER + timedelta(hours=1))
        assert tx.tuples("select ending, end_reason from picture_damage") == [("accepted", "the disk broke")]
        file.with_suffix(".away").rename(file)
        run(tx, folder, at=LATER + timedelta(hours=2))
        assert tx.value("select ending from picture_damage") == "mended"

    def test_reaches_no_site_its_actor_does_not_see(self, tx: Tx, file: Path) -> None:
        stranger = Actor(uuid7(), frozenset(), scope=Scope(site_ids=frozenset({uuid7()})))
        key = tx.value("select damage_id from picture_damage")

        assert file.name
        assert damages.accept(tx, [key], reason="not mine", by=stranger, at=LATER) == 0
        assert damages.look_again(tx, [key], by=stranger, at=LATER) == 0
