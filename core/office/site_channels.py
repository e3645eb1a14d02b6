"""Seamless payment of sites: into which accounts, in which order. Table site_channel."""

from collections.abc import Sequence
from typing import Annotated, Final
from uuid import UUID

import psycopg
from pydantic import BaseModel, ConfigDict, Field

from core.kit.db import Tx
from core.kit.errors import Changed, Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Language, _, current
from core.kit.sql import named
from core.office.accounts import Channel

SQL = named("office/site_channels")

SITE_CHANNELS: Final = Relation(
    SQL["channel_rows"],
    key="site_channel_id",
    columns=frozenset({"site", "site_name", "channel", "account", "priority", "state"}),
    order=(Order("site"), Order("priority")),
)
_TAKEN: Final = {"site_channel_site_id_account_id_key": "account_id", "site_channel_site_id_priority_key": "priority"}


class Taken(Refused):
    """The site has this account, or something in this place, already."""


class Draft(BaseModel):
    """An account of a site; 1 is asked first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    site_id: UUID
    account_id: UUID
    priority: Annotated[int, Field(ge=1, le=9)]


def add(tx: Tx, draft: Draft) -> UUID:
    """
    Let a site be paid into an account.

    Raises:
        Taken: it has the account, or another one in this place.
    """
    key = uuid7()
    _write(tx, SQL["add"], site_channel_id=key, **draft.model_dump())
    return key


def change(tx: Tx, key: UUID, draft: Draft, *, version: int) -> None:
    """
    Put an account in another place.

    Raises:
        Taken: another one stands there.
        Changed: somebody moved it meanwhile.
    """
    if not _write(tx, SQL["change"], site_channel_id=key, version=version, priority=draft.priority):
        raise Changed


def remove(tx: Tx, keys: Sequence[UUID]) -> int:
    """Let sites be paid into these no longer."""
    return tx.run(SQL["remove"], keys=list(keys))


def list_in_use(tx: Tx, *, site_id: UUID) -> list[tuple[UUID, Channel]]:
    """Return the accounts of a site that are in use, the first to be asked first."""
    return [(row["account_id"], Channel(row["channel"])) for row in tx.rows(SQL["list_in_use"], site_id=site_id)]


def list_sites(tx: Tx, *, sites: Sequence[UUID]) -> list[tuple[str, str]]:
    """Return the sites somebody sees, for a form."""
    is_english = current() is Language.EN
    rows = tx.rows(SQL["list_sites"], sites=list(sites))
    return [(row["key"], f"{row['code']} · {row['name_en'] if is_english else row['name']}") for row in rows]


def _write(tx: Tx, statement: str, **values: object) -> int:
    try:
        with tx.savepoint():
            return tx.run(statement, **values)
    except psycopg.errors.UniqueViolation as error:
        field = _TAKEN.get(error.diag.constraint_name or "")
        if field is None:
            raise
        raise Taken(_("The site has this already."), field=field) from error
