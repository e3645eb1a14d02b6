"""Every register of people, screens and logs answers: its list, its drawer, its form, and each of its actions."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from callbacks.access.disclosures import DISCLOSURES
from callbacks.access.operations import OPERATIONS
from callbacks.access.requests import REQUESTS
from callbacks.access.rights import RIGHTS
from callbacks.access.roles import ROLES
from callbacks.access.screens import SCREENS
from callbacks.access.sessions import SESSIONS
from callbacks.access.sign_ins import SIGN_INS
from callbacks.access.users import USERS
from core.access import attempts, audit, roles, scenes, screens, sessions, users
from core.access.actors import Actor
from core.access.audit import Entry, Outcome
from core.access.permissions import Permission
from core.access.roles import Draft, RoleCode
from core.access.sessions import Stage
from core.kit.db import Tx
from core.kit.listing import Asked
from core.kit.locale import Language, use
from core.ui.register import Reader, Register, asking, doing, forming, showing
from tests.core.access.people import a_user

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)
OURS = [DISCLOSURES, OPERATIONS, REQUESTS, RIGHTS, ROLES, SCREENS, SESSIONS, SIGN_INS, USERS]
TYPED: dict[str, Callable[[Tx], dict[str, Any]]] = {
    "scene": lambda tx: {"scene_id": scenes.list_choices(tx)[0][0]},
    "message": lambda _tx: {"text": "Fire drill at 15:00"},
}


@pytest.fixture
def reader(tx: Tx) -> Reader:
    """Return somebody who may do everything, in a house where a little has happened."""
    by = a_user(tx, RoleCode.SYSTEM_ADMINISTRATOR, at=AT, password=None)
    somebody = a_user(tx, RoleCode.DISPATCHER, at=AT)
    users.disable(tx, user_id=a_user(tx, at=AT), by=by, at=AT)
    roles.register(tx, Draft(name="Watch", permissions=[Permission.WALL_VIEW]))
    sessions.begin(tx, user_id=somebody, stage=Stage.OPEN, address="192.0.2.10", agent="a browser", at=AT)
    scenes.register(tx, scenes.Draft(name="Overview", kind=scenes.Kind.OVERVIEW), by=Actor(by, frozenset(Permission)), at=AT)
    screen_id = screens.add(tx, name="hall", by=None, at=AT)
    screens.bind(tx, link=screens.make_link(tx, screen_id=screen_id, at=AT), address="192.0.2.20", agent="", at=AT)
    audit.add(tx, Entry(AT, "exports.ask", Outcome.DONE, after={"register": "places/roads"}))
    attempts.admit(tx, login="nobody", user_id=None, address="198.51.100.7", at=AT)
    tx.run("insert into door_request values ('key-1', 'a', sha256('a'), %(at)s, 200, '{\"result\": \"stored\"}')", at=AT)
    return Reader(tx, Actor(by, frozenset(Permission), confirmed_at=AT), AT)


def rows(register: Register, reader: Reader) -> list[dict[str, Any]]:
    return register.relation.rows(reader.tx, Asked(), **asking.given(register, reader, {}))


def others(register: Register, reader: Reader) -> list[dict[str, Any]]:
    """Return the rows that are not about who acts himself."""
    return [row for row in rows(register, reader) if row.get("user_id") != reader.actor.id]


class TestRegisters:
    @pytest.mark.parametrize("register", OURS, ids=lambda each: each.name)
    @pytest.mark.parametrize("language", list(Language))
    def test_draw_their_rows_and_drawers(self, reader: Reader, register: Register, language: Language) -> None:
        with use(language):
            found = rows(register, reader)

            assert found != []
            for row in found:
                assert showing.cells(register, row)
                assert showing.sheet(register, reader, row)

    @pytest.mark.parametrize("register", [each for each in OURS if each.form], ids=lambda each: each.name)
    def test_describe_their_forms(self, reader: Reader, register: Register) -> None:
        assert register.form is not None
        for row in [None, *rows(register, reader)]:
            assert len(forming.describe(register.form, reader, row)) == len(register.form.fields)

    @pytest.mark.parametrize(
        ("register", "action"),
        [(register, action) for register in OURS for action in register.actions],
        ids=lambda each: each.name,
    )
    def test_do_what_their_actions_say(self, reader: Reader, register: Register, action: Any) -> None:
        offered = [row for row in others(register, reader) if action.when is None or action.when(row)]
        keys = [] if action.is_for_none else [str(row[register.relation.key]) for row in offered[:1]]
        assert keys or action.is_for_none
        typed = TYPED[action.name](reader.tx) if action.name in TYPED else {}

        deed = doing.act(register, action, reader, keys=keys, reason="a test", typed=typed)

        assert deed.n == 1
        assert bool(deed.shows) == (action.tell is not None)
