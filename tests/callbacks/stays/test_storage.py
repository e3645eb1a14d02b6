"""The page of the store tells where, how much and since when; the lists of months and of damages answer every question."""

from datetime import timedelta
from pathlib import Path

import pytest
from obstore.store import ObjectStore

from callbacks.insight import passages, stays
from callbacks.stays import damages, storage
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.scopes import EVERYTHING
from core.kit.db import Tx
from core.kit.ids import uuid7
from core.kit.listing import Asked
from core.kit.locale import Language, use
from core.stays import checks, pictures
from core.stays import storage as kept
from core.stays.evidence import Brought
from core.ui import evidence
from core.ui.register import Reader, Register, asking, doing, showing
from tests.core.places.estate import a_site
from tests.core.stays.gallery import AT, a_clerk, a_kept
from tests.core.stays.test_checks import path_of, run

LATER = AT + timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ObjectStore:
    """Return the store of this installation."""
    store = pictures.store((tmp_path / "evidence").as_uri())
    monkeypatch.setattr(pictures, "own_store", lambda: store)
    return store


@pytest.fixture
def reader(tx: Tx) -> Reader:
    """Return somebody who may do everything."""
    by = a_clerk(tx)
    return Reader(tx, Actor(by.id, frozenset(Permission), scope=EVERYTHING), LATER)


def facts(reader: Reader) -> str:
    """Return what stands above the list."""
    with use(Language.EN):
        return str(storage.tell(reader))


class TestStorage:
    def test_says_what_it_does_not_know(self, reader: Reader) -> None:
        text = facts(reader)

        assert "not counted yet" in text
        assert "180 days" in text

    def test_tells_how_much_there_is_as_of_when(self, reader: Reader, folder: ObjectStore) -> None:
        a_kept(reader.tx, uuid7(), into=folder)
        kept.count(reader.tx, at=LATER - timedelta(minutes=3))
        run(reader.tx, folder, at=LATER)

        text = facts(reader)

        assert "counted 3 min ago" in text
        assert "of 1, 0 lost, 0 altered" in text
        (row,) = storage.STORAGE.relation.rows(reader.tx, Asked(), **asking.given(storage.STORAGE, reader, {}))
        assert showing.cells(storage.STORAGE, row)["kept_n"] == 1
        assert showing.sheet(storage.STORAGE, reader, row)

    def test_has_what_is_kept_compared(self, reader: Reader) -> None:
        action = storage.STORAGE.action("check")
        assert action is not None

        assert doing.act(storage.STORAGE, action, reader, keys=[], reason="", typed={}).n == 1

        assert "being compared" in facts(reader)
        assert checks.get_last(reader.tx).is_open


class TestDamages:
    def test_are_looked_at_again_and_accepted(self, tx: Tx, reader: Reader, folder: ObjectStore, tmp_path: Path) -> None:
        site_id = a_site(tx, "E-01")
        path_of(tmp_path, a_kept(tx, site_id, into=folder)).unlink()
        run(tx, folder)
        register = damages.DAMAGES
        seeing = Reader(tx, reader.actor, LATER, [site_id])
        (row,) = register.relation.rows(tx, Asked(), **asking.given(register, seeing, {}))

        for name, reason in (("again", ""), ("accept", "the disk broke")):
            action = register.action(name)
            assert action is not None
            assert doing.act(register, action, seeing, keys=[str(row["damage_id"])], reason=reason, typed={}).n == 1

        assert tx.value("select end_reason from picture_damage") == "the disk broke"
        blind = Reader(tx, reader.actor, LATER, [uuid7()])
        with pytest.raises(doing.NoSuchRow):
            doing.find_row(register, blind, str(row["damage_id"]))


class TestActions:
    @pytest.mark.parametrize("register", [stays.STAYS, passages.PASSAGES], ids=lambda one: one.name)
    def test_bring_pictures_for_a_reason_alone(self, register: Register) -> None:
        action = register.action("pictures")

        assert action is not None
        assert (action.needs, action.asks_reason, action.form and action.form.fields) == (
            Permission.STAYS_AMEND, True, (evidence.FIELD,),
        )  # fmt: skip

    def test_show_no_picture_to_who_may_not_see_them(self, reader: Reader) -> None:
        blind = Reader(reader.tx, Actor(reader.actor.id, frozenset({Permission.STAYS_VIEW})), LATER)
        brought = Brought("ab" * 32, is_kept=True, by="Ann", at=AT, reason="an appeal")

        with use(Language.EN):
            text = str(evidence.section(blind, uuid7(), frames=[], brought=[brought]))

        assert "not kept here" in text
        assert "Ann" in text
        assert "/pictures/" not in text
