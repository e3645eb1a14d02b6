"""
Accounts with channels of payment: WeChat, Alipay, UnionPay, ETC. Table channel_account.

Secrets are written and never shown: a form that leaves one empty keeps it, the audit hears only that it was set, and what is
stored opens with a key outside of the database alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, SecretStr, StringConstraints

from core.access.actors import Actor
from core.kit.db import Tx
from core.kit.errors import Changed, Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.secrets import Keys, keys
from core.kit.sql import named

SQL = named("office/accounts")

ACCOUNTS: Final = Relation(
    SQL["account_rows"],
    key="account_id",
    columns=frozenset(
        {"channel", "name", "app_id", "merchant_id", "certificate_serial", "secret_set_at", "key_set_at", "token_set_at", "note",
         "state", "changed_by_name", "changed_at", "sites_n"}
    ),
    order=(Order("channel"), Order("name")),
)  # fmt: skip

_SECRETS: Final = ("secret", "key", "token")
_MOST_LETTERS: Final = 4_000

Line = Annotated[str, StringConstraints(max_length=100)]


class Channel(StrEnum):
    """Who carries the money."""

    WECHAT = "wechat"
    ALIPAY = "alipay"
    UNIONPAY = "unionpay"
    ETC = "etc"

    @property
    def label(self) -> Lazy:
        """Return what people call it."""
        return _LABELS[self]


_LABELS: Final[Mapping[Channel, Lazy]] = {
    Channel.WECHAT: _l("WeChat Pay"),
    Channel.ALIPAY: _l("Alipay"),
    Channel.UNIONPAY: _l("UnionPay"),
    Channel.ETC: _l("ETC"),
}


class NameTaken(Refused):
    """The channel has an account of this name."""


class Incomplete(Refused):
    """An account lacks what its channel needs."""


class TooLong(Refused):
    """A secret is longer than any there is."""


class NotOn(Refused):
    """The account is not in use."""


class Draft(BaseModel):
    """An account; an empty secret leaves what is stored."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    channel: Channel
    name: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    app_id: Line = ""
    merchant_id: Line = ""
    certificate_serial: Line = ""
    secret: SecretStr | None = None
    key: SecretStr | None = None
    token: SecretStr | None = None
    note: Annotated[str, StringConstraints(max_length=400)] = ""


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """What a channel asks for; it is never written anywhere."""

    channel: Channel
    app_id: str
    merchant_id: str
    certificate_serial: str
    secret: str | None
    key: str | None
    token: str | None


def add(tx: Tx, draft: Draft, *, by: Actor, at: datetime) -> UUID:
    """
    Add an account; it is off until somebody turns it on.

    Raises:
        NameTaken: its channel has one of this name.
    """
    account_id = uuid7()
    if not tx.run(SQL["add"], account_id=account_id, **_values(draft, account_id), by=by.id, at=at):
        raise NameTaken(_("This channel has an account of this name already."), field="name")
    return account_id


def change(tx: Tx, key: UUID, draft: Draft, *, version: int, by: Actor, at: datetime) -> None:
    """
    Change an account; its channel stays.

    Raises:
        Changed: somebody changed it meanwhile, or ended it.
    """
    if not tx.run(SQL["change"], account_id=key, version=version, **_values(draft, key), by=by.id, at=at):
        raise Changed


def turn_on(tx: Tx, keys: Sequence[UUID], *, by: Actor, at: datetime) -> int:
    """
    Use accounts.

    Raises:
        Incomplete: one lacks the merchant's number or key.
    """
    lacking = [row["name"] for row in tx.rows(SQL["list_lacking"], keys=list(keys))]
    if lacking:
        raise Incomplete(_("%(names)s: the merchant's number and key are needed first.", names=", ".join(lacking)))
    return tx.run(SQL["set_state"], keys=list(keys), state="on", by=by.id, at=at)


def turn_off(tx: Tx, keys: Sequence[UUID], *, by: Actor, at: datetime) -> int:
    """Use accounts no longer, for now."""
    return tx.run(SQL["set_state"], keys=list(keys), state="off", by=by.id, at=at)


def end(tx: Tx, keys: Sequence[UUID], *, by: Actor, at: datetime) -> int:
    """Use accounts never again, and forget their secrets; what was paid into them keeps their name."""
    tx.run(SQL["clear"], keys=list(keys), by=by.id, at=at)
    return tx.run(SQL["set_state"], keys=list(keys), state="ended", by=by.id, at=at)


def clear(tx: Tx, keys: Sequence[UUID], *, by: Actor, at: datetime) -> int:
    """Forget the secrets of accounts; they are off until new ones are set."""
    return tx.run(SQL["clear"], keys=list(keys), by=by.id, at=at)


def list_choices(tx: Tx) -> list[tuple[str, str]]:
    """Return the accounts a site may be paid into, for a form."""
    return [(row["key"], f"{Channel(row['channel']).label} · {row['name']}") for row in tx.rows(SQL["list_choices"])]


def credentials(tx: Tx, *, account_id: UUID, ring: Keys | None = None) -> Credentials:
    """
    Return what the channel of an account in use asks for.

    Raises:
        NotOn: the account is not in use.
        NotOpened: a stored secret does not open.
    """
    row = tx.row(SQL["get_sealed"], account_id=account_id)
    if row is None:
        raise NotOn(_("This account is not in use."))
    opened = {
        name: None if row[name] is None else (ring or keys()).open(row[name], place=_place(account_id, name)) for name in _SECRETS
    }
    return Credentials(Channel(row["channel"]), row["app_id"], row["merchant_id"], row["certificate_serial"], **opened)


def _values(draft: Draft, account_id: UUID) -> dict[str, object]:
    sealed = {name: _sealed(getattr(draft, name), account_id, name) for name in _SECRETS}
    return {**draft.model_dump(exclude=set(_SECRETS)), **sealed}


def _sealed(secret: SecretStr | None, account_id: UUID, name: str) -> str | None:
    text = "" if secret is None else secret.get_secret_value().strip()
    if len(text) > _MOST_LETTERS:
        raise TooLong(_("At most %(n)s letters.", n=_MOST_LETTERS), field=name)
    return keys().seal(text, place=_place(account_id, name)) if text else None


def _place(account_id: UUID, name: str) -> str:
    return f"channel_account.{name}.{account_id}"
