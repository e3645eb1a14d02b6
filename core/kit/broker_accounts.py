"""
Say who may speak on the broker, for every broker alike.

Topics begin with `boshu/v1`. A gateway publishes only below its own prefix `boshu/v1/<site>/<gateway>` and hears only
the commands for its devices; the collector hears everything and publishes commands only. Nobody is anonymous.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

ROOT: Final = "boshu/v1"
COLLECTOR: Final = "boshu-ingest"
SIMULATOR: Final = "boshu-simulator"

MAX_PAYLOAD: Final = 65_536
"""Longest message a broker takes, bytes."""


@dataclass(frozen=True, slots=True)
class Account:
    """A password and the topic filters an account may publish to and subscribe to."""

    password: str
    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


Accounts = Mapping[str, Account]
"""Accounts by user name."""


def gateway(site: str, code: str, password: str) -> Account:
    """Return the account of one gateway: its own topics, and nothing beside them."""
    below = f"{ROOT}/{site}/{code}"
    return Account(password, publish=(f"{below}/#",), subscribe=(f"{below}/+/cmd",))


def collector(password: str) -> Account:
    """Return the account of ingest."""
    return Account(password, publish=(f"{ROOT}/+/+/+/cmd",), subscribe=(f"{ROOT}/#",))


def simulator(password: str) -> Account:
    """Return the account of the demo city, which speaks for all of its gateways."""
    return Account(password, publish=(f"{ROOT}/#",), subscribe=(f"{ROOT}/+/+/+/cmd",))


def url_of(user: str, account: Account, host: str, port: int) -> str:
    """Return where and how an account connects."""
    return f"mqtt://{quote(user, safe='')}:{quote(account.password, safe='')}@{host}:{port}"
