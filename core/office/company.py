"""The company that operates: named on reports, bills and the driver's phone. Table company, one row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from core.kit.db import Tx
from core.kit.errors import Changed
from core.kit.listing import Order, Relation
from core.kit.sql import named

SQL = named("office/company")

COMPANY: Final = Relation(
    SQL["company_rows"],
    key="company_id",
    columns=frozenset({"name", "name_en", "contact", "phone", "address", "tax_no", "merchant_domain", "changed_at"}),
    order=(Order("name"),),
)

Line = Annotated[str, StringConstraints(max_length=200)]


class Draft(BaseModel):
    """What the company says of itself."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    name_en: Line = ""
    contact: Line = ""
    phone: Annotated[str, StringConstraints(pattern=r"^([0-9+][0-9 -]{4,19})?$")] = ""
    address: Line = ""
    tax_no: Annotated[str, StringConstraints(pattern=r"^([0-9A-Z]{15,20})?$")] = ""
    merchant_domain: Annotated[str, StringConstraints(pattern=r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9-]+)+)?$")] = ""


@dataclass(frozen=True, slots=True)
class Company:
    """The company; what nobody has said yet is empty."""

    name: str
    name_en: str
    contact: str
    phone: str
    address: str
    tax_no: str
    merchant_domain: str


def get(tx: Tx) -> Company:
    """Return the company."""
    row = tx.row(SQL["get"])
    assert row is not None  # the migration made the row
    return Company(**row)


def change(tx: Tx, key: UUID, draft: Draft, *, version: int, at: datetime) -> None:
    """
    Say what the company is.

    Raises:
        Changed: somebody said something else meanwhile.
    """
    if not tx.run(SQL["change"], company_id=key, version=version, at=at, **draft.model_dump()):
        raise Changed
