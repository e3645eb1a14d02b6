"""Berths: the worked example of the KPI dictionary, and what is not known of a berth."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from core.finance import past as finance
from core.insight import berths, collection, lengths, takings, windows
from core.kit.db import Tx
from core.kit.money import Fen
from core.stays import timelines
from core.stays.past import PastPayment, PastUnknown
from tests.core.insight import facts
from tests.core.insight.facts import Street, a_sensor, a_stay, a_street

CITY = ZoneInfo("Asia/Shanghai")
MIDNIGHT = datetime(2026, 11, 20, tzinfo=CITY)
NEXT = MIDNIGHT + timedelta(days=1)
AT = datetime(2026, 11, 23, 4, tzinfo=UTC)
STAYS = (  # berth, from, to, gross yuan, paid yuan on the day
    (1, "20 08:00", "20 10:30", 10, 10),
    (1, "20 11:00", "20 11:12", 0, 0),
    (1, "20 12:00", "20 19:00", 25, 25),
    (2, "19 22:00", "20 09:00", 6, 0),
    (2, "20 09:30", "20 12:00", 10, 4),
    (3, "20 20:30", "21 01:00", 0, 0),
    (4, "20 08:30", "20 11:00", 0, 0),
    (3, "20 14:00", "20 15:00", 4, 4),
)


def city(text: str) -> datetime:
    """Return an instant of November 2026, written as day and city time."""
    return datetime.strptime(f"2026-11-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=CITY)


@pytest.fixture
def street(tx: Tx) -> Street:
    """Return the segment of the worked example with its eight stays, as far as money without coupons and passes goes."""
    street = a_street(tx, since=MIDNIGHT - timedelta(days=2))
    stays = [
        a_stay(street.site_id, street.space_ids[berth - 1], city(begin), city(end), gross_fen=gross * 100, paid=paid * 100)
        for berth, begin, end, gross, paid in STAYS
    ]
    debt = a_stay(
        street.site_id,
        street.space_ids[0],
        city("18 00:00") - timedelta(days=30),
        city("18 02:00") - timedelta(days=30),
        gross_fen=1200,
    )
    late = facts.paid_later(debt, 1200, city("20 16:00"))
    dark = PastUnknown(street.site_id, street.space_ids[3], city("20 12:00"), city("20 18:00"))
    rest = PastPayment("wechat", "the rest", Fen(600), city("22 12:00"))
    stays[4] = replace(stays[4], payments=(*stays[4].payments, rest))
    finance.record(tx, stays=[*stays, late], unknowns=[dark], at=AT)
    return street


class TestUtilisation:
    def test_clips_at_midnight_and_leaves_the_unknown_out(self, tx: Tx, street: Street) -> None:
        whole = berths.utilisation(tx, windows.window(MIDNIGHT, NEXT))

        assert whole == {"pct": 31.3, "coverage_pct": 93.8, "occupied_s": 1_692 * 60, "available_s": 5_400 * 60}

    def test_clips_at_the_charging_hours(self, tx: Tx, street: Street) -> None:
        charged = berths.utilisation(tx, windows.window(city("20 08:00"), city("20 20:00")))

        assert (charged["occupied_s"], charged["available_s"], charged["pct"]) == (1_002 * 60, 2_520 * 60, 39.8)

    def test_does_not_mind_where_it_is_cut(self, tx: Tx, street: Street) -> None:
        cuts = [MIDNIGHT, city("20 09:07"), city("20 14:30"), city("20 14:31"), NEXT]

        parts = [berths.utilisation(tx, windows.window(begin, end)) for begin, end in pairwise(cuts)]

        assert sum(part["occupied_s"] for part in parts) == 1_692 * 60
        assert sum(part["available_s"] for part in parts) == 5_400 * 60

    def test_is_unknown_where_nothing_is_available(self, tx: Tx) -> None:
        assert berths.utilisation(tx, windows.window(MIDNIGHT, NEXT))["pct"] is None


class TestDay:
    def test_counts_departures_and_their_length(self, tx: Tx, street: Street) -> None:
        row = tx.row(
            "select sum(exit_n) as n, sum(stay_s) as s, sum(stay_n) as m from day_figure "
            "where site_id = %(site)s and day = '2026-11-20'",
            site=street.site_id,
        )

        assert row is not None
        assert row["n"] == 7
        assert round(float(row["s"] / row["m"] / 60), 2) == 228.86

    def test_tells_how_long_they_had_stood(self, tx: Tx, street: Street) -> None:
        tile = lengths.durations_today(tx, at=NEXT - timedelta(milliseconds=1), is_known=True)

        assert (tile["n"], tile["median_min"]) == (7, 150)
        assert [band["n"] for band in tile["bands"]] == [1, 0, 0, 1, 3, 2]

    def test_counts_money_by_the_accrual_clock(self, tx: Tx, street: Street) -> None:
        money = collection.month_money(tx, at=NEXT - timedelta(milliseconds=1), is_known=True)

        assert (money["receivable_fen"], money["received_fen"], money["arrears_fen"]) == (55_00, 43_00, 12_00)
        assert money["recovered_fen"] == 12_00  # of October

    def test_knows_how_much_was_collected_refused_and_recovered(self, tx: Tx, street: Street) -> None:
        after = city("22 08:00")

        collected, refused = collection.collected(tx, at=after), collection.refused(tx, at=after)
        recovered = collection.recovered(tx, at=NEXT + timedelta(days=90))

        assert (collected.n, collected.of) == (43_00, 55_00)
        assert (refused.n, refused.of) == (1, 5)  # who paid a part refused nothing
        assert (recovered.n, recovered.of) == (6_00, 12_00)

    def test_counts_money_by_the_cash_clock(self, tx: Tx, street: Street) -> None:
        assert takings.received_by_site(tx, windows.window(MIDNIGHT, NEXT)) == {"T-01": (43 + 12) * 100}

    def test_counts_stays_where_they_begin(self, tx: Tx, street: Street) -> None:
        tile = takings.stays_today(tx, at=NEXT - timedelta(milliseconds=1), is_known=True, base=takings.Base.MISSING)

        assert tile == {"n": 7, "baseline_n": None, "change_pct": None, "baseline_opening": False}


class TestCurve:
    def test_shows_the_share_of_the_known_berths(self, tx: Tx, street: Street) -> None:
        curve = berths.curve(tx, at=NEXT - timedelta(seconds=1), now_pct=None, is_known=True, is_base_known=False)

        assert curve["today"][14 * 4] == 66.7  # three known, two taken
        assert (curve["peak_pct"], curve["peak_at"]) == (75.0, "08:30")
        assert len(curve["today"]) == 96
        assert curve["baseline"] == [None] * 96

    def test_ends_where_the_day_stands(self, tx: Tx, street: Street) -> None:
        curve = berths.curve(tx, at=city("20 09:30"), now_pct=75.0, is_known=True, is_base_known=False)

        assert curve["today"][38] == 75.0
        assert curve["today"][39:] == [None] * 57


class TestSegments:
    def seen(self, tx: Tx, at: datetime, *, live: bool = False, heard: tuple[str, ...] = ("T-01",)) -> berths.Segment:
        """Return the one segment."""
        (segment,) = berths.segments(tx, at=at, live=live, heard=heard)
        return segment

    def test_tells_the_states_of_a_moment(self, tx: Tx, street: Street) -> None:
        segment = self.seen(tx, city("20 14:30"))

        assert (segment.occupied, segment.free, segment.unknown, segment.load_pct) == (2, 1, 1, 66.7)

    def test_counts_the_instant_of_an_arrival_and_not_that_of_a_departure(self, tx: Tx, street: Street) -> None:
        assert self.seen(tx, city("20 12:00")).occupied == 1
        assert self.seen(tx, city("20 12:00") - timedelta(milliseconds=1)).occupied == 1
        assert self.seen(tx, city("20 19:00")).occupied == 0

    def test_knows_nothing_where_nobody_was_heard(self, tx: Tx, street: Street) -> None:
        segment = self.seen(tx, city("20 14:30"), heard=())

        assert (segment.occupied, segment.free, segment.unknown, segment.load_pct) == (0, 0, 4, None)

    def test_tells_no_load_from_less_than_half_of_the_berths(self) -> None:
        assert [berths.Segment("S", 4, known, 0, 0, 4 - known, 0).load_pct for known in (1, 2, 4)] == [None, 100.0, 100.0]

    def test_calls_a_berth_that_never_spoke_unknown(self, tx: Tx) -> None:
        a_street(tx, since=MIDNIGHT)

        segment = self.seen(tx, city("20 14:30"))

        assert (segment.free, segment.unknown) == (0, 4)
        assert berths.utilisation(tx, windows.window(MIDNIGHT, NEXT))["pct"] is None
        curve = berths.curve(tx, at=NEXT - timedelta(seconds=1), now_pct=None, is_known=True, is_base_known=False)
        assert set(curve["today"]) == {None}

    def test_leaves_out_a_berth_before_and_after_its_service(self, tx: Tx, street: Street) -> None:
        tx.run("update space set in_service_to = %(at)s where space_id = %(id)s", at=city("20 13:00"), id=street.space_ids[1])

        assert self.seen(tx, city("20 12:30")).total == 4
        assert self.seen(tx, city("20 13:00")).total == 3
        assert berths.segments(tx, at=city("17 00:00"), live=False, heard=()) == []

    def test_counts_a_site_of_files_only_around_what_they_speak_of(self, tx: Tx, street: Street) -> None:
        tx.run("update site set mode = 'import' where site_id = %(id)s", id=street.site_id)
        code = tx.value("select code from site where site_id = %(id)s", id=street.site_id)
        whole = windows.window(MIDNIGHT, NEXT)

        assert berths.segments(tx, at=city("20 14:30"), live=False, heard=()) == []
        assert len(berths.segments(tx, at=city("20 14:30"), live=False, heard={code})) == 1
        assert berths.utilisation(tx, whole)["available_s"] == 0
        assert berths.utilisation(tx, whole, heard={code})["available_s"] > 0
        silent, told = (
            berths.curve(tx, at=city("20 09:30"), now_pct=None, is_known=True, is_base_known=False, heard=heard)["today"]
            for heard in (berths.Heard(), berths.Heard({code}))
        )
        assert (set(silent) == {None}, set(told) > {None}) == (True, True)

    def test_splits_the_unknown_into_silent_and_faulty(self, tx: Tx) -> None:
        street = a_street(tx, since=MIDNIGHT)
        timelines.start_unknown(tx, site_id=street.site_id, space_ids=list(street.space_ids), since=MIDNIGHT)
        silent, broken, _mute = (a_sensor(tx, street, number, since=MIDNIGHT) for number in (1, 2, 3))
        for device, cause in ((silent, "silence"), (broken, "fault_code")):
            tx.run(
                "insert into device_state (site_id, device_id, last_seen_at) values (%(s)s, %(d)s, %(at)s)",
                s=street.site_id,
                d=device,
                at=MIDNIGHT,
            )
            tx.run(
                "insert into device_outage (site_id, device_id, started_at, cause) values (%(s)s, %(d)s, %(at)s, %(cause)s)",
                s=street.site_id, d=device, at=MIDNIGHT, cause=cause,
            )  # fmt: skip

        segment = self.seen(tx, city("20 14:30"), live=True)

        assert (segment.unknown, segment.offline, segment.fault) == (4, 3, 1)  # silent, never heard, watched by nothing


class TestLots:
    def test_does_not_count_behind_a_silent_camera(self, tx: Tx) -> None:
        lot = berths.Lot("P", 10, None)

        assert (lot.free, lot.load_pct) == (None, None)
        assert berths.overview([], [lot, berths.Lot("Q", 10, 12)])["lots_free"] == 0
        assert berths.overview([], [lot])["lots_free"] is None
