"""Models: what all devices of one make have in common. Table device_model."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from core.devices.devices import DeviceKind
from core.kit.db import Row, Tx
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.sql import named
from core.places import records

SQL = named("devices/models")

MODELS: Final = Relation(
    SQL["model_rows"],
    key="model_id",
    columns=frozenset(
        {"code", "name", "kind", "supplier_id", "supplier", "protocol", "expected_interval_s", "has_battery", "note", "state",
         "changed_at", "devices_n"}
    ),
    order=(Order("kind"), Order("code")),
)  # fmt: skip
STATES: Final[dict[str, Lazy]] = {"active": _l("Active"), "ended": _l("Ended")}
_TAKEN: Final = {"device_model_code_key": ("code", _l("Another model has this code."))}


class KindInUse(Refused):
    """Devices of the model are of another kind."""


class Draft(BaseModel):
    """A model as a form tells it; the interval is the longest silence between two messages of a healthy device, in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    kind: DeviceKind
    supplier_id: UUID
    protocol: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,19}$")] = "boshu"
    expected_interval_s: Annotated[int, Field(ge=1, le=86_400)]
    has_battery: bool = False
    note: Annotated[str, StringConstraints(max_length=400)] = ""


def add(tx: Tx, draft: Draft, *, at: datetime) -> UUID:
    """
    Add a model.

    Raises:
        records.Taken: another one has its code.
    """
    model_id = uuid7()
    records.add(tx, SQL["add"], taken=_TAKEN, model_id=model_id, at=at, **draft.model_dump())
    return model_id


def change(tx: Tx, key: UUID, draft: Draft, *, version: int, at: datetime) -> None:
    """
    Change a model; devices keep the interval they were registered with.

    Raises:
        Changed: somebody changed it meanwhile.
        KindInUse: it would become another kind, and devices of it are at work.
        records.Taken: another one has its code.
    """
    if tx.value(SQL["count_of_other_kind"], model_id=key, kind=draft.kind.value):
        raise KindInUse(_("Devices of this model are of another kind."), field="kind")
    records.change(tx, SQL["change"], taken=_TAKEN, model_id=key, version=version, at=at, **draft.model_dump())


def end(tx: Tx, keys: Sequence[UUID], *, at: datetime) -> int:
    """Offer models no longer."""
    return tx.run(SQL["set_state"], keys=list(keys), state="ended", at=at)


def resume(tx: Tx, keys: Sequence[UUID], *, at: datetime) -> int:
    """Offer models again."""
    return tx.run(SQL["set_state"], keys=list(keys), state="active", at=at)


def find(tx: Tx, *, model_id: UUID) -> Row | None:
    """Return supplier, kind and interval of a model in use; None where there is none."""
    return tx.row(SQL["get"], model_id=model_id)


def list_choices(tx: Tx) -> list[tuple[str, str]]:
    """Return the models in use, for a form."""
    return [(row["key"], f"{row['code']} · {row['name']}") for row in tx.rows(SQL["list_choices"])]
