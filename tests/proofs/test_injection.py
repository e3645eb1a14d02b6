"""No filter, order or search of any list takes text for SQL: 300 payloads, no error, no foreign row, no delay (W-05)."""

import importlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any, Final

import pytest

from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.scopes import EVERYTHING
from core.insight.dispatch import search
from core.kit.clock import utc_now
from core.kit.db import Database
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.locale import Language, use
from core.ui import register as registers
from core.ui import tables
from core.ui.register import Reader, Register, asking
from tests.architecture import tree
from tests.core.insight import facts

UNTIL: Final = utc_now().replace(microsecond=0)
SLOWEST_S: Final = 2.0
EACH: Final = 6
"""Payloads a parameter is given in the suite; by turns, so that all are given to somebody. The full size gives all to each."""

_LEFT: Final = ("'", '"', "')", "'))", "\\'", "%'", "1'", "$$", "';", "x' ")
_THEN: Final = (
    " or 1=1", " or 'a'='a", " or true", " union select null", " union all select version()", "; select pg_sleep(3)",
    " or pg_sleep(3) is null", "; drop table site cascade", "; delete from stay", " and 1=(select count(*) from user_account)",
)  # fmt: skip
_RIGHT: Final = (" --", "/*", ";\x00")
PAYLOADS: Final = tuple(f"{left}{then}{right}" for left, then, right in product(_LEFT, _THEN, _RIGHT))

for path in tree.below("callbacks"):  # declarations make themselves known
    importlib.import_module(tree.module(path))
REGISTERS: Final = registers.everything()


@pytest.fixture(scope="module", autouse=True)
def english() -> Iterator[None]:
    """Speak one language throughout."""
    with use(Language.EN):
        yield


@pytest.fixture(scope="module")
def city(database: Database) -> Database:
    """Return a database with the small city and a day of its past."""
    facts.fill(database, until=UNTIL, days=1)
    return database


def parameters(register: Register) -> list[str]:
    """List what an address may say to a list: its filters, its chips, and what it sorts by."""
    chips = [register.chips.field] if register.chips else []
    return [*dict.fromkeys([*(each.field for each in register.filters), *chips]), "sort"]


def state_of(parameter: str, payload: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the page's state and the request of the grid that bring a payload to a parameter."""
    request = {"startRow": 0, "endRow": 100, "sortModel": [], "filterModel": None}
    if parameter == "sort":
        return {}, {**request, "sortModel": [{"colId": payload, "sort": "asc"}]}
    return {"q": {parameter: [payload]}}, request


def found(database: Database, register: Register, parameter: str, payload: str) -> int | None:
    """Return how many rows a payload finds; None where it is refused."""
    state, request = state_of(parameter, payload)
    with database.transaction() as tx:
        actor = Actor(uuid7(), frozenset(Permission), scope=EVERYTHING)
        reader = Reader(tx, actor, UNTIL, [] if register.is_for_all else EVERYTHING.sites(tx))
        try:
            asked = tables.asked(request)
            question = asking.of_page(register, state)
            wanted = replace(asked, conditions=asking.conditions(register, question))
            given = asking.given(register, reader, question)
            rows = register.relation.rows(tx, wanted, **given)
            register.relation.measure(tx, wanted, [total.field for total in register.totals], **given)
        except Refused:
            return None
    return len(rows)


def sizes(database: Database) -> dict[str, int]:
    """Return how many rows the tables have that payloads speak of."""
    with database.transaction() as tx:
        return {name: tx.value(f"select count(*) from {name}") for name in ("site", "stay", "user_account", "space")}  # four names


def try_all(database: Database, register: Register, payloads: Mapping[str, Sequence[str]]) -> int:
    """Give each parameter its payloads; return how many were given. A choice that is none of its own is what it is by default."""
    tried = 0
    fallen_back = {
        each.field: found(database, register, each.field, "") for each in register.filters if getattr(each, "is_given", False)
    }
    for parameter, given in payloads.items():
        for payload in given:
            began = time.monotonic()
            rows = found(database, register, parameter, payload)

            assert rows in ({None, 0} if parameter not in fallen_back else {None, fallen_back[parameter]}), (parameter, payload)
            assert time.monotonic() - began < SLOWEST_S, (parameter, payload)
            tried += 1
    return tried


class TestEveryList:
    @pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.name)
    def test_takes_payloads_for_text(self, city: Database, register: Register) -> None:
        before = sizes(city)
        turn = REGISTERS.index(register)
        given = {
            parameter: [PAYLOADS[(turn * 41 + place * 17 + n * 53) % len(PAYLOADS)] for n in range(EACH)]
            for place, parameter in enumerate(parameters(register))
        }

        assert try_all(city, register, given) == EACH * len(given)
        assert sizes(city) == before

    @pytest.mark.prove
    @pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.name)
    def test_takes_every_payload_everywhere_for_text(self, city: Database, register: Register) -> None:
        before = sizes(city)

        tried = try_all(city, register, dict.fromkeys(parameters(register), PAYLOADS))

        print(f"W-05: {register.name}: {tried:,} payloads on {len(parameters(register))} parameters, 0 errors, 0 foreign rows")
        assert tried == len(PAYLOADS) * len(parameters(register))
        assert sizes(city) == before


class TestSearch:
    def test_takes_every_payload_for_text(self, city: Database) -> None:
        before = sizes(city)
        with city.transaction() as tx:
            sites = EVERYTHING.sites(tx)
            hits = {
                payload: search.search(tx, text=payload, at=UNTIL, sites=sites) for payload in PAYLOADS if "\x00" not in payload
            }

        assert {payload for payload, found_ in hits.items() if found_} == set()
        assert sizes(city) == before


class TestPayloads:
    def test_are_three_hundred(self) -> None:
        assert len(set(PAYLOADS)) == 300
