"""Past stays: known once, counted by hour and day, cut at the hours, whole seconds."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.kit.db import Row, Tx
from core.kit.ids import uuid7
from core.kit.periods import hours_of
from core.stays.past import PastStay, PastUnknown, add, make_months
from tests.core.upkeep.street import a_site

NOON = datetime(2026, 10, 31, 12, tzinfo=UTC)


def a_stay(site_id: UUID, started_at: datetime, ended_at: datetime, *, quality: str = "A", plate: str | None = None) -> PastStay:
    """Return a stay on a space nobody else stands on."""
    return PastStay(
        site_id=site_id,
        subject_id=uuid7(),
        subject_kind="space",
        started_at=started_at,
        ended_at=ended_at,
        plate=plate,
        plate_colour=None if plate is None else "green",
        vehicle_class="small",
        quality=quality,
        origin="history",
        source_row=None,
        note=None,
        gross_fen=None,
        tariff_version_id=None,
        payments=(),
    )


def hours(tx: Tx, site_id: UUID) -> list[Row]:
    """Return the figures of a site by hour, without hours of nothing."""
    return tx.rows(
        """select hour, sum(entry_n)::int as entry_n, sum(exit_n)::int as exit_n, sum(occupied_s)::int as occupied_s,
            sum(unknown_s)::int as unknown_s
        from hour_delta where site_id = %(site_id)s group by hour
        having sum(entry_n) <> 0 or sum(exit_n) <> 0 or sum(occupied_s) <> 0 or sum(unknown_s) <> 0 order by hour""",
        site_id=site_id,
    )


class TestAdd:
    def test_adds_a_stay_once(self, tx: Tx) -> None:
        site = a_site(tx)
        stay = a_stay(site.site_id, NOON, NOON + timedelta(hours=2))
        make_months(tx, [stay])

        assert add(tx, stays=[stay, stay]) == {stay.stay_id: stay}
        assert add(tx, stays=[stay]) == {}

        assert tx.value("select count(*) from stay where site_id = %(id)s", id=site.site_id) == 1
        assert tx.value("select count(*) from occupancy_interval where site_id = %(id)s", id=site.site_id) == 1
        assert sum(hour["entry_n"] for hour in hours(tx, site.site_id)) == 1

    def test_cuts_a_run_at_the_hours(self, tx: Tx) -> None:
        site = a_site(tx)
        stay = a_stay(site.site_id, NOON + timedelta(minutes=50), NOON + timedelta(hours=2))
        make_months(tx, [stay])

        add(tx, stays=[stay])

        assert [(hour["hour"], hour["entry_n"], hour["exit_n"], hour["occupied_s"]) for hour in hours(tx, site.site_id)] == [
            (NOON, 1, 0, 600),
            (NOON + timedelta(hours=1), 0, 0, 3600),
            (NOON + timedelta(hours=2), 0, 1, 0),
        ]

    def test_keeps_what_was_unknown_apart(self, tx: Tx) -> None:
        site = a_site(tx)
        run = PastUnknown(site.site_id, uuid7(), NOON, NOON + timedelta(minutes=7))
        make_months(tx, [], [run])

        assert add(tx, stays=[], unknowns=[run]) == {}
        assert add(tx, stays=[], unknowns=[run]) == {}

        assert [(hour["occupied_s"], hour["unknown_s"]) for hour in hours(tx, site.site_id)] == [(0, 420)]

    def test_a_stay_without_length_is_counted_and_occupies_nothing(self, tx: Tx) -> None:
        site = a_site(tx)
        stay = a_stay(site.site_id, NOON, NOON)
        make_months(tx, [stay])

        assert len(add(tx, stays=[stay])) == 1

        assert [(hour["entry_n"], hour["exit_n"], hour["occupied_s"]) for hour in hours(tx, site.site_id)] == [(1, 1, 0)]

    def test_counts_by_city_day_and_leaves_doubtful_lengths_out(self, tx: Tx) -> None:
        site = a_site(tx)
        before_midnight = datetime(2026, 10, 31, 15, 30, tzinfo=UTC)
        stays = [a_stay(site.site_id, before_midnight, before_midnight + timedelta(hours=1), quality=quality) for quality in "AC"]
        make_months(tx, stays)

        add(tx, stays=stays)

        days = tx.rows(
            """select day::text as day, sum(entry_n)::int as entry_n, sum(exit_n)::int as exit_n, sum(stay_s)::int as stay_s,
                sum(stay_n)::int as stay_n
            from day_delta where site_id = %(id)s group by day order by day""",
            id=site.site_id,
        )
        assert [tuple(day.values()) for day in days] == [("2026-10-31", 2, 0, 0, 0), ("2026-11-01", 0, 2, 3600, 1)]

    def test_makes_the_vehicles_it_has_not_seen(self, tx: Tx) -> None:
        site = a_site(tx)
        stay = a_stay(site.site_id, NOON, NOON + timedelta(hours=1), plate="江AD12345")
        make_months(tx, [stay])

        add(tx, stays=[stay])

        vehicle = tx.row("select plate, plate_colour, energy from vehicle where vehicle_id = %(id)s", id=stay.vehicle_id)
        assert vehicle == {"plate": "江AD12345", "plate_colour": "green", "energy": "nev"}

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(start_ms=st.integers(0, 7_200_000), length_ms=st.integers(0, 100_000_000))
    def test_seconds_are_those_of_the_clock(self, tx: Tx, start_ms: int, length_ms: int) -> None:
        """The statement cuts like `periods.hours_of`, which shares nothing with it."""
        site = a_site(tx)
        started_at = NOON + timedelta(milliseconds=start_ms)
        stay = a_stay(site.site_id, started_at, started_at + timedelta(milliseconds=length_ms))
        make_months(tx, [stay])

        add(tx, stays=[stay])

        found = {hour["hour"]: hour["occupied_s"] for hour in hours(tx, site.site_id) if hour["occupied_s"]}
        assert found == {hour: seconds for hour, seconds in hours_of(stay.started_at, stay.ended_at) if seconds}
