"""Opening balances of the demo city: its own books agree, nothing pretends to be a fact, and comparisons say so."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from statistics import mean

import pytest

from core.insight import wall
from core.kit.clock import city_day, city_zone
from core.kit.db import Database, Tx
from core.upkeep import rebuild
from ingest.simulator import city, history, openings, places
from ingest.simulator.days import Calendar
from ingest.simulator.history import Past
from ingest.simulator.openings import SAMPLE, Openings

SEED, BERTHS, DAYS = 7, 120, 2
OPENING_DAYS = 130
BORN = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)
END = date(2026, 11, 18)
FIRST = END - timedelta(days=365)


@pytest.fixture(scope="module")
def figures() -> Openings:
    """Return a year of figures."""
    calendar = Calendar(places.layout(SEED, BERTHS), city_zone())
    after = datetime(2026, 5, 30, tzinfo=UTC)
    return Openings(calendar, openings.pattern(calendar, Past(calendar, after, 120)), FIRST, END)


def received(figures: Openings, day: date) -> int:
    """Return the fen received on a day."""
    return sum(row[13] for row in figures.days(day))  # type: ignore[misc]


class TestOpenings:
    DAYS = (FIRST, date(2026, 2, 12), date(2026, 7, 4), END - timedelta(days=1))

    @pytest.mark.parametrize("day", DAYS, ids=str)
    def test_add_up_by_hour_and_by_class_and_channel(self, figures: Openings, day: date) -> None:
        hours, days = list(figures.hours(day)), list(figures.days(day))

        by_site: Counter[tuple[object, str]] = Counter()
        for site, _hour, entry_n, exit_n, _occupied, _unknown, fen in hours:
            by_site.update({(site, "in"): entry_n, (site, "out"): exit_n, (site, "fen"): fen})
        for row in days:
            by_site.subtract({(row[0], "in"): row[6], (row[0], "out"): row[7], (row[0], "fen"): row[13]})

        assert len(hours) == 24 * len(figures.sites)
        assert {key: n for key, n in by_site.items() if n} == {}

    def test_bill_no_less_than_was_ever_paid(self, figures: Openings) -> None:
        due: Counter[date] = Counter()
        paid: Counter[date] = Counter()
        for back in range(1, 60):
            for _site, closed_on, _paid_on, _is_late, due_fen, _bills, received_fen, _payers in figures.collections(
                END - timedelta(days=back)
            ):
                due[closed_on] += due_fen  # type: ignore[index, operator]
                paid[closed_on] += received_fen  # type: ignore[index, operator]

        old = [END - timedelta(days=back) for back in range(30, 55)]
        assert all(0 < paid[day] < due[day] for day in old)
        assert 0.9 < sum(paid[day] for day in old) / sum(due[day] for day in old) < 1.0

    def test_know_no_occupancy_above_the_spaces(self, figures: Openings) -> None:
        most = {site.site_id: site.capacity * 3_600 for site in figures.sites}

        for day in self.DAYS:
            assert all(row[4] + row[5] <= most[row[0]] for row in figures.hours(day))  # type: ignore[operator, index]

    def test_are_the_same_every_time(self, figures: Openings) -> None:
        again = Openings(figures.calendar, figures.of, FIRST, END)

        assert list(again.days(END - timedelta(days=9))) == list(figures.days(END - timedelta(days=9)))

    def test_grow_and_follow_the_week(self, figures: Openings) -> None:
        """The weeks lie 52 weeks apart, so that weekday and season are the same."""
        late = [received(figures, END - timedelta(days=back)) for back in range(1, 15)]
        early = [received(figures, END - timedelta(days=back + 343)) for back in range(1, 15)]
        offices = [site.site_id for site in figures.sites if site.demand == "office"]

        def bills(day: date) -> int:
            return sum(row[10] for row in figures.days(day) if row[0] in offices)  # type: ignore[misc]

        assert 1.03 < mean(late) / mean(early) < 1.18
        assert bills(date(2026, 11, 14)) < 0.85 * bills(date(2026, 11, 12))

    def test_stand_on_days_like_any_other(self) -> None:
        assert [openings._kind(day) for day in SAMPLE] == [0, 1]


class TestMonthsBack:
    def test_hold_every_day_once_the_newest_first(self) -> None:
        months = list(openings.months_back(date(2025, 11, 18), date(2026, 2, 1)))

        assert months == [
            (date(2026, 1, 1), date(2026, 2, 1)),
            (date(2025, 12, 1), date(2026, 1, 1)),
            (date(2025, 11, 18), date(2025, 12, 1)),
        ]


@pytest.fixture(scope="module")
def loaded(database: Database) -> Database:
    """Return a database with two days of facts and some months of figures before them."""
    city.build(database, seed=SEED, berths=BERTHS, at=BORN, days=DAYS)
    history.load(database, seed=SEED, until=BORN, days=DAYS, opening_days=OPENING_DAYS)
    return database


class TestLoad:
    def test_marks_every_day_and_repeats_nothing(self, loaded: Database) -> None:
        counts = "select (select count(*) from rollup_opening) as marks, (select count(*) from day_rollup) as days"
        with loaded.transaction() as tx:
            before = tx.row(counts)
            first = tx.value("select min(day) from rollup_opening")
        history.load(loaded, seed=SEED, until=BORN, days=DAYS, opening_days=OPENING_DAYS)

        with loaded.transaction() as tx:
            assert tx.row(counts) == before
        assert before is not None
        assert before["marks"] == OPENING_DAYS * len(places.layout(SEED, BERTHS).sites)
        assert first == END - timedelta(days=OPENING_DAYS)

    def test_leaves_months_that_equal_their_days(self, loaded: Database) -> None:
        sums = "sum(entry_n)::bigint as entry_n, sum(net_fen)::bigint as net_fen, sum(received_fen)::bigint as received_fen"
        with loaded.transaction() as tx:
            days = tx.rows(
                f"select date_trunc('month', day)::date as month, {sums} from day_rollup where origin = 'opening' group by 1"
            )
            months = tx.rows(f"select month, {sums} from month_rollup where origin = 'opening' group by 1")

        assert sorted(map(str, months)) == sorted(map(str, days))
        assert len(months) == 5

    def test_is_refused_by_a_rebuild(self, loaded: Database) -> None:
        with loaded.transaction() as tx:
            site_id = tx.value("select min(site_id::text)::uuid from rollup_opening")

            assert not rebuild.compare(tx, on=END - timedelta(days=3))
            with pytest.raises(rebuild.FiguresWithoutFacts):
                rebuild.mend(tx, on=END - timedelta(days=3), site_id=site_id)


class TestComparison:
    AT = datetime(2026, 11, 19, 3, 20, tzinfo=UTC)
    """Twenty past eleven; a week before there are figures only."""

    def test_reaches_into_the_openings_and_says_so(self, loaded: Database) -> None:
        with loaded.transaction() as tx:
            tiles = wall.snapshot(tx, at=self.AT, live=False)["tiles"]
            midnight = city_day(date(2026, 11, 12))[0]
            whole = self.hours(tx, midnight, midnight + timedelta(hours=11))
            last = self.hours(tx, midnight + timedelta(hours=11), midnight + timedelta(hours=12))

        assert tiles["received_today"]["baseline_opening"] is tiles["stays_today"]["baseline_opening"] is True
        assert abs(tiles["received_today"]["baseline_fen"] - (whole["fen"] + last["fen"] / 3)) <= 1
        assert abs(tiles["stays_today"]["baseline_n"] - (whole["n"] + last["n"] / 3)) <= 1

    def test_marks_rates_that_stand_on_them(self, loaded: Database) -> None:
        with loaded.transaction() as tx:
            rows = {row["kpi"]: row for row in wall.snapshot(tx, at=self.AT, live=False)["tiles"]["rates"]["rows"]}

        assert rows["recovery_rate"]["opening"] is rows["collection_rate"]["opening"] is True
        assert 85 < rows["collection_rate"]["pct"] < 100
        assert 10 < rows["recovery_rate"]["pct"] < 90

    def hours(self, tx: Tx, from_at: datetime, to_at: datetime) -> dict[str, int]:
        row = tx.row(
            "select sum(received_fen)::bigint as fen, sum(entry_n)::bigint as n from hour_rollup "
            "where hour >= %(from_at)s and hour < %(to_at)s",
            from_at=from_at, to_at=to_at,
        )  # fmt: skip
        assert row is not None
        return row
