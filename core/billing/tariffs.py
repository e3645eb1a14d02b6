"""Tariffs, their immutable versions, and where they hold. Tables tariff, tariff_version, tariff_assignment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from core.kit.db import Tx
from core.kit.sql import named

SQL = named("billing/tariffs")


@dataclass(frozen=True, slots=True)
class Tariff:
    """A tariff with its first version; `rules` is the JSON of its form, read by `core.billing.prices`."""

    tariff_id: UUID
    tariff_version_id: UUID
    organisation_id: UUID
    code: str
    name: str
    name_en: str
    rules: dict[str, Any]
    effective_from: datetime


@dataclass(frozen=True, slots=True)
class Assignment:
    """A version that holds at a site from an instant on; an empty class means every class."""

    site_id: UUID
    vehicle_class: str
    valid_from: datetime
    tariff_version_id: UUID


def add(tx: Tx, tariffs: Sequence[Tariff]) -> int:
    """Add tariffs with their first versions; return how many tariffs were new."""
    rows = orjson.dumps(tariffs).decode()
    added = tx.run(SQL["add_tariffs"], rows=rows)
    tx.run(SQL["add_versions"], rows=rows)
    return added


def assign(tx: Tx, assignments: Sequence[Assignment]) -> int:
    """Let versions hold at sites; return how many assignments were new."""
    return tx.run(SQL["add_assignments"], rows=orjson.dumps(assignments).decode())
