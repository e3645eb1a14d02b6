"""Starting: the accounts there must be before anybody can sign in. No account has a password until its user chose one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.access import audit, roles, scopes, screens, users
from core.access.audit import Entry, Outcome, Who
from core.access.roles import NAMES, RoleCode
from core.access.scopes import EVERYTHING, NOTHING, Scope
from core.kit.db import Database, Tx
from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.sql import named

SQL = named("access/starting")

FIRST: Final[Mapping[str, RoleCode]] = {
    "system": RoleCode.SYSTEM_ADMINISTRATOR,
    "security": RoleCode.SECURITY_ADMINISTRATOR,
    "audit": RoleCode.AUDIT_ADMINISTRATOR,
}
"""Three people, none of whom can do alone what another should see."""


class DemoAccounts(Refused):
    """A deployment that others can reach has accounts of a demo."""


@dataclass(frozen=True, slots=True)
class Given:
    """A one-time code, to be told to its user now and never again."""

    login: str
    role: RoleCode
    code: str

    def __str__(self) -> str:
        return f"{self.login:<12} {self.code}  {NAMES[self.role]}"


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a demo."""

    login: str
    name: str
    role: RoleCode


def begin(database: Database, *, at: datetime) -> list[Given]:
    """Bring the roles up to this release; where there are no administrators yet, make them and return their codes."""
    with database.transaction() as tx:
        roles.keep_built_in(tx)
        if tx.value(SQL["is_begun"]):
            return []
        return [_open(tx, Account(login, login, role), at=at, scope=NOTHING) for login, role in FIRST.items()]


def begin_demo(database: Database, accounts: list[Account], *, at: datetime) -> list[Given]:
    """Make the accounts of a demo; return a new code for each whose user has not chosen a password yet."""
    with database.transaction() as tx:
        roles.keep_built_in(tx)
        return [_open(tx, account, at=at, scope=EVERYTHING, is_demo=True) for account in accounts if _is_open(tx, account)]


def new_code(database: Database, *, login: str, at: datetime) -> str:
    """
    Return a new one-time code for a user, for whoever sits at the machine; his password and sessions end.

    Raises:
        NoSuchUser: nobody has this name.
    """
    with database.transaction() as tx:
        user_id = users.find_id(tx, login=login)
        if user_id is None:
            raise users.NoSuchUser(_("There is no such user."))
        code = users.issue_code(tx, user_id=user_id, at=at)
        audit.add(tx, Entry(at, "access.issue_code", Outcome.DONE, actor_kind=Who.PRODUCT, subject=str(user_id)))
    return code


def wall_link(database: Database, *, name: str, at: datetime) -> str:
    """Return the path by which one browser becomes a wall screen, once; the screen is made where there is none of its name."""
    with database.transaction() as tx:
        screen_id = screens.find_id(tx, name=name) or screens.add(tx, name=name, by=None, at=at)
        link = screens.make_link(tx, screen_id=screen_id, at=at)
        audit.add(tx, Entry(at, "access.link_screen", Outcome.DONE, actor_kind=Who.PRODUCT, subject=name))
    return f"/screen/{link}"


def require_no_demo(tx: Tx) -> None:
    """
    Check that nobody of a demo could sign in.

    Raises:
        DemoAccounts: somebody could.
    """
    if count := int(tx.value(SQL["count_demo"])):
        raise DemoAccounts(_("%(n)s accounts of the demo city could sign in here; disable them.", n=count))


def _is_open(tx: Tx, account: Account) -> bool:
    """Tell whether an account still waits for its user."""
    user_id = users.find_id(tx, login=account.login)
    return user_id is None or not users.get(tx, user_id=user_id).has_password


def _open(tx: Tx, account: Account, *, at: datetime, scope: Scope, is_demo: bool = False) -> Given:
    user_id = users.find_id(tx, login=account.login)
    if user_id is None:
        user_id = users.add(tx, login=account.login, name=account.name, at=at, is_demo=is_demo)
        roles.grant(tx, user_id=user_id, role_codes=[account.role], by=None, at=at)
        scopes.grant(tx, user_id=user_id, scope=scope, by=None, at=at)
    code = users.issue_code(tx, user_id=user_id, at=at)
    audit.add(tx, Entry(at, "access.issue_code", Outcome.DONE, actor_kind=Who.PRODUCT, subject=str(user_id)))
    return Given(account.login, account.role, code)
