"""
Reckonings: everything that the price of a stay follows from, kept with it so that the same price is found again for ever.

Versions of tariffs and editions of calendars never change; a reckoning names those it was made by. Table quote holds it for a
claim, price_quote for who asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import orjson

from core.billing import prices
from core.billing.prices import Price, TariffVersion
from core.billing.rules.settlements import Circumstances, Payment
from core.billing.rules.terms import OnChange
from core.kit.db import Tx
from core.kit.sql import named
from core.places import records

SQL = named("billing/reckonings")

Told = list[Any]
"""A version in JSON: since when in milliseconds, its id, the tariff's zone, what a change means, the calendar."""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """
    A stay as it is priced: by which versions, from when to when in milliseconds, and what was paid before it ended.

    `used_free_ms` is what the vehicle had used on that day, by name, of the free time that it gets once a day.
    """

    versions: tuple[TariffVersion, ...]
    started_ms: int
    ended_ms: int
    payments: tuple[Payment, ...] = ()
    used_free_ms: Mapping[str, int] = field(default_factory=dict)

    def price(self) -> Price:
        """
        Return the price, line by line.

        Raises:
            CannotPrice: a tariff or the calendar has no answer.
        """
        used_free_ms = self.used_free_ms
        if not self.payments:
            return prices.price(self.versions, started_ms=self.started_ms, ended_ms=self.ended_ms, used_free_ms=used_free_ms)
        beside = Circumstances(payments=self.payments)
        settled = prices.settle(
            self.versions, started_ms=self.started_ms, ended_ms=self.ended_ms, used_free_ms=used_free_ms, beside=beside
        )
        return Price(settled.gross_fen, settled.lines, settled.notes)

    def request(self) -> dict[str, Any]:  # JSON
        """Return it as it is kept."""
        told: dict[str, Any] = {
            "versions": write_versions(self.versions),
            "vehicle": self.versions[0].vehicle_class,
            "from_ms": self.started_ms,
            "to_ms": self.ended_ms,
        }
        if self.payments:
            told["payments"] = [list(each) for each in self.payments]
        if self.used_free_ms:
            told["used_free_ms"] = dict(self.used_free_ms)
        return told


def read(tx: Tx, request: Mapping[str, Any]) -> Reckoning | None:  # JSON
    """Return a reckoning as it was kept; None where one of its versions cannot be understood any more."""
    versions = read_versions(tx, request["versions"], vehicle_class=request["vehicle"])
    payments = tuple(Payment(*each) for each in request.get("payments", ()))
    if versions is None:
        return None
    used_free_ms = request.get("used_free_ms", prices.NOTHING_USED)
    return Reckoning(versions, request["from_ms"], request["to_ms"], payments, used_free_ms)


def written(request: Mapping[str, Any]) -> bytes:  # JSON
    """Return a request with its words in order and nothing between them: the same question is the same text."""
    return orjson.dumps(request, option=orjson.OPT_SORT_KEYS)


def write_versions(versions: Sequence[TariffVersion]) -> list[Told]:
    """Return the versions of a price as they are kept, in the order they hold."""
    return [
        [one.from_ms, str(one.tariff_version_id), one.price_zone, one.on_change, None if one.edition is None else [*one.edition]]
        for one in versions
    ]


def read_versions(tx: Tx, told: Sequence[Told], *, vehicle_class: str) -> tuple[TariffVersion, ...] | None:
    """Return versions as they were kept, each with the calendar it was priced by; None where one cannot be understood."""
    found = []
    for from_ms, key, zone, on_change, edition in told:
        version = prices.find_version(tx, UUID(key), edition=None if edition is None else (edition[0], edition[1]))
        if version is None:
            return None
        policy = None if on_change is None else OnChange(on_change)
        found.append(replace(version, vehicle_class=vehicle_class, price_zone=zone, from_ms=from_ms, on_change=policy))
    return tuple(found)


def list_names(tx: Tx, keys: Sequence[UUID]) -> list[str]:
    """Return what versions are called, each by its tariff and number, in the reader's language and in the order given."""
    found = dict(records.choices(tx.tuples(SQL["list_names"], keys=list(keys))))
    return [found[str(key)] for key in keys]
