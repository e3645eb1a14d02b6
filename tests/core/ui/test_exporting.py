"""Exporting: a file holds what its owner may read when it is made."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import UUID

import openpyxl
import pytest

from callbacks import exporting as declared
from core.access import actors, exports, roles, scopes
from core.access.actors import Actor
from core.access.exports import ExportState, Job, Shape
from core.access.permissions import Permission
from core.access.roles import RoleCode
from core.access.scopes import EVERYTHING, Scope
from core.kit.clock import FixedClock
from core.kit.db import Database, Row, Tx
from core.kit.listing import Asked, Condition, Is, Relation
from core.kit.locale import Language
from core.kit.masks import Mask
from core.ui import exporting, tables
from core.ui import register as registers
from core.ui.exporting import Workshop
from core.ui.register import Register, Total
from core.ui.tables import Look
from tests.core.access.people import a_user
from tests.core.places.estate import a_site

AT = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
COLUMNS = ["code", "name"]


@pytest.fixture(scope="module", autouse=True)
def lists() -> None:
    """Declare every list, as the process does."""
    declared.declare()


@pytest.fixture
def shop(own_database: Database, tmp_path: Path) -> Workshop:
    """Return a workshop of a city with two sites."""
    with own_database.transaction() as tx:
        roles.keep_built_in(tx)
        a_site(tx, "E-01")
        a_site(tx, "E-02")
    return Workshop(own_database, tmp_path, lambda _tx: "泊枢", FixedClock(AT))


def a_job(
    shop: Workshop, *, register: str = "places/sites", shape: Shape = Shape.CSV, scope: Scope = EVERYTHING, **said: Any
) -> tuple[Actor, Job]:
    """Ask for a file of all sites and take the job."""
    with shop.database.transaction() as tx:
        owner = actors.find_by_user(tx, user_id=a_user(tx, RoleCode.MANAGER, at=AT, password=None, scope=scope))
        assert owner is not None
        exports.ask(
            tx, register=register, asked=said.pop("asked", Asked()), columns=said.pop("columns", COLUMNS), shape=shape,
            language=Language.EN, by=owner, at=AT, **said,
        )  # fmt: skip
        job = exports.claim(tx, at=AT)
    assert job is not None
    return owner, job


def row_of(shop: Workshop, owner: Actor) -> Row:
    """Return the export of a user."""
    with shop.database.transaction() as tx:
        (row,) = exports.OWN.rows(tx, Asked(), user_id=owner.id)
    return row


def codes(shop: Workshop, job: Job) -> list[str]:
    """Return the codes of the sites in a CSV."""
    with exports.path_of(shop.folder, job.export_id).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    return [row[0] for row in rows[rows.index([]) + 2 :]]


def site_id(tx: Tx, code: str) -> UUID:
    """Return the id of a site."""
    found: UUID = tx.value("select site_id from site where code = %(code)s", code=code)
    return found


class TestMake:
    @pytest.mark.parametrize("shape", list(Shape))
    def test_hands_over_a_file_of_each_shape(self, shop: Workshop, shape: Shape) -> None:
        owner, job = a_job(shop, shape=shape)

        exporting.make(shop, job)

        row = row_of(shop, owner)
        assert (row["state"], row["row_n"], row["detail"]) == (ExportState.DONE, 2, "")
        assert row["file_name"].endswith(f"-20261122-2100.{shape}")
        assert exports.path_of(shop.folder, job.export_id).stat().st_size == row["file_bytes"]

    def test_tells_filters_in_words_and_keeps_to_them(self, shop: Workshop) -> None:
        asked = Asked(conditions=(Condition("code", Is.EQUAL, "E-02"),))
        _owner, job = a_job(shop, shape=Shape.XLSX, asked=asked, question={"code": ["E-02"], "opened_on": ["2026-01-01", ""]})

        exporting.make(shop, job)

        with exports.path_of(shop.folder, job.export_id).open("rb") as file:
            about = openpyxl.load_workbook(file).worksheets[1]
        told = {row[0]: row[1] for row in about.iter_rows(values_only=True)}
        assert (told["Rows"], told["Company"], told["Export"]) == ("1", "泊枢", str(job.export_id))
        assert told["Period"] == "2026-01-01 –"

    def test_shows_nobody_more_than_his_own_sites(self, shop: Workshop) -> None:
        with shop.database.transaction() as tx:
            mine = Scope(site_ids=frozenset({site_id(tx, "E-02")}))
        _owner, job = a_job(shop, scope=mine)

        exporting.make(shop, job)

        assert codes(shop, job) == ["E-02"]

    def test_asks_for_rights_and_scope_as_they_are_when_it_is_made(self, shop: Workshop) -> None:
        owner, job = a_job(shop)
        with shop.database.transaction() as tx:
            scopes.grant(tx, user_id=owner.id, scope=Scope(site_ids=frozenset({site_id(tx, "E-01")})), by=None, at=AT)

        exporting.make(shop, job)

        assert codes(shop, job) == ["E-01"]

    def test_refuses_whom_a_right_was_taken_from_meanwhile(self, shop: Workshop) -> None:
        owner, job = a_job(shop)
        with shop.database.transaction() as tx:
            roles.grant(tx, user_id=owner.id, role_codes=[RoleCode.SYSTEM_ADMINISTRATOR], by=None, at=AT)

        exporting.make(shop, job)

        row = row_of(shop, owner)
        assert (row["state"], row["detail"]) == (ExportState.FAILED, "You may not do this.")
        assert not exports.path_of(shop.folder, job.export_id).exists()

    def test_says_so_where_a_list_is_gone(self, shop: Workshop) -> None:
        owner, job = a_job(shop, register="places/nothing")

        exporting.make(shop, job)

        assert row_of(shop, owner)["detail"] == "This list is no longer there."

    def test_stops_the_database_too_when_it_is_cancelled(self, shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(exporting, "BEAT_S", 0.05)
        slow = "select 1 as key, pg_sleep(30)::text as code, 'x' as name"
        sites = registers.find("places/sites")
        assert sites is not None
        relation = Relation(slow, key="key", columns=sites.relation.columns)  # a list that never ends
        object.__setattr__(job_register := _copy(sites, relation), "name", "places/sites")
        monkeypatch.setattr(registers, "find", lambda _name: job_register)
        owner, job = a_job(shop)

        maker = Thread(target=exporting.make, args=(shop, job))
        maker.start()
        with shop.database.transaction() as tx:
            exports.cancel(tx, [job.export_id], by=owner, at=AT)
        maker.join(timeout=10)

        assert not maker.is_alive()
        assert row_of(shop, owner)["state"] == ExportState.CANCELLED
        assert list(shop.folder.iterdir()) == []


def _copy(register: Register, relation: Any) -> Register:
    """Return a register with another relation, unknown to anybody."""
    copied = object.__new__(Register)
    for name in Register.__slots__:
        object.__setattr__(copied, name, getattr(register, name))
    object.__setattr__(copied, "relation", relation)
    return copied


class TestServe:
    def test_makes_what_waits_until_it_is_told_to_end(self, shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(exporting, "IDLE_S", 0.02)
        with shop.database.transaction() as tx:
            owner = actors.find_by_user(tx, user_id=a_user(tx, RoleCode.MANAGER, at=AT, password=None))
            assert owner is not None
            for shape in (Shape.CSV, Shape.XLSX):
                exports.ask(
                    tx,
                    register="places/sites",
                    asked=Asked(),
                    columns=COLUMNS,
                    shape=shape,
                    language=Language.ZH_CN,
                    by=owner,
                    at=AT,
                )
        stray = shop.folder / "stray.file"
        stray.write_bytes(b"of a process that died")

        server, patience = Thread(target=exporting.serve, args=(shop,)), Event()
        server.start()
        for _try in range(500):
            with shop.database.transaction() as tx:
                states = {row["state"] for row in exports.OWN.rows(tx, Asked(), user_id=owner.id)}
            if states == {ExportState.DONE}:
                break
            patience.wait(0.02)
        shop.stopped.set()
        server.join(timeout=10)

        assert states == {ExportState.DONE}
        assert not stray.exists()


class TestColumnOf:
    def test_keeps_looks_words_and_masks(self) -> None:
        def kind(look: Look, **more: Any) -> str:
            return exporting.column_of(tables.Column("a", "A", look, **more), is_summed=False, reveals=False).kind

        assert [kind(look) for look in (Look.TEXT, Look.CODE, Look.NUMBER, Look.MONEY, Look.MOMENT, Look.DATE, Look.SWITCH)] == [
            "text", "text", "whole", "money", "moment", "date", "yes_no",
        ]  # fmt: skip
        assert kind(Look.LEVEL, scale=10, places=1) == "number"
        plate = tables.Column("plate", "Plate", Look.PLATE, personal=Mask.PLATE)
        assert exporting.column_of(plate, is_summed=False, reveals=False).personal is Mask.PLATE
        assert exporting.column_of(plate, is_summed=False, reveals=True).personal is None


def test_every_list_can_be_exported(shop: Workshop) -> None:
    """Whoever sees everything gets a file of each list with all of its columns; what they add up to is added up."""
    with shop.database.transaction() as tx:
        found = actors.find_by_user(tx, user_id=a_user(tx, RoleCode.MANAGER, at=AT, password=None))
        assert found is not None
        owner = Actor(found.id, frozenset(declared_permissions()), name="Somebody", scope=EVERYTHING)
        said = []
        for register in registers.everything():
            if not register.has_export:
                continue
            job = Job(
                found.id, found.id, register.name, Shape.CSV, Language.EN, Asked().all_rows(), {},
                tuple(column.field for column in register.columns), False, "", AT, found.id,
            )  # fmt: skip
            reader = registers.Reader(tx, owner, AT + timedelta(seconds=1), [] if register.is_for_all else owner.scope.sites(tx))
            source = exporting.source_of(register, reader, job)
            line_n, rows = sum(block.row_n for block in source.blocks()), list(source.rows())
            assert all(isinstance(total, Total) for total in register.totals)
            source.totals()
            if not line_n == len(rows) == source.count():
                said.append(register.name)
    assert said == []


def declared_permissions() -> list[Any]:
    """Return every permission."""
    return list(Permission)
