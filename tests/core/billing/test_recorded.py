"""Recorded amounts against a tariff, half an hour free, 5 yuan, 3 an hour: which are the price, what the others look like."""

import pytest

from core.billing.recorded import Comparison, Reason, Record, compare
from core.billing.rules.settlements import Version
from tests.core.billing.calendars import Weeks
from tests.core.billing.tariffs import at, band, compiled, free, garage, tariff, units


def compared(*records: Record) -> Comparison:
    return compare(records, [Version(0, compiled(garage()))], Weeks())


def a_record(entry: str, leave: str, fen: int | None, *, vehicle: str = "small") -> Record:
    return Record(2, at(entry), at(leave), vehicle, fen)


class TestCompare:
    def test_counts_what_is_the_price(self) -> None:
        found = compared(a_record("20 10:00", "20 10:30", 0), a_record("20 10:00", "20 12:20", 1_100))

        assert (found.record_n, found.same_n, found.differences) == (2, 2, ())

    @pytest.mark.parametrize(
        ("leave", "fen", "reason"),
        [
            ("20 11:00", 800, Reason.CLOCK),  # it may have ended at 11:00:30
            ("20 11:01", 500, Reason.SHORTER),  # it was longer than an hour, whenever within 10:00 it began
            ("20 13:00", 500, Reason.SHORTER),
            ("20 10:30", 500, Reason.CLOCK),
            ("20 10:31", 0, Reason.NOTHING),
            ("20 10:59", 1_100, Reason.LONGER),
            ("20 11:30", 650, Reason.FOREIGN),
            ("20 11:30", 900, Reason.FOREIGN),
            ("20 11:30", None, Reason.UNKNOWN),
        ],
    )
    def test_tells_what_another_amount_looks_like(self, leave: str, fen: int | None, reason: Reason) -> None:
        (difference,) = compared(a_record("20 10:00", leave, fen)).differences

        assert difference.reason is reason

    def test_thinks_of_an_entry_late_in_its_minute(self) -> None:
        form = garage(free=[free(30, bound="exclusive")])

        found = compare([a_record("20 10:00", "20 10:30", 0)], [Version(0, compiled(form))], Weeks())

        assert found.reasons == {Reason.CLOCK: 1}

    def test_tells_what_the_tariff_asks_instead(self) -> None:
        (difference,) = compared(a_record("20 10:00", "20 12:20", 100)).differences

        assert difference.asked_fen == 1_100

    @pytest.mark.parametrize(("leave", "vehicle"), [("20 12:00", "boat"), ("20 09:00", "small")])
    def test_asks_nothing_where_the_tariff_has_no_price(self, leave: str, vehicle: str) -> None:
        (difference,) = compared(a_record("20 10:00", leave, 0, vehicle=vehicle)).differences

        assert (difference.asked_fen, difference.reason) == (None, Reason.UNPRICED)

    def test_believes_a_clock_of_seconds_to_the_second(self) -> None:
        records = [a_record("20 10:00", "20 11:00", 800)]

        (difference,) = compare(records, [Version(0, compiled(garage()))], Weeks(), clock_ms=1_000).differences

        assert difference.reason is Reason.CLOCK
        assert compare(records, [Version(0, compiled(garage()))], Weeks(), clock_ms=1).reasons == {Reason.LONGER: 1}

    def test_prices_by_the_version_that_holds_at_entry(self) -> None:
        dearer = compiled(tariff(band("all", units((None, 60, 900)))))
        versions = [Version(0, compiled(garage() | {"on_change": "pin_at_entry"})), Version(at("21 00:00"), dearer)]

        found = compare([a_record("20 23:30", "21 00:30", 500), a_record("21 00:00", "21 01:00", 900)], versions, Weeks())

        assert found.differences == ()
