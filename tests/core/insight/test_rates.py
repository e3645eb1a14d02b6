"""Rates: shares held against targets, and what stands on figures without facts is said to."""

from datetime import UTC, date, datetime

import pytest

from core.insight import kpis, rates
from core.insight.rates import Reach
from core.kit.db import Tx
from core.settings import settings

AT = datetime(2026, 11, 20, 6, tzinfo=UTC)
FACTS, OPENING = date(2026, 10, 16), date(2024, 11, 20)


class TestReach:
    def test_covers_everything_where_nothing_is_missing(self) -> None:
        assert Reach(None, None).covers(date(2020, 1, 1))
        assert not Reach(None, None).is_opening(date(2020, 1, 1))

    def test_ends_where_facts_begin_and_nothing_was_brought_over(self) -> None:
        assert Reach(FACTS, None).covers(FACTS)
        assert not Reach(FACTS, None).covers(date(2026, 10, 15))

    def test_marks_days_before_the_facts(self) -> None:
        reach = Reach(FACTS, OPENING)

        assert reach.covers(OPENING)
        assert not reach.covers(date(2024, 11, 19))
        assert reach.is_opening(date(2026, 10, 15))
        assert not reach.is_opening(FACTS)
        assert not reach.is_opening(date(2024, 11, 19))


class TestRates:
    def test_know_nothing_of_an_empty_database(self, tx: Tx) -> None:
        rows = rates.rates(tx, at=AT, reach=Reach(FACTS, None), sensors=None)["rows"]

        assert {row["pct"] for row in rows} == {None}
        assert {row["kpi"]: row["n"] for row in rows if row["n"] is not None} == {
            "collection_rate": 0,
            "refusal_rate": 0,
            "cash_share": 0,
        }

    def test_are_held_against_the_operators_targets(self, tx: Tx, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BOSHU_KPI_TARGETS", '{"collection_rate": 95}')
        settings.cache_clear()
        try:
            rows = rates.rates(tx, at=AT, reach=Reach(None, None), sensors=(97, 100))["rows"]
        finally:
            monkeypatch.undo()
            settings.cache_clear()

        targets = {row["kpi"]: row["target_pct"] for row in rows}
        assert targets["collection_rate"] == 95
        assert targets["sensors_online"] == kpis.target_pct("sensors_online") == 98
        assert [(row["pct"], row["better"]) for row in rows if row["kpi"] == "sensors_online"] == [(97.0, "up")]
