"""The list of stays: what it tells of each, what it adds up to, and what it withholds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.insight import stays
from core.insight.stays import STAYS
from core.kit import clock
from core.kit.db import Database, Row, Tx
from core.kit.listing import Anchor, Asked, Condition, Is, Order
from tests.core.insight import facts

UNTIL = datetime(2026, 11, 20, 16, tzinfo=UTC)  # midnight in the city
TOTALS = ("receivable_fen", "discount_fen", "received_fen", "owed_fen", "prepaid_fen")
BY_HAND = (
    "select count(*)::int as n, sum(o.net_fen)::bigint as receivable_fen, sum(o.discount_fen)::bigint as discount_fen, "
    "sum(o.paid_fen)::bigint as received_fen, sum(greatest(o.net_fen - o.paid_fen, 0))::bigint as owed_fen, 0 as prepaid_fen "
    "from stay as s left join charge_order as o on s.site_id = o.site_id and s.stay_id = o.stay_id "
    "where s.ended_at >= %(from_at)s and s.ended_at < %(to_at)s"
)


@pytest.fixture(scope="module")
def city(database: Database) -> Database:
    """Return a database with the small city and three days of its past."""
    facts.fill(database, until=UNTIL, days=3)
    return database


@pytest.fixture
def tx(city: Database) -> Any:
    """Return a transaction on the city."""
    with city.transaction() as tx:
        yield tx


def given(tx: Tx, *, period: str = "all", sites: list[UUID] | None = None) -> dict[str, Any]:
    """Return the values of the list for somebody who sees some sites, or all."""
    seen = tx.value("select array_agg(site_id) from site") if sites is None else sites
    return {**stays.given(at=UNTIL, sites=seen), "period": period}


def left(first: date, last: date) -> tuple[Condition, ...]:
    """Ask for departures of some days."""
    from_at, to_at = clock.city_day(first)[0], clock.city_day(last)[1]
    return Condition("left_at", Is.AT_LEAST, from_at), Condition("left_at", Is.BELOW, to_at)


def by_hand(tx: Tx, first: date, last: date) -> Row:
    """Count and add up the same from the facts."""
    row = tx.row(BY_HAND, from_at=clock.city_day(first)[0], to_at=clock.city_day(last)[1])
    assert row is not None
    return row


class TestStays:
    def test_tells_of_every_stay_once(self, tx: Tx) -> None:
        found = {row["stay_id"] for first in range(0, 4_000, 500) for row in STAYS.rows(tx, Asked(first=first), **given(tx))}

        assert len(found) == tx.value("select least(count(*), 4000) from stay")

    def test_keeps_to_the_period_and_to_the_readers_sites(self, tx: Tx) -> None:
        one = [tx.value("select site_id from site where code = 'GL-03'")]
        week = STAYS.rows(tx, Asked(), **given(tx, period="week", sites=one))

        assert {row["site"] for row in week} == {"GL-03"}
        assert min(row["entered_at"] for row in week) >= clock.city_day(clock.city_date(UNTIL) - timedelta(days=6))[0]
        assert STAYS.count(tx, Asked(), **given(tx, sites=one)) > len(week)
        assert STAYS.measure(tx, Asked(), **given(tx, sites=[])).count == 0

    def test_finds_a_part_of_a_plate_at_one_site_by_amount(self, tx: Tx) -> None:
        plate = tx.value("select plate from stay join site using (site_id) where site.code = 'GL-03' and plate is not null limit 1")
        asked = Asked(
            orders=(Order("receivable_fen", is_falling=True),),
            conditions=(Condition("site", Is.EQUAL, "GL-03"), Condition("plate", Is.CONTAINS, plate[2:5])),
        )
        rows = STAYS.rows(tx, asked, **given(tx))

        assert plate in [row["plate"] for row in rows]
        amounts = [row["receivable_fen"] for row in rows if row["receivable_fen"] is not None]
        assert amounts == sorted(amounts, reverse=True)

    @pytest.mark.parametrize("period", ["week", "all"])
    @pytest.mark.parametrize("most", [0, 5, 2_000], ids=["too many vehicles", "too many stays", "few of both"])
    def test_finds_a_part_of_a_plate_as_if_it_read_every_row(
        self, tx: Tx, monkeypatch: pytest.MonkeyPatch, period: str, most: int
    ) -> None:
        monkeypatch.setattr(stays, "_VEHICLES_MOST", 2_000 if most else 0)
        monkeypatch.setattr(stays, "_STAYS_MOST", most)
        plate = tx.value("select plate from stay join site using (site_id) where site.code = 'GL-03' and plate is not null limit 1")
        conditions = (Condition("site", Is.IN, ["GL-03", "GL-04"]), Condition("plate", Is.CONTAINS, plate[2:5]))
        asked = Asked(most=10, orders=(Order("receivable_fen", is_falling=True),), conditions=conditions)
        values, slow = given(tx, period=period), replace(STAYS, narrow=None)

        rows = STAYS.rows(tx, asked, **values)

        assert plate in [row["plate"] for row in STAYS.rows(tx, Asked(conditions=conditions), **given(tx))]
        assert rows == slow.rows(tx, asked, **values)
        assert STAYS.measure(tx, asked, TOTALS, **values) == slow.measure(tx, asked, TOTALS, **values)
        assert STAYS.count_some_by(tx, "order_state", asked, **values) == slow.count_some_by(tx, "order_state", asked, **values)
        for place, row in enumerate(rows[:-1], start=1):
            beyond = replace(asked, first=place, after=Anchor(place, row["stay_id"]))
            assert STAYS.rows(tx, beyond, **values)[: len(rows) - place] == rows[place:]

    def test_finds_no_stay_of_a_plate_elsewhere(self, tx: Tx) -> None:
        one, other = (tx.value("select site_id from site where code = %(code)s", code=code) for code in ("GL-03", "GL-04"))
        plate = tx.value(
            "select v.plate from vehicle as v where exists(select from stay where vehicle_id = v.vehicle_id and site_id = %(one)s) "
            "and not exists(select from stay where vehicle_id = v.vehicle_id and site_id = %(other)s) order by v.plate limit 1",
            one=one, other=other,
        )  # fmt: skip
        asked = Asked(conditions=(Condition("plate", Is.CONTAINS, plate),))

        assert {row["plate"] for row in STAYS.rows(tx, asked, **given(tx, sites=[one]))} == {plate}
        assert STAYS.rows(tx, asked, **given(tx, sites=[other])) == []
        assert STAYS.measure(tx, asked, **given(tx, sites=[other])).count == 0

    def test_tells_money_and_states_as_the_claims_have_them(self, tx: Tx) -> None:
        for row in STAYS.rows(tx, Asked(most=300), **given(tx)):
            claim = tx.row("select * from charge_order where stay_id = %(id)s", id=row["stay_id"])
            if claim is None:
                assert (row["receivable_fen"], row["order_state"]) == (None, "none")
                continue
            assert row["owed_fen"] == max(0, claim["net_fen"] - claim["paid_fen"])
            assert (row["order_state"] in {"settled", "free"}) == (claim["paid_fen"] >= claim["net_fen"])
            assert row["order_no"] == str(claim["order_id"])[:13]


class TestMeasure:
    def test_of_whole_days_of_departures_is_exact_however_many_there_are(self, tx: Tx) -> None:
        last = clock.city_date(UNTIL) - timedelta(days=1)
        first = last - timedelta(days=100)
        expected = by_hand(tx, first, last)

        told = stays._rollup(tx, Asked(conditions=left(first, last)), TOTALS, given(tx))

        assert expected["n"] > 100
        assert told is not None
        assert {"n": told.count, **told.totals} == dict(expected)

    @pytest.mark.parametrize("period", ["today", "week", "month"])
    @pytest.mark.parametrize(
        "places", [(), (Condition("business", Is.EQUAL, "on_street"),), (Condition("site", Is.IN, ["GL-03"]),)]
    )
    def test_of_a_period_is_what_rows_one_by_one_add_up_to(self, tx: Tx, period: str, places: tuple[Condition, ...]) -> None:
        asked, values = Asked(conditions=places), given(tx, period=period)

        told = STAYS.measure(tx, asked, TOTALS, **values)

        assert (told.count > 0) == (period != "today")  # midnight has just passed
        assert told == replace(STAYS, quick=None, narrow=None).measure(tx, asked, TOTALS, **values)

    def test_of_very_many_is_about_what_the_figures_of_arrivals_say(self, tx: Tx, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stays, "COUNTED", 10)

        told = STAYS.measure(tx, Asked(), TOTALS, **given(tx))

        assert (told.is_exact, told.is_about) == (False, True)
        assert set(told.totals.values()) == {None}
        assert told.count == pytest.approx(tx.value("select count(*) from stay"), rel=0.02)

    def test_of_few_rows_is_counted_one_by_one(self, tx: Tx) -> None:
        last = clock.city_date(UNTIL) - timedelta(days=1)
        expected = by_hand(tx, last, last)

        told = STAYS.measure(tx, Asked(conditions=left(last, last)), TOTALS, **given(tx))

        assert told.is_exact
        assert {"n": told.count, **told.totals} == dict(expected)

    @pytest.mark.parametrize(
        "more",
        [
            (Condition("plate", Is.CONTAINS, "A1"),),
            (Condition("owed_fen", Is.AT_LEAST, 500),),
            (Condition("left_at", Is.AT_LEAST, UNTIL - timedelta(hours=3)),),
        ],
    )
    def test_asks_figures_nothing_they_do_not_know(self, tx: Tx, more: tuple[Condition, ...]) -> None:
        day = clock.city_date(UNTIL) - timedelta(days=2)

        assert stays._rollup(tx, Asked(conditions=(*left(day, day), *more)), TOTALS, given(tx)) is None

    def test_withholds_what_figures_without_facts_would_tell(self, tx: Tx) -> None:
        day = clock.city_date(UNTIL) - timedelta(days=2)
        tx.run("insert into rollup_opening (site_id, day, source) select site_id, %(day)s, 'test' from site limit 1", day=day)

        assert stays._rollup(tx, Asked(conditions=left(day, day)), TOTALS, given(tx)) is None
        tx.raw.rollback()


class TestGetSheet:
    def test_tells_how_a_claim_came_about(self, tx: Tx) -> None:
        row = next(row for row in STAYS.rows(tx, Asked(), **given(tx)) if row["received_fen"])

        sheet = stays.get_sheet(tx, row, sites=given(tx)["sites"], at=UNTIL)

        assert sum(payment["fen"] for payment in sheet.payments) >= row["received_fen"]
        assert sheet.owed_n == 0 or sheet.owed_fen > 0
