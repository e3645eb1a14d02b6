"""Collection: a bill and its payments fall on their days; what is taken away leaves nothing."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from core.finance.collection import Collection, Line
from core.finance.rules.postings import Template
from core.kit.ids import derived_id
from core.kit.moments import ms_of

CITY = ZoneInfo("Asia/Shanghai")
SITE = derived_id("site", "T")
CLOSED = datetime(2026, 11, 20, 23, 50, tzinfo=CITY)
EARLY, IN_TIME, LATE = (derived_id("payment", name, "") for name in ("early", "in time", "late"))
PAID = {
    EARLY: ms_of(CLOSED - timedelta(minutes=5)),
    IN_TIME: ms_of(CLOSED + timedelta(minutes=15)),
    LATE: ms_of(CLOSED + timedelta(days=1)),
}
LINES: list[Line] = [
    (Template.CHARGE, None, 1_000),
    (Template.PREPAY, EARLY, 300),
    (Template.APPLY_PREPAY, EARLY, 300),
    (Template.PAY, IN_TIME, 500),
    (Template.TO_ARREARS, None, 200),
    (Template.RECOVER, LATE, 200),
    (Template.SUSPEND, LATE, 50),
]


def days(collection: Collection) -> dict[tuple[UUID, date, date, bool], list[int]]:
    """Return the rows that say anything."""
    return {key: row for key, row in collection.days.items() if any(row)}


class TestAdd:
    def test_counts_a_bill_on_its_day_and_payments_on_theirs(self) -> None:
        collection = Collection()

        collection.add(SITE, ms_of(CLOSED), LINES, PAID)

        on = date(2026, 11, 20)
        assert days(collection) == {
            (SITE, on, on, False): [1_000, 1, 300, 1],
            (SITE, on, date(2026, 11, 21), False): [0, 0, 500, 0],
            (SITE, on, date(2026, 11, 21), True): [0, 0, 200, 0],
        }

    def test_calls_nobody_a_payer_who_paid_late_only(self) -> None:
        collection = Collection()

        collection.add(SITE, ms_of(CLOSED), [(Template.CHARGE, None, 200), (Template.RECOVER, LATE, 200)], PAID)

        assert sum(payer_n for _due, _bills, _received, payer_n in collection.days.values()) == 0

    def test_takes_away_what_it_counted(self) -> None:
        collection = Collection()

        collection.add(SITE, ms_of(CLOSED), LINES, PAID)
        collection.add(SITE, ms_of(CLOSED), LINES, PAID, sign=-1)

        assert days(collection) == {}

    def test_knows_no_bill_of_an_open_claim(self) -> None:
        collection = Collection()

        collection.add(SITE, None, [(Template.PREPAY, EARLY, 300)], PAID)

        assert days(collection) == {}
