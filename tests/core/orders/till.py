"""A till for tests: stays and payments go in as ingest gives them, claims, books and figures come out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from core.billing.prices import price_book
from core.customers import rights
from core.finance import booking, payments
from core.finance.figures import Figures
from core.finance.ledger import Books
from core.finance.payments import Report
from core.kit import partitions
from core.kit.db import Row, Tx
from core.kit.ids import derived_id
from core.kit.moments import ms_of
from core.kit.money import Fen
from core.orders import claims
from core.orders.claims import Claims, OrderChange
from core.stays import storing
from core.stays.changes import Changes, StayChange, StayRow
from core.stays.rules.plates import Plate
from core.stays.rules.sightings import CloseReason, Quality
from tests.ingest import town
from tests.ingest.town import MAGNET

MORNING: Final = datetime(2026, 11, 20, 1, tzinfo=UTC)
"""Nine o'clock in the city: two hours of a street by day cost 15 yuan."""
CAR, OTHER_CAR = Plate("江A12345", "blue"), Plate("江B98760", "blue")
STREET: Final = town.site_id(MAGNET)


def ms(minute: float) -> int:
    """Return the instant so many minutes after the morning began."""
    return ms_of(MORNING + timedelta(minutes=minute))


def a_stay(
    start_min: float,
    end_min: float | None = None,
    *,
    plate: Plate | None = CAR,
    space: int = 1,
    site_id: UUID = STREET,
    quality: Quality = Quality.A,
    timely: tuple[tuple[int, int], ...] = (),
) -> StayRow:
    """Return a stay on a space; the space and the start alone make its id."""
    space_id = town.space_id(MAGNET, space)
    return StayRow(
        site_id, derived_id("stay", site_id, space_id, str(start_min)), ms(start_min), None if end_min is None else ms(end_min),
        space_id, "space", plate, quality, None if end_min is None else CloseReason.OBSERVED_EXIT, False,
        derived_id("event", str(start_min)), None, False, timely,
    )  # fmt: skip


def a_report(
    fen: int, at_min: float, *, trade: str = "T1", plate: Plate = CAR, channel: str = "wechat", names: float | None = None
) -> Report:
    """Return a payment at the street; `names` is the minute at which the stay it names began."""
    entered_ms = None if names is None else ms(names)
    return Report(STREET, None, plate, channel, trade, Fen(fen), ms(at_min), ms(at_min), entered_ms, False)


@dataclass(slots=True)
class Till:
    """Takes stays as they are known now, and payments; remembers how stays were known before."""

    tx: Tx
    known: dict[UUID, StayRow] = field(default_factory=dict)
    minute: int = 600

    def __post_init__(self) -> None:
        self.tx.run(partitions.MAKE, month=MORNING.date())

    def take(self, *stays: StayRow, reports: Sequence[Report] = (), gone: Sequence[StayRow] = ()) -> Claims:
        """Store, price, match, book and count in one go, as one batch of ingest does; return what was derived."""
        changes = [StayChange(self.known.get(stay.stay_id), stay) for stay in stays]
        changes += [StayChange(self.known.pop(stay.stay_id), None) for stay in gone]
        self.known |= {stay.stay_id: stay for stay in stays}
        storing.save(self.tx, Changes(stays=changes))
        paid = payments.record(self.tx, reports) if reports else []
        figures = Figures({STREET: "on_street"})
        figures.add_changes(Changes(stays=changes))
        figures.add_payments(paid)
        found = claims.derive(
            self.tx,
            changes=changes,
            paid=[payment for payment, _ in paid],
            book=price_book(self.tx, [STREET]),
            rights=rights.read(self.tx),
        )
        figures.add_orders(self.settle(found), {before.stay_id: before.plate for before, _ in changes if before})
        figures.save(self.tx)
        return found

    def settle(self, found: Claims) -> list[OrderChange]:
        """Book claims and save them; return them as they are saved."""
        self.minute += 1
        paid_fen = booking.book_claims(self.tx, found, books={STREET: Books(MAGNET, "on_street")}, booked_ms=ms(self.minute))
        return claims.save(self.tx, found, paid_fen, at_ms=ms(self.minute))

    def orders(self) -> list[Row]:
        """Return the claims, in the order their stays began."""
        return self.tx.rows(
            "select opened_at, closed_at, gross_fen, net_fen, paid_fen, derived_fen, in_arrears, order_id, tariff_version_id "
            "from charge_order order by opened_at"
        )

    def balances(self) -> dict[str, int]:
        """Return what stands on each kind of account, debits above credits; what stands at nothing is left out."""
        rows = self.tx.rows(
            "select a.kind, sum(x.fen)::bigint as fen from account as a inner join ("
            "select to_account_id as id, fen from transfer union all select from_account_id, -fen from transfer) as x "
            "on a.account_id = x.id group by 1 having sum(x.fen) <> 0"
        )
        return {row["kind"]: row["fen"] for row in rows}

    def transfers(self) -> list[Row]:
        """Return every line of the ledger, oldest booking first."""
        return self.tx.rows("select template, fen, is_reversal, order_id, payment_id from transfer order by booked_at, transfer_id")
