"""Suppliers: who makes or installs devices. Table supplier."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from core.kit.db import Tx
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _l
from core.kit.sql import named
from core.places import records

SQL = named("devices/suppliers")

SUPPLIERS: Final = Relation(
    SQL["supplier_rows"],
    key="supplier_id",
    columns=frozenset({"code", "name", "name_en", "contact", "phone", "note", "state", "changed_at", "models_n", "devices_n"}),
    order=(Order("code"),),
)
STATES: Final[dict[str, Lazy]] = {"active": _l("Active"), "ended": _l("Ended")}
_TAKEN: Final = {"supplier_code_key": ("code", _l("Another supplier has this code."))}

Line = Annotated[str, StringConstraints(max_length=200)]


class Draft(BaseModel):
    """A supplier as a form tells it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    name_en: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    contact: Line = ""
    phone: Annotated[str, StringConstraints(pattern=r"^([0-9+][0-9 -]{4,19})?$")] = ""
    note: Annotated[str, StringConstraints(max_length=400)] = ""


def add(tx: Tx, draft: Draft, *, at: datetime) -> UUID:
    """
    Add a supplier.

    Raises:
        records.Taken: another one has its code.
    """
    supplier_id = uuid7()
    records.add(tx, SQL["add"], taken=_TAKEN, supplier_id=supplier_id, at=at, **draft.model_dump())
    return supplier_id


def change(tx: Tx, key: UUID, draft: Draft, *, version: int, at: datetime) -> None:
    """
    Change a supplier.

    Raises:
        Changed: somebody changed it meanwhile.
        records.Taken: another one has its code.
    """
    records.change(tx, SQL["change"], taken=_TAKEN, supplier_id=key, version=version, at=at, **draft.model_dump())


def end(tx: Tx, keys: Sequence[UUID], *, at: datetime) -> int:
    """Offer suppliers no longer; what they supplied stays theirs."""
    return tx.run(SQL["set_state"], keys=list(keys), state="ended", at=at)


def resume(tx: Tx, keys: Sequence[UUID], *, at: datetime) -> int:
    """Offer suppliers again."""
    return tx.run(SQL["set_state"], keys=list(keys), state="active", at=at)


def list_choices(tx: Tx) -> list[tuple[str, str]]:
    """Return the suppliers in use, for a form."""
    return records.choices((row["key"], row["name"], row["name_en"]) for row in tx.rows(SQL["list_choices"]))
