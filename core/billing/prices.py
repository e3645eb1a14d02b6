"""
Price stays by the tariff assigned to their site.

The tariff engine will fill this interface; its first form is one table of units (`core.billing.rules.first_form`).
Tables tariff_version, tariff_assignment.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from typing import Any
from uuid import UUID

from core.billing.rules.first_form import FirstForm, Price, price
from core.kit.clock import city_zone
from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.log import get_logger
from core.kit.moments import ms_of
from core.kit.money import Fen
from core.kit.sql import named

SQL = named("billing/prices")
_log = get_logger(__name__)


class NoTariff(Refused):
    """No tariff holds for a site, a class and an instant: nothing is ever priced by a default."""


@dataclass(frozen=True, slots=True)
class TariffVersion:
    """One immutable version and its rules."""

    tariff_version_id: UUID
    rules: FirstForm


@dataclass(frozen=True, slots=True)
class _Assignment:
    vehicle_class: str
    from_ms: int
    to_ms: int | None
    version: TariffVersion


class PriceBook:
    """The tariffs of some sites, read once for a batch."""

    def __init__(self, assignments: dict[UUID, list[_Assignment]]) -> None:
        self._assignments = assignments

    def version_at(self, site_id: UUID, vehicle_class: str, at_ms: int) -> TariffVersion:
        """
        Return the version that holds when a stay begins (pinned at entry); one for the class before one for all.

        Raises:
            NoTariff: none is assigned.
        """
        for assignment in self._assignments.get(site_id, ()):
            if (
                assignment.vehicle_class in {vehicle_class, ""}
                and assignment.from_ms <= at_ms
                and (assignment.to_ms is None or at_ms < assignment.to_ms)
            ):
                return assignment.version
        raise NoTariff(_("No tariff holds at this site for this time."))

    def price(self, version: TariffVersion, *, started_ms: int, ended_ms: int) -> Price:
        """Return the price of a stay in city time."""
        return price(version.rules, started_ms=started_ms, ended_ms=ended_ms, zone=city_zone())


def price_book(tx: Tx, site_ids: Iterable[UUID]) -> PriceBook:
    """Read the assignments of these sites; a version that cannot be understood holds for nobody, and is logged."""
    versions: dict[UUID, TariffVersion | None] = {}
    book: dict[UUID, list[_Assignment]] = {}
    for row in tx.rows(SQL["list_assignments"], site_ids=list(site_ids)):
        key = row["tariff_version_id"]
        if key not in versions:
            versions[key] = _understood(key, row["rules"])
        version = versions[key]
        if version is not None:
            to_ms = None if row["valid_to"] is None else ms_of(row["valid_to"])
            assignment = _Assignment(row["vehicle_class"], ms_of(row["valid_from"]), to_ms, version)
            book.setdefault(row["site_id"], []).append(assignment)
    return PriceBook(book)


def _understood(tariff_version_id: UUID, rules: dict[str, Any]) -> TariffVersion | None:  # the JSON of the version
    try:
        return TariffVersion(tariff_version_id, first_form(rules))
    except (KeyError, TypeError, ValueError):
        _log.exception("A tariff version cannot be understood; its sites have no tariff.", version=tariff_version_id)
        return None


def first_form(rules: dict[str, Any]) -> FirstForm:  # the JSON of tariff_version.rules
    """
    Return the rules that a version stores as JSON.

    Raises:
        KeyError, ValueError: not of the first form; the version cannot price.
    """
    if rules["form"] != "first":
        raise ValueError(f"{rules['form']!r} is no form of tariff known here")
    cap = rules["cap_day_fen"]
    return FirstForm(
        unit_min=rules["unit_min"],
        first_min=rules["first_min"],
        first_unit_fen=Fen(rules["first_unit_fen"]),
        unit_fen=Fen(rules["unit_fen"]),
        free_min=rules["free_min"],
        day_starts=time.fromisoformat(rules["day_starts"]),
        day_ends=time.fromisoformat(rules["day_ends"]),
        night_unit_min=rules["night_unit_min"],
        night_unit_fen=Fen(rules["night_unit_fen"]),
        cap_day_fen=None if cap is None else Fen(cap),
    )
