"""A thousand foreign objects of each kind change nothing of what any list tells who may not see them (A-02)."""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest

from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.roles import RoleCode
from core.access.scopes import EVERYTHING, Scope
from core.kit.clock import utc_now
from core.kit.db import Database
from core.kit.ids import uuid7
from core.kit.locale import Language, use
from core.kit.partitions import MAKE
from core.ui import register as registers
from core.ui.register import Register
from tests.architecture import tree
from tests.core.access.people import a_user
from tests.core.insight import facts
from tests.fixtures import foreigners
from tests.fixtures.foreigners import MANY, MARK, Told

UNTIL = utc_now().replace(microsecond=0)
AT = UNTIL + timedelta(seconds=1)
OWN_SITES = 20
SOME_SITES = "select array_agg(site_id) from (select site_id from site order by code limit %(n)s) as few"
OTHERS = ("devices/inventory", "devices/bindings", "customers/lists", "staff/shifts", "office/site_channels")
ACCOUNT = (
    "insert into channel_account (account_id, channel, name, changed_at) values (gen_random_uuid(), 'wechat', 'everybody', %(at)s)"
)
PLANTED = ("places/sites", "places/zones", "places/berths", "places/lanes", "places/lane_codes", "places/groups", "places/capacity")

for path in tree.below("callbacks"):  # declarations make themselves known
    importlib.import_module(tree.module(path))
OF_SITES = [register for register in registers.everything() if not register.is_for_all]


@dataclass(slots=True)
class Town:
    """What somebody with some sites, and somebody with all, were told before and after the foreigners came."""

    database: Database
    somebody: Actor
    everybody: Actor
    before: dict[str, Told] = field(default_factory=dict)
    all_before: dict[str, int] = field(default_factory=dict)
    foreign: list[UUID] = field(default_factory=list)


@pytest.fixture(scope="module", autouse=True)
def english() -> Iterator[None]:
    """Speak one language throughout."""
    with use(Language.EN):
        yield


@pytest.fixture(scope="module")
def town(database: Database) -> Town:
    """Return the small city with foreigners in it."""
    facts.fill(database, until=UNTIL, days=1)
    with database.transaction() as tx:
        own = frozenset(tx.value(SOME_SITES, n=OWN_SITES))
        tx.run(MAKE, month=AT.date())
        tx.run(ACCOUNT, at=AT)  # of the whole city, and seen by whoever may set accounts
        a_user(tx, RoleCode.MANAGER, at=AT, password=None)
    permissions = frozenset(Permission)
    somebody, everybody = (Actor(uuid7(), permissions, scope=scope) for scope in (Scope(site_ids=own), EVERYTHING))
    town = Town(database, somebody, everybody)
    for register in OF_SITES:
        town.before[register.name] = foreigners.told(database, register, actor=town.somebody, at=AT)
        town.all_before[register.name] = foreigners.told(database, register, actor=town.everybody, at=AT).count
    town.foreign = foreigners.plant(database, at=UNTIL)
    return town


@pytest.mark.parametrize("register", OF_SITES, ids=lambda register: register.name)
class TestEveryList:
    def test_tells_the_same_as_if_there_were_no_others(self, town: Town, register: Register) -> None:
        after = foreigners.told(town.database, register, actor=town.somebody, at=AT)

        assert MARK not in after.text
        assert after == town.before[register.name]

    def test_reaches_no_foreign_object_by_its_key(self, town: Town, register: Register) -> None:
        assert foreigners.reached(town.database, register, town.foreign, actor=town.somebody, at=AT) == 0

    def test_finds_no_foreign_object_by_its_text(self, town: Town, register: Register) -> None:
        assert foreigners.searched(town.database, register, actor=town.somebody, at=AT) == 0


@pytest.mark.parametrize("name", OTHERS)
def test_other_lists_tell_a_thousand_more_to_who_sees_everything(town: Town, name: str) -> None:
    """The control of the others."""
    register = registers.find(name)
    assert register is not None

    after = foreigners.told(town.database, register, actor=town.everybody, at=AT)

    assert after.count - town.all_before[name] >= MANY
    assert MARK in after.text


@pytest.mark.parametrize("name", PLANTED)
class TestListsOfPlaces:
    def test_tell_a_thousand_more_to_who_sees_everything(self, town: Town, name: str) -> None:
        """The control: the foreigners are there."""
        register = registers.find(name)
        assert register is not None

        after = foreigners.told(town.database, register, actor=town.everybody, at=AT)

        assert after.count - town.all_before[name] >= MANY
        assert MARK in after.text
        assert foreigners.reached(town.database, register, town.foreign, actor=town.everybody, at=AT) >= (
            0 if name == "places/capacity" else MANY  # the key of a number is made of others
        )

    def test_need_no_second_guard(self, town: Town, name: str) -> None:
        """Their statements alone keep the scope, where nothing narrows the transaction."""
        register = registers.find(name)
        assert register is not None

        after = foreigners.told(town.database, register, actor=town.somebody, at=AT, is_narrowed=False)

        assert MARK not in after.text
        assert (after.keys, after.count, after.totals) == (
            town.before[name].keys, town.before[name].count, town.before[name].totals,
        )  # fmt: skip
        assert foreigners.reached(town.database, register, town.foreign, actor=town.somebody, at=AT, is_narrowed=False) == 0
