"""
Collection: what was billed on a city day, and when it was paid. Tables collection_delta, collection_rollup.

A bill belongs to the day of its departure, a payment to that bill and to its own day; it is late from a day after the
departure on. Only what went into a claim counts, as in the ledger: what exceeds it lies in suspense. Amounts are whole fen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from core.finance.rules.postings import ARREARS_AFTER_MS, Template
from core.kit.clock import city_date
from core.kit.db import Tx
from core.kit.moments import moment

Line = tuple[Template, UUID | None, int]
"""A posting of one claim: template, payment, fen."""

_TAKEN: Final = frozenset({Template.APPLY_PREPAY, Template.PAY, Template.RECOVER})
"""What moves money into a claim."""
_DUE, _BILLS, _RECEIVED, _PAYERS = range(4)


@dataclass(slots=True)
class Collection:
    """Sums of one batch by site, day of departure, day of payment, and whether that was late."""

    days: dict[tuple[UUID, date, date, bool], list[int]] = field(default_factory=dict)

    def add(
        self, site_id: UUID, closed_ms: int | None, lines: Iterable[Line], paid_ms: Mapping[UUID, int], *, sign: int = 1
    ) -> None:
        """Count what stands in the ledger for one claim; `sign` −1 takes it away. An open one is no bill yet."""
        if closed_ms is None:
            return
        closed_on = city_date(moment(closed_ms))
        taken: list[tuple[int, UUID, int]] = []
        for template, payment_id, fen in lines:
            if template is Template.CHARGE and fen:
                bill = self._row(site_id, closed_on, closed_on)
                bill[_DUE] += sign * fen
                bill[_BILLS] += sign
            elif template in _TAKEN and payment_id is not None and fen:
                taken.append((paid_ms.get(payment_id, closed_ms), payment_id, fen))
        self._payments(site_id, closed_ms, closed_on, sorted(taken), sign)

    def save(self, tx: Tx) -> None:
        """Append the sums that are not nothing."""
        rows = [(*key, *row) for key, row in self.days.items() if any(row)]
        if rows:
            tx.copy_in(
                "copy collection_delta (site_id, closed_on, paid_on, is_late, due_fen, bill_n, received_fen, payer_n) from stdin",
                rows,
            )

    def _payments(self, site_id: UUID, closed_ms: int, closed_on: date, taken: list[tuple[int, UUID, int]], sign: int) -> None:
        late_ms = closed_ms + ARREARS_AFTER_MS
        for number, (paid_ms, _payment_id, fen) in enumerate(taken):
            is_late = paid_ms >= late_ms
            row = self._row(site_id, closed_on, city_date(moment(paid_ms)), is_late=is_late)
            row[_RECEIVED] += sign * fen
            row[_PAYERS] += sign if number == 0 and not is_late else 0

    def _row(self, site_id: UUID, closed_on: date, paid_on: date, *, is_late: bool = False) -> list[int]:
        return self.days.setdefault((site_id, closed_on, paid_on, is_late), [0] * 4)
