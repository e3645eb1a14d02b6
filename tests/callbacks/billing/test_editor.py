"""The editor's callbacks: an edition opened, what was typed looked at, a draft saved, and what others wrote not lost."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from dash.development.base_component import Component
from flask import Flask, g

from callbacks import edge
from callbacks.billing import editor
from core.access import actors
from core.access.roles import RoleCode
from core.billing import tariffs
from core.billing.language import sketches
from core.kit.clock import FixedClock, utc_now
from core.kit.db import Database
from core.kit.ids import derived_id
from core.places import organisations
from core.places.organisations import Organisation, OrganisationKind
from ingest.simulator import holidays
from tests.core.billing.pricing_room import AT, text
from tests.core.billing.tariffs import street
from tests.fixtures.visitors import sign_in

OWNER = derived_id("organisation", "editor")
VERSION = "select v.tariff_version_id from tariff_version as v join tariff using (tariff_id) where code = %(code)s"
Told = dict[str, Any]


@pytest.fixture(scope="module")
def city(database: Database) -> Database:
    """Return a city with a calendar and one operator."""
    with database.transaction() as tx:
        organisations.add(tx, [Organisation(OWNER, None, OrganisationKind.OPERATOR, "运营", "Operator")])
        holidays.open_calendar(tx, first=AT.year, last=AT.year + 1, at=AT)
    return database


def enter(city: Database, role: RoleCode) -> None:
    token = sign_in(city, role).token
    with city.transaction() as tx:
        g.actor = actors.find_by_token(tx, token=token, at=utc_now(), is_seen=True)


@pytest.fixture(autouse=True)
def finance(city: Database) -> Iterator[None]:
    """Let somebody of finance in, who writes tariffs."""
    server = Flask(__name__)
    edge.register(server, database=city, clock=FixedClock(AT))
    with server.test_request_context():
        enter(city, RoleCode.FINANCE)
        yield


def told(**words: object) -> Told:
    return {"asked": 1, "lang": "en", **words}


def save(code: str, *, key: str = "", version: int = 0, fen: int = 500) -> Told:
    """Save a draft as the page does."""
    return editor.save(told(key=key, version=version, text=text(code=code, fen=fen), note="", organisation=str(OWNER)))


def words(piece: Any) -> str:
    """Return every text of what was drawn."""
    if isinstance(piece, Component):
        return words(getattr(piece, "children", None))
    if isinstance(piece, list | tuple):
        return " ".join(words(each) for each in piece)
    return "" if piece is None else str(piece)


class TestOpenEdition:
    def test_begins_a_new_tariff_with_the_city_s_time_and_money(self) -> None:
        opened = editor.open_edition(told())

        assert opened["value"] == {"form": 1, "time_zone": "Asia/Shanghai", "currency": "CNY"}
        assert (opened["key"], opened["readonly"]) == ("", False)
        assert [value for value, _label in opened["organisations"]] == [str(OWNER)]

    def test_opens_a_draft_with_its_version(self) -> None:
        key = save("opened")["key"]
        opened = editor.open_edition(told(tariff=key))

        assert (opened["key"], opened["version"], opened["readonly"]) == (key, 1, False)
        assert opened["text"].strip() == text(code="opened").strip()

    def test_only_shows_what_was_checked_and_writes_the_next_from_it(self, city: Database) -> None:
        key = UUID(save("checked")["key"])
        with city.transaction() as tx:
            tariffs.check(tx, [key], by=edge.actor(), at=AT)
            version = tx.value(VERSION, code="checked")

        shown, copied = editor.open_edition(told(tariff=str(version))), editor.open_edition(told(copy=str(version)))

        assert (shown["readonly"], shown["key"]) == (True, str(version))
        assert (copied["readonly"], copied["key"], copied["text"]) == (False, "", shown["text"])

    @pytest.mark.parametrize("key", ["no id", "0197aaaa-0000-7000-8000-000000000000"])
    def test_says_that_there_is_none(self, key: str) -> None:
        assert editor.open_edition(told(tariff=key)) == {"asked": 1, "absent": True}

    def test_lets_others_look_only(self, city: Database) -> None:
        key = save("looked-at")["key"]
        enter(city, RoleCode.DISPATCHER)
        opened = editor.open_edition(told(tariff=key))

        assert (opened["readonly"], opened["may_write"], opened["why"]) == (True, False, "You may look at tariffs, and write none.")


class TestLook:
    def test_answers_parts_with_their_text_and_pictures(self) -> None:
        seen, pictures = editor.look(told(value=street()))

        assert sketches.read(seen["text"]) == street()
        assert seen["faults"] == ()
        assert "19" in words(pictures)

    def test_answers_a_text_with_its_parts_and_the_lines_of_its_faults(self) -> None:
        wrong = text().replace("rounding: up", "rounding: sideways")
        seen, pictures = editor.look(told(text=wrong))

        assert seen["value"]["code"] == "sample"
        (fault,) = seen["faults"]
        assert fault.path == "plans.0.bands.0.charge.rounding"
        assert "sideways" in wrong.splitlines()[seen["lines"][fault.path] - 1]
        assert "Nothing can be drawn yet" in words(pictures)

    def test_says_where_a_text_cannot_be_read(self) -> None:
        seen, _pictures = editor.look(told(text="form: 1\nplans: [{"))

        assert seen["value"] is None
        assert seen["faults"][0].path.startswith("2:")

    def test_draws_for_the_class_and_the_zone_that_were_chosen(self) -> None:
        sketch = street() | {"zones": ["near", "far"]}
        sketch["plans"][0]["bands"][0]["charge"]["tiers"][0]["price_fen"] = {"by_zone": {"near": 1234, "far": 4321}}

        near, far = (words(editor.look(told(value=sketch, zone=zone))[1]) for zone in ("near", "far"))

        assert ("12.34" in near, "12.34" in far, "43.21" in far) == (True, False, True)


class TestSave:
    def test_writes_once_and_then_the_same_draft(self) -> None:
        first = save("twice")
        second = save("twice", key=first["key"], version=first["version"], fen=700)

        assert second == {"asked": 1, "key": first["key"], "version": first["version"] + 1}

    def test_loses_to_whoever_was_faster_and_shows_what_he_wrote(self) -> None:
        first = save("faster")
        save("faster", key=first["key"], version=first["version"], fen=700)
        late = save("faster", key=first["key"], version=first["version"], fen=900)

        assert late["version"] == first["version"] + 1
        assert late["text"].strip() == text(code="faster", fen=700).strip()
        assert late["refused"]

    def test_refuses_a_second_draft_of_one_tariff(self) -> None:
        save("second")

        assert "draft already" in save("second")["refused"]

    def test_refuses_an_organisation_that_its_writer_does_not_see(self) -> None:
        refused = editor.save(told(key="", text=text(code="alien"), organisation=str(derived_id("organisation", "other"))))

        assert refused == {"asked": 1, "refused": "Say which organisation the tariff belongs to."}

    def test_is_told_to_the_audit(self, city: Database) -> None:
        key = save("audited")["key"]
        with city.transaction() as tx:
            row = tx.row("select value_after from audit_entry where subject = %(subject)s", subject=f"billing/tariffs {key}")

        assert row is not None
        assert row["value_after"]["code"] == "audited"
