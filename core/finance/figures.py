"""
Figures: what a batch adds to the hours and days that screens read, written in the facts' own transaction (D8).

A change adds what is true now and takes away what was counted before, so rollup plus delta always equals the facts.
Hours are UTC hours, seconds are whole, days are city days. Tables hour_delta, day_delta,
length_delta.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from core.customers.rules.classes import traits_of
from core.kit.clock import city_date
from core.kit.db import Tx
from core.kit.moments import moment
from core.orders.claims import Order, OrderChange, Payment
from core.stays.changes import Changes, RunChange, StayRow
from core.stays.rules.plates import Plate
from core.stays.rules.sightings import Quality

HOUR_MS: Final = 3_600_000
DAY_MIN: Final = 1_440
_Day = tuple[UUID, date, str, str, str]
"""Site, city day, channel, business, vehicle class."""

ENTRIES, EXITS, OCCUPIED_S, UNKNOWN_S, HOUR_RECEIVED = range(5)
DAY_ENTRIES, DAY_EXITS, STAY_S, STAYS, GROSS, DISCOUNT, NET, RECEIVED, PAYMENTS = range(9)


@dataclass(slots=True)
class Figures:
    """Sums of one batch."""

    business: Mapping[UUID, str]  # on_street or off_street, by site
    hours: dict[tuple[UUID, int], list[int]] = field(default_factory=dict)
    days: dict[_Day, list[int]] = field(default_factory=dict)
    lengths: dict[tuple[UUID, date, int], int] = field(default_factory=dict)

    def add_changes(self, changes: Changes) -> None:
        """Count stays and runs that appeared, changed or were withdrawn."""
        for before, after in changes.stays:
            if before is not None and after is not None and _counts_alike(before, after):
                continue
            if before is not None:
                self._stay(before, -1)
            if after is not None:
                self._stay(after, 1)
        for run in changes.runs:
            self._run(run)

    def add_orders(self, orders: Iterable[OrderChange], plates_before: Mapping[UUID, Plate | None]) -> None:
        """Count claims by the day of departure; plates_before tells under which class a changed stay was counted."""
        for before, after, _, stay, _ in orders:
            plate = stay.plate if stay is not None else None
            if before is not None:
                self._order(before, plates_before.get(after.stay_id, plate), -1)
            self._order(after, plate, 1)

    def add_payments(self, payments: Iterable[tuple[Payment, Plate]]) -> None:
        """Count money by the instant it was paid."""
        for payment, plate in payments:
            on = city_date(moment(payment.paid_ms))
            row = self._day(payment.site_id, on, payment.channel, _class(plate))
            row[RECEIVED] += payment.fen
            row[PAYMENTS] += 1
            self._hour(payment.site_id, payment.paid_ms)[HOUR_RECEIVED] += payment.fen

    def save(self, tx: Tx) -> None:
        """Append the sums that are not nothing."""
        hours = [(site_id, moment(hour), *row) for (site_id, hour), row in self.hours.items() if any(row)]
        if hours:
            tx.copy_in("copy hour_delta (site_id, hour, entry_n, exit_n, occupied_s, unknown_s, received_fen) from stdin", hours)
        days = [(*key, "live", *row) for key, row in self.days.items() if any(row)]
        if days:
            tx.copy_in(
                "copy day_delta (site_id, day, channel, business, vehicle_class, origin, entry_n, exit_n, stay_s, stay_n, "
                "gross_fen, discount_fen, net_fen, received_fen, payment_n) from stdin",
                days,
            )
        lengths = [(*key, stay_n) for key, stay_n in self.lengths.items() if stay_n]
        if lengths:
            tx.copy_in("copy length_delta (site_id, day, minutes, stay_n) from stdin", lengths)

    def _stay(self, stay: StayRow, sign: int) -> None:
        if stay.is_void:
            return
        vehicle_class = _class(stay.plate)
        if not stay.is_found:  # nobody saw it come, so it is no arrival of that hour
            self._hour(stay.site_id, stay.started_ms)[ENTRIES] += sign
            self._day(stay.site_id, city_date(moment(stay.started_ms)), "", vehicle_class)[DAY_ENTRIES] += sign
        if stay.ended_ms is None:
            return
        self._hour(stay.site_id, stay.ended_ms)[EXITS] += sign
        row = self._day(stay.site_id, city_date(moment(stay.ended_ms)), "", vehicle_class)
        row[DAY_EXITS] += sign
        if stay.quality is not Quality.C:
            row[STAY_S] += sign * (stay.ended_ms // 1000 - stay.started_ms // 1000)
            row[STAYS] += sign
            length = (stay.site_id, city_date(moment(stay.ended_ms)), length_min(stay.started_ms, stay.ended_ms))
            self.lengths[length] = self.lengths.get(length, 0) + sign

    def _run(self, run: RunChange) -> None:
        column = OCCUPIED_S if run.state == "occupied" else UNKNOWN_S
        for hour_ms, seconds in hours_between(run.started_ms, run.ended_ms):
            self._hour(run.site_id, hour_ms)[column] += run.sign * seconds

    def _order(self, order: Order, plate: Plate | None, sign: int) -> None:
        if order.closed_ms is None:
            return
        row = self._day(order.site_id, city_date(moment(order.closed_ms)), "", _class(plate))
        row[GROSS] += sign * order.gross_fen
        row[DISCOUNT] += sign * order.discount_fen
        row[NET] += sign * order.net_fen

    def _hour(self, site_id: UUID, at_ms: int) -> list[int]:
        return self.hours.setdefault((site_id, at_ms - at_ms % HOUR_MS), [0] * 5)

    def _day(self, site_id: UUID, on: date, channel: str, vehicle_class: str) -> list[int]:
        return self.days.setdefault((site_id, on, channel, self.business[site_id], vehicle_class), [0] * 9)


def length_min(started_ms: int, ended_ms: int) -> int:
    """Return the length of a stay in whole minutes of whole seconds, a day at most, as `length_delta` counts it."""
    return min((ended_ms // 1000 - started_ms // 1000) // 60, DAY_MIN)


def hours_between(started_ms: int, ended_ms: int) -> Iterator[tuple[int, int]]:
    """Cut a run at the UTC hours; yield the start of each hour in milliseconds and the whole seconds inside it."""
    at_ms = started_ms
    while at_ms < ended_ms:
        next_ms = min(at_ms - at_ms % HOUR_MS + HOUR_MS, ended_ms)
        yield at_ms - at_ms % HOUR_MS, next_ms // 1000 - at_ms // 1000
        at_ms = next_ms


def _class(plate: Plate | None) -> str:
    return "small" if plate is None else traits_of(plate.colour).vehicle_class


def _counts_alike(before: StayRow, after: StayRow) -> bool:
    """Tell whether a change leaves every figure as it was: a plate of the same class read later, say."""
    return (
        before.started_ms == after.started_ms
        and before.is_void == after.is_void
        and before.is_found == after.is_found
        and before.ended_ms == after.ended_ms
        and _class(before.plate) == _class(after.plate)
        and (before.quality is Quality.C) == (after.quality is Quality.C)
    )
