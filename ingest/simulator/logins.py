"""Logins of the demo city: four people who look at it. Each chooses a password with a one-time code that `make run` prints."""

from datetime import datetime
from typing import Final

from core.access import starting
from core.access.roles import RoleCode
from core.access.starting import Account, Given
from core.kit.db import Database
from ingest.simulator import registers

ACCOUNTS: Final = [
    Account("command", "江州指挥中心", RoleCode.COMMAND_CENTER),
    Account("manager", "江州运营经理", RoleCode.MANAGER),
    Account("dispatcher", "江州调度员", RoleCode.DISPATCHER),
    Account("finance", "江州财务", RoleCode.FINANCE),
]
WALL: Final = "Demo wall"


def open_accounts(database: Database, *, at: datetime) -> tuple[list[Given], str]:
    """Return the codes of those who have no password yet, and the path of a link for a wall."""
    given = starting.begin(database, at=at)
    given += starting.begin_demo(database, ACCOUNTS, at=at)
    registers.fill(database, at=at)
    return given, starting.wall_link(database, name=WALL, at=at)
